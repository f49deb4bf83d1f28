"""Cases, their substances and entries. Whoever writes opens the transaction and takes the case with
`hold`: on PostgreSQL the row is then locked, SQLite has one writer anyway."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from registry.errors import NotFound
from registry.facts import CaseEntryKind
from registry.models import CaseEntry, CaseFile, CaseSubject

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases; what is empty is not asked about. `raised`: raised for this country."""

    procedure: str = ""
    substance: str = ""
    raised: str = ""
    closed: bool | None = None


def get(session: Session, case: str) -> CaseFile:
    """By identifier. Raises NotFound."""
    found = session.get(CaseFile, case)
    if found is None:
        raise NotFound(f"there is no case `{case}`")
    return found


def hold(session: Session, case: str) -> CaseFile:
    """The case, so that nobody else adds to it before this transaction ends. Raises NotFound."""
    locked = select(CaseFile).where(CaseFile.id == case).with_for_update()
    found = session.scalars(locked).one_or_none()
    if found is None:
        raise NotFound(f"there is no case `{case}`")
    return found


def page(session: Session, wanted: Wanted, *, after: str = "", limit: int = 50) -> list[CaseFile]:
    """Cases in order of identifier."""
    statement = _wanted(wanted).where(CaseFile.id > after).order_by(CaseFile.id).limit(limit)
    return list(session.scalars(statement))


def all_of(session: Session, wanted: Wanted) -> list[CaseFile]:
    """Every case wanted, in order of identifier."""
    return list(session.scalars(_wanted(wanted).order_by(CaseFile.id)))


def entries(session: Session, cases: Collection[str]) -> dict[str, list[CaseEntry]]:
    """Every entry of each case, in the order of recording."""
    found: dict[str, list[CaseEntry]] = defaultdict(list)
    for part in _parts(cases):
        rows = select(CaseEntry).where(CaseEntry.case.in_(part))
        for row in session.scalars(rows.order_by(CaseEntry.case, CaseEntry.number)):
            found[row.case].append(row)
    return found


def subjects(session: Session, cases: Collection[str]) -> dict[str, list[CaseSubject]]:
    """The substances of each case, in their order."""
    found: dict[str, list[CaseSubject]] = defaultdict(list)
    for part in _parts(cases):
        rows = select(CaseSubject).where(CaseSubject.case.in_(part))
        for row in session.scalars(rows.order_by(CaseSubject.case, CaseSubject.number)):
            found[row.case].append(row)
    return found


def raised_for(session: Session, country: str) -> set[str]:
    """What cases were raised for already, as `raise_once` marks it."""
    marked = select(CaseFile.raised_for).where(CaseFile.raised_for.startswith(f"{country}:"))
    return set(session.scalars(marked))


def raise_once(session: Session, case: CaseFile) -> bool:
    """Put a raised case on record, unless one was raised for the same. Safe against another writer."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    columns = CaseFile.__mapper__.column_attrs.keys()
    row = {name: getattr(case, name) for name in columns}
    once = insert(CaseFile).values(**row).on_conflict_do_nothing().returning(CaseFile.id)
    return session.scalars(once).one_or_none() is not None


def _parts(keys: Collection[str]) -> Iterable[list[str]]:
    ordered = sorted(keys)
    return (ordered[place : place + CHUNK] for place in range(0, len(ordered), CHUNK))


def _wanted(wanted: Wanted) -> Select[CaseFile]:
    statement = select(CaseFile)
    if wanted.procedure:
        statement = statement.where(CaseFile.procedure == wanted.procedure)
    if wanted.raised:
        statement = statement.where(CaseFile.raised_for.startswith(f"{wanted.raised}:"))
    if wanted.substance:
        named = select(CaseSubject.case).where(CaseSubject.substance == wanted.substance)
        statement = statement.where(CaseFile.id.in_(named))
    if wanted.closed is not None:
        statement = statement.where(_closed() if wanted.closed else ~_closed())
    return statement


@cache
def _closed() -> ColumnElement[bool]:
    """A closing that nobody took back."""
    later = aliased(CaseEntry)
    taken_back = select(later.number).where(
        later.case == CaseEntry.case, later.corrects == CaseEntry.number
    )
    closing = select(CaseEntry.case).where(
        CaseEntry.kind == CaseEntryKind.CLOSE, ~taken_back.exists()
    )
    return CaseFile.id.in_(closing)
