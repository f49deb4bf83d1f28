"""Generic control: does the structure fall in a class, and does the class govern it?

Meeting the definition and being governed are two answers. The definition is judged on the
component itself and, where the law covers esters and ethers, on the compounds it is an ester or
ether of. Then names speak: statutory lists, carve-outs, and provisions this one yields to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rules.controls.listing import FORMS, SILENT_ON_SALTS, judge_names
from rules.controls.matter import InForceRule, Matter
from rules.controls.register import OF_BOND, excluded
from rules.language.compile import CompiledReading
from rules.language.match import ASK, CORE, FAIL, Fit, Judgement, judge
from rules.language.view import View
from rules.result import Finding, Outcome, Reason, Structure


def in_question(rule: InForceRule, matter: Matter) -> bool:
    """Whether a core or a name of the class is there at all; otherwise it is plainly outside."""
    if rule.rule.provision.id in matter.hits:
        return True
    reading = rule.rule.reading(rule.wording)
    if reading is None:
        return False
    mol = matter.component.mol
    return any(mol.HasSubstructMatch(skeleton.core) for skeleton in reading.skeletons)


def judge_class(rule: InForceRule, matter: Matter) -> Finding:
    """The finding of a class provision, before other provisions are considered."""
    by_name = judge_names(rule, matter) if rule.rule.provision.named else None
    if by_name is not None and by_name.outcome is not Outcome.OUTSIDE:
        return by_name
    reading = rule.rule.reading(rule.wording)
    if reading is None:
        return by_name or rule.finding(Structure.DOES_NOT_MEET, Outcome.OUTSIDE)
    finding = _from_structure(rule, matter, reading)
    if finding.structure is Structure.DOES_NOT_MEET:
        return finding
    exception = _exception(rule, matter)
    if exception is not None:
        return replace(finding, outcome=Outcome.OUTSIDE, missing=(), reasons=(exception,))
    return finding


def _from_structure(rule: InForceRule, matter: Matter, reading: CompiledReading) -> Finding:
    judgement, form = judge(matter.view, reading), ""
    if judgement.structure is Structure.DOES_NOT_MEET:
        judgement, form = _by_derivation(rule, matter, reading, judgement)
    outcome = {
        Structure.MEETS: Outcome.INSIDE,
        Structure.UNDETERMINED: Outcome.UNDETERMINED,
    }.get(judgement.structure, Outcome.OUTSIDE)
    clauses = [*judgement.clauses, *([rule.clause(form)] if form else [])]
    met = judgement.structure is not Structure.DOES_NOT_MEET
    if met and matter.salt and rule.covers("salts"):
        clauses.append(rule.clause("salts"))
    return rule.finding(
        judgement.structure,
        outcome,
        clauses=tuple(clauses) if met else (),
        missing=_missing(rule, judgement),
        reasons=tuple(_reasons(rule, matter, judgement, form)),
    )


def _by_derivation(
    rule: InForceRule, matter: Matter, reading: CompiledReading, fallback: Judgement
) -> tuple[Judgement, str]:
    """The judgement on what the component is an ester or ether of, if that is covered."""
    covered = {form for form in ("esters", "ethers") if rule.covers(form)}
    if not covered or not _has_core(matter, reading):
        return fallback, ""
    for derived in matter.parents:
        forms = FORMS[OF_BOND[derived.kind]]
        if covered.issuperset(forms):
            judgement = judge(View(derived.parent), reading)
            if judgement.structure is not Structure.DOES_NOT_MEET:
                return replace(judgement, fits=()), forms[0]
    return fallback, ""


def _has_core(matter: Matter, reading: CompiledReading) -> bool:
    """A core without hydrogen counts is in a derivative whenever it is in the parent."""
    return any(matter.view.matches(skeleton.core) for skeleton in reading.skeletons)


def _missing(rule: InForceRule, judgement: Judgement) -> tuple[str, ...]:
    texts = {question.id: question.text for question in rule.rule.provision.open_questions}
    asked = tuple(f"{name}: {texts[name]}" for name in judgement.questions)
    if judgement.structure is not Structure.UNDETERMINED:
        return ()
    return asked or (judgement.fails,)


def _reasons(
    rule: InForceRule, matter: Matter, judgement: Judgement, form: str
) -> Iterable[Reason]:
    provision = rule.rule.provision
    for fit in judgement.fits:
        if fit.verdict == CORE and not fit.ref:
            yield Reason("", judgement.skeleton, "yes", CORE, matter.shown(fit.atoms))
        else:
            yield _reason(rule, matter, fit)
    if judgement.structure is Structure.DOES_NOT_MEET and judgement.fails in (CORE, "change"):
        yield Reason("", _WHY_NOT[judgement.fails], "no", judgement.fails)
    if form:
        yield Reason(rule.clause(form), provision.law[rule.clause(form)], "yes", form)
    if matter.salt and judgement.structure is not Structure.DOES_NOT_MEET:
        covered = rule.covers("salts")
        text = provision.law[rule.clause("salts")] if covered else SILENT_ON_SALTS
        yield Reason("salts", text, "yes", "salt")


_WHY_NOT = {
    CORE: "the core of the class is not there",
    "change": "the parent compound itself, with none of the changes the class asks for",
}


def _reason(rule: InForceRule, matter: Matter, fit: Fit) -> Reason:
    provision = rule.rule.provision
    atoms = matter.shown(fit.atoms)
    if fit.verdict == ASK:
        question = next(q for q in provision.open_questions if q.id == fit.ref)
        return Reason(question.clause, question.text, "open", fit.site, atoms, question.id)
    if fit.verdict == FAIL:
        return Reason("", f"no clause allows this at: {fit.site}", "no", fit.site, atoms)
    text = provision.law.get(fit.ref, fit.word)
    return Reason(fit.ref, text, "yes", f"{fit.site}: {fit.word}" if fit.word else fit.site, atoms)


def _exception(rule: InForceRule, matter: Matter) -> Reason | None:
    """The carve-out by name that takes this structure out, if any."""
    provision = rule.rule.provision
    for one in rule.rule.taken_out:
        if one.is_it(matter.component.mol, matter.formula):
            return Reason(one.clause, provision.law[one.clause], "no", one.name)
    hit = excluded(matter.hits.get(provision.id, []), matter.on)
    if hit is None:
        return None
    return Reason("named", f"the law takes `{hit.listing.name}` out by name", "no")
