"""What a simulation of many drafts over a file costs, and that it repeats to the byte.

    python -m bench.simulate DRAFT.yaml … --file molecules.smi.gz --count 100000 --json

The same simulation is done twice, with one worker process and with several, in a register of the
run's own. The report has both hashes of the answer and the most memory all processes together
held; and for a sample, in one process, what a structure costs over reading and standardising it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import platform
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from rdkit import rdBase

from api.access.allow import Actor
from api.engine import Engine, open_engine
from api.settings import Settings
from api.simulating import Tally
from api.usecases.dates import Dates
from api.usecases.libraries import Member, of_file
from api.usecases.simulate import Asked, simulate
from api.weighed import Tried
from bench.classify import machine
from bench.register import RECORDED
from registry.chem.parse import read_structure
from registry.chem.standardise import Standardised, standardise
from registry.errors import RegisterError
from registry.models import Role
from registry.store.migrate import upgrade
from rules.versions import versions
from seed.load import load_into

ON = date(2026, 11, 1)
OPERATOR = Actor("bench", Role.OPERATOR)
SAMPLE, BLOCK = 2000, 100
PAUSE_SECONDS = 0.2


@contextmanager
def register() -> Iterator[Engine]:
    """A seeded register of the run's own, opened."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'register.sqlite')}"
        upgrade(url)
        load_into(url, lambda _: None, recorded_at=RECORDED)
        with open_engine(Settings(database_url=url, workers=1), RECORDED) as engine:
            yield engine


def cut(source: Path, count: int, target: Path) -> int:
    """The first records of a .smi file as a file of their own; how many there are."""
    opened = gzip.open if source.suffix == ".gz" else open
    with opened(source, "rt", encoding="utf-8") as lines, target.open("w") as kept:
        found = list(islice(lines, count))
        kept.writelines(found)
    return len(found)


def cost(plan: Tried, engine: Engine, file: Path, most: int) -> tuple[Decimal, Decimal]:
    """Microseconds of one processor for one structure: read and standardised; and weighed under
    every draft after that. Timed in turn on the same blocks, in this process."""
    judge = plan.open(None, engine.facts(RECORDED))
    rows = list(of_file(str(file)).rows())
    members = rows[:: max(1, len(rows) // most)][:most]
    reading = weighing = done = 0
    for start in range(0, len(members), BLOCK):
        begin = time.process_time_ns()
        block = list(_standardised(members[start : start + BLOCK]))
        between = time.process_time_ns()
        for member, standardised in block:
            judge.judge(member, standardised)
        end = time.process_time_ns()
        if start:  # the first block compiles what all others use
            reading, weighing = reading + between - begin, weighing + end - between
            done += len(block)
    each = max(1, done) * 1000
    return Decimal(reading) / each, Decimal(weighing) / each


def _standardised(members: Sequence[Member]) -> Iterator[tuple[Member, Standardised]]:
    for member in members:
        try:
            yield member, standardise(read_structure(member.smiles, bounded=False))
        except RegisterError:
            continue


class Memory:
    """The most memory this process and its children together held, bytes; shared pages count in
    each."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(PAUSE_SECONDS):
            self.peak = max(self.peak, sum(map(_resident, _family(os.getpid()))))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def once(
    engine: Engine, asked: Asked, file: Path, workers: int, tell: Callable[[Tally], None]
) -> dict[str, Any]:
    """One simulation, measured. `tell` is called as it comes along."""
    begin = time.monotonic()
    with Memory() as memory:
        done = simulate(
            engine,
            asked,
            OPERATOR,
            RECORDED,
            files=[of_file(str(file))],
            workers=workers,
            progress=tell,
        )
    seconds = time.monotonic() - begin
    text = json.dumps(done, ensure_ascii=False)
    return {
        "workers": workers,
        "seconds": str(Decimal(seconds).quantize(Decimal("0.1"))),
        "peak_memory_bytes": memory.peak,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "answer_bytes": len(text.encode()),
        "members": sum(one["members"] for one in done["libraries"]),
        "unreadable": sum(one["unreadable"] for one in done["libraries"]),
        "rows": len(done["rows"]),
        "rows_left_out": done["rows_left_out"],
        "newly_caught": {one["option"]: one["newly caught"] for one in done["effects"]},
        "not_judged": sum(one["not judged"] for one in done["effects"]),
    }


def progress(every: int) -> Callable[[Tally], None]:
    said = 0

    def tell(far: Tally) -> None:
        nonlocal said
        if far.members // every > said:
            said = far.members // every
            print(f"{far.members:,} asked, {far.told} touched", file=sys.stderr, flush=True)

    return tell


def measure(drafts: Sequence[Path], source: Path, count: int, workers: int) -> dict[str, Any]:
    """Everything the report says."""
    texts = tuple(draft.read_text(encoding="utf-8") for draft in drafts)
    asked = Asked(texts, (), ON)
    with TemporaryDirectory() as folder, register() as engine:
        file = Path(folder) / "molecules.smi"
        found = cut(source, count, file)
        known = Dates(ON, RECORDED)
        reading, weighing = cost(asked.plan(known), engine, file, SAMPLE)
        every = max(1, found // 10)
        runs = [once(engine, asked, file, n, progress(every)) for n in (workers, 1)]
    return {
        "machine": machine(),
        "versions": {"python": platform.python_version(), **versions()},
        "file": source.name,
        "structures": found,
        "drafts": len(texts),
        "same_bytes": len({run["sha256"] for run in runs}) == 1,
        "microseconds_to_read_and_standardise": str(reading.quantize(Decimal(1))),
        "microseconds_to_weigh": str(weighing.quantize(Decimal(1))),
        "whole_over_reading": str(((reading + weighing) / reading).quantize(Decimal("0.01"))),
        "runs": runs,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report; end with 1 where the two answers differ."""
    parser = argparse.ArgumentParser(prog="bench.simulate", description=__doc__)
    parser.add_argument("drafts", nargs="+", type=Path)
    parser.add_argument("--file", type=Path, required=True, help=".smi or .smi.gz")
    parser.add_argument("--count", type=int, default=100_000, help="read at most so many")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    asked = parser.parse_args(arguments)
    rdBase.DisableLog("rdApp.*")
    report = measure(asked.drafts, asked.file, asked.count, asked.workers)
    if asked.json:
        print(json.dumps(report, indent=2))
    else:
        for name in ("structures", "drafts", "same_bytes", "whole_over_reading"):
            print(f"{name}: {report[name]}")
    sys.exit(0 if report["same_bytes"] else 1)


if __name__ == "__main__":
    main()
