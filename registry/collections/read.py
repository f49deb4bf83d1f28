"""Files of structures, read as a stream of records: .smi, .csv, .sdf, each also .gz, and .parquet.

A record that is wrong in itself (a row with too many columns) is still a record: it carries its
fault, so that it keeps its place. A file that cannot be read on (cut short, no such column) stops.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TextIO, cast

from registry.chem.parse import Format, split_smiles_line
from registry.collections.optional import needed
from registry.errors import FileError, InputError

# Characters. What is left is still longer than the text gate lets pass.
LONGEST_LINE = 1 << 20


class FileKind(StrEnum):
    SMI = "smi"
    CSV = "csv"
    SDF = "sdf"
    PARQUET = "parquet"

    @property
    def written_as(self) -> Format:
        """How its structures are written."""
        return Format.MOLFILE if self is FileKind.SDF else Format.SMILES


class Record(NamedTuple):
    """One input: its id, its text, and where it stands. `fault` says why it is no input at all;
    `before` is what its answer may be held against."""

    id: str
    text: str
    line: int
    column: int = 1
    fault: str = ""
    before: str = ""


class UnreadableFile(FileError, InputError):
    """A file of inputs cannot be read on from a place that can be named."""

    code = "file-unreadable"


@dataclass(frozen=True)
class Columns:
    """Where a record's id and structure stand in the file."""

    id: str = "id"
    smiles: str = "smiles"
    id_tag: str = ""


def kind_of(path: str) -> FileKind | None:
    """The kind a file's name promises, or None. Parquet has its own compression."""
    name = path.lower()
    if name.endswith(f".{FileKind.PARQUET}"):
        return FileKind.PARQUET
    name = name.removesuffix(".gz")
    texts = (FileKind.SMI, FileKind.CSV, FileKind.SDF)
    return next((kind for kind in texts if name.endswith(f".{kind}")), None)


class Reading:
    """A file being read: iterate once for its records, in their order and one at a time."""

    def __init__(self, path: str, kind: FileKind, columns: Columns) -> None:
        self.path, self.kind, self.columns = path, kind, columns
        self._binary: BinaryIO | None = None
        self._size = 0
        self._done = 0.0

    @property
    def share(self) -> float | None:
        """How much of the file has been read, from 0 to 1; None for standard input."""
        if self._binary is None or self._binary.closed:
            return None if self.path == "-" else self._done
        return self._binary.tell() / self._size if self._size else 1.0

    def __iter__(self) -> Iterator[Record]:
        if self.kind is FileKind.PARQUET:
            yield from self._parquet()
            return
        with self._open_text() as stream:
            try:
                yield from _READERS[self.kind](stream, self.columns, self.path)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                message = f"the compressed file cannot be read on: {error}"
                raise UnreadableFile(message, self.path) from error
        self._done = 1.0

    @contextmanager
    def _open_text(self) -> Iterator[TextIO]:
        """A file, a .gz file or standard input (`-`); bytes that are not UTF-8 stay visible."""
        with ExitStack() as opened:
            binary: BinaryIO = sys.stdin.buffer
            if self.path != "-":
                binary = opened.enter_context(Path(self.path).open("rb"))
                self._binary, self._size = binary, Path(self.path).stat().st_size
            if self.path.lower().endswith(".gz"):
                binary = cast("BinaryIO", opened.enter_context(gzip.GzipFile(fileobj=binary)))
            yield opened.enter_context(
                io.TextIOWrapper(binary, "utf-8-sig", errors="backslashreplace", newline="")
            )

    def _parquet(self) -> Iterator[Record]:
        """Rows are counted from 1 and stand in for lines."""
        with _parquet_file(self.path) as file:
            names = list(file.schema_arrow.names)
            at_id, at_smiles = _places(names, self.columns, self.path)
            wanted = [name for name in names if name in {self.columns.id, self.columns.smiles}]
            number = 0
            for batch in file.iter_batches(batch_size=4096, columns=wanted):
                table = batch.to_pydict()
                ids = table[names[at_id]] if at_id is not None else [None] * batch.num_rows
                for key, smiles in zip(ids, table[names[at_smiles]], strict=True):
                    number += 1
                    yield Record(_text(key) or str(number), _text(smiles), number, at_smiles + 1)
                self._done = number / file.metadata.num_rows


def read_records(path: str, kind: FileKind, columns: Columns) -> Iterator[Record]:
    """The records of a file in their order, one at a time."""
    return iter(Reading(path, kind, columns))


@contextmanager
def _parquet_file(path: str) -> Iterator[Any]:
    arrow, parquet = needed("pyarrow"), needed("pyarrow.parquet")
    if path == "-":
        raise UnreadableFile("a Parquet file cannot be read from standard input")
    try:
        with parquet.ParquetFile(path) as file:
            yield file
    except arrow.ArrowException as error:
        reason = str(error).splitlines()[0]
        raise UnreadableFile(f"the Parquet file cannot be read: {reason}", path) from error


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _places(heading: list[str], columns: Columns, path: str) -> tuple[int | None, int]:
    """Where id and structure stand. Line numbers stand in for the usual id column where it is
    missing; not for one that was asked for by name."""
    numbered = columns.id == Columns.id and columns.id not in heading
    try:
        at_smiles = heading.index(columns.smiles)
        return None if numbered else heading.index(columns.id), at_smiles
    except ValueError as error:
        wanted = f"`{columns.smiles}` and `{columns.id}`"
        message = f"the heading `{', '.join(heading)}` lacks the columns {wanted}"
        raise UnreadableFile(message, path, 1) from error


def _lines(stream: TextIO) -> Iterator[tuple[int, str]]:
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith("\n"):
            rest = stream.readline(LONGEST_LINE)
        yield number, line.rstrip("\r\n")


def _smi(stream: TextIO, _columns: Columns, _path: str) -> Iterator[Record]:
    for number, line in _lines(stream):
        if not line.strip():
            continue
        smiles, name = split_smiles_line(line)
        column = len(line) - len(line.lstrip()) + 1
        yield Record(name or str(number), smiles, number, column)


def _csv(stream: TextIO, columns: Columns, path: str) -> Iterator[Record]:
    rows = csv.reader(stream, strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise UnreadableFile(f"the heading cannot be read: {error}", path, 1) from error
    at_id, at_smiles = _places(header, columns, path)
    while True:
        number = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            if "end of data" in str(error):
                raise UnreadableFile("a quote is never closed", path, number) from error
            yield Record(str(number), "", number, 1, f"the row cannot be read: {error}")
            continue
        if row is None:
            return
        if row:
            yield _row(row, number, len(header), at_id, at_smiles)


def _row(row: list[str], number: int, width: int, at_id: int | None, at_smiles: int) -> Record:
    def cell(at: int | None) -> str:
        return row[at].strip() if at is not None and at < len(row) else ""

    fault = f"{len(row)} columns where the heading has {width}" if len(row) != width else ""
    return Record(cell(at_id) or str(number), cell(at_smiles), number, at_smiles + 1, fault)


def _sdf(stream: TextIO, columns: Columns, _path: str) -> Iterator[Record]:
    record: list[str] = []
    size, first = 0, 1
    for number, line in _lines(stream):
        if line.startswith("$$$$"):
            yield _molfile(record, first, columns.id_tag)
            record, size, first = [], 0, number + 1
        elif size <= LONGEST_LINE:
            record.append(line)
            size += len(line) + 1
    if any(line.strip() for line in record):
        yield _molfile(record, first, columns.id_tag)


def _molfile(record: list[str], first: int, tag: str) -> Record:
    end = next((at for at, line in enumerate(record, 1) if line.startswith("M  END")), len(record))
    name = _tagged(record[end:], tag) if tag else "".join(record[:1]).strip()
    return Record(name or str(first), "\n".join(record[:end]) + "\n", first)


def _tagged(data: list[str], tag: str) -> str:
    """The first line of a data item: `> <TAG>` and the value below it."""
    following = pairwise(data)
    return next(
        (value.strip() for head, value in following if head[:1] == ">" and f"<{tag}>" in head), ""
    )


_READERS: dict[FileKind, Callable[[TextIO, Columns, str], Iterator[Record]]] = {
    FileKind.SMI: _smi,
    FileKind.CSV: _csv,
    FileKind.SDF: _sdf,
}
