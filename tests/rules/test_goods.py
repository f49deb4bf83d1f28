"""Conditions on the goods: quantity, concentration, packaging, age; three-valued."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from rules.decide import Book, Scope, decide
from rules.goods import PURE, Condition, Goods
from rules.load import rule_from
from rules.result import Finding, Outcome, Structure
from rules.strict_yaml import parse

AMOUNT = st.decimals(min_value=0, max_value=1000, places=2)
NITROUS_OXIDE = "[N-]=[N+]=O"
RULE = """
id: DE-X
kind: class
jurisdiction: DE
title: {en: planted}
wordings: [{from: 2000-01-01, cite: {title: none}}]
law: {itself: it, mixture: "over 20 percent", box: "over 8.4 g in a container", young: under eighteen}
reading:
  skeletons: [{name: nitrous oxide, core: "[#7D1]~[#7D2]~[#8D1]", clause: itself, change: optional}]
conditions:
  - {clause: mixture, fact: concentration, over: 20}
  - {clause: box, fact: fill, over: 8.4, decides: %s}
  - {clause: young, fact: age, under: 18, decides: duty}
examples: [{name: water, smiles: O, on: 2020-01-01, expect: {outcome: outside}}]
"""


def found(book: Book, goods: Goods, box: str = "duty") -> Finding:
    rule = rule_from(parse(RULE % box, "X.yaml"), book.law.words)
    law = replace(book.law, rules={**book.law.rules, "DE-X": rule})
    decision = decide(
        standardise(read_structure(NITROUS_OXIDE)),
        replace(book, law=law, _sittings={}),
        on=date(2026, 7, 1), known_at="", text="", scope=Scope(jurisdictions=("DE",)), goods=goods,
        everything=True,
    )  # fmt: skip
    return next(one for one in decision.findings if one.provision == "DE-X")


def reasons(finding: Finding) -> dict[str, str]:
    return {reason.clause: reason.holds for reason in finding.reasons if reason.clause != "itself"}


def test_concentration_conditions(book: Book) -> None:
    mixture = {"concentration": Decimal(20)}
    assert found(book, PURE).outcome is Outcome.INSIDE
    outside = found(book, mixture)
    assert (outside.structure, outside.outcome) == (Structure.MEETS, Outcome.OUTSIDE)
    assert found(book, {"concentration": Decimal("20.1")}).outcome is Outcome.INSIDE


def test_packaging_conditions(book: Book) -> None:
    """What nobody states is open: a condition that governs then leaves the outcome undetermined."""
    unknown = found(book, PURE, "governs")
    assert unknown.outcome is Outcome.UNDETERMINED
    assert unknown.missing == ("fill (g in a container): over 8.4 g in a container",)
    big = {**PURE, "fill": Decimal(600)}
    small = {**PURE, "fill": Decimal("8.4")}
    assert found(book, big, "governs").outcome is Outcome.INSIDE
    assert found(book, small, "governs").outcome is Outcome.OUTSIDE


def test_age_conditions_show_a_duty_and_decide_nothing(book: Book) -> None:
    assert reasons(found(book, PURE)) == {"mixture": "yes", "box": "open", "young": "open"}
    minor = found(book, {**PURE, "age": Decimal(17), "fill": Decimal(9)})
    assert reasons(minor) == {"mixture": "yes", "box": "yes", "young": "yes"}
    assert minor.outcome is found(book, {**PURE, "age": Decimal(18)}).outcome is Outcome.INSIDE


@given(value=AMOUNT, bound=AMOUNT)
def test_over_and_at_most_exclude_one_another_and_leave_nothing_out(
    value: Decimal, bound: Decimal
) -> None:
    over = Condition(clause="c", fact="quantity", over=bound).holds({"quantity": value})
    at_most = Condition(clause="c", fact="quantity", at_most=bound).holds({"quantity": value})
    assert {over, at_most} == {"yes", "no"}


@given(value=AMOUNT, bound=AMOUNT)
def test_at_least_and_under_exclude_one_another(value: Decimal, bound: Decimal) -> None:
    at_least = Condition(clause="c", fact="quantity", at_least=bound).holds({"quantity": value})
    under = Condition(clause="c", fact="quantity", under=bound).holds({"quantity": value})
    assert {at_least, under} == {"yes", "no"}


@given(bound=AMOUNT)
def test_a_fact_nobody_states_is_never_read_as_no(bound: Decimal) -> None:
    assert Condition(clause="c", fact="fill", over=bound).holds(PURE) == "open"


def test_a_condition_without_a_bound_is_refused() -> None:
    with pytest.raises(ValidationError, match="names a bound"):
        Condition(clause="c", fact="fill")
