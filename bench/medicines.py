"""Which licit medicines a class provision catches, clause by clause, for a lawyer to read.

`python -m bench.medicines MEDICINES.csv [--on DATE]` (columns `name` and `smiles`). Individual
listings are left out: that a listed medicine is listed is no surprise.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

from bench.register import seeded_book
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.errors import RegisterError
from rules.decide import Book, decide
from rules.result import Finding, Structure

HIT = {Structure.MEETS, Structure.UNDETERMINED}


def class_hits(book: Book, smiles: str, on: date) -> list[Finding]:
    """The findings of class provisions whose definition, not a name, is met or in question."""
    mol = standardise(read_structure(smiles))
    decision = decide(mol, book, on=on, known_at="", text=smiles)
    return [
        finding
        for finding in decision.findings
        if finding.kind == "class" and finding.structure in HIT and "named" not in finding.clauses
    ]


def describe(finding: Finding) -> str:
    """One line: the answer, the clauses in our words, and what governs instead."""
    clauses = "; ".join(
        f"{reason.clause}: {reason.text}" for reason in finding.reasons if reason.clause
    )
    instead = f" · governed by {', '.join(finding.displaced_by)}" if finding.displaced_by else ""
    return f"{finding.structure}, {finding.outcome}{instead}\n        {clauses}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("medicines", type=Path)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 7, 1))
    arguments = parser.parse_args()
    book = seeded_book()
    hits: dict[str, dict[str, str]] = defaultdict(dict)
    unread, count = [], 0
    with arguments.medicines.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            count += 1
            try:
                for finding in class_hits(book, row["smiles"], arguments.on):
                    hits[finding.provision].setdefault(row["name"], describe(finding))
            except RegisterError as error:
                unread.append(f"{row['name']}: {error.message}")
    for provision, found in sorted(hits.items()):
        title = book.law.provisions[provision].title["en"]
        print(f"\n{provision} {title}: {len(found)}")
        for name, line in sorted(found.items(), key=lambda pair: pair[0].casefold()):
            print(f"  {name}: {line}")
    print(
        f"\nmedicines: {count}, caught or in question: {len({n for f in hits.values() for n in f})}"
    )
    print(f"not judged: {len(unread)}", *unread, sep="\n  ")


if __name__ == "__main__":
    main()
