"""Files of structures, read as a stream of records: .smi, .csv and .sdf, each also as .gz.

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
from typing import BinaryIO, TextIO, cast

from api.screening import Record
from registry.chem.parse import split_smiles_line
from registry.errors import FileError, InputError

# Characters. What is left is still longer than the text gate lets pass.
LONGEST_LINE = 1 << 20


class FileKind(StrEnum):
    SMI = "smi"
    CSV = "csv"
    SDF = "sdf"


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
    """The kind a file's name promises, or None."""
    name = path.lower().removesuffix(".gz")
    return next((kind for kind in FileKind if name.endswith(f".{kind}")), None)


@contextmanager
def open_text(path: str) -> Iterator[TextIO]:
    """A file, a .gz file or standard input (`-`) as text; bytes that are not UTF-8 stay visible."""
    with ExitStack() as opened:
        binary: BinaryIO = sys.stdin.buffer
        if path != "-":
            binary = opened.enter_context(Path(path).open("rb"))
        if path.lower().endswith(".gz"):
            binary = cast("BinaryIO", opened.enter_context(gzip.GzipFile(fileobj=binary)))
        yield opened.enter_context(
            io.TextIOWrapper(binary, "utf-8-sig", errors="backslashreplace", newline="")
        )


def read_records(path: str, kind: FileKind, columns: Columns) -> Iterator[Record]:
    """The records of a file in their order, one at a time."""
    with open_text(path) as stream:
        try:
            yield from _READERS[kind](stream, columns, path)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFile(f"the compressed file cannot be read on: {error}", path) from error


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
    header: list[str] = []
    try:
        header = [name.strip() for name in next(rows, [])]
        at_smiles = header.index(columns.smiles)
        # Line numbers stand in for the usual id column; not for one that was asked for by name.
        numbered = columns.id == Columns.id and columns.id not in header
        at_id = None if numbered else header.index(columns.id)
    except (csv.Error, ValueError) as error:
        wanted = f"`{columns.smiles}` and `{columns.id}`"
        message = f"the heading `{', '.join(header)}` lacks the columns {wanted}"
        raise UnreadableFile(message, path, 1) from error
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
