"""A collection written out with our fields: lines of JSON, a table, an SD file, or Parquet."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from registry.chem.batch import Workers, ask_chunk, in_chunks
from registry.chem.identity import inchikey
from registry.chem.molfile import molfile
from registry.chem.parse import Format, read_structure
from registry.collections.optional import needed
from registry.collections.table import Row
from registry.errors import InputError, RegisterError

CHUNK = 500
BATCH = 4_096
MOLFILE = "molfile"

Line = dict[str, Any]


class ExportKind(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"
    SDF = "sdf"
    PARQUET = "parquet"


def export_kind(file: str) -> ExportKind | None:
    """The kind a file's name promises, or None. Parquet has its own compression."""
    name = file.lower()
    plain = name.removesuffix(".gz")
    kind = next((kind for kind in ExportKind if plain.endswith(f".{kind}")), None)
    return None if kind is ExportKind.PARQUET and plain != name else kind


def lines(
    rows: Iterable[Row], workers: Workers, *, inchikeys: bool = False, molfiles: bool = False
) -> Generator[Line]:
    """Our fields of each row. `problem` says what could not be computed, and is empty otherwise.

    `inchikey` and `molfile` are made in worker processes, where asked for.
    """
    if not (inchikeys or molfiles):
        yield from (_line(row) for row in rows)
        return
    with workers.pool(_dressed) as pool:
        ask = partial(ask_chunk, pool, _dressed, _stopped, workers.deadline)
        given = ((row, inchikeys, molfiles) for row in rows)
        with closing(in_chunks(given, ask, CHUNK, workers.number)) as chunks:
            for chunk in chunks:
                yield from chunk


def write(file: Path, kind: ExportKind, found: Iterable[Line]) -> Iterator[int]:
    """Write lines to a file that is there only once it is whole; gives how many are written."""
    draft = file.with_name(f".{file.name}.draft")
    try:
        yield from _WRITERS[kind](draft, file.suffix == ".gz", iter(found))
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _line(row: Row) -> Line:
    return {**row._asdict(), "problem": ""}


@contextmanager
def _text(draft: Path, packed: bool) -> Iterator[TextIO]:
    opener: Callable[..., Any] = gzip.open if packed else open
    with opener(draft, "wt", encoding="utf-8", newline="") as out:
        yield out


def _jsonl(draft: Path, packed: bool, found: Iterator[Line]) -> Iterator[int]:
    with _text(draft, packed) as out:
        for number, line in enumerate(found, 1):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            yield number


def _csv(draft: Path, packed: bool, found: Iterator[Line]) -> Iterator[int]:
    with _text(draft, packed) as out:
        writer = csv.writer(out, lineterminator="\n")
        for number, line in enumerate(found, 1):
            if number == 1:
                writer.writerow(line)
            writer.writerow(line.values())
            yield number


def _sdf(draft: Path, packed: bool, found: Iterator[Line]) -> Iterator[int]:
    with _text(draft, packed) as out:
        for number, line in enumerate(found, 1):
            title = _one_line(line["id"])
            out.write(f"{title}\n{line[MOLFILE].partition(chr(10))[2]}")
            for name, value in line.items():
                if name != MOLFILE and value not in ("", None):
                    out.write(f">  <{name}>\n{_one_line(value)}\n\n")
            out.write("$$$$\n")
            yield number


def _one_line(value: Any) -> str:
    """A data item ends at an empty line and a record at `$$$$`: neither may come from a value."""
    text = " ".join(str(value).split())
    return f" {text}" if text.startswith(("$$$$", ">")) else text


def _parquet(draft: Path, _packed: bool, found: Iterator[Line]) -> Iterator[int]:
    arrow, parquet = needed("pyarrow"), needed("pyarrow.parquet")
    writer, number = None, 0
    try:
        while batch := list(islice(found, BATCH)):
            table = arrow.Table.from_pylist(batch, schema=writer and writer.schema)
            writer = writer or parquet.ParquetWriter(draft, table.schema)
            writer.write_table(table)
            number += len(batch)
            yield number
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        parquet.write_table(arrow.table({name: [] for name in Row._fields}), draft)


_WRITERS: dict[ExportKind, Callable[[Path, bool, Iterator[Line]], Iterator[int]]] = {
    ExportKind.JSONL: _jsonl,
    ExportKind.CSV: _csv,
    ExportKind.SDF: _sdf,
    ExportKind.PARQUET: _parquet,
}


# What follows runs inside a worker process.

_EMPTY = "\n\n\n  0  0  0  0  0  0  0  0  0  0999 V2000\nM  END\n"


def _dressed(given: list[tuple[Row, bool, bool]]) -> list[Line]:
    return [_dress(*one) for one in given]


def _dress(row: Row, inchikeys: bool, molfiles: bool) -> Line:
    try:
        mol = read_structure(row.smiles, Format.SMILES, bounded=False)
    except InputError as error:
        return _stopped((row, inchikeys, molfiles), error)
    line = _line(row)
    if inchikeys:
        line["inchikey"] = inchikey(mol)
    if molfiles:
        line[MOLFILE] = molfile(mol)
    return line


def _stopped(given: tuple[Row, bool, bool], why: RegisterError) -> Line:
    row, inchikeys, molfiles = given
    line = {**_line(row), "problem": f"{why.code}: {why.message}"}
    return line | ({"inchikey": ""} if inchikeys else {}) | ({MOLFILE: _EMPTY} if molfiles else {})
