"""The words of the law for groups, each defined once by what a branch must look like.

A word is one of: a `chain` (what its atoms and bonds may be), a `group` (a pattern anchored where
the branch begins), a `ring` (a ring system anchored there), a `ring_through` (a ring closed over
one atom of the core), `rooted` (only the first atom counts), `any_of` other words, `hydrogen`
(no branch at all) or `anything` (any branch). `tail` says what a group or ring may carry further:
nothing when absent, `[anything]`, or a list of words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from rdkit import Chem

from rules.language.view import Branch, View

HALOGENS = frozenset({"F", "Cl", "Br", "I"})
Answer = Literal["yes", "no", "either"]
Tail = tuple[str, ...] | None


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Chain(_Part):
    """Constraints on every atom and bond of a branch, the bond to the core included.

    `needs`: elements, `halogen`, `double` or `triple`, of which each must occur. `counts`: exact
    number of atoms of an element. `carbons_at_most`: all carbons of the branch. `rings`: whether
    the branch may hold a ring. `attachments`: bonds to the core.
    """

    elements: frozenset[str]
    root: frozenset[str] = frozenset({"C"})
    bonds: frozenset[str] = frozenset({"single"})
    needs: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    carbons_at_most: int | None = None
    rings: Literal["yes", "no"] = "no"
    attachments: int = 1

    def fits(self, view: View, branch: Branch) -> bool:
        elements = [view.elements[atom] for atom in branch.atoms]
        return (
            len(branch.attachments) == self.attachments
            and self.elements.issuperset(elements)
            and all(view.elements[inner] in self.root for _, inner in branch.attachments)
            and (self.carbons_at_most is None or elements.count("C") <= self.carbons_at_most)
            and all(elements.count(symbol) == count for symbol, count in self.counts.items())
            and self._bonds_fit(view, branch, elements)
        )

    def _bonds_fit(self, view: View, branch: Branch, elements: list[str]) -> bool:
        pairs = [
            (atom, other)
            for atom in branch.atoms
            for other in view.neighbours[atom]
            if other in branch.atoms and atom < other
        ]
        orders = [view.orders[pair] for pair in pairs]
        orders += [view.orders[pair] for pair in branch.attachments]
        if not self.bonds.issuperset(orders):
            return False
        if self.rings == "no" and len(pairs) >= len(branch.atoms):
            return False  # as many bonds as atoms: a ring inside the branch
        present = {*elements, *orders, *(["halogen"] if HALOGENS & set(elements) else [])}
        return present.issuperset(self.needs)


class Ring(_Part):
    """A ring system in which the branch begins, at exactly one bond to the core."""

    system: Literal["monocycle", "polycycle", "any"] = "monocycle"
    aromatic: Answer = "either"
    hetero: Answer = "either"
    sizes: tuple[int, ...] = ()

    def group(self, view: View, branch: Branch) -> frozenset[int] | None:
        atoms, rings = view.ring_system(branch.root)
        if not rings or not atoms <= branch.atoms or len(branch.attachments) != 1:
            return None
        hetero = any(view.elements[atom] != "C" for atom in atoms)
        aromatic = all(view.aromatic[atom] for atom in atoms)
        fits = (
            self.system in ("any", "monocycle" if rings == 1 else "polycycle")
            and self.hetero in ("either", "yes" if hetero else "no")
            and self.aromatic in ("either", "yes" if aromatic else "no")
            and (not self.sizes or len(atoms) in self.sizes)
        )
        return atoms if fits else None


class RingThrough(_Part):
    """A saturated ring closed over one atom of the core; `sizes` count that atom."""

    elements: frozenset[str] = frozenset({"C"})
    sizes: tuple[int, ...] = ()

    def group(self, view: View, branch: Branch) -> frozenset[int] | None:
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
        saturated = all(
            view.orders[a, b] == "single" for a in ring for b in view.neighbours[a] if b in ring
        )
        known = self.elements.issuperset(view.elements[atom] for atom in inside)
        sized = not self.sizes or len(ring) in self.sizes
        return inside if saturated and known and sized else None


class Word(_Part):
    """One word with its meaning and its examples (`*` marks the core in each)."""

    means: str
    chain: Chain | None = None
    group: str | None = None
    ring: Ring | None = None
    ring_through: RingThrough | None = None
    rooted: frozenset[str] | None = None
    any_of: tuple[str, ...] = ()
    hydrogen: Literal["yes"] | None = None
    anything: Literal["yes"] | None = None
    tail: Tail = None
    attachments: int = 1
    but_not: tuple[str, ...] = ()
    yes: Annotated[dict[str, str], Field(min_length=1)]
    no: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_definition(self) -> Word:
        ways = [
            self.chain, self.group, self.ring, self.ring_through, self.rooted,
            self.any_of or None, self.hydrogen, self.anything,
        ]  # fmt: skip
        if sum(way is not None for way in ways) != 1:
            raise ValueError("a word is defined in exactly one way")
        if self.group is not None and self.pattern is None:
            raise ValueError(f"`{self.group}` is not a SMARTS pattern")
        return self

    @cached_property
    def pattern(self) -> Chem.Mol | None:
        return None if self.group is None else Chem.MolFromSmarts(self.group)


class Vocabulary:
    """Words by name; those of a law override the common ones."""

    def __init__(self, words: Mapping[str, Word]) -> None:
        self.words = dict(words)

    def extended(self, words: Mapping[str, Word]) -> Vocabulary:
        return Vocabulary({**self.words, **words}) if words else self

    def fits(self, view: View, branch: Branch | None, name: str) -> bool:
        """Whether a branch is what the word says. `None` stands for hydrogen."""
        word = self.words[name]
        if any(self.fits(view, branch, other) for other in word.but_not):
            return False
        if word.any_of:
            return any(self.fits(view, branch, other) for other in word.any_of)
        if branch is None:
            return word.hydrogen is not None
        if word.chain is not None:
            return word.chain.fits(view, branch)
        if word.anything or word.rooted is not None:
            return self._rooted(view, branch, word)
        return any(
            self._tail_fits(view, branch, group, word.tail)
            for group in self.groups(view, branch, word)
        )

    def groups(self, view: View, branch: Branch, word: Word) -> list[frozenset[int]]:
        """The atoms of the group itself, in each way it can be found where the branch begins."""
        ring = word.ring or word.ring_through
        if ring is not None:
            group = ring.group(view, branch)
            return [] if group is None else [group]
        if word.pattern is None or len(branch.attachments) != word.attachments:
            return []
        found = {
            frozenset(match)
            for match in view.matches(word.pattern)
            if match[0] == branch.root and branch.atoms.issuperset(match)
        }
        return sorted(found, key=sorted)

    def rests(self, view: View, branch: Branch, group: frozenset[int]) -> list[Branch]:
        """What the group carries: the branches of the branch."""
        return view.branches(group, branch.atoms)

    def _rooted(self, view: View, branch: Branch, word: Word) -> bool:
        if len(branch.attachments) != word.attachments:
            return False
        return word.rooted is None or view.elements[branch.root] in word.rooted

    def _tail_fits(self, view: View, branch: Branch, group: frozenset[int], tail: Tail) -> bool:
        rests = self.rests(view, branch, group)
        if tail is None:
            return not rests
        return all(any(self.fits(view, rest, name) for name in tail) for rest in rests)
