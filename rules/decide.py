"""The main path: a standardised structure, a date and the law in; a reasoned decision out.

standardise (done before) → provisions in force → ask each → merge precedence → summarise.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from registry.chem.standardise import Component, Role, Standardised
from rules.controls.analogue import judge_analogue, judge_effect
from rules.controls.conditions import under_conditions
from rules.controls.generic import found, in_question, judge_class
from rules.controls.listing import judge_names, taken_out
from rules.controls.matter import InForceRule, Matter
from rules.controls.register import CARBON, ions
from rules.controls.subsidiary import subsidiary
from rules.goods import PURE, Goods
from rules.result import Decision, Finding, Outcome, Reason, Status, Structure
from rules.sitting import EVERYTHING, Book, Gap, Scope, Sitting, bind
from rules.versions import versions

__all__ = ["Book", "Scope", "bind", "decide", "undecided"]

Findings = dict[str, Finding]


def decide(
    standardised: Standardised,
    book: Book,
    *,
    on: date,
    known_at: str,
    text: str,
    scope: Scope = EVERYTHING,
    everything: bool = False,
    goods: Goods = PURE,
    matters: Sequence[Matter] | None = None,
) -> Decision:
    """Judge one structure under every provision in scope that is in force on a date.

    `text` is the input as given and `known_at` the moment whose knowledge `book.facts` holds; both
    are only repeated in the answer. With `everything`, findings that are plainly outside and
    provisions not in force are reported too. `goods`: what they are like, where a law makes control
    depend on it (`rules.goods`); unless stated, the pure substance and nothing else known.
    `matters`: what `matters_of` gives for the same structure, book and date, where it has been made
    ready before.
    Not a legal opinion: readings are drafts until reviewed, and what no structure can show (effect,
    intent, quantity, preparation) stays open.
    """
    book = book.at(on)
    sitting = book.sitting(on, scope)
    if matters is None:
        matters = matters_of(standardised, book, on, everything)
    findings = _merge([_judge(sitting, matter, book, everything, goods) for matter in matters])
    findings |= _gaps(sitting, matters, book, findings)
    summary = summarise(findings.values(), sitting)
    shown = _shown(sitting, book, findings, everything)
    return Decision(
        on=on,
        known_at=known_at,
        input=text,
        structure=standardised,
        steps=tuple(f"{step.name} {step.version}: {step.detail}" for step in standardised.steps),
        components=tuple(_described(standardised)),
        goods={fact: str(value) for fact, value in sorted(goods.items())},
        findings=shown,
        summary=summary,
        considered=sitting.considered,
        rule_set=book.law.content_hash,
        facts=book.facts.content_hash,
        versions=versions(),
        caveats=(*_labels(standardised), *sitting.caveats),
    )


def _shown(
    sitting: Sitting, book: Book, findings: Findings, everything: bool
) -> tuple[Finding, ...]:
    """The findings within the scope, by provision."""
    if everything:
        findings = _outside(sitting) | _dormant(book, sitting) | findings
    return tuple(
        one
        for _, one in sorted(findings.items())
        if sitting.scope.takes(one.provision, one.jurisdiction)
        and (everything or not one.plainly_outside)
    )


def undecided(
    error: tuple[str, str], book: Book, *, on: date, known_at: str, text: str, scope: Scope
) -> Decision:
    """The decision where no judgement was possible: undetermined everywhere, with the reason."""
    book = book.at(on)
    sitting = book.sitting(on, scope)
    return Decision(
        on=on,
        known_at=known_at,
        input=text,
        structure=None,
        steps=(),
        components=(),
        goods={},
        findings=(),
        summary=dict.fromkeys(sitting.jurisdictions, Status.UNDETERMINED),
        considered=0,
        rule_set=book.law.content_hash,
        facts=book.facts.content_hash,
        versions=versions(),
        caveats=sitting.caveats,
        error=error,
    )


def matters_of(
    standardised: Standardised, book: Book, on: date, thorough: bool = False
) -> list[Matter]:
    """Each active component of a structure, as it comes before the judge."""
    parts = standardised.components
    counterions = ions(standardised) if len(parts) > 1 else frozenset()
    return [
        Matter(part, _is_salt(part, counterions), on, book.register, counterions, thorough)
        for part in parts
        if part.role is Role.ACTIVE
    ]


def _is_salt(part: Component, counterions: frozenset[str]) -> bool:
    """Whether a component was given as a salt. An acid drawn as its ions is the acid itself."""
    return bool(counterions) or (part.charge_changed and part.mol.HasSubstructMatch(CARBON))


def _judge(
    sitting: Sitting, matter: Matter, book: Book, everything: bool, goods: Goods
) -> Findings:
    """The findings on one component. Lists in which no name answers are left out: outside; so are
    classes without a core, unless everything is asked."""
    named = {*matter.hits, *matter.closure_hits}
    named |= {key for key, pointed in sitting.pointers.items() if pointed in named}
    first = {key: judge_names(sitting.lists[key], matter) for key in named if key in sitting.lists}
    asked = sitting.classes if everything else in_question(sitting.cores, sitting.classes, matter)
    first |= {
        key: judge_class(sitting.classes[key], matter, sitting.definitions)
        for key in sitting.classes
        if key in asked
    }
    first |= subsidiary(sitting.classes, first, matter)
    first = {
        key: under_conditions(sitting.definitions[key], one, goods) for key, one in first.items()
    }
    settled = {
        key: _yield(finding, sitting.lists.get(key) or sitting.classes[key], first)
        for key, finding in first.items()
    }
    others = tuple(settled[key] for key in sorted(settled))
    near = book.references.near(matter) if sitting.compares else ()
    for key, rule in sitting.conduct.items():
        if rule.rule.provision.kind == "analogue":
            settled[key] = judge_analogue(rule, matter, near, others)
        else:
            settled[key] = judge_effect(rule, matter, others)
    return settled


def _yield(finding: Finding, rule: InForceRule, first: Mapping[str, Finding]) -> Finding:
    """Give way where the law says that another provision's names, or members, come first."""
    if finding.outcome not in (Outcome.INSIDE, Outcome.UNDETERMINED) or not rule.scope.gives_way:
        return finding
    others = [
        other
        for key, other in sorted(first.items())
        if key != finding.provision and _gives_way_to(finding, rule, other)
    ]
    governing = tuple(other.provision for other in others if other.outcome is Outcome.INSIDE)
    if governing:
        return _displaced(finding, rule, governing)
    doubtful = [other for other in others if other.outcome is Outcome.UNDETERMINED]
    if doubtful:
        question = f"whether {doubtful[0].provision} governs instead: {doubtful[0].missing[0]}"
        return replace(
            finding,
            outcome=Outcome.UNDETERMINED,
            missing=(*finding.missing, question),
            either_way=finding.outcome is Outcome.INSIDE,
        )
    return finding


def _gives_way_to(finding: Finding, rule: InForceRule, other: Finding) -> bool:
    """Whether what another provision says keeps this one from governing. A name of its own gives
    way to nothing; what only the closure reaches, to other names. Where the law says so, the members
    of a class come first like its names."""
    if any(fnmatchcase(other.provision, glob) for glob in rule.scope.member_residual_to):
        return True
    if "named" not in other.clauses:
        return False
    derived = {rule.clause("esters"), rule.clause("ethers")}
    globs: tuple[str, ...] = ()
    if "named" in finding.clauses:
        by_closure = bool({*finding.clauses} - {"named", rule.clause("salts")})
    else:
        by_closure = not derived.isdisjoint(finding.clauses)
        globs += rule.scope.residual_to
        if by_closure or derived.isdisjoint(other.clauses):
            globs += rule.scope.residual_to_names
    globs += rule.scope.closure_residual_to if by_closure else ()
    return any(fnmatchcase(other.provision, glob) for glob in globs)


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


def _merge(per_component: Sequence[Findings]) -> Findings:
    """A mixture is judged by the component that weighs most under each provision."""
    merged: Findings = {}
    for findings in per_component:
        for key, finding in findings.items():
            held = merged.get(key)
            if held is None or _WEIGHT.index(finding.outcome) > _WEIGHT.index(held.outcome):
                merged[key] = finding
    return merged


def _gaps(sitting: Sitting, matters: Sequence[Matter], book: Book, findings: Findings) -> Findings:
    """What is known not to be modelled, unless the molecule cannot come under it."""
    gaps = [*sitting.gaps_asked_always]
    for matter in matters:
        for fragment in found(sitting.fragments, matter.view):
            gaps += sitting.gaps_by_fragment[fragment]
    named = {key: one for key, one in findings.items() if "named" in one.clauses}
    gaps += [
        gap
        for gap in sitting.gaps_by_name
        if _named_in(gap.told.needs_named_in, named, PERHAPS_NAMED)
    ]
    table = book.law.coverage.jurisdictions
    return {
        key: _gap(gap, findings.get(key))
        for key, gap in ((gap.told.provision, gap) for gap in gaps)
        if not _settled(findings.get(key))
        and not _named_in(table[gap.jurisdiction].gaps_yield_to, named, NAMED)
        and not _all_taken_out(sitting.lists.get(key), matters)
    }


NAMED = (Outcome.INSIDE,)
PERHAPS_NAMED = (Outcome.INSIDE, Outcome.UNDETERMINED)


def _named_in(globs: Iterable[str], named: Findings, outcomes: Container[Outcome]) -> bool:
    """Whether a provision among the globs names the substance, with one of the outcomes."""
    return any(
        finding.outcome in outcomes and fnmatchcase(key, glob)
        for key, finding in named.items()
        for glob in globs
    )


def _settled(finding: Finding | None) -> bool:
    return finding is not None and finding.outcome in (Outcome.INSIDE, Outcome.DISPLACED)


def _all_taken_out(rule: InForceRule | None, matters: Sequence[Matter]) -> bool:
    """What a law takes out by name is out, whatever else of the provision is not modelled."""
    reasons = [] if rule is None else [taken_out(rule, matter) for matter in matters]
    return bool(reasons) and all(reason and reason.holds == "no" for reason in reasons)


def _gap(gap: Gap, found: Finding | None) -> Finding:
    """The gap as a finding, or added to what the provision's own rule left undetermined."""
    if found is not None and found.outcome is Outcome.UNDETERMINED:
        return replace(found, missing=(*found.missing, gap.missing))
    return gap.finding


def _outside(sitting: Sitting) -> Findings:
    """Lists in which nothing answers, said to be so."""
    return {
        key: rule.finding(Structure.DOES_NOT_MEET, Outcome.OUTSIDE)
        for key, rule in sitting.lists.items()
    }


def _dormant(book: Book, sitting: Sitting) -> Findings:
    """Provisions in scope that are not in force on the date, said to be so."""
    text = f"not in force on {sitting.on.isoformat()}"
    return {
        key: InForceRule.of(rule, rule.provision.wordings[0]).finding(
            Structure.NOT_APPLICABLE, Outcome.OUTSIDE, reasons=(Reason("", text, "no"),)
        )
        for key, rule in book.law.rules.items()
        if sitting.scope.takes(key, rule.provision.jurisdiction)
        and rule.wording(sitting.on) is None
    }


_ORDER = [Status.NOT_CONTROLLED, Status.UNDETERMINED, Status.CONTROLLED]
_STATUS = {Outcome.INSIDE: Status.CONTROLLED, Outcome.UNDETERMINED: Status.UNDETERMINED}


def summarise(findings: Iterable[Finding], sitting: Sitting) -> dict[str, Status]:
    """One word for each jurisdiction, the law that applies in it directly included. What turns on
    conduct alone does not decide it, nor does a list that watches without controlling."""
    summary = dict.fromkeys((*sitting.jurisdictions, *sitting.over), Status.NOT_CONTROLLED)
    for finding in findings:
        status = _STATUS.get(finding.outcome)
        if finding.either_way:
            status = Status.CONTROLLED
        if status is not None and finding.settles and finding.jurisdiction in summary:
            held = summary[finding.jurisdiction]
            summary[finding.jurisdiction] = max(held, status, key=_ORDER.index)
    for code, uppers in sitting.under.items():
        summary[code] = max(summary[code], *(summary[up] for up in uppers), key=_ORDER.index)
    return {code: summary[code] for code in sitting.jurisdictions}


def _labels(standardised: Standardised) -> Iterable[str]:
    labels = sorted({label for part in standardised.components for label in part.isotopes})
    if labels:
        yield (
            f"isotope labels {', '.join(labels)} are set apart: the texts modelled here say nothing "
            "of labelled forms, which are judged as the substance itself"
        )


def _described(standardised: Standardised) -> Iterable[str]:
    for part in standardised.components:
        name = f" ({part.name})" if part.name else ""
        yield f"{part.copies} × {part.role}{name}"
