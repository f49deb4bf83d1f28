"""Cases to try things on: a step on a day, and who is bound since long ago."""

from __future__ import annotations

from datetime import UTC, date, datetime

from registry.facts import CaseEntryKind as Kind
from registry.facts import Period
from rules.deadlines.terms import Span
from rules.pipeline.case import ALWAYS, Case, Entry
from rules.pipeline.position import Position, position
from rules.pipeline.procedure import procedure

RECORDED = datetime(2026, 1, 1, 12, tzinfo=UTC)
BOUND = Period.exact(date(1991, 1, 1))


def day(text: str) -> date:
    return date.fromisoformat(text)


def done(number: int, step: str, on: str, by: str = "", until: str = "") -> Entry:
    """`on`: a day; two days with `..` between; empty, a day that is not known."""
    first, _, last = on.partition("..")
    days = Span(day(first), day(last or first)) if on else Span(ALWAYS, RECORDED.date())
    end = day(until) if until else None
    return Entry(number, Kind.STEP, step, days, by, end, recorded=RECORDED)


def case(name: str, *entries: Entry, bound: dict[str, Period] | None = None) -> Case:
    periods = bound or {}
    return Case(name, tuple(sorted(periods)), entries, periods)


def at(one: Case, on: str) -> Position:
    return position(procedure(one.procedure), one, day(on))
