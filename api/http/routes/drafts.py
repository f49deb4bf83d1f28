"""Drafts of changes to the law: checked while written, kept, saved again, compared, withdrawn."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.access.door import ActorDep
from api.http.cursors import Cursor, Limit, after, after_number
from api.http.cursors import cursor as cursor_of
from api.http.deps import EngineDep, Now, record
from api.http.draft_models import (
    CheckIn,
    CheckOut,
    ComparisonOut,
    DraftOut,
    DraftPage,
    DraftVersionPage,
    KeepIn,
    SaveIn,
)
from api.http.preconditions import Key, Seen, seen, tag
from api.http.problems import declared
from api.usecases import draft_check, drafts
from api.usecases.trade.acts import By
from registry.store.drafts import Wanted

router = APIRouter(prefix="/v1", tags=["drafts"])

DraftId = Annotated[str, record("the draft")]
Code = Annotated[str, Query(pattern="^([A-Z]{2})?$", description="only for this jurisdiction")]
Name = Annotated[
    str, Query(max_length=200, pattern=r"^[^\x00]*$", description="only the ones called so")
]
Version = Annotated[int | None, Query(ge=1, le=1 << 53, description="as it was at this version")]
Before = Annotated[int, Query(ge=1, le=1 << 53, description="the earlier version")]
After = Annotated[int, Query(ge=1, le=1 << 53, description="the later version")]

WRONG = ("request-failed", "request-invalid", "body-too-large", "draft-refused")
ON_VERSION = ("key-reused", "not-found", "version-required", "version-conflict")


@router.post("/drafts/check", response_model=CheckOut, responses=declared(*WRONG))
def check_draft(asked: CheckIn, engine: EngineDep, actor: ActorDep, now: Now) -> dict[str, Any]:
    """What a text is as a draft: faults with line and column, remarks, each example run.

    Nothing is kept. What is stopped at its limit is told as not run.
    """
    return draft_check.check(engine, asked.text, actor, now)


@router.post(
    "/drafts",
    status_code=HTTPStatus.CREATED,
    response_model=DraftOut,
    responses=declared(*WRONG, "key-reused"),
)
def keep_draft(
    asked: KeepIn, engine: EngineDep, actor: ActorDep, now: Now, response: Response, key: Key = ""
) -> dict[str, Any]:
    """Keep a draft with its first version. One that cannot be read is kept as unfinished."""
    made = drafts.create(engine, asked.new(), By(actor, now, key=key))
    response.headers["Location"] = f"/v1/drafts/{made['id']}"
    tag(response, made["version"])
    return made


@router.get(
    "/drafts", response_model=DraftPage, responses=declared("request-invalid", "cursor-invalid")
)
def list_drafts(
    engine: EngineDep,
    actor: ActorDep,
    jurisdiction: Code = "",
    name: Name = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Drafts of your own and of your country, in order of identifier, page by page."""
    wanted = Wanted(jurisdiction, name=name)
    page = drafts.listed(engine, wanted, actor, after=after(cursor), limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}


@router.get(
    "/drafts/{draft}",
    response_model=DraftOut,
    responses=declared("request-invalid", "not-found"),
)
def get_draft(
    draft: DraftId, engine: EngineDep, actor: ActorDep, response: Response, version: Version = None
) -> dict[str, Any]:
    """One draft at its newest version, or as it was at another."""
    shown = drafts.show(engine, draft, actor, version)
    tag(response, shown["version"])
    return shown


@router.post(
    "/drafts/{draft}/versions",
    status_code=HTTPStatus.CREATED,
    response_model=DraftOut,
    responses=declared(*WRONG, *ON_VERSION),
)
def save_draft(
    draft: DraftId,
    asked: SaveIn,
    engine: EngineDep,
    actor: ActorDep,
    now: Now,
    response: Response,
    if_match: Seen = "",
    key: Key = "",
) -> dict[str, Any]:
    """Save the next version. `If-Match` names the version it was written on."""
    by = By(actor, now, version=seen(if_match), key=key)
    saved = drafts.save(engine, draft, asked.text, by, asked.remark)
    tag(response, saved["version"])
    return saved


@router.get(
    "/drafts/{draft}/versions",
    response_model=DraftVersionPage,
    responses=declared("request-invalid", "cursor-invalid", "not-found"),
)
def list_draft_versions(
    draft: DraftId, engine: EngineDep, actor: ActorDep, cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Every version: who saved it, when, and what they said of it, page by page."""
    begin = int(after_number(cursor) or 0)
    page = drafts.history(engine, draft, actor, after=begin, limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}


@router.get(
    "/drafts/{draft}/compare",
    response_model=ComparisonOut,
    responses=declared("request-invalid", "not-found", "computation-stopped"),
)
def compare_versions(
    draft: DraftId, before: Before, after: After, engine: EngineDep, actor: ActorDep
) -> dict[str, Any]:
    """What differs between two versions, line by line and in words."""
    return drafts.compare(engine, draft, actor, before, after)


@router.post(
    "/drafts/{draft}/withdraw",
    response_model=DraftOut,
    responses=declared("request-invalid", "draft-refused", *ON_VERSION),
)
def withdraw_draft(
    draft: DraftId, engine: EngineDep, actor: ActorDep, now: Now, if_match: Seen = "", key: Key = ""
) -> dict[str, Any]:
    """Take it out of the list. Its versions stay on record, and its name is free again."""
    return drafts.withdraw(engine, draft, By(actor, now, version=seen(if_match), key=key))
