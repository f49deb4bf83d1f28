"""Of which compounds a molecule is an ester or an ether.

An oxygen outside rings between two carbon atoms, or between carbon and the central atom of an acid,
has two bonds. Cutting one and giving the oxygen a hydrogen atom leaves a parent: the alcohol, or
the acid. The candidates' formulas come first, so that a parent is built only when it is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

# Cuts made at once, and the number of places up to which trying all of them stays quick.
_COMBINED = {1: 4_000, 2: 200, 3: 40}

_OXYGEN = Chem.MolFromSmarts("[OX2;H0;!R]")
_BRIDGE = Chem.MolFromSmarts("[OX2;+0;!R](-[#6,S,P,N,B])-[#6]")
_ACID_CENTRE = Chem.MolFromSmarts("[#6,S,P,N](=[O,S])-[OX2;!R]")
_CARBON, _BORON, _HYDROGEN = 6, 5, 1

# A composition is one integer, sixteen bits to an element and the charge above all of them, so that
# taking a part away is one subtraction. No molecule that is read has that many atoms.
_BITS = 16
_ELEMENTS = 118
_CHARGE = 1 << _BITS * (_ELEMENTS + 1)
_ONE = [1 << _BITS * number for number in range(_ELEMENTS + 1)]
_SYMBOLS = [Chem.GetPeriodicTable().GetElementSymbol(number) for number in range(_ELEMENTS + 1)]
_NUMBERS = {symbol: number for number, symbol in enumerate(_SYMBOLS)}
_FORMULA = re.compile(r"([A-Z][a-z]?)(\d*)")
_NET_CHARGE = re.compile(r"([+-])(\d*)$")


class Bond(StrEnum):
    """What was cut to reach a parent."""

    ESTER = "ester"
    ETHER = "ether"
    ESTER_AND_ETHER = "ester_and_ether"


@dataclass(frozen=True, slots=True)
class Derived:
    """A parent of which the molecule is a derivative.

    `cuts` are the bonds opened as (oxygen kept, atom lost); `atoms` gives for each atom of `parent`
    its index in the molecule.
    """

    kind: Bond
    parent: Chem.Mol
    formula: str
    cuts: tuple[tuple[int, int], ...]
    atoms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    """One bond opened on one side: the oxygen stays, the atoms in the bit mask `lost` go."""

    oxygen: int
    other: int
    ester: bool
    lost: int
    composition: int


_Choice = tuple[_Cut, ...]


def parent_formulas(mol: Chem.Mol) -> frozenset[str]:
    """The Hill formulas of all parents `hydrolysed` would give, without building any."""
    if not mol.HasSubstructMatch(_OXYGEN):
        return frozenset()
    whole = _composition(rdMolDescriptors.CalcMolFormula(mol))
    return frozenset(_hill(_remaining(whole, choice)) for choice in _choices(_cuts(mol, whole)))


def hydrolysed(mol: Chem.Mol, wanted: frozenset[str] | None = None) -> tuple[Derived, ...]:
    """The parents of which one connected component is an ester or ether, by up to three cuts.

    Only parents whose formula is `wanted` are built (None: all). Esters are those of carboxylic,
    carbonic, carbamic, sulfur, phosphorus, nitric, nitrous and boric acids; anhydrides, lactones
    and cyclic ethers are left alone. With more than 40 bonds to cut no three, with more than 200 no
    two are cut together. A parent may be trivial (methanol, acetic acid), or an enol whose keto
    form is the named one; whether a law covers a derivative is not said here.
    """
    if not mol.HasSubstructMatch(_OXYGEN):
        return ()
    whole = _composition(rdMolDescriptors.CalcMolFormula(mol))
    asked = None if wanted is None else _compositions(wanted)
    found: dict[tuple[Bond, str], Derived] = {}
    for choice in _choices(_cuts(mol, whole)):
        left = _remaining(whole, choice)
        if asked is None or left in asked:
            derived = _derived(mol, choice, _hill(left))
            found.setdefault((derived.kind, Chem.MolToSmiles(derived.parent)), derived)
    return tuple(found.values())


def _cuts(mol: Chem.Mol, whole: int) -> list[_Cut]:
    most = mol.GetNumAtoms()
    bridges = mol.GetSubstructMatches(_BRIDGE, maxMatches=most)
    if not bridges:
        return []
    acids = {match[0] for match in mol.GetSubstructMatches(_ACID_CENTRE, maxMatches=4 * most)}
    neighbours = _neighbours(mol)
    everything = (1 << most) - 1
    found = []
    for oxygen, one, two in bridges:
        element = mol.GetAtomWithIdx(one).GetAtomicNum()
        acid = one in acids or element == _BORON
        if (acid and two in acids) or not (acid or element == _CARBON):
            continue  # an anhydride, or an ether of nitrogen
        ester = acid or two in acids
        near, composition = _side(mol, neighbours, oxygen, one, whole)
        far = everything & ~near & ~(1 << oxygen)
        found.append(_Cut(oxygen, one, ester, near, composition))
        found.append(_Cut(oxygen, two, ester, far, whole - composition - _ONE[8]))
    return found


def _choices(cuts: list[_Cut]) -> Iterator[_Choice]:
    """Cuts that can be made together: none on what another loses, none on the same oxygen."""
    for number, limit in _COMBINED.items():
        if number <= len(cuts) <= limit:
            yield from filter(_compatible, combinations(cuts, number))


def _compatible(choice: _Choice) -> bool:
    return len(choice) == 1 or all(
        not one.lost & two.lost and one.oxygen != two.oxygen for one, two in combinations(choice, 2)
    )


def _remaining(whole: int, choice: _Choice) -> int:
    return whole + len(choice) * _ONE[_HYDROGEN] - sum(cut.composition for cut in choice)


def _derived(mol: Chem.Mol, choice: _Choice, formula: str) -> Derived:
    parent = Chem.RWMol(mol)
    lost = 0
    for cut in choice:
        lost |= cut.lost
        parent.RemoveBond(cut.oxygen, cut.other)
        parent.GetAtomWithIdx(cut.oxygen).SetNoImplicit(False)
    kept = tuple(atom for atom in range(mol.GetNumAtoms()) if not lost >> atom & 1)
    parent.BeginBatchEdit()
    for atom in set(range(mol.GetNumAtoms())).difference(kept):
        parent.RemoveAtom(atom)
    parent.CommitBatchEdit()
    Chem.SanitizeMol(parent)
    Chem.AssignStereochemistry(parent, cleanIt=True, force=True)
    cuts = tuple((cut.oxygen, cut.other) for cut in choice)
    return Derived(_kind(choice), parent.GetMol(), formula, cuts, kept)


def _kind(choice: _Choice) -> Bond:
    esters = sum(cut.ester for cut in choice)
    if esters == len(choice):
        return Bond.ESTER
    return Bond.ESTER_AND_ETHER if esters else Bond.ETHER


def _neighbours(mol: Chem.Mol) -> list[list[int]]:
    # The matrix crosses from the toolkit at once; asking bond by bond costs four times as much.
    ends = Chem.GetAdjacencyMatrix(mol).nonzero()
    found: list[list[int]] = [[] for _ in range(mol.GetNumAtoms())]
    for one, two in zip(ends[0].tolist(), ends[1].tolist(), strict=True):
        found[one].append(two)
    return found


def _side(
    mol: Chem.Mol, neighbours: list[list[int]], oxygen: int, start: int, whole: int
) -> tuple[int, int]:
    """The atoms beyond a bond of an oxygen, as a bit mask, and their composition."""
    seen, frontier = {oxygen, start}, [start]
    while frontier:
        for atom in neighbours[frontier.pop()]:
            if atom not in seen:
                seen.add(atom)
                frontier.append(atom)
    seen.remove(oxygen)
    mask = sum(1 << atom for atom in seen)
    if 2 * len(seen) < len(neighbours):
        return mask, _sum(mol, seen)
    rest = set(range(len(neighbours))) - seen
    return mask, whole - _sum(mol, rest)


def _sum(mol: Chem.Mol, atoms: Iterable[int]) -> int:
    total = hydrogens = charge = 0
    for index in atoms:
        atom = mol.GetAtomWithIdx(index)
        total += _ONE[atom.GetAtomicNum()]
        hydrogens += atom.GetTotalNumHs()
        charge += atom.GetFormalCharge()
    return total + hydrogens * _ONE[_HYDROGEN] + charge * _CHARGE


def _composition(formula: str) -> int:
    total = 0
    for symbol, count in _FORMULA.findall(formula):
        total += int(count or 1) * _ONE[_NUMBERS[symbol]]
    if net := _NET_CHARGE.search(formula):
        total += int(f"{net.group(1)}{net.group(2) or 1}") * _CHARGE
    return total


@lru_cache(maxsize=64)
def _compositions(formulas: frozenset[str]) -> frozenset[int]:
    return frozenset(map(_composition, formulas))


def _hill(composition: int) -> str:
    charge, atoms = divmod(composition, _CHARGE)
    mask = (1 << _BITS) - 1
    counts = {
        symbol: count
        for number, symbol in enumerate(_SYMBOLS)
        if (count := atoms >> _BITS * number & mask)
    }
    # The toolkit's order: hydrogen leads where there is no carbon.
    symbols = sorted(counts, key=lambda symbol: (symbol != "C", symbol != "H", symbol))
    text = "".join(
        symbol if counts[symbol] == 1 else f"{symbol}{counts[symbol]}" for symbol in symbols
    )
    if not charge:
        return text
    return f"{text}{'+' if charge > 0 else '-'}{abs(charge) if abs(charge) > 1 else ''}"
