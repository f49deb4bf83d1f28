"""What the register learnt, for those who follow it: as JSON and as an Atom feed."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime

from api.http import atom
from api.http.conditional import UNCHANGED, tagged
from api.http.cursors import BadCursor, Cursor, Limit
from api.http.deps import DatesDep, EngineDep
from api.http.models_history import ChangePage
from api.http.problems import declared
from api.http.routes.provisions import Code
from api.usecases import changes
from registry.store.changes import Kind, Place, Wanted

router = APIRouter(prefix="/v1", tags=["changes"])

Kinds = Annotated[list[Kind], Query(description="kinds of facts; repeat it for several; none: all")]
Of = Annotated[
    str, Query(max_length=200, description="identifier of a provision", examples=["US-CSA-I-e"])
]
About = Annotated[
    str, Query(max_length=200, description="identifier of a substance", examples=["ketamine"])
]
Since = Annotated[
    AwareDatetime | None,
    Query(
        description="recorded at this moment or later; with its offset from UTC",
        examples=["2026-01-31T00:00:00Z"],
    ),
]
Order = Annotated[Literal["oldest", "newest"], Query(description="which changes come first")]


def wanted_of(
    dates: DatesDep,
    jurisdiction: Code = "",
    provision: Of = "",
    substance: About = "",
    kind: Kinds = [],  # noqa: B006 (FastAPI copies it for each request)
    since: Since = None,
) -> Wanted:
    return Wanted(dates.known_at, since, tuple(kind), jurisdiction, provision, substance)


WantedDep = Annotated[Wanted, Depends(wanted_of)]
PROBLEMS = declared(
    "request-invalid",
    "cursor-invalid",
    "scope-unknown",
    "not-found",
    "known-on-future",
    "dates-reversed",
)


@router.get("/changes", response_model=ChangePage, responses={**PROBLEMS, **UNCHANGED})
def list_changes(
    request: Request,
    engine: EngineDep,
    wanted: WantedDep,
    order: Order = "oldest",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Facts of law and of substances as this register learnt, corrected or withdrew them.

    Follow it by asking again with `since`, the moment of the last change seen; a change keeps its
    `id`.
    """
    asked = replace(wanted, newest_first=order == "newest")
    page = changes.page(engine, asked, after=_read(cursor), limit=limit)
    following = _cursor(page.after) if page.after else None
    answer = ChangePage.model_validate({"items": page.items, "next": following})
    return tagged(request, answer.model_dump_json(by_alias=True).encode(), "application/json")


@router.get(
    "/changes.atom",
    response_class=Response,
    responses={
        **PROBLEMS,
        **UNCHANGED,
        200: {"description": "an Atom feed (RFC 4287)", "content": {atom.MEDIA: {}}},
    },
)
def feed_changes(
    request: Request,
    engine: EngineDep,
    wanted: WantedDep,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """The same, newest first, as an Atom feed."""
    asked = replace(wanted, newest_first=True)
    page = changes.page(engine, asked, after=_read(cursor), limit=limit)
    links = {"self": str(request.url)}
    if page.after:
        links["next"] = str(request.url.include_query_params(cursor=_cursor(page.after)))
    identity = str(request.url.remove_query_params(["cursor", "limit"]))
    base = str(request.base_url).rstrip("/")
    content = atom.feed(page.items, base=base, identity=identity, links=links)
    return tagged(request, content, atom.MEDIA)


def _cursor(after: Place) -> str:
    text = f"{after.at.isoformat()} {after.kind} {after.row}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read(cursor: str) -> Place | None:
    if not cursor:
        return None
    try:
        at, kind, row = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        place = Place(datetime.fromisoformat(at), Kind(kind), int(row))
    except (binascii.Error, ValueError):
        place = None
    if place is None or place.at.tzinfo is None:
        raise BadCursor(f"`{cursor}` is not a cursor of this list")
    return place
