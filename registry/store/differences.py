"""What differs between two dates in law, and between two moments of knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from registry.facts import Standing
from registry.models import Listing
from registry.store.clock import known
from registry.store.history import says


@dataclass(frozen=True, slots=True)
class Moved:
    """A listing of which a day of its period lies between two dates: how it stood, how it stands."""

    listing: Listing
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was held of one listing at two moments; None where it was not on record."""

    key: str
    before: Listing | None
    after: Listing | None


def moved(
    session: Session,
    since: date,
    until: date,
    known_at: datetime,
    *,
    provisions: Sequence[str] | None = None,
) -> list[Moved]:
    """Listings that began, may have begun, or ended after one date and up to another.

    `provisions`: None asks for all, an empty list for none.

    One that came and went between the two stands as announced before and ended after.
    """
    days = (Listing.valid_earliest, Listing.valid_from, Listing.valid_to)
    turned = or_(*(and_(day > since, day <= until) for day in days))
    statement = select(Listing).where(known(Listing, known_at), turned)
    if provisions is not None:
        statement = statement.where(Listing.provision.in_(provisions))
    rows = session.scalars(statement.order_by(Listing.provision, Listing.key))
    pairs = ((row, row.valid.standing(since), row.valid.standing(until)) for row in rows)
    return [Moved(*pair) for pair in pairs if pair[1] != pair[2]]


def learnt(
    session: Session,
    since: datetime,
    until: datetime,
    *,
    provisions: Sequence[str] | None = None,
) -> list[Learnt]:
    """Listings of which something else was held at one moment than at an earlier one.

    What was corrected and corrected back in between is no difference. A listing that was moved
    to another provision belongs to both.
    """
    before = _held(session, since, ~known(Listing, until))
    after = _held(session, until, ~known(Listing, since))
    pairs = [Learnt(key, before.get(key), after.get(key)) for key in sorted({*before, *after})]
    return [pair for pair in pairs if _differs(pair) and _within(pair, provisions)]


def _held(session: Session, at: datetime, and_not: ColumnElement[bool]) -> dict[str, Listing]:
    statement = select(Listing).where(known(Listing, at), and_not)
    return {row.key: row for row in session.scalars(statement)}


def _differs(pair: Learnt) -> bool:
    if pair.before is None or pair.after is None:
        return True
    return says(pair.before) != says(pair.after)


def _within(pair: Learnt, provisions: Sequence[str] | None) -> bool:
    rows = (pair.before, pair.after)
    return provisions is None or any(row and row.provision in provisions for row in rows)
