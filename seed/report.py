"""What two sources say differently, for a person to look at."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models import Disagreement


def disagreements(session: Session) -> list[Disagreement]:
    """Every disagreement on record now, in order of subject and field."""
    still_open = select(Disagreement).where(Disagreement.recorded_to.is_(None))
    return list(session.scalars(still_open.order_by(Disagreement.subject, Disagreement.field)))


def render(found: Iterable[Disagreement]) -> str:
    """One paragraph each: the subject and field, then every statement with who makes it."""
    return "\n".join(line for one in found for line in _lines(one))


def _lines(one: Disagreement) -> list[str]:
    note = f" ({one.note})" if one.note else ""
    said = zip(one.values, one.sources, strict=True)
    return [f"{one.subject}: {one.field}{note}", *(f"  {value}  {by}" for value, by in said)]
