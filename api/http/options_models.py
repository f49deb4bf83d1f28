"""Scheduling options as the API page describes them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from api.http.models import Answer
from rules.options.schema import Known, Type


class CiteOut(Answer):
    title: str
    at: Annotated[str, Field(description="article, section or page")]
    href: str


class FieldOut(Answer):
    """One field of an option, with where it was read."""

    text: str
    certainty: Annotated[Known, Field(description="`memory` must be read before it is relied on")]
    cites: list[CiteOut]
    rule: Annotated[
        dict[str, Any] | None, Field(description="what can be counted with: dates and durations")
    ] = None


class OptionOut(Answer):
    """One way in which a jurisdiction can bring a substance under control."""

    id: str
    jurisdiction: str
    name: str
    type: Type
    title: str
    since: Annotated[date | None, Field(alias="from")]
    until: date | None
    dated: Annotated[Known, Field(description="how sure the two days are")]
    fields: dict[str, FieldOut]
    unknown: Annotated[int, Field(description="fields of which nothing was read")]
    from_memory: Annotated[int, Field(description="fields that are only remembered")]
    provisions: Annotated[list[str], Field(description="modelled provisions made by it")]


class OptionList(Answer):
    items: list[OptionOut]


class ReckonedOut(Answer):
    """One day of a measure's course; without days it is undetermined, or there is no such day."""

    day: date | None
    earliest: date | None
    latest: date | None
    bound: Annotated[str, Field(description="on, unless stated, not before or not after")]
    never: bool
    reason: str
    missing: list[str]


class CourseOut(Answer):
    option: str
    takes_effect: ReckonedOut
    expires: Annotated[ReckonedOut, Field(description="the first day without the measure")]
    extendable_to: ReckonedOut
