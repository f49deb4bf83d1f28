"""The page of the log of acts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access.door import ActorDep
from api.usecases.audit import listed
from api.web.papers import PAGE, known
from api.web.render import engine_of, page
from registry.store.audit import Wanted

router = APIRouter(
    include_in_schema=False, default_response_class=HTMLResponse, dependencies=[Depends(known)]
)
Text = Annotated[str, Query(max_length=300)]
Before = Annotated[int, Query(ge=0, le=1 << 53)]


@router.get("/audit")
def events(
    request: Request,
    actor: ActorDep,
    by: Text = "",
    subject: Text = "",
    action: Text = "",
    before: Before = 0,
) -> Response:
    """Who did what, newest first."""
    wanted = Wanted(by.strip(), subject.strip(), action.strip())
    sessions = engine_of(request).sessions
    found = listed(sessions, wanted, actor, before=before, limit=PAGE)
    return page("audit.html", found=found, wanted=wanted)
