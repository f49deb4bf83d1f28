"""How every act is done: once per key, permitted, written, and told in the audit, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session, sessionmaker

from api.access.allow import Actor
from registry.errors import InputError
from registry.store import answers, audit
from registry.store.canonical import canonical
from registry.store.session import writing


class VersionConflict(InputError):
    """Somebody has acted since the version that the caller has seen."""

    code = "version-conflict"


class Sessions(Protocol):
    """What an act needs of the shared wiring."""

    @property
    def sessions(self) -> sessionmaker[Session]: ...


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, when, and on what they have seen.

    `version`: the one the caller has seen; None takes whatever there is. `key`: the same key with
    the same request does nothing again and is given the same answer, for the life of the record.
    """

    actor: Actor
    now: datetime
    version: int | None = None
    key: str = ""

    @property
    def on(self) -> date:
        """The day of the act (UTC)."""
        return self.now.date()


@dataclass(slots=True)
class Done:
    """What an act did: its answer, and what the audit says of it."""

    answer: dict[str, Any]
    subject: str
    action: str
    told: dict[str, Any] = field(default_factory=dict)


def perform(
    engine: Sessions, by: By, request: dict[str, Any], work: Callable[[Session], Done]
) -> dict[str, Any]:
    """Do an act in one transaction with its audit event and, where it has a key, its answer.

    A refusal rolls everything back and is not kept: the same key may be tried again. Raises
    KeyReused where the key was used for another request.
    """
    with writing(engine.sessions) as session:
        if by.key:
            before = answers.kept(session, by.actor.id, by.key, request)
            if before is not None:
                found: dict[str, Any] = json.loads(before)
                return found
        done = work(session)
        text = canonical(done.answer)
        if by.key:
            answers.keep(
                session, by.actor.id, by.key, request, text, subject=done.subject, now=by.now
            )
        audit.record(
            session,
            at=by.now,
            actor=by.actor.id,
            action=done.action,
            subject=done.subject,
            payload=done.told,
        )
    answer: dict[str, Any] = json.loads(text)
    return answer


def require_version(by: By, current: int) -> None:
    """Raises VersionConflict where the caller has seen another version."""
    if by.version is not None and by.version != current:
        raise VersionConflict(f"it is at version {current}, not {by.version}: look again, then act")
