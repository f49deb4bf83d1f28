"""The log of acts: append-only, each event bound to the one before by its hash.

An action is written `kind:participle` or `kind:noun:participle`, all in lower case: the kind of
thing acted on, the aspect, what was done to it. `decision:classify:made`, `seed:loaded`.

The chain shows a change, a gap or a fork. It cannot show that the last events were cut off: for
that, keep the newest hash somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry.errors import InputError
from registry.models import AuditEvent
from registry.store.canonical import canonical, digest

ACTION = re.compile(r"[a-z][a-z-]*(:[a-z][a-z-]*){1,2}")
GENESIS = "0" * 64
CHAIN_LOCK = 7_305_002


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    payload: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append one event in the transaction of the act itself.

    Call it last: on PostgreSQL other writers wait from here until the transaction ends.
    """
    if not ACTION.fullmatch(action):
        raise InputError(f"`{action}` is not an action; write `kind:noun:participle`")
    _hold_chain(session)
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).first()
    event = AuditEvent(
        seq=last.seq + 1 if last else 1,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        payload=canonical(dict(payload or {})),
        previous=last.hash if last else GENESIS,
    )
    event.hash = event_hash(event)
    session.add(event)
    session.flush()
    return event


def event_hash(event: AuditEvent) -> str:
    """sha256 over the canonical text of every other column."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    columns = (event.seq, at, event.actor, event.action, event.subject, event.payload)
    return digest(canonical([*columns, event.previous]))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: by who did it, by what was acted on, by the first words of the action."""

    actor: str = ""
    subject: str = ""
    action: str = ""


def page(session: Session, wanted: Wanted, *, before: int = 0, limit: int) -> list[AuditEvent]:
    """Events that answer, newest first, before a number; 0 begins at the newest."""
    rows = select(AuditEvent)
    if before:
        rows = rows.where(AuditEvent.seq < before)
    if wanted.actor:
        rows = rows.where(AuditEvent.actor == wanted.actor)
    if wanted.subject:
        rows = rows.where(AuditEvent.subject == wanted.subject)
    if wanted.action:
        rows = rows.where(AuditEvent.action.startswith(wanted.action, autoescape=True))
    return list(session.scalars(rows.order_by(AuditEvent.seq.desc()).limit(limit)))


def verify_chain(session: Session) -> int | None:
    """The number of the first event that does not follow from the one before; None if all do."""
    previous = GENESIS
    in_order = select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=1000)
    with session.scalars(in_order) as events:
        for seq, event in enumerate(events, start=1):
            if (event.seq, event.previous, event.hash) != (seq, previous, event_hash(event)):
                return seq
            previous = event.hash
    return None


def _hold_chain(session: Session) -> None:
    """Nobody else may append until this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
