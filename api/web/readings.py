"""The page of the open questions of the law, each led on to what its readings would change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.usecases import readings
from api.web.render import engine_of, moment, page
from api.web.view import jurisdictions_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/readings")
def listed(request: Request, jurisdiction: Annotated[str, Query(max_length=20)] = "") -> Response:
    """How many questions are open where; with a jurisdiction, those of its law."""
    engine = engine_of(request)
    asked = readings.open_questions(engine.law, jurisdiction) if jurisdiction else []
    return page(
        "readings.html",
        counts=readings.counted(engine.law),
        jurisdiction=jurisdiction,
        questions=asked,
        names=jurisdictions_of(engine),
        today=moment().date(),
    )
