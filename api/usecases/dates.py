"""The two dates of every question: in force on, and as known at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from registry.errors import InputError


class FutureKnowledge(InputError):
    """Asked what will be known on a day that has not come."""

    code = "known-on-future"


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


def end_of(day: date) -> datetime:
    """The last moment of a day in UTC."""
    return datetime.combine(day, time.max, UTC)
