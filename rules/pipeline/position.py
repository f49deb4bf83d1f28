"""Where a case stands on a day: its state, what comes next, what is due, overdue, or about to end.

What comes out is about the record of the case. That nothing is on record does not show that nothing
was done; each answer that rests on silence says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rules.deadlines.terms import Span
from rules.pipeline.case import Case
from rules.pipeline.clocks import Due, Status, dues
from rules.pipeline.procedure import Clock, Procedure, State, Step


class Attention(StrEnum):
    """Why somebody has to look at a clock."""

    OVERDUE = "overdue"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    DUE = "due"
    TAKES_EFFECT = "takes_effect"
    CLOSING = "closing"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Position:
    """`state`: where the case certainly stands; `may_be`: how far it may have come, where a day is not
    known. `since`: between which days it came to stand there."""

    on: date
    state: State
    since: Span | None
    may_be: State | None
    next: tuple[Step, ...]
    dues: tuple[Due, ...]
    closed: bool

    def attention(self, within: int) -> tuple[tuple[Attention, Due], ...]:
        """What somebody has to look at: now, or within so many days. Nothing of a closed case."""
        if self.closed:
            return ()
        ahead = self.on + timedelta(days=within)
        found = ((_attention(due, ahead), due) for due in self.dues)
        return tuple((why, due) for why, due in found if why is not None)

    def of(self, clock: str, jurisdiction: str = "") -> Due:
        """One clock by its name, of one jurisdiction. Raises KeyError where it has none such."""
        for due in self.dues:
            if (due.clock.id, due.jurisdiction) == (clock, jurisdiction):
                return due
        raise KeyError(clock, jurisdiction)


def position(procedure: Procedure, case: Case, on: date) -> Position:
    """Where a case stands at the end of a day, by what is on record of it.

    The order in which the steps were recorded does not matter. A step of which the day is not known
    leaves open what depends on that day.
    """
    clocks = dues(procedure, case, on)
    reached = list(_reached(procedure, case, clocks, on))
    certain = max((one for one in reached if one.days.latest <= on), key=_rank, default=None)
    furthest = max((one for one in reached if one.days.earliest <= on), key=_rank, default=None)
    further = furthest is not None and (certain is None or furthest.rank > certain.rank)
    return Position(
        on,
        certain.state if certain else State.OPENED,
        certain.days if certain else None,
        furthest.state if further and furthest else None,
        () if case.closed else _next(procedure, case, certain, on),
        clocks,
        case.closed,
    )


@dataclass(frozen=True, slots=True)
class _Reached:
    rank: float
    state: State
    days: Span


def _rank(one: _Reached) -> float:
    return one.rank


def _reached(
    procedure: Procedure, case: Case, clocks: tuple[Due, ...], on: date
) -> Iterator[_Reached]:
    """Every state the case came to, or may have, by a step done or a clock run out."""
    order = {step.id: place for place, step in enumerate(procedure.steps)}
    for entry in case.steps:
        state = procedure.step(entry.step).state
        if state is not None:
            yield _Reached(order[entry.step], state, entry.days)
    for clock in procedure.clocks:
        if clock.state is not None:
            days = _when(clock, [due for due in clocks if due.clock is clock], on)
            rank = _place(clock, order)
            if days is not None:
                yield _Reached(rank, clock.state, days)


def _place(clock: Clock, order: Mapping[str, int]) -> float:
    """An effect comes after what starts it; an expiry before what ends the measure otherwise."""
    if clock.kind == "expiry":
        return min(order[name] for name in clock.ends_with) - 0.5
    return order[clock.starts] + 0.5


def _when(clock: Clock, found: list[Due], on: date) -> Span | None:
    """When a clock brought its state about; where it runs for each, once it has for all."""
    spans = [due.by for due in found if due.by is not None]
    if not spans or len(spans) < len(found):
        return None
    if clock.kind == "expiry" and any(due.status is Status.MET for due in found):
        return None
    days = Span(max(one.earliest for one in spans), max(one.latest for one in spans))
    unsure = any(due.status is Status.UNDETERMINED for due in found)
    return Span(days.earliest, date.max) if unsure and days.latest <= on else days


def _next(procedure: Procedure, case: Case, certain: _Reached | None, on: date) -> tuple[Step, ...]:
    """The steps that what is done makes possible, none of those that were passed over."""
    done = {one.step for one in case.steps if one.days.latest <= on}
    ended = any(procedure.step(name).ends for name in done)
    if ended or (certain is not None and certain.state is State.EXPIRED):
        return ()
    reached = certain.rank if certain is not None else -1
    return tuple(
        step
        for place, step in enumerate(procedure.steps)
        if place > reached
        and not step.each
        and (step.repeats or step.id not in done)
        and (done.intersection(step.after) if step.after else not done)
    )


def _attention(due: Due, ahead: date) -> Attention | None:
    kind = due.clock.kind
    if due.status is Status.UNDETERMINED:
        return Attention.UNDETERMINED
    if due.status is Status.OVERDUE:
        return Attention.OVERDUE
    if due.status is Status.OVER:
        return Attention.EXPIRED if kind == "expiry" else None
    near = due.status is Status.RUNNING and due.by is not None and due.by.earliest <= ahead
    soon = {
        "expiry": Attention.EXPIRING,
        "deadline": Attention.DUE,
        "effect": Attention.TAKES_EFFECT,
        "window": Attention.CLOSING,
    }
    return soon.get(kind) if near else None
