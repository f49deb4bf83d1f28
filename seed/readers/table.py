"""One data file: rows of text cells, each of which knows its file, line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn

from registry.errors import SeedError
from registry.facts import Period

Corrections = Mapping[tuple[str, str, str], tuple[str, str]]
"""(file, key of the row, column) → (what the source says, what is read instead)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. Its first cell is the key by which corrections name it."""

    file: str
    line: int
    cells: Mapping[str, str]

    def refuse(self, column: str, message: str) -> NoReturn:
        place = list(self.cells).index(column) + 1 if column in self.cells else 0
        raise SeedError(f"{column}: {message}", self.file, self.line, place)

    def text(self, column: str) -> str:
        return self.cells[column]

    def filled(self, column: str) -> str:
        """Text that must not be missing."""
        return self.cells[column] or self.refuse(column, "is missing")

    def word(self, column: str, vocabulary: Collection[str]) -> str:
        """One word of a closed vocabulary."""
        found = self.cells[column]
        if found not in vocabulary:
            self.refuse(column, f"`{found}` is none of {', '.join(sorted(vocabulary))}")
        return found

    def known(self, column: str, keys: Collection[str]) -> str:
        """The key of something that stands in another file."""
        found = self.filled(column)
        return found if found in keys else self.refuse(column, f"nothing is called `{found}`")

    def day(self, column: str) -> date | None:
        found = self.cells[column]
        try:
            return date.fromisoformat(found) if found else None
        except ValueError:
            self.refuse(column, f"`{found}` is not a day; write YYYY-MM-DD")

    def number(self, column: str) -> Decimal:
        found = self.filled(column)
        try:
            return Decimal(found)
        except InvalidOperation:
            self.refuse(column, f"`{found}` is not a number")

    def count(self, column: str) -> int:
        found = self.filled(column)
        return int(found) if found.isdecimal() else self.refuse(column, f"`{found}` is not a count")

    def period(self) -> Period:
        """The columns `earliest`, `from` and `to`, in this order in time."""
        found = Period(self.day("earliest"), self.day("from"), self.day("to"))
        if found.earliest and found.start and found.earliest > found.start:
            self.refuse("from", f"`{found.start}` is before `{found.earliest}`, the earliest day")
        for begin in filter(None, (found.earliest, found.start)):
            if found.end is not None and found.end <= begin:
                self.refuse("to", f"`{found.end}` is not after `{begin}`")
        return found


def rows(
    path: Path,
    columns: Collection[str],
    corrections: Corrections,
    optional: Collection[str] = (),
) -> Iterator[Row]:
    """The rows of a file that has these columns, and perhaps some of the optional ones."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise SeedError("the file is missing", path.name) from None
    except UnicodeDecodeError as error:
        raise SeedError(f"byte {error.start} is not UTF-8", path.name) from None
    reader = csv.reader(io.StringIO(text), strict=True)
    header = next(reader, [])
    _check_header(path.name, header, columns, optional)
    seen: dict[str, int] = {}
    for cells in _records(reader, path.name):
        row = _row(path.name, reader.line_num, header, cells, corrections)
        _once(row, header[0], seen)
        yield row
    _all_used(path.name, seen, corrections)


def _records(reader: Iterator[list[str]], file: str) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise SeedError(str(error), file, getattr(reader, "line_num", 0)) from None


def _check_header(
    file: str, header: list[str], columns: Collection[str], optional: Collection[str]
) -> None:
    for column in columns:
        if column not in header:
            raise SeedError(f"column `{column}` is missing", file, 1)
    for place, column in enumerate(header, 1):
        if column not in (*columns, *optional) or header.index(column) + 1 != place:
            raise SeedError(f"column `{column}` is unknown or repeated", file, 1, place)


def _row(
    file: str, line: int, header: list[str], cells: list[str], corrections: Corrections
) -> Row:
    if len(cells) != len(header):
        short = min(len(cells), len(header)) + 1
        raise SeedError(f"{len(cells)} cells where {len(header)} are named", file, line, short)
    given = Row(file, line, dict(zip(header, cells, strict=True)))
    for column, cell in given.cells.items():
        if cell != cell.strip():
            given.refuse(column, f"white space around `{cell.strip()}`")
    return Row(file, line, {name: _corrected(given, name, corrections) for name in header})


def _corrected(given: Row, column: str, corrections: Corrections) -> str:
    key = next(iter(given.cells.values()))
    was, becomes = corrections.get((given.file, key, column), (None, ""))
    if was is None:
        return given.cells[column]
    if given.cells[column] != was:
        given.refuse(column, f"a correction expects `{was}` and finds `{given.cells[column]}`")
    return becomes


def _once(row: Row, first: str, seen: dict[str, int]) -> None:
    """A column called `key`, `id` or `code` names its row alone."""
    key = row.cells[first]
    if first in ("key", "id", "code") and key in seen:
        row.refuse(first, f"`{key}` stands in line {seen[key]} already")
    seen.setdefault(key, row.line)


def _all_used(file: str, seen: Mapping[str, int], corrections: Corrections) -> None:
    for where, key, column in corrections:
        if where == file and key not in seen:
            raise SeedError(f"a correction of `{column}` names `{key}`, which is not there", file)
