"""What changed in law between two days, and what this register learnt meanwhile."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.http.deps import EngineDep, KnownOn, Now
from api.http.models_history import DiffOut
from api.http.problems import declared
from api.usecases.dates import Dates, known_at
from api.usecases.diff import diff
from rules.decide import Scope

router = APIRouter(prefix="/v1", tags=["changes"])

Since = Annotated[date, Query(alias="from", description="changes after this day")]
Until = Annotated[date, Query(alias="to", description="changes up to and on this day")]
KnownTo = Annotated[
    date | None,
    Query(description="as this register knew it then, at the second day; `known_on` if left out"),
]
Codes = Annotated[list[str], Query(description="codes of jurisdictions; all if left out")]
Globs = Annotated[list[str], Query(description="provisions, `*` for any letters; all if left out")]


@router.get(
    "/diff",
    response_model=DiffOut,
    responses=declared("request-invalid", "known-on-future", "dates-reversed", "scope-unknown"),
)
def get_diff(
    engine: EngineDep,
    now: Now,
    since: Since,
    until: Until,
    known_on: KnownOn = None,
    known_to: KnownTo = None,
    jurisdiction: Codes = [],  # noqa: B006 (the framework copies it)
    provision: Globs = [],  # noqa: B006
) -> dict[str, Any]:
    """Wordings and listings that began, ended or changed, by provision; and the listings of which
    something else was held at the second moment than at the first."""
    first = Dates(since, known_at(now, known_on))
    second = Dates(until, known_at(now, known_to) if known_to else first.known_at)
    return diff(engine, first, second, Scope(tuple(jurisdiction), tuple(provision)))
