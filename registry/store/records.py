"""Every record of a substance, held now or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models import Bitemporal
from registry.store.changes import MODELS, Kind

OF_SUBSTANCE = (Kind.NAME, Kind.IDENTIFIER, Kind.STRUCTURE, Kind.LISTING, Kind.CODE)


def of_substance(session: Session, kind: Kind, substance: str, until: datetime) -> list[Any]:
    """Records opened up to a moment, oldest first.

    A listing or code that was once another substance's, or became it, is told from its beginning
    to its end.
    """
    model: Any = MODELS[kind]
    owned = model.substance == substance
    if issubclass(model, Bitemporal):
        owned = model.key.in_(select(model.key).where(owned, model.recorded_from <= until))
    statement = select(model).where(owned, model.recorded_from <= until)
    return list(session.scalars(statement.order_by(model.recorded_from, model.id)))
