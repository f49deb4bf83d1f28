"""The shape of a rule file. One provision per file; the order of parts is the order of reading.

What the law says (`wordings`, `law`) → how we read it (`reading`) → what is open
(`open_questions`, `not_modelled`) → who signed (`review`) → what proves it (`examples`).
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from rules.goods import Condition, Fact
from rules.reading import Clause, Part, Reading
from rules.settled import settled

Cover = Literal["salts", "stereoisomers", "positional isomers", "esters", "ethers"]
Kind = Literal["list", "class", "temporary", "analogue", "effect"]


class Cite(Part):
    """Where the provision can be read."""

    title: str
    href: str = ""
    retrieved: date | None = None
    certainty: Literal["seen", "memory"] = "seen"


class Scope(Part):
    """Questions for the register on the date asked, never for the structure.

    `residual_to`: provisions whose named substances this one does not govern.
    `residual_to_names`: the same, but what those reach only as an ester or ether is left to this
    one where it meets the definition itself.
    `closure_residual_to`: the same, only for what comes in through salts, isomers, esters, ethers.
    `member_residual_to`: provisions of which no member, by name or by definition, is governed by
    this one.
    `core_residual_to`: classes whose core, where the molecule has it and the class is not met, keeps
    it out of this one; `core_clause` is the clause that says so.
    """

    residual_to: tuple[str, ...] = ()
    residual_to_names: tuple[str, ...] = ()
    closure_residual_to: tuple[str, ...] = ()
    member_residual_to: tuple[str, ...] = ()
    core_residual_to: tuple[str, ...] = ()
    core_clause: str = "scope"

    @cached_property
    def gives_way(self) -> bool:
        """Whether there is any provision to which this one leaves what it names or covers."""
        lists = (self.residual_to, self.residual_to_names, self.closure_residual_to)
        return any((*lists, self.member_residual_to))


class Wording(Part):
    """One dated wording of the law. `until` is exclusive. `leaves_open`: derived forms of which
    the text says nothing and which we do not decide, so the answer for them is undetermined.
    `gap_before`: why no wording held between the one before and this one."""

    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    how: Literal["permanent", "temporary"] = "permanent"
    cite: Cite
    covers: tuple[Cover, ...] = ()
    leaves_open: tuple[Cover, ...] = ()
    scope: Scope | None = None
    reading: str = "main"
    gap_before: str = ""
    note: str = ""


class CarveOut(Part):
    """A substance the law takes out by name. `clause` is where it says so, `from` since when.

    `unless`: a fact about the goods on which it depends whether the substance is taken out; nobody
    having stated it, the outcome is undetermined.
    """

    name: str
    smiles: str
    clause: str
    stereo_specific: bool = False
    since: Annotated[date | None, Field(alias="from")] = None
    unless: str = ""


class Question(Part):
    """A point on which readings differ. Until decided, it makes the outcome undetermined.

    `lets_in`: the answer that puts inside what is asked about. Of a question about mass, yes is
    always the average mass.
    """

    id: str
    clause: str
    text: str
    readings: dict[str, str]
    lets_in: Literal["yes", "no"] = "yes"
    decided: Literal["yes", "no"] | None = None


class Omission(Part):
    """A clause that is not modelled, with the reason."""

    clause: str
    reason: str


class Limb(Part):
    """A condition no structure can prove: effect, intent, a finding by a court or an authority.

    `of`: the clauses of a class it is a condition of; empty, of the whole provision.
    """

    clause: str
    text: str
    of: tuple[Clause, ...] = ()


class Evidence(Part):
    """Which references an analogue provision compares with, and when we raise the question.

    `at_least` is our screening figure for similarity; it decides only whether we ask, never
    whether a substance is an analogue.
    """

    references: tuple[str, ...]
    at_least: Decimal
    reason: str


class Pointer(Part):
    """The listings of another provision that stand here as well: those of the `paragraphs` named."""

    provision: str
    paragraphs: tuple[str, ...]


class Duration(Part):
    """How long a temporary control may last, as the law that gives the power says."""

    clause: str
    months: int
    extension_months: int = 0


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
    register where it holds the name. `goods`: what they are like; the pure substance if not said."""

    name: str
    smiles: str = ""
    on: date
    goods: dict[Fact, Decimal] = Field(default_factory=dict)
    expect: Expect
    why: str = ""


class Provision(Part):
    """One provision of one jurisdiction, with the proof that our reading does what it says.

    `points_to`: a provision without names of its own, met by those that another one lists by force
    of it (as a temporary order does that puts a substance in a schedule).

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
    closure: dict[str, Clause] = Field(default_factory=dict)
    exceptions: tuple[CarveOut, ...] = ()
    named: bool = False
    points_to: Pointer | None = None
    reading: Reading | None = None
    readings: dict[str, Reading] = Field(default_factory=dict)
    duration: Duration | None = None
    conditions: tuple[Condition, ...] = ()
    limbs: tuple[Limb, ...] = ()
    evidence: Evidence | None = None
    exempt_if_named_in: tuple[str, ...] = ()
    open_questions: tuple[Question, ...] = ()
    not_modelled: tuple[Omission, ...] = ()
    unshown: dict[str, str] = Field(default_factory=dict)
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
        if unknown := {clause for limb in self.limbs for clause in limb.of} - set(self.law):
            raise ValueError(f"limbs of {self.id} belong to unknown clauses {sorted(unknown)}")
        self._check_likeness()
        return self

    @model_validator(mode="after")
    def _proved(self) -> Provision:
        if not self.examples:
            raise ValueError(f"{self.id} has no examples")
        return self

    def _check_likeness(self) -> None:
        seen = {"main"} if self.reading else set[str]()
        for name, reading in self.readings.items():
            if reading.like is not None and reading.like not in seen:
                raise ValueError(f"reading `{name}` is like `{reading.like}`, not read before it")
            seen.add(name)

    @property
    def whole_readings(self) -> dict[str, Reading]:
        """Every reading by its name, with what it takes over from another filled in and what is
        decided settled."""
        stated = {} if self.reading is None else {"main": self.reading}
        stated |= self.readings
        whole: dict[str, Reading] = {}
        for name, reading in stated.items():
            whole[name] = reading if reading.like is None else reading.over(whole[reading.like])
        return {name: self._settled(reading) for name, reading in whole.items()}

    def _settled(self, reading: Reading) -> Reading:
        for one in self.open_questions:
            if one.decided is not None:
                lets_in, yes = one.decided == one.lets_in, one.decided == "yes"
                reading = settled(reading, one.id, one.clause, lets_in=lets_in, yes=yes)
        return reading

    @property
    def by_names(self) -> bool:
        """Whether it works by names of its own, as lists and temporary orders do."""
        return not self.points_to and (self.kind in ("list", "temporary") or self.named)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scope of the provision and those of its wordings."""
        return (self.scope, *(one.scope for one in self.wordings if one.scope))

    def scope_of(self, wording: Wording) -> Scope:
        return wording.scope or self.scope


def json_schema() -> str:
    """The JSON Schema of a rule file, as published in docs/rule-file.schema.json."""
    schema = Provision.model_json_schema(by_alias=True)
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
