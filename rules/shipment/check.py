"""The shipment check: a consignment, rules and line statuses in; a decision with its reasons out.

A certain failure wins over an unknown, and an unknown never defaults to allowed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from rules.result import Cite
from rules.shipment.conditions import Truth, Value, Verdict, evaluate, opposite, together
from rules.shipment.consignment import Consignment, Line
from rules.shipment.effect import dated
from rules.shipment.national import flag_facts
from rules.shipment.national_tables import national_tables_hash
from rules.shipment.rules import Answer, Require, ShipmentRule, show
from rules.shipment.status import LineStatus, base_text
from rules.shipment.tables import tables
from rules.shipment.view import (
    Position,
    consignment_facts,
    countries,
    line_facts,
    roles,
    substance_facts,
    transit_facts,
)

Facts = Mapping[str, Value]
# Of goods that are not identified, rules that turn on these have nothing to say.
OF_IDENTITY = frozenset(
    {
        "line.schedules",
        "line.opium",
        "line.national",
        "line.treaties",
        "line.reaches",
        "line.exempt",
    }
)
Schedules = Callable[[Line], LineStatus]


class Outcome(StrEnum):
    PROCEED = "proceed"
    STOP = "stop"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class ShipmentFinding:
    """What one requirement of one rule says. `unknown`: facts that would settle it."""

    rule: str
    require: str
    clause: str
    severity: str
    result: Answer
    text: str
    remedy: str
    lines: tuple[str, ...]
    used: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    cite: Cite
    draft: bool
    content_hash: str

    @property
    def decides(self) -> bool:
        return self.severity in {"stop", "detain"}


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """One line as it was judged. `base` is empty where it could not be worked out."""

    label: str
    substance: str
    provisions: tuple[tuple[str, str], ...]
    base: str
    factor: str
    factor_source: str
    preparation: str
    problem: str


@dataclass(frozen=True, slots=True)
class ShipmentDecision:
    """The whole answer. It speaks of the treaties and of national rules, stated or modelled, of nothing else."""

    reference: str
    on: date
    decision: Outcome
    findings: tuple[ShipmentFinding, ...]
    lines: tuple[JudgedLine, ...]
    not_applicable: int
    rule_set: str
    draft: bool

    @property
    def reasons(self) -> tuple[ShipmentFinding, ...]:
        """The findings that determined the decision."""
        wanted = {Outcome.STOP: "failed", Outcome.UNDETERMINED: "unknown"}.get(self.decision)
        return tuple(f for f in self.findings if f.decides and f.result == wanted)


def check(
    consignment: Consignment, rules: Sequence[ShipmentRule], schedules: Schedules
) -> ShipmentDecision:
    """Judge a consignment on its own date against the rules given.

    `schedules` tells the status of a line (see `line_status`). The result is not a licence, and it
    does not know national law beyond what the consignment states of it.
    """
    spoken = concerned(rules, consignment)
    positions = [Position(line, dated(schedules(line), consignment)) for line in consignment.lines]
    whole = consignment_facts(consignment)
    answered: list[ShipmentFinding | None] = []
    for same in _by_substance(positions):
        shared = substance_facts(same, consignment)
        for position in same:
            facts = whole | line_facts(position, shared, consignment)
            modelled = covered(spoken, facts, consignment)
            facts |= flag_facts(consignment, position.status, facts, modelled)
            answered += _judged_line(position, facts, consignment, spoken, modelled)
    findings = _merged(finding for finding in answered if finding is not None)
    return ShipmentDecision(
        reference=consignment.reference,
        on=consignment.on,
        decision=decide(findings),
        findings=findings,
        lines=tuple(sorted((_judged(p) for p in positions), key=lambda line: line.label)),
        not_applicable=answered.count(None),
        rule_set=rule_set_hash(rules),
        draft=any(finding.draft for finding in findings),
    )


def decide(findings: Iterable[ShipmentFinding]) -> Outcome:
    """Stop on a certain failure; otherwise undetermined on an unknown; otherwise proceed."""
    results = {finding.result for finding in findings if finding.decides}
    if "failed" in results:
        return Outcome.STOP
    return Outcome.UNDETERMINED if "unknown" in results else Outcome.PROCEED


def rule_set_hash(rules: Sequence[ShipmentRule]) -> str:
    """One hash over every rule file in use, the rules taken from it, and the tables."""
    parts = sorted(f"{rule.id} {rule.content_hash}" for rule in rules)
    hashes = [*parts, tables().content_hash, national_tables_hash()]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def judge(rule: ShipmentRule, facts: Facts) -> Iterator[tuple[Require, Answer, Verdict]]:
    """The answer of each requirement of one rule to one view of facts.

    A requirement fails where the rule applies, its `when` holds and its test does not. What is
    unknown of any of the three leaves it unknown unless another settles it.
    """
    applies = evaluate(rule.applies, facts)
    if applies.truth is Truth.NO:
        yield from ((require, "not applicable", applies) for require in rule.require)
        return
    for require in rule.require:
        asked = together(applies, evaluate(require.when, facts))
        yield (require, *_answer(require, asked, facts))


def _answer(require: Require, asked: Verdict, facts: Facts) -> tuple[Answer, Verdict]:
    if asked.truth is Truth.NO:
        return "not applicable", asked
    if require.open_question is not None:
        # What was not read can neither stop a consignment nor let it pass.
        return "unknown", asked
    if require.test is None:
        stated: Answer = "owed" if require.otherwise.severity == "duty" else "noted"
        return (stated if asked.truth is Truth.YES else "unknown"), asked
    tested = evaluate(require.test, facts)
    failing = together(asked, replace(tested, truth=opposite(tested.truth)))
    if tested.truth is Truth.YES:
        # Where the test holds it does not matter whether it is asked.
        return "satisfied", failing
    return ("failed" if failing.truth is Truth.YES else "unknown"), failing


def _by_substance(positions: Iterable[Position]) -> Iterable[list[Position]]:
    groups: dict[frozenset[str], list[Position]] = {}
    for position in positions:
        groups.setdefault(position.status.names, []).append(position)
    return groups.values()


def concerned(rules: Sequence[ShipmentRule], consignment: Consignment) -> tuple[ShipmentRule, ...]:
    """The rules of the treaties, of the countries concerned, and of their unions."""
    unions = tables().places.unions_of
    spoken = {name for code in roles(consignment) for name in (code, *unions(code))}
    return tuple(rule for rule in rules if rule.jurisdiction in {"UN", *spoken})


def covered(
    rules: Sequence[ShipmentRule], facts: Facts, consignment: Consignment
) -> frozenset[str]:
    """Countries whose law, or that of their union, is said to be covered here for this movement."""
    conditions = {(rule.jurisdiction, rule.covers) for rule in rules if rule.covers is not None}
    return frozenset(
        code
        for code, role in roles(consignment).items()
        for jurisdiction, condition in conditions
        if jurisdiction in {code, *tables().places.unions_of(code)}
        and evaluate(condition, {**facts, "country.code": code, "country.role": role}).truth
        is Truth.YES
    )


def _judged_line(
    position: Position,
    facts: Facts,
    consignment: Consignment,
    rules: Sequence[ShipmentRule],
    modelled: frozenset[str],
) -> Iterator[ShipmentFinding | None]:
    views: dict[str, list[Facts]] = {
        "consignment": [facts],
        "line": [facts],
        "transit": [{**facts, **view} for view in transit_facts(consignment)],
        "country": [
            {**facts, **view} for view in countries(position, consignment, facts, modelled)
        ],
    }
    identified = position.status.identified
    for scope, of_scope in views.items():
        asked = [
            rule
            for rule in rules
            if rule.each == scope and (identified or not rule.facts_named() & OF_IDENTITY)
        ]
        for view in of_scope:
            shown = {name: said(value) for name, value in view.items()}
            for rule in asked:
                yield from _findings(rule, view, shown, position.label)


def _findings(
    rule: ShipmentRule, facts: Facts, shown: dict[str, str], label: str
) -> Iterator[ShipmentFinding | None]:
    """One finding for each requirement; None for one that does not apply."""
    for require, result, verdict in judge(rule, facts):
        if result == "not applicable":
            yield None
            continue
        yield ShipmentFinding(
            rule=rule.id,
            require=require.id,
            clause=require.clause,
            severity=require.otherwise.severity,
            result=result,
            text=show(_text(require, result), shown),
            remedy=_remedy(require, result, shown),
            lines=(label,),
            used=tuple((name, shown.get(name, "unknown")) for name in sorted(verdict.used)),
            unknown=tuple(sorted(verdict.unknown)),
            cite=Cite(rule.cite.title, rule.cite.href),
            draft=rule.draft,
            content_hash=rule.content_hash,
        )


def _text(require: Require, result: Answer) -> str:
    words = {
        "satisfied": require.satisfied,
        "unknown": require.unknown or require.open_question,
    }
    return words.get(result) or require.otherwise.finding


def _remedy(require: Require, result: Answer, shown: dict[str, str]) -> str:
    remedy = require.otherwise.remedy
    return show(remedy, shown) if remedy and result in {"failed", "unknown", "noted"} else ""


def said(value: Value) -> str:
    """A fact in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "unknown" if value is None else str(value)


def _merged(findings: Iterable[ShipmentFinding]) -> tuple[ShipmentFinding, ...]:
    """Findings that differ only in the line they are about, as one; in a fixed order."""
    together_: dict[ShipmentFinding, set[str]] = {}
    for finding in findings:
        together_.setdefault(replace(finding, lines=()), set()).update(finding.lines)
    merged = [replace(f, lines=tuple(sorted(lines))) for f, lines in together_.items()]
    return tuple(sorted(merged, key=lambda f: (f.rule, f.require, f.result, f.text, f.lines)))


def _judged(position: Position) -> JudgedLine:
    status = position.status
    factor = status.factor
    return JudgedLine(
        label=position.label,
        substance=status.substance,
        provisions=tuple(
            (key, held.value) for key, held in status.governing.items() if held.value != "no"
        ),
        base=base_text(position.line, factor),
        factor="" if factor is None else f"{factor.percent} %",
        factor_source="" if factor is None else factor.source,
        preparation=status.preparation,
        problem=status.problem,
    )
