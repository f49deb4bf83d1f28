"""Runs of a watch: on what ground they are judged, what came before, and how far they have come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.engine import Engine
from api.usecases.dates import Dates, dates_asked
from registry.errors import RegisterError
from registry.models import Watch, WatchChunk, WatchRun
from registry.store import watches
from registry.store.session import reading, writing
from rules.decide import Scope
from rules.status import laws_in_force
from rules.versions import versions


class WatchBusy(RegisterError):
    """Another process is judging the same watch."""

    code = "watch-busy"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come."""

    members: int = 0
    changed: int = 0
    undetermined: int = 0

    def and_then(self, chunk: WatchChunk) -> Progress:
        return Progress(
            self.members + chunk.members,
            self.changed + chunk.changed,
            self.undetermined + chunk.undetermined,
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a run is judged. Two runs on the same ground give the same answers."""

    on: date
    rule_set: str
    facts: str
    versions: dict[str, Any] = field(default_factory=versions)

    @classmethod
    def of(cls, run: WatchRun) -> Ground:
        return cls(run.on, run.rule_set, run.facts, run.versions)


@dataclass(frozen=True, slots=True)
class Opened:
    """A run to be done: what came before it, and how far it has come itself."""

    watch: Watch
    run: WatchRun
    earlier: tuple[tuple[WatchRun, str | None], ...]  # newest first; key reached, None: its end
    done: Progress = Progress()
    upto: str = ""
    chunks: int = 0

    @property
    def baseline(self) -> bool:
        return all(reached is not None for _, reached in self.earlier)

    def then(self, key: str) -> int:
        """Which of the earlier runs judged a member last."""
        return next(
            (
                at
                for at, (_, reached) in enumerate(self.earlier)
                if reached is None or key <= reached
            ),
            len(self.earlier) - 1,
        )


def dates_of(
    watch: Watch, now: datetime, on: date | None = None, known_on: date | None = None
) -> Dates:
    """The dates of a run: those asked for, else the watch's own policy."""
    return dates_asked(now, on or watch.on, known_on)


def last_finished(engine: Engine, watch: str) -> tuple[WatchRun, Progress] | None:
    """The newest run, if it came to its end."""
    with reading(engine.sessions) as session:
        run = watches.newest_run(session, watch)
        done = watches.chunks(session, watch, run.number) if run else []
    if run is None or not (done and done[-1].ends):
        return None
    return run, progress_of(done)


def open_run(
    engine: Engine, watch: Watch, ground: Ground, dates: Dates, actor: str, now: datetime
) -> Opened:
    """The newest run where it was cut short on the same ground, else a new one."""
    with alone(watch), writing(engine.sessions) as session:
        newest = watches.newest_run(session, watch.id)
        if newest is not None and Ground.of(newest) == ground:
            done = watches.chunks(session, watch.id, newest.number)
            earlier = tuple(_earlier(session, watch.id, newest.number))
            upto = done[-1].upto if done else ""
            return Opened(watch, newest, earlier, progress_of(done), upto, len(done))
        run = WatchRun(
            watch=watch.id,
            number=newest.number + 1 if newest else 1,
            on=ground.on,
            known_at=dates.known_at,
            rule_set=ground.rule_set,
            facts=ground.facts,
            laws=dict(laws_in_force(engine.law, ground.on, scope_of(watch))),
            versions=ground.versions,
            actor=actor,
            begun_at=now,
        )
        session.add(run)
        session.flush()
        return Opened(watch, run, tuple(_earlier(session, watch.id, run.number)))


def _earlier(session: Session, watch: str, number: int) -> Iterator[tuple[WatchRun, str | None]]:
    """The runs before one, back to the newest that came to its end, with how far each came."""
    for run in watches.runs(session, watch):
        if run.number >= number:
            continue
        done = watches.chunks(session, watch, run.number)
        ended = bool(done) and done[-1].ends
        if done:
            yield run, None if ended else done[-1].upto
        if ended:
            return


def scope_of(watch: Watch) -> Scope:
    return Scope(tuple(watch.jurisdictions), tuple(watch.provisions))


@contextmanager
def alone(watch: Watch) -> Iterator[None]:
    """Two processes on one watch: the later one finds its chunk or its run taken."""
    try:
        yield
    except IntegrityError as error:
        raise WatchBusy(f"another process is judging the watch `{watch.name}`") from error


def progress_of(chunks: Iterable[WatchChunk]) -> Progress:
    total = Progress()
    for chunk in chunks:
        total = total.and_then(chunk)
    return total
