"""Wordings follow one another; each day has at most one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from registry.errors import RuleFileError
from rules.decide import Book, Scope
from rules.lint import gaps_in_time
from rules.load import load_law, rule_from
from rules.schema import Wording
from rules.strict_yaml import parse

LAW = load_law()

OVERLAPPING = """
id: X
kind: list
jurisdiction: XA
title: {en: X}
wordings:
  - {from: 2020-01-01, until: 2021-01-01, cite: {title: X}}
  - {from: 2020-06-01, cite: {title: X}}
law: {}
examples:
  - {name: water, smiles: O, on: 2020-01-01, expect: {outcome: outside}}
"""


def test_overlapping_wordings_are_refused() -> None:
    with pytest.raises(RuleFileError, match="overlap"):
        rule_from(parse(OVERLAPPING, "X.yaml"), LAW.words)


def asked(book: Book, key: str, on: date) -> Wording | None:
    """The wording by which a provision is asked on a day, if it is asked at all."""
    sitting = book.sitting(on, Scope(jurisdictions=(LAW.rules[key].provision.jurisdiction,)))
    rule = {**sitting.definitions, **sitting.conduct}.get(key)
    return rule.wording if rule else None


@pytest.mark.parametrize("key", sorted(LAW.rules))
def test_each_wording_is_asked_from_its_first_day_to_the_day_before_its_end(
    book: Book, key: str
) -> None:
    day = timedelta(days=1)
    wordings = LAW.rules[key].provision.wordings
    for number, wording in enumerate(wordings):
        before = wordings[number - 1] if number else None
        if wording.since is not None:
            follows = before is not None and before.until == wording.since
            assert asked(book, key, wording.since - day) == (before if follows else None)
            assert asked(book, key, wording.since) == wording
        if wording.until is not None:
            after = wordings[number + 1] if number + 1 < len(wordings) else None
            follows = after is not None and after.since == wording.until
            assert asked(book, key, wording.until - day) == wording
            assert asked(book, key, wording.until) == (after if follows else None)


@pytest.mark.parametrize("key", sorted(LAW.rules))
def test_no_day_between_wordings_is_without_one_unless_the_file_says_why(key: str) -> None:
    assert list(gaps_in_time(LAW.rules[key])) == []


def test_the_fentanyl_order_gives_way_to_the_statute_on_one_day() -> None:
    rule = LAW.rules["US-CSA-I-e"]
    before, after = rule.wording(date(2025, 7, 15)), rule.wording(date(2025, 7, 16))
    assert before is not None
    assert after is not None
    assert (before.how, after.how) == ("temporary", "permanent")
    assert "esters" in before.covers
    assert "esters" not in after.covers
