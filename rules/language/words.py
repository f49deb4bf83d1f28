"""The words of the law for groups, each defined once by what a branch must look like.

A word is one of: a `chain` (what its atoms and bonds may be), a `group` (a pattern anchored where
the branch begins), a `ring` (a ring system anchored there), a `ring_through` (a ring closed over
one atom of the core), a `stem` (the chain the branch begins with), `rooted` (only the first atom
counts), `any_of` other words, `hydrogen` (no branch at all) or `anything` (any branch). `tail` says
what a group, ring or stem may carry further: nothing when absent, `[anything]`, or a list of words; on
`any_of` it stands in place of the tails of the words named there. `on` says it for the atoms of an element instead. `arms` says it for each numbered atom of a group:
every branch there is one of its words, and there is one unless `hydrogen` is among them.
`begins: anywhere` lets the branch begin with any atom of the group, not with its first only.
`wants` asks that among the branches at a numbered atom there is one of these words.
`limits` holds for the branch as a whole, `rest` for all that the group carries, taken together.
Wherever a word is named, "… up to C6" or "… from C3 to C8" may follow: its carbons are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from rdkit import Chem

from rules.language.facts import certain_facts
from rules.language.limits import Limits
from rules.language.probe import Probe
from rules.language.rings import Ring, RingThrough, Stem
from rules.language.view import Branch, View

_RANGED = re.compile(r"(?P<word>.+?) (?:from C(?P<least>\d+) to|up to) C(?P<most>\d+)")
HALOGENS = frozenset({"F", "Cl", "Br", "I"})
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


class Word(_Part):
    """One word with its meaning and its examples (`*` marks the core in each)."""

    means: str
    chain: Chain | None = None
    group: str | None = None
    ring: Ring | None = None
    ring_through: RingThrough | None = None
    stem: Stem | None = None
    rooted: frozenset[str] | None = None
    any_of: tuple[str, ...] = ()
    hydrogen: Literal["yes"] | None = None
    anything: Literal["yes"] | None = None
    tail: Tail = None
    on: dict[str, tuple[str, ...]] = {}
    arms: dict[int, tuple[str, ...]] = {}
    wants: dict[int, tuple[str, ...]] = {}
    limits: Limits | None = None
    rest: Limits | None = None
    begins: Literal["first", "anywhere"] = "first"
    attachments: int = 1
    but_not: tuple[str, ...] = ()
    yes: Annotated[dict[str, str], Field(min_length=1)]
    no: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_definition(self) -> Word:
        ways = [
            self.chain, self.group, self.ring, self.ring_through, self.stem,
            self.rooted, self.any_of or None, self.hydrogen, self.anything,
        ]  # fmt: skip
        if sum(way is not None for way in ways) != 1:
            raise ValueError("a word is defined in exactly one way")
        if self.group is not None and self.pattern is None:
            raise ValueError(f"`{self.group}` is not a SMARTS pattern")
        if {number for _, number in self.numbered} != set(self.arms):
            raise ValueError("the numbered atoms of the group and its arms differ")
        if not set(self.arms).issuperset(self.wants):
            raise ValueError("what is wanted at an atom needs arms there")
        return self

    @cached_property
    def pattern(self) -> Chem.Mol | None:
        return None if self.group is None else Chem.MolFromSmarts(self.group)

    @cached_property
    def probe(self) -> Probe | None:
        """The group with what is known of it beforehand."""
        return None if self.pattern is None else Probe.of(self.pattern)

    @cached_property
    def size(self) -> int:
        """Atoms of the group."""
        return 0 if self.pattern is None else self.pattern.GetNumAtoms()

    @property
    def entrance(self) -> int:
        """How many of the group's atoms, from the first, a branch may begin with."""
        return self.size if self.begins == "anywhere" else 1

    @cached_property
    def first_element(self) -> int:
        """The atomic number of the atom a group begins with, where it can be one only; else 0."""
        if self.pattern is None or self.begins == "anywhere":
            return 0
        return certain_facts(self.pattern.GetAtomWithIdx(0)).get("element", 0)

    def may_begin(self, view: View, branch: Branch) -> bool:
        """Whether the group may stand where a branch begins, as far as counting shows."""
        element = self.first_element
        return (
            _attached(branch, self)
            and self.size <= len(branch.atoms)
            and (
                not element or any(view.numbers[atom] == element for _, atom in branch.attachments)
            )
        )

    @cached_property
    def numbered(self) -> tuple[tuple[int, int], ...]:
        """Place in the pattern and number, of each atom that has arms."""
        atoms = () if self.pattern is None else self.pattern.GetAtoms()
        return tuple((a.GetIdx(), a.GetAtomMapNum()) for a in atoms if a.GetAtomMapNum())

    @property
    def named(self) -> frozenset[str]:
        """Every other word this one is defined by."""
        tables = (self.arms, self.wants, self.on)
        armed = (name for table in tables for names in table.values() for name in names)
        return frozenset((*self.any_of, *self.but_not, *(self.tail or ()), *armed))


@dataclass(frozen=True, slots=True)
class Group:
    """The atoms of a group found in a branch; `arms` are pairs (atom, its number)."""

    atoms: frozenset[int]
    arms: tuple[tuple[int, int], ...] = ()


class Vocabulary:
    """Words by name; those of a law override the common ones."""

    def __init__(self, words: Mapping[str, Word]) -> None:
        self.words = dict(words)

    def extended(self, words: Mapping[str, Word]) -> Vocabulary:
        return Vocabulary({**self.words, **words}) if words else self

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Those of some names that are no words. A word of a law with its range of carbons ("alkyl
        up to C6", "alkyl from C3 to C8", counting every carbon of the group) becomes a word here."""
        return [name for name in sorted(names) if name not in self.words and not self._ranged(name)]

    def _ranged(self, name: str) -> bool:
        found = _RANGED.fullmatch(name)
        base = self.words.get(found["word"]) if found else None
        if found is None or base is None:
            return False
        span = (int(found["least"] or 1), int(found["most"]))
        limits = (base.limits or Limits()).model_copy(update={"carbons": span})
        # The examples of the word itself say nothing of one with a range.
        self.words[name] = base.model_copy(update={"limits": limits, "yes": {}, "no": {}})
        return True

    def fits(self, view: View, branch: Branch | None, name: str, tail: Tail = None) -> bool:
        """Whether a branch is what the word says. `None` stands for hydrogen. `tail`, where given,
        is what the group may carry, instead of what the word says of that."""
        word = self.words[name]
        if branch is None:
            return self._fits(view, branch, word, tail)
        # The same branch stands at several places while a molecule is judged.
        key = id(word), tail, branch.atoms, branch.attachments
        found = view.remembered.get(key)
        if found is None:
            found = view.remembered[key] = self._fits(view, branch, word, tail)
        return found

    def _fits(self, view: View, branch: Branch | None, word: Word, tail: Tail) -> bool:
        if branch is not None and word.limits and not word.limits.fit(view, branch.atoms):
            return False
        return self._is(view, branch, word, word.tail if tail is None else tail) and not any(
            self.fits(view, branch, other) for other in word.but_not
        )

    def _is(self, view: View, branch: Branch | None, word: Word, tail: Tail) -> bool:
        if word.any_of:
            return any(self.fits(view, branch, other, tail) for other in self._possible(view, word))
        if branch is None:
            return word.hydrogen is not None
        if word.chain is not None:
            return word.chain.fits(view, branch)
        if word.anything or word.rooted is not None:
            return self._rooted(view, branch, word)
        return any(
            self._carried(view, branch, word, group, tail)
            for group in self.groups(view, branch, word)
        )

    def _possible(self, view: View, word: Word) -> tuple[str, ...]:
        """The words of a choice whose group the molecule has room for at all."""
        found = view.possible.get(id(word))
        if found is None:
            probes = ((name, self.words[name].probe) for name in word.any_of)
            found = tuple(name for name, probe in probes if probe is None or view.may_have(probe))
            view.possible[id(word)] = found
        return found

    def groups(self, view: View, branch: Branch, word: Word) -> list[Group]:
        """The group itself, in each way it can be found where the branch begins."""
        ring = word.ring or word.ring_through or word.stem
        if ring is not None:
            atoms = ring.group(view, branch)
            return [] if atoms is None else [Group(atoms)]
        if word.pattern is None or not word.may_begin(view, branch):
            return []
        roots = {inner for _, inner in branch.attachments}
        found = {
            Group(frozenset(match), tuple((match[place], arm) for place, arm in word.numbered))
            for match in view.matches(word.pattern)
            if not roots.isdisjoint(match[: word.entrance]) and branch.atoms.issuperset(match)
        }
        return sorted(found, key=lambda group: (sorted(group.atoms), group.arms))

    def rests(self, view: View, branch: Branch, group: Group) -> tuple[Branch, ...]:
        """What the group carries: the branches of the branch."""
        return view.branches(group.atoms, branch.atoms)

    def _rooted(self, view: View, branch: Branch, word: Word) -> bool:
        if not _attached(branch, word):
            return False
        return word.rooted is None or view.elements[branch.root] in word.rooted

    def _carried(self, view: View, branch: Branch, word: Word, group: Group, tail: Tail) -> bool:
        """Whether all that a group carries is what its word lets it carry."""
        rests = self.rests(view, branch, group)
        if word.rest and not word.rest.fit(view, branch.atoms - group.atoms):
            return False
        arms = dict(group.arms)
        for atom, arm in group.arms:
            there = [rest for rest in rests if rest.attachments[0][0] == atom]
            if not self._arm_fits(view, there, word.arms[arm]):
                return False
            wanted = word.wants.get(arm, ())
            if wanted and not any(self._one_of(view, rest, wanted) for rest in there):
                return False
        free = [rest for rest in rests if rest.attachments[0][0] not in arms]
        return all(self._one_of(view, rest, _tail(view, word, rest, tail)) for rest in free)

    def _arm_fits(self, view: View, there: list[Branch], names: tuple[str, ...]) -> bool:
        if not there:
            return self._one_of(view, None, names)
        return all(self._one_of(view, rest, names) for rest in there)

    def _one_of(self, view: View, branch: Branch | None, names: tuple[str, ...]) -> bool:
        return any(self.fits(view, branch, name) for name in names)


def _tail(view: View, word: Word, rest: Branch, tail: Tail) -> tuple[str, ...]:
    """What may hang where a branch of the branch hangs."""
    at = {view.elements[outer] for outer, _ in rest.attachments} & word.on.keys()
    return word.on[min(at)] if at else tail or ()


def _attached(branch: Branch, word: Word) -> bool:
    """Whether a branch has the bonds to the core that the word speaks of; 0 is any number."""
    return word.attachments in (0, len(branch.attachments))
