"""Pre-export notifications: composed, sent, answered, run out, suspended, stopped, closed.

Each act is one transaction: the notification is held, the act is judged, a new version and its
message are written, and the audit event last. Nothing that was written is changed.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from api.access.allow import Actor
from api.access.papers import notification_act
from api.messages.plain import check_text
from api.usecases import notification_permission as permission
from api.usecases.notification_record import (
    Kept,
    New,
    Step,
    clocked,
    composed,
    direction_of,
    judged,
    kept,
    moved,
    names_of_table_i,
    plain,
    position_plain,
    standing,
    version_of,
)
from api.usecases.notifications_shown import shown
from registry.errors import InputError
from registry.models import NotificationMessage, NotificationRecord, NotificationVersion
from registry.models.base import new_id
from registry.store import audit
from registry.store import notifications as store
from registry.store.canonical import canonical, digest
from registry.store.session import writing
from registry.trade_facts import Notification, NotificationState
from rules.trade.notification_content import lacks
from rules.trade.notification_states import Act, Standing, after, findings
from rules.trade.silence import silence_rules
from rules.trade.waiting import Position

Sessions = sessionmaker[Session]
LONGEST_KEY = 200
MOST = 1000  # marked in one transaction
# The Convention of 1988 entered into force on this day; nothing was notified under it before.
EARLIEST = datetime(1990, 11, 11, tzinfo=UTC)
STARTING = frozenset({Act.DELIVER, Act.READ})  # they set the clock running, so they need a proof


class VersionChanged(InputError):
    """Somebody changed the notification since the caller saw it."""

    code = "version-conflict"


class NotificationIncomplete(InputError):
    """What article 12 (10) (a) asks to be told is not all there."""

    code = "notification-incomplete"


class ProofMissing(InputError):
    """A clock is not set running by a word alone."""

    code = "proof-missing"


class TimeNotOver(InputError):
    """The time to reply is not over, or it cannot be said when it is."""

    code = "time-not-over"


class MomentNotPossible(InputError):
    """It cannot have happened then."""

    code = "moment-not-possible"


class KeyReused(InputError):
    """The key was used for something else."""

    code = "key-reused"


def compose(
    sessions: Sessions, new: New, *, actor: Actor, now: datetime, key: str = ""
) -> dict[str, Any]:
    """A draft of a consignment, with what it still lacks. Raises Denied, KeyReused."""
    if new.filed_at is not None:
        require_possible(new.filed_at, now)
    identifier = new_id()
    content = composed(new, identifier, 1)
    with writing(sessions) as session:
        permission.to_compose(actor, content)
        asked = plain(_unnamed(content))
        if found := done_before(session, scoped(actor.id, key), asked):
            return shown(session, permission.to_read(session, actor, found), actor, now)
        record = record_of(content.notification, "out", now)
        session.add(record)
        session.flush()
        draft = Standing(NotificationState.DRAFT)
        row = version_of(record, content, draft, "compose", actor.id, now)
        _keyed(row, scoped(actor.id, key), asked)
        write(session, record, row, judged(silence_rules(), content, now))
        told(session, record, "composed", actor.id, now, {})
        return shown(session, record, actor, now)


def amend(
    sessions: Sessions,
    notification: str,
    new: New,
    *,
    actor: Actor,
    now: datetime,
    expected: int | None,
) -> dict[str, Any]:
    """Another content for a draft. Raises Denied; InputError where it was sent already."""
    with writing(sessions) as session:
        record = permission.to_meet(session, actor, notification, "amend")
        if new.filed_at is not None:
            require_possible(new.filed_at, now)
        _require_version(record, expected)
        if record.state != NotificationState.DRAFT:
            raise InputError("what was sent is not amended: cancel it and send another")
        content = composed(new, record.id, record.version + 1)
        permission.to_amend(session, actor, record, content)
        record.version += 1
        record.sender = content.notification.sender.country
        record.receiver = content.notification.receiver.country
        draft = Standing(NotificationState.DRAFT)
        row = version_of(record, content, draft, "amend", actor.id, now)
        write(session, record, row, judged(silence_rules(), content, now))
        told(session, record, "amended", actor.id, now, {})
        return shown(session, record, actor, now)


def act(
    sessions: Sessions, notification: str, step: Step, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Record what was done about a notification, by us or by the other authority.

    Raises Denied, ActNotPossible, NotificationIncomplete, ProofMissing, TimeNotOver,
    MomentNotPossible, VersionChanged, KeyReused.
    """
    with writing(sessions) as session:
        record = permission.to_meet(session, actor, notification, step.act)
        asked = {"notification": notification, **step.plain()}
        step = replace(step, key=scoped(actor.id, step.key))
        if done_before(session, step.key, asked):
            return shown(session, record, actor, now)
        _require_version(record, step.expected)
        permission.to_act(session, actor, record, step.act)
        take(session, record, step, asked, actor.id, now)
        return shown(session, record, actor, now)


def expire_due(sessions: Sessions, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """What the actor's country sent and whose time to reply is over for certain, marked so.

    Raises Denied where the actor may mark nothing.
    """
    permission.to_expire(actor)
    with writing(sessions) as session:
        may_mark = notification_act(Act.EXPIRE)
        over = permission.those_may(session, actor, store.due(session, now), may_mark)
        done = []
        for found in list(islice(over, MOST)):
            record = store.hold(session, found.id)
            if record.state in store.AWAITING:  # nobody answered while we waited for it
                take(session, record, Step(Act.EXPIRE), {}, actor.id, now)
                done.append(shown(session, record, actor, now))
        return done


def take(
    session: Session,
    record: NotificationRecord,
    step: Step,
    asked: dict[str, Any],
    actor: str,
    now: datetime,
) -> None:
    """One act on a notification that is held, in the caller's transaction."""
    for name in ("channel", "proof", "text", "foreign_id"):
        check_text(getattr(step, name), f"/{name}")
    book = silence_rules()
    newest = store.newest(session, record)
    content, stood = kept(newest), standing(newest)
    at = _when(step, content.notification, now)
    then = after(stood, step.act)
    _require(session, record, step, content, at, now)
    new = moved(content, step, then, at)
    if step.act is Act.SEND:
        number = store.next_number(session, record.sender, at.year)
        new = replace(new, notification=replace(new.notification, number=number))
        record.number = number
    record.version += 1
    record.state = str(then.state)
    found = findings(stood, step.act, judged(book, new, at), at)
    row = version_of(record, new, then, str(step.act), actor, now)
    row.findings = [asdict(one) for one in found]
    _keyed(row, step.key, asked)
    write(session, record, row, judged(book, new, now))
    if step.act is not Act.EXPIRE:
        session.add(message_row(record, step, at))
    payload = {"from": str(stood.state), "at": at.isoformat(), "findings": len(found)}
    told(session, record, f"{str(step.act).replace('_', '-')}:recorded", actor, now, payload)


def write(
    session: Session, record: NotificationRecord, row: NotificationVersion, found: Position
) -> None:
    """Put a version on record, and with it when the time to reply is over."""
    row.reply_from, record.reply_by = clocked(silence_rules(), kept(row), row.at)
    content = dict(row.content)
    if record.reply_by is not None:
        one = replace(kept(row).notification, reply_by=record.reply_by)
        content = plain(replace(kept(row), notification=one))
    row.content, row.position = content, position_plain(found)
    session.add(row)
    session.flush()


def _require(
    session: Session,
    record: NotificationRecord,
    step: Step,
    content: Kept,
    at: datetime,
    now: datetime,
) -> None:
    """What an act needs besides its place in the order of things."""
    if step.act is Act.SEND:
        missing = lacks(content.notification, names_of_table_i(session, now))
        if missing:
            named = "; ".join(f"{one.clause} {one.text}" for one in missing)
            raise NotificationIncomplete(f"{len(missing)} missing: {named}")
    if record.direction == "out" and step.act in STARTING and not step.proof.strip():
        raise ProofMissing(f"`{step.act}` needs what proves it: a receipt, a system's record")
    if step.act is Act.EXPIRE:
        _require_over(record, at)


def _require_over(record: NotificationRecord, at: datetime) -> None:
    if record.reply_by is None:
        raise TimeNotOver("it is not known when the time to reply is over")
    if at < record.reply_by:
        raise TimeNotOver(f"the time to reply is over on {record.reply_by.isoformat()}")


def _when(step: Step, one: Notification, now: datetime) -> datetime:
    """When an act happened: not before the sending, not in time to come."""
    at = step.at or now
    require_possible(at, now)
    if one.sent_at is not None and at < one.sent_at:
        raise MomentNotPossible(f"`{at.isoformat()}` is before it was sent")
    return at


def require_possible(at: datetime, now: datetime) -> None:
    """Raises MomentNotPossible for a moment to come, or before there was anything to notify."""
    if at > now:
        raise MomentNotPossible(f"`{at.isoformat()}` is still to come")
    if at < EARLIEST:
        raise MomentNotPossible(f"`{at.isoformat()}` is before the 1988 Convention was in force")


def _require_version(record: NotificationRecord, expected: int | None) -> None:
    if expected is not None and expected != record.version:
        raise VersionChanged(f"it is at version {record.version}, not {expected}")


def record_of(one: Notification, direction: str, now: datetime) -> NotificationRecord:
    return NotificationRecord(
        id=one.id,
        direction=direction,
        sender=one.sender.country,
        receiver=one.receiver.country,
        number=one.number,
        version=1,
        state=str(one.state),
        created_at=now,
    )


def message_row(record: NotificationRecord, step: Step, at: datetime) -> NotificationMessage:
    return NotificationMessage(
        notification=record.id,
        version=record.version,
        direction=direction_of(record, step.act),
        kind=str(step.act),
        happened_at=at,
        channel=step.channel,
        proof=step.proof,
        text=step.text,
        foreign_id=step.foreign_id,
    )


def scoped(who: str, key: str) -> str:
    """A key as it is kept: whose it is, and what they call it."""
    if len(key) > LONGEST_KEY:
        raise InputError(f"a key has at most {LONGEST_KEY} characters")
    return f"{who} {key}" if key else ""


def done_before(session: Session, key: str, asked: dict[str, Any]) -> str:
    """The notification that the same act under the same key led to; empty if it was not done."""
    found = store.keyed(session, key)
    if found is None:
        return ""
    if found.asked != digest(canonical(asked)):
        raise KeyReused(f"the key `{key.partition(' ')[2]}` was used for something else")
    return found.notification


def _keyed(row: NotificationVersion, key: str, asked: dict[str, Any]) -> None:
    row.key = key
    row.asked = digest(canonical(asked)) if key else ""


def _unnamed(content: Kept) -> Kept:
    """The same content without the identifier it was just given."""
    return replace(content, notification=replace(content.notification, id=""))


def told(
    session: Session,
    record: NotificationRecord,
    done: str,
    actor: str,
    now: datetime,
    payload: dict[str, Any],
) -> None:
    payload = {"version": record.version, "state": record.state, **payload}
    audit.record(
        session, at=now, actor=actor, action=f"notification:{done}", subject=record.id,
        payload=payload,
    )  # fmt: skip
