"""Conditions on the goods: the substance is meant, and the goods decide whether the law governs."""

from __future__ import annotations

from dataclasses import replace

from rules.controls.matter import InForceRule
from rules.goods import UNITS, Condition, Goods
from rules.result import Finding, Outcome, Reason


def under_conditions(rule: InForceRule, finding: Finding, goods: Goods) -> Finding:
    """The finding once the conditions of the provision are held against the goods.

    A condition that does not hold puts the goods outside, though the substance is meant; one on
    which nothing is stated leaves the outcome undetermined. Duties are shown and decide nothing.
    """
    conditions = rule.rule.provision.conditions
    if not conditions or finding.outcome not in (Outcome.INSIDE, Outcome.UNDETERMINED):
        return finding
    held = [(one, one.holds(goods)) for one in conditions]
    law = rule.rule.provision.law
    reasons = tuple(Reason(one.clause, law[one.clause], holds, one.fact) for one, holds in held)
    finding = replace(finding, reasons=(*finding.reasons, *reasons))
    decided = {holds for one, holds in held if one.decides == "governs"}
    if "no" in decided:
        return replace(finding, outcome=Outcome.OUTSIDE, missing=())
    if "open" in decided:
        missing = tuple(
            _asked(one, law[one.clause])
            for one, holds in held
            if holds == "open" and one.decides == "governs"
        )
        outcome = Outcome.UNDETERMINED
        return replace(finding, outcome=outcome, missing=(*finding.missing, *missing))
    return finding


def _asked(condition: Condition, text: str) -> str:
    return f"{condition.fact} ({UNITS[condition.fact]}): {text}"
