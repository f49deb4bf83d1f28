"""The procedures as data: cited, whole, and in agreement with the scheduling options."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from registry.errors import NotFound, RuleFileError
from rules.deadlines.terms import Span, over
from rules.load import load_law
from rules.options.clock import Events, effect
from rules.options.load import shipped
from rules.options.schema import EVENTS
from rules.pipeline.listed import CONVENTIONS, NOT_NATIONAL
from rules.pipeline.procedure import (
    Length,
    Procedure,
    bound,
    procedure,
    procedures,
    shipped_period,
)
from rules.strict_yaml import parse, validate
from tests.rules.pipeline.walking import BOUND, at, case, done

DOCS = (Path(__file__).parents[3] / "docs" / "pipeline.md").read_text(encoding="utf-8")
OPTIONS = shipped().by_id
TEMPORARY = [one for one in procedures().values() if one.kind == "temporary"]
DAY = timedelta(days=1)
DAYS = (date(2024, 2, 29), date(2025, 8, 31), date(2026, 1, 10))
EACH = pytest.mark.parametrize("rule", procedures().values(), ids=lambda one: one.id)
SMALL = """\
id: XX-TRY
title: A try
jurisdiction: XX
kind: temporary
steps:
  - {id: made, title: Made, who: somebody, what: does it, cite: {title: a law}, state: in_force}
clocks:
  - id: end
    kind: expiry
    starts: made
    text: a year
    cite: {title: a law}
    state: expired
"""


@EACH
def test_every_step_and_clock_is_cited_and_read_or_marked_as_memory(rule: Procedure) -> None:
    cites = [(step.id, step.cite) for step in rule.steps]
    cites += [(clock.id, clock.cite) for clock in rule.clocks]
    for name, cite in cites:
        assert cite.title
        seen = cite.certainty == "seen"
        assert not seen or (cite.href and cite.retrieved), f"{rule.id} {name}"


@EACH
def test_every_step_but_the_first_ones_follows_another_that_comes_before(rule: Procedure) -> None:
    order = [step.id for step in rule.steps]
    assert not rule.steps[0].after
    for place, step in enumerate(rule.steps):
        assert all(order.index(name) < place for name in step.after), step.id


@EACH
def test_what_lasts_a_time_says_how_long_and_what_ends_it_before(rule: Procedure) -> None:
    for clock in rule.clocks:
        if clock.kind == "expiry":
            assert clock.term
            assert clock.ends_with
            assert (clock.extended_by is None) == (clock.extension is None)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("rule", TEMPORARY, ids=lambda one: one.id)
def test_what_is_temporary_ends_on_the_day_that_its_option_says(rule: Procedure, day: date) -> None:
    option = OPTIONS[rule.option]
    # Published so long before that the order may take effect on the day it names.
    published = day - option.starts.after * DAY if option.starts.event == "published" else day
    known = Events(**dict.fromkeys(EVENTS, day) | {"announced": day - 40 * DAY})
    found = effect(option, replace(known, published=published))
    (clock,) = (one for one in rule.clocks if one.kind == "expiry")
    ends = _after(clock.term, day)
    assert found.expires.days
    assert found.expires.days.latest == ends
    assert (clock.extension is not None) == (option.renewal.how == "extension")
    if clock.extended_by and not rule.step(clock.extended_by).repeats:
        assert option.renewal.times == 1
        assert found.extendable_to.days
        assert found.extendable_to.days.latest == _after(clock.extension, ends)
    elif clock.extension:
        assert (option.renewal.months, option.renewal.times) == (clock.extension.length, None)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", ["UN-1961", "UN-1971", "UN-1988"])
def test_a_decision_takes_effect_on_the_day_that_its_option_says(name: str, day: date) -> None:
    rule, on = procedure(name), day.isoformat()
    entries = [done(1, "communicated", on)]
    if name == "UN-1961":
        entries.append(done(2, "received", on, "GB"))
    one = case(name, *entries, bound={"GB": BOUND})
    (due,) = (due for due in at(one, on).dues if due.clock.kind == "effect")
    said = effect(OPTIONS[rule.option], Events(communicated=day, received=day)).takes_effect
    assert due.by == said.days
    assert said.day is not None


@pytest.mark.parametrize("day", DAYS)
def test_what_has_to_pass_first_and_what_is_late_agree_with_the_options(day: date) -> None:
    notice = procedure("US-811H").clock("notice")
    earliest = effect(OPTIONS["US-TEMP"], Events(announced=day)).takes_effect
    assert notice
    assert (earliest.days and earliest.days.earliest) == _after(notice.term, day)
    six_months = procedure("EU-NPS").clock("transposition")
    latest = effect(OPTIONS["EU-FD"], Events(entered=day)).takes_effect
    assert six_months
    assert (latest.days and latest.days.latest + DAY) == _after(six_months.term, day)


def test_every_option_that_ends_and_can_still_be_used_has_a_procedure_and_each_its_option() -> None:
    named = [rule.option for rule in procedures().values() if rule.kind != "national"]
    assert len(set(named)) == len(named)
    for rule in procedures().values():
        assert not rule.option or OPTIONS[rule.option].jurisdiction == rule.jurisdiction
    usable = {key for key, one in OPTIONS.items() if one.type == "temporary" and not one.until}
    assert usable == {rule.option for rule in TEMPORARY}


def _after(length: Length | None, day: date) -> date:
    """The first day after a period that a day set running."""
    assert length
    return over(length.term, Span(day, day), None).earliest


def test_the_document_has_every_procedure_and_no_other() -> None:
    rows = set(re.findall(r"^\| `([A-Z0-9-]+)` \|", DOCS, re.MULTILINE))
    assert rows == set(procedures())


def test_a_step_or_procedure_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(NotFound, match="UN-1961, UN-1971"):
        procedure("UN-1972")
    with pytest.raises(NotFound, match="it has notified, transmitted"):
        procedure("UN-1971").step("vote")


@pytest.mark.parametrize(
    ("wrong", "said", "line"),
    [
        (("starts: made", "starts: done"), "names steps it does not have: \\['done'\\]", 1),
        (("    state: expired\n", ""), "an expiry of XX-TRY leads to no state", 1),
        (("  - id: end", "  - id: made"), "has more than one \\['made'\\]", 1),
        (("kind: expiry", "kind: end"), "`clocks.0.kind`", 9),
        (("state: in_force", "state: in force"), "`steps.0.state`", 6),
    ],
)
def test_a_fault_in_a_file_is_told_with_its_place(
    wrong: tuple[str, str], said: str, line: int
) -> None:
    assert validate(parse(SMALL, "try.yaml"), Procedure).id == "XX-TRY"
    with pytest.raises(RuleFileError, match=said) as refusal:
        validate(parse(SMALL.replace(*wrong), "try.yaml"), Procedure)
    assert refusal.value.line == line


def test_a_state_that_is_not_held_is_unknown_and_not_unbound() -> None:
    assert shipped_period("1971", "ZZ").start is None
    assert shipped_period("1971", "GB").start is not None
    assert shipped_period("EU", "GB").start is None
    assert shipped_period("EU", "DK").start is None


def test_what_binds_is_cited_and_says_whether_it_was_read() -> None:
    held = bound()
    assert set(held.since) == set(held.cite) == {one.binds for one in procedures().values()} - {""}
    for name, cite in held.cite.items():
        assert cite.certainty == "memory" or cite.retrieved, name
    modelled = {code for code in load_law().coverage.jurisdictions if code not in NOT_NATIONAL}
    for treaty in CONVENTIONS:
        assert set(held.since[treaty].states) == modelled
        assert set(held.since[treaty].read) < modelled
