"""Published cases, when the reference material lies beside the repository. It is never part of it."""

from __future__ import annotations

import base64
import contextlib
import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.chem.formats import Format
from registry.chem.identity import layers
from registry.chem.parse import read_structure, split_smiles_line
from registry.chem.relations import Relation, relate
from registry.chem.standardise import standardise
from registry.chem.worker import WorkerPool
from registry.errors import InputError, Overrun

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="no reference cases beside the checkout")

EXPECTED = {
    "same InChIKey": {Relation.SAME, Relation.TAUTOMER_OF},
    "same substance": {Relation.SAME},
    "salt of the case": {Relation.SALT_OF},
    "hydrate of the case": {Relation.HYDRATE_OF},
    "salt and hydrate of the case": {Relation.SALT_OF, Relation.HYDRATE_OF},
    "isotopologue of the case": {Relation.ISOTOPOLOGUE_OF},
    # Three of these are drawn as the case itself.
    "stereoisomer of the case": {Relation.STEREOISOMER_OF, Relation.SAME},
    "racemate / unspecified form of the case": {Relation.STEREO_UNSPECIFIED_FORM_OF},
    "charged form of the case": {Relation.CHARGED_FORM_OF},
    "tautomer of the case (RDKit enumeration)": {Relation.TAUTOMER_OF, Relation.SAME},
}


def _lines(name: str) -> Iterator[dict[str, str]]:
    path = CASES / name
    text = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    yield from map(json.loads, text.decode().splitlines())


def test_every_variant_relates_to_its_case_as_published():
    parents = {case["id"]: case["smiles"] for case in _lines("cases.jsonl")}
    wrong = []
    for variant in _lines("variants.jsonl"):
        text = variant["input"]
        if "name" in variant["variant"]:
            text, _ = split_smiles_line(text)
        mol = read_structure(text, Format(variant["format"]))
        found = relate(mol, standardise(read_structure(parents[variant["case_id"]])))
        if not set(found) <= EXPECTED[variant["relation"]]:
            wrong.append((variant["name"], variant["relation"], found))
    assert wrong == []


def _hostile() -> Iterator[tuple[str, str, Format]]:
    for line in _lines("hostile.jsonl.gz"):
        text = base64.b64decode(line["input_b64"]).decode("utf-8", "replace")
        yield line["id"], text, Format(line["format"])
    with (CASES / "hostile_issues.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["input_kind"] == "lit":
                yield row["id"], row["input"], Format.AUTO


def test_every_hostile_text_is_refused_answered_or_stopped_and_the_pool_lives_on():
    """Any exception but the two named fails, and so does an answer later than the deadline."""
    answered = 0
    with WorkerPool(size=2, deadline_seconds=3.0) as pool:
        for name, text, written_as in _hostile():
            # A refusal or a stop is what is hoped for; anything else that is raised is not.
            with contextlib.suppress(InputError, Overrun):
                whole = pool.call(standardise, pool.call(read_structure, text, written_as))
                assert all(pool.call(layers, part.mol).formula for part in whole.components), name
                answered += 1
        assert pool.call(len, "ok") == 2
    assert answered > 100
