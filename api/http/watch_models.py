"""Requests and answers about watches as the API page describes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from api.http.models import Answer
from api.usecases.watch import LONGEST_NAME, MOST_SUBSTANCES, New, Query
from registry.chem.parse import Format
from registry.store.watches import Member
from rules.sitting import Scope

Codes = Annotated[list[str], Field(max_length=100)]


class QueryIn(BaseModel):
    """Which substances of the register: those that meet every condition; without one, all."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200, description="part of any name")] = ""
    listed: Annotated[
        list[str], Field(max_length=100, description="globs of provisions that name the substance")
    ] = []
    substances: Annotated[
        list[str], Field(max_length=MOST_SUBSTANCES, description="identifiers of substances")
    ] = []

    def query(self) -> Query:
        return Query(self.name, tuple(self.listed), tuple(self.substances))


class StructureIn(BaseModel):
    """A structure to watch."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(max_length=500, description="what you call it")]
    structure: Annotated[str, Field(max_length=1 << 20, description="SMILES, InChI or molfile")]


class WatchRequest(BaseModel):
    """What to watch, under which law, and where to report changes."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "all in Germany", "jurisdictions": ["DE"]},
                {"name": "ours", "structures": [{"id": "A-1", "structure": "CC(N)Cc1ccccc1"}]},
            ]
        },
    )

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, description="its name")]
    query: Annotated[
        QueryIn | None, Field(description="substances of the register; left out: all of them")
    ] = None
    structures: Annotated[
        list[StructureIn] | None,
        Field(min_length=1, description="structures of your own, in place of the register's"),
    ] = None
    format: Annotated[Format, Field(description="how `structures` are written")] = Format.AUTO
    jurisdictions: Annotated[
        Codes, Field(description="codes; empty asks all that are modelled")
    ] = []
    provisions: Annotated[Codes, Field(description="globs of identifiers, such as `US-CSA-*`")] = []
    on: Annotated[
        date | None,
        Field(description="always the law of this day; left out: of the day of the run"),
    ] = None
    webhook: Annotated[
        str, Field(max_length=2000, description="https address that changes are reported to")
    ] = ""
    secret: Annotated[
        SecretStr, Field(description="signs the reports; write-only, deleted with the watch")
    ] = SecretStr("")

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if self.query is not None and self.structures is not None:
            raise ValueError("give `query` or `structures`, not both")
        return self

    def new(self) -> New:
        members = None if self.structures is None else numbered(self.structures)
        return New(
            name=self.name,
            query=(self.query or QueryIn()).query(),
            members=members,
            format=self.format,
            scope=Scope(tuple(self.jurisdictions), tuple(self.provisions)),
            on=self.on,
            webhook=self.webhook,
            secret=self.secret.get_secret_value(),
        )


def numbered(structures: list[StructureIn]) -> list[Member]:
    return [
        Member(f"{number:09}", one.id, one.structure) for number, one in enumerate(structures, 1)
    ]


class WatchOut(Answer):
    id: str
    name: str
    owner: str
    kind: Literal["register", "file"]
    query: dict[str, Any]
    jurisdictions: list[str]
    provisions: list[str]
    on: Annotated[str, Field(description="the law of this day, or `today`")]
    webhook: str
    created_at: datetime


class WatchPage(Answer):
    items: list[WatchOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class RunOut(Answer):
    number: int
    on: date
    known_at: datetime
    rule_set: Annotated[str, Field(description="content hash of the rules")]
    facts: Annotated[str, Field(description="content hash of the facts")]
    actor: str
    begun_at: datetime
    finished_at: Annotated[datetime | None, Field(description="null: cut short, or under way")]
    members: int
    changed: Annotated[int, Field(description="members of which something changed")]
    undetermined: Annotated[int, Field(description="members that could not be judged")]


class UnjudgedOut(Answer):
    key: str
    label: str
    error: Annotated[str, Field(description="code of the error")]
    told: Annotated[str, Field(description="the error in words")]


class WatchShown(WatchOut):
    runs: Annotated[list[RunOut], Field(description="the newest first")]
    undetermined: Annotated[list[UnjudgedOut], Field(description="members not judged, and why")]


class JobOut(Answer):
    id: str
    kind: str
    state: Annotated[str, Field(description="ready, leased, done or dead")]
    attempts: int
    error: Annotated[str, Field(description="why the last attempt failed")]
    result: dict[str, Any] | None
    payload: dict[str, Any]


class ChangeOut(Answer):
    """One thing that is not as it was. Evidence for a reader, and no legal answer by itself."""

    id: int
    run: int
    key: str
    label: str
    kind: Annotated[str, Field(description="status, outcome, grounds, judged, joined or left")]
    jurisdiction: str
    provision: Annotated[str, Field(description="by which provision")]
    before: str
    after: str
    why: Annotated[str, Field(description="what brought it about")]
    clause: Annotated[str, Field(description="the first clause met now, or failing now")]
    text: Annotated[str, Field(description="that clause in our words")]
    holds: Annotated[str, Field(description="`yes`, `no` or `open`")]
    clauses_before: list[str]
    clauses_after: list[str]
    wording_before: Annotated[str, Field(description="first day of the wording then; may be empty")]
    wording_after: Annotated[str, Field(description="first day of the wording now; may be empty")]


class ChangePage(Answer):
    items: list[ChangeOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]
