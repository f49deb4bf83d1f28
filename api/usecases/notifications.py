"""Pre-export notifications: composed, sent, answered, run out, suspended, stopped, closed.

Each act is one transaction: the notification is held, the act is judged, a new version and its
message are written, and the audit event last. Nothing that was written is changed.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from api.messages.plain import check_text
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


def allow(actor: str, act: str, record: NotificationRecord | None) -> None:  # noqa: ARG001 - whose it is will matter once there are roles
    """The one place that says who may do what. Until there are roles: whoever has a name."""
    if not actor.strip():
        raise InputError(f"nobody is named who does `{act}`")


def compose(
    sessions: Sessions, new: New, *, actor: str, now: datetime, key: str = ""
) -> dict[str, Any]:
    """A draft of a consignment, with what it still lacks."""
    allow(actor, "compose", None)
    if new.filed_at is not None:
        require_possible(new.filed_at, now)
    identifier = new_id()
    content = composed(new, identifier, 1)
    with writing(sessions) as session:
        if found := done_before(session, actor, key, plain(_unnamed(content))):
            return shown(session, found, now)
        record = record_of(content.notification, "out", now)
        session.add(record)
        session.flush()
        row = version_of(record, content, Standing(NotificationState.DRAFT), "compose", actor, now)
        _keyed(row, actor, key, plain(_unnamed(content)))
        write(session, record, row, judged(silence_rules(), content, now))
        told(session, record, "composed", actor, now, {})
        return shown(session, record, now)


def amend(
    sessions: Sessions,
    notification: str,
    new: New,
    *,
    actor: str,
    now: datetime,
    expected: int | None,
) -> dict[str, Any]:
    """Another content for a draft. Raises InputError where it was sent already."""
    with writing(sessions) as session:
        record = store.hold(session, notification)
        allow(actor, "amend", record)
        if new.filed_at is not None:
            require_possible(new.filed_at, now)
        _require_version(record, expected)
        if record.state != NotificationState.DRAFT:
            raise InputError("what was sent is not amended: cancel it and send another")
        record.version += 1
        content = composed(new, record.id, record.version)
        record.sender = content.notification.sender.country
        record.receiver = content.notification.receiver.country
        row = version_of(record, content, Standing(NotificationState.DRAFT), "amend", actor, now)
        write(session, record, row, judged(silence_rules(), content, now))
        told(session, record, "amended", actor, now, {})
        return shown(session, record, now)


def act(
    sessions: Sessions, notification: str, step: Step, *, actor: str, now: datetime
) -> dict[str, Any]:
    """Record what was done about a notification, by us or by the other authority.

    Raises ActNotPossible, NotificationIncomplete, ProofMissing, TimeNotOver, MomentNotPossible,
    VersionChanged, KeyReused, NotFound.
    """
    with writing(sessions) as session:
        record = store.hold(session, notification)
        asked = {"notification": notification, **step.plain()}
        if found := done_before(session, actor, step.key, asked):
            return shown(session, found, now)
        allow(actor, str(step.act), record)
        _require_version(record, step.expected)
        take(session, record, step, asked, actor, now)
        return shown(session, record, now)


def expire_due(sessions: Sessions, *, actor: str, now: datetime) -> list[dict[str, Any]]:
    """Every notification of ours whose time to reply is over for certain, marked so."""
    with writing(sessions) as session:
        done = []
        for found in store.due(session, now):
            record = store.hold(session, found.id)
            if record.state in store.AWAITING:  # nobody answered while we waited for it
                allow(actor, str(Act.EXPIRE), record)
                take(session, record, Step(Act.EXPIRE), {}, actor, now)
                done.append(shown(session, record, now))
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
    _keyed(row, actor, step.key, asked)
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


def done_before(
    session: Session, actor: str, key: str, asked: dict[str, Any]
) -> NotificationRecord | None:
    """What the same act under the same key led to, as it stands now."""
    if len(key) > LONGEST_KEY:
        raise InputError(f"a key has at most {LONGEST_KEY} characters")
    found = store.keyed(session, _scoped(actor, key))
    if found is None:
        return None
    if found.asked != digest(canonical(asked)):
        raise KeyReused(f"the key `{key}` was used for something else")
    return store.get(session, found.notification)


def _keyed(row: NotificationVersion, actor: str, key: str, asked: dict[str, Any]) -> None:
    row.key = _scoped(actor, key)
    row.asked = digest(canonical(asked)) if key else ""


def _scoped(actor: str, key: str) -> str:
    return f"{actor} {key}" if key else ""


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
