"""How one structure stands to another, as a chemist would name it: salt of, ester of, form of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

from rdkit import Chem
from rdkit.Chem.MolStandardize import rdMolStandardize

from registry.chem.hydrolysis import Bond, Derived, hydrolysed, parent_formulas
from registry.chem.identity import connectivity, formula, skeleton, stereo, tautomer
from registry.chem.standardise import Component, Role, Standardised, standardise

__all__ = [
    "Bond", "Derived", "Relation", "Tautomers",
    "hydrolysed", "parent_formulas", "relate", "tautomers",
]  # fmt: skip

_TAUTOMERS = 200


class Relation(StrEnum):
    """What the first structure is to the second. Several may hold at once."""

    SAME = "same"
    SALT_OF = "salt_of"
    FREE_FORM_OF = "free_form_of"
    HYDRATE_OF = "hydrate_of"
    SOLVATE_OF = "solvate_of"
    MIXTURE_WITH = "mixture_with"
    STEREOISOMER_OF = "stereoisomer_of"
    STEREO_UNSPECIFIED_FORM_OF = "stereo_unspecified_form_of"
    ISOTOPOLOGUE_OF = "isotopologue_of"
    TAUTOMER_OF = "tautomer_of"
    CHARGED_FORM_OF = "charged_form_of"
    ESTER_OF = "ester_of"
    ETHER_OF = "ether_of"
    DIFFERENT = "different"


def relate(a: Standardised | Chem.Mol, b: Standardised | Chem.Mol) -> tuple[Relation, ...]:
    """How structure `a` relates to structure `b`; never empty.

    `SAME` stands alone and means every layer agrees. `SALT_OF` and its like come with what else
    differs (a salt of a stereoisomer). `SALT_OF` is also said of another salt of the same active
    component. `TAUTOMER_OF` rests on hashes and a bounded enumeration, whose rules are wider than
    what can be bottled: a hint for an expert. `DIFFERENT` means that none of these was found, not
    that a law treats the two differently. An ester or ether is found by `hydrolysed`.
    """
    first, second = _standardised(a), _standardised(b)
    for mine in first.active:
        for other in second.active:
            if found := tuple(_between(mine, other)):
                around = tuple(_around(first, second, mine, other))
                relations = tuple(dict.fromkeys((*around, *found)))
                return _without_same(relations)
    return (Relation.DIFFERENT,)


def _standardised(given: Standardised | Chem.Mol) -> Standardised:
    return given if isinstance(given, Standardised) else standardise(given)


def _without_same(relations: tuple[Relation, ...]) -> tuple[Relation, ...]:
    others = tuple(relation for relation in relations if relation is not Relation.SAME)
    return others or (Relation.SAME,)


def _between(a: Component, b: Component) -> Iterator[Relation]:
    """Relations of two active components; `SAME` if nothing differs, nothing if unrelated."""
    if formula(a.mol) != formula(b.mol):
        yield from _derivation(a.mol, b.mol)
        return
    if connectivity(a.mol) == connectivity(b.mol):
        yield _stereo_relation(a.mol, b.mol)
    elif tautomers(a.mol, b.mol):
        yield Relation.TAUTOMER_OF
    else:
        return
    if a.isotopes != b.isotopes or (a.isotopes and a.labelled != b.labelled):
        yield Relation.ISOTOPOLOGUE_OF


def _stereo_relation(a: Chem.Mol, b: Chem.Mol) -> Relation:
    if stereo(a) == stereo(b):
        return Relation.SAME
    # A centre left open in the query fits either form of it.
    if b.HasSubstructMatch(a, useChirality=True):
        return Relation.STEREO_UNSPECIFIED_FORM_OF
    return Relation.STEREOISOMER_OF


def _derivation(a: Chem.Mol, b: Chem.Mol) -> Iterator[Relation]:
    wanted = connectivity(b)
    parents = hydrolysed(a, frozenset({formula(b)}))
    kinds = {parent.kind for parent in parents if connectivity(parent.parent) == wanted}
    if kinds & {Bond.ESTER, Bond.ESTER_AND_ETHER}:
        yield Relation.ESTER_OF
    if kinds & {Bond.ETHER, Bond.ESTER_AND_ETHER}:
        yield Relation.ETHER_OF


def tautomers(a: Chem.Mol, b: Chem.Mol) -> bool:
    """Whether two components of one formula may be tautomers of one another.

    Dear: up to 200 forms of each are enumerated where hashes do not settle it. The toolkit's rules
    are wider than what can be bottled, so `True` is a hint for an expert, never an identity.
    """
    return Tautomers(a).reach(Tautomers(b))


@dataclass(frozen=True)
class Tautomers:
    """A component of which it is asked, perhaps often, what its tautomers are."""

    mol: Chem.Mol

    def reach(self, other: Tautomers) -> bool:
        """What `tautomers` answers of the two."""
        if self.skeleton != other.skeleton:
            return False
        # The enumeration is neither complete nor symmetric, so both directions are asked.
        same = self.hash == other.hash or other.connectivity in self.forms
        return same or self.connectivity in other.forms

    @cached_property
    def skeleton(self) -> str:
        return skeleton(self.mol)

    @cached_property
    def hash(self) -> str:
        return tautomer(self.mol)

    @cached_property
    def connectivity(self) -> str:
        return connectivity(self.mol)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The connectivity of each form the bounded enumeration gives."""
        return frozenset(connectivity(form) for form in _enumerator().Enumerate(self.mol))


@cache
def _enumerator() -> rdMolStandardize.TautomerEnumerator:
    enumerator = rdMolStandardize.TautomerEnumerator()
    enumerator.SetMaxTautomers(_TAUTOMERS)
    enumerator.SetMaxTransforms(_TAUTOMERS)
    return enumerator


def _around(
    first: Standardised, second: Standardised, mine: Component, other: Component
) -> Iterator[Relation]:
    """What accompanies the two components: counterions, solvents, charge, further actives."""
    mine_ions, other_ions = _names(first, Role.COUNTERION), _names(second, Role.COUNTERION)
    if mine_ions - other_ions:
        yield Relation.SALT_OF
    elif other_ions and not mine_ions:
        yield Relation.FREE_FORM_OF
    solvents = _names(first, Role.SOLVENT) - _names(second, Role.SOLVENT)
    if "water" in solvents:
        yield Relation.HYDRATE_OF
    if solvents.keys() - {"water"}:
        yield Relation.SOLVATE_OF
    if len(first.active) > len(second.active):
        yield Relation.MIXTURE_WITH
    if mine.charge_changed and not other.charge_changed and not mine_ions:
        yield Relation.CHARGED_FORM_OF


def _names(whole: Standardised, role: Role) -> Counter[str]:
    return Counter({part.name: part.copies for part in whole.components if part.role is role})
