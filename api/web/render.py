"""What every page needs: its template, its dates, its pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pydantic import BeforeValidator

from api.engine import Engine, Structure
from api.usecases.dates import Dates, dates_asked
from api.web.visit import token_field, visitor
from registry.errors import InputError, Overrun

HERE = Path(__file__).parent
# A form sends what was left empty as empty text.
Day = Annotated[date | None, BeforeValidator(lambda given: given or None), Query()]

_TICKED = re.compile(r"`([^`]*)`")
_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _ticked(text: str) -> Markup:
    """The user's own words, in backticks in a message, set as code."""
    return Markup(_TICKED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped first)


_templates.filters["ticked"] = _ticked
_templates.globals |= {"form_token": token_field, "visitor": visitor}


def page(
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **content: Any,
) -> HTMLResponse:
    text = _templates.get_template(template).render(**content)
    kept = {"cache-control": "no-store"} if visitor() else {}
    return HTMLResponse(text, status, {**kept, **(headers or {})})


def drawn(
    engine: Engine,
    structure: Structure,
    legend: str,
    groups: Mapping[str, tuple[int, ...]] | None = None,
) -> str:
    """The structure as SVG; empty where drawing was stopped."""
    try:
        return engine.draw(structure, dict(groups or {}), legend)
    except (InputError, Overrun):
        return ""


def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def moment() -> datetime:
    return datetime.now(UTC)


def dates_of(on: date | None = None, known_on: date | None = None) -> Dates:
    return dates_asked(moment(), on, known_on)
