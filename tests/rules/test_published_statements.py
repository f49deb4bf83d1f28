"""Statements that others published about structures, where they lie beside the checkout."""

from __future__ import annotations

import json
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from bench.cases import ACCEPTED
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from rules.decide import Book, decide

CASES = Path(__file__).parents[3] / "shared" / "cases" / "cases.jsonl"

# The provisions that are complete: every statement on them has to hold.
COMPLETE = (
    "UN-*", "US-CSA-I-e", "US-CSA-I", "US-CSA-III", "US-LIST-II", "GB-MDA-A-*", "GB-MDA-B-1a",
    "GB-MDA-B-1d", "CN-NPS-FENT", "CN-PSY-I", "CN-NARC", "CA-CDSA-I-14", "CA-CDSA-I-16",
    "CA-CDSA-V-*", "CA-CDSA-VI-1-*",
)  # fmt: skip


def _cases() -> list[dict[str, Any]]:
    if not CASES.exists():
        return []
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


def _wrong(book: Book, case: dict[str, Any], said: dict[str, Any]) -> str:
    mol = standardise(read_structure(case["smiles"]))
    on = date.fromisoformat(said["on"])
    decision = decide(mol, book, on=on, known_at="", text="", everything=True)
    found = next(f for f in decision.findings if f.provision == said["provision"])
    got = found.structure.value if said["aspect"] == "structure" else found.outcome.value
    holds = got in ACCEPTED[said["aspect"], said["expect"]]
    return "" if holds else f"{case['name']}: {said['provision']} {said['expect']}, got {got}"


@pytest.mark.skipif(not CASES.exists(), reason="no published cases beside the checkout")
def test_every_statement_on_a_complete_provision_holds(book: Book) -> None:
    asked = [
        (case, said)
        for case in _cases()
        for said in case["statements"]
        if any(fnmatchcase(said["provision"], glob) for glob in COMPLETE)
    ]
    assert len(asked) > 200
    assert [wrong for case, said in asked if (wrong := _wrong(book, case, said))] == []
