"""The page of what changes in the law between two dates, for each substance of a library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.engine import Engine
from api.usecases import law_diff, libraries
from api.web.render import engine_of, moment, page
from api.web.view import jurisdictions_of
from registry.errors import InputError, NotFound, Overrun
from rules.decide import Scope
from rules.status import Kind

TOLD = (Kind.STATUS, Kind.JUDGED)  # shown unasked; the rest changes no answer for a jurisdiction
PAGE = 500  # each page is worked out anew

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Typed = Annotated[str, Query(max_length=20)]
Start = Annotated[int, Query(ge=0, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed, kept as typed."""

    first: str = ""
    last: str = ""
    jurisdiction: str = ""
    library: str = libraries.REGISTER
    yearly: bool = False
    outcomes: bool = False

    def link(self, start: int) -> str:
        """The query of the page that begins at a change."""
        asked = {"from": self.first, "to": self.last}
        asked |= {"jurisdiction": self.jurisdiction, "library": self.library}
        ticked = {"yearly": self.yearly, "outcomes": self.outcomes}
        return urlencode(
            asked | {name: "true" for name, on in ticked.items() if on} | {"start": start}
        )


@router.get("/law-diff")
def compared(
    request: Request,
    first: Annotated[str, Query(alias="from", max_length=20)] = "",
    last: Annotated[str, Query(alias="to", max_length=20)] = "",
    jurisdiction: Typed = "",
    library: Annotated[str, Query(max_length=200)] = libraries.REGISTER,
    start: Start = 0,
    *,
    yearly: bool = False,
    outcomes: bool = False,
) -> Response:
    """The form, and below it what changes. Nothing is put on record."""
    engine, fault, found = engine_of(request), "", None
    sought = Sought(first, last, jurisdiction, library, yearly, outcomes)
    try:
        found = _found(engine, sought) if first or last else None
    except (InputError, NotFound, Overrun) as error:
        fault = error.message
    changes = list(_changes(found, sought)) if found else []
    start = min(start, max(0, len(changes) - 1))
    return page(
        "law-diff.html",
        status=422 if fault else 200,
        sought=sought,
        found=found,
        fault=fault,
        changes=changes[start : start + PAGE],
        total=len(changes),
        start=start,
        earlier=max(0, start - PAGE) if start else None,
        further=start + PAGE if start + PAGE < len(changes) else None,
        libraries=libraries.names(),
        names=jurisdictions_of(engine),
        today=moment().date(),
    )


def _found(engine: Engine, sought: Sought) -> dict[str, Any]:
    first, last = _day(sought.first), _day(sought.last)
    dates = law_diff.yearly(first, last) if sought.yearly else (first, last)
    scope = Scope(jurisdictions=(sought.jurisdiction,)) if sought.jurisdiction else Scope()
    asked = law_diff.Asked(dates, (sought.library,), scope)
    collections = engine.settings.collections
    with law_diff.alone():
        return law_diff.law_diff(
            engine, asked, moment(), collections=collections, workers=engine.settings.workers
        )


def _changes(found: dict[str, Any], sought: Sought) -> Iterator[dict[str, Any]]:
    """Each change of each substance, in the order of the steps and of the library."""
    told = [
        {"row": row, **change, **_between(found, change["step"])}
        for row in found["rows"]
        for change in row["changes"]
        if sought.outcomes or change["kind"] in TOLD
    ]
    yield from sorted(told, key=lambda change: int(change["step"]))


def _between(found: dict[str, Any], step: int) -> dict[str, str]:
    pair = found["steps"][step - 1]
    return {"from": pair["from"], "to": pair["to"]}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"`{text}` is not a date; write both as 2026-01-31") from None
