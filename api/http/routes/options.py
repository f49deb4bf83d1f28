"""Scheduling options: the ways of control of each jurisdiction, and the course of a measure."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.http.deps import EngineDep
from api.http.options_models import CourseOut, OptionList, OptionOut
from api.http.problems import declared
from api.usecases import options
from rules.options.clock import Events
from rules.options.schema import EVENTS, Event

router = APIRouter(prefix="/v1", tags=["provisions"])

Codes = Annotated[
    list[str] | None, Query(max_length=60, description="codes of jurisdictions", examples=[["GB"]])
]
Types = Annotated[
    list[str] | None, Query(max_length=20, description="types", examples=[["temporary"]])
]
OptionId = Annotated[
    str, Path(max_length=60, description="identifier of the option", examples=["GB-TCDO"])
]


def _day(event: Event) -> Any:
    return Query(description=f"the day on which {EVENTS[event]}")


Announced = Annotated[date | None, _day("announced")]
Decided = Annotated[date | None, _day("decided")]
Published = Annotated[date | None, _day("published")]
Communicated = Annotated[date | None, _day("communicated")]
Received = Annotated[date | None, _day("received")]
Entered = Annotated[date | None, _day("entered")]
Stated = Annotated[date | None, Query(description=EVENTS["stated"])]
Ends = Annotated[date | None, Query(description="the first day without it, by its own words")]
Times = Annotated[int, Query(ge=0, le=100, description="how often it was prolonged already")]


@router.get(
    "/options",
    response_model=OptionList,
    responses=declared("request-invalid", "scope-unknown"),
)
def list_options(
    engine: EngineDep,
    jurisdiction: Codes = None,
    type: Types = None,  # noqa: A002 (the field's word)
) -> dict[str, Any]:
    """The ways in which jurisdictions can bring a substance under control."""
    return {"items": options.options_of(engine.law.provisions, jurisdiction or (), type or ())}


@router.get(
    "/options/{option}",
    response_model=OptionOut,
    responses=declared("request-invalid", "not-found"),
)
def get_option(option: OptionId, engine: EngineDep) -> dict[str, Any]:
    """One option, field by field."""
    return options.show(engine.law.provisions, option)


@router.get(
    "/options/{option}/course",
    response_model=CourseOut,
    responses=declared("request-invalid", "not-found", "bad-input"),
)
def get_course(
    option: OptionId,
    announced: Announced = None,
    decided: Decided = None,
    published: Published = None,
    communicated: Communicated = None,
    received: Received = None,
    entered: Entered = None,
    stated: Stated = None,
    ends: Ends = None,
    extended: Times = 0,
) -> dict[str, Any]:
    """When a measure under an option takes effect and ends, by the days known of it."""
    events = Events(announced, decided, published, communicated, received, entered, stated, ends)
    return options.course(option, events, extended)
