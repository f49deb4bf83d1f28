"""How long a similarity search takes, beside FPSim2 on the same rows and queries.

    python -m bench.similarity --json --file molecules.smi.gz --count 100000 1000000

Both are asked in turn, query by query, in one process; the hits of both are compared, all of them.
See bench/README.md.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from rdkit import Chem, DataStructs, rdBase

from bench.classify import MOLECULES, machine, read_smiles
from registry.chem.fingerprint import MORGAN, packed
from registry.search import kernel
from registry.search.arena import Arena, ArenaWriter

Words = npt.NDArray[np.uint64]
Found = set[tuple[int, np.float32]]
THRESHOLDS = (0.7, 0.4)


class Way(NamedTuple):
    """`search` is what is timed; `found` puts its answer into a form that can be compared."""

    search: Callable[[Any, float], Any]
    found: Callable[[Any], Found]


def rows_of(real: Words, count: int, seed: int = 1) -> Words:
    """As many rows as asked: real ones, then halves of two real ones put together."""
    random, parts, left = np.random.default_rng(seed), [real[:count]], count - len(real)
    while left > 0:
        made = real[random.permutation(len(real))[:left]]
        made[:, 16:] = real[random.permutation(len(real))[: len(made)], 16:]
        parts.append(made)
        left -= len(made)
    return np.concatenate(parts)


def ours(rows: Words, folder: Path, threads: int) -> tuple[Way, dict[str, str]]:
    """An arena in a folder, memory-mapped."""
    begin = time.perf_counter()
    with ArenaWriter(folder, MORGAN) as writer:
        for start in range(0, len(rows), 100_000):
            writer.append(rows[start : start + 100_000])
    written = time.perf_counter() - begin
    arena = Arena.open(folder, MORGAN)
    size = sum(file.stat().st_size for file in folder.iterdir())
    way = Way(
        lambda query, at_least: arena.similar(query[0], at_least, threads=threads),
        lambda hits: set(zip(hits.rows.tolist(), hits.scores.astype(np.float32), strict=True)),
    )
    return way, _size(size, len(rows)) | {"seconds_to_make": f"{written:.1f}"}


def fpsim2(rows: Words, folder: Path, workers: int) -> tuple[Way, dict[str, str]]:
    """FPSim2's engine in memory, through its public interface."""
    import tables
    from FPSim2 import FPSim2Engine
    from FPSim2.io.backends.pytables import calc_popcnt_bins_pytables, create_schema

    sizes = np.bitwise_count(rows).sum(axis=1, dtype=np.int64)
    order, file = np.argsort(sizes, kind="stable"), folder / "fpsim2.h5"
    with tables.open_file(str(file), mode="w") as out:
        columns = create_schema(MORGAN.bits)
        table = out.create_table(out.root, "fps", columns, expectedrows=len(rows))
        for start in range(0, len(rows), 100_000):
            part = order[start : start + 100_000]
            block = np.column_stack(
                [part.astype(np.uint64), _turned(rows[part]), sizes[part].astype(np.uint64)]
            )
            table.append(np.ascontiguousarray(block, np.uint64).view(table.dtype).reshape(-1))
        table.flush()
        table.cols.popcnt.create_index(kind="full")
        config = out.create_vlarray(out.root, "config", atom=tables.ObjectAtom())
        for fact in ("Morgan", {"radius": MORGAN.radius, "fpSize": MORGAN.bits}):
            config.append(fact)
        config.append(rdBase.rdkitVersion)
        config.append(version("FPSim2"))
        config.append(calc_popcnt_bins_pytables(table, MORGAN.bits))
    engine = FPSim2Engine(str(file))
    file.unlink()
    way = Way(
        lambda query, at_least: engine.similarity(query[1], at_least, n_workers=workers),
        lambda hits: set(zip(hits["mol_id"].tolist(), hits["coeff"], strict=True)),
    )
    return way, _size(engine.fps.nbytes, len(rows))


def _turned(rows: Words) -> Words:
    """Words with their bits the other way round, as FPSim2 has them."""
    mirrored = np.packbits(np.unpackbits(np.arange(256, dtype=np.uint8)), bitorder="little")
    return mirrored[rows.byteswap().view(np.uint8)].view(np.uint64)


def _size(total: int, count: int) -> dict[str, str]:
    return {"mb_per_million": str(round(total / count))}


def queries_of(real: Words, count: int) -> list[tuple[Words, DataStructs.ExplicitBitVect]]:
    """Real rows from all over, each in the form either side takes."""
    chosen = real[np.random.default_rng(2).permutation(len(real))[:count]]
    return [(row, DataStructs.CreateFromBinaryText(row.tobytes())) for row in chosen]


def compare(ways: Mapping[str, Way], queries: Sequence[Any], at_least: float) -> int:
    """The number of hits of all queries. Raises SystemExit unless both found the same."""
    total = 0
    for query in queries:
        one, other = (way.found(way.search(query, at_least)) for way in ways.values())
        if one != other:
            raise SystemExit(f"different hits at {at_least}: {len(one)} and {len(other)}")
        total += len(one)
    return total


def timed_round(
    ways: Mapping[str, Way], queries: Sequence[Any], at_least: float, turn: int
) -> dict[str, float]:
    """Seconds each way took for all queries, in alternating order."""
    spent = dict.fromkeys(ways, 0.0)
    for number, query in enumerate(queries):
        for name in sorted(ways, reverse=bool((number + turn) % 2)):
            begin = time.perf_counter()
            ways[name].search(query, at_least)
            spent[name] += time.perf_counter() - begin
    return spent


def figures(rounds: Sequence[Mapping[str, float]], queries: int) -> dict[str, str]:
    """Milliseconds a query, the median of the rounds, and the median ratio within a round."""

    def text(value: float, places: str) -> str:
        return str(Decimal(value).quantize(Decimal(places)))

    shown = {
        f"{name}_ms": text(median(one[name] for one in rounds) * 1000 / queries, "0.001")
        for name in rounds[0]
    }
    ratio = median(one["fpsim2"] / one["ours"] for one in rounds)
    return shown | {"times_as_fast": text(ratio, "0.1")}


def measure(real: Words, count: int, asked: argparse.Namespace) -> dict[str, Any]:
    """What the report says of one number of rows."""
    rows, queries = rows_of(real, count), queries_of(real, asked.queries)
    report: dict[str, Any] = {"rows": count, "real": min(count, len(real))}
    with TemporaryDirectory(dir=asked.folder) as folder:
        for threads in asked.threads:
            one, our_size = ours(rows, Path(folder), threads)
            other, their_size = fpsim2(rows, Path(folder), threads)
            ways = {"fpsim2": other, "ours": one}
            report |= {"ours": our_size, "fpsim2": their_size}
            for at_least in THRESHOLDS:
                hits = compare(ways, queries, at_least)
                timed = [timed_round(ways, queries, at_least, n) for n in range(asked.rounds)]
                report[f"at {at_least}, {threads} threads"] = {
                    "hits": hits,
                    **figures(timed, len(queries)),
                }
    return report


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report as JSON."""
    parser = argparse.ArgumentParser(prog="bench.similarity", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object; else short lines")
    parser.add_argument("--file", type=Path, default=MOLECULES, help=".smi or .smi.gz")
    parser.add_argument("--real", type=int, default=100_000, help="read at most so many molecules")
    parser.add_argument("--count", type=int, nargs="+", default=[100_000], help="rows to search")
    parser.add_argument("--queries", type=int, default=25)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1])
    parser.add_argument("--folder", type=Path, help="where there is room for the files")
    asked = parser.parse_args(arguments)
    rdBase.DisableLog("rdApp.*")
    real = packed(Chem.MolFromSmiles(one) for one in read_smiles(asked.file, asked.real)).copy()
    report = {
        "machine": machine(),
        "versions": {"python": platform.python_version(), "rdkit": rdBase.rdkitVersion}
        | {name: version(name) for name in ("numpy", "numba", "FPSim2")},
        "compiled": kernel.compiled() is not None,
        "scheme": MORGAN.label,
        "molecules": {"file": asked.file.name, "read": len(real)},
        "measured": [measure(real, count, asked) for count in asked.count],
    }
    if asked.json:
        json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        for one in report["measured"]:  # type: ignore[attr-defined]
            print(one)


if __name__ == "__main__":
    main()
