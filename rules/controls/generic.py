"""Generic control: does the structure fall in a class, and does the class govern it?

Meeting the definition and being governed are two answers. The definition is judged on the
component itself and, where the law covers esters and ethers, on the compounds it is an ester or
ether of. Then names speak: statutory lists, carve-outs, and provisions this one yields to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rules.controls.listing import FORMS, SILENT_ON_SALTS, judge_names, taken_out, with_limbs
from rules.controls.matter import InForceRule, Matter
from rules.controls.register import OF_BOND
from rules.controls.upon import Judge, Rules, judge_upon
from rules.language.compile import CompiledReading
from rules.language.match import ASK, CORE, FAIL, Fit, Judgement, judge, merit
from rules.language.probe import Cores, candidates
from rules.language.view import View
from rules.result import Finding, Outcome, Reason, Structure

_SAYS = [Structure.DOES_NOT_MEET, Structure.UNDETERMINED, Structure.MEETS]


def in_question(cores: Cores, classes: Rules, matter: Matter) -> set[str]:
    """The classes of which a core or a name is there at all; of the others it is plainly outside.
    `cores`: each core once, with the classes that have it."""
    named = {*matter.hits, *matter.closure_hits}
    asked = {key for key in named if key in classes and classes[key].rule.provision.named}
    for view in (matter.view, *([matter.keto] if matter.keto else [])):
        asked.update(found(cores, view))
    return asked


def found(cores: Cores, view: View) -> Iterable[str]:
    """What the cores, or fragments, that a molecule holds stand for."""
    for probe, labels in candidates(cores, view.supply, view.roots):
        if view.has(probe):
            yield from labels


def judge_class(rule: InForceRule, matter: Matter, others: Rules) -> Finding:
    """The finding of a class provision, before other provisions are considered. `others`: the
    rules in force, for a class that is built upon another."""
    by_name = judge_names(rule, matter) if rule.rule.provision.named else None
    if by_name is not None and by_name.outcome is not Outcome.OUTSIDE:
        return by_name
    reading = rule.rule.reading(rule.wording)
    if reading is None:
        return by_name or rule.finding(Structure.DOES_NOT_MEET, Outcome.OUTSIDE)
    finding = _from_structure(rule, matter, reading, others)
    if finding.structure is Structure.DOES_NOT_MEET:
        return by_name if by_name is not None and by_name.reasons else finding
    return excepted(rule, matter, with_limbs(rule, finding))


def excepted(rule: InForceRule, matter: Matter, finding: Finding) -> Finding:
    """The finding once what the law takes out by name is out, or may be."""
    exception = taken_out(rule, matter)
    if exception is None:
        return finding
    if exception.holds == "open":
        return replace(
            finding,
            outcome=Outcome.UNDETERMINED,
            missing=(*finding.missing, exception.text),
            reasons=(*finding.reasons, exception),
        )
    return replace(finding, outcome=Outcome.OUTSIDE, missing=(), reasons=(exception,))


def _from_structure(
    rule: InForceRule, matter: Matter, reading: CompiledReading, others: Rules
) -> Finding:
    judgement, form = judge(matter.view, reading, thorough=matter.thorough), ""
    if reading.upon is not None:
        judgement = max(judgement, judge_upon(reading, matter, others, _asking(others)), key=merit)
    if judgement.structure is not Structure.MEETS:
        judgement, form = _by_derivation(rule, matter, reading, judgement)
    if judgement.structure is Structure.DOES_NOT_MEET and matter.keto is not None:
        judgement = _as_ketone(matter.keto, reading, judgement)
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


def _asking(others: Rules) -> Judge:
    """Ask any rule, by names or as a class, without what other provisions would say."""
    return lambda rule, matter: (
        judge_class(rule, matter, others)
        if rule.rule.provision.kind == "class"
        else judge_names(rule, matter)
    )


def _by_derivation(
    rule: InForceRule, matter: Matter, reading: CompiledReading, fallback: Judgement
) -> tuple[Judgement, str]:
    """The judgement on what the component is an ester or ether of, if that is covered and says
    more than the one on the component itself."""
    covered = {form for form in ("esters", "ethers") if rule.covers(form)}
    if not covered or not _has_core(matter, reading):
        return fallback, ""
    best, form = fallback, ""
    for derived, view in matter.parents:
        forms = FORMS[OF_BOND[derived.kind]]
        if best.structure is not Structure.MEETS and covered.issuperset(forms):
            judgement = judge(view, reading, thorough=matter.thorough)
            if _SAYS.index(judgement.structure) > _SAYS.index(best.structure):
                best, form = replace(judgement, fits=()), forms[0]
    return best, form


def _as_ketone(view: View, reading: CompiledReading, fallback: Judgement) -> Judgement:
    """What the keto form of an enol would be; an expert has to confirm the drawing."""
    judgement = judge(view, reading)
    if judgement.structure is Structure.DOES_NOT_MEET:
        return fallback
    return replace(judgement, structure=Structure.UNDETERMINED, fails=DRAWN_AS_ENOL)


def _has_core(matter: Matter, reading: CompiledReading) -> bool:
    """A core without hydrogen counts is in a derivative whenever it is in the parent."""
    return any(matter.view.has(probe) for probe in reading.probes)


def _missing(rule: InForceRule, judgement: Judgement) -> tuple[str, ...]:
    texts = {question.id: question.text for question in rule.rule.provision.open_questions}
    asked = tuple(f"{name}: {texts[name]}" for name in judgement.questions)
    if judgement.structure is not Structure.UNDETERMINED:
        return ()
    return (*asked, *([judgement.fails] if judgement.fails else []))


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


DRAWN_AS_ENOL = "an expert's word on the drawing: it is drawn as an enol of what meets the class"
_WHY_NOT = {
    CORE: "the core of the class is not there",
    "change": "the parent compound itself, with none of the changes the class asks for",
}


def _why_not(rule: InForceRule, fit: Fit) -> str:
    """What is wrong with a branch, and which clauses speak of its place."""
    said = rule.rule.provision.law.get(fit.ref, fit.ref)
    clauses = ", ".join(rule.rule.clauses_at(rule.wording, fit.site))
    why = f"{fit.site}: {said}" if said else f"no clause allows this at: {fit.site}"
    return f"{why} (of this place: {clauses})" if clauses else why


def _reason(rule: InForceRule, matter: Matter, fit: Fit) -> Reason:
    provision = rule.rule.provision
    atoms = matter.shown(fit.atoms)
    if fit.verdict == ASK:
        question = next(q for q in provision.open_questions if q.id == fit.ref)
        both = tuple(question.readings.items())
        return Reason(question.clause, question.text, "open", fit.site, atoms, question.id, both)
    if fit.verdict == FAIL:
        return Reason("", _why_not(rule, fit), "no", fit.site, atoms)
    text = provision.law.get(fit.ref, fit.word)
    return Reason(fit.ref, text, "yes", f"{fit.site}: {fit.word}" if fit.word else fit.site, atoms)
