"""Jurisdictions, provisions and their dated wordings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.facts import InForce
from registry.models import Jurisdiction, Provision, ProvisionVersion
from registry.store.clock import known, may_hold


def get(session: Session, provision: str) -> Provision:
    found = session.get(Provision, provision)
    if found is None:
        raise NotFound(f"there is no provision `{provision}`")
    return found


def owners(session: Session, provisions: Collection[str]) -> dict[str, str]:
    """The jurisdiction of each of some provisions."""
    statement = select(Provision).where(Provision.id.in_(provisions))
    return {row.id: row.jurisdiction for row in session.scalars(statement)}


def page(
    session: Session, *, jurisdiction: str = "", after: str = "", limit: int = 50
) -> list[Provision]:
    """Provisions in order of `id`, those after `after`."""
    statement = select(Provision).where(Provision.id > after)
    if jurisdiction:
        statement = statement.where(Provision.jurisdiction == jurisdiction)
    return list(session.scalars(statement.order_by(Provision.id).limit(limit)))


def wordings(
    session: Session, provision: str, on: date, known_at: datetime
) -> list[tuple[ProvisionVersion, InForce]]:
    """Wordings of a provision that hold on the day, or may."""
    statement = select(ProvisionVersion).where(
        ProvisionVersion.provision == provision,
        known(ProvisionVersion, known_at),
        may_hold(ProvisionVersion, on),
    )
    rows = session.scalars(statement.order_by(ProvisionVersion.key))
    return [(row, row.valid.holds(on)) for row in rows]


def jurisdictions(session: Session) -> list[Jurisdiction]:
    return list(session.scalars(select(Jurisdiction).order_by(Jurisdiction.code)))
