"""Evidence in a file of comma-separated values: every row read, or every fault told."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from api.usecases.evidence_report import EvidenceRefused, Fault, New
from registry.facts import EvidenceKind
from rules.evidence import day_after

NEEDED = ("key", "kind", "from", "source")
OPTIONAL = (
    "substance", "name", "structure", "country", "to", "quantity", "unit", "href", "note",
)  # fmt: skip
LONGEST_FILE = 50_000_000  # bytes


class _Wrong(Exception):
    """A cell that cannot be read."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


def read(data: bytes, file: str) -> tuple[New, ...]:
    """The reports of a file. Raises EvidenceRefused with each fault by line and column."""
    if len(data) > LONGEST_FILE:
        _refuse(file, 0, 0, f"is longer than {LONGEST_FILE} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(file, data.count(b"\n", 0, error.start) + 1, 0, f"byte {error.start} is not UTF-8")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _header(next(reader, []), file)
        rows = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        _refuse(file, reader.line_num, 0, str(error))
    reports, faults = _reports(header, rows)
    if faults:
        raise EvidenceRefused(faults, file)
    return reports


def placed(refused: EvidenceRefused, data: bytes, file: str) -> EvidenceRefused:
    """The same faults with the columns that they have in a file."""
    line = data.decode("utf-8-sig").splitlines()[0]
    header = next(csv.reader([line]))
    column = {name: place for place, name in enumerate(header, 1)}
    return EvidenceRefused(
        [fault._replace(column=column.get(fault.field, 0)) for fault in refused.faults], file
    )


def _header(header: Sequence[str], file: str) -> Sequence[str]:
    faults = [Fault(1, name, "this column is missing") for name in NEEDED if name not in header]
    for place, name in enumerate(header, 1):
        if name not in (*NEEDED, *OPTIONAL):
            faults.append(Fault(1, name, "this column is unknown", place))
        elif header.index(name) + 1 != place:
            faults.append(Fault(1, name, "this column is repeated", place))
    if faults:
        raise EvidenceRefused(faults, file)
    return header


def _reports(
    header: Sequence[str], rows: Sequence[tuple[int, list[str]]]
) -> tuple[tuple[New, ...], list[Fault]]:
    reports: list[New] = []
    faults: list[Fault] = []
    for line, cells in rows:
        if len(cells) != len(header):
            told = f"{len(cells)} cells where {len(header)} are named"
            faults.append(Fault(line, "", told, min(len(cells), len(header)) + 1))
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        wrong = list(_wrong(row))
        faults += [
            Fault(line, one.field, one.message, header.index(one.field) + 1) for one in wrong
        ]
        if not wrong:
            reports.append(report(row, line))
    return tuple(reports), faults


def _wrong(row: Mapping[str, str]) -> Iterator[_Wrong]:
    for read_cell in (_kind, _start, _end, _quantity):
        try:
            read_cell(row)
        except _Wrong as wrong:
            yield wrong


def report(row: Mapping[str, str], line: int) -> New:
    """One row of text cells as a report."""
    text = {name: row.get(name, "") for name in _TEXT}
    return New(
        kind=_kind(row),
        start=_start(row),
        end=_end(row) or day_after(_start(row)),
        quantity=_quantity(row),
        line=line,
        **text,
    )


_TEXT: Any = (
    "source", "key", "substance", "name", "structure", "country", "unit", "href", "note",
)  # fmt: skip


def _kind(row: Mapping[str, str]) -> EvidenceKind:
    try:
        return EvidenceKind(row["kind"])
    except ValueError:
        raise _Wrong("kind", f"`{row['kind']}` is none of {', '.join(EvidenceKind)}") from None


def _start(row: Mapping[str, str]) -> date:
    return _day("from", row["from"])


def _end(row: Mapping[str, str]) -> date | None:
    text = row.get("to", "")
    return _day("to", text) if text else None


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text if len(text) == len("2026-01-31") else "")
    except ValueError:
        raise _Wrong(field, f"`{text}` is not a day; write YYYY-MM-DD") from None


def _quantity(row: Mapping[str, str]) -> Decimal | None:
    text = row.get("quantity", "")
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise _Wrong("quantity", f"`{text}` is not a number") from None


def _refuse(file: str, line: int, column: int, message: str) -> NoReturn:
    raise EvidenceRefused([Fault(line, "", message, column)], file) from None
