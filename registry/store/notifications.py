"""Pre-export notifications, their versions and messages, and the numbers they are given.

Whoever writes opens the transaction with `registry.store.session.writing` and takes the
notification with `hold`: on PostgreSQL the row is then locked, SQLite has one writer anyway.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.models import (
    Listing,
    NotificationMessage,
    NotificationRecord,
    NotificationSeries,
    NotificationVersion,
    SubstanceName,
)
from registry.store.clock import known
from registry.trade_facts import NotificationState

CHUNK = 200
TABLE_I = "UN-1988-I"
AWAITING = (NotificationState.SENT, NotificationState.DELIVERED, NotificationState.READ)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notifications; what is empty is not asked about."""

    state: str = ""
    direction: str = ""
    sender: str = ""
    receiver: str = ""


def get(session: Session, notification: str) -> NotificationRecord:
    """By identifier. Raises NotFound."""
    found = session.get(NotificationRecord, notification)
    if found is None:
        raise NotFound(f"there is no notification `{notification}`")
    return found


def by_number(session: Session, sender: str, number: str) -> NotificationRecord | None:
    """By the number its sender gave it."""
    same = select(NotificationRecord).where(
        NotificationRecord.sender == sender, NotificationRecord.number == number
    )
    return session.scalars(same).one_or_none() if number else None


def numbered(session: Session, number: str) -> list[NotificationRecord]:
    """Every notification of that number; two senders may give the same."""
    same = select(NotificationRecord).where(NotificationRecord.number == number)
    return list(session.scalars(same)) if number else []


def hold(session: Session, notification: str) -> NotificationRecord:
    """The notification, so that nobody else changes it before this transaction ends."""
    statement = select(NotificationRecord).where(NotificationRecord.id == notification)
    locked = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(locked).one_or_none()
    if found is None:
        raise NotFound(f"there is no notification `{notification}`")
    return found


def page(
    session: Session, wanted: Wanted, *, after: str = "", limit: int = 50
) -> list[NotificationRecord]:
    """Notifications in order of identifier."""
    statement = select(NotificationRecord).where(NotificationRecord.id > after)
    for name in ("state", "direction", "sender", "receiver"):
        if value := getattr(wanted, name):
            statement = statement.where(getattr(NotificationRecord, name) == value)
    return list(session.scalars(statement.order_by(NotificationRecord.id).limit(limit)))


def due(session: Session, by: datetime) -> Iterator[NotificationRecord]:
    """Ours that await a reply whose time is over by a moment, the longest overdue first."""
    statement = _awaiting().where(NotificationRecord.reply_by <= by)
    order = (NotificationRecord.reply_by, NotificationRecord.id)
    yield from session.scalars(statement.order_by(*order).execution_options(yield_per=CHUNK))


def without_clock(session: Session) -> Iterator[NotificationRecord]:
    """Ours that await a reply and for which no end of waiting is known, the oldest first."""
    statement = _awaiting().where(NotificationRecord.reply_by.is_(None))
    order = (NotificationRecord.created_at, NotificationRecord.id)
    yield from session.scalars(statement.order_by(*order).execution_options(yield_per=CHUNK))


def newest(session: Session, record: NotificationRecord) -> NotificationVersion:
    return session.get_one(NotificationVersion, (record.id, record.version))


def newest_of(
    session: Session, records: Collection[NotificationRecord]
) -> dict[str, NotificationVersion]:
    """The newest version of each of them, by its identifier."""
    own, version = NotificationRecord, NotificationVersion
    same = (own.id == version.notification) & (own.version == version.version)
    statement = select(version).join(own, same).where(own.id.in_([one.id for one in records]))
    return {row.notification: row for row in session.scalars(statement)}


def versions(session: Session, notification: str) -> list[NotificationVersion]:
    """Every version, the first first."""
    of_it = select(NotificationVersion).where(NotificationVersion.notification == notification)
    return list(session.scalars(of_it.order_by(NotificationVersion.version)))


def messages(session: Session, notification: str) -> list[NotificationMessage]:
    """Every message, in the order they were recorded."""
    of_it = select(NotificationMessage).where(NotificationMessage.notification == notification)
    return list(session.scalars(of_it.order_by(NotificationMessage.version)))


def keyed(session: Session, key: str) -> NotificationVersion | None:
    """The version that an act under this key led to. Others with the key wait for our end."""
    if not key:
        return None
    if session.get_bind().dialect.name == "postgresql":
        mark = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:mark)"), {"mark": mark})
    same = select(NotificationVersion).where(NotificationVersion.key == key)
    return session.scalars(same).one_or_none()


def table_names(session: Session, known_at: datetime) -> dict[str, str]:
    """From any name of a substance of Table I (1988), folded, to the name the Table uses."""
    listed = select(SubstanceName.text, Listing.name).join(
        Listing, Listing.substance == SubstanceName.substance
    )
    held = (Listing.provision == TABLE_I, known(Listing, known_at), known(SubstanceName, known_at))
    rows = session.execute(listed.where(*held).order_by(SubstanceName.id)).all()
    return {text.casefold(): name for text, name in rows} | {n.casefold(): n for _, n in rows}


def next_number(session: Session, country: str, year: int) -> str:
    """The next number of a country and year, without a gap: given back where the act fails."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(NotificationSeries).values(country=country, year=year, last=1)
    counted = first.on_conflict_do_update(
        index_elements=["country", "year"], set_={"last": NotificationSeries.last + 1}
    ).returning(NotificationSeries.last)
    last = session.execute(counted).scalar_one()
    return f"{country}-PEN-{year}-{last:06}"


def _awaiting() -> Select[NotificationRecord]:
    return select(NotificationRecord).where(
        NotificationRecord.direction == "out", NotificationRecord.state.in_(AWAITING)
    )
