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

POSITIONAL = "positional isomers"
THRESHOLDS = "thresholds"
FORMS = {
    Relation.STEREOISOMER: ("stereoisomers",),
    Relation.UNSPECIFIED: ("stereoisomers",),
    Relation.POSITIONAL: (POSITIONAL,),
    Relation.ESTER: ("esters",),
    Relation.ETHER: ("ethers",),
    Relation.ESTER_AND_ETHER: ("esters", "ethers"),
}
_RANK = [Outcome.OUTSIDE, Outcome.DISPLACED, Outcome.UNDETERMINED, Outcome.INSIDE]
SILENT_ON_SALTS = "the text says nothing of salts; the salt contains the substance itself"


def judge_names(rule: InForceRule, matter: Matter) -> Finding:
    """The finding of a provision that works by names."""
    named, derived = matter.hits_of(rule.rule.provision)
    reason = taken_out(rule, matter)
    if reason is not None and reason.holds == "no":
        return rule.finding(
            Structure.DOES_NOT_MEET, Outcome.OUTSIDE, reasons=(reason,), matched=reason.part
        )
    hits = [hit for hit in named if hit.listing.role is not Role.EXCLUDED]
    if all(hit.relation is Relation.POSITIONAL for hit in hits):
        hits = [*hits, *derived]
    findings = (_judge_hit(rule, matter, hit) for hit in hits)
    finding = max(
        findings,
        key=lambda finding: (_RANK.index(finding.outcome), -len(finding.clauses)),
        default=rule.finding(Structure.DOES_NOT_MEET, Outcome.OUTSIDE),
    )
    # What a class names beside its definition it has settled itself; a list has only its limbs.
    if finding.outcome is Outcome.INSIDE and rule.rule.provision.kind != "class":
        finding = with_limbs(rule, finding)
    return finding if reason is None else _unless(finding, reason)


def with_limbs(rule: InForceRule, finding: Finding) -> Finding:
    """What has a limb no structure can prove is met in structure and open in outcome."""
    limbs = [
        limb
        for limb in rule.rule.provision.limbs
        if not limb.of or not set(limb.of).isdisjoint(finding.clauses)
    ]
    if not limbs:
        return finding
    reasons = [Reason(limb.clause, limb.text, "open") for limb in limbs]
    return replace(
        finding,
        outcome=Outcome.UNDETERMINED,
        missing=(*finding.missing, *(limb.text for limb in limbs)),
        reasons=(*finding.reasons, *reasons),
    )


def _unless(finding: Finding, reason: Reason) -> Finding:
    """The finding where it turns on a fact about the goods whether a name is taken out."""
    if finding.outcome is Outcome.OUTSIDE:
        return finding
    return replace(
        finding,
        outcome=Outcome.UNDETERMINED,
        missing=(*finding.missing, reason.text),
        reasons=(*finding.reasons, reason),
    )


def taken_out(rule: InForceRule, matter: Matter) -> Reason | None:
    """The carve-out by name, of the rule or of its list, that takes this structure out, if any."""
    provision = rule.rule.provision
    for one in rule.rule.taken_out:
        if one.is_it(matter.component.mol, matter.formula, matter.on):
            if one.unless:
                return Reason(one.clause, one.unless, "open", one.name)
            return Reason(one.clause, provision.law[one.clause], "no", one.name)
    hit = excluded(matter.hits_of(provision)[0], matter.on)
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
    if listing.covers is None or form == POSITIONAL:  # found only of entries that reach isomers
        return rule.covers(form)
    synonyms = {"stereoisomers": {"stereoisomers", "isomers"}}.get(form, {form})
    return not synonyms.isdisjoint(listing.covers)


def _closure(
    rule: InForceRule, matter: Matter, hit: Hit
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The clauses that lead from the name to the structure, what is missing, whether they do."""
    clauses, missing, allowed = ["named"], list(_doubts(rule, matter, hit)), True
    for form in (*FORMS.get(hit.relation, ()), *(("stereoisomers",) if hit.isomer else ())):
        if _covers(rule, hit.listing, form):
            clauses.append(rule.clause(form))
        elif hit.relation is Relation.UNSPECIFIED:
            missing.append(f"the stereochemistry: `{hit.listing.name}` is one form of it")
        elif form in rule.wording.leaves_open:
            missing.append(_LEFT_OPEN.get(form, _SILENT).format(form, hit.listing.name))
        else:
            allowed = False
    salt = matter.salt and not hit.named_salt
    if salt and _covers(rule, hit.listing, "salts"):
        clauses.append(rule.clause("salts"))
    elif salt and not organic(matter.formula):
        allowed = False  # table salt does not contain hydrochloric acid
    return tuple(dict.fromkeys(clauses)), tuple(missing), allowed


_SILENT = "the text says nothing of {0}: whether it reaches this one"
_LEFT_OPEN = {
    POSITIONAL: (
        "whether it is a positional isomer of `{1}`: the text names them and does not say what they are"
    )
}


def _doubts(rule: InForceRule, matter: Matter, hit: Hit) -> Iterable[str]:
    """What keeps it open that the structure is the one named, whatever the closure says."""
    for out in rule.rule.taken_out:
        if out.may_be(matter.component.mol, matter.formula):
            yield f"the stereochemistry: `{out.name}` is taken out"
            break
    name = hit.listing.name
    if hit.open:
        yield f"whether it is a positional isomer of `{name}`: {hit.open}"
    if hit.relation is Relation.TAUTOMER:
        yield f"an expert's word on the drawing: it may be a tautomer of `{name}`"


_UNREAD = {"memory": " (from memory)", "partly-seen": " (read in part)"}


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
    if THRESHOLDS in law:
        for one in hit.listing.thresholds:
            text = f"{law[THRESHOLDS]}; {one.of}: {one.amount}{_UNREAD.get(one.certainty, '')}"
            yield Reason(THRESHOLDS, text, "open")
