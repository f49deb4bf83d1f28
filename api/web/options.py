"""The pages of scheduling options: which there are, and some of them side by side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.usecases import options
from api.web.render import engine_of, page

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
    shown = options.show(engine_of(request).law.provisions, option)
    return page("option.html", shown=shown, fields=options.FIELDS, types=options.TYPES)
