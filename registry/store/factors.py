"""What the register knows of a form of a substance: which substance it is, its factor, formulas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models import BaseFactor, Identifier, StructureRecord, Substance, SubstanceName
from registry.spelling import fold
from registry.store.clock import known


@dataclass(frozen=True, slots=True)
class Listed:
    """A factor on record, in per cent, with the units of its formula."""

    percent: Decimal
    source: str
    base_units: int
    acid_units: int


def substance_of(session: Session, name: str, cas: str, at: datetime) -> str | None:
    """The one substance that an identifier or name leads to, and that its CAS number does not
    contradict; None where there is none, or several."""
    if session.get(Substance, name) is not None:
        return name
    named = select(SubstanceName.substance).where(
        SubstanceName.folded == fold(name), known(SubstanceName, at)
    )
    found = set(session.scalars(named))
    if cas:
        numbered = select(Identifier.substance).where(
            Identifier.kind == "cas", Identifier.value == cas, known(Identifier, at)
        )
        owners = set(session.scalars(numbered))
        found = found & owners if owners else found
    return found.pop() if len(found) == 1 else None


def listed(
    session: Session, substance: str, salt: str, water: Decimal, at: datetime
) -> Listed | None:
    """The factor on record of a salt or hydrate."""
    rows = select(BaseFactor).where(
        BaseFactor.substance == substance, BaseFactor.salt == salt, known(BaseFactor, at)
    )
    for row in session.scalars(rows):
        if row.water == water:
            source = f"{row.source or 'this register'} ({row.basis or 'as listed'})"
            return Listed(row.percent, source, row.base_units, row.acid_units)
    return None


def formula(session: Session, substance: str, at: datetime) -> str:
    """The molecular formula of a substance's structure; empty where it has none."""
    rows = select(StructureRecord.formula).where(
        StructureRecord.substance == substance, known(StructureRecord, at)
    )
    return session.scalars(rows).first() or ""
