"""The feed: what this register learnt, each change with what it says and its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from api.engine import Engine
from api.usecases.dates import ReversedDates
from api.usecases.statements import Plain, about, changed, cited, moment, stated
from registry.errors import UnknownScope
from registry.models import Jurisdiction, Provision
from registry.store import changes, substances
from registry.store.changes import Change, Place, Wanted
from registry.store.history import identity_of
from registry.store.session import reading

OURS = UUID("6e0f4a6e-61c5-5d4e-9a3e-3b0c3f6b7a52")
"""Names the identifiers of changes; any register gives one change the same."""


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in their order. `after` continues the list; None at its end."""

    items: tuple[Plain, ...]
    after: Place | None = None


def page(engine: Engine, wanted: Wanted, *, after: Place | None = None, limit: int = 50) -> Page:
    """One page of the changes wanted.

    Raises ReversedDates; UnknownScope and NotFound where nothing answers to what is asked: a slip would read as
    "nothing changed".
    """
    with reading(engine.sessions) as session:
        _check(session, wanted)
        found = changes.page(session, wanted, after=after, limit=limit + 1)
        shown = found[:limit]
        rows = [change.row for change in shown]
        sources, places = cited(session, rows), _jurisdictions(session, rows)
        items = tuple(_shown(change, sources, places) for change in shown)
    return Page(items, shown[-1].place if len(found) > limit else None)


def _check(session: Session, wanted: Wanted) -> None:
    if wanted.since and wanted.since > wanted.until:
        since, until = wanted.since.isoformat(), wanted.until.isoformat()
        raise ReversedDates(f"`since` is `{since}`, after `{until}`, the moment asked about")
    if wanted.jurisdiction and session.get(Jurisdiction, wanted.jurisdiction) is None:
        raise UnknownScope(f"no jurisdiction on record answers to `{wanted.jurisdiction}`")
    if wanted.provision and session.get(Provision, wanted.provision) is None:
        raise UnknownScope(f"no provision on record answers to `{wanted.provision}`")
    if wanted.substance:
        substances.get(session, wanted.substance, wanted.until)


def _jurisdictions(session: Session, rows: list[Any]) -> dict[str | None, str | None]:
    """Of each provision the records name."""
    named = {row.provision for row in rows if hasattr(row, "provision")}
    found = session.query(Provision).where(Provision.id.in_(named))
    return {row.id: row.jurisdiction for row in found}


def _shown(
    change: Change,
    sources: dict[str | None, Plain | None],
    places: dict[str | None, str | None],
) -> Plain:
    row, place = change.row, change.place
    provision = getattr(row, "provision", None)
    return {
        "id": identifier(change).urn,
        "at": moment(place.at),
        "act": change.act.value,
        "kind": place.kind.value,
        "about": about(place.kind, row),
        "substance": getattr(row, "substance", None),
        "provision": provision,
        "jurisdiction": getattr(row, "party", places.get(provision)),
        "says": stated(row),
        "changed": changed(change.before, row) if change.before else {},
        "source": sources[row.source if hasattr(row, "source") else None],
    }


def identifier(change: Change) -> UUID:
    """The same for the same change, whatever its row number."""
    told = (change.place.kind, *identity_of(change.row), moment(change.place.at), change.act)
    return uuid5(OURS, "\n".join(map(str, told)))
