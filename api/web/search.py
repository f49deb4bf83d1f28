"""The page on which substances are found, by name or by structure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.engine import Engine, Structure
from api.usecases import names, search, substances
from api.usecases.dates import Dates
from api.web.render import dates_of, drawn, engine_of, page
from registry.errors import InputError, NotFound, Overrun
from registry.search.structures import Mode, Wanted

NAMES = "names"
WAYS = {
    NAMES: "Name, number or code",
    Mode.SIMILAR.value: "Structures like it",
    Mode.SUBSTRUCTURE.value: "Structures that hold it",
    Mode.SUPERSTRUCTURE.value: "Structures it holds",
    Mode.EXACT.value: "The same structure",
}
HOW = {
    "exact": "this name",
    "spelling": "another spelling",
    "prefix": "begins so",
    "word": "holds the words",
    "similar": "like it",
}
PAGE, PICTURES = 24, 24

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Text = Annotated[str, Query(max_length=4000)]
Way = Annotated[str, Query(max_length=20)]
Least = Annotated[float, Query(ge=0, le=1)]
After = Annotated[str, Query(max_length=1000)]


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed, kept as typed."""

    q: str = ""
    by: str = NAMES
    least: float = 0.5
    after: str = ""

    def link(self, after: object) -> str:
        return urlencode(
            {"q": self.q, "by": self.by, "least": self.least, "after": json.dumps(after)}
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: lines to show, the link to the next page, and what to say beside them."""

    lines: tuple[Mapping[str, Any], ...]
    further: str
    evidence: str
    nearest: tuple[Mapping[str, Any], ...] = ()


@router.get("/search")
def find(
    request: Request, q: Text = "", by: Way = NAMES, least: Least = 0.5, after: After = ""
) -> Response:
    """The form, and below it what answers. Nothing is put on record."""
    sought = Sought(q.strip(), by if by in WAYS else NAMES, least, after)
    fault, answer = "", None
    try:
        answer = _answered(engine_of(request), sought, dates_of()) if sought.q else None
    except (InputError, NotFound, Overrun) as error:
        fault = error.message
    return page(
        "search.html",
        status=422 if fault else 200,
        sought=replace(sought, after=""),
        answer=answer,
        fault=fault,
        ways=WAYS,
        how=HOW,
    )


def _answered(engine: Engine, sought: Sought, dates: Dates) -> Answer:
    if sought.by == NAMES:
        return _by_name(engine, sought, dates)
    return _by_structure(engine, sought, dates)


def _by_name(engine: Engine, sought: Sought, dates: Dates) -> Answer:
    key = _place(sought.after, int, float, int, str, str, str, str)
    found = names.search(engine.sessions, names.Wanted(sought.q), dates, after=key, limit=PAGE)
    further = sought.link(found.after) if found.after else ""
    return Answer(found.items, further, names.EVIDENCE, found.nearest)


def _by_structure(engine: Engine, sought: Sought, dates: Dates) -> Answer:
    wanted = Wanted(sought.q, mode=Mode(sought.by), threshold=sought.least)
    place = _place(sought.after, float, str)
    found = search.search(engine, wanted, dates, after=place, limit=PAGE)
    lines = tuple(
        hit | {"picture": _picture(engine, hit, Mode(sought.by), dates)}
        for hit in found.answer["items"][:PICTURES]
    )
    further = sought.link(found.after) if found.after else ""
    return Answer(lines, further, search.EVIDENCE)


def _place(after: str, *kinds: type) -> Any:
    """Where the page asked for begins, as the page before gave it."""
    if not after:
        return None
    try:
        return tuple(kind(part) for kind, part in zip(kinds, json.loads(after), strict=True))
    except (ValueError, TypeError):
        raise InputError("this page does not follow the one before; search again") from None


def _picture(engine: Engine, hit: Mapping[str, Any], mode: Mode, dates: Dates) -> str:
    """The substance with the atoms that correspond; those of a query it is held by are its own."""
    structure = substances.show(engine, hit["id"], dates)["structure"]
    if structure is None:
        return ""
    shared = hit["atoms"] if mode is Mode.SUBSTRUCTURE else ()
    groups = {"the part asked for": tuple(shared)} if shared else {}
    return drawn(engine, Structure(structure["standardised"]), "", groups)
