"""Whether a structure is part of another. Evidence for an expert, never a legal answer."""

from __future__ import annotations

import re
from collections import Counter

from rdkit import Chem

_ELEMENT = re.compile(r"([A-Z][a-z]?)(\d*)")


def contains(mol: Chem.Mol, part: Chem.Mol) -> bool:
    """Whether the atoms and bonds of `part` are found in `mol`.

    Hydrogen of `part` is not asked for and stereochemistry is not compared; an aromatic bond meets
    only an aromatic one. A tautomer or another way of drawing the same may be missed.
    """
    found: bool = mol.HasSubstructMatch(part)
    return found


def heavy_atoms(formula: str) -> Counter[str]:
    """How many atoms of each element but hydrogen a formula has; parts may be joined by dots."""
    counts: Counter[str] = Counter()
    for element, number in _ELEMENT.findall(formula):
        if element != "H":
            counts[element] += int(number or 1)
    return counts


def may_contain(formula: str, part: Counter[str]) -> bool:
    """False where a structure of this formula has too few atoms of some element of `part`."""
    return heavy_atoms(formula) >= part
