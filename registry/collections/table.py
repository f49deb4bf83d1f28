"""The rows of a collection: one SQLite file, written in one transaction per chunk.

Rows are numbered from 1 in the order of the source. The position in the source is part of each
transaction, so a process killed at any moment has either all of a chunk or none of it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from registry.collections.identify import Answer, Fault, Identified
from registry.collections.manifest import Same
from registry.errors import DatabaseError

FILE = "collection.sqlite"

_SCHEMA = """
CREATE TABLE structures (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL, line INTEGER NOT NULL, smiles TEXT NOT NULL,
  formula TEXT NOT NULL, connectivity TEXT NOT NULL, stereo TEXT NOT NULL
) STRICT;
CREATE TABLE duplicates (
  number INTEGER PRIMARY KEY, line INTEGER NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL,
  smiles TEXT NOT NULL, row INTEGER NOT NULL
) STRICT;
CREATE TABLE errors (
  number INTEGER PRIMARY KEY, line INTEGER NOT NULL, "column" INTEGER NOT NULL, id TEXT NOT NULL,
  code TEXT NOT NULL, message TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE seen (key BLOB PRIMARY KEY, row INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE position (
  records INTEGER NOT NULL, structures INTEGER NOT NULL, duplicates INTEGER NOT NULL,
  errors INTEGER NOT NULL, ended INTEGER NOT NULL
) STRICT;
INSERT INTO position VALUES (0, 0, 0, 0, 0);
"""
_SORTED = """
CREATE INDEX IF NOT EXISTS by_connectivity ON structures (connectivity);
CREATE INDEX IF NOT EXISTS repeated ON duplicates (row);
"""


class Row(NamedTuple):
    """One structure of a collection. Layers and formula are of what is active in it."""

    row: int
    id: str
    line: int
    smiles: str
    formula: str
    connectivity: str
    stereo: str


class Duplicate(NamedTuple):
    """A record that repeats an earlier row by the layer the collection was made with."""

    number: int
    line: int
    id: str
    text: str
    smiles: str
    row: int


class Unread(NamedTuple):
    """A record that is not in the collection, and why."""

    number: int
    line: int
    column: int
    id: str
    code: str
    message: str
    text: str


class Position(NamedTuple):
    """How far a source has been read: `records` is the sum of the three after it."""

    records: int
    structures: int
    duplicates: int
    errors: int
    ended: int = 0

    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self._fields[:4]}


class Added(NamedTuple):
    """What a chunk brought: where the source stands now, and the fingerprints of the new rows."""

    position: Position
    fingerprints: list[bytes]


class Draft:
    """A collection being written; use `draft` to open one."""

    def __init__(self, connection: sqlite3.Connection, same: Same) -> None:
        self._connection, self._same = connection, same

    def position(self) -> Position:
        return Position._make(self._connection.execute("SELECT * FROM position").fetchone())

    @contextmanager
    def adding(self, chunk: Sequence[Answer]) -> Iterator[Added]:
        """A chunk and its position, committed where the block ends without an error."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            before = self.position()
            added = self._add(chunk, before)
            connection.execute(
                "UPDATE position SET records = ?, structures = ?, duplicates = ?, errors = ?",
                added.position[:4],
            )
            yield added
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def _add(self, chunk: Sequence[Answer], before: Position) -> Added:
        rows: list[tuple[Any, ...]] = []
        repeated: list[tuple[Any, ...]] = []
        faults: list[Fault] = []
        prints: list[bytes] = []
        for answer in chunk:
            if isinstance(answer, Fault):
                faults.append(answer)
                continue
            record, found = answer
            row = before.structures + len(rows) + 1
            first = self._first(self._same.of(found), row)
            if first == row:
                rows.append((row, record.id, record.line, *found[:4]))
                prints.append(found.fingerprint)
            else:
                repeated.append((record.line, record.id, record.text, found.smiles, first))
        many = self._connection.executemany
        many("INSERT INTO structures VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        many("INSERT INTO duplicates VALUES (NULL, ?, ?, ?, ?, ?)", repeated)
        many("INSERT INTO errors VALUES (NULL, ?, ?, ?, ?, ?, ?)", faults)
        return Added(
            Position(
                before.records + len(chunk),
                before.structures + len(rows),
                before.duplicates + len(repeated),
                before.errors + len(faults),
            ),
            prints,
        )

    def _first(self, layer: str, row: int) -> int:
        """The row that this layer was first seen in: `row` itself where it is new."""
        key = hashlib.blake2b(layer.encode(), digest_size=16).digest()
        new = self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row))
        if new.rowcount:
            return row
        found = self._connection.execute("SELECT row FROM seen WHERE key = ?", (key,)).fetchone()
        first: int = found[0]
        return first

    def end(self) -> None:
        """The source is at its end: what was only for importing goes, what is for asking comes."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        for statement in _SORTED.split(";"):
            connection.execute(statement)
        connection.execute("DELETE FROM seen")
        connection.execute("UPDATE position SET ended = 1")
        connection.commit()
        # One file, so that the collection can be read where nothing may be written. Whoever reads
        # at this moment may keep it from being so, which does no harm.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def draft(folder: Path, same: Same) -> Iterator[Draft]:
    """The table of a folder, made where it is missing, open for one writer."""
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")
        made = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if not made:
            connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
        yield Draft(connection, same)
    finally:
        connection.close()


class Table:
    """The rows of a collection, for reading. Each question opens the file for itself, so that
    threads may share a table."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def position(self) -> Position:
        [found] = self._ask("SELECT * FROM position")
        return Position._make(found)

    def rows(self, after: int = 0, limit: int = -1) -> Iterator[Row]:
        """Rows in order, after a row; -1 for all. The file stays open while they are read."""
        found = self._ask(
            "SELECT * FROM structures WHERE row > ? ORDER BY row LIMIT ?", after, limit
        )
        return map(Row._make, found)

    def numbered(self, numbers: Iterable[int]) -> list[Row]:
        """The rows of these numbers, in their order."""
        wanted = list(numbers)
        found: dict[int, Row] = {}
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            marks = ", ".join("?" * len(some))
            rows = self._ask(f"SELECT * FROM structures WHERE row IN ({marks})", *some)  # noqa: S608 (question marks only)
            found |= {row[0]: Row._make(row) for row in rows}
        return [found[number] for number in wanted]

    def exact(self, same: Same, asked: Identified) -> list[Row]:
        """Rows equal in a layer; all of them are equal in connectivity too."""
        found = self._ask(
            "SELECT * FROM structures WHERE connectivity = ? ORDER BY row", asked.connectivity
        )
        return [row for row in map(Row._make, found) if same.of(row) == same.of(asked)]

    def duplicates(self, after: int = 0, limit: int = -1) -> Iterator[Duplicate]:
        found = self._ask(
            "SELECT * FROM duplicates WHERE number > ? ORDER BY number LIMIT ?", after, limit
        )
        return map(Duplicate._make, found)

    def repeating(self, row: int) -> list[Duplicate]:
        """The records that repeat a row."""
        return list(map(Duplicate._make, self._ask("SELECT * FROM duplicates WHERE row = ?", row)))

    def errors(self, after: int = 0, limit: int = -1) -> Iterator[Unread]:
        found = self._ask(
            "SELECT * FROM errors WHERE number > ? ORDER BY number LIMIT ?", after, limit
        )
        return map(Unread._make, found)

    def errors_by_code(self) -> dict[str, int]:
        return dict(self._ask("SELECT code, count(*) FROM errors GROUP BY code ORDER BY code"))

    def _ask(self, question: str, *values: Any) -> Iterator[Any]:
        if not self._file.exists():
            raise DatabaseError(f"`{self._file.parent.name}` has lost its `{FILE}`")
        address = f"{self._file.absolute().as_uri()}?mode=ro"
        try:
            # An answer that is not read to its end may be closed by another thread.
            connection = sqlite3.connect(address, uri=True, check_same_thread=False)
            with closing(connection):
                yield from connection.execute(question, values)
        except sqlite3.DatabaseError as error:
            raise DatabaseError(f"`{FILE}` cannot be read: {error}") from error
