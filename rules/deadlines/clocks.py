"""From an instant to a day and back: an authority's day begins and ends in its own time zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from registry.errors import InputError
from rules.deadlines.terms import Span

# No place on earth is ahead of the first or behind the second.
EARLIEST_CLOCK = timezone(timedelta(hours=14))
LATEST_CLOCK = timezone(timedelta(hours=-12))


@dataclass(frozen=True, slots=True)
class Instants:
    """A moment known to lie between two (UTC), both included."""

    earliest: datetime
    latest: datetime


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises InputError where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise InputError(f"there is no time zone `{name}`") from None


def days_of(instant: datetime, zones: Iterable[str | None]) -> Span:
    """On which day an event fell for the authorities concerned, by their zones.

    A zone not known (None) may be any on earth. Raises InputError for a moment without a zone.
    """
    if instant.tzinfo is None:
        raise InputError(f"the moment `{instant}` has no time zone")
    days = [instant.astimezone(clock).date() for zone in zones for clock in _clocks(zone)]
    return Span(min(days), max(days))


def begins(days: Span, zones: Iterable[str | None]) -> Instants:
    """When a day begins for the authorities concerned, in UTC: first for any, and last for all."""
    clocks = [clock for zone in zones for clock in _clocks(zone)]
    return Instants(
        min(_midnight(days.earliest, clock) for clock in clocks),
        max(_midnight(days.latest, clock) for clock in clocks),
    )


def _clocks(zone: str | None) -> tuple[ZoneInfo | timezone, ...]:
    return (EARLIEST_CLOCK, LATEST_CLOCK) if zone is None else (zone_of(zone),)


def _midnight(day: date, clock: ZoneInfo | timezone) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock).astimezone(UTC)
