"""The procedures by which a substance comes under control, as data: who does what, on which citation,
and what each step sets running.

One procedure per file under `procedures/`. A file says what the law says in our words; where a term
was not read it is no term but an entry under `not_modelled`, and what rests on memory says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from registry.errors import NotFound
from registry.facts import Period
from rules.deadlines.terms import Term, Unit
from rules.reading import Part
from rules.schema import Cite
from rules.strict_yaml import read, validate

FOLDER = Path(__file__).with_name("procedures")
BOUND = Path(__file__).with_name("bound.yaml")

Word = Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$")]
ClockKind = Literal["effect", "wait", "window", "deadline", "expiry"]


class State(StrEnum):
    """Where a case can stand, in any procedure. The vocabulary is closed."""

    OPENED = "opened"
    RAISED = "raised"
    NOTIFIED = "notified"
    TRANSMITTED = "transmitted"
    ANNOUNCED = "announced"
    UNDER_REVIEW = "under_review"
    ASSESSED = "assessed"
    RECOMMENDED = "recommended"
    REJECTED = "rejected"
    ADOPTED = "adopted"
    COMMUNICATED = "communicated"
    PUBLISHED = "published"
    IN_FORCE = "in_force"
    EXTENDED = "extended"
    EXPIRED = "expired"
    MADE_PERMANENT = "made_permanent"
    REVOKED = "revoked"
    REVIEWED = "reviewed"


class Length(Part):
    """How long a period is and how it is counted; see `rules.deadlines.terms.Term`."""

    length: Annotated[int, Field(ge=1, le=1000)]
    unit: Literal[Unit.DAYS, Unit.MONTHS]
    first_day_counts: bool = False

    @property
    def term(self) -> Term:
        return Term(self.length, self.unit, self.first_day_counts)


class Step(Part):
    """One thing that is done. `each`: by or for each jurisdiction of the case, on a day of its own.

    `after`: any of these steps makes it possible; none, it can come first. `state`: where the case
    stands once it is done; none, it does not move it. `ends`: nothing follows. `repeats`: it may be
    done again. `dated`: the document says until when it holds.
    """

    id: Word
    title: str
    who: str
    what: str
    cite: Cite
    after: tuple[Word, ...] = ()
    state: State | None = None
    each: bool = False
    ends: bool = False
    repeats: bool = False
    dated: bool = False


class Clock(Part):
    """What a step sets running.

    `starts`: the step, or the clock of kind `effect`, whose day begins the count. `may_start_with`:
    once this step is done, `starts` may have come about without being on record. No `term`: the day
    itself. `ends_with`: steps that meet a deadline, use a window, or end a measure before it expires.
    `extended_by` and `extension`: a step that moves an expiry, and by how much at most each time.
    `at_least`: why the period may be longer than counted; its end is then not known for certain.
    """

    id: Word
    kind: ClockKind
    starts: Word
    text: str
    cite: Cite
    may_start_with: Word | None = None
    term: Length | None = None
    ends_with: tuple[Word, ...] = ()
    extended_by: Word | None = None
    extension: Length | None = None
    state: State | None = None
    at_least: str = ""
    each: bool = False


class Untold(Part):
    """A part of the procedure that is not modelled, with the reason."""

    what: str
    reason: str


class Procedure(Part):
    """A procedure from beginning to end, its steps in order.

    `treaty`: whose Parties the decision binds. `union`: whose Member States it binds. `option`: the
    scheduling option (rules/options) that it carries out and whose dates and durations are the same.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]+)+$")]
    title: str
    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    kind: Literal["international", "union", "temporary", "national"]
    treaty: Literal["", "1961", "1971", "1988"] = ""
    union: Literal["", "EU"] = ""
    option: str = ""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    clocks: tuple[Clock, ...] = ()
    not_modelled: tuple[Untold, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Procedure:
        names = [step.id for step in self.steps] + [clock.id for clock in self.clocks]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"{self.id} has more than one {sorted(twice)}")
        if unknown := set(_named(self)) - set(names):
            raise ValueError(f"{self.id} names steps it does not have: {sorted(unknown)}")
        if any(clock.state is None for clock in self.clocks if clock.kind == "expiry"):
            raise ValueError(f"an expiry of {self.id} leads to no state")
        return self

    def step(self, name: str) -> Step:
        """A step by its name. Raises NotFound, naming those there are."""
        for one in self.steps:
            if one.id == name:
                return one
        there = ", ".join(one.id for one in self.steps)
        raise NotFound(f"{self.id} has no step `{name}`; it has {there}")

    def clock(self, name: str) -> Clock | None:
        return next((one for one in self.clocks if one.id == name), None)

    @property
    def binds(self) -> str:
        """What a jurisdiction must be bound by for the decision to concern it; empty: nothing."""
        return self.treaty or self.union


def _named(procedure: Procedure) -> Iterator[str]:
    """Every step or clock that another one names."""
    for step in procedure.steps:
        yield from step.after
    for clock in procedure.clocks:
        yield clock.starts
        yield from clock.ends_with
        yield from (name for name in (clock.may_start_with, clock.extended_by) if name)


class Since(Part):
    """The States that are certainly bound from a day on, and may have been earlier. `read`: those of
    which that was read; the others are from memory."""

    by: date
    states: tuple[str, ...]
    read: tuple[str, ...] = ()


class Bound(Part):
    """States and what they are bound by, as far as we hold it; the register's own record goes first."""

    note: str
    cite: dict[str, Cite]
    since: dict[str, Since]


@cache
def procedures() -> Mapping[str, Procedure]:
    """Every procedure by its identifier, in order. Raises RuleFileError with file, line and column."""
    found = (
        validate(read(path, f"pipeline/procedures/{path.name}"), Procedure)
        for path in sorted(FOLDER.glob("*.yaml"))
    )
    return {one.id: one for one in sorted(found, key=lambda one: one.id)}


def procedure(name: str) -> Procedure:
    """One procedure. Raises NotFound, naming those there are."""
    found = procedures().get(name)
    if found is None:
        raise NotFound(f"there is no procedure `{name}`; there are {', '.join(procedures())}")
    return found


@cache
def bound() -> Bound:
    """Who is bound by what, as shipped. Raises RuleFileError with file, line and column."""
    return validate(read(BOUND, "pipeline/bound.yaml"), Bound)


def shipped_period(binds: str, jurisdiction: str) -> Period:
    """When a jurisdiction is bound by a treaty or as a Member State, as far as we hold it.

    A State that is not in the file is unknown, not unbound.
    """
    since = bound().since.get(binds)
    return Period(None, since.by) if since and jurisdiction in since.states else Period()
