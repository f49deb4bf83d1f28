"""Wordings follow one another; each day has at most one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from registry.errors import RuleFileError
from rules.load import load_law, rule_from
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


@pytest.mark.parametrize("key", sorted(LAW.rules))
def test_each_wording_holds_from_its_first_day_to_the_day_before_its_end(key: str) -> None:
    rule = LAW.rules[key]
    for wording in rule.provision.wordings:
        if wording.since is not None:
            assert rule.wording(wording.since) is wording
            assert rule.wording(wording.since - timedelta(days=1)) is not wording
        if wording.until is not None:
            assert rule.wording(wording.until - timedelta(days=1)) is wording
            assert rule.wording(wording.until) is not wording


def test_the_fentanyl_order_gives_way_to_the_statute_on_one_day() -> None:
    rule = LAW.rules["US-CSA-I-e"]
    before, after = rule.wording(date(2025, 7, 15)), rule.wording(date(2025, 7, 16))
    assert before is not None
    assert after is not None
    assert (before.how, after.how) == ("temporary", "permanent")
    assert "esters" in before.covers
    assert "esters" not in after.covers
