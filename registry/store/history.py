"""Writing rows with a recorded period: open, close, supersede. Nothing is ever rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.errors import InputError, NotFound
from registry.models import Bitemporal, Recorded

Row = TypeVar("Row", bound=Recorded)
BitemporalRow = TypeVar("BitemporalRow", bound=Bitemporal)

CLOCK = frozenset({"id", "recorded_from", "recorded_to"})


@dataclass(frozen=True, slots=True)
class Changes:
    """What a reconciliation did. A changed row counts as one closed and one added."""

    added: int = 0
    unchanged: int = 0
    closed: int = 0


def record(session: Session, row: Row) -> Row:
    """Open a record of something not on record now."""
    session.add(row)
    session.flush()
    return row


def close(session: Session, row: Recorded, at: datetime) -> None:
    """The register no longer holds it to be so, from this moment on."""
    _require_after(row, at)
    row.recorded_to = at
    session.flush()


def supersede(session: Session, key: str, new_row: BitemporalRow, at: datetime) -> BitemporalRow:
    """Correct what is on record under `key`: the old record is closed, the new one opened."""
    model = type(new_row)
    statement = select(model).where(model.key == key, model.recorded_to.is_(None))
    old = session.scalars(statement).first()
    if old is None:
        raise NotFound(f"nothing is on record as `{key}`")
    close(session, old, at)
    new_row.key, new_row.recorded_from = key, at
    return record(session, new_row)


def reconcile(session: Session, model: type[Row], rows: Iterable[Row], at: datetime) -> Changes:
    """Make what is on record of `model` exactly `rows`, keeping every record that still says so.

    `recorded_from` of the rows is set here. A later reading of the same source is not a change.
    """
    wanted = _by_identity(rows)
    still_open = select(model).where(model.recorded_to.is_(None))
    standing = {identity_of(row): row for row in session.scalars(still_open)}
    kept = {
        identity
        for identity, row in wanted.items()
        if identity in standing and says(row) == says(standing[identity])
    }
    gone = [row for identity, row in standing.items() if identity not in kept]
    fresh = [row for identity, row in wanted.items() if identity not in kept]
    _replace(session, gone, fresh, at)
    return Changes(len(fresh), len(kept), len(gone))


def _replace(
    session: Session, gone: Iterable[Recorded], fresh: Iterable[Recorded], at: datetime
) -> None:
    """Close first: an open record in the way of a new one is refused by the database."""
    for row in gone:
        _require_after(row, at)
        row.recorded_to = at
    session.flush()
    for row in fresh:
        row.recorded_from = at
        session.add(row)
    session.flush()


def _by_identity(rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        identity = identity_of(row)
        if identity in found:
            raise InputError(f"two rows are about `{' '.join(map(str, identity))}`")
        found[identity] = row
    return found


def identity_of(row: Recorded) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in row.identity)


def says(row: Any) -> dict[str, Any]:
    """What a row states, apart from when it was recorded and from which reading of its source."""
    columns = set(row.__mapper__.column_attrs.keys()) - CLOCK
    stated = {name: _plain(getattr(row, name)) for name in columns}
    if stated.get("source"):
        stated["source"] = stated["source"].rsplit("@", 1)[0]
    return stated


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _require_after(row: Recorded, at: datetime) -> None:
    if at <= row.recorded_from:
        about = " ".join(str(part) for part in identity_of(row))
        raise InputError(f"`{about}` was recorded at {row.recorded_from.isoformat()}, not before")
