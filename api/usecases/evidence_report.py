"""A report to record as evidence, and what stands in the way: every fault, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from registry.errors import InputError
from registry.facts import EvidenceKind
from rules.evidence import faults as faults_of

LONGEST = {"source": 500, "key": 200, "name": 500, "href": 2000, "note": 2000, "substance": 500}


@dataclass(frozen=True, slots=True)
class New:
    """One report to record. `end` is the first day that no longer counts.

    `substance` is anything that names one of the register; without it `name` and `structure` say
    what is meant. `line` is where it was given, for messages.
    """

    source: str
    key: str
    kind: EvidenceKind
    start: date
    end: date
    substance: str = ""
    name: str = ""
    structure: str = ""
    country: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    href: str = ""
    note: str = ""
    line: int = 0


class Fault(NamedTuple):
    """`line` 0: of the whole. `column` counts from 1; 0: there is no such column."""

    line: int
    field: str
    message: str
    column: int = 0

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.line, self.column) if part)
        return ": ".join(part for part in (place, self.field, self.message) if part)


class EvidenceRefused(InputError):
    """Nothing was recorded. `faults` are all that were found."""

    code = "evidence-refused"

    def __init__(self, faults: Sequence[Fault], file: str = "") -> None:
        self.faults, self.file = tuple(faults), file
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        told = "; ".join(map(str, self.faults[:3]))
        more = "" if len(faults) <= 3 else "; …"
        where = f"`{file}`: " if file else ""
        super().__init__(f"{where}nothing was recorded, {count}: {told}{more}")


def check(reports: Sequence[New], today: date) -> None:
    """Raises EvidenceRefused with what can be seen to be wrong without looking anything up."""
    found = [fault for one in reports for fault in _of_one(one, today)]
    found += _repeated(reports)
    if not reports:
        found = [Fault(0, "", "there is no record")]
    if found:
        raise EvidenceRefused(sorted(found))


def _of_one(one: New, today: date) -> Iterator[Fault]:
    for field in ("source", "key"):
        if not getattr(one, field):
            yield Fault(one.line, field, "is missing")
    for field, longest in LONGEST.items():
        text: str = getattr(one, field)
        if len(text) > longest or not text.isprintable():
            yield Fault(one.line, field, f"is not up to {longest} printable characters")
    if one.href and not one.href.startswith(("https://", "http://")):
        yield Fault(one.line, "href", f"`{one.href}` is no web address")
    yield from _of_subject(one)
    period = (one.start, one.end)
    of_it = faults_of(one.kind, period, one.country, one.quantity, one.unit, today)
    yield from (Fault(one.line, field, message) for field, message in of_it)


def _of_subject(one: New) -> Iterator[Fault]:
    if one.substance and one.structure:
        yield Fault(one.line, "structure", "stands beside a substance of the register; give one")
    elif not one.substance and not one.structure:
        yield Fault(one.line, "substance", "is missing, and so is a structure")
    elif one.structure and not one.name:
        yield Fault(one.line, "name", "is missing; a structure needs one")


def _repeated(reports: Iterable[New]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for one in reports:
        first = seen.setdefault((one.source, one.key), one.line)
        if first != one.line and one.key:
            message = f"`{one.key}` of this source stands in line {first} already"
            yield Fault(one.line, "key", message)
