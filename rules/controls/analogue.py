"""Analogue and effect-based control: evidence and missing limbs, never a verdict.

No structure can show substantial similarity in law, effect on the nervous system, or intent. So
these provisions answer `undetermined` and name what is missing, or say why they do not apply:
what is controlled by name or class is not an analogue, and is exempt from effect-based law.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase

from rdkit import Chem, DataStructs

from registry.chem.fingerprint import MORGAN, morgan
from registry.chem.identity import connectivity
from registry.facts import Facts, InForce, Listing
from rules.controls.matter import InForceRule, Matter
from rules.result import Evidence, Finding, Outcome, Reason, Structure

SHOWN = 3
_EXACT = Decimal("0.001")


@dataclass(frozen=True)
class References:
    """Fingerprints of the listings an analogue provision compares with."""

    listings: tuple[Listing, ...]
    fingerprints: tuple[object, ...]

    @classmethod
    def of(cls, facts: Facts, provisions: Sequence[str]) -> References:
        listings = tuple(
            listing
            for listing in facts.listings
            if listing.smiles and any(fnmatchcase(listing.provision, p) for p in provisions)
        )
        mols = [Chem.MolFromSmiles(listing.smiles) for listing in listings]
        return cls(listings, tuple(morgan(mol) for mol in mols))

    def nearest(self, matter: Matter) -> tuple[Evidence, ...]:
        """The most similar references in force, best first. Tanimoto, rounded down."""
        scores = DataStructs.BulkTanimotoSimilarity(
            morgan(matter.component.mol), list(self.fingerprints)
        )
        ranked = sorted(zip(scores, self.listings, strict=True), key=lambda p: (-p[0], p[1].id))
        found: dict[str, Evidence] = {}
        for score, listing in ranked:
            if len(found) == SHOWN:
                break
            if listing.valid.holds(matter.on) is InForce.YES and listing.name not in found:
                value = str(Decimal(score).quantize(_EXACT, rounding="ROUND_DOWN"))
                found[listing.name] = Evidence(
                    listing.name, listing.provision, f"Tanimoto, {MORGAN.label}", value
                )
        return tuple(found.values())


def judge_analogue(
    rule: InForceRule, matter: Matter, references: References, others: Iterable[Finding]
) -> Finding:
    """Similarity evidence and the limbs that stay open; displaced by whatever controls already."""
    provision = rule.rule.provision
    governing = _governing(others, provision.exempt_if_named_in)
    if governing:
        reason = Reason("scope", provision.law["scope"], "no")
        return rule.finding(
            Structure.NOT_APPLICABLE,
            Outcome.DISPLACED,
            displaced_by=governing,
            reasons=(reason,),
            settles=False,
        )
    evidence = references.nearest(matter)
    raised = bool(
        provision.evidence
        and evidence
        and Decimal(evidence[0].value) >= Decimal(provision.evidence.at_least)
    )
    return rule.finding(
        Structure.UNDETERMINED,
        Outcome.UNDETERMINED,
        missing=tuple(limb.text for limb in provision.limbs),
        reasons=_limbs(rule),
        evidence=evidence,
        settles=raised,
    )


def judge_effect(rule: InForceRule, matter: Matter, others: Iterable[Finding]) -> Finding:
    """Exempt where the law exempts it; otherwise the limbs no structure can prove."""
    provision = rule.rule.provision
    governing = _governing(others, provision.exempt_if_named_in)
    if governing:
        return rule.finding(
            Structure.NOT_APPLICABLE,
            Outcome.EXEMPT,
            clauses=("scope",),
            displaced_by=governing,
            reasons=(Reason("scope", provision.law["scope"], "yes"),),
            settles=False,
        )
    flat = connectivity(matter.component.mol) if provision.exceptions else ""
    for exception, mol in zip(provision.exceptions, rule.rule.excepted, strict=True):
        if connectivity(mol) == flat:
            text = provision.law[exception.clause]
            reason = Reason(exception.clause, text, "yes", exception.name)
            return rule.finding(
                Structure.NOT_APPLICABLE,
                Outcome.EXEMPT,
                clauses=(exception.clause,),
                reasons=(reason,),
                settles=False,
            )
    return rule.finding(
        Structure.NOT_APPLICABLE,
        Outcome.UNDETERMINED,
        missing=tuple(limb.text for limb in provision.limbs),
        reasons=_limbs(rule),
        settles=False,
    )


def _limbs(rule: InForceRule) -> tuple[Reason, ...]:
    return tuple(Reason(limb.clause, limb.text, "open") for limb in rule.rule.provision.limbs)


def _governing(others: Iterable[Finding], globs: Sequence[str]) -> tuple[str, ...]:
    """Provisions among the globs that govern the substance already."""
    return tuple(
        finding.provision
        for finding in others
        if finding.outcome is Outcome.INSIDE
        and any(fnmatchcase(finding.provision, glob) for glob in globs)
    )
