"""Customs: the word on a paper at the border of a country."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.access.door import ActorDep
from api.http.deps import EngineDep, Now
from api.http.problems import declared
from api.http.trade_models import CustomsOut
from api.usecases.trade import customs

router = APIRouter(prefix="/v1", tags=["customs"])

Scanned = Annotated[
    str,
    Path(max_length=2000, description="number of the paper, or the address in its code, encoded"),
]
Country = Annotated[
    str, Query(pattern=r"^[A-Z]{2}$", description="at whose border the goods stand")
]
Day = Annotated[date | None, Query(description="on this day; today (UTC) where left out")]


@router.get(
    "/customs/{number:path}",
    response_model=CustomsOut,
    responses=declared("request-invalid", "bad-input"),
)
def check_at_border(
    number: Scanned,
    country: Country,
    engine: EngineDep,
    actor: ActorDep,
    now: Now,
    on: Day = None,
) -> dict[str, Any]:
    """Release, hold or refuse goods that come with this paper, each reason with its article.

    A number that the register does not know holds the goods: it is an answer like any other. The
    paper itself is `null` for whoever may not read it.
    """
    return customs.check(engine, number, country, actor, on or now.date())
