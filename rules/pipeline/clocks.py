"""One clock of a procedure on one day: whether it runs, until when, and what came of it.

Three-valued throughout. A day that is not known is a span of days, so what it sets running ends in a
span as well; within it the answer is undetermined, never `not overdue`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from registry.facts import InForce, Period
from rules.deadlines.terms import Span, Term, over
from rules.pipeline.case import ALWAYS, NEVER, Case, Entry, occurred
from rules.pipeline.procedure import Clock, Procedure

FAR = date(9000, 1, 1)  # later than any day of law; nothing is counted from there


class Status(StrEnum):
    """What a clock says on a day. `MET`: what it waits for was done. `OVER`: the effect has begun, the
    window is closed, the wait is past, the measure has expired."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    MET = "met"
    OVERDUE = "overdue"
    OVER = "over"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Due:
    """A clock as it stands. `by`: the first day after it, or of the effect; None, it cannot be named.

    `done`: when what it waits for was done, and `in_time` whether before its end; None where that is
    not known. `missing`: what would have to be known. `notes`: what does not fit the law.
    """

    clock: Clock
    jurisdiction: str
    status: Status
    by: Span | None = None
    done: Span | None = None
    done_by: str = ""
    in_time: bool | None = None
    missing: str = ""
    notes: tuple[str, ...] = ()


def dues(procedure: Procedure, case: Case, on: date) -> tuple[Due, ...]:
    """Every clock of a case on a day, for each jurisdiction where it runs for each."""
    return tuple(
        _due(procedure, case, clock, code, on)
        for clock in procedure.clocks
        for code in (case.followed if clock.each else ("",))
    )


def judged(
    procedure: Procedure,
    clock: Clock,
    code: str,
    days: tuple[Span, Span],
    done: tuple[Span, str] | None,
    bound: Period,
    on: date,
) -> Due:
    """A clock that began on `days[0]` and ends on `days[1]`, against what was done, on a day.

    `done`: when, and by which step. Whoever is bound later than the clock ends has until then.
    """
    start, by = days[0], _later(days[1], bound)
    due = Due(clock, code, Status.NOT_STARTED, by)
    if done is not None:
        due = replace(due, done=done[0], done_by=done[1])
    due = replace(due, status=_status(due, start, on))
    if due.status is Status.MET:
        due = replace(due, in_time=_in_time(due))
    if due.status is Status.UNDETERMINED:
        due = replace(due, missing=_missing(procedure, due, start))
    return _as_bound(procedure, due, bound, on)


def _due(procedure: Procedure, case: Case, clock: Clock, code: str, on: date) -> Due:
    start = _start(procedure, case, clock, code, on)
    if start is None:
        return Due(clock, code, Status.NOT_STARTED, missing=_named(procedure, clock.starts, code))
    by, notes = _end(case, clock, code, start, on)
    binding = clock.each and bool(procedure.binds)
    bound = case.bound.get(code, Period()) if binding else Period.always()
    entry = _first(case, clock.ends_with, code if clock.each else "", on)
    done = None if entry is None else (entry.days, entry.step)
    due = judged(procedure, clock, code, (start, by), done, bound, on)
    return replace(due, notes=(*notes, *due.notes))


def _start(procedure: Procedure, case: Case, clock: Clock, code: str, on: date) -> Span | None:
    """When the clock began, or will. None: it has not, as far as anything on record says."""
    effect = procedure.clock(clock.starts)
    if effect is not None:
        return _due(procedure, case, effect, code if effect.each else "", on).by
    each = procedure.step(clock.starts).each
    own = _steps(case, (clock.starts,), code if each else "")
    if own:
        return own[0].days
    if clock.may_start_with is not None:
        before = _steps(case, (clock.may_start_with,), "")
        return Span(before[0].days.earliest, NEVER) if before else None
    return None


def _end(
    case: Case, clock: Clock, code: str, start: Span, on: date
) -> tuple[Span, tuple[str, ...]]:
    """The first day after the period, with what does not fit the law."""
    by = start if clock.term is None else _after(clock.term.term, start)
    if clock.kind == "expiry":
        return _expiry(case, clock, code, by, on)
    return (Span(by.earliest, NEVER) if clock.at_least else by), ()


def _expiry(
    case: Case, clock: Clock, code: str, by: Span, on: date
) -> tuple[Span, tuple[str, ...]]:
    """When a measure expires: as its document says, never later than the law allows."""
    notes: list[str] = []
    first = _steps(case, (clock.starts,), code)
    if first:
        by = _stated(by, first[0], notes)
    if clock.extended_by is None or clock.extension is None:
        return by, tuple(notes)
    for entry in _steps(case, (clock.extended_by,), code):
        if entry.days.earliest > on:
            continue
        if entry.days.earliest >= by.latest:
            notes.append(f"`{entry.step}` of {entry.days.earliest} came after it had expired")
            continue
        most = _after(clock.extension.term, by)
        longer = _stated(most, entry, notes) if entry.until else Span(by.earliest, most.latest)
        certain = entry.days.latest <= on and entry.days.latest <= by.earliest
        by = longer if certain else Span(by.earliest, longer.latest)
    return by, tuple(notes)


def _stated(most: Span, entry: Entry, notes: list[str]) -> Span:
    """The end that a document states, as far as the law allows it."""
    if entry.until is None:
        return most
    if entry.until > most.latest:
        notes.append(f"`{entry.step}` states {entry.until}; the law allows {most.latest} at most")
        return most
    return Span(entry.until, entry.until)


def _status(due: Due, start: Span, on: date) -> Status:
    by = due.by
    if by is None or start.earliest > on:
        return Status.NOT_STARTED
    happened = occurred(due.done, on)
    if happened is InForce.YES:
        return Status.MET
    if on < by.earliest:
        return Status.RUNNING
    if on < by.latest or happened is InForce.UNKNOWN:
        return Status.UNDETERMINED
    return Status.OVERDUE if due.clock.kind == "deadline" else Status.OVER


def _in_time(due: Due) -> bool | None:
    """Whether it was done before the end; after it, where the law wants one to wait."""
    by, done = due.by, due.done
    if by is None or done is None:
        return None
    early, late = done.latest < by.earliest, done.earliest >= by.latest
    if due.clock.kind == "expiry" or due.clock.term is None:
        # What begins on that very day leaves no day without law.
        early, late = done.latest <= by.earliest, done.earliest > by.latest
    if due.clock.kind == "wait":
        early, late = late, early
    return True if early else False if late else None


def _as_bound(procedure: Procedure, due: Due, bound: Period, on: date) -> Due:
    """Nothing is overdue for one that is not bound, or of which that is not known."""
    settled = due.status in {Status.NOT_STARTED, Status.MET}
    holds = bound.holds(on)
    if settled or holds is InForce.YES:
        return due
    said = f"whether {due.jurisdiction} is bound by {_instrument(procedure)} on {on}"
    if holds is InForce.UNKNOWN and due.status is not Status.RUNNING:
        return replace(due, status=Status.UNDETERMINED, missing=said)
    if holds is InForce.NO:
        note = f"{due.jurisdiction} is not bound by {_instrument(procedure)} on {on}"
        return replace(due, status=Status.NOT_STARTED, notes=(*due.notes, note))
    return due


def _instrument(procedure: Procedure) -> str:
    return (
        f"the {procedure.treaty} Convention"
        if procedure.treaty
        else f"law of the {procedure.union}"
    )


def _missing(procedure: Procedure, due: Due, start: Span) -> str:
    """Which day is not known for certain."""
    clock = due.clock
    if due.done is not None and due.done.earliest != due.done.latest:
        return _named(procedure, due.done_by, due.jurisdiction)
    if start.earliest != start.latest:
        return _named(procedure, clock.starts, due.jurisdiction)
    if clock.at_least:
        return f"how much longer it runs: {clock.at_least}"
    if clock.extended_by is not None:
        return _named(procedure, clock.extended_by, "") + ", or until when it holds"
    return _named(procedure, clock.starts, due.jurisdiction)


def _named(procedure: Procedure, name: str, code: str) -> str:
    """The day of a step, or of what brings an effect about, in words."""
    clock = procedure.clock(name)
    step = procedure.step(clock.starts if clock else name)
    of = f" by {code}" if code and step.each else ""
    return f"the day of: {step.title.lower()}{of}"


def _steps(case: Case, names: Iterable[str], code: str) -> list[Entry]:
    """The steps of these names on record, of one jurisdiction where one is named."""
    wanted = set(names)
    return [
        one
        for one in case.steps
        if one.step in wanted and (not code or one.jurisdiction in ("", code))
    ]


def _first(case: Case, names: Iterable[str], code: str, on: date) -> Entry | None:
    """The step that was done first, and for certain where one was; none that is still to come."""
    found = [one for one in _steps(case, names, code) if one.days.earliest <= on]
    certain = [one for one in found if one.days.latest <= on]
    return next(iter(certain or found), None)


def _later(by: Span, bound: Period) -> Span:
    """A State that is bound later has until then."""
    earliest = bound.earliest or ALWAYS
    latest = bound.start or ALWAYS
    return Span(max(by.earliest, earliest), max(by.latest, latest))


def _after(term: Term, event: Span) -> Span:
    """The first day after a term; what is set running on no known day ends on none."""
    return Span(_end_of(term, event.earliest), _end_of(term, event.latest))


@lru_cache(maxsize=4096)
def _end_of(term: Term, event: date) -> date:
    return event if event > FAR else over(term, Span(event, event), None).earliest
