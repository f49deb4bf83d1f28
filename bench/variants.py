"""The same substances written differently: does a verdict change, and may it?

`python -m bench.variants CASES.jsonl VARIANTS.jsonl [--on DATE]`. A spelling with the same InChIKey
may never change a verdict. A salt, a hydrate or an isotopologue may only where the provision says
so: then the finding names the clause (`salts`), and the change is listed.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from bench.register import seeded_book
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.errors import RegisterError
from rules.decide import Book, decide

Verdict = dict[str, tuple[str, str, tuple[str, ...]]]


def verdict(book: Book, text: str, on: date) -> Verdict:
    """Structure, outcome and clauses of every finding that is not plainly outside."""
    mol = standardise(read_structure(text))
    decision = decide(mol, book, on=on, known_at="", text=text)
    return {f.provision: (f.structure.value, f.outcome.value, f.clauses) for f in decision.findings}


def outcome(found: Verdict) -> dict[str, tuple[str, str]]:
    """The verdict without its clauses: a salt adds the clause that covers it."""
    return {provision: answer[:2] for provision, answer in found.items()}


def first_structure(text: str) -> str:
    """A line may carry a name behind the structure."""
    return text if "\n" in text.strip() else text.split(maxsplit=1)[0] if "|" not in text else text


def compare(
    book: Book, cases: dict[str, str], variant: dict[str, Any], on: date
) -> tuple[str, str]:
    """What became of one variant, and the provisions that changed."""
    text = variant["input"]
    if variant["format"] == "smiles":
        text = first_structure(text)
    try:
        got = verdict(book, text, on)
    except RegisterError as error:
        return "not judged", error.message
    base = verdict(book, cases[variant["case_id"]], on)
    if got == base:
        return "same", ""
    if outcome(got) == outcome(base):
        return "same outcome, closure clause added", ""
    changed = sorted(
        key for key in got.keys() | base.keys() if outcome(got).get(key) != outcome(base).get(key)
    )
    return "changed", "; ".join(f"{k}: {base.get(k)} → {got.get(k)}" for k in changed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("variants", type=Path)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 7, 1))
    arguments = parser.parse_args()
    book = seeded_book()
    rows = map(json.loads, arguments.cases.read_text("utf-8").splitlines())
    cases = {row["id"]: row["smiles"] for row in rows}
    table: Counter[tuple[str, str]] = Counter()
    for line in arguments.variants.read_text("utf-8").splitlines():
        variant = json.loads(line)
        result, detail = compare(book, cases, variant, arguments.on)
        table[variant["relation"], result] += 1
        if result in ("changed", "not judged"):
            print(
                f"{variant['case_id']} {variant['name']} · {variant['variant']}: {result}: {detail}"
            )
    print()
    for (relation, result), count in sorted(table.items()):
        print(f"{count:5} {relation:45} {result}")


if __name__ == "__main__":
    main()
