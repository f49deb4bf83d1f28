"""How much a reasoned answer costs, as a multiple of merely reading the structure.

    python -m bench.classify --json [--file molecules.smi.gz] [--count 20000]

Ways are timed in turn on the same blocks of molecules in one process, so that a busy machine
slows all of them; the ratios mean something elsewhere, the times do not. See bench/README.md.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from statistics import median

from rdkit import Chem, rdBase
from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogEntry, SmartsMatcher

from bench.families import FAMILIES
from bench.register import seeded_book
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.errors import RegisterError
from rules.decide import Book, Scope, decide
from rules.sitting import EVERYTHING
from rules.versions import versions

MOLECULES = Path(__file__).with_name("molecules.smi")
ON = date(2026, 11, 1)
KNOWN = "2026-11-01T00:00:00Z"
BLOCK = 100

Way = Callable[[str], object]


def read_smiles(file: Path, count: int) -> list[str]:
    """The first structures of a .smi or .smi.gz file that the toolkit can read."""
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        smiles = (line.split()[0] for line in lines if line.strip())
        return list(islice((one for one in smiles if Chem.MolFromSmiles(one)), count))


def parse(smiles: str) -> object:
    return Chem.MolFromSmiles(smiles)


def naive_smarts() -> Way:
    """Read, then ask each family's pattern in turn."""
    patterns = [Chem.MolFromSmarts(smarts) for smarts in FAMILIES.values()]

    def way(smiles: str) -> object:
        molecule = Chem.MolFromSmiles(smiles)
        return [molecule.HasSubstructMatch(pattern) for pattern in patterns]

    return way


def filter_catalog() -> Way:
    """Read, then let the toolkit's own catalogue say whether any family matches."""
    catalog = FilterCatalog()
    for name, smarts in FAMILIES.items():
        catalog.AddEntry(FilterCatalogEntry(name, SmartsMatcher(name, smarts, 1)))
    return lambda smiles: catalog.HasMatch(Chem.MolFromSmiles(smiles))


def cores(book: Book) -> dict[str, str]:
    """Every core and fragment that the engine may look for, each once, as SMARTS."""
    found: dict[str, str] = dict(book.law.coverage.fragments)
    for key, rule in book.law.rules.items():
        for dated, reading in rule.readings.items():
            for number, probe in enumerate(reading.probes):
                found[f"{key} {dated} {number}"] = Chem.MolToSmarts(probe.pattern)
    return {smarts: name for name, smarts in found.items()}


def filter_catalog_same_cores(book: Book) -> Way:
    """Read, then let the toolkit's catalogue say which of the engine's own cores match.

    All of them, as the engine has to know: the catalogue's first match would answer nothing.
    """
    catalog = FilterCatalog()
    for smarts, name in cores(book).items():
        catalog.AddEntry(FilterCatalogEntry(name, SmartsMatcher(name, smarts, 1)))
    return lambda smiles: [
        entry.GetDescription() for entry in catalog.GetMatches(Chem.MolFromSmiles(smiles))
    ]


def engine(book: Book, scope: Scope) -> Way:
    """Gate, read, standardise, look up, ask every provision of the jurisdictions in scope, build
    the reasoned decision."""

    def way(smiles: str) -> object:
        standardised = standardise(read_structure(smiles))
        return decide(standardised, book, on=ON, known_at=KNOWN, text=smiles, scope=scope)

    return way


def accepted(smiles: Sequence[str], way: Way) -> list[str]:
    """Those the engine takes; a refusal is quick and would flatter it."""

    def takes(one: str) -> bool:
        try:
            way(one)
        except RegisterError:
            return False
        return True

    return [one for one in smiles if takes(one)]


def timed_round(ways: Mapping[str, Way], smiles: Sequence[str], turn: int) -> dict[str, int]:
    """Nanoseconds each way took over all molecules, block by block, order rotating."""
    spent = dict.fromkeys(ways, 0)
    names = list(ways)
    for number, block in enumerate(blocks(smiles)):
        shift = (number + turn) % len(names)
        for name in names[shift:] + names[:shift]:
            way = ways[name]
            begin = time.perf_counter_ns()
            for one in block:
                way(one)
            spent[name] += time.perf_counter_ns() - begin
    return spent


def blocks(smiles: Sequence[str]) -> Iterator[Sequence[str]]:
    return (smiles[start : start + BLOCK] for start in range(0, len(smiles), BLOCK))


def figures(rounds: Sequence[Mapping[str, int]], molecules: int) -> dict[str, dict[str, str]]:
    """Microseconds for one molecule: median of the rounds, and the spread."""

    def micro(nanoseconds: float) -> str:
        return str((Decimal(nanoseconds) / molecules / 1000).quantize(Decimal("0.1")))

    return {
        name: {
            "us_per_molecule": micro(median(one[name] for one in rounds)),
            "lowest": micro(min(one[name] for one in rounds)),
            "highest": micro(max(one[name] for one in rounds)),
        }
        for name in rounds[0]
    }


def ratio(rounds: Sequence[Mapping[str, int]], other: str) -> str:
    """The median, over rounds, of engine time over another way's time in the same round."""
    found = median(Decimal(one["engine"]) / Decimal(one[other]) for one in rounds)
    return str(found.quantize(Decimal("0.01")))


def machine() -> dict[str, str]:
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text(encoding="utf-8").splitlines() if cpu.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor(),
        "cores": str(len(models) or 1),
        "system": platform.platform(),
    }


def measure(file: Path, count: int, rounds: int, scope: Scope = EVERYTHING) -> dict[str, object]:
    """Everything the report says. Takes minutes for tens of thousands of molecules."""
    book = seeded_book()
    ways: dict[str, Way] = {
        "parse": parse,
        "naive_smarts": naive_smarts(),
        "filter_catalog": filter_catalog(),
        "filter_catalog_same_cores": filter_catalog_same_cores(book),
        "engine": engine(book, scope),
    }
    given = read_smiles(file, count)
    smiles = accepted(given, ways["engine"])
    timed = [timed_round(ways, smiles, turn) for turn in range(rounds)]
    others = ("parse", "filter_catalog_same_cores", "filter_catalog", "naive_smarts")
    return {
        "machine": machine(),
        "versions": {"python": platform.python_version(), **versions()},
        "molecules": {"file": file.name, "read": len(given), "timed": len(smiles)},
        "cores": len(cores(book)),
        "jurisdictions": list(scope.jurisdictions) or ["*"],
        "rounds": rounds,
        "figures": figures(timed, len(smiles)),
        "ratios": {f"engine_over_{other}": ratio(timed, other) for other in others},
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report, as JSON or as lines to read."""
    parser = argparse.ArgumentParser(prog="bench.classify", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    parser.add_argument("--file", type=Path, default=MOLECULES, help=".smi or .smi.gz")
    parser.add_argument("--count", type=int, default=20_000, help="read at most so many")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jurisdiction", nargs="*", default=[], help="codes; all without")
    asked = parser.parse_args(arguments)
    rdBase.DisableLog("rdApp.*")
    report = measure(asked.file, asked.count, asked.rounds, Scope(tuple(asked.jurisdiction)))
    if asked.json:
        json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        for name, value in dict(report["ratios"]).items():  # type: ignore[call-overload]
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
