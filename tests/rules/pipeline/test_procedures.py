"""The procedures as data: cited, whole, and in agreement with the rule files."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest

from registry.errors import NotFound, RuleFileError
from rules.load import load_law
from rules.pipeline.procedure import Procedure, bound, procedure, procedures, shipped_period
from rules.strict_yaml import parse, validate

DOCS = (Path(__file__).parents[3] / "docs" / "pipeline.md").read_text(encoding="utf-8")
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


@EACH
def test_the_durations_are_those_of_the_rule_files(rule: Procedure) -> None:
    for name in rule.provisions:
        told = load_law().provisions[name].duration
        (clock,) = (one for one in rule.clocks if one.kind == "expiry")
        assert told is not None
        assert clock.term is not None
        assert clock.term.length == told.months
        assert (clock.extension.length if clock.extension else 0) == told.extension_months


def test_every_rule_file_with_a_duration_belongs_to_a_procedure() -> None:
    named = set(chain.from_iterable(one.provisions for one in procedures().values()))
    assert named == {key for key, one in load_law().provisions.items() if one.duration}


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
    assert "GB" not in bound().since["EU"]
