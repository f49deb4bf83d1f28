"""Where a case stands on the day before, the day itself and the day after; and what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.facts import CaseEntryKind as Kind
from registry.facts import Period
from rules.deadlines.terms import Span
from rules.pipeline.case import Entry, when
from rules.pipeline.clocks import Status
from rules.pipeline.position import Attention, position
from rules.pipeline.procedure import State, procedure, procedures
from tests.rules.pipeline.walking import BOUND, RECORDED, at, case, day, done

DAY = timedelta(days=1)
NPP = case(
    "UN-1988",
    done(1, "adopted", "2017-03-16"),
    done(2, "communicated", "2017-04-21"),
    bound={"DE": BOUND, "GB": BOUND},
)


def statuses(name: str, clock: str, began: str, *days: str) -> list[str]:
    one = case(name, done(1, procedure(name).clock(clock).starts, began))  # type: ignore[union-attr]
    return [at(one, on).of(clock).status.value for on in days]


def test_a_decision_of_1988_takes_effect_180_days_after_its_communication() -> None:
    # NPP and ANPP: decided on 16 March 2017, effective on 18 October 2017 (INCB, precursors 2017).
    before, itself = at(NPP, "2017-10-17"), at(NPP, "2017-10-18")
    assert (before.state, before.of("effect").status) == (State.COMMUNICATED, Status.RUNNING)
    assert (itself.state, itself.of("effect").status) == (State.IN_FORCE, Status.OVER)
    assert itself.since == Span(day("2017-10-18"), day("2017-10-18"))


def test_national_law_is_overdue_from_the_day_of_effect_and_not_before() -> None:
    assert at(NPP, "2017-10-17").of("transposition", "GB").status is Status.NOT_STARTED
    assert at(NPP, "2017-10-18").of("transposition", "GB").status is Status.OVERDUE
    with_law = replace(NPP, entries=(*NPP.entries, done(3, "transposed", "2017-10-18", "GB")))
    due = at(with_law, "2017-10-18").of("transposition", "GB")
    assert (due.status, due.in_time) == (Status.MET, True)
    assert at(with_law, "2017-10-17").of("transposition", "GB").status is Status.NOT_STARTED
    late = replace(NPP, entries=(*NPP.entries, done(3, "transposed", "2017-10-19", "GB")))
    assert at(late, "2017-10-18").of("transposition", "GB").status is Status.OVERDUE
    assert at(late, "2017-10-19").of("transposition", "GB").in_time is False


def test_of_1961_each_party_counts_from_its_own_receipt() -> None:
    one = case(
        "UN-1961",
        done(1, "communicated", "2025-04-21"),
        done(2, "received", "2025-05-02", "GB"),
        bound={"DE": BOUND, "GB": BOUND},
    )
    assert at(one, "2025-05-01").of("effect", "GB").status is Status.NOT_STARTED
    assert at(one, "2025-05-02").of("effect", "GB").status is Status.OVER
    assert at(one, "2025-05-02").of("transposition", "GB").status is Status.OVERDUE
    assert at(one, "2025-04-20").of("effect", "DE").status is Status.NOT_STARTED
    unknown = at(one, "2026-04-21").of("transposition", "DE")
    assert unknown.status is Status.UNDETERMINED
    assert unknown.missing == "the day of: receipt by DE"
    assert at(one, "2026-04-21").state is State.COMMUNICATED
    assert at(one, "2026-04-21").may_be is State.IN_FORCE


@pytest.mark.parametrize(
    ("name", "clock", "began", "first_day_after"),
    [
        ("GB-TCDO", "expiry", "2015-04-10", "2016-04-10"),
        ("US-811H", "expiry", "2016-05-12", "2018-05-13"),
        ("CA-60-1", "expiry", "2026-06-05", "2027-06-05"),
        ("KR-5-2", "expiry", "2024-02-01", "2027-02-01"),
        ("NL-3A-5", "expiry", "2024-02-29", "2025-02-28"),
        ("DE-BTMG-1-3", "expiry", "2024-03-01", "2025-03-01"),
        ("NZ-4C", "expiry", "2024-03-01", "2025-03-01"),
        ("EU-NPS", "declining", "2024-03-01", "2024-04-13"),
        ("UN-1988", "review", "2017-04-21", "2017-10-19"),
        ("UN-1971", "effect", "2017-04-21", "2017-10-18"),
    ],
)
def test_a_period_runs_the_day_before_and_is_over_on_the_day(
    name: str, clock: str, began: str, first_day_after: str
) -> None:
    itself = day(first_day_after)
    days = [(itself + step * DAY).isoformat() for step in (-1, 0, 1)]
    assert statuses(name, clock, began, *days) == ["running", "over", "over"]


def test_six_months_of_the_union_end_with_their_last_day() -> None:
    one = case("EU-NPS", done(1, "entered", "2022-08-18"), bound={"AT": BOUND, "ZZ": Period()})
    on_the_last, after = at(one, "2023-02-18"), at(one, "2023-02-19")
    assert on_the_last.of("transposition", "AT").status is Status.RUNNING
    assert after.of("transposition", "AT").status is Status.OVERDUE
    unknown = after.of("transposition", "ZZ")
    assert (unknown.status, unknown.missing) == (
        Status.UNDETERMINED,
        "whether ZZ is bound by law of the EU on 2023-02-19",
    )


def test_a_state_that_joins_later_has_until_then_and_one_that_is_not_bound_has_no_duty() -> None:
    joins = Period.exact(day("2020-06-01"))
    left = Period.exact(day("1991-01-01"), day("2019-01-01"))
    one = case("UN-1988", done(1, "communicated", "2017-04-21"), bound={"AA": joins, "BB": left})
    assert at(one, "2020-05-31").of("transposition", "AA").status is Status.NOT_STARTED
    assert at(one, "2020-06-01").of("transposition", "AA").status is Status.OVERDUE
    assert at(one, "2018-12-31").of("transposition", "BB").status is Status.OVERDUE
    gone = at(one, "2019-01-01").of("transposition", "BB")
    assert gone.status is Status.NOT_STARTED
    assert gone.notes == ("BB is not bound by the 1988 Convention on 2019-01-01",)


def test_a_day_that_is_not_known_leaves_it_undetermined_and_never_not_overdue() -> None:
    unknown = case("UN-1988", done(1, "communicated", ""), bound={"GB": BOUND})
    early, late = at(unknown, "2026-02-01"), at(unknown, "2026-06-30")
    assert early.of("transposition", "GB").status is Status.UNDETERMINED
    assert early.may_be is State.IN_FORCE
    # It was communicated by the day of recording, so 180 days later it certainly is overdue.
    assert late.of("transposition", "GB").status is Status.OVERDUE
    rough = case("GB-TCDO", done(1, "in_force", "2015-04-01..2015-04-30"))
    seen = [at(rough, on).of("expiry").status for on in ("2016-03-31", "2016-04-15", "2016-04-30")]
    assert seen == [Status.RUNNING, Status.UNDETERMINED, Status.OVER]


def test_what_parliament_does_not_count_may_prolong_the_forty_days() -> None:
    one = case("GB-TCDO", done(1, "made", "2015-04-02"))
    assert at(one, "2015-05-11").of("approval").status is Status.RUNNING
    unsure = at(one, "2015-05-12").of("approval")
    assert unsure.status is Status.UNDETERMINED
    assert "Parliament is dissolved" in unsure.missing


def test_an_extension_moves_the_end_as_its_document_says_and_no_further_than_the_law() -> None:
    # FUB-AMB: in effect until 4 November 2019, extended to 3 November 2020 (84 FR 58045).
    order = done(1, "in_force", "2017-11-03")
    stated = case("US-811H", order, done(2, "extended", "2019-10-30", until="2020-11-04"))
    assert at(stated, "2019-10-29").of("expiry").by == Span(day("2019-11-04"), day("2019-11-04"))
    assert at(stated, "2020-11-03").of("expiry").status is Status.RUNNING
    assert at(stated, "2020-11-04").state is State.EXPIRED
    silent = case("US-811H", order, done(2, "extended", "2019-10-30"))
    assert at(silent, "2020-01-01").of("expiry").status is Status.UNDETERMINED
    assert at(silent, "2020-11-04").of("expiry").status is Status.OVER
    too_long = case("US-811H", order, done(2, "extended", "2019-10-30", until="2022-01-01"))
    found = at(too_long, "2020-11-04").of("expiry")
    assert found.status is Status.OVER
    assert found.notes == ("`extended` states 2022-01-01; the law allows 2020-11-04 at most",)
    after = case("US-811H", order, done(2, "extended", "2019-11-05", until="2020-11-04"))
    assert at(after, "2019-11-05").of("expiry").status is Status.OVER
    assert "came after it had expired" in at(after, "2019-11-05").of("expiry").notes[0]


def test_a_measure_made_permanent_does_not_expire() -> None:
    one = case(
        "GB-TCDO",
        done(1, "in_force", "2015-04-10"),
        done(2, "made_permanent", "2016-04-10"),
    )
    itself = at(one, "2016-04-10")
    assert (itself.state, itself.of("expiry").status) == (State.MADE_PERMANENT, Status.MET)
    assert itself.of("expiry").in_time is True
    assert itself.attention(30) == ()
    assert itself.next == ()


def test_what_comes_within_the_days_asked_is_shown_and_what_comes_later_is_not() -> None:
    one = case("GB-TCDO", done(1, "in_force", "2015-04-10"))
    seen = {n: [why for why, _ in at(one, "2016-03-11").attention(n)] for n in (29, 30)}
    assert seen == {29: [], 30: [Attention.EXPIRING]}
    closed = replace(one, entries=(*one.entries, Entry(2, Kind.CLOSE, recorded=RECORDED)))
    assert at(closed, "2016-04-10").attention(30) == ()


def test_a_correction_stands_for_what_it_corrects() -> None:
    wrong = done(2, "communicated", "2017-04-01")
    right = replace(done(3, "communicated", "2017-04-21"), corrects=2)
    one = case("UN-1988", done(1, "adopted", "2017-03-16"), wrong, right, bound={"GB": BOUND})
    assert at(one, "2017-10-17").state is State.COMMUNICATED
    assert at(one, "2017-10-18").state is State.IN_FORCE
    taken_back = Entry(4, Kind.WITHDRAWAL, corrects=3, recorded=RECORDED)
    assert at(replace(one, entries=(*one.entries, taken_back)), "2017-10-18").state is State.ADOPTED


def test_the_next_steps_follow_from_what_was_done() -> None:
    def following(*entries: Entry) -> list[str]:
        return [step.id for step in at(case("UN-1971", *entries), "2025-01-01").next]

    assert following() == ["notified"]
    first = done(1, "notified", "2024-01-01")
    assert following(first) == ["transmitted", "reviewed"]
    assert following(first, done(2, "recommended", "2024-10-01")) == ["rejected", "adopted"]
    assert following(first, done(2, "rejected", "2024-12-01")) == []


def test_of_what_was_done_on_no_known_day_only_the_day_of_recording_bounds_it() -> None:
    assert when(None, None, None, RECORDED) == Span(date.min, RECORDED.date())
    assert when(None, day("2020-01-01"), None, RECORDED).earliest == day("2020-01-01")


STEPS = st.sampled_from([step.id for step in procedure("UN-1961").steps if not step.repeats])
DAYS = st.dates(date(2020, 1, 1), date(2024, 12, 31))
ENTRIES = st.lists(
    st.tuples(STEPS, st.sampled_from(["GB", "DE"]), DAYS, st.integers(0, 40)),
    max_size=8,
    unique_by=lambda one: (one[0], one[1]),
)


@settings(max_examples=60, deadline=None)
@given(given_steps=ENTRIES, on=DAYS, order=st.randoms(use_true_random=False))
def test_the_order_of_recording_does_not_change_the_position(
    given_steps: list[tuple[str, str, date, int]], on: date, order: object
) -> None:
    rule = procedure("UN-1961")
    steps = [
        (step, by if rule.step(step).each else "", Span(began, began + spread * DAY))
        for step, by, began, spread in given_steps
    ]
    shuffled = list(steps)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    found = [
        position(
            rule,
            case(
                "UN-1961",
                *(
                    Entry(n, Kind.STEP, step, days, by, recorded=RECORDED)
                    for n, (step, by, days) in enumerate(some, 1)
                ),
                bound={"DE": BOUND, "GB": BOUND},
            ),
            on,
        )
        for some in (steps, shuffled)
    ]
    assert found[0] == found[1]


@settings(max_examples=60, deadline=None)
@given(began=DAYS, spread=st.integers(0, 60), ahead=st.integers(-5, 500))
def test_what_is_said_of_a_span_of_days_holds_for_each_day_of_it(
    began: date, spread: int, ahead: int
) -> None:
    on = began + ahead * DAY
    rough = case(
        "UN-1988",
        Entry(1, Kind.STEP, "communicated", Span(began, began + spread * DAY), recorded=RECORDED),
        bound={"GB": BOUND},
    )
    said = position(procedure("UN-1988"), rough, on).of("transposition", "GB").status
    if said is Status.UNDETERMINED:
        return
    for step in range(0, spread + 1, 7):
        exact = replace(
            rough,
            entries=(replace(rough.entries[0], days=Span(*[began + step * DAY] * 2)),),
        )
        one = position(procedure("UN-1988"), exact, on).of("transposition", "GB").status
        assert (one is Status.OVERDUE) == (said is Status.OVERDUE)


def test_every_procedure_can_be_asked_where_an_empty_case_stands() -> None:
    for name in procedures():
        empty = at(case(name, bound={"GB": BOUND}), "2026-01-01")
        assert empty.state is State.OPENED
        assert {due.status for due in empty.dues} <= {Status.NOT_STARTED}
        assert [step.id for step in empty.next] == [procedure(name).steps[0].id]
