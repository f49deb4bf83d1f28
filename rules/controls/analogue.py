"""Analogue and effect-based control: evidence and missing limbs, never a verdict.

No structure can show substantial similarity in law, effect on the nervous system, or intent. So
these provisions answer `undetermined` and name what is missing, or say why they do not apply:
what is controlled by name or class is not an analogue, and is exempt from effect-based law.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
    """Fingerprints of the listings an analogue provision compares with, by their number of bits.

    The Tanimoto figure of two fingerprints is at most the ratio of their bits, so only those of a
    like number need be compared with.
    """

    listings: tuple[tuple[Listing, ...], ...]
    fingerprints: tuple[DataStructs.ExplicitBitVect, ...]
    bits: tuple[int, ...]

    @classmethod
    def of(cls, facts: Facts, provisions: Sequence[str]) -> References:
        """Each substance once, with all its listings."""
        found: dict[str, list[Listing]] = {}
        for listing in sorted(facts.listings, key=lambda one: one.id):
            if listing.layers and any(fnmatchcase(listing.provision, p) for p in provisions):
                found.setdefault(listing.layers.connectivity, []).append(listing)
        rows = [(morgan(Chem.MolFromSmiles(smiles)), tuple(own)) for smiles, own in found.items()]
        rows.sort(key=lambda row: (row[0].GetNumOnBits(), row[1][0].id))
        prints = tuple(print_ for print_, _ in rows)
        return cls(
            tuple(own for _, own in rows), prints, tuple(print_.GetNumOnBits() for print_ in prints)
        )

    def nearest(self, matter: Matter, at_least: float) -> tuple[Evidence, ...]:
        """The most similar references in force among those that reach `at_least`, best first.

        Tanimoto, rounded down to three places.
        """
        asked = matter.fingerprint
        on = asked.GetNumOnBits()
        first = bisect_left(self.bits, on * at_least)
        last = bisect_right(self.bits, on / at_least)
        scores = DataStructs.BulkTanimotoSimilarity(asked, self.fingerprints[first:last])
        if max(scores, default=0.0) < at_least:
            return ()
        ranked = sorted((-score, n) for n, score in enumerate(scores, first) if score >= at_least)
        in_force = [
            (-score, held[0])
            for score, n in ranked
            if (held := [o for o in self.listings[n] if o.valid.holds(matter.on) != InForce.NO])
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
    return rule.finding(
        Structure.UNDETERMINED,
        Outcome.UNDETERMINED,
        missing=rule.rule.missing_limbs,
        reasons=rule.rule.limbs,
        evidence=evidence,
        settles=bool(evidence),
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
        if one.is_it(matter.component.mol, matter.formula, matter.on):
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
        missing=rule.rule.missing_limbs,
        reasons=rule.rule.limbs,
        settles=False,
    )


def _governing(others: Iterable[Finding], globs: Sequence[str]) -> tuple[str, ...]:
    """Provisions among the globs that govern the substance already."""
    return tuple(
        finding.provision
        for finding in others
        if finding.outcome is Outcome.INSIDE
        and any(fnmatchcase(finding.provision, glob) for glob in globs)
    )
