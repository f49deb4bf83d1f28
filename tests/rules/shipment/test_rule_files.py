"""The shipment rules as they ship: every example comes out, and nothing in them is idle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from registry.errors import RuleFileError
from rules.shipment.conditions import All, AnyOf, Ask, Condition, Not, Truth, evaluate
from rules.shipment.examples import failures
from rules.shipment.national_words import COMPUTED_NATIONAL, STATED_NATIONAL
from rules.shipment.read import load_rules, rule_files, rules_of
from rules.shipment.rules import GivenFacts, RuleFile, ShipmentRule
from rules.shipment.vocabulary import FACTS, TREATY
from rules.strict_yaml import parse, read, validate

RULES = load_rules()
DOCS = Path(__file__).parents[3] / "docs" / "shipments.md"
COVERAGE = DOCS.with_name("treaty-coverage.md")


def by_id(rule: ShipmentRule) -> str:
    return rule.id


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_every_example_comes_out_as_the_file_says(rule: ShipmentRule) -> None:
    assert list(failures(rule)) == []


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_taking_out_any_requirement_breaks_an_example(rule: ShipmentRule) -> None:
    for require in rule.require:
        rest = tuple(other for other in rule.require if other is not require)
        assert list(failures(rule.model_copy(update={"require": rest}))), require.id


def smaller(condition: Condition) -> Iterator[Condition]:
    """Every condition that lacks one part of this one."""
    match condition:
        case All(parts) | AnyOf(parts):
            kind = type(condition)
            for place, part in enumerate(parts):
                others = parts[:place], parts[place + 1 :]
                yield kind((*others[0], *others[1]))
                yield from (kind((*others[0], less, *others[1])) for less in smaller(part))
        case Not(part):
            yield part
            yield from (Not(less) for less in smaller(part))
        case Ask(operator="in" | "has_any", value=value) if len(value) > 1:
            yield from (replace(condition, value=value - {one}) for one in value)


def without_a_part(rule: ShipmentRule) -> Iterator[tuple[str, ShipmentRule]]:
    """The rule with one part less in one of its own conditions."""
    of_the_file, own = rule.applies.parts  # type: ignore[union-attr]
    for less in smaller(own):
        yield "applies", rule.model_copy(update={"applies": All((of_the_file, less))})
    for place, require in enumerate(rule.require):
        changes = [{"when": less} for less in smaller(All((require.when,)))]
        if require.test is not None:
            changes += [{"test": less} for less in smaller(require.test)]
        for change in changes:
            parts = list(rule.require)
            parts[place] = require.model_copy(update=change)
            yield f"{require.id}: {change}", rule.model_copy(update={"require": tuple(parts)})


def test_taking_out_any_part_of_a_condition_breaks_an_example() -> None:
    idle = [
        f"{rule.id} {what}"
        for rule in RULES
        for what, changed in without_a_part(rule)
        if changed != rule and not list(failures(changed))
    ]
    assert idle == []


@pytest.mark.parametrize("path", rule_files(), ids=lambda path: path.stem)
def test_taking_out_any_part_of_what_a_file_asks_first_breaks_an_example(path: Path) -> None:
    file = validate(read(path), RuleFile)
    for less in smaller(file.applies):
        changed = file.model_copy(update={"applies": less})
        assert any(list(failures(rule)) for rule in changed.complete("")), less


@pytest.mark.parametrize("path", rule_files(), ids=lambda path: path.stem)
def test_what_a_file_says_it_covers_is_proved(path: Path) -> None:
    file = validate(read(path), RuleFile)
    if file.covers is None:
        return

    def proved(covers: Condition) -> bool:
        def holds(facts: GivenFacts) -> bool:
            return evaluate(covers, file.given | facts).truth is Truth.YES

        return all(map(holds, file.covered)) and not any(map(holds, file.not_covered))

    assert proved(file.covers)
    assert not [less for less in smaller(All((file.covers,))) if proved(less)]


RULE = """
kind: shipment
jurisdiction: UN
article: 1961 Convention, article 4
rules:
  - id: UN-1961-4-c
    title: Only for medical and scientific purposes
    cite: {title: 1961 Convention}
    applies: {fact: line.opium, is: yes}
    require:
      - id: purpose
        clause: article 4 (c)
        test: {fact: purpose.other, is: no}
        satisfied: for a lawful purpose
        unknown: not known
        otherwise: {severity: stop, finding: for {movement.to}, remedy: none}
    examples:
      - {name: yes, facts: {line.opium: yes, purpose.other: no}, expect: {purpose: satisfied}}
"""
RULE = RULE.replace("finding: for {movement.to}", "finding: 'for {movement.to}'")


def test_a_small_rule_file_is_read_and_its_example_holds() -> None:
    (rule,) = rules_of(parse(RULE, "small.yaml"))
    assert list(failures(rule)) == []
    assert rule.draft
    signed = RULE.replace("rules:\n", "review: {lawyer: A, customs: B}\nrules:\n", 1)
    assert not rules_of(parse(signed, "small.yaml"))[0].draft


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("kind: shipment", "kind: class", "small.yaml:2:7: `kind`"),
        ("    title:", "    titel: x\n    title:", "`rules.0.titel`: extra inputs"),
        ("    title:", "    id: again\n    title:", "small.yaml:7:5: duplicate key `id`"),
        ("fact: purpose.other", "fact: purpose.of", "unknown fact `purpose.of`"),
        ("is: no}", "before: no}", "`before` does not fit `purpose.other`"),
        ("is: no}", "is: nay}", "`nay` is not a yes or no"),
        ("for {movement.to}", "for {movement.tow}", "unknown fact `movement.tow` in a text"),
        ("for {movement.to}", "for {transit.country}", "`transit.country` is not known"),
        ("fact: line.opium", "fact: country.met", "`country.met` is not known"),
        ("severity: stop", "severity: duty", "`purpose` is a duty, which has no test"),
        ("        unknown: not known\n", "", "needs the texts satisfied, unknown and remedy"),
        ("        test: {fact: purpose.other, is: no}\n", "", "it can be only a duty or info"),
        ("expect: {purpose:", "expect: {porpoise:", "expects unknown ['porpoise']"),
        ("{line.opium: yes,", "{line.opiate: yes,", "unknown fact `line.opiate`"),
        ("satisfied}}", "fine}}", "`rules.0.examples.0.expect.purpose`"),
    ],
)
def test_a_fault_in_a_rule_file_has_its_place(before: str, after: str, message: str) -> None:
    text = RULE.replace(before, after, 1)
    assert text != RULE
    with pytest.raises(RuleFileError) as info:
        rules_of(parse(text, "small.yaml"))
    assert message in info.value.message
    assert re.match(r"small\.yaml:\d+:\d+: ", info.value.message)


def test_one_identifier_stands_once(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(RULE, encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"b\.yaml:.*rule `UN-1961-4-c` stands twice"):
        load_rules(tmp_path)


def test_a_folder_without_rules_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="no shipment rules here"):
        load_rules(tmp_path)


def test_no_fact_is_idle() -> None:
    used = frozenset[str]().union(*(rule.facts_named() | rule.facts_shown() for rule in RULES))
    assert TREATY.keys() <= used


def test_no_rule_needs_a_check_outside_the_language() -> None:
    assert {type(part) for rule in RULES for part in rule.conditions()} <= {All, AnyOf, Ask, Not}


def test_every_rule_says_draft_until_it_is_signed() -> None:
    assert all(rule.draft for rule in RULES)


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading of the documentation."""
    part = DOCS.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_documented_facts_are_the_facts_rules_may_name() -> None:
    documented = {row[0].strip("`"): (row[1], row[2], row[3]) for row in table("Facts")}
    assert documented == {
        name: (fact.kind, fact.scope, fact.meaning)
        for name, fact in FACTS.items()
        if name not in {**COMPUTED_NATIONAL, **STATED_NATIONAL}
    }


def test_the_documented_rules_are_the_rules() -> None:
    documented = {row[0].strip("`"): (row[1], row[2]) for row in table("Rules")}
    assert documented == {
        rule.id: (rule.cite.title, rule.title) for rule in RULES if rule.jurisdiction == "UN"
    }


def test_every_treaty_rule_stands_in_the_table_of_paragraphs_and_no_other() -> None:
    named = set(re.findall(r"`(UN-[^`]+)`", COVERAGE.read_text(encoding="utf-8")))
    assert named == {rule.id for rule in RULES if rule.jurisdiction == "UN"}
