"""Ledgers of yearly figures: opened once, moved by entries, never over the limit by a grant.

The row of the ledger is held while an entry is written. The table refuses what a lock that was
forgotten would let through: an entry that does not follow from the one before, and a reservation
over the limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.errors import InputError, NotFound
from registry.models import EntryKind, Ledger, LedgerEntry, LedgerKind
from registry.models.ledger import SUMS

MOST = 9 * 10**18  # micrograms: what a column holds


class OverLimit(InputError):
    """A reservation that the figure of the year does not hold."""

    code = "over-limit"

    def __init__(self, message: str, ledger: str) -> None:
        super().__init__(message)
        self.ledger = ledger


class TooMuch(InputError):
    """A sum that no ledger can hold."""

    code = "mass-unusable"


class LedgerExists(InputError):
    """There is one ledger per country, substance, year, kind and holder."""

    code = "ledger-exists"


@dataclass(frozen=True, slots=True)
class Key:
    """Which figure: `keeper` keeps it, `country` is whose it is."""

    keeper: str
    country: str
    substance: str
    year: int
    kind: LedgerKind
    holder: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What an entry is about, and where its figure comes from."""

    authorisation: str | None = None
    line: int | None = None
    consignment: int | None = None
    quantity: Decimal | None = None
    unit: str = ""
    factor: Decimal | None = None
    factor_source: str = ""
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Changes of the three sums, in micrograms of anhydrous base."""

    kind: EntryKind
    limit: int = 0
    reserved: int = 0
    used: int = 0


@dataclass(frozen=True, slots=True)
class Whole:
    """The three sums, in micrograms."""

    limit: int = 0
    reserved: int = 0
    used: int = 0

    @property
    def headroom(self) -> int:
        return self.limit - self.reserved - self.used


@dataclass(frozen=True, slots=True)
class Held:
    """What a line of an authorisation has on a ledger, in micrograms."""

    ledger: str
    line: int
    reserved: int


def open_(session: Session, key: Key, *, actor: str, now: datetime) -> Ledger:
    """A ledger without entries. Raises LedgerExists, also where another is just opening it."""
    there = f"there is a ledger of {key.country} for `{key.substance}` in {key.year} already"
    if find(session, key) is not None:
        raise LedgerExists(there)
    columns = asdict(key) | {"kind": key.kind.value}
    row = Ledger(**columns, opened_by=actor, opened_at=now)
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise LedgerExists(there) from None
    return row


def find(session: Session, key: Key) -> Ledger | None:
    of_it = asdict(key) | {"kind": key.kind.value}
    return session.scalars(select(Ledger).filter_by(**of_it)).one_or_none()


def get(session: Session, ledger: str) -> Ledger:
    found = session.get(Ledger, ledger)
    if found is None:
        raise NotFound(f"there is no ledger `{ledger}`")
    return found


def lock(session: Session, ledgers: Iterable[str]) -> None:
    """Hold ledgers until this transaction ends, in one order, so that no two wait for each other."""
    rows = select(Ledger.id).where(Ledger.id.in_(sorted(set(ledgers)))).order_by(Ledger.id)
    session.execute(rows.with_for_update()).all()


def sums(session: Session, ledger: str) -> Whole:
    last = last_entry(session, ledger)
    return Whole() if last is None else _after(last)


def last_number(session: Session, ledger: str) -> int:
    """How many entries there are: what an act by hand says it has seen."""
    last = last_entry(session, ledger)
    return 0 if last is None else last.number


def last_entry(session: Session, ledger: str) -> LedgerEntry | None:
    rows = select(LedgerEntry).where(LedgerEntry.ledger == ledger)
    return session.scalars(rows.order_by(LedgerEntry.number.desc()).limit(1)).first()


def move(
    session: Session, ledger: str, move: Move, about: About, *, actor: str, now: datetime
) -> LedgerEntry:
    """Write one entry. Raises OverLimit where a reservation does not fit.

    Facts are booked whatever the limit says: what arrived, what was traded outside, a new limit.
    """
    lock(session, [ledger])
    last = last_entry(session, ledger)
    before = Whole() if last is None else _after(last)
    if move.kind is EntryKind.RESERVATION and move.reserved > before.headroom:
        raise OverLimit(
            f"{_grams(move.reserved)} g of base do not fit: {_grams(before.headroom)} g are left",
            ledger,
        )
    number = 1 if last is None else last.number + 1
    row = LedgerEntry(
        ledger=ledger,
        number=number,
        previous=number - 1 or None,
        kind=move.kind.value,
        actor=actor,
        at=now,
        **_columns(before, move),
        **asdict(about),
    )
    session.add(row)
    session.flush()
    return row


def held(session: Session, authorisation: str) -> list[Held]:
    """What is still reserved under an authorisation, by ledger and line."""
    entry = LedgerEntry
    total = func.sum(entry.reserved_change)
    rows = (
        select(entry.ledger, entry.line, total)
        .where(entry.authorisation == authorisation, entry.line.is_not(None))
        .group_by(entry.ledger, entry.line)
        .having(total > 0)
        .order_by(entry.ledger, entry.line)
    )
    return [
        Held(ledger, line, int(left))
        for ledger, line, left in session.execute(rows)
        if line is not None
    ]


def outside(session: Session, ledger: str) -> int:
    """What was entered by hand as trade outside this register, in micrograms."""
    total = select(func.sum(LedgerEntry.used_change)).where(
        LedgerEntry.ledger == ledger, LedgerEntry.kind == EntryKind.OUTSIDE.value
    )
    return int(session.scalar(total) or 0)


def drawn(session: Session, authorisation: str, consignment: int) -> list[LedgerEntry]:
    """The draw-downs of one consignment."""
    rows = select(LedgerEntry).where(
        LedgerEntry.authorisation == authorisation,
        LedgerEntry.consignment == consignment,
        LedgerEntry.kind == EntryKind.DRAWDOWN.value,
    )
    return list(session.scalars(rows.order_by(LedgerEntry.ledger, LedgerEntry.number)))


def entries(session: Session, ledger: str, *, after: int = 0, limit: int = 50) -> list[LedgerEntry]:
    """Entries in the order in which they were written."""
    rows = select(LedgerEntry).where(LedgerEntry.ledger == ledger, LedgerEntry.number > after)
    return list(session.scalars(rows.order_by(LedgerEntry.number).limit(limit)))


def page(
    session: Session, wanted: dict[str, Any], *, after: str = "", limit: int = 50
) -> list[Ledger]:
    """Ledgers in order of identifier; `wanted` names columns and their values."""
    rows = select(Ledger).filter_by(**wanted).where(Ledger.id > after)
    return list(session.scalars(rows.order_by(Ledger.id).limit(limit)))


def _after(row: LedgerEntry) -> Whole:
    return Whole(row.limit_after, row.reserved_after, row.used_after)


def _columns(before: Whole, move: Move) -> dict[str, int]:
    columns: dict[str, int] = {}
    for name in SUMS:
        was, change = getattr(before, name), getattr(move, name)
        if was + change > MOST:
            raise TooMuch(f"the ledger would hold more than {_grams(MOST)} g")
        columns |= {
            f"{name}_before": was,
            f"{name}_change": change,
            f"{name}_after": was + change,
        }
    return columns


def _grams(whole: int) -> str:
    return format((Decimal(whole) / 1_000_000).normalize(), "f")
