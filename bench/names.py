"""How often an official name finds its substance first, and in the first five.

`python -m bench.names NAMES.csv` reads rows of `inchikey, kind, lang, name`, asks the register that
ships with this project (or `--register`), and prints the shares by kind with every miss. A name
counts where the register holds a substance of its connectivity (the first block of the InChIKey):
the file gives some stereoisomers without their stereochemistry. The others are counted apart.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.errors import RegisterError
from registry.models import StructureRecord, SubstanceName
from registry.search.candidates import Asked
from registry.search.names import find
from registry.spelling import loose
from registry.store.clock import known
from registry.store.migrate import upgrade
from registry.store.session import make_engine, reading, session_factory
from seed.load import load

NOISE = "variant:"
FIRST = 5


@dataclass(frozen=True, slots=True)
class Answered:
    """One name of the file and what came of it. `place` counts from 1; 0: not among the answers."""

    kind: str
    name: str
    wanted: tuple[str, ...]
    place: int
    got: tuple[str, ...]
    error: str
    seconds: float
    on_record: bool

    @property
    def noise(self) -> bool:
        return self.kind.startswith(NOISE)


class Held:
    """Which substances of the register have a structure, by the first block of its InChIKey."""

    def __init__(self, session: Session, at: datetime) -> None:
        rows = session.execute(
            select(StructureRecord.inchikey, StructureRecord.substance).where(
                known(StructureRecord, at), StructureRecord.inchikey != ""
            )
        )
        self._owners: dict[str, set[str]] = defaultdict(set)
        for key, substance in rows:
            self._owners[key[:14]].add(substance)
        names = select(SubstanceName.substance, SubstanceName.loose).where(known(SubstanceName, at))
        self.names = {(substance, key) for substance, key in session.execute(names)}

    def owners(self, inchikey: str) -> set[str]:
        return self._owners.get(inchikey[:14], set())


@contextmanager
def register(url: str) -> Iterator[Session]:
    """A reading session on the register given, or on a fresh one that is seeded for this run."""
    with tempfile.TemporaryDirectory() as folder:
        address = url or f"sqlite:///{Path(folder, 'register.sqlite')}"
        if not url:
            upgrade(address)
        engine = make_engine(address)
        if not url:
            with session_factory(engine).begin() as session:
                load(session, recorded_at=datetime(2026, 1, 1, tzinfo=UTC))
        with reading(session_factory(engine)) as session:
            yield session
        engine.dispose()


def asked(
    session: Session, rows: Iterable[dict[str, str]], at: datetime
) -> tuple[list[Answered], Counter[str]]:
    """Each name whose substance is held, answered; and how many others there are of each kind."""
    held = Held(session, at)
    answered, absent = [], Counter[str]()
    for row in rows:
        owners = held.owners(row["inchikey"])
        kind = f"{row['kind']}, {row['lang']}"
        if not owners:
            absent[kind] += 1
            continue
        on_record = any((owner, loose(row["name"])) in held.names for owner in owners)
        answered.append(_answer(session, kind, row["name"], owners, on_record, at))
    return answered, absent


def _answer(
    session: Session, kind: str, name: str, owners: set[str], on_record: bool, at: datetime
) -> Answered:
    began, error = time.perf_counter(), ""
    try:
        got = [match.name.substance for match in find(session, name, Asked(at))]
    except RegisterError as refused:
        got, error = [], refused.message
    seconds = time.perf_counter() - began
    place = next((place for place, one in enumerate(got, 1) if one in owners), 0)
    wanted = tuple(sorted(owners))
    return Answered(kind, name, wanted, place, tuple(got[:FIRST]), error, seconds, on_record)


def shares(answered: list[Answered]) -> dict[str, dict[str, Any]]:
    """By kind of name: how many, how many on record, and the shares first and in the first five."""
    by_kind: dict[str, list[Answered]] = defaultdict(list)
    for one in answered:
        by_kind[one.kind].append(one)
        by_kind["all noise" if one.noise else "all official"].append(one)
        if one.on_record and not one.noise:
            by_kind["all official on record"].append(one)
    return {kind: _share(found) for kind, found in sorted(by_kind.items())}


def _share(found: list[Answered]) -> dict[str, Any]:
    first = sum(one.place == 1 for one in found)
    five = sum(1 <= one.place <= FIRST for one in found)
    return {
        "names": len(found),
        "on_record": sum(one.on_record for one in found),
        "first": f"{100 * first / len(found):.1f}",
        "first_five": f"{100 * five / len(found):.1f}",
    }


def report(answered: list[Answered], absent: Counter[str]) -> str:
    lines = [f"{'kind':52} names  record  first  five"]
    for kind, share in shares(answered).items():
        figures = f"{share['names']:6} {share['on_record']:7} {share['first']:>6} {share['first_five']:>6}"
        lines.append(f"{kind:52}{figures}")
    misses = [one for one in answered if one.place != 1]
    lines += ["", f"not first: {len(misses)}"]
    for one in misses:
        state = "on record" if one.on_record else "not a name on record"
        got = one.error or ", ".join(one.got) or "nothing"
        lines.append(
            f"  {one.kind} | {one.name} | wanted {', '.join(one.wanted)} | got {got} | {state}"
        )
    lines += ["", f"names of substances that the register does not hold: {absent.total()}"]
    lines += [f"  {number:4} {kind}" for kind, number in sorted(absent.items())]
    lines += ["", f"milliseconds a question, median: {_median(answered):.1f}"]
    return "\n".join(lines)


def _median(answered: list[Answered]) -> float:
    times = sorted(one.seconds for one in answered)
    return 1000 * times[len(times) // 2] if times else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", type=Path)
    parser.add_argument("--register", default="", help="address of a register; a fresh one if none")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rows = list(csv.DictReader(given.names.read_text("utf-8").splitlines()))
    with register(given.register) as session:
        answered, absent = asked(session, rows, datetime.now(UTC))
    if given.json:
        found = {"shares": shares(answered), "absent": absent, "milliseconds": _median(answered)}
        misses = [asdict(one) for one in answered if one.place != 1]
        json.dump({**found, "misses": misses}, sys.stdout, ensure_ascii=False, indent=2)
    else:
        print(report(answered, absent))


if __name__ == "__main__":
    main()
