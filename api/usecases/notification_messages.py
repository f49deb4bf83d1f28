"""Messages of other authorities taken in: notifications of theirs, and word about ours."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.messages.message import Kind, Message, MessageRefused, content_of
from api.messages.plain import to_plain
from api.usecases.notification_record import Kept, Step, judged, kept, version_of
from api.usecases.notifications import (
    Sessions,
    allow,
    done_before,
    message_row,
    record_of,
    require_possible,
    take,
    told,
    write,
)
from api.usecases.notifications_shown import shown
from registry.errors import NotFound
from registry.models import NotificationRecord
from registry.models.base import new_id
from registry.store import notifications as store
from registry.store.session import writing
from registry.trade_facts import Notification, NotificationState
from rules.trade.notification_states import OF_THE_RECEIVER, Act, Standing
from rules.trade.silence import silence_rules

COUNTRY = re.compile("[A-Z]{2}")
LONGEST_NAME = 100
CLOCKS_DIFFER = timedelta(hours=1)


def receive(sessions: Sessions, message: Message, *, actor: str, now: datetime) -> dict[str, Any]:
    """Take a message of another authority: a notification of theirs, or word about one of ours.

    A message received twice has its effect once. Who wrote it is not proved here: take messages
    only over a channel that shows it. Raises MessageRefused, ActNotPossible, NotFound.
    """
    _require_named(message)
    key = f"{message.sender.country}:{message.id}" if message.id else ""
    with writing(sessions) as session:
        record = store.by_number(session, message.sender.country, message.number)
        if record is None and message.kind is Kind.NOTIFY:
            return _received(session, message, actor, now)
        record = store.hold(session, (record or _ours(session, message)).id)
        asked = to_plain(message)
        repeated = done_before(session, actor, key, asked) or _same(session, record, message)
        if repeated:
            return shown(session, repeated, now)
        allow(actor, str(message.kind), record)
        _require_theirs(record, message)
        take(session, record, _step(message, key, now), asked, actor, now)
        return shown(session, record, now)


def _step(message: Message, key: str, now: datetime) -> Step:
    return Step(
        message.kind.act,
        _moment(message, now),
        channel="message",
        proof=f"message {message.id} of {message.sender.country}",
        text=message.text,
        foreign_id=message.id,
        key=key,
    )


def _require_named(message: Message) -> None:
    """Countries by their codes, and names no longer than names are."""
    for who in ("sender", "receiver"):
        if not COUNTRY.fullmatch(getattr(message, who).country):
            raise MessageRefused(f"`/{who}/country` is no code of two letters")
    if message.sender.country == message.receiver.country:
        raise MessageRefused("`/sender/country` does not name another country's authority")
    for name in ("number", "id"):
        if len(getattr(message, name)) > LONGEST_NAME:
            raise MessageRefused(f"`/{name}` has more than {LONGEST_NAME} characters")


def _require_theirs(record: NotificationRecord, message: Message) -> None:
    """Each side says what is its own to say, and nobody speaks for another."""
    ours = record.direction == "out"
    other = record.receiver if ours else record.sender
    if message.sender.country != other:
        raise MessageRefused(f"`{record.number}` is between us and {other}")
    if (message.kind.act in OF_THE_RECEIVER) is not ours:
        raise MessageRefused(f"`{message.kind}` is not for {other} to say")


def _received(session: Session, message: Message, actor: str, now: datetime) -> dict[str, Any]:
    """A notification of another authority, put on record as delivered to us now."""
    if message.content is None or not message.number.strip():
        raise MessageRefused("a notification has a number and a content")
    allow(actor, "receive", None)
    at = _moment(message, now)
    require_possible(at, now)
    one = Notification(
        id=new_id(), version=1, number=message.number, sender=message.sender,
        receiver=message.receiver, state=NotificationState.DELIVERED,
        exporter=message.content.exporter, importer=message.content.importer,
        goods=message.content.goods, route=message.content.route,
        consignee=message.content.consignee, authorisation=message.content.authorisation,
        dispatch_on=message.content.dispatch_on, remarks=message.content.remarks,
        sent_at=at, delivered_at=now,
    )  # fmt: skip
    content = Kept(one)
    record = record_of(one, "in", now)
    session.add(record)
    session.flush()
    row = version_of(record, content, Standing(one.state), "receive", actor, now)
    write(session, record, row, judged(silence_rules(), content, now))
    step = Step(Act.SEND, at, "message", f"message {message.id}", message.text, message.id)
    session.add(message_row(record, step, now))
    told(session, record, "received", actor, now, {"number": one.number})
    return shown(session, record, now)


def _moment(message: Message, now: datetime) -> datetime:
    """When what a message says counts: a reply when it reached us, the rest when they say.

    Clocks differ a little; a message from a moment to come is taken as of now.
    """
    if message.at > now + CLOCKS_DIFFER:
        raise MessageRefused(f"`/at`: `{message.at.isoformat()}` is still to come")
    if message.kind in {Kind.NOTIFY, Kind.DELIVER, Kind.READ}:
        return min(message.at, now)
    return now


def _ours(session: Session, message: Message) -> NotificationRecord:
    """Our notification that a message of the receiving authority is about."""
    for record in store.numbered(session, message.number):
        if record.direction == "out" and record.receiver == message.sender.country:
            return record
    raise NotFound(f"there is no notification `{message.number}` to {message.sender.country}")


def _same(
    session: Session, record: NotificationRecord, message: Message
) -> NotificationRecord | None:
    """The notification, where the message brings it once more unchanged."""
    if message.kind is not Kind.NOTIFY or record.direction != "in":
        return None
    first = kept(store.versions(session, record.id)[0]).notification
    if message.content != content_of(first):
        raise MessageRefused(f"`{message.number}` was received with another content")
    return record
