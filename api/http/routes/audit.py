"""The log of acts: who did what to which record, and who was denied."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.access.door import ActorDep
from api.http.cursors import Cursor, Limit, after_number
from api.http.cursors import cursor as cursor_of
from api.http.deps import EngineDep
from api.http.models import Answer
from api.http.problems import declared
from api.usecases import audit
from registry.store.audit import Wanted

router = APIRouter(prefix="/v1", tags=["access"])

PLAIN = {"max_length": 300, "pattern": r"^[^\x00]*$"}
By = Annotated[str, Query(**PLAIN, description="only what this one did")]
Subject = Annotated[str, Query(**PLAIN, description="only what was done to this record")]
Action = Annotated[str, Query(**PLAIN, description="only actions that begin so")]


class EventOut(Answer):
    number: Annotated[int, Field(description="1, 2, 3 … without gaps")]
    at: datetime
    actor: str
    action: Annotated[str, Field(description="kind:noun:participle", examples=["key:made"])]
    subject: Annotated[str, Field(description="identifier of what was acted on")]
    particulars: dict[str, Any]
    previous: Annotated[str, Field(description="hash of the event before")]
    hash: Annotated[str, Field(description="sha256 over all else of the event")]


class EventPage(Answer):
    items: list[EventOut]
    next: Annotated[str | None, Field(description="cursor of older events")]


@router.get(
    "/audit",
    response_model=EventPage,
    responses=declared("request-invalid", "cursor-invalid"),
)
def list_events(
    engine: EngineDep,
    actor: ActorDep,
    by: By = "",
    subject: Subject = "",
    action: Action = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Events newest first, by who did it, what it was done to, or how the action begins."""
    before = int(after_number(cursor) or 0)
    page = audit.listed(
        engine.sessions, Wanted(by, subject, action), actor, before=before, limit=limit
    )
    return {"items": page.items, "next": cursor_of(str(page.before or ""))}
