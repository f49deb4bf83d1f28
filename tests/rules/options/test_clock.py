"""From which day a measure holds, and until when: on both sides of each day, and never by guessing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import InputError
from rules.options.clock import Course, Events, Reckoned, effect
from rules.options.load import shipped
from rules.options.schema import EVENTS, Option, Starts

DAY = timedelta(days=1)
OPTIONS = shipped().by_id
ANY_OPTION = st.sampled_from(list(OPTIONS.values()))
ANY_DAY = st.dates(date(1990, 1, 1), date(2060, 1, 1))
ANY_EVENTS = st.builds(Events, **dict.fromkeys((*EVENTS, "ends"), st.none() | ANY_DAY))


def course(option: str, **days: date) -> Course:
    return effect(OPTIONS[option], Events(**days))


def test_a_decision_of_1971_has_effect_180_days_after_its_communication() -> None:
    found = course("UN-1971", communicated=date(2024, 6, 6))
    assert found.takes_effect.day == date(2024, 12, 3)
    assert found.expires.never


def test_a_decision_of_1961_has_effect_on_the_day_a_party_receives_it() -> None:
    assert course("UN-1961", received=date(2024, 6, 20)).takes_effect.day == date(2024, 6, 20)
    unknown = course("UN-1961", communicated=date(2024, 6, 6)).takes_effect
    assert (unknown.days, unknown.missing) == (None, ("the communication was received",))


def test_an_italian_decree_is_in_force_on_the_fifteenth_day_unless_it_says_otherwise() -> None:
    found = course("IT-CLASS", published=date(2020, 7, 13)).takes_effect
    assert (found.days and found.days.earliest) == date(2020, 7, 28)
    assert (found.bound, found.day) == ("unless stated", None)
    said = course("IT-CLASS", published=date(2020, 7, 13), stated=date(2020, 8, 1)).takes_effect
    assert said.day == date(2020, 8, 1)


def test_a_temporary_class_drug_order_ends_after_a_year_beginning_with_its_first_day() -> None:
    found = course("GB-TCDO", stated=date(2012, 4, 5))
    assert found.expires.day == date(2013, 4, 5)
    assert found.extendable_to.never


def test_an_american_order_lasts_two_years_and_can_be_prolonged_by_one() -> None:
    # beta-Hydroxythiofentanyl: issued on 12 May 2016, in effect through 12 May 2018 (83 FR 21834).
    told = course("US-TEMP", published=date(2016, 5, 12), stated=date(2016, 5, 12))
    assert told.expires.day == date(2018, 5, 13)
    found = course("US-TEMP", published=date(2025, 8, 15), stated=date(2025, 8, 15))
    assert found.takes_effect.day == date(2025, 8, 15)
    assert found.expires.day == date(2027, 8, 16)
    assert found.extendable_to.days is not None
    assert found.extendable_to.days.latest == date(2028, 8, 16)
    assert found.extendable_to.bound == "not after"


def test_a_day_that_the_law_does_not_allow_is_not_taken() -> None:
    notice = date(2026, 1, 10)
    allowed = course("US-TEMP", announced=notice, stated=notice + 31 * DAY).takes_effect
    assert allowed.day == date(2026, 2, 10)
    early = course("US-TEMP", announced=notice, stated=notice + 30 * DAY).takes_effect
    assert (early.day, early.missing) == (None, ("which of the two days holds",))
    late = course("EU-FD", entered=date(2025, 11, 1), stated=date(2026, 5, 2)).takes_effect
    assert late.days is None
    in_time = course("EU-FD", entered=date(2025, 11, 1), stated=date(2026, 5, 1)).takes_effect
    assert in_time.day == date(2026, 5, 1)


def test_an_extension_moves_the_end_and_cannot_be_had_twice_where_the_law_gives_one() -> None:
    events = Events(decided=date(2026, 6, 5), stated=date(2026, 6, 5), ends=date(2027, 6, 5))
    option = OPTIONS["CA-V"]
    assert effect(option, events).expires.day == date(2027, 6, 5)
    longer = effect(option, events, extended=1).expires
    assert longer.days is not None
    assert (longer.days.latest, longer.bound) == (date(2028, 6, 5), "not after")
    with pytest.raises(InputError, match="extended 1 times at most"):
        effect(option, events, extended=2)
    with pytest.raises(InputError, match="cannot be extended"):
        effect(OPTIONS["GB-TCDO"], events, extended=1)
    with pytest.raises(InputError, match="cannot be extended `-1` times"):
        effect(option, events, extended=-1)


def test_an_end_that_may_be_earlier_is_no_end_on_a_day() -> None:
    found = course("KR-TEMP", published=date(2024, 1, 31)).expires
    assert found.day is None
    assert (found.bound, found.missing) == ("not after", ("the end that the measure names",))
    assert found.days is not None
    assert found.days.latest == date(2027, 1, 31)
    open_end = course("CA-V", decided=date(2026, 6, 5)).expires
    assert open_end.days is None


def test_where_no_measure_is_made_there_is_no_day() -> None:
    assert course("GB-PSA").takes_effect.never
    assert course("US-ANALOGUE").expires.never


def test_working_days_are_counted_by_the_calendar_of_the_place_or_not_at_all() -> None:
    starts = {"text": "the third working day", "cite": "reg", "event": "published", "after": 3}
    counted = Starts.model_validate({**starts, "unit": "working_days"})
    option = OPTIONS["EE-LIST"].model_copy(update={"starts": counted})
    found = effect(option, Events(published=date(2026, 6, 22))).takes_effect
    assert found.day == date(2026, 6, 29)  # 23 and 24 June are holidays, 27 and 28 a weekend
    nowhere = OPTIONS["UN-1971"].model_copy(update={"starts": counted})
    unknown = effect(nowhere, Events(published=date(2026, 6, 22))).takes_effect
    assert unknown.days is None
    assert unknown.reason.startswith("no calendar")


def _reckoned(found: Course) -> tuple[Reckoned, ...]:
    return (found.takes_effect, found.expires, found.extendable_to)


@given(ANY_OPTION)
def test_without_any_day_nothing_is_dated(option: Option) -> None:
    for one in _reckoned(effect(option, Events())):
        assert one.days is None
        assert one.never or one.missing


@given(ANY_OPTION, ANY_EVENTS)
def test_an_answer_is_a_day_a_reason_why_there_is_none_or_what_is_missing(
    option: Option, events: Events
) -> None:
    for one in _reckoned(effect(option, events)):
        assert one.reason
        assert not (one.never and (one.days or one.missing))
        assert one.never or one.days or one.missing
        assert one.day is None or not one.missing


@given(ANY_OPTION, ANY_EVENTS)
def test_one_more_day_known_never_takes_back_a_certain_day(option: Option, events: Events) -> None:
    sure = effect(option, events).takes_effect.day
    if sure is None or events.stated is None:
        return
    without = effect(option, replace(events, stated=None)).takes_effect.day
    assert (
        without in (None, sure) or option.starts.how != "fixed" or option.starts.event == "stated"
    )


@given(st.sampled_from([o for o in OPTIONS.values() if o.type == "temporary"]), ANY_DAY)
def test_what_is_temporary_ends_after_it_began(option: Option, day: date) -> None:
    known = Events(**dict.fromkeys(EVENTS, day))
    found = effect(option, replace(known, announced=day - 400 * DAY, published=day - DAY))
    assert found.takes_effect.day is not None
    assert found.expires.days is not None
    assert found.expires.days.latest > found.takes_effect.day
    assert found.expires.days.latest <= found.takes_effect.day + timedelta(days=366 * 3 + 1)
