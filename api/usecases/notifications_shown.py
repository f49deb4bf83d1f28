"""Pre-export notifications as they are shown, listed, found due, and written as messages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from api.messages.message import Kind, Message, content_of
from api.messages.plain import to_plain
from api.usecases.notification_record import (
    judged,
    kept,
    names_of_table_i,
    position_plain,
    standing,
)
from registry.errors import InputError
from registry.models import NotificationMessage, NotificationRecord, NotificationVersion
from registry.store import notifications as store
from registry.store.notifications import Wanted
from registry.store.session import reading
from rules.trade.notification_content import lacks
from rules.trade.notification_states import possible
from rules.trade.silence import silence_rules

Sessions = sessionmaker[Session]


@dataclass(frozen=True, slots=True)
class Page:
    """`after` continues the list; empty at its end."""

    items: tuple[dict[str, Any], ...]
    after: str = ""


def show(sessions: Sessions, notification: str, *, now: datetime) -> dict[str, Any]:
    """One notification with its messages and versions, by identifier or number of ours."""
    with reading(sessions) as session:
        return shown(session, _found(session, notification), now)


def listed(sessions: Sessions, wanted: Wanted, *, after: str = "", limit: int = 50) -> Page:
    """Notifications in order of identifier, page by page."""
    with reading(sessions) as session:
        rows = store.page(session, wanted, after=after, limit=limit + 1)
        items = tuple(brief(row) for row in rows[:limit])
    return Page(items, items[-1]["id"] if len(rows) > limit else "")


def due(sessions: Sessions, *, by: datetime, now: datetime) -> dict[str, Any]:
    """What awaits a reply whose time is over by a moment, the longest overdue first; and apart,
    what has no clock: no proof of delivery, or no rule known."""
    with reading(sessions) as session:
        over = [
            brief(row) | {"overdue": row.reply_by is not None and row.reply_by <= now}
            for row in store.due(session, by)
        ]
        open_ = [
            brief(row)
            | {"why": judged(silence_rules(), kept(store.newest(session, row)), now).text}
            for row in store.without_clock(session)
        ]
    return {"by": by, "due": over, "without_clock": open_}


def message_of(sessions: Sessions, notification: str) -> Message:
    """The message that tells the other authority of a notification as it was sent."""
    with reading(sessions) as session:
        record = _found(session, notification)
        one = kept(store.newest(session, record)).notification
    if not one.number or one.sent_at is None:
        raise InputError("a draft is no message yet: send it first")
    return Message(
        Kind.NOTIFY, one.number, one.sender, one.receiver, one.sent_at,
        id=one.number, content=content_of(one),
    )  # fmt: skip


def shown(session: Session, record: NotificationRecord, now: datetime) -> dict[str, Any]:
    """Everything about a notification, and what the silence rules say of it now."""
    newest = store.newest(session, record)
    content, stands = kept(newest), standing(newest)
    versions = store.versions(session, record.id)
    missing = lacks(content.notification, names_of_table_i(session, now))
    return {
        **brief(record),
        "held": newest.held,
        "outcome": stands.outcome,
        "reply_from": newest.reply_from,
        "filed_at": content.filed_at,
        "notification": to_plain(content.notification),
        "position": position_plain(judged(silence_rules(), content, now)),
        "lacks": [asdict(one) for one in missing],
        "findings": [one for version in versions for one in version.findings],
        "possible": [str(one) for one in possible(stands)],
        "messages": [_message(row) for row in store.messages(session, record.id)],
        "versions": [_version(row) for row in versions],
    }


def brief(record: NotificationRecord) -> dict[str, Any]:
    """A notification in one line."""
    names = ("id", "number", "direction", "version", "state", "sender", "receiver", "reply_by")
    return {name: getattr(record, name) for name in (*names, "created_at")}


def _found(session: Session, asked: str) -> NotificationRecord:
    """By identifier, or by a number only one notification has."""
    named = store.numbered(session, asked)
    return named[0] if len(named) == 1 else store.get(session, asked)


def _message(row: NotificationMessage) -> dict[str, Any]:
    names = (
        "version",
        "direction",
        "kind",
        "happened_at",
        "channel",
        "proof",
        "text",
        "foreign_id",
    )
    return {name: getattr(row, name) for name in names}


def _version(row: NotificationVersion) -> dict[str, Any]:
    names = ("version", "act", "actor", "at", "state", "position", "findings")
    return {name: getattr(row, name) for name in names}
