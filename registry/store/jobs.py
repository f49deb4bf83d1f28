"""Jobs: asked for in the caller's transaction, taken by one worker at a time, on both databases.

Whoever writes opens the transaction with `registry.store.session.writing`: on SQLite that takes the
only write lock at once, on PostgreSQL workers pass over what another is just taking.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, defer

from registry.errors import NotFound, RegisterError
from registry.models import Job, JobState
from registry.models.base import new_id

ATTEMPTS = 5
LEASE = timedelta(seconds=120)
LONG_LEASE = timedelta(seconds=900)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ERROR = 1000


class LeaseLost(RegisterError):
    """Another worker has taken the job since: nothing more may be written in its name."""

    code = "lease-lost"


@dataclass(frozen=True, slots=True)
class Lease:
    """A job as it was taken. `token` is the proof of holding it."""

    id: str
    kind: str
    payload: dict[str, Any]
    actor: str
    token: int
    attempt: int


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    actor: str,
    key: str = "",
    attempts: int = ATTEMPTS,
) -> Job:
    """Ask for work in the transaction of the act that needs it.

    At most one unfinished job of a kind has a `key`: asked again, the one there is comes back.
    """
    given = {
        "id": new_id(),
        "kind": kind,
        "key": key,
        "payload": payload,
        "actor": actor,
        "state": JobState.READY.value,
        "due_at": now,
        "token": 0,
        "attempts": 0,
        "max_attempts": attempts,
        "error": "",
        "created_at": now,
    }
    session.execute(_insert(session).values(**given).on_conflict_do_nothing())
    return session.get(Job, given["id"]) or _unfinished(session, kind, key)


def take(
    session: Session, now: datetime, *, kinds: Collection[str], lease: timedelta = LEASE
) -> Lease | None:
    """Take the job that has waited longest; one whose worker fell silent counts as waiting.

    A job whose last attempt fell silent is given up. None where nothing is to be done.
    """
    while (job := _waiting(session, now, kinds)) is not None:
        if job.attempts >= job.max_attempts:
            _end(job, JobState.DEAD, now)
            job.error = job.error or "its worker fell silent at the last attempt"
            session.flush()
            continue
        job.state, job.leased_until = JobState.LEASED, now + lease
        job.token += 1
        job.attempts += 1
        session.flush()
        return Lease(job.id, job.kind, job.payload, job.actor, job.token, job.attempts)
    return None


def renew(
    session: Session,
    lease: Lease,
    now: datetime,
    *,
    by: timedelta = LEASE,
    so_far: dict[str, Any] | None = None,
) -> None:
    """Go on holding a job, and say how far it has come. Called in the transaction of each part of
    the work, it is the fence: a worker that lost its lease raises LeaseLost, and its part is rolled
    back."""
    job = _held(session, lease)
    job.leased_until = now + by
    if so_far is not None:
        job.result = so_far


def page(
    session: Session, kind: str, *, actor: str = "", after: str = "", limit: int = 50
) -> list[Job]:
    """Jobs of a kind, those asked for by one actor or all, the newest first, after a job.

    What came of them may be large, and is read of each only when it is asked for.
    """
    wanted = select(Job).where(Job.kind == kind).options(defer(Job.result))
    wanted = wanted.where(Job.actor == actor) if actor else wanted
    last = session.get(Job, after) if after else None
    if last is not None:
        earlier = and_(Job.created_at == last.created_at, Job.id < last.id)
        wanted = wanted.where(or_(Job.created_at < last.created_at, earlier))
    ordered = wanted.order_by(Job.created_at.desc(), Job.id.desc())
    return list(session.scalars(ordered.limit(limit)))


def finish(
    session: Session, lease: Lease, now: datetime, result: dict[str, Any] | None = None
) -> None:
    """The work is done. Raises LeaseLost."""
    job = _held(session, lease)
    job.result, job.error = result, ""
    _end(job, JobState.DONE, now)


def fail(
    session: Session, lease: Lease, now: datetime, error: str, *, for_good: bool = False
) -> JobState:
    """The attempt failed: tried again after a growing wait, and given up after the last, or at
    once where trying again cannot help. Raises LeaseLost."""
    job = _held(session, lease)
    job.error = error[:LONGEST_ERROR]
    if for_good or job.attempts >= job.max_attempts:
        _end(job, JobState.DEAD, now)
        return JobState.DEAD
    job.state, job.leased_until = JobState.READY, None
    job.due_at = now + wait_after(job.attempts)
    return JobState.READY


def wait_after(attempts: int) -> timedelta:
    """Twice as long after each attempt, up to an hour."""
    doubled: int = 1 << min(attempts - 1, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def get(session: Session, job: str) -> Job:
    found = session.get(Job, job)
    if found is None:
        raise NotFound(f"there is no job `{job}`")
    return found


def _insert(session: Session) -> sqlite.Insert | postgresql.Insert:
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(Job)
    return postgresql.insert(Job)


def _waiting(session: Session, now: datetime, kinds: Collection[str]) -> Job | None:
    ready = and_(Job.state == JobState.READY, Job.due_at <= now)
    silent = and_(Job.state == JobState.LEASED, Job.leased_until <= now)
    statement = (
        select(Job)
        .where(Job.kind.in_(kinds), or_(ready, silent))
        .order_by(Job.due_at, Job.created_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(statement).first()


def _held(session: Session, lease: Lease) -> Job:
    held = select(Job).where(
        Job.id == lease.id, Job.token == lease.token, Job.state == JobState.LEASED
    )
    job = session.scalars(
        held.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if job is None:
        raise LeaseLost(f"the job `{lease.id}` was taken by another worker, or is finished")
    return job


def _unfinished(session: Session, kind: str, key: str) -> Job:
    live = Job.state.in_([JobState.READY, JobState.LEASED])
    return session.scalars(select(Job).where(Job.kind == kind, Job.key == key, live)).one()


def _end(job: Job, state: JobState, now: datetime) -> None:
    job.state, job.leased_until, job.finished_at = state, None, now
