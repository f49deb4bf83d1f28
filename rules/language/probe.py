"""Patterns with what is known of them beforehand, so that most need not be looked for.

A search costs microseconds even where it is hopeless. What a pattern certainly needs (atoms, rings,
saturated carbons, atoms of each element) is packed into one integer, and so is what a molecule has:
one subtraction then says that a pattern cannot be there. Each count is sound.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from rules.language.facts import certain_facts
from rules.language.roots import roots, roots_in

# Fields of the packed integer, eleven bits each with one bit above that a borrow would clear.
FIELDS = (
    "atoms", "rings", "saturated carbons",
    "C", "N", "O", "S", "P", "F", "Cl", "Br", "I", "B", "Si",
)  # fmt: skip
_BITS = 12
_SHIFT = {field: _BITS * place for place, field in enumerate(FIELDS)}
_MOST = (1 << _BITS - 1) - 1
_GUARDS = sum(1 << _BITS * place + _BITS - 1 for place in range(len(FIELDS)))
_FORMULA = re.compile(r"([A-Z][a-z]?)(\d*)")
_TABLE = Chem.GetPeriodicTable()


@dataclass(frozen=True, slots=True)
class Probe:
    """One pattern, what it certainly needs, packed, the elements beyond the fields, and the roots it
    contains."""

    pattern: Chem.Mol
    demand: int
    rare: frozenset[str]
    roots: int

    @classmethod
    def of(cls, pattern: Chem.Mol) -> Probe:
        needs = certain_needs(pattern)
        rare = frozenset(symbol for symbol in needs if symbol not in FIELDS)
        return cls(pattern, packed(needs), rare, roots_in(pattern))


@cache
def _roots() -> tuple[tuple[int, Probe], ...]:
    """Each root: the bit that stands for it and those of the roots it contains itself."""
    return tuple((1 << place, Probe.of(root)) for place, root in enumerate(roots()))


def roots_of(mol: Chem.Mol, supplied: int) -> int:
    """The roots that a molecule holds, one bit each; `supplied` is its supply."""
    found = 0
    for bit, root in _roots():
        if (
            not root.roots & ~found & (bit - 1)
            and may_hold(supplied, root.demand)
            and mol.HasSubstructMatch(root.pattern)
        ):
            found |= bit
    return found


Labels = tuple[str, ...]


def packed(counts: Mapping[str, int]) -> int:
    """Counts by field as one integer; a count beyond what a field holds becomes the most it holds."""
    found = 0
    for field, count in counts.items():
        shift = _SHIFT.get(field)
        if shift is not None:
            found |= min(count, _MOST) << shift
    return found


def supply(mol: Chem.Mol, mol_formula: str) -> int:
    """What a molecule has, packed, with its guards set."""
    counts = {symbol: int(number or 1) for symbol, number in _FORMULA.findall(mol_formula)}
    carbons = counts.get("C", 0)
    counts["atoms"] = mol.GetNumAtoms()
    # Symmetry only adds rings to the independent ones, so this never counts too few.
    counts["rings"] = mol.GetRingInfo().NumRings()
    counts["saturated carbons"] = round(rdMolDescriptors.CalcFractionCSP3(mol) * carbons)
    return packed(counts) | _GUARDS


def may_hold(supplied: int, demand: int) -> bool:
    """Whether no field of the demand goes beyond what is supplied."""
    return (supplied - demand) & _GUARDS == _GUARDS


Cores = Mapping[int, tuple[tuple[Probe, Labels], ...]]


def by_roots(probes: Iterable[tuple[Probe, Labels]]) -> Cores:
    """Probes with their labels, by the roots they contain."""
    found: dict[int, list[tuple[Probe, Labels]]] = {}
    for probe, labels in probes:
        found.setdefault(probe.roots, []).append((probe, labels))
    return {roots: tuple(own) for roots, own in found.items()}


def candidates(cores: Cores, supplied: int, roots: int) -> list[tuple[Probe, Labels]]:
    """The probes, each with its labels, that may be where this is supplied and these roots are."""
    return [
        (probe, labels)
        for needed, probes in cores.items()
        if not needed & ~roots
        for probe, labels in probes
        if (supplied - probe.demand) & _GUARDS == _GUARDS
    ]


def certain_needs(pattern: Chem.Mol) -> Counter[str]:
    """What every molecule with the pattern must have, by field or element.

    Only what an atom's query leaves no choice about counts: alternatives, negations and nested
    patterns are passed over.
    """
    atoms, bonds = pattern.GetNumAtoms(), pattern.GetNumBonds()
    needs = Counter(atoms=atoms, rings=bonds - atoms + len(Chem.GetMolFrags(pattern)))
    for atom in pattern.GetAtoms():
        needs += _of_atom(atom)
    return needs


def _of_atom(atom: Chem.Atom) -> Counter[str]:
    facts = certain_facts(atom)
    number = facts.get("element", 0)
    found: Counter[str] = Counter()
    if number > 1:
        found[_TABLE.GetElementSymbol(number)] = 1
    found["saturated carbons"] = int(number == 6 and facts.get("AtomTotalDegree") == 4)
    return found


def certain_elements(pattern: Chem.Mol) -> frozenset[str]:
    """Elements other than carbon that every molecule with the pattern must have."""
    needs = certain_needs(pattern)
    return frozenset(n for n in needs if n not in (*FIELDS[:3], "C") and needs[n])
