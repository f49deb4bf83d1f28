"""Listings as of two dates: in force on a day, as known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.facts import InForce, Standing
from registry.models import Listing
from registry.store.clock import known, may_hold, stands


def in_force(
    session: Session,
    on: date,
    known_at: datetime,
    *,
    provisions: Sequence[str] = (),
    substance: str | None = None,
) -> list[tuple[Listing, InForce]]:
    """Listings that hold on the day, or may: a start not known exactly gives `UNKNOWN`."""
    statement = select(Listing).where(known(Listing, known_at), may_hold(Listing, on))
    if provisions:
        statement = statement.where(Listing.provision.in_(provisions))
    if substance is not None:
        statement = statement.where(Listing.substance == substance)
    rows = session.scalars(statement.order_by(Listing.key))
    return [(row, row.valid.holds(on)) for row in rows]


def standing(
    session: Session,
    on: date,
    known_at: datetime,
    *,
    states: Collection[Standing] = tuple(Standing),
    key: str | None = None,
    provisions: Sequence[str] = (),
    substance: str | None = None,
) -> list[tuple[Listing, Standing]]:
    """Listings in any of these states on the day: of one key, of provisions, of a substance."""
    statement = select(Listing).where(
        known(Listing, known_at), or_(false(), *(stands(Listing, state, on) for state in states))
    )
    if key is not None:
        statement = statement.where(Listing.key == key)
    if provisions:
        statement = statement.where(Listing.provision.in_(provisions))
    if substance is not None:
        statement = statement.where(Listing.substance == substance)
    rows = session.scalars(statement.order_by(Listing.key))
    return [(row, row.valid.standing(on)) for row in rows]


def get(session: Session, key: str, known_at: datetime) -> Listing:
    """A listing as known at a moment, whatever its dates in law."""
    statement = select(Listing).where(Listing.key == key, known(Listing, known_at))
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound(f"there is no listing `{key}` as known at {known_at.isoformat()}")
    return found


def of_substance(session: Session, substance: str, known_at: datetime) -> list[Listing]:
    """Every listing of a substance through time, as known at a moment."""
    statement = select(Listing).where(Listing.substance == substance, known(Listing, known_at))
    return list(session.scalars(statement.order_by(Listing.provision, Listing.key)))


def history(session: Session, key: str) -> list[Listing]:
    """What this register has held of one listing, oldest first."""
    statement = select(Listing).where(Listing.key == key).order_by(Listing.recorded_from)
    return list(session.scalars(statement))
