"""The fingerprints of a collection: kept flat while it is imported, then laid out for searching."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from io import BufferedRandom
from pathlib import Path

import numpy as np
import numpy.typing as npt

from registry.chem.batch import Workers, ask_chunk, in_chunks
from registry.chem.fingerprint import MORGAN, packed
from registry.chem.parse import Format, read_structure
from registry.collections.table import Row, Table
from registry.errors import Overrun, StaleIndex
from registry.search.arena import Arena, ArenaWriter

FOLDER = "arena"
FLAT = "fingerprints.part"
WIDTH = MORGAN.bits // 8
BLOCK = 1 << 16
CHUNK = 1_000

Words = npt.NDArray[np.uint64]


@contextmanager
def flat(folder: Path, rows: int) -> Iterator[BufferedRandom]:
    """The fingerprints of the first `rows` rows, to be appended to. What a killed process wrote
    behind them belongs to no row and is cut off."""
    path = folder / FLAT
    path.touch()
    with path.open("r+b") as file:
        if path.stat().st_size < rows * WIDTH:
            raise StaleIndex(f"`{FLAT}` is cut short: remove `{folder.name}` and import it again")
        file.truncate(rows * WIDTH)
        file.seek(0, os.SEEK_END)
        yield file


def append(file: BufferedRandom, fingerprints: Iterable[bytes]) -> None:
    """Write and wait for the disk: the rows they belong to are committed next."""
    file.write(b"".join(fingerprints))
    file.flush()
    os.fsync(file.fileno())


def lay_out(folder: Path, rows: int) -> None:
    """Make the arena from the flat fingerprints."""
    with (folder / FLAT).open("rb") as file, ArenaWriter(folder / FOLDER, MORGAN) as arena:
        for start in range(0, rows, BLOCK):
            wanted = min(BLOCK, rows - start)
            block = np.fromfile(file, "<u8", wanted * WIDTH // 8)
            arena.append(block.reshape(wanted, WIDTH // 8))


def rebuild(folder: Path, table: Table, workers: Workers) -> Generator[int]:
    """Make the arena again from the structures; gives the number of rows done so far.

    Raises Overrun for a structure that can no longer be read within its deadline.
    """
    done = 0
    with workers.pool() as pool, ArenaWriter(folder / FOLDER, MORGAN) as arena:
        ask = partial(ask_chunk, pool, _fingerprints, _stopped, workers.deadline)
        with closing(in_chunks(table.rows(), ask, CHUNK, workers.number)) as chunks:
            for prints in chunks:
                arena.append(np.frombuffer(b"".join(prints), "<u8").reshape(-1, WIDTH // 8))
                done += len(prints)
                yield done


def opened(folder: Path, rows: int) -> Arena:
    """The arena of a collection of so many rows. Raises StaleIndex for any other."""
    arena = Arena.open(folder / FOLDER, MORGAN)
    if len(arena) != rows:
        raise StaleIndex(
            f"the index of `{folder.name}` holds {len(arena)} rows of {rows}: make it again"
        )
    return arena


def words(fingerprint: bytes) -> Words:
    """One fingerprint as an arena wants it."""
    return np.frombuffer(fingerprint, "<u8")


# What follows runs inside a worker process.


def _fingerprints(rows: list[Row]) -> list[bytes]:
    return [_fingerprint(row) for row in rows]


def _fingerprint(row: Row) -> bytes:
    # The layers are canonical SMILES of what is active, so they are read as they stand.
    return packed([read_structure(row.stereo, Format.SMILES, bounded=False)]).tobytes()


def _stopped(row: Row, overrun: Overrun) -> bytes:
    raise Overrun(f"row {row.row} cannot be computed: {overrun.message}", overrun.reason)
