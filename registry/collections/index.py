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
from registry.chem.fingerprint import MORGAN
from registry.collections.identify import fingerprints
from registry.collections.table import Table
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


def append(file: BufferedRandom, prints: Iterable[bytes]) -> None:
    """Write and wait for the disk: the rows they belong to are committed next."""
    file.write(b"".join(prints))
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
    with workers.pool(fingerprints) as pool, ArenaWriter(folder / FOLDER, MORGAN) as arena:
        ask = partial(ask_chunk, pool, fingerprints, _stopped, workers.deadline)
        given = ((row.row, row.stereo) for row in table.rows())
        with closing(in_chunks(given, ask, CHUNK, workers.number)) as chunks:
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


def _stopped(given: tuple[int, str], overrun: Overrun) -> bytes:
    raise Overrun(f"row {given[0]} cannot be computed: {overrun.message}", overrun.reason)
