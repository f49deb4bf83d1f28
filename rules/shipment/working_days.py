"""Working days of a country between two days, where they are certain."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from rules.deadlines.calendars import Place, Undetermined, calendar_of

ENOUGH = 15  # no rule waits longer; a number of at least that many may be too small


def working_days(country: str, first: date | None, last: date | None) -> Decimal | None:
    """How many working days of the country come after `first`, up to and with `last`.

    None where a day may or may not be worked, unless enough others certainly are, and where no
    calendar is held.
    """
    calendar = calendar_of(Place(country))
    if first is None or last is None or last < first or isinstance(calendar, Undetermined):
        return None
    worked, open_ = 0, False
    for step in range(1, (last - first).days + 1):
        answer = calendar(first + timedelta(days=step))
        worked, open_ = worked + (answer is True), open_ or answer is None
        if worked >= ENOUGH:
            return Decimal(worked)
    return None if open_ else Decimal(worked)


def working_days_over(country: str, first: date | None, last: date | None) -> Decimal | None:
    """How many working days of the country come after `first` and are over when `last` begins.

    None as for `working_days`.
    """
    if first is None or last is None or last < first:
        return None
    return working_days(country, first, max(first, last - timedelta(days=1)))
