"""Working days of a country between two days, by its public holidays.

Where the parts of a country differ, or no calendar is held, the number is not known: a country is
never taken to have no holidays. No rule waits longer than `ENOUGH` days, so a number of at least
that many may be too small.
"""

from __future__ import annotations

import warnings
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import holidays

ENOUGH = 15


def working_days(country: str, first: date | None, last: date | None) -> Decimal | None:
    """How many working days of the country come after `first`, up to and with `last`.

    None where a day is a holiday in some parts of the country only, unless enough others are
    worked everywhere, and where no calendar is held.
    """
    if first is None or last is None or last < first:
        return None
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    worked, open_ = 0, False
    for day in days:
        answer = _worked(country, day)
        worked, open_ = worked + (answer is True), open_ or answer is None
        if worked >= ENOUGH:
            return Decimal(worked)
    return None if open_ else Decimal(worked)


@cache
def _worked(country: str, day: date) -> bool | None:
    parts = _calendars(country)
    answers = {bool(part.is_working_day(day)) for part in parts}
    return answers.pop() if len(answers) == 1 else None


@cache
def _calendars(country: str) -> tuple[Any, ...]:
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        return ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts that were renamed are answered under the old name
        parts = (None, *known[country])
        return tuple(holidays.country_holidays(country, subdiv=part) for part in parts)
