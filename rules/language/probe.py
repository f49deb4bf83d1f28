"""Patterns with what is known of them beforehand, so that most need not be looked for.

A search costs microseconds even where it is hopeless. A molecule with fewer atoms, fewer rings or
without an element the pattern certainly has cannot hold it; each of these is sound.
"""

from __future__ import annotations

from dataclasses import dataclass

from rdkit import Chem


@dataclass(frozen=True, slots=True)
class Probe:
    """One connected pattern; `rings` is its number of independent rings."""

    pattern: Chem.Mol
    atoms: int
    rings: int
    elements: frozenset[str]

    @classmethod
    def of(cls, pattern: Chem.Mol) -> Probe:
        atoms, bonds = pattern.GetNumAtoms(), pattern.GetNumBonds()
        parts = len(Chem.GetMolFrags(pattern))
        return cls(pattern, atoms, bonds - atoms + parts, certain_elements(pattern))


def certain_elements(pattern: Chem.Mol) -> frozenset[str]:
    """Elements other than carbon that every molecule with the pattern must have.

    Only atoms whose query leaves no choice count: a list, a negation or a nested pattern may hide
    one, so such atoms are passed over.
    """
    table = Chem.GetPeriodicTable()
    found = set()
    for atom in pattern.GetAtoms():
        lines = [line.split() for line in atom.DescribeQuery().splitlines() if line.strip()]
        choice = any(line[0] in ("AtomOr", "AtomXor", "RecursiveStructure") for line in lines)
        denied = any(line[0] in ("AtomAtomicNum", "AtomType") and "!=" in line for line in lines)
        if not choice and not denied and atom.GetAtomicNum() not in (0, 6):
            found.add(table.GetElementSymbol(atom.GetAtomicNum()))
    return frozenset(found)
