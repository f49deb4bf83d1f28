"""How long a file takes to become a collection, killed on the way, and what that costs over parsing.

    python -m bench.collection --file library.smi.gz [--kills 3] [--sample 5000] [--workers 2]

The import is `subreg collection import` in a process of its own, killed without warning at moments
drawn by chance and started again with the same command. Afterwards every line of the file must
stand exactly once among rows, repetitions and errors. Parsing and identifying a sample are timed in
turn in one process: their ratio means something elsewhere, the times do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from rdkit import rdBase

from bench.classify import accepted, figures, machine, parse, timed_round
from registry.chem.parse import Format
from registry.collections.collection import Collection
from registry.collections.identify import identify
from registry.collections.read import Columns, Record, kind_of, read_records
from registry.collections.table import FILE
from rules.versions import versions

NAME = "bench"
ROUNDS = 3
REPOSITORY = Path(__file__).resolve().parents[1]
QUERY = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"


def records(file: Path) -> Iterator[Record]:
    kind = kind_of(file.name)
    if kind is None:
        raise SystemExit(f"`{file.name}` is no .smi, .csv, .sdf or .parquet file")
    return read_records(str(file), kind, Columns())


def identified(smiles: str) -> object:
    return identify(smiles, Format.SMILES, bounded=False)


def over_parsing(smiles: Sequence[str]) -> dict[str, Any]:
    """What identifying costs as a multiple of parsing alone, block by block in turn."""
    ways = {"parse": parse, "identify": identified}
    timed = accepted(smiles, identified)
    rounds = [timed_round(ways, timed, turn) for turn in range(ROUNDS)]
    ratio = median(Decimal(one["identify"]) / Decimal(one["parse"]) for one in rounds)
    return {
        "molecules": len(timed),
        "figures": figures(rounds, len(timed)),
        "identify_over_parse": str(ratio.quantize(Decimal("0.01"))),
    }


def imported(file: Path, root: Path, workers: int, kills: Sequence[int]) -> dict[str, Any]:
    """Import, killed once at each of these numbers of records, then to the end."""
    seconds, peak, killed_at = 0.0, 0, []
    for at in [*kills, None]:
        begin = time.perf_counter()
        process = started(file, root, workers)
        peak = max(peak, watch(process, root, at))
        seconds += time.perf_counter() - begin
        if process.returncode != -9:
            break
        killed_at.append(position(root))
    if process.returncode not in (0, 6):
        raise SystemExit(f"the import ended with {process.returncode}")
    return {
        "seconds": f"{seconds:.1f}",
        "killed_at_records": killed_at,
        "peak_bytes_of_all_processes": peak,
    }


def started(file: Path, root: Path, workers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "api.cli.main", "collection", "import", str(file), NAME]
    command += ["--at", str(root), "--workers", str(workers)]
    return subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, start_new_session=True
    )


def watch(process: subprocess.Popen[bytes], root: Path, kill_at: int | None) -> int:
    """Wait for the end, or kill once so many records stand; the most memory seen, in bytes."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident(process.pid))
        if kill_at is not None and position(root) >= kill_at:
            time.sleep(random.random())  # noqa: S311 (any moment will do)
            process.kill()
            process.wait()
        else:
            time.sleep(0.25)
    return peak


def position(root: Path) -> int:
    """Records that stand in the collection now."""
    file = root / NAME / FILE
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            found: int = connection.execute("SELECT records FROM position").fetchone()[0]
            return found
    except sqlite3.OperationalError:
        return 0


def resident(session: int) -> int:
    """Bytes of memory that all processes of a session hold; shared pages count in each."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session:
                total += int(fields[21]) * os.sysconf("SC_PAGESIZE")
    return total


def account(file: Path, root: Path) -> dict[str, Any]:
    """Whether each record of the file stands exactly once, and where. Ends where one does not."""
    found = Collection.open(root, NAME)
    lines = [
        one.line for part in (found.rows(), found.duplicates(), found.errors()) for one in part
    ]
    given = [record.line for record in records(file)]
    if sorted(lines) != given:
        raise SystemExit(f"{len(given)} records read, {len(lines)} stand, not each of them once")
    return {
        "counts": found.counts,
        "lost_or_doubled": 0,
        "errors_by_code": found.table.errors_by_code(),
        "bytes_on_disk": sum(one.stat().st_size for one in found.folder.rglob("*")),
    }


def searched(root: Path) -> dict[str, str]:
    """Milliseconds of a search by likeness, structure already read: median of five."""
    found = Collection.open(root, NAME)
    asked = identify(QUERY)

    def spent(at_least: float, top: int | None) -> str:
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            found.similar(asked, at_least, top)
            times.append(time.perf_counter() - begin)
        return f"{median(times) * 1000:.1f}"

    return {"at_least_0.7_ms": spent(0.7, None), "top_10_ms": spent(0.0, 10)}


def measure(file: Path, kills: int, sample: int, workers: int) -> dict[str, Any]:
    """Everything the report says. Takes minutes for hundreds of thousands of records."""
    texts = [record.text for record in records(file)]
    step = max(len(texts) // sample, 1)
    moments = sorted(random.sample(range(len(texts) // 20, len(texts)), kills))
    with TemporaryDirectory(prefix="bench-collection-") as folder:
        root = Path(folder)
        before = over_parsing(texts[::step])
        run = imported(file, root, workers, moments)
        rate = len(texts) / float(run["seconds"])
        return {
            "machine": machine() | {"load": f"{os.getloadavg()[1]:.1f}"},
            "versions": {"python": platform.python_version(), **versions()},
            "file": {"name": file.name, "records": len(texts)},
            "workers": workers,
            "sample": before,
            "import": run | {"records_per_second": f"{rate:.0f}"} | account(file, root),
            "search": searched(root),
        }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report as JSON."""
    parser = argparse.ArgumentParser(prog="bench.collection", description=__doc__)
    parser.add_argument("--file", type=Path, required=True, help="structures, as for the import")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--sample", type=int, default=5_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(arguments)
    rdBase.DisableLog("rdApp.*")
    report = measure(asked.file.resolve(), asked.kills, asked.sample, asked.workers)
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
