"""Pre-export notifications as they are shown, listed, found due, and written as messages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from api.access.allow import Actor
from api.messages.message import Kind, Message, content_of
from api.messages.plain import to_plain
from api.usecases import notification_permission as permission
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
from registry.trade_facts import Notification
from rules.trade.notification_content import lacks
from rules.trade.notification_states import possible
from rules.trade.silence import silence_rules

Sessions = sessionmaker[Session]
MOST = 1000  # rows of what is due


@dataclass(frozen=True, slots=True)
class Page:
    """`after` continues the list; empty at its end."""

    items: tuple[dict[str, Any], ...]
    after: str = ""


def show(sessions: Sessions, notification: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One notification with its messages and versions, by identifier or number. Raises Denied."""
    with reading(sessions) as session:
        return shown(session, permission.to_read(session, actor, notification), actor, now)


def listed(
    sessions: Sessions, wanted: Wanted, *, actor: Actor, after: str = "", limit: int = 50
) -> Page:
    """The notifications the actor may read, in order of identifier, page by page."""
    with reading(sessions) as session:
        rows = list(islice(permission.readable(session, actor, wanted, after=after), limit + 1))
        items = tuple(brief(row) for row in rows[:limit])
    return Page(items, items[-1]["id"] if len(rows) > limit else "")


def due(sessions: Sessions, *, actor: Actor, by: datetime, now: datetime) -> dict[str, Any]:
    """What the actor may read that awaits a reply whose time is over by a moment, the longest
    overdue first; and apart, what has no clock: no proof of delivery, or no rule known."""
    with reading(sessions) as session:
        over = permission.those_may(session, actor, store.due(session, by))
        late = [
            brief(row) | {"overdue": row.reply_by is not None and row.reply_by <= now}
            for row in islice(over, MOST)
        ]
        unclocked = permission.those_may(session, actor, store.without_clock(session))
        open_ = [
            brief(row)
            | {"why": judged(silence_rules(), kept(store.newest(session, row)), now).text}
            for row in islice(unclocked, MOST)
        ]
    return {"by": by, "due": late, "without_clock": open_}


def fact_of(sessions: Sessions, notification: str, *, actor: Actor) -> Notification:
    """The newest version as a frozen fact, for whoever writes or prints it. Raises Denied."""
    with reading(sessions) as session:
        record = permission.to_read(session, actor, notification)
        return kept(store.newest(session, record)).notification


def message_of(sessions: Sessions, notification: str, *, actor: Actor) -> Message:
    """The message that tells the other authority of a notification as it was sent."""
    one = fact_of(sessions, notification, actor=actor)
    if not one.number or one.sent_at is None:
        raise InputError("a draft is no message yet: send it first")
    return Message(
        Kind.NOTIFY, one.number, one.sender, one.receiver, one.sent_at,
        id=one.number, content=content_of(one),
    )  # fmt: skip


def shown(
    session: Session, record: NotificationRecord, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Everything about a notification, what the silence rules say of it now, and what the actor
    may do about it."""
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
        "possible": permission.possible_to(actor, record, newest, possible(stands)),
        "messages": [_message(row) for row in store.messages(session, record.id)],
        "versions": [_version(row) for row in versions],
    }


def brief(record: NotificationRecord) -> dict[str, Any]:
    """A notification in one line."""
    names = ("id", "number", "direction", "version", "state", "sender", "receiver", "reply_by")
    return {name: getattr(record, name) for name in (*names, "created_at")}


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
