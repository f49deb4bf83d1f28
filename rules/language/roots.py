"""Small patterns that many cores contain, looked for once in a molecule.

A core that certainly contains a root cannot be where the root is not. Which roots a core contains is
worked out when rules load, from what its query leaves no choice about, so the answer is sound: an
atom of the root must ask no more than the core's atom does, a bond no more than the core's bond.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from rdkit import Chem

from rules.language.facts import certain_facts

# Plain conjunctions only: elements, aromaticity, bonds of any kind or as the core writes them. Each
# is quick to look for and rare enough in ordinary molecules to be worth it.
ROOTS = (
    "[#7]1~[#6]~[#6]~[#6]~[#6]~[#6]~1",
    "[#7]1~[#6]~[#6]~[#7]~[#6]~[#6]~1",
    "[#7]~[#6]~[#6]~[#7]",
    "[#8]~[#6]~[#6]~[#7]",
    "[#8]~[#6]~[#7]",
    "[#8]~[#6]~c",
    "[#7]~[#6]~[#6]~c",
    "[#7]~[#6X4]~[#6;A]~a",
    "a~[#6X4]~a",
    "[#16](~[#8])~[#8]",
    "[#8]~[#6](~[#7])~[#7]",
    "[#6X4]~[#6X4]~[#6X4]~[#6X4]",
    "n1cccc1",
    "s1cccc1",
    "n1c2ccccc2cc1",
    "n1c2ccccc2nc1",
    "c12ccccc1cccc2",
)


@dataclass(frozen=True)
class _Graph:
    """A query with what is certain of its atoms, and its bonds as they are written."""

    pattern: Chem.Mol

    @cached_property
    def facts(self) -> list[dict[str, int]]:
        return [certain_facts(atom) for atom in self.pattern.GetAtoms()]

    @cached_property
    def bonds(self) -> dict[tuple[int, int], str]:
        found = {}
        for bond in self.pattern.GetBonds():
            ends = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
            text = bond.GetSmarts()  # type: ignore[call-arg]  # the stub counts self
            found[ends] = found[ends[::-1]] = text
        return found


@cache
def _roots() -> tuple[_Graph, ...]:
    return tuple(_Graph(Chem.MolFromSmarts(smarts)) for smarts in ROOTS)


def roots_in(pattern: Chem.Mol) -> int:
    """The roots that a pattern certainly contains, one bit each."""
    graph = _Graph(pattern)
    return sum(1 << place for place, root in enumerate(_roots()) if _laid(root, graph, ()))


def roots_of(mol: Chem.Mol) -> int:
    """The roots that a molecule holds, one bit each."""
    return sum(1 << n for n, root in enumerate(_roots()) if mol.HasSubstructMatch(root.pattern))


def _laid(root: _Graph, graph: _Graph, laid: tuple[int, ...]) -> bool:
    """Whether the rest of the root can be laid on the pattern too."""
    place = len(laid)
    if place == len(root.facts):
        return True
    return any(
        _laid(root, graph, (*laid, atom))
        for atom in range(len(graph.facts))
        if atom not in laid
        and root.facts[place].items() <= graph.facts[atom].items()
        and _bonds_implied(root, graph, (*laid, atom))
    )


def _bonds_implied(root: _Graph, graph: _Graph, laid: tuple[int, ...]) -> bool:
    """Whether the bonds of the atom laid last, to those before, ask for what the root's do."""
    place = len(laid) - 1
    return all(
        asked in ("~", graph.bonds.get((laid[place], laid[other])))
        and (laid[place], laid[other]) in graph.bonds
        for other in range(place)
        if (asked := root.bonds.get((place, other))) is not None
    )
