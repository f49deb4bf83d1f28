"""The facts as known at a moment, kept until the register changes, and put where workers find them."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, sessionmaker

from registry.facts import Facts
from registry.models import (
    AccessKey,
    AccessSession,
    AuditEvent,
    Authorisation,
    AuthorisationVersion,
    Base,
    Consignment,
    DecisionRecord,
    DraftRecord,
    DraftVersion,
    EndorsementRecord,
    Job,
    KeptAnswer,
    Ledger,
    LedgerEntry,
    NotificationMessage,
    NotificationRecord,
    NotificationSeries,
    NotificationVersion,
    NumberSeries,
    NumberTaken,
    Recorded,
    Watch,
    WatchChange,
    WatchChunk,
    WatchMember,
    WatchRun,
    WatchStanding,
)
from registry.snapshot import snapshot
from registry.store.session import reading

State = tuple[Any, ...]

# What was asked and answered states nothing of substances or law.
NO_FACTS: frozenset[type[Base]] = frozenset(
    {AccessKey, AccessSession, AuditEvent, DecisionRecord, Job}
    | {Watch, WatchMember, WatchRun, WatchChunk, WatchStanding, WatchChange}
    | {Authorisation, AuthorisationVersion, Consignment, EndorsementRecord}
    | {NumberSeries, NumberTaken, KeptAnswer, Ledger, LedgerEntry}
    | {NotificationRecord, NotificationVersion, NotificationMessage, NotificationSeries}
    | {DraftRecord, DraftVersion}
)


@dataclass
class Known:
    """One per process; threads may share it. `folder` lives as long as it does."""

    sessions: sessionmaker[Session]
    folder: Path
    _latest: tuple[State, Facts] | None = None
    _lock: Lock = field(default_factory=Lock)

    def facts(self, known_at: datetime) -> Facts:
        """The facts as known at a moment. Those known now are read again only after a change."""
        with reading(self.sessions) as session:
            state = register_state(session)
            newest = known_at >= _last_change(state, known_at)
            kept = self._latest
            if newest and kept and kept[0] == state:
                return kept[1]
            facts = snapshot(session, known_at)
        if newest:
            self._latest = (state, facts)
        return facts

    def file(self, facts: Facts) -> str:
        """The file from which a worker reads these facts. Written once per content hash."""
        file = self.folder / f"{facts.content_hash}.pickle"
        with self._lock:
            if not file.exists():
                draft = file.with_suffix(".draft")
                draft.write_bytes(pickle.dumps(facts))
                draft.rename(file)
        return str(file)


def register_state(session: Session) -> State:
    """A cheap mark of what the register holds: rows and newest moments of each table of facts."""
    return tuple(session.execute(_all_marks()).one())


@cache
def _all_marks() -> Select[Any]:
    models = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda m: m.__name__)
    marks = [mark for model in models if model not in NO_FACTS for mark in _marks(model)]
    return select(*(mark.scalar_subquery() for mark in marks))


def _marks(model: type[Base]) -> Iterator[Select[Any]]:
    if not issubclass(model, Recorded):
        yield select(func.count()).select_from(model)
        return
    # Records are never taken away: the newest row number says as much as their count, and each of
    # these is the end of an index.
    yield select(func.max(model.id))
    yield select(func.max(model.recorded_from))
    yield select(func.max(model.recorded_to)).where(model.recorded_to.is_not(None))


def _last_change(state: State, otherwise: datetime) -> datetime:
    return max((mark for mark in state if isinstance(mark, datetime)), default=otherwise)
