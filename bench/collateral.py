"""Which medicines and ordinary chemicals the classes reach, provision by provision, as a page.

    python -m bench.collateral MEDICINES.csv INDUSTRIAL.csv > docs/collateral.md

The files have columns `name` and `smiles`. Individual names are left out: that a listed medicine is
listed is no surprise. What a lawyer has to say of a provision's hits stands in collateral.yaml.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.register import seeded_book
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.errors import RegisterError
from rules.decide import Book, decide
from rules.result import Finding, Outcome, Structure
from rules.strict_yaml import read

COMMENTS = Path(__file__).with_name("collateral.yaml")
SHOWN = 40
HEAD = """# Medicines and ordinary chemicals that classes reach

What the classes of each law reach among {count} licit medicines and ordinary chemicals, on {on}, by the
words of a clause and not by a name. *Met*: the definition is met and the provision governs. *Asked*: an
open question, an effect or a fact about the goods decides. *Elsewhere*: met, and another provision
governs. A hit is not an error: it is what the text says, and the comment says what follows from it.
Written by `python -m bench.collateral`; comments stand in
[bench/collateral.yaml](../bench/collateral.yaml). An empty cell means that nothing was reached.
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One substance under one class: how it stands, and by which clauses."""

    provision: str
    name: str
    column: str
    clauses: tuple[str, ...]


def hits(book: Book, files: Iterable[Path], on: date) -> Iterator[Hit]:
    """Every hit of a class among the structures of some files; what cannot be read is passed over."""
    for name, smiles in _rows(files):
        try:
            mol = standardise(read_structure(smiles))
        except RegisterError:
            continue
        for finding in decide(mol, book, on=on, known_at="", text=smiles).findings:
            column = _column(finding)
            if column and finding.kind == "class" and "named" not in finding.clauses:
                yield Hit(finding.provision, name, column, finding.clauses)


def _rows(files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["name"] or row.get("inchikey") or row["smiles"], row["smiles"]


def _column(finding: Finding) -> str:
    if finding.structure not in (Structure.MEETS, Structure.UNDETERMINED):
        return ""
    columns = {Outcome.INSIDE: "met", Outcome.UNDETERMINED: "asked", Outcome.DISPLACED: "elsewhere"}
    return columns.get(finding.outcome, "")


def page(book: Book, found: Iterable[Hit], count: int, on: date) -> Iterator[str]:
    """The page, line by line: one section for each jurisdiction, one row for each provision."""
    comments: dict[str, str] = read(COMMENTS).content
    table: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for hit in found:
        clauses = ", ".join(hit.clauses)
        table[hit.provision][hit.column][hit.name] = (
            f"{hit.name} ({clauses})" if clauses else hit.name
        )
    yield HEAD.format(count=count, on=on.isoformat())
    jurisdiction = ""
    for provision in sorted(table):
        rule = book.law.provisions[provision]
        if rule.jurisdiction != jurisdiction:
            jurisdiction = rule.jurisdiction
            yield f"## {book.law.coverage.jurisdictions[jurisdiction].name}\n"
            yield "| provision | met | asked | elsewhere | comment |"
            yield "|---|---|---|---|---|"
        columns = " | ".join(_cell(table[provision][c]) for c in ("met", "asked", "elsewhere"))
        yield f"| {provision} | {columns} | {comments.get(provision, '')} |"


def _cell(names: dict[str, str]) -> str:
    ordered = [names[name] for name in sorted(names, key=str.casefold)]
    more = f" and {len(ordered) - SHOWN} more" if len(ordered) > SHOWN else ""
    return f"{len(ordered)}: {'; '.join(ordered[:SHOWN])}{more}" if ordered else ""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.collateral", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 7, 1))
    asked = parser.parse_args()
    book = seeded_book()
    count = sum(1 for _ in _rows(asked.files))
    for line in page(book, hits(book, asked.files, asked.on), count, asked.on):
        print(line)


if __name__ == "__main__":
    main()
