"""The main path: a standardised structure, a date and the law in; a reasoned decision out.

standardise (done before) → provisions in force → ask each → merge precedence → summarise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from registry.chem.standardise import Role, Standardised
from registry.facts import Facts
from rules.controls.analogue import References, judge_analogue, judge_effect
from rules.controls.generic import judge_class
from rules.controls.listing import judge_names
from rules.controls.matter import InForceRule, Matter
from rules.controls.register import Register
from rules.load import RuleSet, Unmodelled
from rules.result import Decision, Finding, Outcome, Reason, Status, Structure
from rules.versions import versions


@dataclass(frozen=True, slots=True)
class Scope:
    """Which provisions are asked: jurisdiction codes and globs of identifiers; empty means all."""

    jurisdictions: tuple[str, ...] = ()
    provisions: tuple[str, ...] = ()

    def takes(self, provision: str, jurisdiction: str) -> bool:
        if self.jurisdictions and jurisdiction not in self.jurisdictions:
            return False
        return not self.provisions or any(fnmatchcase(provision, g) for g in self.provisions)


@dataclass(frozen=True)
class Book:
    """The law bound together with the facts it is judged on, indexed once for many questions."""

    law: RuleSet
    facts: Facts
    register: Register
    references: dict[str, References]


EVERYTHING = Scope()


def bind(law: RuleSet, facts: Facts) -> Book:
    """Index the facts for the questions this law asks. Costs about a second; do it once."""
    derivable = {
        key
        for key, provision in law.provisions.items()
        for wording in provision.wordings
        if not {"esters", "ethers"}.isdisjoint(wording.covers)
    }
    references = {
        key: References.of(facts, provision.evidence.references)
        for key, provision in law.provisions.items()
        if provision.evidence is not None
    }
    return Book(law, facts, Register(facts, derivable), references)


def decide(
    standardised: Standardised,
    book: Book,
    *,
    on: date,
    known_at: str,
    text: str,
    scope: Scope = EVERYTHING,
    everything: bool = False,
) -> Decision:
    """Judge one structure under every provision in scope that is in force on a date.

    `text` is the input as given and `known_at` the moment whose knowledge `book.facts` holds; both
    are only repeated in the answer. With `everything`, findings that are plainly outside and
    provisions not in force are reported too.
    Not a legal opinion: readings are drafts until reviewed, and what no structure can show (effect,
    intent, quantity, preparation) stays open.
    """
    asked = _in_force(book.law, on, scope)
    matters = _matters(standardised, book, on)
    findings = _merge([_judge_all(asked, matter, book) for matter in matters])
    findings = _with_gaps(findings, matters, book.law, scope)
    if everything:
        shown = sorted([*findings, *_dormant(book.law, on, scope)], key=lambda f: f.provision)
    else:
        shown = [finding for finding in findings if not finding.plainly_outside]
    return Decision(
        on=on,
        known_at=known_at,
        input=text,
        standardised=standardised.smiles,
        steps=tuple(f"{step.name} {step.version}: {step.detail}" for step in standardised.steps),
        components=tuple(_described(standardised)),
        findings=tuple(shown),
        summary=summarise(findings, asked_jurisdictions(book.law, scope)),
        considered=len(asked),
        rule_set=book.law.content_hash,
        facts=book.facts.content_hash,
        versions=versions(),
        caveats=_caveats(book.law, on, scope),
    )


def undecided(
    error: tuple[str, str], book: Book, *, on: date, known_at: str, text: str, scope: Scope
) -> Decision:
    """The decision where no judgement was possible: undetermined everywhere, with the reason."""
    return Decision(
        on=on,
        known_at=known_at,
        input=text,
        standardised="",
        steps=(),
        components=(),
        findings=(),
        summary=dict.fromkeys(asked_jurisdictions(book.law, scope), Status.UNDETERMINED),
        considered=0,
        rule_set=book.law.content_hash,
        facts=book.facts.content_hash,
        versions=versions(),
        caveats=(),
        error=error,
    )


def asked_jurisdictions(law: RuleSet, scope: Scope) -> tuple[str, ...]:
    """The jurisdictions an answer summarises: those with a provision in scope."""
    found = {p.jurisdiction for p in law.provisions.values() if scope.takes(p.id, p.jurisdiction)}
    if not scope.provisions:
        found |= {code for code in law.coverage.jurisdictions if scope.takes("", code)}
    return tuple(sorted(found))


def _in_force(law: RuleSet, on: date, scope: Scope) -> list[InForceRule]:
    return [
        InForceRule(rule, wording)
        for key, rule in law.rules.items()
        if scope.takes(key, rule.provision.jurisdiction)
        and (wording := rule.wording(on)) is not None
    ]


def _matters(standardised: Standardised, book: Book, on: date) -> list[Matter]:
    parts = standardised.components
    with_ion = any(part.role is Role.COUNTERION for part in parts)
    return [
        Matter(part, with_ion or part.charge_changed, on, book.register)
        for part in parts
        if part.role is Role.ACTIVE
    ]


def _judge_all(asked: Sequence[InForceRule], matter: Matter, book: Book) -> list[Finding]:
    """One finding for each rule, in the order asked; those that turn on others come last."""
    first: dict[str, Finding] = {}
    for rule in asked:
        kind = rule.rule.provision.kind
        if kind == "list":
            first[rule.rule.provision.id] = judge_names(rule, matter)
        elif kind == "class":
            first[rule.rule.provision.id] = judge_class(rule, matter)
    settled = {key: _yield(first[key], rule, first) for key, rule in _by_id(asked) if key in first}
    for key, rule in _by_id(asked):
        others = tuple(settled.values())
        if rule.rule.provision.kind == "analogue":
            settled[key] = judge_analogue(rule, matter, book.references[key], others)
        elif rule.rule.provision.kind == "effect":
            settled[key] = judge_effect(rule, matter, others)
    return [settled[key] for key, _ in _by_id(asked)]


def _by_id(asked: Iterable[InForceRule]) -> Iterable[tuple[str, InForceRule]]:
    return ((rule.rule.provision.id, rule) for rule in asked)


def _yield(finding: Finding, rule: InForceRule, first: dict[str, Finding]) -> Finding:
    """Give way where the law says that another provision's names come first."""
    if finding.outcome not in (Outcome.INSIDE, Outcome.UNDETERMINED):
        return finding
    by_name = "named" in finding.clauses
    own = finding.clauses == ("named",) or set(finding.clauses) <= {"named", "salts"}
    globs = () if own and by_name else rule.scope.residual_to
    if by_name and not own:
        globs = rule.scope.closure_residual_to
    others = [
        other
        for key, other in first.items()
        if key != finding.provision
        and "named" in other.clauses
        and any(fnmatchcase(key, glob) for glob in globs)
    ]
    governing = tuple(other.provision for other in others if other.outcome is Outcome.INSIDE)
    doubtful = [other for other in others if other.outcome is Outcome.UNDETERMINED]
    if governing:
        return _displaced(finding, rule, governing)
    if doubtful:
        question = f"whether {doubtful[0].provision} governs instead: {doubtful[0].missing[0]}"
        return replace(
            finding, outcome=Outcome.UNDETERMINED, missing=(*finding.missing, question)
        )
    return finding


def _displaced(finding: Finding, rule: InForceRule, governing: tuple[str, ...]) -> Finding:
    text = rule.rule.provision.law.get("scope", "another provision names the substance")
    reason = Reason("scope", text, "no", ", ".join(governing))
    return replace(
        finding,
        outcome=Outcome.DISPLACED,
        displaced_by=governing,
        missing=(),
        reasons=(*finding.reasons, reason),
    )


_WEIGHT = [
    Outcome.OUTSIDE,
    Outcome.EXEMPT,
    Outcome.DISPLACED,
    Outcome.UNDETERMINED,
    Outcome.INSIDE,
]


def _merge(per_component: Sequence[list[Finding]]) -> list[Finding]:
    """A mixture is judged by the component that weighs most under each provision."""
    return [
        max(findings, key=lambda finding: _WEIGHT.index(finding.outcome))
        for findings in zip(*per_component, strict=True)
    ]


def _with_gaps(
    findings: list[Finding], matters: Sequence[Matter], law: RuleSet, scope: Scope
) -> list[Finding]:
    """Add what is known not to be modelled, unless the molecule cannot come under it."""
    inside = {finding.provision for finding in findings if finding.outcome is Outcome.INSIDE}
    gaps = {
        gap.provision: _gap(code, gap)
        for code, covered in law.coverage.jurisdictions.items()
        for gap in covered.not_modelled
        if scope.takes(gap.provision, code)
        and gap.provision not in inside
        and any(_may_meet(gap, matter, law) for matter in matters)
    }
    kept = [finding for finding in findings if finding.provision not in gaps]
    return sorted([*kept, *gaps.values()], key=lambda finding: finding.provision)


def _may_meet(gap: Unmodelled, matter: Matter, law: RuleSet) -> bool:
    if gap.since is not None and matter.on < gap.since:
        return False
    if gap.until is not None and matter.on >= gap.until:
        return False
    return not gap.needs or any(
        matter.has(need, law.fragments[need]) for need in gap.needs
    )


def _gap(jurisdiction: str, gap: Unmodelled) -> Finding:
    return Finding(
        gap.provision,
        jurisdiction,
        gap.title,
        "not modelled",
        Structure.UNDETERMINED,
        Outcome.UNDETERMINED,
        missing=(f"not modelled: {gap.reason}",),
    )


def _dormant(law: RuleSet, on: date, scope: Scope) -> list[Finding]:
    """Provisions in scope that are not in force on the date, said to be so."""
    return [
        InForceRule(rule, rule.provision.wordings[0]).finding(
            Structure.NOT_APPLICABLE,
            Outcome.OUTSIDE,
            reasons=(Reason("", f"not in force on {on.isoformat()}", "no"),),
        )
        for key, rule in law.rules.items()
        if scope.takes(key, rule.provision.jurisdiction) and rule.wording(on) is None
    ]


def summarise(findings: Iterable[Finding], jurisdictions: Sequence[str]) -> dict[str, Status]:
    """One word for each jurisdiction. What turns on conduct alone does not decide it."""
    summary = dict.fromkeys(jurisdictions, Status.NOT_CONTROLLED)
    for finding in findings:
        if not finding.settles or finding.jurisdiction not in summary:
            continue
        if finding.outcome is Outcome.INSIDE:
            summary[finding.jurisdiction] = Status.CONTROLLED
        elif (
            finding.outcome is Outcome.UNDETERMINED
            and summary[finding.jurisdiction] is Status.NOT_CONTROLLED
        ):
            summary[finding.jurisdiction] = Status.UNDETERMINED
    return summary


def _described(standardised: Standardised) -> Iterable[str]:
    for part in standardised.components:
        name = f" ({part.name})" if part.name else ""
        yield f"{part.copies} × {part.role}{name}"


def _caveats(law: RuleSet, on: date, scope: Scope) -> tuple[str, ...]:
    """What limits the answer: how far the sources of each jurisdiction reach."""
    found = []
    for code, covered in law.coverage.jurisdictions.items():
        if not scope.takes("", code) and not scope.provisions:
            continue
        if covered.verified_until is not None and on > covered.verified_until:
            found.append(f"{code}: sources read as of {covered.verified_until.isoformat()}")
        found += [f"{code}: {remark}" for remark in covered.remarks]
    return tuple(found)
