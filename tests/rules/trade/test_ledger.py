"""Headroom, what if, forecast, and arrivals against shipments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.trade.ledger import (
    BadMass,
    Sums,
    agreement,
    forecast,
    grams,
    micrograms,
    summed,
    what_if,
)

D = Decimal
SUMS = Sums(D(1000), D(100), D(400))
MASSES = st.decimals(min_value=0, max_value=10**6, places=9)


def test_what_is_granted_and_what_is_used_both_count() -> None:
    assert (SUMS.booked, SUMS.headroom) == (500, 500)


@pytest.mark.parametrize(
    ("base", "fits", "left"),
    [(D(500), True, D(0)), (D("500.000001"), False, D("-0.000001")), (None, None, None)],
)
def test_what_would_be_left(base: Decimal | None, fits: bool | None, left: Decimal | None) -> None:
    answer = what_if(SUMS, base)
    assert (answer.fits, answer.left) == (fits, left)


def test_a_base_not_known_cannot_fit_where_nothing_is_left() -> None:
    assert what_if(Sums(D(5), D(5), D(0)), None).fits is False


@pytest.mark.parametrize(
    ("sums", "on", "breach", "why"),
    [
        (SUMS, date(2026, 4, 11), date(2026, 8, 14), "at this rate, within the year"),
        (Sums(D(1000), D(0), D(250)), date(2026, 4, 11), None, "not within the year"),
        (SUMS, date(2026, 1, 30), None, "fewer than 30 days"),
        (SUMS, date(2027, 3, 1), None, "not in 2026"),
        (Sums(D(1000)), date(2026, 4, 11), None, "nothing was shipped"),
        (Sums(D(1000), D(1), D(1000)), date(2026, 1, 2), date(2026, 1, 2), "exceeded already"),
        (Sums(D(1000), D(0), D(1000)), date(2026, 4, 11), date(2026, 4, 11), "at this rate"),
    ],
)
def test_when_the_limit_would_be_reached(
    sums: Sums, on: date, breach: date | None, why: str
) -> None:
    """400 g in 100 days are 4 g a day; 500 g are left for 125 days, to 14 August."""
    found = forecast(sums, 2026, on)
    assert found.breach_on == breach
    assert why in found.why
    assert "day by day" in found.method


@pytest.mark.parametrize(
    ("arrived", "tolerance", "alert", "percent"),
    [
        ("97", "0", True, "-3.00"),
        ("97", "3", False, "-3.00"),
        ("97", "2.999", True, "-3.00"),
        ("100", "0", False, "0.00"),
        ("100.001", "0", True, "0.00"),
        ("0", "99", True, "-100.00"),
    ],
)
def test_a_difference_beyond_the_tolerance_is_an_alert(
    arrived: str, tolerance: str, alert: bool, percent: str
) -> None:
    found = agreement(D(100), D(arrived), D(tolerance))
    assert (found.alert, str(found.percent)) == (alert, percent)


def test_what_arrived_where_nothing_was_shipped_is_an_alert_without_a_share() -> None:
    found = agreement(D(0), D(1), D(100))
    assert (found.alert, found.percent) == (True, None)


@pytest.mark.parametrize("mass", [D("-0.1"), D("NaN"), D("Infinity"), D(10) ** 13])
def test_what_is_no_mass_is_refused(mass: Decimal) -> None:
    with pytest.raises(BadMass):
        micrograms(mass)


@given(MASSES)
def test_what_counts_is_rounded_up_and_a_limit_down_to_a_microgram(mass: Decimal) -> None:
    up, down = grams(micrograms(mass)), grams(micrograms(mass, up=False))
    assert down <= mass <= up
    assert up - down in (0, Decimal("0.000001"))


@given(MASSES, MASSES)
def test_parts_never_count_less_than_the_whole(one: Decimal, other: Decimal) -> None:
    assert micrograms(one) + micrograms(other) >= micrograms(one + other)


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    assert summed([D(1), None]) is None
    assert summed([D(1), D(2)]) == 3
    assert summed([]) == 0
