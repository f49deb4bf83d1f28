"""Analogue and effect-based control: evidence and missing limbs, never a verdict.

No structure can show substantial similarity in law, effect on the nervous system, or intent. So
these provisions answer `undetermined` and name what is missing, or say why they do not apply:
what is controlled by name or class is not an analogue, and is exempt from effect-based law.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fnmatch import fnmatchcase

from rdkit import Chem

from registry.chem.fingerprint import MORGAN, Many, morgan
from registry.facts import Facts, InForce, Listing
from rules.controls.matter import InForceRule, Matter
from rules.result import Evidence, Finding, Outcome, Reason, Structure
from rules.schema import Evidence as Compared

SHOWN = 3
_EXACT = Decimal("0.001")


# A likeness and the listings of the substance that has it, best first.
Near = Sequence[tuple[float, tuple[Listing, ...]]]


@dataclass(frozen=True)
class References:
    """What the analogue provisions compare with: each substance once, with all its listings.
    `at_least`: the least likeness that any of the provisions asks for."""

    listings: tuple[tuple[Listing, ...], ...]
    fingerprints: Many
    at_least: float

    @classmethod
    def of(cls, facts: Facts, compared: Sequence[Compared]) -> References:
        globs = {glob for one in compared for glob in one.references}
        found: dict[str, list[Listing]] = {}
        for listing in sorted(facts.listings, key=lambda one: one.id):
            if listing.layers and _among(listing.provision, globs):
                found.setdefault(listing.layers.connectivity, []).append(listing)
        prints = Many([morgan(Chem.MolFromSmiles(smiles)) for smiles in found])
        least = min((float(one.at_least) for one in compared), default=1.0)
        return cls(tuple(tuple(own) for own in found.values()), prints, least)

    def near(self, matter: Matter) -> Near:
        """The references that any provision may show, best first: Tanimoto."""
        scores = self.fingerprints.likeness(matter.bits)
        near = [
            (float(scores[n]), self.listings[n]) for n in (scores >= self.at_least).nonzero()[0]
        ]
        return sorted(near, key=lambda one: (-one[0], one[1][0].id))


def _among(provision: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(provision, glob) for glob in globs)


def _shown(near: Near, compared: Compared, matter: Matter) -> tuple[Evidence, ...]:
    """The most similar references of one provision that are in force; Tanimoto, rounded down to
    three places."""
    held = [
        (score, own[0])
        for score, listings in near
        if score >= float(compared.at_least)
        and (
            own := [
                one
                for one in listings
                if _among(one.provision, compared.references)
                and one.valid.holds(matter.on) != InForce.NO
            ]
        )
    ]
    return tuple(
        Evidence(
            listing.name,
            listing.provision,
            f"Tanimoto, {MORGAN.label}",
            str(Decimal(score).quantize(_EXACT, rounding="ROUND_DOWN")),
        )
        for score, listing in held[:SHOWN]
    )


def judge_analogue(
    rule: InForceRule, matter: Matter, near: Near, others: Iterable[Finding]
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
    evidence = _shown(near, provision.evidence, matter) if provision.evidence else ()
    found = rule.turning_on_conduct
    return replace(found, evidence=evidence, settles=True) if evidence else found


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
    return rule.turning_on_conduct


def _governing(others: Iterable[Finding], globs: Sequence[str]) -> tuple[str, ...]:
    """Provisions among the globs that govern the substance already."""
    return tuple(
        finding.provision
        for finding in others
        if finding.outcome is Outcome.INSIDE and _among(finding.provision, globs)
    )
