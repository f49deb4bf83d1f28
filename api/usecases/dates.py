"""The two dates of every question: in force on, and as known at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from registry.errors import InputError


class FutureKnowledge(InputError):
    """Asked what will be known on a day that has not come."""

    code = "known-on-future"


class ReversedDates(InputError):
    """The first of two dates is after the second."""

    code = "dates-reversed"


@dataclass(frozen=True, slots=True)
class Dates:
    """`on`: the law of this day. `known_at`: as this register knew it at this moment (UTC)."""

    on: date
    known_at: datetime

    @property
    def known_text(self) -> str:
        return self.known_at.astimezone(UTC).isoformat(timespec="microseconds")


def dates_asked(now: datetime, on: date | None = None, known_on: date | None = None) -> Dates:
    """Dates not given mean today (UTC) and now. A past `known_on` means the end of that day.

    `now` is chosen by the door. Raises FutureKnowledge where `known_on` is after today.
    """
    today = now.astimezone(UTC).date()
    if known_on is not None and known_on > today:
        raise FutureKnowledge(f"nothing can be known yet as of `{known_on}`: today is `{today}`")
    known_at = now if known_on is None or known_on == today else end_of(known_on)
    return Dates(on or today, known_at)


def known_at(now: datetime, asked: date | datetime | None) -> datetime:
    """A moment of knowledge: a day means its end, nothing means now. Raises FutureKnowledge."""
    if not isinstance(asked, datetime):
        return dates_asked(now, known_on=asked).known_at
    if asked > now:
        raise FutureKnowledge(
            f"nothing can be known yet as of `{asked.isoformat()}`: it is `{now.isoformat()}`"
        )
    return asked


def in_order(first: Dates, second: Dates) -> tuple[Dates, Dates]:
    """Two points of a comparison. Raises ReversedDates where either date goes back."""
    for earlier, later in ((first.on, second.on), (first.known_at, second.known_at)):
        if earlier > later:
            raise ReversedDates(f"`{earlier}` is after `{later}`; put the earlier one first")
    return first, second


def end_of(day: date) -> datetime:
    """The last moment of a day in UTC."""
    return datetime.combine(day, time.max, UTC)
