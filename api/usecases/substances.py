"""Substances of the register: found, listed page by page, and shown with their law through time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.engine import Engine
from api.usecases.dates import Dates
from api.usecases.names import called
from registry.models import Identifier, Listing, StructureRecord, Substance, SubstanceName
from registry.store import listings, provisions, substances
from registry.store.session import reading


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which substances: `query` is part of a name; an identifier is matched exactly."""

    query: str = ""
    cas: str = ""
    inchikey: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Substances in order of identifier. `after` continues the list; empty at its end."""

    items: tuple[dict[str, Any], ...]
    after: str = ""


def find(engine: Engine, wanted: Wanted, dates: Dates, *, after: str = "", limit: int = 50) -> Page:
    """One page of the substances wanted, as known at a moment."""
    with reading(engine.sessions) as session:
        rows = _rows(session, wanted, dates, after, limit + 1)
        items = tuple({"id": row.id, "name": row.name} for row in rows[:limit])
    return Page(items, items[-1]["id"] if len(rows) > limit else "")


def _rows(
    session: Session, wanted: Wanted, dates: Dates, after: str, limit: int
) -> list[Substance]:
    known_at = dates.known_at
    if not (wanted.cas or wanted.inchikey):
        return substances.page(session, known_at, query=wanted.query, after=after, limit=limit)
    found = None
    if wanted.cas:
        found = substances.by_identifier(session, "cas", wanted.cas, known_at)
    if wanted.inchikey:
        keyed = substances.by_structure(session, known_at, inchikey=wanted.inchikey)
        found = keyed if found is None else [row for row in found if row in keyed]
    return [row for row in found or [] if row.id > after][:limit]


def show(engine: Engine, substance: str, dates: Dates) -> dict[str, Any]:
    """A substance by its identifier. Raises NotFound."""
    with reading(engine.sessions) as session:
        row = substances.get(session, substance, dates.known_at)
        return _shown(session, row, dates)


def look_up(engine: Engine, asked: str, dates: Dates) -> dict[str, Any]:
    """A substance by identifier, name, CAS number or InChIKey, or by the name of a salt of it.

    Only a name that is exactly this one counts, however it is spelled. Raises NotFound,
    AmbiguousName, WrongCheckDigit.
    """
    with reading(engine.sessions) as session:
        return _shown(session, named(session, asked, dates.known_at), dates)


def named(session: Session, asked: str, known_at: datetime) -> Substance:
    """The one substance that `look_up` finds, as known at a moment."""
    found = (
        [row for row in [session.get(Substance, asked)] if row]
        or substances.by_name(session, asked, known_at)
        or substances.by_identifier(session, "cas", asked, known_at)
        or substances.by_structure(session, known_at, inchikey=asked)
        or [session.get_one(Substance, key) for key in called(session, asked, known_at)]
    )
    return substances.only(found, asked)


def _shown(session: Session, row: Substance, dates: Dates) -> dict[str, Any]:
    known_at = dates.known_at
    structure = substances.structure(session, row.id, known_at)
    listed = listings.of_substance(session, row.id, known_at)
    owners = provisions.owners(session, {listing.provision for listing in listed})
    return {
        "id": row.id,
        "name": row.name,
        "verification": row.verification,
        "on": dates.on.isoformat(),
        "known_at": dates.known_text,
        "names": [_name(name) for name in substances.names(session, row.id, known_at)],
        "identifiers": [_identifier(i) for i in substances.identifiers(session, row.id, known_at)],
        "structure": structure and _structure(structure),
        "listings": [
            listing_shown(listing, owners[listing.provision], dates) for listing in listed
        ],
    }


def _name(name: SubstanceName) -> dict[str, str]:
    return {"text": name.text, "kind": name.kind, "language": name.language, "script": name.script}


def _identifier(identifier: Identifier) -> dict[str, str]:
    return {"kind": identifier.kind, "value": identifier.value}


def _structure(structure: StructureRecord) -> dict[str, Any]:
    return {
        "as_given": structure.as_given,
        "format": structure.format,
        "standardised": structure.standardised,
        "formula": structure.formula,
        "inchikey": structure.inchikey,
        "verification": structure.verification,
    }


def listing_shown(listing: Listing, jurisdiction: str, dates: Dates) -> dict[str, Any]:
    """A listing with its dates, and whether it holds on the date asked."""
    period = listing.valid
    return {
        "id": listing.key,
        "provision": listing.provision,
        "jurisdiction": jurisdiction,
        "name": listing.name,
        "substance": listing.substance,
        "role": listing.role,
        "code": listing.code,
        "in_force": period.holds(dates.on).value,
        "standing": period.standing(dates.on).value,
        "valid_earliest": period.earliest and period.earliest.isoformat(),
        "valid_from": period.start and period.start.isoformat(),
        "valid_to": period.end and period.end.isoformat(),
        "covers": listing.covers,
        "basis": listing.basis,
        "verification": listing.verification,
        "source": listing.source,
    }
