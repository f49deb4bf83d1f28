"""The shape of a rule file. One provision per file; the order of parts is the order of reading.

What the law says (`wordings`, `law`) → how we read it (`reading`) → what is open
(`open_questions`, `not_modelled`) → who signed (`review`) → what proves it (`examples`).
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.language.words import Word

Clause = str
Cover = Literal["salts", "stereoisomers", "esters", "ethers"]
Kind = Literal["list", "class", "analogue", "effect"]


class Part(BaseModel):
    """Base of all parts: unknown keys are errors, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cite(Part):
    """Where the provision can be read."""

    title: str
    href: str = ""
    retrieved: date | None = None
    certainty: Literal["seen", "memory"] = "seen"


class Scope(Part):
    """Questions for the register on the date asked, never for the structure.

    `residual_to`: provisions whose named substances this one does not govern.
    `closure_residual_to`: the same, only for what comes in through salts, isomers, esters, ethers.
    `name_beats_class`: provisions of the same law in any of which an express name displaces this.
    """

    residual_to: tuple[str, ...] = ()
    closure_residual_to: tuple[str, ...] = ()


class Wording(Part):
    """One dated wording of the law. `until` is exclusive. `leaves_open`: derived forms of which
    the text says nothing and which we do not decide, so the answer for them is undetermined."""

    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    how: Literal["permanent", "temporary"] = "permanent"
    cite: Cite
    covers: tuple[Cover, ...] = ()
    leaves_open: tuple[Cover, ...] = ()
    scope: Scope | None = None
    reading: str = "main"
    note: str = ""


class Site(Part):
    """What the law allows at one place of the core.

    `at`: positions (atom map numbers of the core). `parent`: the word the parent compound has
    there; without it the position is bare and every branch is an addition. `becomes`: clause →
    words the parent group may be replaced by. `carries`: clause → words of groups that may be
    added. `on_parent`: clause → words the parent group itself may carry. `ask`: question → words
    for which the answer depends on that open question. `then`: with at least one branch allowed by
    a clause, further branches on the same parent group may be any of these words.
    """

    name: str
    at: tuple[int, ...]
    parent: str | None = None
    becomes: dict[Clause, tuple[str, ...]] = {}
    carries: dict[Clause, tuple[str, ...]] = {}
    on_parent: dict[Clause, tuple[str, ...]] = {}
    ask: dict[str, tuple[str, ...]] = {}
    ask_on_parent: dict[str, tuple[str, ...]] = {}
    then: tuple[str, ...] = ()


class Skeleton(Part):
    """One core of the class with its sites.

    `core` is SMARTS whose mapped atoms are the positions. `change`: whether the unchanged parent
    meets the definition (`optional`), or at least one change is needed (`required`).
    `clause` is the clause met by the core itself, where the law gives it one. `elsewhere`: what may
    hang at positions no site names: nothing (`closed`) or anything (`free`).
    """

    name: str
    core: str
    clause: str | None = None
    change: Literal["required", "optional"] = "required"
    sites: tuple[Site, ...] = ()
    ask: str | None = None
    elsewhere: Literal["closed", "free"] = "closed"


class Reading(Part):
    parent: str = ""
    skeletons: tuple[Skeleton, ...]
    words: dict[str, Word] = {}


class CarveOut(Part):
    """A substance the law takes out by name. `clause` is where it says so, `from` since when."""

    name: str
    smiles: str
    clause: str
    stereo_specific: bool = False
    since: Annotated[date | None, Field(alias="from")] = None


class Question(Part):
    """A point on which readings differ. Until decided, it makes the outcome undetermined."""

    id: str
    clause: str
    text: str
    readings: dict[str, str]
    decided: Literal["yes", "no"] | None = None


class Omission(Part):
    """A clause that is not modelled, with the reason."""

    clause: str
    reason: str


class Limb(Part):
    """A condition no structure can prove: effect, intent, a finding by a court or an authority."""

    clause: str
    text: str


class Evidence(Part):
    """Which references an analogue provision compares with, and when we raise the question.

    `at_least` is our screening figure for similarity; it decides only whether we ask, never
    whether a substance is an analogue.
    """

    references: tuple[str, ...]
    at_least: Decimal
    reason: str


class Review(Part):
    """Both must be named and dated before answers stop saying draft."""

    lawyer: str | None = None
    chemist: str | None = None

    @property
    def draft(self) -> bool:
        return not (self.lawyer and self.chemist)


class Expect(Part):
    structure: Literal["meets", "does_not_meet", "undetermined", "not_applicable"] | None = None
    outcome: Literal["inside", "outside", "displaced", "exempt", "undetermined", "not in force"]
    clauses: tuple[str, ...] | None = None
    by: tuple[str, ...] | None = None
    fails: str | None = None
    questions: tuple[str, ...] | None = None


class Example(Part):
    """A named public substance, a date, and what must come out. `smiles` may be left to the
    register where it holds the name."""

    name: str
    smiles: str = ""
    on: date
    expect: Expect
    why: str = ""


class Provision(Part):
    """One provision of one jurisdiction, with the proof that our reading does what it says.

    `unshown`: clauses, questions, or one use of a clause at one site, that no public named substance shows, each with the reason;
    they are the only ones that may be taken out without an example noticing.
    """

    id: str
    kind: Kind
    jurisdiction: str
    title: dict[str, str]
    schedule: str = ""
    control: Literal["controlled", "surveillance"] = "controlled"
    settles: Literal["substance", "conduct"] = "substance"
    wordings: Annotated[tuple[Wording, ...], Field(min_length=1)]
    scope: Scope = Scope()
    law: dict[Clause, str]
    closure: dict[str, Clause] = {}
    exceptions: tuple[CarveOut, ...] = ()
    named: bool = False
    reading: Reading | None = None
    readings: dict[str, Reading] = {}
    limbs: tuple[Limb, ...] = ()
    evidence: Evidence | None = None
    exempt_if_named_in: tuple[str, ...] = ()
    open_questions: tuple[Question, ...] = ()
    not_modelled: tuple[Omission, ...] = ()
    unshown: dict[str, str] = {}
    review: Review = Review()
    examples: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Provision:
        for earlier, later in zip(self.wordings, self.wordings[1:], strict=False):
            if earlier.until is None or later.since is None or earlier.until > later.since:
                raise ValueError(f"wordings of {self.id} overlap or are out of order")
        if unknown := set(self.closure) - set(get_args(Cover)):
            raise ValueError(f"closure of {self.id} names unknown forms {sorted(unknown)}")
        if self.kind == "class" and not (self.reading or self.readings):
            raise ValueError(f"class {self.id} has no reading")
        if not self.examples:
            raise ValueError(f"{self.id} has no examples")
        return self

    def reading_of(self, wording: Wording) -> Reading | None:
        return self.readings.get(wording.reading, self.reading)

    def scope_of(self, wording: Wording) -> Scope:
        return wording.scope or self.scope


def json_schema() -> str:
    """The JSON Schema of a rule file, as published in docs/rule-file.schema.json."""
    schema = Provision.model_json_schema(by_alias=True)
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
