"""Judge a watch again, chunk by chunk, and put on record what changed status and by which clause.

Each chunk is committed with its standings and changes in one transaction. A run that is killed goes
on after its newest chunk; run again with nothing changed it finds nothing to do and says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from api import screening
from api.compared import Comparison, before_text, judged
from api.engine import Engine
from api.screening import Errors, Question, Screened
from api.usecases.watch import REPORT
from api.usecases.watch_runs import (
    Ground,
    Opened,
    Progress,
    alone,
    dates_of,
    last_finished,
    open_run,
    scope_of,
)
from registry.chem.parse import Format
from registry.collections.read import Record
from registry.errors import DatabaseError
from registry.models import Watch, WatchChange, WatchChunk, WatchRun, WatchStanding
from registry.store import audit, jobs, watches
from registry.store.session import reading, writing
from rules.status import Change, Judged, Kind, Standing, members_changed

PAGE = screening.CHUNK
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found. `fresh` is false where nothing had changed and nothing was judged;
    `baseline`: the first run of its watch, which has nothing to compare with."""

    watch: str
    name: str
    run: int
    fresh: bool
    baseline: bool
    on: date
    known_at: datetime
    rule_set: str
    facts: str
    members: int
    changed: int
    undetermined: int


def rescreen(
    engine: Engine,
    watch: str,
    *,
    actor: str,
    clock: Clock,
    on: date | None = None,
    known_on: date | None = None,
    lease: jobs.Lease | None = None,
    workers: int | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Run a watch, or go on with a run of it that was cut short.

    Under a `lease` every chunk proves that the job is still held. Raises NotFound, WatchBusy,
    LeaseLost, and DatabaseError where the register held nothing to judge by.
    """
    with reading(engine.sessions) as session:
        watched = watches.get(session, watch)
    dates = dates_of(watched, clock(), on, known_on)
    facts = engine.facts(dates.known_at)
    if not facts.listings:
        raise DatabaseError(f"this register held no listings at {dates.known_text}")
    ground = Ground(dates.on, engine.law.content_hash, facts.content_hash)
    finished = last_finished(engine, watch)
    if finished is not None and Ground.of(finished[0]) == ground:
        return _report(watched, finished[0], finished[1], fresh=False, baseline=False)
    opened = open_run(engine, watched, ground, dates, actor, clock())
    labels: dict[str, str] = {}
    answers = screening.screen(
        _records(engine, opened, labels),
        _question(opened),
        facts,
        law_root=engine.settings.law_root,
        workers=workers,
        deadline=engine.settings.deadline_seconds,
    )
    total = _judge_all(engine, opened, answers, labels, clock, lease, progress)
    return _report(watched, opened.run, total, fresh=True, baseline=opened.baseline)


def _judge_all(
    engine: Engine,
    opened: Opened,
    answers: Generator[Screened],
    labels: dict[str, str],
    clock: Clock,
    lease: jobs.Lease | None,
    progress: Callable[[Progress], None],
) -> Progress:
    """Put the answers on record as they come, and at the end what is watched no longer."""
    total, number, upto = opened.done, opened.chunks, opened.upto
    with closing(answers):
        for answer in answers:
            found = list(_found(answer, opened, labels))
            if not found:
                continue
            number, upto = number + 1, found[-1].key
            chunk = _chunk(opened, number, upto, found, clock())
            _commit(engine, opened, chunk, found, lease)
            total = total.and_then(chunk)
            progress(total)
    gone = _gone(engine, opened)
    chunk = _chunk(opened, number + 1, upto, gone, clock(), ends=True)
    _commit(engine, opened, chunk, gone, lease)
    return total.and_then(chunk)


def _question(opened: Opened) -> Question:
    run = opened.run
    known_at = run.known_at.astimezone(UTC).isoformat(timespec="microseconds")
    return Question(
        on=run.on,
        known_at=known_at,
        scope=scope_of(opened.watch),
        format=Format(opened.watch.format),
        errors=Errors.REPORT,
        comparison=Comparison(tuple(_judged(run) for run, _ in opened.earlier), _judged(run)),
    )


def _judged(run: WatchRun) -> Judged:
    return judged(run.laws, run.on, str(run.known_at), run.rule_set, run.facts)


def _records(engine: Engine, opened: Opened, labels: dict[str, str]) -> Iterator[Record]:
    """The members not judged yet, each with where it stood; no transaction stays open between."""
    watch, after = opened.watch, opened.upto
    while True:
        with reading(engine.sessions) as session:
            page = watches.members(session, watch, opened.run.known_at, after=after, limit=PAGE)
            keys = [member.key for member in page]
            held = watches.standings(session, watch.id, keys, opened.run.number)
        for member in page:
            labels[member.key] = member.label
            standing = held.get(member.key)
            before = before_text(standing, opened.then(member.key)) if standing else ""
            yield Record(member.key, member.text, 0, 0, member.fault, before)
        if len(page) < PAGE:
            return
        after = page[-1].key


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one member. `standing` is None where it is no longer watched."""

    key: str
    label: str
    standing: dict[str, Any] | None
    changes: tuple[Change, ...]
    moved: bool = True  # whether it stands elsewhere than before
    error: str = ""


def _found(answer: Screened, opened: Opened, labels: dict[str, str]) -> Iterator[Found]:
    for line in answer.body.splitlines():
        told = json.loads(line)
        changes = tuple(Change(**change) for change in told["changes"])
        if told["new"] and not opened.baseline:
            changes = members_changed(Kind.JOINED, None, Standing.of(told["standing"]))
        key, standing, moved = told["id"], told["standing"], told["moved"]
        yield Found(key, labels.pop(key), standing, changes, moved, told["error"])


def _gone(engine: Engine, opened: Opened) -> list[Found]:
    """Members of earlier runs that the watch no longer takes in."""
    watch, known_at = opened.watch, opened.run.known_at
    present: set[str] = set()
    with reading(engine.sessions) as session:
        after = ""
        while page := watches.members(session, watch, known_at, after=after, limit=PAGE):
            present.update(member.key for member in page)
            after = page[-1].key
        return [
            Found(row.key, row.label, None, _left(row.standing or {}))
            for row in watches.standing_members(session, watch.id)
            if row.key not in present
        ]


def _left(standing: dict[str, Any]) -> tuple[Change, ...]:
    return members_changed(Kind.LEFT, Standing.of(standing), None)


def _chunk(
    opened: Opened,
    number: int,
    upto: str,
    found: list[Found],
    now: datetime,
    *,
    ends: bool = False,
) -> WatchChunk:
    return WatchChunk(
        watch=opened.watch.id,
        run=opened.run.number,
        number=number,
        upto=upto,
        members=sum(one.standing is not None for one in found),
        changed=sum(bool(one.changes) for one in found),
        undetermined=sum(bool(one.error) for one in found),
        ends=ends,
        at=now,
    )


def _commit(
    engine: Engine,
    opened: Opened,
    chunk: WatchChunk,
    found: list[Found],
    lease: jobs.Lease | None,
) -> None:
    """One chunk: its standings, its changes, and the proof that nobody else did it meanwhile."""
    with alone(opened.watch), writing(engine.sessions) as session:
        if lease is not None:
            jobs.renew(session, lease, chunk.at)
        session.add(chunk)
        session.add_all(_standings(opened, found))
        session.add_all(_changes(opened, found))
        session.flush()
        if chunk.ends:
            _end(session, opened, chunk)


def _standings(opened: Opened, found: Iterable[Found]) -> Iterator[WatchStanding]:
    for one in found:
        if one.moved:
            yield WatchStanding(
                watch=opened.watch.id,
                key=one.key,
                run=opened.run.number,
                label=one.label,
                standing=one.standing,
            )


_OWN_COLUMNS = ("kind", "why", "jurisdiction", "provision", "before", "after", "clause")
_DETAIL = (
    "text", "holds", "clauses_before", "clauses_after", "wording_before", "wording_after",
)  # fmt: skip


def _changes(opened: Opened, found: Iterable[Found]) -> Iterator[WatchChange]:
    for one in found:
        for change in one.changes:
            yield WatchChange(
                watch=opened.watch.id,
                run=opened.run.number,
                key=one.key,
                label=one.label,
                detail={name: getattr(change, name) for name in _DETAIL},
                **{name: str(getattr(change, name)) for name in _OWN_COLUMNS},
            )


def _end(session: Session, opened: Opened, chunk: WatchChunk) -> None:
    """The run is over: its report is asked for, and its end is on record, together with the rest."""
    watch, run = opened.watch, opened.run
    total = watches.count_changes(session, watch.id, run.number)
    if watch.webhook and total and not opened.baseline:
        jobs.enqueue(
            session,
            REPORT,
            {"watch": watch.id, "run": run.number},
            now=chunk.at,
            actor=run.actor,
            key=f"{watch.id}/{run.number}",
            attempts=8,
        )
    audit.record(
        session,
        at=chunk.at,
        actor=run.actor,
        action="watch:run:finished",
        subject=watch.id,
        payload={"run": run.number, "changes": total, "rule_set": run.rule_set, "facts": run.facts},
    )


def _report(watch: Watch, run: WatchRun, total: Progress, *, fresh: bool, baseline: bool) -> Report:
    return Report(
        watch=watch.id,
        name=watch.name,
        run=run.number,
        fresh=fresh,
        baseline=baseline,
        on=run.on,
        known_at=run.known_at,
        rule_set=run.rule_set,
        facts=run.facts,
        members=total.members,
        changed=total.changed if fresh else 0,
        undetermined=total.undetermined,
    )
