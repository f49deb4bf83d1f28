"""The page that puts substances in an order for review, with every term opened."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access.door import ActorDep
from api.usecases import priority as review
from api.web.forms import day_of
from api.web.render import dates_of, engine_of, page
from registry.errors import InputError
from rules.weights import Measure, shipped_weights

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Typed = Annotated[str, Query(max_length=20)]
Place = Annotated[int, Query(ge=0, le=1 << 31)]
PAGE = 25


@router.get("/priority")
def ordered(
    request: Request, actor: ActorDep, on: Typed = "", window: Typed = "", after: Place = 0
) -> Response:
    """The form with the weights, and below it the order. Nothing is put on record."""
    given = {name: request.query_params.get(name, "").strip()[:20] for name in Measure}
    fault, told = "", None
    try:
        asked = _asked(on, window, given, after)
        told = review.order(engine_of(request).sessions, asked, actor=actor)
    except InputError as error:
        fault = error.message
    return page(
        "priority.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        told=told,
        fault=fault,
        criteria=_criteria(given),
        on=on,
        window=window or str(review.MONTHS),
        further=_further(request, told),
    )


def _asked(on: str, window: str, given: dict[Measure, str], after: int) -> review.Asked:
    weights = review.changed_weights({name: text for name, text in given.items() if text})
    if window and not (window.isascii() and window.isdigit() and len(window) <= 6):
        raise review.WindowRefused(f"`{window}` is no number of months")
    months = int(window) if window else review.MONTHS
    return review.Asked(dates_of(day_of(on)), months, weights, after, PAGE)


def _criteria(given: dict[Measure, str]) -> list[dict[str, Any]]:
    """Each criterion with the weight typed, or ours."""
    shipped = shipped_weights().criteria
    return [
        {
            "name": name.value,
            "aspect": one.aspect,
            "scale": one.scale,
            "reason": one.reason,
            "weight": given[name] or f"{one.weight:f}",
        }
        for name, one in shipped.items()
    ]


def _further(request: Request, told: dict[str, Any] | None) -> str:
    """The address of the next page; empty at the end."""
    if not told or not told["after"]:
        return ""
    return f"?{request.url.include_query_params(after=told['after']).query}"
