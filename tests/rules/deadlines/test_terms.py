"""Counting days: the edges a calendar clerk would ask about, and what must hold for any period."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import InputError
from rules.deadlines.calendars import Calendar, Place, Undetermined, all_worked, calendar_of
from rules.deadlines.clocks import begins, days_of
from rules.deadlines.terms import Span, Term, Unit, add_months, over

DAY = timedelta(days=1)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
LENGTHS = st.integers(1, 40)
ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", None]
)


def calendar(country: str, subdivision: str = "") -> Calendar:
    found = calendar_of(Place(country, subdivision))
    assert not isinstance(found, Undetermined)
    return found


def on(day: str) -> Span:
    return Span(date.fromisoformat(day), date.fromisoformat(day))


@pytest.mark.parametrize(
    ("term", "event", "expected"),
    [
        (Term(7, Unit.DAYS), "2026-03-02", "2026-03-10"),
        (Term(7, Unit.DAYS, first_day_counts=True), "2026-03-02", "2026-03-09"),
        (Term(1, Unit.DAYS, first_day_counts=True), "2026-03-02", "2026-03-03"),
        # 3 April is Good Friday and 6 April Easter Monday.
        (Term(5, Unit.WORKING_DAYS), "2026-03-31", "2026-04-10"),
        (Term(5, Unit.WORKING_DAYS, first_day_counts=True), "2026-03-31", "2026-04-09"),
        (Term(15, Unit.WORKING_DAYS), "2026-03-02", "2026-03-24"),
        # The day of the event is a Saturday: counting from it begins on the Monday all the same.
        (Term(1, Unit.WORKING_DAYS, first_day_counts=True), "2026-03-07", "2026-03-10"),
        (Term(1, Unit.MONTHS), "2026-01-31", "2026-03-01"),
        (Term(3, Unit.MONTHS, first_day_counts=True), "2026-01-31", "2026-04-30"),
        # Seven days end on Saturday 14 March, and roll to Monday.
        (Term(7, Unit.DAYS, rolls=True), "2026-03-07", "2026-03-17"),
        (Term(7, Unit.DAYS), "2026-03-07", "2026-03-15"),
    ],
)
def test_a_period_is_over_on_the_first_day_after_it(term: Term, event: str, expected: str) -> None:
    assert over(term, on(event), calendar("DE", "NW")) == on(expected)


def test_a_part_not_named_gives_two_ends() -> None:
    # Epiphany is a holiday in three of the German states.
    term = Term(2, Unit.WORKING_DAYS)
    assert over(term, on("2026-01-05"), calendar("DE", "BY")) == on("2026-01-09")
    assert over(term, on("2026-01-05"), calendar("DE", "BE")) == on("2026-01-08")
    either = over(term, on("2026-01-05"), calendar("DE"))
    assert either == Span(date(2026, 1, 8), date(2026, 1, 9))


def test_an_estimated_holiday_and_the_days_beside_it_are_of_unknown_kind() -> None:
    worked = calendar("PK", "")
    assert worked(date(2040, 1, 24)) is None  # Ashura, announced by sight of the moon
    assert worked(date(2040, 1, 23)) is None
    assert worked(date(2040, 1, 18)) is True


@pytest.mark.parametrize(("place", "told"), [(Place("XA"), "`XA`"), (Place("DE", "QQ"), "`QQ`")])
def test_a_place_without_a_calendar_is_undetermined(place: Place, told: str) -> None:
    found = calendar_of(place)
    assert isinstance(found, Undetermined)
    assert told in found.reason


def test_no_calendar_reaches_beyond_the_years_it_is_held_for() -> None:
    assert calendar("DE", "BE")(date(2200, 1, 5)) is None


def test_special_working_days_are_worked() -> None:
    assert calendar("CN")(date(2026, 2, 14)) is True  # a Saturday worked for the Spring Festival
    assert calendar("AE")(date(2026, 1, 2)) is True  # Friday, since the weekend moved in 2022


def test_working_days_without_a_calendar_are_not_counted() -> None:
    with pytest.raises(InputError, match="without a calendar"):
        over(Term(5, Unit.WORKING_DAYS), on("2026-03-02"), None)
    with pytest.raises(InputError, match="is none"):
        Term(0, Unit.DAYS)


def test_both_places_must_work() -> None:
    both = all_worked([calendar("DE", "NW"), calendar("IN", "DL")])
    assert both(date(2026, 10, 2)) is False  # Gandhi's birthday, a plain Friday in Bonn
    assert both(date(2026, 10, 5)) is True


@given(LENGTHS, st.sampled_from(Unit), st.booleans(), st.booleans(), DAYS)
def test_later_events_and_longer_periods_never_end_earlier(
    length: int, unit: Unit, first: bool, rolls: bool, day: date
) -> None:
    worked = calendar("DE")
    term, longer = (Term(size, unit, first, rolls) for size in (length, length + 1))
    end = over(term, Span(day, day), worked)
    assert day < end.earliest <= end.latest
    later = over(term, Span(day + DAY, day + DAY), worked)
    assert (end.earliest, end.latest) <= (later.earliest, later.latest)
    more = over(longer, Span(day, day), worked)
    assert (end.earliest, end.latest) <= (more.earliest, more.latest)


@given(LENGTHS, st.booleans(), DAYS)
def test_a_period_of_working_days_holds_exactly_so_many(
    length: int, first: bool, day: date
) -> None:
    worked = calendar("US", "NY")
    end = over(Term(length, Unit.WORKING_DAYS, first), Span(day, day), worked)
    start = day if first else day + DAY
    held = [start + n * DAY for n in range((end.latest - start).days)]
    assert sum(worked(one) is True for one in held) == length
    assert worked(held[-1]) is True


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_months_add_up_where_the_day_exists(day: date, first: int, second: int) -> None:
    if day.day <= 28:
        assert add_months(add_months(day, first), second) == add_months(day, first + second)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), ZONES)  # noqa: DTZ001 - hypothesis wants them bare
def test_an_instant_lies_within_its_day(instant: datetime, zone: str | None) -> None:
    span = days_of(instant, [zone])
    assert span.latest - span.earliest <= 2 * DAY
    begun = begins(span, [zone])
    ended = begins(Span(span.earliest + DAY, span.latest + DAY), [zone])
    assert begun.earliest <= instant < ended.latest


def test_days_are_those_of_the_authorities() -> None:
    evening = datetime(2026, 1, 5, 22, 30, tzinfo=UTC)
    assert days_of(evening, ["Europe/Berlin"]) == on("2026-01-05")
    assert days_of(evening, ["Europe/Berlin", "Asia/Tokyo"]) == Span(
        date(2026, 1, 5), date(2026, 1, 6)
    )
    assert begins(on("2026-03-29"), ["Europe/Berlin"]).latest == datetime(
        2026, 3, 28, 23, tzinfo=UTC
    )
    for wrong in ("Mars/Olympus", "../etc/passwd", ""):
        with pytest.raises(InputError, match="no time zone"):
            days_of(evening, [wrong])
    with pytest.raises(InputError, match="has no time zone"):
        days_of(evening.replace(tzinfo=None), ["Europe/Berlin"])
