"""Sources as they were read, and what they say differently."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models import Disagreement, Source
from registry.store.clock import known


def keep(session: Session, source: Source) -> Source:
    """The reading on record that says the same, or this one, now on record."""
    found = session.get(Source, source.id)
    if found is not None:
        return found
    session.add(source)
    session.flush()
    return source


def readings(session: Session, key: str) -> list[Source]:
    """Every reading of one source, oldest first; those without a day come last."""
    statement = select(Source).where(Source.key == key)
    return list(session.scalars(statement.order_by(Source.retrieved.nulls_last(), Source.id)))


def readings_of(session: Session, ids: Collection[str]) -> list[Source]:
    """The readings of these identifiers."""
    return list(session.scalars(select(Source).where(Source.id.in_(ids)).order_by(Source.id)))


def disagreements(
    session: Session, known_at: datetime, *, subjects: Collection[str] | None = None
) -> list[Disagreement]:
    """What differed as known at a moment: about these subjects, or about any."""
    statement = select(Disagreement).where(known(Disagreement, known_at))
    if subjects is not None:
        statement = statement.where(Disagreement.subject.in_(subjects))
    return list(session.scalars(statement.order_by(Disagreement.subject, Disagreement.field)))
