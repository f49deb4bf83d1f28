"""Subsidiarity: a class stands back where the molecule has the core of another that it does not meet.

Not to be confused with giving way to a provision that governs (rules/decide.py): here the other
provision does not govern, and still keeps the molecule out of this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from rules.controls.matter import InForceRule, Matter
from rules.result import Finding, Outcome, Reason, Structure


def subsidiary(
    classes: Mapping[str, InForceRule], first: Mapping[str, Finding], matter: Matter
) -> dict[str, Finding]:
    """The findings that change because another class has the core and is not met."""
    changed = {}
    for key, finding in first.items():
        rule = classes.get(key)
        if rule is None or finding.structure is Structure.DOES_NOT_MEET:
            continue
        for other in _cores(rule, classes, matter):
            said = first.get(other)
            if said is None or said.structure is Structure.DOES_NOT_MEET:
                changed[key] = _stands_back(rule, finding, other)
            elif said.structure is Structure.UNDETERMINED and key not in changed:
                changed[key] = _may_stand_back(finding, other)
    return changed


def _cores(rule: InForceRule, classes: Mapping[str, InForceRule], matter: Matter) -> list[str]:
    """The classes this one is subsidiary to and whose core the molecule has."""
    globs = rule.scope.core_residual_to
    if not globs:
        return []
    return [
        key
        for key, other in classes.items()
        if key != rule.rule.provision.id
        and any(fnmatchcase(key, glob) for glob in globs)
        and (reading := other.rule.reading(other.wording)) is not None
        and any(matter.view.has(probe) for probe in reading.probes)
    ]


def _stands_back(rule: InForceRule, finding: Finding, other: str) -> Finding:
    clause = rule.scope.core_clause
    text = rule.rule.provision.law.get(clause, clause)
    reason = Reason(clause, f"{text}: the core of {other}, which is not met", "no", other)
    return replace(
        finding,
        structure=Structure.DOES_NOT_MEET,
        outcome=Outcome.OUTSIDE,
        clauses=(),
        missing=(),
        reasons=(*finding.reasons, reason),
    )


def _may_stand_back(finding: Finding, other: str) -> Finding:
    missing = f"whether {other}, whose core it has, is met"
    return replace(
        finding,
        structure=Structure.UNDETERMINED,
        outcome=Outcome.UNDETERMINED,
        missing=(*finding.missing, missing),
    )
