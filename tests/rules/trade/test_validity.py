"""Periods end with the earliest of their bounds, and never with silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.trade.validity import Bound, after_days, after_months, validity

START = date(2026, 3, 1)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def test_the_earliest_bound_decides_and_is_named() -> None:
    own = Bound(date(2026, 6, 1), "own term")
    licence, foreign = Bound(date(2026, 5, 1), "licence"), Bound(date(2026, 5, 1), "foreign paper")
    found = validity(START, (own, licence, foreign))
    assert (found.end, found.decided_by) == (date(2026, 5, 1), (licence, foreign))
    assert found.last_day == date(2026, 4, 30)
    assert (found.certain, found.empty) == (True, False)


def test_a_bound_that_is_not_known_makes_the_end_the_latest_possible() -> None:
    found = validity(START, (Bound(date(2026, 6, 1), "own term"), Bound(None, "licence")))
    assert (found.end, found.certain) == (date(2026, 6, 1), False)
    assert validity(START, (Bound(None, "licence"),)).end is None


def test_without_any_bound_nothing_is_certain() -> None:
    found = validity(START, ())
    assert (found.end, found.certain, found.last_day) == (None, False, None)


def test_what_ends_on_its_first_day_is_empty() -> None:
    assert validity(START, (Bound(START, "licence"),)).empty
    assert not validity(START, (Bound(START + timedelta(days=1), "licence"),)).empty


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 15), 3, date(2026, 4, 15)),
        (date(2026, 11, 26), 3, date(2027, 2, 26)),
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2024, 1, 31), 1, date(2024, 3, 1)),
        (date(2026, 12, 31), 2, date(2027, 3, 1)),
        (date(2026, 10, 31), 2, date(2026, 12, 31)),
        (date(2025, 12, 1), 12, date(2026, 12, 1)),
    ],
)
def test_months_end_on_the_day_of_the_same_number(start: date, months: int, end: date) -> None:
    assert after_months(start, months) == end


def test_days_count_the_first() -> None:
    assert after_days(date(2026, 1, 1), 180) == date(2026, 6, 30)


@given(DAYS, st.lists(DAYS, min_size=1, max_size=5), DAYS)
def test_a_further_bound_never_makes_a_period_longer(
    start: date, ends: list[date], more: date
) -> None:
    bounds = [Bound(end, f"rule {n}") for n, end in enumerate(ends)]
    before, after = validity(start, bounds), validity(start, [*bounds, Bound(more, "more")])
    assert before.end is not None
    assert after.end == min(before.end, more)


@given(DAYS, st.integers(1, 60), st.integers(1, 60))
def test_more_months_never_end_earlier(start: date, one: int, other: int) -> None:
    first, second = sorted((one, other))
    assert after_months(start, first) <= after_months(start, second)
    assert after_months(start, 1) > start
