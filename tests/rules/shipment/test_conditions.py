from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.shipment.conditions import (
    All,
    AnyOf,
    Ask,
    Condition,
    Members,
    Not,
    Truth,
    Value,
    evaluate,
    facts_of,
    opposite,
    parse_condition,
    read_value,
)

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
FLAGS = ("bonded_warehouse", "suspicious", "prohibited", "line.opium")
VIEWS = st.dictionaries(st.sampled_from(FLAGS), st.sampled_from([True, False, None]))
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.builds(Ask, st.sampled_from(FLAGS), st.just("is"), st.booleans()),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "view", "expected"),
    [
        ({"fact": "bonded_warehouse", "is": "yes"}, {"bonded_warehouse": True}, YES),
        ({"fact": "bonded_warehouse", "is": "no"}, {"bonded_warehouse": True}, NO),
        ({"fact": "bonded_warehouse", "is": "yes"}, {}, UNKNOWN),
        ({"fact": "movement.as", "in": ["relief"]}, {"movement.as": "relief"}, YES),
        ({"fact": "on", "before": "2026-01-02"}, {"on": date(2026, 1, 1)}, YES),
        ({"fact": "on", "before": "2026-01-01"}, {"on": date(2026, 1, 1)}, NO),
        ({"fact": "on", "after": "2026-01-01"}, {"on": date(2026, 1, 2)}, YES),
        ({"fact": "consignee.address", "matches": "box"}, {"consignee.address": "A BOX"}, YES),
        ({"fact": "line.exempt_12_14", "present": "yes"}, {"line.exempt_12_14": False}, YES),
        ({"fact": "line.exempt_12_14", "present": "yes"}, {}, UNKNOWN),
    ],
)
def test_each_operator_says_what_it_says(
    text: dict[str, Any], view: dict[str, Value], expected: Truth
) -> None:
    assert evaluate(parse_condition(text), view).truth is expected


def test_a_possible_member_leaves_it_open_and_a_certain_one_decides() -> None:
    asked = parse_condition({"fact": "line.schedules", "has_any": ["UN-1961-I", "UN-1961-II"]})
    perhaps = Members(frozenset(), frozenset({"UN-1961-I"}))
    surely = Members(frozenset({"UN-1961-II"}), frozenset({"UN-1961-I", "UN-1961-II"}))
    other = Members(frozenset({"UN-1971-I"}), frozenset({"UN-1971-I"}))
    answers = [evaluate(asked, {"line.schedules": m}).truth for m in (perhaps, surely, other)]
    assert answers == [UNKNOWN, YES, NO]
    assert evaluate(asked, {"line.schedules": perhaps}).unknown == {"line.schedules"}


def test_an_empty_all_holds_and_an_empty_any_does_not() -> None:
    assert evaluate(All(()), {}).truth is YES
    assert evaluate(AnyOf(()), {}).truth is NO


def test_unknown_facts_that_cannot_matter_are_not_wanted() -> None:
    asked = AnyOf((Ask("suspicious", "is", True), Ask("prohibited", "is", True)))
    assert evaluate(asked, {"prohibited": True}).unknown == frozenset()
    assert evaluate(asked, {"prohibited": False}).unknown == {"suspicious"}


@given(condition=CONDITIONS, view=VIEWS, supplied=VIEWS)
def test_a_certain_answer_stays_when_more_is_known(
    condition: Condition, view: dict[str, Value], supplied: dict[str, Value]
) -> None:
    more = supplied | {name: value for name, value in view.items() if value is not None}
    before = evaluate(condition, view)
    if before.truth is not UNKNOWN:
        assert evaluate(condition, more).truth is before.truth
    else:
        assert before.unknown
        assert all(view.get(name) is None for name in before.unknown)


@given(condition=CONDITIONS, view=VIEWS)
def test_not_and_de_morgan_hold(condition: Condition, view: dict[str, Value]) -> None:
    straight = evaluate(condition, view).truth
    assert evaluate(Not(condition), view).truth is opposite(straight)
    pair = (condition, Ask("suspicious", "is", True))
    outer = evaluate(Not(All(pair)), view).truth
    assert outer is evaluate(AnyOf(tuple(Not(part) for part in pair)), view).truth


@given(condition=CONDITIONS, view=VIEWS)
def test_only_facts_a_condition_names_are_used(
    condition: Condition, view: dict[str, Value]
) -> None:
    assert evaluate(condition, view).used <= facts_of(condition)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("yes", "a condition is a mapping"),
        ({}, "a condition is a mapping"),
        ({"fact": "no.such", "is": "yes"}, "unknown fact `no.such`"),
        ({"fact": "suspicious"}, "needs exactly one operator, not none"),
        ({"fact": "suspicious", "is": "yes", "in": ["a"]}, "exactly one operator"),
        ({"fact": "suspicious", "before": "2026-01-01"}, "`before` does not fit `suspicious`"),
        ({"fact": "suspicious", "is": "maybe"}, "`maybe` is not a yes or no"),
        ({"fact": "on", "before": "soon"}, "`soon` is not a date"),
        ({"fact": "movement.as", "in": "relief"}, "`in` needs a list"),
        ({"every": []}, "unknown word `every`"),
        ({"all": []}, "`all` needs a list"),
        ({"all": [], "any": []}, "has one key"),
    ],
)
def test_what_is_not_in_the_language_is_refused_in_its_words(text: Any, message: str) -> None:
    with pytest.raises(ValueError) as info:
        parse_condition(text)
    assert message in str(info.value)


def test_values_of_a_rule_file_take_the_kind_of_their_fact() -> None:
    assert read_value("number", "1.10") == Decimal("1.10")
    assert read_value("set", ["A", "B?"]) == Members(frozenset({"A"}), frozenset({"A", "B"}))
    assert str(read_value("set", ["B?", "A"])) == "A, B?"
    with pytest.raises(ValueError, match="`x` is not a number"):
        read_value("number", "x")


@pytest.mark.parametrize(
    ("asked", "truth"),
    [
        ({"UN-1961-I", "UN-1961-II", "UN-1961-III"}, Truth.YES),
        ({"UN-1961-I"}, Truth.UNKNOWN),
        ({"UN-1971-I"}, Truth.NO),
    ],
)
def test_one_of_two_is_certain_where_both_are_asked_for(asked: set[str], truth: Truth) -> None:
    either = frozenset({"UN-1961-I", "UN-1961-III"})
    view = {"line.schedules": Members(possible=either, one_of=either)}
    condition = parse_condition({"fact": "line.schedules", "has_any": sorted(asked)})
    assert evaluate(condition, view).truth is truth
