"""The order for review: what each record adds, and what must hold whatever is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import RuleFileError
from registry.facts import Evidence, EvidenceKind
from rules.evidence import COUNT, UNITS, faults
from rules.priority import Priority, Ranked, Term, priority, window
from rules.weights import Measure, Weights, read_weights, shipped_weights

ON = date(2026, 11, 30)
TODAY = date(2026, 12, 1)


def seen(kind: EvidenceKind, subject: str = "a", *, key: str = "1", **more: object) -> Evidence:
    start = more.pop("start", date(2026, 6, 15))
    assert isinstance(start, date)
    end = more.pop("end", start + timedelta(days=1))
    return Evidence("s", key, kind, subject, subject.upper(), start, end, **more)  # type: ignore[arg-type]


def order(*records: Evidence, weights: Weights | None = None, months: int = 12) -> Priority:
    return priority(records, weights or shipped_weights(), on=ON, months=months)


def term(one: Ranked, name: Measure) -> Term:
    return next(term for term in one.terms if term.name is name)


def test_the_sum_is_figure_on_its_scale_times_weight() -> None:
    (one,) = order(
        seen(EvidenceKind.FATAL, quantity=Decimal(5), unit=COUNT, country="XA"),
        seen(EvidenceKind.SEIZURE, key="2", quantity=Decimal("2.5"), unit="kg", country="XB"),
    ).ranked
    assert [(t.name, t.figure, t.counted, t.points) for t in one.terms if t.figure] == [
        (Measure.FATAL, 5, 3, 18),
        (Measure.SEIZURES, 1, 1, 2),
        (Measure.COUNTRIES, 2, 2, 4),
        (Measure.MONTHS, 1, 1, 1),
    ]
    assert one.points == 25
    assert one.amounts == {"kg": Decimal("2.5")}


def test_no_record_is_no_zero_and_no_figure_is_at_least_one() -> None:
    (one,) = order(seen(EvidenceKind.SEIZURE)).ranked
    assert term(one, Measure.FATAL).figure is None
    assert term(one, Measure.FATAL).points is None
    assert (term(one, Measure.SEIZURES).figure, term(one, Measure.SEIZURES).at_least) == (1, True)
    assert term(one, Measure.COUNTRIES).figure is None


def test_how_much_was_seized_does_not_say_how_often() -> None:
    kilos = seen(EvidenceKind.SEIZURE, quantity=Decimal(120), unit="kg")
    nothing = seen(EvidenceKind.SEIZURE, "b", quantity=Decimal(0), unit="kg")
    share = seen(EvidenceKind.SURVEY, quantity=Decimal(2), unit="percent", key="2")
    first, second = order(kilos, nothing, share).ranked
    assert (term(first, Measure.SEIZURES).figure, term(first, Measure.SEIZURES).at_least) == (
        1,
        True,
    )
    assert not term(first, Measure.SURVEYS).at_least
    assert (term(second, Measure.SEIZURES).figure, term(second, Measure.SEIZURES).at_least) == (
        0,
        False,
    )


def test_a_survey_that_found_nothing_is_a_figure_of_none() -> None:
    (one,) = order(seen(EvidenceKind.SURVEY, quantity=Decimal(0), unit="percent")).ranked
    assert (term(one, Measure.SURVEYS).figure, one.points) == (0, 0)
    assert term(one, Measure.MONTHS).figure is None


@pytest.mark.parametrize(
    ("on", "months", "start"),
    [
        (date(2026, 11, 30), 12, date(2025, 12, 1)),
        (date(2026, 11, 29), 1, date(2026, 10, 30)),
        (date(2026, 3, 30), 1, date(2026, 2, 28)),
        (date(2024, 3, 29), 1, date(2024, 2, 29)),
        (date(2026, 12, 31), 1, date(2026, 12, 1)),
        (date(1, 6, 1), 1200, date(1, 1, 1)),
        (date(2, 6, 1), 17, date(1, 1, 2)),
    ],
)
def test_a_window_is_the_months_up_to_and_with_the_day(on: date, months: int, start: date) -> None:
    assert window(on, months).start == start
    assert window(on, months).end == on + timedelta(days=1)


def test_the_last_day_there_is_has_a_window_too() -> None:
    assert window(date.max, 1).end == date.max


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [
        (date(2025, 11, 30), date(2025, 12, 1), False),
        (date(2025, 11, 30), date(2025, 12, 2), True),
        (date(2026, 11, 30), date(2026, 12, 1), True),
        (date(2026, 12, 1), date(2026, 12, 2), False),
    ],
)
def test_a_record_counts_where_it_may_have_happened_in_the_window(
    start: date, end: date, counts: bool
) -> None:
    found = order(seen(EvidenceKind.INCIDENT, start=start, end=end))
    assert bool(found.ranked) is counts
    assert found.unranked == (() if counts else (("a", "A"),))


def test_a_longer_period_counts_for_one_month_and_may_be_more() -> None:
    (one,) = order(
        seen(EvidenceKind.SEIZURE, start=date(2025, 6, 1), end=date(2026, 6, 1)),
        seen(EvidenceKind.SEIZURE, key="2", start=date(2026, 4, 1), end=date(2026, 5, 1)),
    ).ranked
    months = term(one, Measure.MONTHS)
    assert (months.counts, months.figure, months.at_least) == (("2025-12", "2026-04"), 2, True)


def test_equal_sums_share_a_rank_in_the_order_of_their_subjects() -> None:
    same = [seen(EvidenceKind.SURVEY, name) for name in ("c", "b", "a")]
    more = seen(EvidenceKind.FATAL, "d")
    assert [(one.rank, one.subject) for one in order(*same, more).ranked] == [
        (1, "d"), (2, "a"), (2, "b"), (2, "c"),
    ]  # fmt: skip


days = st.dates(date(2025, 10, 1), date(2026, 12, 31))


@st.composite
def records(draw: st.DrawFn) -> Evidence:
    kind = draw(st.sampled_from(EvidenceKind))
    unit = draw(st.sampled_from(("", *UNITS[kind])))
    start = draw(days)
    return Evidence(
        "s",
        "",
        kind,
        draw(st.sampled_from("abc")),
        "n",
        start,
        start + timedelta(days=draw(st.integers(1, 500))),
        draw(st.sampled_from(("", "XA", "XB"))),
        Decimal(draw(st.integers(0, 20))) if unit else None,
        unit,
    )


evidence = st.lists(records(), max_size=12).map(
    lambda found: [replace(one, key=str(place)) for place, one in enumerate(found)]
)
weights = st.dictionaries(
    st.sampled_from(Measure), st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(3)])
).map(shipped_weights().changed)


def ranks(found: Priority) -> dict[str, int]:
    return {one.subject: one.rank for one in found.ranked}


@given(evidence, records(), weights)
@settings(max_examples=60)
def test_one_more_record_never_lowers_the_rank_of_its_own_substance(
    before: list[Evidence], added: Evidence, by: Weights
) -> None:
    old = ranks(order(*before, weights=by))
    new = ranks(order(*before, replace(added, key="new"), weights=by))
    if added.subject in old:
        assert new[added.subject] <= old[added.subject]


@given(evidence, st.randoms(), weights)
@settings(max_examples=50)
def test_the_order_of_the_records_does_not_matter(
    found: list[Evidence], chance: object, by: Weights
) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert order(*shuffled, weights=by) == order(*found, weights=by)


@given(evidence, st.sets(st.sampled_from(Measure), max_size=len(Measure) - 1))
@settings(max_examples=50)
def test_a_weight_of_zero_removes_a_criterion(found: list[Evidence], removed: set[Measure]) -> None:
    zero = shipped_weights().changed(dict.fromkeys(removed, Decimal(0)))
    kept = {k: v for k, v in shipped_weights().criteria.items() if k not in removed}
    assert order(*found, weights=zero) == order(*found, weights=Weights(criteria=kept))
    shown = {term.name for one in order(*found, weights=zero).ranked for term in one.terms}
    assert not shown & removed


@given(evidence, weights)
@settings(max_examples=50)
def test_every_subject_is_ranked_or_told_to_be_without_and_each_sum_is_that_of_its_terms(
    found: list[Evidence], by: Weights
) -> None:
    told = order(*found, weights=by)
    unranked = {subject for subject, _ in told.unranked}
    assert ranks(told).keys() | unranked == {one.subject for one in found}
    assert not ranks(told).keys() & unranked
    for one in told.ranked:
        assert one.points == sum((t.points for t in one.terms if t.points is not None), Decimal(0))
        assert all(t.records for t in one.terms if t.figure is not None)


def test_the_weights_that_ship_name_every_measure_with_a_reason() -> None:
    shipped = shipped_weights()
    assert set(shipped.criteria) == set(Measure)
    assert {one.aspect for one in shipped.criteria.values()} == {
        "prevalent", "persistent", "harmful",
    }  # fmt: skip
    assert all(len(one.reason) > 20 for one in shipped.criteria.values())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("criteria:\n  potency: {aspect: harmful, weight: 1, scale: each, reason: x}\n", ":2:"),
        ("criteria:\n  months:\n    weight: -1\n    aspect: persistent\n    scale: each\n    reason: x\n", ":3:"),
        ("criteria: {}\n", ":1:"),
        ("criteria: [\n", ":2:"),
    ],
)  # fmt: skip
def test_weights_that_cannot_be_used_are_told_by_line(text: str, place: str) -> None:
    with pytest.raises(RuleFileError) as refused:
        read_weights(text, "mine.yaml")
    assert f"mine.yaml{place}" in refused.value.message


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        (EvidenceKind.FATAL, {"quantity": Decimal(2), "unit": "g"}, "unit"),
        (EvidenceKind.FATAL, {"quantity": Decimal("1.5"), "unit": "count"}, "quantity"),
        (EvidenceKind.FATAL, {"quantity": Decimal(-1), "unit": "count"}, "quantity"),
        (EvidenceKind.FATAL, {"quantity": Decimal("NaN"), "unit": "count"}, "quantity"),
        (EvidenceKind.FATAL, {"quantity": Decimal("1e999999999"), "unit": "count"}, "quantity"),
        (EvidenceKind.SEIZURE, {"quantity": Decimal("1e-999999"), "unit": "g"}, "quantity"),
        (EvidenceKind.FATAL, {"quantity": Decimal(1)}, "unit"),
        (EvidenceKind.FATAL, {"unit": "count"}, "quantity"),
        (EvidenceKind.SURVEY, {"quantity": Decimal(101), "unit": "percent"}, "quantity"),
        (EvidenceKind.SEIZURE, {"period": (TODAY, TODAY)}, "to"),
        (EvidenceKind.SEIZURE, {"period": (date(2026, 12, 2), date(2026, 12, 3))}, "from"),
        (EvidenceKind.SEIZURE, {"country": "xa"}, "country"),
    ],
)
def test_what_no_record_may_say_is_told_by_field(
    kind: EvidenceKind, more: dict[str, object], field: str
) -> None:
    said = {"period": (date(2026, 1, 1), date(2026, 1, 2)), "country": "XA"} | more
    found = list(
        faults(
            kind,
            said["period"],  # type: ignore[arg-type]
            said["country"],  # type: ignore[arg-type]
            said.get("quantity"),  # type: ignore[arg-type]
            said.get("unit", ""),  # type: ignore[arg-type]
            TODAY,
        )
    )
    assert [name for name, _ in found] == [field]
