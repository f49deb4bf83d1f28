"""Fingerprints of a collection on disk, laid out so that a query reads only the bits it has.

The rows are sorted by their number of bits and stored in blocks, and within a block by column: the
first bit of every row, then the second bit of every row, and so on. A query with fifty bits of 2048
on reads fifty columns, one fortieth of the whole, and adds them up for 64 rows with each operation
(see `registry.search.kernel`). Nothing is estimated: every hit is found, with its exact count.

A similarity is evidence for an expert, never a legal answer.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from registry.chem.fingerprint import FingerprintScheme
from registry.errors import InputError, StaleIndex
from registry.search.kernel import BLOCK, Runs, scan, transposed
from registry.search.metric import Metric, Numbers, Scores, metric_of

FORMAT = 1
_HEADER = "arena.json"

Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows by their number in the order of writing, best first, equal scores by number."""

    rows: Numbers
    scores: Scores

    def __len__(self) -> int:
        return len(self.rows)


class Arena:
    """An arena of one scheme, memory-mapped. Threads may share it."""

    def __init__(self, header: dict[str, Any], columns: Words, rows: Numbers) -> None:
        self.bits: int = header["bits"]
        self.label: str = header["scheme"]
        self._columns, self._rows = columns, rows
        self._sizes = np.array([size for size, _ in header["sizes"]], np.int64)
        ends = np.cumsum([0, *(count for _, count in header["sizes"])])
        self._ends = ends.astype(np.int64)

    @classmethod
    def open(cls, folder: Path, scheme: FingerprintScheme) -> Arena:
        """The arena in a folder. Raises StaleIndex unless it was made by this very scheme."""
        header = _header(folder)
        here = {"format": FORMAT, "scheme": scheme.label, "byteorder": sys.byteorder}
        for key, wanted in here.items():
            if header.get(key) != wanted:
                raise StaleIndex(
                    f"the index in `{folder.name}` is of {key} `{header.get(key)}`, "
                    f"and `{wanted}` is needed: make it again"
                )
        return cls(
            header,
            _part(folder, header, "columns", np.uint64),
            _part(folder, header, "rows", np.int64),
        )

    def __len__(self) -> int:
        return len(self._rows)

    def similar(
        self,
        query: Words,
        at_least: float,
        metric: str = "tanimoto",
        *,
        alpha: float | None = None,
        beta: float | None = None,
        threads: int = 1,
    ) -> Hits:
        """Every row that scores `at_least` (0 to 1) or more against a query of shape (bits / 64,).

        More threads are worth their start only where rows are counted in millions.
        """
        if query.shape != (self.bits // 64,) or not 0 <= at_least <= 1:
            raise InputError(f"a query of {self.bits} bits and a score of 0 to 1 are needed")
        measure, on = metric_of(metric, alpha, beta), int(np.bitwise_count(query).sum())
        runs = self._runs(on, at_least, measure)
        if not len(runs.needed):
            return Hits(np.zeros(0, np.int64), np.zeros(0))
        found = scan(self._columns, self.bits, np.ascontiguousarray(query), runs, threads)
        return self._hits(on, measure, *found)

    def top(
        self,
        query: Words,
        k: int,
        at_least: float = 0.0,
        metric: str = "tanimoto",
        *,
        alpha: float | None = None,
        beta: float | None = None,
        threads: int = 1,
    ) -> Hits:
        """The best `k` of those that score `at_least`; of equal scores the earlier rows."""
        floor = 1.0
        while True:
            floor = max(floor - 0.1, at_least)
            hits = self.similar(query, floor, metric, alpha=alpha, beta=beta, threads=threads)
            if len(hits) >= k or floor == at_least:
                return Hits(hits.rows[:k], hits.scores[:k])

    def similar_many(
        self, queries: Words, at_least: float, metric: str = "tanimoto", *, threads: int = 1
    ) -> list[Hits]:
        """`similar` for each of several queries, shape (m, bits / 64), shared among threads."""
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda query: self.similar(query, at_least, metric), queries))

    def _runs(self, on: int, at_least: float, measure: Metric) -> Runs:
        """The stretches of rows that can be hits, each of one size, and what they must share."""
        needed = measure.needed(on, self._sizes, at_least)
        possible = np.flatnonzero(needed <= np.minimum(on, self._sizes))
        if not len(possible):
            return Runs(np.zeros(1, np.int64), np.zeros(0, np.int64))
        first, last = possible[0], possible[-1] + 1
        return Runs(self._ends[first : last + 1], needed[first:last])

    def _hits(self, on: int, measure: Metric, places: Numbers, shared: Numbers) -> Hits:
        sizes = self._sizes[np.searchsorted(self._ends, places, side="right") - 1]
        scores, rows = measure.score(shared, on, sizes), self._rows[places]
        order = np.lexsort((rows, -scores))
        return Hits(rows[order], scores[order])


class ArenaWriter:
    """Writes an arena into a folder; what was there is replaced at `close`, in one step.

    Memory stays small: rows are spilled to disk as they come and sorted by reference.
    """

    def __init__(self, folder: Path, scheme: FingerprintScheme) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._scheme = folder, scheme
        self._token = secrets.token_hex(4)
        self._spilled = folder / f"spill-{self._token}.draft"
        self._spill = self._spilled.open("wb")
        self._sizes: list[npt.NDArray[np.uint16]] = []

    def append(self, fingerprints: Words) -> None:
        """Rows of shape (n, bits / 64), numbered on from those before."""
        if fingerprints.ndim != 2 or fingerprints.shape[1] * 64 != self._scheme.bits:
            raise InputError(f"rows of {self._scheme.bits} bits are needed")
        rows = np.ascontiguousarray(fingerprints, np.uint64)
        self._sizes.append(np.bitwise_count(rows).sum(axis=1, dtype=np.uint16))
        self._spill.write(rows.data)

    def close(self) -> None:
        """Sort, write the parts beside, then put the new header in place of the old."""
        self._spill.close()
        sizes = np.concatenate(self._sizes or [np.zeros(0, np.uint16)])
        order = np.argsort(sizes, kind="stable").astype(np.int64)
        parts = {
            "columns": self._write("columns", self._blocks(order)),
            "rows": self._write("rows", [order]),
        }
        found, counts = np.unique(sizes, return_counts=True)
        header = {
            "format": FORMAT,
            "scheme": self._scheme.label,
            "bits": self._scheme.bits,
            "count": len(order),
            "byteorder": sys.byteorder,
            "sizes": [[int(size), int(n)] for size, n in zip(found, counts, strict=True)],
            "parts": parts,
        }
        draft = self._folder / f"arena-{self._token}.draft"
        draft.write_text(json.dumps(header, indent=1), encoding="utf-8")
        draft.replace(self._folder / _HEADER)
        self._clear(keep={part["file"] for part in parts.values()})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._spill.close()
            self._spilled.unlink()

    def _blocks(self, order: Numbers) -> Iterator[Words]:
        if not len(order):
            return
        words = self._scheme.bits // 64
        spilled = np.memmap(self._spilled, np.uint64, "r").reshape(-1, words)
        for start in range(0, len(order), BLOCK):
            yield transposed(spilled[order[start : start + BLOCK]])

    def _write(self, name: str, arrays: Iterator[Any] | Sequence[Any]) -> dict[str, Any]:
        file, digest, size = f"{name}-{self._token}.bin", hashlib.blake2b(digest_size=16), 0
        with (self._folder / file).open("wb") as out:
            for array in arrays:
                data = np.ascontiguousarray(array).data.cast("B")
                out.write(data)
                digest.update(data)
                size += len(data)
        return {"file": file, "bytes": size, "blake2b": digest.hexdigest()}

    def _clear(self, keep: set[str]) -> None:
        """Parts of an arena that nobody opens any more; one open now keeps its mapping."""
        for pattern in ("columns-*.bin", "rows-*.bin", "*.draft"):
            for file in self._folder.glob(pattern):
                if file.name not in keep:
                    file.unlink()


def verify(folder: Path) -> None:
    """Read every byte and compare with the checksums. Raises StaleIndex."""
    for part in _header(folder)["parts"].values():
        with (folder / part["file"]).open("rb") as data:
            found = hashlib.file_digest(data, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
        if found != part["blake2b"]:
            raise StaleIndex(f"`{part['file']}` is damaged: make the index again")


def _header(folder: Path) -> dict[str, Any]:
    try:
        header: dict[str, Any] = json.loads((folder / _HEADER).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StaleIndex(f"`{folder.name}` holds no index that can be read: make it") from error
    return header


def _part(folder: Path, header: dict[str, Any], name: str, dtype: type) -> Any:
    part = header["parts"][name]
    file = folder / part["file"]
    if not file.exists() or file.stat().st_size != part["bytes"]:
        raise StaleIndex(f"`{part['file']}` is missing or cut short: make the index again")
    return np.memmap(file, dtype, "r") if part["bytes"] else np.zeros(0, dtype)
