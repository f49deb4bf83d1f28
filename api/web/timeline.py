"""Listings drawn along time: a lane for each provision, the lanes of a jurisdiction together.

Where the start is not known the bar fades in before the first day that is attested, and where no
end is known it runs on beyond today. The table under the drawing says the same in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

LEFT, RIGHT = 190, 990  # where the axis begins and ends, in units of the drawing
LANE, HEAD = 26, 34  # height of a lane, and of what stands above the first
MOST_TICKS = 10
STEPS = (1, 2, 5, 10, 20, 50)
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Bar:
    """One listing: `may` is where it may begin, `start` where it is certain, `end` where it ends.

    `certain` False: on no day is it known to hold.
    """

    may: float
    start: float
    end: float
    certain: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A provision with its bars. `jurisdiction` is said on the first lane of each."""

    jurisdiction: str
    provision: str
    top: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, int], ...]
    today: float
    height: int


def timeline(listings: Sequence[Mapping[str, Any]], on: date) -> Timeline:
    """The listings of a substance along time, as `api.usecases.substances` gives them."""
    first, last = _span(listings, on)
    axis = _Axis(first, last)
    by_provision: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in listings:
        by_provision.setdefault((one["jurisdiction"], one["provision"]), []).append(one)
    keys = sorted(by_provision)
    lanes = tuple(
        Lane(
            owner if place == 0 or keys[place - 1][0] != owner else "",
            provision,
            HEAD + place * LANE,
            tuple(_bar(one, axis) for one in by_provision[owner, provision]),
        )
        for place, (owner, provision) in enumerate(keys)
    )
    return Timeline(lanes, tuple(axis.ticks()), axis.at(on), HEAD + len(lanes) * LANE + 6)


@dataclass(frozen=True, slots=True)
class _Axis:
    first: int
    last: int

    def at(self, day: date) -> float:
        year = day.year + (day.timetuple().tm_yday - 1) / DAYS_A_YEAR
        share = (year - self.first) / (self.last - self.first)
        return round(LEFT + min(max(share, 0), 1) * (RIGHT - LEFT), 1)

    def ticks(self) -> Iterable[tuple[float, int]]:
        years = self.last - self.first
        step = next((step for step in STEPS if years / step <= MOST_TICKS), STEPS[-1])
        for year in range(-(-self.first // step) * step, self.last + 1, step):
            yield self.at(date(year, 1, 1)), year


def _span(listings: Iterable[Mapping[str, Any]], on: date) -> tuple[int, int]:
    """The years from just before anything is known to just after the date asked."""
    names = ("valid_earliest", "valid_from", "valid_to")
    days = [date.fromisoformat(one[name]) for one in listings for name in names if one[name]]
    years = [day.year for day in (*days, on) if day > date.min]
    return min(years) - 2, max(years) + 2


def _bar(one: Mapping[str, Any], axis: _Axis) -> Bar:
    def at(name: str, otherwise: float) -> float:
        return axis.at(date.fromisoformat(one[name])) if one[name] else otherwise

    end = at("valid_to", RIGHT)
    start = at("valid_from", end)
    return Bar(
        at("valid_earliest", LEFT), start, end, one["valid_from"] is not None, not one["valid_to"]
    )
