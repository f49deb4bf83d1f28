"""Which names in the law a structure answers to: itself, its isomers, its parents by closure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from rdkit import Chem

from registry.chem.hydrolysis import Bond, hydrolysed
from registry.chem.identity import connectivity, stereo, tautomer
from registry.chem.standardise import Role as Part
from registry.chem.standardise import Standardised, standardise
from registry.facts import Facts, InForce, Listing, Role


class Relation(StrEnum):
    """How the structure stands to the one the listing names."""

    SAME = "same"
    STEREOISOMER = "stereoisomer"
    UNSPECIFIED = "stereochemistry not given"
    TAUTOMER = "tautomer"
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
    listed substance. `named_salt`: the law names this very salt.
    """

    listing: Listing
    relation: Relation
    atoms: tuple[int, ...] = ()
    isomer: bool = False
    named_salt: bool = False


_ELEMENTS = re.compile("[A-Z][a-z]?")


def ions(standardised: Standardised) -> frozenset[str]:
    """The counterions of a structure, as canonical SMILES."""
    parts = standardised.components
    return frozenset(connectivity(part.mol) for part in parts if part.role is Part.COUNTERION)


class Register:
    """Listings by formula. A formula that no listing has ends the question at once."""

    def __init__(self, facts: Facts, derivable: Iterable[str] = ()) -> None:
        """`derivable`: provisions whose esters or ethers are covered in some wording."""
        self._by_formula: dict[str, list[Listing]] = defaultdict(list)
        for listing in facts.listings:
            if listing.layers is not None:
                self._by_formula[listing.layers.formula].append(listing)
        self._salts = {
            listing.id: ions(standardise(Chem.MolFromSmiles(listing.smiles)))
            for listing in facts.listings
            if listing.layers is not None and "." in listing.smiles
        }
        provisions = frozenset(derivable)
        self.derivable = frozenset(
            key
            for key, listings in self._by_formula.items()
            if any(listing.provision in provisions for listing in listings)
        )

    def hits(
        self, mol: Chem.Mol, mol_formula: str, counterions: frozenset[str] = frozenset()
    ) -> list[Hit]:
        """Every listing that names this structure, or a stereoisomer or tautomer of it.

        A law that names one salt of an inorganic acid names that salt alone.
        """
        listings = self._by_formula.get(mol_formula)
        if listings is None:
            return []
        return [
            replace(hit, named_salt=salt == counterions) if salt else hit
            for hit in _named(mol, listings)
            if not (salt := self._salts.get(hit.listing.id, frozenset()))
            or salt == counterions
            or "C" in _ELEMENTS.findall(mol_formula)
        ]

    def closure_hits(self, mol: Chem.Mol) -> list[Hit]:
        """Every listing of which this structure is an ester or ether."""
        found = []
        for derived in hydrolysed(mol, self.derivable):
            for hit in self.hits(derived.parent, derived.formula):
                if hit.relation in (Relation.SAME, Relation.STEREOISOMER, Relation.UNSPECIFIED):
                    other = hit.relation is not Relation.SAME
                    found.append(Hit(hit.listing, OF_BOND[derived.kind], derived.atoms, other))
        return found


def _named(mol: Chem.Mol, listings: list[Listing]) -> Iterable[Hit]:
    flat, full, loose = connectivity(mol), _Lazy(mol), _Lazy(mol)
    for listing in listings:
        layers = listing.layers
        assert layers is not None  # noqa: S101 (only listings with layers are indexed)
        if layers.connectivity == flat:
            yield Hit(listing, _stereo_relation(full.stereo, layers.stereo, flat))
        elif layers.tautomer and layers.tautomer == loose.tautomer:
            yield Hit(listing, Relation.TAUTOMER)


class _Lazy:
    """Layers worked out only when first compared."""

    def __init__(self, mol: Chem.Mol) -> None:
        self._mol = mol

    @cached_property
    def stereo(self) -> str:
        return stereo(self._mol)

    @cached_property
    def tautomer(self) -> str:
        return tautomer(self._mol)


def _stereo_relation(asked: str, listed: str, flat: str) -> Relation:
    if listed in (asked, flat):
        return Relation.SAME  # a name drawn without stereochemistry covers each of its forms
    return Relation.UNSPECIFIED if _marks(asked) < _marks(listed) else Relation.STEREOISOMER


def _marks(smiles: str) -> int:
    """How many stereo marks a canonical SMILES bears; `@@` counts once."""
    return smiles.replace("@@", "@").count("@") + smiles.count("/") + smiles.count("\\")


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
