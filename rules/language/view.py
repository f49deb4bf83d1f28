"""A molecule as the class language sees it: a core, and the branches that hang from it.

Built only for molecules in which some core is found, so that a molecule without any costs a few
substructure tests and nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from rdkit import Chem

from registry.chem.identity import formula
from rules.language.probe import Probe, may_hold, roots_of, supply

_ELEMENTS = re.compile("[A-Z][a-z]?")
_TABLE = Chem.GetPeriodicTable()
_SYMBOLS = [_TABLE.GetElementSymbol(number) for number in range(119)]
_ORDERS = {order: name.lower() for name, order in Chem.BondType.names.items()}
HYDROGEN = 1.008
MATCH_LIMIT = 2000  # RDKit cuts silently at its limit; reaching ours is reported, never ignored


# A word by its identity, the tail it was asked with, and the branch by atoms and attachments.
Asked = tuple[int, tuple[str, ...] | None, frozenset[int], tuple[tuple[int, int], ...]]


class TooManyMatches(Exception):
    """A pattern fits in more ways than can be examined; the answer is then undetermined."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A connected group of atoms outside the core.

    `attachments` are pairs (atom it hangs from, its own atom), one for each bond to the core.
    """

    atoms: frozenset[int]
    attachments: tuple[tuple[int, int], ...]

    @property
    def root(self) -> int:
        return self.attachments[0][1]


class View:
    """Neighbours, elements, bond orders and rings of one molecule, and remembered matches."""

    def __init__(self, mol: Chem.Mol) -> None:
        self.mol = mol
        self._matches: dict[int, tuple[tuple[int, ...], ...]] = {}
        self._present: dict[int, bool] = {}
        self.remembered: dict[Asked, bool] = {}
        self.possible: dict[int, tuple[str, ...]] = {}
        self._cut: dict[frozenset[int], tuple[Branch, ...]] = {}

    @cached_property
    def atoms(self) -> list[Chem.Atom]:
        # By index: the toolkit's own sequence costs three times as much to walk.
        return [self.mol.GetAtomWithIdx(atom) for atom in range(self.mol.GetNumAtoms())]

    @cached_property
    def neighbours(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.atoms]
        for begin, end in zip(*Chem.GetAdjacencyMatrix(self.mol).nonzero(), strict=True):
            found[begin].append(int(end))
        return found

    @cached_property
    def elements(self) -> list[str]:
        return [_SYMBOLS[number] for number in self.numbers]

    @cached_property
    def numbers(self) -> list[int]:
        return [atom.GetAtomicNum() for atom in self.atoms]

    @cached_property
    def aromatic(self) -> list[bool]:
        return [atom.GetIsAromatic() for atom in self.atoms]

    @cached_property
    def orders(self) -> dict[tuple[int, int], str]:
        found = {}
        for number in range(self.mol.GetNumBonds()):
            bond = self.mol.GetBondWithIdx(number)
            begin, end = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
            found[begin, end] = found[end, begin] = _ORDERS[bond.GetBondType()]
        return found

    @cached_property
    def rings(self) -> tuple[frozenset[int], ...]:
        return tuple(frozenset(ring) for ring in self.mol.GetRingInfo().AtomRings())

    def ring_members(
        self, atom: int, within: frozenset[int] | None = None
    ) -> tuple[frozenset[int], ...]:
        """The rings of the fused or bridged system an atom is in, optionally only those that lie
        wholly in a set of atoms."""
        members: list[frozenset[int]] = []
        rings = [ring for ring in self.rings if within is None or ring <= within]
        frontier = [ring for ring in rings if atom in ring]
        while frontier:
            ring = frontier.pop()
            if ring not in members:
                members.append(ring)
                # A shared bond fuses two rings; a single shared atom (spiro) does not.
                frontier += [other for other in rings if len(other & ring) > 1]
        return tuple(members)

    def saturated(self, ring: Collection[int]) -> bool:
        """Whether every bond within a set of atoms is single."""
        return all(
            self.orders[atom, other] == "single"
            for atom in ring
            for other in self.neighbours[atom]
            if other in ring
        )

    def double_bonds(self, ring: frozenset[int]) -> int:
        """Double bonds between atoms of a ring; an aromatic ring has half as many as atoms."""
        orders = [
            self.orders[atom, other]
            for atom in ring
            for other in self.neighbours[atom]
            if other in ring and atom < other
        ]
        return orders.count("double") + (orders.count("aromatic") + 1) // 2

    @cached_property
    def masses(self) -> list[float]:
        """Average mass of each atom with its hydrogen, in u."""
        return [atom.GetMass() + atom.GetTotalNumHs() * HYDROGEN for atom in self.atoms]

    def mass_of(self, atoms: Collection[int]) -> float:
        """Average mass of a set of atoms with their hydrogen, in u; a cut bond adds nothing."""
        return sum(self.masses[atom] for atom in atoms)

    @cached_property
    def in_ring(self) -> frozenset[int]:
        return frozenset[int]().union(*self.rings)

    def chain_atoms(self, atoms: Collection[int]) -> frozenset[int]:
        """The atoms of a set that are in no ring."""
        return frozenset(atoms) - self.in_ring

    def backbone(self, chain: Collection[int]) -> frozenset[int]:
        """The atoms of a chain without those that only hang from it: halogen, hydroxy, oxo, the
        nitrogen of cyano or amino."""
        return frozenset(
            atom for atom in chain if self.elements[atom] == "C" or len(self.neighbours[atom]) > 1
        )

    def longest_chain(self, atoms: Collection[int]) -> int:
        """Atoms in the longest unbroken run outside rings; outside rings there are only trees."""
        chain = self.chain_atoms(atoms)
        return max((len(self._farthest(start, chain)) for start in chain), default=0)

    def _farthest(self, start: int, chain: frozenset[int]) -> tuple[int, ...]:
        longest: tuple[int, ...] = (start,)
        frontier = [longest]
        while frontier:
            path = frontier.pop()
            longest = max(longest, path, key=len)
            frontier += [
                (*path, other)
                for other in self.neighbours[path[-1]]
                if other in chain and other not in path[-2:-1]
            ]
        return longest

    def matches(self, pattern: Chem.Mol) -> tuple[tuple[int, ...], ...]:
        """All matches of a pattern, in every orientation."""
        key = id(pattern)
        if key not in self._matches:
            found = self.mol.GetSubstructMatches(pattern, uniquify=False, maxMatches=MATCH_LIMIT)
            if len(found) >= MATCH_LIMIT:
                raise TooManyMatches
            self._matches[key] = found
        return self._matches[key]

    def has(self, probe: Probe) -> bool:
        """Whether a pattern is there at all; looked for once, and only where it can be."""
        key = id(probe)
        found = self._present.get(key)
        if found is None:
            found = self._present[key] = self.may_have(probe) and self.mol.HasSubstructMatch(
                probe.pattern
            )
        return found

    def may_have(self, probe: Probe) -> bool:
        """Whether a pattern can be there, as far as counting and the roots show."""
        return (
            may_hold(self.supply, probe.demand)
            and not probe.roots & ~self.roots
            and probe.rare <= self.symbols
        )

    @cached_property
    def formula(self) -> str:
        return formula(self.mol)

    @cached_property
    def supply(self) -> int:
        """What the molecule has, for probes to be held against."""
        return supply(self.mol, self.formula)

    @cached_property
    def roots(self) -> int:
        """The roots the molecule holds, for probes to be held against."""
        return roots_of(self.mol, self.supply)

    @cached_property
    def symbols(self) -> frozenset[str]:
        """The elements that occur."""
        return frozenset(_ELEMENTS.findall(self.formula))

    def branches(
        self, core: Collection[int], within: Iterable[int] | None = None
    ) -> tuple[Branch, ...]:
        """The branches left when `core` is cut out, optionally only among the atoms `within`."""
        if within is not None:
            return self._branches(core, set(within))
        # Laws share cores, and skeletons of one law do.
        key = frozenset(core)
        found = self._cut.get(key)
        if found is None:
            found = self._cut[key] = self._branches(core, set(range(len(self.neighbours))))
        return found

    def _branches(self, core: Collection[int], within: set[int]) -> tuple[Branch, ...]:
        allowed = within.difference(core)
        found = []
        for start in sorted(core):
            for first in self.neighbours[start]:
                if first in allowed:
                    atoms = self._component(first, allowed)
                    allowed -= atoms
                    found.append(Branch(atoms, self._attachments(atoms, core)))
        return tuple(found)

    def _component(self, start: int, allowed: set[int]) -> frozenset[int]:
        seen, frontier = {start}, [start]
        while frontier:
            for other in self.neighbours[frontier.pop()]:
                if other in allowed and other not in seen:
                    seen.add(other)
                    frontier.append(other)
        return frozenset(seen)

    def _attachments(
        self, atoms: Collection[int], core: Collection[int]
    ) -> tuple[tuple[int, int], ...]:
        return tuple(
            (outer, inner)
            for outer in sorted(core)
            for inner in self.neighbours[outer]
            if inner in atoms
        )
