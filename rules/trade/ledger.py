"""Yearly figures: what is left, what would be left, when it runs out, and whether arrivals agree.

All in grams of anhydrous base. An estimate is a ceiling by treaty (1961 article 19 (5) and 31 (1)
(b)); an assessment of 1971 and a precursor's yearly requirement are asked for by resolutions and
bind only by national law. No treaty allows a tolerance: none is the default.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from registry.errors import InputError

MICROGRAMS = Decimal(1_000_000)
MOST = Decimal(9_000_000_000_000)  # grams: what 63 bits of micrograms hold
LEAST_DAYS = 30
METHOD = (
    "what was shipped or arrived since 1 January, divided by the days gone, goes on day by day; "
    "what is granted and not shipped counts as gone"
)


class BadMass(InputError):
    """A mass that no ledger can hold."""

    code = "mass-unusable"


@dataclass(frozen=True, slots=True)
class Sums:
    """How a ledger stands. `reserved`: granted, not yet shipped. `used`: shipped, corrected by what
    arrived, and trade outside this register."""

    limit: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    used: Decimal = Decimal(0)

    @property
    def booked(self) -> Decimal:
        return self.reserved + self.used

    @property
    def headroom(self) -> Decimal:
        """Grams left; below zero where facts (trade outside, a lowered limit) went over it."""
        return self.limit - self.booked


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Whether a further mass would fit, and what would be left. None: not known."""

    fits: bool | None
    left: Decimal | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the limit would be reached at the rate so far. `breach_on` None: not within the year, or
    not said; `why` then says which. An extrapolation, and no reason to refuse anything."""

    per_day: Decimal | None
    breach_on: date | None
    why: str
    method: str = METHOD


@dataclass(frozen=True, slots=True)
class Agreement:
    """What arrived against what was shipped. `alert`: they differ by more than the tolerance."""

    shipped: Decimal
    arrived: Decimal
    tolerance_percent: Decimal
    difference: Decimal
    percent: Decimal | None
    alert: bool


def micrograms(grams: Decimal, *, up: bool = True) -> int:
    """Grams as whole micrograms: what counts against a limit is rounded up, a limit down.

    Raises BadMass for what is no mass or more than a ledger holds.
    """
    if not grams.is_finite() or not 0 <= grams <= MOST:
        raise BadMass(f"`{grams}` g is no mass that a ledger can hold")
    rounding = ROUND_CEILING if up else ROUND_FLOOR
    return int((grams * MICROGRAMS).to_integral_value(rounding))


def grams(whole: int) -> Decimal:
    """Micrograms as grams, exactly."""
    return Decimal(whole) / MICROGRAMS


def what_if(sums: Sums, base: Decimal | None) -> WhatIf:
    """If this much more were granted. A base that is not known fits neither surely nor surely not,
    unless nothing is left at all. The answer reserves nothing."""
    if base is None:
        return WhatIf(False if sums.headroom <= 0 else None, None)
    left = sums.headroom - base
    return WhatIf(left >= 0, left)


def forecast(sums: Sums, year: int, on: date) -> Forecast:
    """The day on which the limit is reached if the year goes on as it has (`METHOD`).

    Not said for another year than that of `on`, nor in its first thirty days. Sales, seasons and
    papers already applied for are not looked at.
    """
    gone = (on - date(year, 1, 1)).days
    if sums.headroom < 0:
        return Forecast(None, on, "the limit is exceeded already")
    if on.year != year:
        return Forecast(None, None, f"{on} is not in {year}")
    if gone < LEAST_DAYS:
        return Forecast(None, None, f"fewer than {LEAST_DAYS} days of {year} have gone")
    per_day = sums.used / gone
    if per_day == 0:
        return Forecast(per_day, None, "nothing was shipped so far")
    days = int((sums.headroom / per_day).to_integral_value(ROUND_CEILING))
    rest = (date(year + 1, 1, 1) - on).days
    per_day = per_day.quantize(1 / MICROGRAMS, ROUND_HALF_UP)
    if days >= rest:
        return Forecast(per_day, None, "not within the year at this rate")
    return Forecast(per_day, on + timedelta(days=days), "at this rate, within the year")


def agreement(
    shipped: Decimal, arrived: Decimal, tolerance_percent: Decimal = Decimal(0)
) -> Agreement:
    """What arrived against what was shipped, in one unit; the tolerance is per cent of the shipped.

    `percent` is rounded half up to a hundredth, for reading only: the alert is decided exactly.
    Whether a difference within the tolerance is innocent is not said.
    """
    difference = arrived - shipped
    alert = abs(difference) * 100 > tolerance_percent * shipped
    percent = None
    if shipped:
        percent = (difference * 100 / shipped).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Agreement(shipped, arrived, tolerance_percent, difference, percent, alert)


def summed(parts: Iterable[Decimal | None]) -> Decimal | None:
    """A sum that is not known where one of its parts is not."""
    total = Decimal(0)
    for part in parts:
        if part is None:
            return None
        total += part
    return total
