"""Watches: what is judged again when law or register change, and what was found changed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.access.acts import Act
from api.access.door import ActorDep, needs
from api.http.cursors import Cursor, Limit, after, after_number
from api.http.cursors import cursor as cursor_of
from api.http.deps import EngineDep, Now
from api.http.problems import declared
from api.http.watch_models import (
    ChangePage,
    JobOut,
    WatchOut,
    WatchPage,
    WatchRequest,
    WatchShown,
)
from api.usecases import watch as watches
from registry.store.watches import Wanted
from rules.status import Kind

router = APIRouter(prefix="/v1", tags=["watches"])

WatchId = Annotated[str, Path(max_length=200, description="identifier of the watch")]
JobId = Annotated[str, Path(max_length=200, description="identifier of the job")]
Run = Annotated[int | None, Query(ge=1, le=1 << 53, description="only changes found by this run")]
Kinds = Annotated[list[Kind], Query(description="only changes of these kinds")]
Code = Annotated[str, Query(max_length=20, description="only changes under this jurisdiction")]
Provision = Annotated[str, Query(max_length=200, description="only changes by this provision")]
Member = Annotated[str, Query(max_length=500, description="only of this member, by key or label")]
Status = Annotated[str, Query(max_length=20, description="only where this is said now")]


@router.post(
    "/watches",
    status_code=HTTPStatus.CREATED,
    dependencies=[needs(Act.WATCH_MANAGE)],
    response_model=WatchOut,
    responses=declared(
        "request-failed",
        "request-invalid",
        "watch-refused",
        "webhook-refused",
        "scope-unknown",
        "not-found",
        "body-too-large",
    ),
)
def add_watch(
    asked: WatchRequest, engine: EngineDep, actor: ActorDep, now: Now, response: Response
) -> dict[str, Any]:
    """Watch substances of the register, or structures of your own, from now on.

    The first run is what later ones compare with; ask for it, or let `subreg watch check` do so.
    """
    added = watches.add(engine, asked.new(), actor=actor.id, now=now)
    response.headers["Location"] = f"/v1/watches/{added['id']}"
    return added


@router.get(
    "/watches",
    response_model=WatchPage,
    responses=declared("request-invalid", "cursor-invalid"),
)
def list_watches(engine: EngineDep, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Watches in order of identifier, page by page."""
    page = watches.listed(engine, after=after(cursor), limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}


@router.get(
    "/watches/{watch}",
    response_model=WatchShown,
    responses=declared("request-invalid", "not-found"),
)
def get_watch(watch: WatchId, engine: EngineDep) -> dict[str, Any]:
    """A watch with its runs, and the members that could not be judged."""
    return watches.show(engine, watch)


@router.post(
    "/watches/{watch}/runs",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[needs(Act.WATCH_MANAGE)],
    response_model=JobOut,
    responses=declared("request-invalid", "not-found"),
)
def run_watch(
    watch: WatchId, engine: EngineDep, actor: ActorDep, now: Now, response: Response
) -> dict[str, Any]:
    """Have a watch judged. The answer is the job, which `subreg jobs run` takes up.

    Where a run is waiting or under way already, its job comes back.
    """
    job = watches.run_later(engine, watch, actor=actor.id, now=now)
    response.headers["Location"] = f"/v1/jobs/{job['id']}"
    return job


@router.get(
    "/watches/{watch}/changes",
    response_model=ChangePage,
    responses=declared("request-invalid", "not-found", "cursor-invalid"),
)
def list_changes(
    watch: WatchId,
    engine: EngineDep,
    run: Run = None,
    kind: Kinds = [],  # noqa: B006 (never changed; the framework copies it)
    jurisdiction: Code = "",
    provision: Provision = "",
    member: Member = "",
    status: Status = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """What was found changed, in the order of finding, page by page."""
    kinds = tuple(one.value for one in kind)
    wanted = Wanted(run, kinds, jurisdiction, provision, member, status)
    page = watches.changes(engine, watch, wanted, after=after_number(cursor), limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}


@router.get(
    "/jobs/{job}",
    response_model=JobOut,
    responses=declared("request-invalid", "not-found"),
)
def get_job(job: JobId, engine: EngineDep) -> dict[str, Any]:
    """How far a job has come: ready, leased, done or dead."""
    return watches.job(engine, job)
