"""The pages of scheduling options: which there are, and some of them side by side."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.usecases import options
from api.web.render import engine_of, page
from rules.options.clock import Events

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Many = Annotated[list[str] | None, Query(max_length=60)]


@router.get("/options")
def option_table(request: Request, jurisdiction: Many = None, type: Many = None) -> Response:  # noqa: A002 (the field's word)
    """Everything counted; what was chosen side by side."""
    law = engine_of(request).law.provisions
    chosen = bool(jurisdiction or type)
    return page(
        "options.html",
        rows=options.options_of(law, jurisdiction or (), type or ()) if chosen else [],
        every=options.options_of(law),
        chosen=chosen,
        places=options.places(),
        types=options.TYPES,
        fields=options.FIELDS,
        jurisdictions=jurisdiction or [],
        kinds=type or [],
    )


@router.get("/options/{option}")
def one_option(request: Request, option: str) -> Response:
    """One option, and the course of a measure whose days were filled in."""
    shown = options.show(engine_of(request).law.provisions, option)
    wanted = options.days_wanted(option)
    typed = {name: request.query_params.get(name, "") for name in wanted}
    course, fault = None, ""
    try:
        days = {name: date.fromisoformat(text) for name, text in typed.items() if text}
        course = options.course(option, Events(**days)) if days else None
    except ValueError:
        fault = "a day is written as 2026-01-31"
    return page(
        "option.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        shown=shown,
        fields=options.FIELDS,
        types=options.TYPES,
        wanted=wanted,
        typed=typed,
        course=course,
        fault=fault,
    )
