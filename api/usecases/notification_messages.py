"""Messages of other authorities taken in: notifications of theirs, and word about ours."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.access.allow import Actor
from api.messages.message import Kind, Message, MessageRefused, content_of
from api.messages.plain import to_plain
from api.usecases import notification_permission as permission
from api.usecases.notification_record import Kept, Step, judged, kept, version_of
from api.usecases.notifications import (
    Sessions,
    done_before,
    message_row,
    record_of,
    require_possible,
    scoped,
    take,
    told,
    write,
)
from api.usecases.notifications_shown import shown
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
WORDS = {Kind.NOTIFY: "receive"}  # what is asked for where it is not the act the message tells of


def receive(sessions: Sessions, message: Message, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Take a message of another authority: a notification of theirs, or word about one of ours.

    A message received twice has its effect once, whoever takes it in. Who wrote it is not proved
    here: take messages only over a channel that shows it. Raises MessageRefused, Denied.
    """
    _require_named(message)
    with writing(sessions) as session:
        number, word = message.number, WORDS.get(message.kind, str(message.kind.act))
        named = store.by_number(session, message.sender.country, number)
        if named is None and message.kind is Kind.NOTIFY:
            permission.to_receive(actor, message.receiver.country)
            return _received(session, message, actor, now)
        named = named or _ours(session, message)
        record = permission.to_meet(session, actor, named.id if named else number, word)
        asked, key = to_plain(message), _key(record, message)
        if _same(session, record, message) or done_before(session, key, asked):
            return shown(session, record, actor, now)
        _require_theirs(record, message)
        permission.to_act(session, actor, record, message.kind.act)
        take(session, record, _step(message, key, now), asked, actor.id, now)
        return shown(session, record, actor, now)


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


def _key(record: NotificationRecord, message: Message) -> str:
    """Under which a message has its effect once, whoever takes it in."""
    return scoped("message", f"{record.id} {message.id}") if message.id else ""


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


def _received(session: Session, message: Message, actor: Actor, now: datetime) -> dict[str, Any]:
    """A notification of another authority, put on record as delivered to us now."""
    if message.content is None or not message.number.strip():
        raise MessageRefused("a notification has a number and a content")
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
    row = version_of(record, content, Standing(one.state), "receive", actor.id, now)
    write(session, record, row, judged(silence_rules(), content, now))
    step = Step(Act.SEND, at, "message", f"message {message.id}", message.text, message.id)
    session.add(message_row(record, step, now))
    told(session, record, "received", actor.id, now, {"number": one.number})
    return shown(session, record, actor, now)


def _moment(message: Message, now: datetime) -> datetime:
    """When what a message says counts: a reply when it reached us, the rest when they say.

    Clocks differ a little; a message from a moment to come is taken as of now.
    """
    if message.at > now + CLOCKS_DIFFER:
        raise MessageRefused(f"`/at`: `{message.at.isoformat()}` is still to come")
    if message.kind in {Kind.NOTIFY, Kind.DELIVER, Kind.READ}:
        return min(message.at, now)
    return now


def _ours(session: Session, message: Message) -> NotificationRecord | None:
    """Our notification that a message of the receiving authority is about."""
    for record in store.numbered(session, message.number):
        if record.direction == "out" and record.receiver == message.sender.country:
            return record
    return None


def _same(session: Session, record: NotificationRecord, message: Message) -> bool:
    """Whether a message brings a notification once more, unchanged."""
    if message.kind is not Kind.NOTIFY or record.direction != "in":
        return False
    first = kept(store.versions(session, record.id)[0]).notification
    if message.content != content_of(first):
        raise MessageRefused(f"`{message.number}` was received with another content")
    return True
