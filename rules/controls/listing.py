"""Individual listing: is the structure one of the names, or reached from one by the closure?

Order of closure as the laws have it: stereoisomer, then ester or ether, then salt. A name in a
"but not including" list ends the question. A start date that nobody knows makes the answer
undetermined on the days for which it matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from registry.facts import InForce, Listing, Role
from rules.controls.matter import InForceRule, Matter
from rules.controls.register import Hit, Relation, excluded, organic
from rules.result import Finding, Outcome, Reason, Structure

FORMS = {
    Relation.STEREOISOMER: ("stereoisomers",),
    Relation.UNSPECIFIED: ("stereoisomers",),
    Relation.ESTER: ("esters",),
    Relation.ETHER: ("ethers",),
    Relation.ESTER_AND_ETHER: ("esters", "ethers"),
}
_RANK = [Outcome.OUTSIDE, Outcome.DISPLACED, Outcome.UNDETERMINED, Outcome.INSIDE]
SILENT_ON_SALTS = "the text says nothing of salts; the salt contains the substance itself"


def judge_names(rule: InForceRule, matter: Matter) -> Finding:
    """The finding of a provision that works by names."""
    named = matter.hits.get(rule.rule.provision.id, [])
    reason = taken_out(rule, matter)
    if reason is not None:
        return rule.finding(
            Structure.DOES_NOT_MEET, Outcome.OUTSIDE, reasons=(reason,), matched=reason.part
        )
    hits = [hit for hit in named if hit.listing.role is not Role.EXCLUDED]
    if not hits:
        hits = matter.closure_hits.get(rule.rule.provision.id, [])
    findings = (_judge_hit(rule, matter, hit) for hit in hits)
    best = max(
        findings,
        key=lambda finding: (_RANK.index(finding.outcome), -len(finding.clauses)),
        default=rule.finding(Structure.DOES_NOT_MEET, Outcome.OUTSIDE),
    )
    # What a class names beside its definition it has settled itself; a list has only its limbs.
    listed = best.outcome is Outcome.INSIDE and rule.rule.provision.kind != "class"
    return with_limbs(rule, best) if listed else best


def with_limbs(rule: InForceRule, finding: Finding) -> Finding:
    """What has a limb no structure can prove is met in structure and open in outcome."""
    if not rule.rule.provision.limbs:
        return finding
    return replace(
        finding,
        outcome=Outcome.UNDETERMINED,
        missing=(*finding.missing, *rule.rule.missing_limbs),
        reasons=(*finding.reasons, *rule.rule.limbs),
    )


def taken_out(rule: InForceRule, matter: Matter) -> Reason | None:
    """The carve-out by name, of the rule or of its list, that takes this structure out, if any."""
    provision = rule.rule.provision
    for one in rule.rule.taken_out:
        if one.is_it(matter.component.mol, matter.formula, matter.on):
            if one.unless:
                return Reason(one.clause, one.unless, "open", one.name)
            return Reason(one.clause, provision.law[one.clause], "no", one.name)
    hit = excluded(matter.hits.get(provision.id, []), matter.on)
    if hit is None:
        return None
    name = hit.listing.name
    return Reason("named", f"the law takes `{name}` out by name", "no", name)


def _judge_hit(rule: InForceRule, matter: Matter, hit: Hit) -> Finding:
    listing = hit.listing
    clauses, missing, allowed = _closure(rule, matter, hit)
    reasons = tuple(_reasons(rule, matter, hit, clauses))
    if not allowed:
        return rule.finding(
            Structure.DOES_NOT_MEET, Outcome.OUTSIDE, reasons=reasons, matched=listing.name
        )
    in_force = listing.valid.holds(matter.on)
    if in_force is InForce.NO:
        return _not_in_force(rule, matter, listing)
    if in_force is InForce.UNKNOWN:
        missing = (*missing, f"the day from which `{listing.name}` is listed here")
    structure = Structure.UNDETERMINED if missing else Structure.MEETS
    outcome = Outcome.UNDETERMINED if missing else Outcome.INSIDE
    return rule.finding(
        structure, outcome, clauses=clauses, missing=missing, reasons=reasons, matched=listing.name
    )


def _not_in_force(rule: InForceRule, matter: Matter, listing: Listing) -> Finding:
    start, end = listing.valid.start, listing.valid.end
    if end is not None and matter.on >= end:
        text = f"`{listing.name}` was listed until {end.isoformat()}"
    else:
        text = f"`{listing.name}` is listed from {start.isoformat() if start else 'a later day'}"
    reason = Reason("named", text, "no", listing.name)
    return rule.finding(
        Structure.DOES_NOT_MEET, Outcome.OUTSIDE, reasons=(reason,), matched=listing.name
    )


def _covers(rule: InForceRule, listing: Listing, form: str) -> bool:
    """Whether a derived form is covered; what is said of the entry beats what is said of all."""
    if listing.covers is None:
        return rule.covers(form)
    synonyms = {"stereoisomers": {"stereoisomers", "isomers"}}.get(form, {form})
    return not synonyms.isdisjoint(listing.covers)


def _closure(
    rule: InForceRule, matter: Matter, hit: Hit
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The clauses that lead from the name to the structure, what is missing, whether they do."""
    clauses, missing, allowed = ["named"], [], True
    for form in (*FORMS.get(hit.relation, ()), *(("stereoisomers",) if hit.isomer else ())):
        if _covers(rule, hit.listing, form):
            clauses.append(rule.clause(form))
        elif hit.relation is Relation.UNSPECIFIED:
            missing.append(f"the stereochemistry: `{hit.listing.name}` is one form of it")
        elif form in rule.wording.leaves_open:
            missing.append(f"the text says nothing of {form}: whether it reaches this one")
        else:
            allowed = False
    excepted = [o for o in rule.rule.taken_out if o.may_be(matter.component.mol, matter.formula)]
    if excepted:
        missing.append(f"the stereochemistry: `{excepted[0].name}` is taken out")
    if hit.relation is Relation.TAUTOMER:
        missing.append(
            f"an expert's word on the drawing: it may be a tautomer of `{hit.listing.name}`"
        )
    salt = matter.salt and not hit.named_salt
    if salt and _covers(rule, hit.listing, "salts"):
        clauses.append(rule.clause("salts"))
    elif salt and not organic(matter.formula):
        allowed = False  # table salt does not contain hydrochloric acid
    return tuple(dict.fromkeys(clauses)), tuple(missing), allowed


def _reasons(
    rule: InForceRule, matter: Matter, hit: Hit, clauses: Iterable[str]
) -> Iterable[Reason]:
    law = rule.rule.provision.law
    whole = matter.shown(tuple(range(matter.component.mol.GetNumAtoms())))
    for clause in clauses:
        text = law.get(clause, clause)
        if clause == "named":
            place = f", {hit.listing.paragraph}" if hit.listing.paragraph else ""
            text = f"named here: {hit.listing.name}{place}"
        yield Reason(clause, text, "yes", str(hit.relation), whole if clause == "named" else ())
    if matter.salt and not hit.named_salt and not _covers(rule, hit.listing, "salts"):
        yield Reason("salts", SILENT_ON_SALTS, "yes", "salt")
