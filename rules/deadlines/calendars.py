"""Which days are worked where: public holidays and weekends, three-valued.

Holidays come from the `holidays` library: the public ones of a country and, where a part of it is
named, of that part. They are what the library's makers gathered from public law and announcements;
days ordered since, bridge days and the closing days of one office are not in it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays

ESTIMATED = "(estimated)"
DAY = timedelta(days=1)

# Whether a day is worked; None where that is not known.
Calendar = Callable[[date], bool | None]


@dataclass(frozen=True, slots=True)
class Undetermined:
    """No day can be named. `reason` says what is missing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """A country by ISO 3166 code, and the part of it whose holidays are kept; empty: not said."""

    country: str
    subdivision: str = ""

    def __str__(self) -> str:
        return f"{self.country}-{self.subdivision}" if self.subdivision else self.country


def calendar_of(place: Place) -> Calendar | Undetermined:
    """The working days of a place.

    A day is of unknown kind where the library gives an estimate of a day that an authority has
    still to announce (and on the days beside it), and where no part of the country was named and
    the day is a holiday in some parts only. A place without a calendar is undetermined: it is
    never taken to have no holidays.
    """
    known = holidays.list_supported_countries(include_aliases=False)
    if place.country not in known:
        return Undetermined(f"no calendar of public holidays is held for `{place.country}`")
    if place.subdivision and place.subdivision not in known[place.country]:
        return Undetermined(f"no calendar of `{place.subdivision}` in {place.country} is held")
    return lambda day: _worked(place, day)


def all_worked(calendars: Iterable[Calendar]) -> Calendar:
    """A day counts only where it is worked in every place: no in one decides, then unknown."""
    each = tuple(calendars)

    def worked(day: date) -> bool | None:
        found = [calendar(day) for calendar in each]
        return False if False in found else None if None in found else True

    return worked


@cache
def _worked(place: Place, day: date) -> bool | None:
    own = _library(place.country, place.subdivision)
    if not own.start_year <= day.year <= own.end_year:
        return None
    if any(ESTIMATED in str(own.get(day + step, "")) for step in (-DAY, 0 * DAY, DAY)):
        return None
    worked: bool = own.is_working_day(day)
    if place.subdivision:
        return worked
    everywhere = (_library(place.country, part).is_working_day(day) for part in own.subdivisions)
    return worked if all(one is worked for one in everywhere) else None


@cache
def _library(country: str, subdivision: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts that were renamed are answered under the old name
        return holidays.country_holidays(country, subdiv=subdivision or None)
