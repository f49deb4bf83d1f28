"""Finding things in a collection. What is found is evidence for an expert, never a legal answer."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache, partial
from html import escape
from typing import Any, NamedTuple, overload

from registry.chem.batch import Workers, ask_chunk, in_chunks
from registry.chem.contains import contains, heavy_atoms, may_contain
from registry.chem.parse import Format, read_structure
from registry.chem.worker import WorkerPool
from registry.collections.html import pictures
from registry.collections.identify import Identified
from registry.collections.table import Row
from registry.errors import InputError, Overrun

CHUNK = 1_000
SHOWN = 10
CAVEAT = "likeness is evidence for an expert, never a legal answer"


class Hit(NamedTuple):
    """A row that was found; `score` is Tanimoto's, from 0 to 1, where likeness was asked."""

    row: Row
    score: float | None = None


class Found(Sequence[Hit]):
    """Hits, best first. In a notebook, a table with the structures drawn."""

    def __init__(self, hits: Iterable[Hit], asked: str) -> None:
        self._hits, self.asked = tuple(hits), asked

    def __len__(self) -> int:
        return len(self._hits)

    @overload
    def __getitem__(self, at: int) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> Found: ...
    def __getitem__(self, at: int | slice) -> Hit | Found:
        return Found(self._hits[at], self.asked) if isinstance(at, slice) else self._hits[at]

    def __repr__(self) -> str:
        return f"<{len(self)} found: {self.asked}>"

    def _repr_html_(self) -> str:
        shown = self._hits[:SHOWN]
        scores = ["" if hit.score is None else f"{hit.score:.3f}" for hit in shown]
        table = pictures([hit.row for hit in shown], {"likeness": scores})
        more = f"; the first {SHOWN} are shown, slice for others" if len(self) > SHOWN else ""
        said = f"{len(self)} found: {self.asked}{more}. {CAVEAT.capitalize()}."
        return f"<p>{escape(said)}</p>{table}"


class Scanned(NamedTuple):
    """Part of a search for a part: up to which row, the hits, and the rows that were stopped."""

    after: int
    hits: list[Row]
    undetermined: list[Row]


def containing(rows: Iterable[Row], part: Identified, workers: Workers) -> Generator[Scanned]:
    """Rows whose active structure contains the active one of `part`, chunk by chunk.

    A row that cannot be computed is `undetermined`, never left out in silence.
    """
    with workers.pool(_contain) as pool:
        asking = partial(ask, pool, workers.deadline, part)
        with closing(in_chunks(_possible(rows, part), asking, CHUNK, workers.number)) as chunks:
            for answers in chunks:
                yield scanned(answers)


def scanned(answers: Sequence[tuple[Row, bool | None]]) -> Scanned:
    """The answers of one chunk, sorted out."""
    hits = [row for row, found in answers if found]
    undetermined = [row for row, found in answers if found is None]
    return Scanned(answers[-1][0].row if answers else 0, hits, undetermined)


def ask(
    pool: WorkerPool, deadline: float, part: Identified, rows: list[Row]
) -> list[tuple[Row, bool | None]]:
    """Each row with whether it contains a part; None where that could not be computed."""
    given = [(part.stereo, row) for row in rows]
    return ask_chunk(pool, _contain, _stopped, deadline, given)


def _possible(rows: Iterable[Row], part: Identified) -> Iterator[Row]:
    needed = heavy_atoms(part.formula)
    return (row for row in rows if may_contain(row.formula, needed))


# What follows runs inside a worker process.


@lru_cache(maxsize=8)
def _part(smiles: str) -> Any:
    return read_structure(smiles, Format.SMILES)


def _contain(given: list[tuple[str, Row]]) -> list[tuple[Row, bool | None]]:
    return [(row, _contains(row, _part(part))) for part, row in given]


def _contains(row: Row, part: Any) -> bool | None:
    try:
        mol = read_structure(row.stereo, Format.SMILES, bounded=False)
    except InputError:
        return None
    return contains(mol, part)


def _stopped(given: tuple[str, Row], _overrun: Overrun) -> tuple[Row, bool | None]:
    return given[1], None
