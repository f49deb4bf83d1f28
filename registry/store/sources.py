"""Sources as they were read, and what they say differently."""

from __future__ import annotations

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


def disagreements(session: Session, known_at: datetime) -> list[Disagreement]:
    statement = select(Disagreement).where(known(Disagreement, known_at))
    return list(session.scalars(statement.order_by(Disagreement.subject, Disagreement.field)))
