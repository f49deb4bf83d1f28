"""Answers about changes, records and sources, as the API page describes them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from api.http.models import Answer
from registry.store.changes import Act, Kind

Moment = Annotated[str, Field(description="a moment in UTC")]


class SourceOut(Answer):
    """One reading of one source."""

    id: str
    title: str
    publisher: str
    licence: str
    address: Annotated[str, Field(description="where it can be read")]
    retrieved: Annotated[date | None, Field(description="day on which it was read")]


class FieldChange(Answer):
    """One field before and after a correction."""

    was: Any
    is_: Annotated[Any, Field(alias="is")]


Changed = Annotated[
    dict[str, FieldChange], Field(description="of a correction: the fields it changed")
]
Says = Annotated[dict[str, Any], Field(description="everything the record states")]
Given = Annotated[SourceOut | None, Field(description="null: none is named")]


class ChangeOut(Answer):
    """One thing this register learnt, corrected or withdrew."""

    id: Annotated[str, Field(description="always the same for the same change")]
    at: Annotated[Moment, Field(description="when it was recorded")]
    act: Act
    kind: Kind
    about: Annotated[str, Field(description="what it is about, in a few words")]
    substance: str | None
    provision: str | None
    jurisdiction: str | None
    says: Says
    changed: Changed
    source: Given


class ChangePage(Answer):
    items: list[ChangeOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class AboutSubstance(Answer):
    id: str
    name: str
    on: date
    known_at: str


class RecordOfSubstance(Answer):
    """One record: what it states, and from when until when this register held it."""

    kind: Kind
    about: str
    act: Annotated[Act, Field(description="`corrected` where it replaced another record")]
    recorded_from: Moment
    recorded_to: Annotated[str | None, Field(description="null: still held at the moment asked")]
    ended: Annotated[Act | None, Field(description="`corrected` or `withdrawn`; null: still held")]
    standing: Annotated[str | None, Field(description="of its period on the date asked")]
    says: Says
    changed: Changed
    source: Given


class HistoryOut(AboutSubstance):
    since: Annotated[Moment, Field(description="when the substance was registered")]
    records: list[RecordOfSubstance]


class Statement(Answer):
    value: str
    by: Annotated[str, Field(description="who says so")]


class ConflictOut(Answer):
    """What sources say differently. It is shown, never settled silently."""

    subject: str
    field: str
    said: list[Statement]
    note: Annotated[str, Field(description="what is taken meanwhile, and why")]


class FactOut(Answer):
    """One fact held, where it was read, how it was checked, and what contradicts it."""

    kind: Kind
    about: str
    says: Says
    since: Annotated[Moment, Field(description="since when this register holds it")]
    verification: Annotated[str, Field(description="how a structure was checked; empty: not said")]
    basis: Annotated[str, Field(description="what the dates rest on; empty: not said")]
    conflicts: list[ConflictOut]
    source: Given


class SourcesOut(AboutSubstance):
    facts: list[FactOut]
    conflicts: Annotated[list[ConflictOut], Field(description="all that concern the substance")]


class PointOut(Answer):
    """One end of a comparison."""

    on: date
    known_at: Moment


class TurnedOut(Answer):
    """What happened under one provision between two days."""

    jurisdiction: str
    provision: str
    title: str
    wordings: Annotated[
        list[dict[str, Any]],
        Field(
            description="`change` (began, replaced, ended), `on`, and the wording `was` and `is`"
        ),
    ]
    listings: Annotated[
        list[dict[str, Any]],
        Field(description="`change`, `id`, standing `before` and `after`, what the record `says`"),
    ]


class LearntOut(Answer):
    """What this register learnt of one provision between two moments."""

    jurisdiction: str
    provision: str
    title: str
    listings: Annotated[
        list[dict[str, Any]],
        Field(description="`act`, `id`, what the record `says`, the fields that `changed`"),
    ]


class DiffOut(Answer):
    """Two comparisons: of the law on two days, and of what was known at two moments."""

    from_: Annotated[PointOut, Field(alias="from")]
    to: PointOut
    jurisdictions: Annotated[list[str], Field(description="as asked; empty is all")]
    provisions: Annotated[list[str], Field(description="as asked; empty is all")]
    rule_set: Annotated[str, Field(description="content hash of the rule files")]
    law: list[TurnedOut]
    learnt: list[LearntOut]
