from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.facts import InForce, Period, Recorded
from registry.models import Listing
from registry.store import history, listings

START = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = date(2000, 1, 1)
MakeListing = Callable[..., Listing]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def moment(number: int) -> datetime:
    return START + timedelta(days=number)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Every shape a period in law may have, within a few days."""
    marks = sorted(draw(st.sets(st.integers(1, 6), min_size=3, max_size=3)))
    earliest, start, end = (day(mark) for mark in marks)
    return draw(
        st.sampled_from(
            [
                Period.exact(start),
                Period.exact(start, end),
                Period(earliest, start, end),
                Period(earliest, None, end),
                Period(None, start, end),
                Period(None, None, end),
                Period(earliest, None, None),
                Period(),
            ]
        )
    )


@dataclass(frozen=True)
class Entry:
    """One record in the model: what the register should hold, kept in a list."""

    key: str
    period: Period
    recorded: Recorded


def apply(model: list[Entry], key: str, period: Period | None, at: datetime) -> list[Entry]:
    closed = [
        replace(entry, recorded=Recorded(entry.recorded.since, at))
        if entry.key == key and entry.recorded.until is None
        else entry
        for entry in model
    ]
    return closed if period is None else [*closed, Entry(key, period, Recorded(at))]


def write(session: Session, row: Listing | None, key: str, at: datetime) -> None:
    standing = [old for old in listings.history(session, key) if old.recorded_to is None]
    if row is not None and standing:
        history.supersede(session, key, row, at)
    elif row is not None:
        history.record(session, row)
    elif standing:
        history.close(session, standing[0], at)


def answer(model: list[Entry], on: date, known_at: datetime) -> list[tuple[str, InForce]]:
    held = [
        (entry.key, entry.period.holds(on)) for entry in model if entry.recorded.known(known_at)
    ]
    return sorted(pair for pair in held if pair[1] is not InForce.NO)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from("ab"), st.one_of(st.none(), periods())), min_size=1, max_size=7
    )
)
def test_as_of_answers_agree_with_a_list_kept_by_hand(
    stocked: Session, a_listing: MakeListing, acts: list[tuple[str, Period | None]]
) -> None:
    model: list[Entry] = []
    for number, (key, period) in enumerate(acts, start=1):
        at = moment(number)
        row = None if period is None else a_listing(key, period, recorded_from=at)
        write(stocked, row, key, at)
        model = apply(model, key, period, at)
    for on in map(day, range(8)):
        for known_at in (moment(number) for number in range(len(acts) + 2)):
            found = listings.in_force(stocked, on, known_at)
            assert [(row.key, state) for row, state in found] == answer(model, on, known_at)
    stocked.rollback()


def test_an_end_is_exclusive_and_a_start_is_not(stocked: Session, a_listing: MakeListing) -> None:
    history.record(stocked, a_listing("k", Period.exact(date(2014, 6, 10), date(2015, 1, 1))))

    def held(on: date) -> list[InForce]:
        return [state for _, state in listings.in_force(stocked, on, START)]

    assert held(date(2014, 6, 9)) == []
    assert held(date(2014, 6, 10)) == [InForce.YES]
    assert held(date(2014, 12, 31)) == [InForce.YES]
    assert held(date(2015, 1, 1)) == []


def test_a_listing_known_only_by_year_may_hold_within_it(
    stocked: Session, a_listing: MakeListing
) -> None:
    history.record(stocked, a_listing("k", Period(date(1988, 1, 1), date(1989, 1, 1))))
    ((_, state),) = listings.in_force(stocked, date(1988, 7, 1), START)
    assert state is InForce.UNKNOWN


def test_listings_can_be_asked_by_provision_and_by_substance(
    stocked: Session, a_listing: MakeListing
) -> None:
    history.record(stocked, a_listing("k"))
    history.record(
        stocked, a_listing("a", provision="UN-1988-I", substance="acetic-anhydride", name="x")
    )
    on = date(2020, 1, 1)
    by_provision = listings.in_force(stocked, on, START, provisions=["UN-1988-I"])
    by_substance = listings.in_force(stocked, on, START, substance="ketamine")
    assert [row.key for row, _ in by_provision] == ["a"]
    assert [row.key for row, _ in by_substance] == ["k"]
    assert [row.key for row in listings.of_substance(stocked, "ketamine", START)] == ["k"]


def test_a_listing_recorded_later_was_not_known_before(
    stocked: Session, a_listing: MakeListing
) -> None:
    history.record(stocked, a_listing("k"))
    with pytest.raises(NotFound, match="no listing `k` as known at 2025"):
        listings.get(stocked, "k", datetime(2025, 12, 31, tzinfo=UTC))
