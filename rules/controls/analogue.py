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
from registry.facts import Facts, InForce, Listing
from rules.controls.matter import InForceRule, Matter
from rules.result import Evidence, Finding, Outcome, Reason, Structure

SHOWN = 3
_EXACT = Decimal("0.001")


@dataclass(frozen=True)
class References:
    """Fingerprints of the listings an analogue provision compares with."""

    listings: tuple[Listing, ...]
    fingerprints: tuple[DataStructs.ExplicitBitVect, ...]

    @classmethod
    def of(cls, facts: Facts, provisions: Sequence[str]) -> References:
        """Each substance once, under the first of its listings."""
        found: dict[str, Listing] = {}
        for listing in sorted(facts.listings, key=lambda one: one.id):
            if listing.layers and any(fnmatchcase(listing.provision, p) for p in provisions):
                found.setdefault(listing.layers.connectivity, listing)
        mols = (Chem.MolFromSmiles(smiles) for smiles in found)
        return cls(tuple(found.values()), tuple(morgan(mol) for mol in mols))

    def nearest(self, matter: Matter, at_least: float) -> tuple[Evidence, ...]:
        """The most similar references in force, best first: a few of those that reach `at_least`,
        or only the best where none does. Tanimoto, rounded down to three places."""
        scores = DataStructs.BulkTanimotoSimilarity(morgan(matter.component.mol), self.fingerprints)
        best = max(scores, default=0.0)
        if best < at_least:
            ranked = [(-best, scores.index(best))] if scores else []
        else:
            ranked = sorted((-score, n) for n, score in enumerate(scores) if score >= at_least)
        in_force = [
            (-score, self.listings[n])
            for score, n in ranked
            if self.listings[n].valid.holds(matter.on) is not InForce.NO
        ]
        return tuple(
            Evidence(
                listing.name,
                listing.provision,
                f"Tanimoto, {MORGAN.label}",
                str(Decimal(score).quantize(_EXACT, rounding="ROUND_DOWN")),
            )
            for score, listing in in_force[:SHOWN]
        )


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
    at_least = provision.evidence.at_least if provision.evidence else Decimal(1)
    evidence = references.nearest(matter, float(at_least))
    raised = bool(evidence) and Decimal(evidence[0].value) >= at_least
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
    for one in rule.rule.taken_out:
        if one.is_it(matter.component.mol, matter.formula):
            reason = Reason(one.clause, provision.law[one.clause], "yes", one.name)
            return rule.finding(
                Structure.NOT_APPLICABLE,
                Outcome.EXEMPT,
                clauses=(one.clause,),
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
