"""Words for rings: a ring system in which a branch begins, or a ring closed over the core; and for
the chain in which a branch begins."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator
from rdkit import Chem

from rules.language.limits import Span, within
from rules.language.view import Branch, View

Answer = Literal["yes", "no", "either"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ring(_Part):
    """A ring system in which the branch begins, at exactly one bond to the core.

    `aromatic`, `saturated`: of the whole system. `sizes`, `hetero_each`, of every ring in it;
    `ring_count` of the system. `bridged`: whether two of its rings share more than one bond.
    `elements`: what its atoms may be; empty for any. `one_of`: SMARTS of which one must be the whole
    system, whichever of its atoms the branch begins with. `cut`: rings that run through the core are
    thought open, so only those within the branch count, and the branch may have further bonds to it.
    """

    system: Literal["monocycle", "polycycle", "any"] = "monocycle"
    aromatic: Answer = "either"
    saturated: Answer = "either"
    hetero: Answer = "either"
    sizes: Span | None = None
    ring_count: Span | None = None
    hetero_each: Span | None = None
    hetero_all: Span | None = None
    bridged: Answer = "either"
    elements: frozenset[str] = frozenset()
    one_of: tuple[str, ...] = ()
    cut: Literal["yes", "no"] = "no"

    @model_validator(mode="after")
    def _readable(self) -> Ring:
        for smarts, pattern in zip(self.one_of, self.patterns, strict=True):
            if pattern is None:
                raise ValueError(f"`{smarts}` is not a SMARTS pattern")
        return self

    @cached_property
    def patterns(self) -> tuple[Chem.Mol | None, ...]:
        return tuple(Chem.MolFromSmarts(smarts) for smarts in self.one_of)

    def group(self, view: View, branch: Branch) -> frozenset[int] | None:
        """The atoms of the ring system, where there is one that fits."""
        if self.cut == "yes":
            return self._group_cut(view, branch)
        rings = view.ring_members(branch.root)
        atoms = frozenset[int]().union(*rings)
        if not rings or not atoms <= branch.atoms or len(branch.attachments) != 1:
            return None
        return atoms if self._fits(view, atoms, rings) else None

    def _group_cut(self, view: View, branch: Branch) -> frozenset[int] | None:
        """The first ring system that fits at any of the atoms by which the branch hangs."""
        for _, inner in branch.attachments:
            rings = view.ring_members(inner, branch.atoms)
            atoms = frozenset[int]().union(*rings)
            if rings and self._fits(view, atoms, rings):
                return atoms
        return None

    def _fits(self, view: View, atoms: frozenset[int], rings: tuple[frozenset[int], ...]) -> bool:
        hetero = _hetero(view, atoms)
        return (
            self.system in ("any", "monocycle" if len(rings) == 1 else "polycycle")
            and said(self.hetero, hetero > 0)
            and said(self.aromatic, all(view.aromatic[atom] for atom in atoms))
            and said(self.saturated, view.saturated(atoms))
            and said(self.bridged, any(len(a & b) > 2 for a, b in combinations(rings, 2)))
            and within(self.ring_count, len(rings))
            and within(self.hetero_all, hetero)
            and all(within(self.sizes, len(ring)) for ring in rings)
            and all(within(self.hetero_each, _hetero(view, ring)) for ring in rings)
            and (not self.elements or self.elements.issuperset(view.elements[a] for a in atoms))
            and (not self.one_of or self._is_one_of(view, atoms))
        )

    def _is_one_of(self, view: View, atoms: frozenset[int]) -> bool:
        return any(
            atoms == frozenset(match)
            for pattern in self.patterns
            for match in (() if pattern is None else view.matches(pattern))
        )


class RingThrough(_Part):
    """A ring closed over one atom of the core; `sizes` count that atom."""

    elements: frozenset[str] = frozenset({"C"})
    sizes: Span | None = None
    saturated: Answer = "yes"
    aromatic: Answer = "either"

    def group(self, view: View, branch: Branch) -> frozenset[int] | None:
        """The atoms of the ring but the core's own, where there is one that fits."""
        outer = {out for out, _ in branch.attachments}
        if len(branch.attachments) != 2 or len(outer) != 1:
            return None
        roots = {inner for _, inner in branch.attachments}
        for ring in view.rings:
            if ring >= roots | outer and ring - outer <= branch.atoms:
                return self._fitting(view, ring, outer)
        return None

    def _fitting(self, view: View, ring: frozenset[int], outer: set[int]) -> frozenset[int] | None:
        inside = ring - outer
        fits = (
            said(self.saturated, view.saturated(ring))
            and said(self.aromatic, all(view.aromatic[atom] for atom in ring))
            and (not self.elements or self.elements.issuperset(view.elements[a] for a in inside))
            and within(self.sizes, len(ring))
        )
        return inside if fits else None


class Stem(_Part):
    """The chain in which a branch begins: its first atom and all that follow outside rings, as far
    as they are of the `elements` and joined by such `bonds`. `carbons`: how many, least and most.
    What hangs from the chain is not counted; it is for the tail of the word."""

    elements: frozenset[str] = frozenset({"C"})
    bonds: frozenset[str] = frozenset({"single"})
    carbons: Span | None = None

    def group(self, view: View, branch: Branch) -> frozenset[int] | None:
        """The atoms of the chain, where there is one that fits."""
        if len(branch.attachments) != 1 or view.orders[branch.attachments[0]] not in self.bonds:
            return None
        found, frontier = set[int](), [branch.root]
        while frontier:
            atom = frontier.pop()
            if view.elements[atom] in self.elements and atom not in view.in_ring:
                found.add(atom)
                frontier += [
                    other
                    for other in view.neighbours[atom]
                    if other in branch.atoms - found and view.orders[atom, other] in self.bonds
                ]
        carbons = sum(view.elements[atom] == "C" for atom in found)
        return frozenset(found) if found and within(self.carbons, carbons) else None


def _hetero(view: View, atoms: frozenset[int]) -> int:
    return sum(view.elements[atom] != "C" for atom in atoms)


def said(answer: Answer, fact: bool) -> bool:
    """Whether a fact is as the word asks."""
    return answer in ("either", "yes" if fact else "no")
