"""Answers about cases as the API page describes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from api.http.models import Answer
from rules.pipeline.clocks import Status
from rules.pipeline.listed import Shown
from rules.pipeline.position import Attention
from rules.pipeline.procedure import State


class SubjectOut(Answer):
    substance: Annotated[str | None, Field(description="null: not on record here")]
    name: str
    structure: Annotated[str, Field(description="as given, where it is not on record")]


class CaseLine(Answer):
    """A case and where it stands on a day, by what is on record of it."""

    id: str
    title: str
    procedure: str
    procedure_title: str
    jurisdictions: list[str]
    raised_for: Annotated[
        str, Field(description="country it was raised for; empty: opened by hand")
    ]
    subjects: list[SubjectOut]
    note: str
    opened_by: str
    opened_at: datetime
    state: Annotated[State, Field(description="where it certainly stands")]
    since: Annotated[date | None, Field(description="null: the day is not known")]
    may_be: Annotated[State | None, Field(description="how far it may have come")]
    closed: bool


class CaseListed(CaseLine):
    attention: Annotated[dict[str, int], Field(description="what needs looking at, counted")]


class CasePage(Answer):
    items: list[CaseListed]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class DueOut(Answer):
    """A clock. That nothing is on record does not show that nothing was done."""

    clock: str
    kind: Annotated[str, Field(description="effect, wait, window, deadline or expiry")]
    jurisdiction: Annotated[str, Field(description="empty: it runs once for the case")]
    status: Status
    by: Annotated[date | None, Field(description="first day after it, or of the effect")]
    by_latest: Annotated[date | None, Field(description="the same at the latest; null: no day")]
    done: date | None
    done_by: str
    in_time: Annotated[bool | None, Field(description="null: not known, or not done")]
    listing: Annotated[dict[str, Any] | None, Field(description="taken from the register's lists")]
    missing: Annotated[str, Field(description="what would have to be known")]
    notes: list[str]
    text: str
    cite: dict[str, Any]
    attention: Attention | None = None


class EntryOut(Answer):
    number: int
    kind: str
    step: str
    jurisdiction: str
    not_before: date | None
    not_after: date | None
    until: date | None
    document: str
    source: str
    note: str
    corrects: int | None
    actor: str
    recorded_at: datetime
    stands: Annotated[bool, Field(description="no later entry corrects it or takes it back")]


class CaseOut(CaseLine):
    on: date
    known_at: datetime
    version: Annotated[int, Field(description="how many entries it has; the entity tag")]
    next: Annotated[list[dict[str, Any]], Field(description="steps possible now")]
    dues: list[DueOut]
    entries: list[EntryOut]
    steps: Annotated[list[dict[str, Any]], Field(description="the steps of the procedure")]
    not_modelled: list[dict[str, Any]]
    caveat: str


class DueItem(DueOut):
    case: str
    title: str
    procedure: str
    subjects: list[SubjectOut]


class DueList(Answer):
    on: date
    within: int
    items: list[DueItem]
    caveat: str


class RaisedOut(Answer):
    country: str
    family: list[str]
    on: date
    named_elsewhere: Annotated[int, Field(description="substances named elsewhere and not here")]
    outside_family: int
    not_judged: Annotated[list[str], Field(description="names without a structure on record")]
    raised_before: int
    raised: list[dict[str, Any]]
    dry_run: bool
    caveat: str


class TranspositionRow(Answer):
    substance: str
    convention: str
    schedule: str
    jurisdiction: str
    shows: Shown
    text: str
    listing: dict[str, Any] | None
    reached_by: Annotated[list[str], Field(description="definitions that govern it instead")]
    judged: Annotated[str, Field(description="the whole law in a word, where no list names it")]
    due: DueOut


class TranspositionOut(Answer):
    """What the lists on record show. A listing that is not on record is not a law that was not made."""

    substance: str
    name: str
    on: date
    rows: list[TranspositionRow]
    not_judged: Annotated[str, Field(description="why no definition was held against it; or empty")]
    caveat: str


class UnlistedPage(Answer):
    jurisdiction: str
    rows: list[TranspositionRow]
    caveat: str
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class ProcedureOut(Answer):
    id: str
    title: str
    jurisdiction: str
    kind: str
    steps: list[dict[str, Any]]
    clocks: list[dict[str, Any]]
    not_modelled: list[dict[str, Any]]


class Procedures(Answer):
    items: list[ProcedureOut]
