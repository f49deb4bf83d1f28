"""Which names in the law a structure answers to: itself, its isomers, its parents by closure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from rdkit import Chem

from registry.chem.hydrolysis import Bond, hydrolysed
from registry.chem.identity import connectivity, inchikey, layers, stereo
from registry.chem.positional import Positional, positional
from registry.chem.relations import Tautomers
from registry.chem.standardise import Role as Part
from registry.chem.standardise import Standardised, standardise
from registry.facts import Facts, InForce, Layers, Listing, Role


class Relation(StrEnum):
    """How the structure stands to the one the listing names."""

    SAME = "same"
    STEREOISOMER = "stereoisomer"
    UNSPECIFIED = "stereochemistry not given"
    TAUTOMER = "tautomer"
    POSITIONAL = "positional isomer"
    ESTER = "ester"
    ETHER = "ether"
    ESTER_AND_ETHER = "ester and ether"


OF_BOND = {
    Bond.ESTER: Relation.ESTER,
    Bond.ETHER: Relation.ETHER,
    Bond.ESTER_AND_ETHER: Relation.ESTER_AND_ETHER,
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One listing a component answers to.

    `isomer`: an ester or ether was cut and the parent found is itself only a stereoisomer of the
    listed substance. `named_salt`: the law names this very salt. `open`: why it is not settled that
    the relation holds; empty where it is.
    """

    listing: Listing
    relation: Relation
    atoms: tuple[int, ...] = ()
    isomer: bool = False
    named_salt: bool = False
    open: str = ""


HYDRON = "hydron"  # the cation of every acid makes no salt of it
CARBON = Chem.MolFromSmarts("[#6]")
_CARBON = re.compile("C(?![a-z])")
_SKELETON = 14  # letters of an InChIKey that stand for connectivity


def ions(standardised: Standardised) -> frozenset[str]:
    """The counterions of a structure, as canonical SMILES."""
    parts = standardised.components
    return frozenset(
        connectivity(part.mol)
        for part in parts
        if part.role is Part.COUNTERION and part.name != HYDRON
    )


Named = tuple[Listing, Layers]


def organic(mol_formula: str) -> bool:
    """Whether there is carbon in a formula."""
    return _CARBON.search(mol_formula) is not None


def _identities(facts: Facts) -> Iterator[Named]:
    """Each listing by the structure of the substance it names and, where its source draws another
    (a form without stereochemistry, say), by that drawing too: either is what the law names."""
    drawn = {substance.id: substance.smiles for substance in facts.substances}
    for listing in facts.listings:
        if listing.layers is None:
            continue
        yield listing, listing.layers
        if listing.smiles and listing.smiles != drawn.get(listing.substance or ""):
            own = layers(standardise(Chem.MolFromSmiles(listing.smiles)).active[0].mol)
            if own.stereo != listing.layers.stereo:
                yield listing, own


class Register:
    """Listings by formula. A formula that no listing has ends the question at once."""

    def __init__(
        self, facts: Facts, derivable: Iterable[str] = (), positional: Iterable[str] = ()
    ) -> None:
        """`derivable`: provisions whose esters or ethers are covered in some wording; `positional`:
        those whose wording speaks of positional isomers."""
        self._positional = frozenset(positional)
        self._by_formula: dict[str, dict[str, list[Named]]] = defaultdict(dict)
        for listing, identity in _identities(facts):
            named = self._by_formula[identity.formula]
            named.setdefault(identity.connectivity, []).append((listing, identity))
        self._salts = {
            listing.id: ions(standardise(Chem.MolFromSmiles(listing.smiles)))
            for listing in facts.listings
            if listing.layers is not None and "." in listing.smiles
        }
        provisions = frozenset(derivable)
        self.derivable = frozenset(
            key
            for key, named in self._by_formula.items()
            if any(one.provision in provisions for rows in named.values() for one, _ in rows)
        )

    def amended(
        self, changed: Facts, derivable: Iterable[str], positional: Iterable[str]
    ) -> Register:
        """The register with the listings of `changed` as they are there, in place of those of the
        same identifier. The provisions named have to be, of those known so far, the same."""
        own = Register(changed, derivable, positional)
        anew = {listing.id for listing in changed.listings}
        made = Register(Facts(""), (), positional)
        made._by_formula = defaultdict(dict, self._by_formula)
        for key, named in own._by_formula.items():
            kept = {
                flat: [row for row in rows if row[0].id not in anew]
                for flat, rows in self._by_formula.get(key, {}).items()
            }
            for flat, rows in named.items():
                kept[flat] = [*kept.get(flat, ()), *rows]
            made._by_formula[key] = kept
        made._salts = {**self._salts, **own._salts}
        made.derivable = self.derivable | own.derivable
        return made

    def hits(
        self, mol: Chem.Mol, mol_formula: str, counterions: frozenset[str] = frozenset()
    ) -> list[Hit]:
        """Every listing that names this structure, a stereoisomer, tautomer or (where the law speaks
        of them) positional isomer of it.

        A law that names one salt of an inorganic acid names that salt alone.
        """
        listings = self._by_formula.get(mol_formula)
        if listings is None:
            return []
        return [
            replace(hit, named_salt=salt == counterions) if salt else hit
            for hit in (*_named(mol, listings), *self._isomers(mol, listings))
            if not (salt := self._salts.get(hit.listing.id, frozenset()))
            or salt == counterions
            or organic(mol_formula)
        ]

    def _isomers(self, mol: Chem.Mol, listed: Mapping[str, list[Named]]) -> Iterator[Hit]:
        """Listings of one formula of which this is, or may be, a positional isomer."""
        for other, rows in listed.items():
            reached = {one.id: one for one, _ in rows if self._reaches_isomers(one)}
            if reached and other != connectivity(mol):
                answer = positional(Chem.MolFromSmiles(other), mol)
                why = answer.reason if answer.verdict is Positional.OPEN else ""
                if answer.verdict is not Positional.NO:
                    yield from (Hit(o, Relation.POSITIONAL, open=why) for o in reached.values())

    def _reaches_isomers(self, listing: Listing) -> bool:
        """Whether an entry reaches isomers of every kind, as far as its provision speaks of them."""
        return listing.provision in self._positional and "isomers" in (listing.covers or ())

    def closure_hits(self, mol: Chem.Mol) -> list[Hit]:
        """Every listing of which this structure is an ester or ether."""
        found = []
        for derived in hydrolysed(mol, self.derivable):
            for hit in self.hits(derived.parent, derived.formula):
                if hit.relation in (Relation.SAME, Relation.STEREOISOMER, Relation.UNSPECIFIED):
                    other = hit.relation is not Relation.SAME
                    found.append(Hit(hit.listing, OF_BOND[derived.kind], derived.atoms, other))
        return found


def _named(mol: Chem.Mol, listed: Mapping[str, list[Named]]) -> Iterable[Hit]:
    """Hits among listings of one formula, given by the connectivity of what they name; each
    listing once, by the identity that comes nearest."""
    flat, full, asked = connectivity(mol), stereo(mol), Tautomers(mol)
    found = [
        Hit(listing, _stereo_relation(mol, full, identity.stereo, flat))
        for listing, identity in listed.get(flat, ())
    ]
    for other, rows in listed.items():
        if other != flat and asked.reach(_listed(other)):
            key = inchikey(mol)
            found += [Hit(one, _as_tautomer(key, identity)) for one, identity in rows]
    order = list(Relation)
    found.sort(key=lambda hit: order.index(hit.relation))
    return {hit.listing.id: hit for hit in reversed(found)}.values()


@lru_cache(maxsize=8192)
def _listed(smiles: str) -> Tautomers:
    return Tautomers(Chem.MolFromSmiles(smiles))


def _as_tautomer(key: str, listed: Layers) -> Relation:
    """A proton that InChI calls mobile makes no other substance; any other is for an expert."""
    if not key or key[:_SKELETON] != listed.inchikey[:_SKELETON]:
        return Relation.TAUTOMER
    if key == listed.inchikey or listed.stereo == listed.connectivity:
        return Relation.SAME
    return Relation.TAUTOMER


def _stereo_relation(mol: Chem.Mol, asked: str, listed: str, flat: str) -> Relation:
    if listed in (asked, flat):
        return Relation.SAME  # a name drawn without stereochemistry covers each of its forms
    drawn = Chem.MolFromSmiles(listed)
    if mol.HasSubstructMatch(drawn, useChirality=True):
        return Relation.SAME  # and one drawn in part, each of those that agree with it
    if drawn.HasSubstructMatch(mol, useChirality=True):
        return Relation.UNSPECIFIED
    return Relation.STEREOISOMER


def by_provision(hits: Iterable[Hit]) -> Mapping[str, list[Hit]]:
    """The same hits, by the provision of their listing."""
    found: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        found[hit.listing.provision].append(hit)
    return found


def excluded(hits: Iterable[Hit], on: date) -> Hit | None:
    """The hit by which the law takes the structure out by name, if any."""
    return next(
        (
            hit
            for hit in hits
            if hit.listing.role is Role.EXCLUDED
            and hit.relation is Relation.SAME
            and hit.listing.valid.holds(on) is not InForce.NO
        ),
        None,
    )
