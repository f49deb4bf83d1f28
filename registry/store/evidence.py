"""Records of evidence, as known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from registry.facts import Evidence, EvidenceKind
from registry.models import EvidenceRecord, Substance
from registry.store.clock import known

CHUNK = 500
OUTSIDE = "inchikey:"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records; what is empty is not asked about. `subject` as `subject_of` writes it;
    `inchikey`: that of its structure, under which records stand from before it was registered."""

    subject: str = ""
    inchikey: str = ""
    kind: str = ""
    country: str = ""
    source: str = ""


def page(
    session: Session, wanted: Wanted, known_at: datetime, *, after: int = 0, limit: int = 50
) -> list[EvidenceRecord]:
    """Records in the order in which they were recorded."""
    statement = select(EvidenceRecord).where(
        EvidenceRecord.id > after, known(EvidenceRecord, known_at), *_conditions(wanted)
    )
    return list(session.scalars(statement.order_by(EvidenceRecord.id).limit(limit)))


def all_known(session: Session, known_at: datetime, before: date) -> Iterator[EvidenceRecord]:
    """Every record of what may have happened before a day."""
    statement = select(EvidenceRecord).where(
        known(EvidenceRecord, known_at), EvidenceRecord.happened_from < before
    )
    ordered = statement.order_by(EvidenceRecord.id).execution_options(yield_per=1000)
    yield from session.scalars(ordered)


def standing(
    session: Session, source: str, keys: Collection[str]
) -> dict[tuple[str, str], EvidenceRecord]:
    """What is on record now under these keys of a source."""
    found: dict[tuple[str, str], EvidenceRecord] = {}
    wanted = sorted(keys)
    for first in range(0, len(wanted), CHUNK):
        statement = select(EvidenceRecord).where(
            EvidenceRecord.source == source,
            EvidenceRecord.key.in_(wanted[first : first + CHUNK]),
            EvidenceRecord.recorded_to.is_(None),
        )
        found |= {(row.source, row.key): row for row in session.scalars(statement)}
    return found


def history_of(session: Session, source: str, key: str, known_at: datetime) -> list[EvidenceRecord]:
    """What a source was recorded to say under one key, the earliest first."""
    statement = select(EvidenceRecord).where(
        EvidenceRecord.source == source,
        EvidenceRecord.key == key,
        EvidenceRecord.recorded_from <= known_at,
    )
    return list(session.scalars(statement.order_by(EvidenceRecord.recorded_from)))


def count_substances(session: Session, known_at: datetime) -> int:
    """How many substances the register holds."""
    statement = select(func.count()).where(Substance.recorded_from <= known_at)
    return session.scalar(statement) or 0


def subject_of(row: EvidenceRecord) -> str:
    """What a record is about: the identifier of a substance, or `inchikey:…` of one outside."""
    return row.substance or f"{OUTSIDE}{row.inchikey}"


def fact(row: EvidenceRecord) -> Evidence:
    """The record as the judge sees it."""
    return Evidence(
        source=row.source,
        key=row.key,
        kind=EvidenceKind(row.kind),
        subject=subject_of(row),
        name=row.name,
        start=row.happened_from,
        end=row.happened_to,
        country=row.country,
        quantity=row.quantity,
        unit=row.unit,
        href=row.href,
    )


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (EvidenceRecord.kind, wanted.kind),
        (EvidenceRecord.country, wanted.country),
        (EvidenceRecord.source, wanted.source),
    ):
        if value:
            yield column == value
    outside = EvidenceRecord.substance.is_(None)
    if wanted.subject.startswith(OUTSIDE):
        yield outside & (EvidenceRecord.inchikey == wanted.subject.removeprefix(OUTSIDE))
    elif wanted.subject:
        itself = EvidenceRecord.substance == wanted.subject
        before = outside & (EvidenceRecord.inchikey == wanted.inchikey)
        yield itself | before if wanted.inchikey else itself
