"""Counting days: how long a period is, and on which day it is over.

Periods are half-open: what comes back is the first day after the period. Where it is not known
whether a day on the way is worked, there are two such days, the earliest and the latest.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from registry.errors import InputError
from rules.deadlines.calendars import Calendar

DAY = timedelta(days=1)
LONGEST_SEARCH = 3660  # days; ten years without a working day mean that a calendar is broken


class Unit(StrEnum):
    """`DAYS` are running days, holidays and all."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Term:
    """A period as a law states it.

    `first_day_counts`: whether the day of the event is the first day of the period. `rolls`:
    whether a period that would end on a day not worked ends with the next working day.
    """

    length: int
    unit: Unit
    first_day_counts: bool = False
    rolls: bool = False

    def __post_init__(self) -> None:
        if self.length < 1:
            raise InputError(f"a period of {self.length} {self.unit} is none")

    @property
    def needs_calendar(self) -> bool:
        return self.unit is Unit.WORKING_DAYS or self.rolls

    def __str__(self) -> str:
        return f"{self.length} {self.unit.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class Span:
    """A day known to lie between two, both included."""

    earliest: date
    latest: date


def over(term: Term, event: Span, worked: Calendar | None) -> Span:
    """The first day after a period that an event of these days set running.

    `worked` may be left out for a term that needs no calendar; without one where it does, raises
    InputError. The earliest day takes unknown days as worked, the latest as not worked.
    """
    if term.needs_calendar and worked is None:
        raise InputError(f"{term} cannot be counted without a calendar")
    most, least = _decided(worked, unknown=True), _decided(worked, unknown=False)
    return Span(_over(term, event.earliest, most), _over(term, event.latest, least))


def add_months(day: date, months: int) -> date:
    """The same day of a later month; its last day where the month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _over(term: Term, event: date, worked: Callable[[date], bool]) -> date:
    if term.unit is Unit.MONTHS:
        end = add_months(event, term.length)
        last = end - DAY if term.first_day_counts else end
    else:
        last = _last(term, event, worked)
    while term.rolls and not worked(last):
        last += DAY
    return last + DAY


def _last(term: Term, event: date, worked: Callable[[date], bool]) -> date:
    """The day on which the count is full."""
    left = term.length
    for day in _from(event if term.first_day_counts else event + DAY):
        if term.unit is Unit.DAYS or worked(day):
            left -= 1
        if left == 0:
            return day
    raise InputError(f"no {term} are found in ten years after {event}")


def _from(day: date) -> Iterator[date]:
    return (day + step * DAY for step in range(LONGEST_SEARCH))


def _decided(worked: Calendar | None, *, unknown: bool) -> Callable[[date], bool]:
    def decided(day: date) -> bool:
        found = worked(day) if worked else True
        return unknown if found is None else found

    return decided
