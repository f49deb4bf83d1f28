"""How a class is read: cores, the places on them, and what the law allows at each.

A reading is judged by taking the molecule apart (docs/class-language.md). Every table maps a clause
of the law, or an open question, to words of the vocabulary.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from rules.language.limits import Limits, Span
from rules.language.words import Word

Clause = str
Words = tuple[str, ...]
Table = dict[Clause, Words]


class Part(BaseModel):
    """Base of all parts: unknown keys are errors, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Part):
    """A place branches can stand at: a site, or a bridge between two.

    `carries`: clause → words of groups that may be there. `may`: words of groups that may be there
    without any clause being met by it. `ask`: question → words for which the answer depends on that
    open question.
    """

    name: str
    carries: Table = {}
    may: Words = ()
    ask: Table = {}

    @property
    def clauses(self) -> frozenset[Clause]:
        """The clauses that speak of this place."""
        return frozenset(self.carries)


class Site(Place):
    """What the law allows at one place of the core.

    `at`: positions (atom map numbers of the core). `parent`: the word the parent compound has
    there; without it the position is bare and every branch is an addition. `becomes`: clause →
    words the parent group may be replaced by. `on_parent`: clause → words the parent group itself
    may carry. `then`: with at least one branch allowed by a clause, further branches may be any of
    these words. `number`: how many branches there may be, least and most. `atoms`: clause →
    elements the core atom itself may have become. `together`: limits on all branches here, taken
    together.
    """

    at: tuple[int, ...]
    parent: str | None = None
    becomes: Table = {}
    on_parent: Table = {}
    ask_on_parent: Table = {}
    then: Words = ()
    number: Span | None = None
    atoms: dict[Clause, frozenset[str]] = {}
    together: Limits | None = None

    @property
    def clauses(self) -> frozenset[Clause]:
        return frozenset({*self.becomes, *self.carries, *self.on_parent, *self.atoms})


class Bridge(Place):
    """A branch that closes a ring between two places of the core.

    `between`: two lists of positions. `ring`: least and most atoms of the smallest ring it closes.
    `opened_at`: sites at which the branch, with the ring thought open again, must be allowed too.
    """

    between: tuple[tuple[int, ...], tuple[int, ...]]
    ring: Span | None = None
    opened_at: tuple[str, ...] = ()


class Unsaturation(Part):
    """Double bonds within the core: the clause that allows them, and the most in any one ring."""

    clause: Clause
    per_ring_at_most: int


class Skeleton(Part):
    """One core of the class with its sites, or several cores (`cores`) that share them.

    A core is SMARTS whose mapped atoms are the positions. `change`: whether the unchanged parent
    meets the definition (`optional`), or at least one change is needed (`required`). `needs`:
    clauses that all have to be met. `clause` is the clause met by the core itself, where the law
    gives it one. `elsewhere`: what may hang at positions no site names: nothing (`closed`) or
    anything (`free`). `but_not`: clause → SMARTS of what takes the molecule out, wherever it is.
    `together`: limits on all branches taken together.
    """

    name: str
    core: str = ""
    cores: dict[str, str] = {}
    clause: str | None = None
    change: Literal["required", "optional"] = "required"
    needs: tuple[Clause, ...] = ()
    sites: tuple[Site, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    unsaturation: Unsaturation | None = None
    but_not: dict[Clause, str] = {}
    together: Limits | None = None
    ask: str | None = None
    elsewhere: Literal["closed", "free"] = "closed"

    @model_validator(mode="after")
    def _one_way(self) -> Skeleton:
        if bool(self.core) == bool(self.cores):
            raise ValueError("a skeleton has either a core or cores")
        return self

    @property
    def places(self) -> tuple[Place, ...]:
        """Every site and every bridge."""
        return (*self.sites, *self.bridges)

    @property
    def patterns(self) -> dict[str, str]:
        """Every core by its name; a single one is called as the skeleton."""
        return self.cores or {self.name: self.core}


class Heaviest(Part):
    """The most the molecule may weigh, in u, without counter-ions. Where average and monoisotopic
    mass lie on two sides of it, the question named in `ask` is open, unless it is decided which of
    them the law `weighs`."""

    clause: Clause
    mass_at_most: Decimal
    ask: str
    weighs: Literal["average", "monoisotopic"] | None = None


class Upon(Part):
    """A class built upon others: a group is cut off and what is left must come under them.

    `cut`: SMARTS of a bond, the atom that stays first, the one that goes second. `branch`: words
    of the group cut off. `provisions`: globs of provisions of which one must be met; `named`:
    substances that serve as well.
    """

    clause: Clause
    cut: str
    branch: Words
    provisions: tuple[str, ...] = ()
    named: dict[str, str] = {}


class Reading(Part):
    """`like` takes over whatever is not said here from the named reading of the same file: words
    and skeletons of the same name are replaced, those listed in `without` dropped."""

    parent: str = ""
    like: str | None = None
    without: tuple[str, ...] = ()
    skeletons: tuple[Skeleton, ...] = ()
    words: dict[str, Word] = {}
    heaviest: Heaviest | None = None
    upon: Upon | None = None

    def over(self, other: Reading) -> Reading:
        """This reading laid over the one it is like."""
        mine = {skeleton.name: skeleton for skeleton in self.skeletons}
        kept = [
            mine.pop(skeleton.name, skeleton)
            for skeleton in other.skeletons
            if skeleton.name not in self.without
        ]
        return Reading(
            parent=self.parent or other.parent,
            skeletons=(*kept, *mine.values()),
            words={**other.words, **self.words},
            heaviest=self.heaviest or other.heaviest,
            upon=self.upon or other.upon,
        )
