"""A collection: a user's structures, to be paged, searched and handed on."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from registry.chem.batch import Workers
from registry.chem.parse import Format
from registry.chem.worker import WorkerPool
from registry.collections import index
from registry.collections.html import pictures
from registry.collections.identify import Identified, identify
from registry.collections.manifest import (
    Incomplete,
    Manifest,
    Same,
    alone,
    folder_of,
    read_manifest,
)
from registry.collections.optional import needed
from registry.collections.search import Found, Hit, Scanned, containing
from registry.collections.table import Duplicate, Row, Table, Unread
from registry.errors import InputError
from registry.search.arena import Arena, Hits

SHOWN = 10


class Collection:
    """Opened with `Collection.open(root, name)`; threads may share it.

    Where a structure is asked for as text, it is read in a process of its own; a caller who has
    done that already passes what `identify` gave.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest, self.table = folder, manifest, Table(folder)

    @classmethod
    def open(cls, root: Path, name: str) -> Collection:
        """Raises NotFound, or StaleIndex for a collection of another make."""
        folder = folder_of(root, name)
        return cls(folder, read_manifest(folder))

    def __len__(self) -> int:
        return self.counts["structures"]

    def __repr__(self) -> str:
        return f"<collection {self.manifest.name}: {len(self)} structures>"

    @property
    def counts(self) -> dict[str, int]:
        """Records read, and what became of them."""
        known = dict(self.manifest.counts)
        return known if self.manifest.complete else self.table.position().counts()

    def rows(self, after: int = 0, limit: int = -1) -> Iterator[Row]:
        """Structures in the order of the source, after a row; -1 for all."""
        return self.table.rows(after, limit)

    def duplicates(self, after: int = 0, limit: int = -1) -> Iterator[Duplicate]:
        """Records that repeat an earlier row."""
        return self.table.duplicates(after, limit)

    def errors(self, after: int = 0, limit: int = -1) -> Iterator[Unread]:
        """Records that are no structure of the collection, and why."""
        return self.table.errors(after, limit)

    @cached_property
    def arena(self) -> Arena:
        """The fingerprints, memory-mapped. Raises StaleIndex where they must be made again."""
        return index.opened(self.folder, self.complete())

    def similar(
        self, structure: str | Identified, at_least: float = 0.7, top: int | None = None
    ) -> Found:
        """Rows by Tanimoto's likeness of their Morgan fingerprints, best first.

        All that score `at_least`, or of these the best `top`. A likeness has no legal meaning.
        """
        best = "" if top is None else f", the best {top}"
        hits = self.fetched(self.ranked(_identified(structure), at_least, top))
        return Found(hits, f"likeness of at least {at_least:g}{best}")

    def ranked(self, asked: Identified, at_least: float, top: int | None = None) -> Hits:
        """The hits of `similar` by number only, counted from 0, for `fetched`."""
        if not 0 <= at_least <= 1:
            raise InputError(f"a likeness is from 0 to 1, not {at_least:g}")
        query = index.words(asked.fingerprint)
        if top is None:
            return self.arena.similar(query, at_least)
        return self.arena.top(query, top, at_least)

    def fetched(self, hits: Hits, start: int = 0, stop: int | None = None) -> list[Hit]:
        """Some of the hits with their rows."""
        part = slice(start, stop)
        rows = self.table.numbered(int(row) + 1 for row in hits.rows[part])
        return [Hit(row, float(score)) for row, score in zip(rows, hits.scores[part], strict=True)]

    def exact(self, structure: str | Identified, layer: Same = Same.STEREO) -> Found:
        """Rows equal to a structure in a layer. Raises StaleIndex for layers of another make."""
        self.complete()
        self.manifest.require_layers()
        rows = self.table.exact(layer, _identified(structure))
        return Found(map(Hit, rows), f"equal by the layer {layer}")

    def substructure(self, part: str | Identified, workers: Workers = Workers()) -> Found:
        """Rows that contain a structure; every row is asked, see `scan` for progress.

        Raises InputError where rows could not be computed, since the answer would not be whole.
        """
        steps = list(self.scan(part, workers))
        if undetermined := [row.row for step in steps for row in step.undetermined]:
            raise InputError(f"rows {undetermined} could not be computed")
        return Found((Hit(row) for step in steps for row in step.hits), "contains the structure")

    def scan(
        self, part: str | Identified, workers: Workers = Workers(), after: int = 0
    ) -> Generator[Scanned]:
        """The same, chunk by chunk, with the rows that could not be computed."""
        self.complete()
        yield from containing(self.rows(after), _identified(part), workers)

    def build_index(self, workers: Workers = Workers()) -> Generator[int]:
        """Make the fingerprints again from the structures; gives the number of rows done."""
        self.complete()
        with alone(self.folder):
            yield from index.rebuild(self.folder, self.table, workers)
        self.__dict__.pop("arena", None)

    def to_pandas(self) -> Any:
        """All rows as a pandas DataFrame with the row number as its index."""
        pandas = needed("pandas")
        return pandas.DataFrame.from_records(list(self.rows()), "row", columns=list(Row._fields))

    def _repr_html_(self) -> str:
        counts = ", ".join(f"{number:,} {name}" for name, number in self.counts.items())
        state = "" if self.manifest.complete else " (import not at its end)"
        hint = f"the first {SHOWN} rows; go on with .rows(after={SHOWN}, limit={SHOWN})"
        table = pictures(list(self.rows(limit=SHOWN)), {})
        return f"<p><b>{escape(self.manifest.name)}</b>{state}: {counts}</p>{table}<p>{hint}</p>"

    def complete(self) -> int:
        """The number of rows. Raises Incomplete where the import has not come to its end."""
        if not self.manifest.complete:
            raise Incomplete(f"the import of `{self.manifest.name}` was not finished: run it again")
        return self.manifest.counts["structures"]


def _identified(structure: str | Identified) -> Identified:
    if isinstance(structure, Identified):
        return structure
    with WorkerPool(1) as pool:
        return pool.call(identify, structure, Format.AUTO)
