"""The examples inside shipment rules, run against the judge: the proof that a rule says its law."""

from __future__ import annotations

from collections.abc import Iterator

from rules.shipment.check import judge
from rules.shipment.conditions import Value
from rules.shipment.rules import Answer, ShipmentRule


def failures(rule: ShipmentRule) -> Iterator[str]:
    """Every example that does not come out as the file says, in words."""
    for example in rule.examples:
        yield from _compare(rule, example.name, rule.given | example.facts, example.expect)
    first = rule.examples[0]
    nothing: dict[str, Answer] = dict.fromkeys(first.expect, "not applicable")
    for facts in rule.inside:
        yield from _compare(rule, "inside", rule.given | first.facts | facts, first.expect)
    for facts in rule.outside:
        yield from _compare(rule, "outside", rule.given | first.facts | facts, nothing)


def _compare(
    rule: ShipmentRule, name: str, facts: dict[str, Value], expect: dict[str, Answer]
) -> Iterator[str]:
    answers = {require.id: answer for require, answer, _ in judge(rule, facts)}
    for require, wanted in expect.items():
        got = answers.get(require, "nothing asked")
        if got != wanted:
            yield f"{rule.id}, {name}: {require} is {got}, not {wanted}"
