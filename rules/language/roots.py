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

# Plain conjunctions only: elements, aromaticity, bonds of any kind. Chosen greedily over molecules of
# public collections, for what each spares in searches for cores beyond what it costs itself. One that
# holds another comes after it, and is not looked for where the other is not.
ROOTS = (
    "a1~a~a~a~a~1",
    "[#6X4]~[#7]",
    "[#6X4]~[#6X4]~[#7]",
    "[#6]~[#6](~[#6])~[#8]",
    "[#7]~[#6](~[#8])~[#7]",
    "[#6]~[#6X4](~[#7])~[#6]",
    "[#6]~[#7]~[#6]~[#6]~[#7]",
    "[#7]~[#6]~[#6]~[#6]~[#7]",
    "[#8]~[#6]~[#6X4]~[#7]",
    "[#6]~[#6](~[#6](~[#6])~[#6])~[#6]",
    "a~[#6X4](~[#6])~[#6]",
    "a~[#6X4](~[#6]~*)~a",
    "a~[#6]~[#6X4]~[#7]",
    "c~A~[#6X4]~[#7]",
    "c(~[#6]~[#7])(~c~c)~c",
    "a1~a~a~c2~a~a~a~a~c~1~2",
    "n1~a~c~c~c~1",
    "c1(~c)~c~[#6]~[#6]~*~1",
    "[#7;R]1~[#6]~[#6]~[#6]~[#6]~[#6]~1",
    "[#7;R]1~A~A~A~A~A~1",
    "[#6]1~*~*~[#6]~[#6]2~[#6]~1~[#6]~[#6]~[#6]~[#6]~2",
    "[#7;R]1~[#6]~[#6]~[#7]~[#6]~a~a~1",
    "[#7;R]1~[#6]~[#6]~[#6]~[#7]~a~a~1",
    "[#6]~[#6](~c)~[#6](~[#6])~[#8]",
    "[#7]~[#6](~[#6](~[#7])~[#6])~[#6]",
)


IN_A_RING = ("AtomInNRings", -1)  # as the toolkit says it


@dataclass(frozen=True)
class _Graph:
    """A query with what is certain of its atoms, and the neighbours of each."""

    pattern: Chem.Mol

    @cached_property
    def facts(self) -> list[frozenset[tuple[str, int]]]:
        """What is certain of each atom; one in a ring of the query is in a ring."""
        Chem.FastFindRings(self.pattern)
        rings = self.pattern.GetRingInfo()
        return [
            frozenset(certain_facts(atom).items())
            | ({IN_A_RING} if rings.NumAtomRings(atom.GetIdx()) else frozenset())
            for atom in self.pattern.GetAtoms()
        ]

    @cached_property
    def neighbours(self) -> list[frozenset[int]]:
        return [
            frozenset(other.GetIdx() for other in atom.GetNeighbors())
            for atom in self.pattern.GetAtoms()
        ]


@cache
def roots() -> tuple[Chem.Mol, ...]:
    """The roots as patterns."""
    return tuple(Chem.MolFromSmarts(smarts) for smarts in ROOTS)


@cache
def _graphs() -> tuple[_Graph, ...]:
    return tuple(_Graph(root) for root in roots())


def roots_in(pattern: Chem.Mol) -> int:
    """The roots that a pattern certainly contains, one bit each."""
    graph = _Graph(pattern)
    found = 0
    for place, root in enumerate(_graphs()):
        if not _held(place) & ~found and _laid(root, graph, ()):
            found |= 1 << place
    return found


@cache
def _held(place: int) -> int:
    """The roots before this one that it contains itself."""
    graph = _graphs()[place]
    return sum(1 << n for n, root in enumerate(_graphs()[:place]) if _laid(root, graph, ()))


def _laid(root: _Graph, graph: _Graph, laid: tuple[int, ...]) -> bool:
    """Whether the rest of the root can be laid on the pattern too. Bonds of a root ask nothing."""
    place = len(laid)
    if place == len(root.facts):
        return True
    beside = [graph.neighbours[laid[other]] for other in root.neighbours[place] if other < place]
    free = frozenset(range(len(graph.facts))).intersection(*beside).difference(laid)
    return any(
        root.facts[place] <= graph.facts[atom] and _laid(root, graph, (*laid, atom))
        for atom in free
    )
