"""Simulations: drafts of law tried over libraries of known substances, and laws held side by side."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from api.access.acts import Act
from api.access.allow import Actor
from api.access.door import ActorDep, needs
from api.engine import Engine
from api.http.cursors import Cursor, Limit, after
from api.http.cursors import cursor as cursor_of
from api.http.deps import EngineDep, KnownOn, Now, record
from api.http.problems import declared
from api.http.simulation_models import (
    LawDiffOut,
    SimulationOut,
    SimulationPage,
    SimulationRequest,
)
from api.report import chart, page, table
from api.usecases import drafts, simulate
from api.usecases.dates import known_at
from api.usecases.law_diff import Asked, alone, law_diff, yearly
from registry.errors import NotFound
from rules.decide import Scope

router = APIRouter(prefix="/v1", tags=["simulations"])

SimulationId = Annotated[str, record("the simulation")]
Since = Annotated[date, Query(alias="from", description="the first law")]
Until = Annotated[date, Query(alias="to", description="the second law")]
Libraries = Annotated[
    list[str], Query(description="register, nps, medicines, industrial or collection:NAME")
]
Codes = Annotated[list[str], Query(description="codes of jurisdictions; all if left out")]
Globs = Annotated[list[str], Query(description="provisions, `*` for any letters; all if left out")]
Yearly = Annotated[
    bool, Query(alias="yearly", description="also on the same day of each year between")
]
Grounds = Annotated[bool, Query(description="also where only the clauses differ")]

READING = declared("request-invalid", "not-found", "computation-stopped")


@router.post(
    "/simulations",
    status_code=HTTPStatus.ACCEPTED,
    response_model=SimulationOut,
    responses=declared(
        "request-failed",
        "request-invalid",
        "draft-wrong",
        "draft-refused",
        "simulation-refused",
        "library-unknown",
        "known-on-future",
        "not-found",
        "body-too-large",
    ),
)
def ask(
    asked: SimulationRequest, engine: EngineDep, actor: ActorDep, now: Now, response: Response
) -> dict[str, Any]:
    """Have drafts tried over libraries. `subreg jobs run` takes it up; the answer says where to ask.

    A draft that cannot be read is refused with line and column; one that does not fit the law it
    changes ends the job with the same.
    """
    wanted = asked.asked(lambda kept: drafts.text_of(engine, kept, actor))
    job = simulate.ask_later(engine, wanted, actor, now)
    response.headers["Location"] = f"/v1/simulations/{job['id']}"
    return job


@router.get(
    "/simulations",
    response_model=SimulationPage,
    responses=declared("request-invalid", "cursor-invalid"),
)
def list_simulations(
    engine: EngineDep, actor: ActorDep, cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Simulations the caller may read, the newest first, without what they found."""
    found = simulate.listed(engine, actor, after=after(cursor), limit=limit)
    return {"items": found.items, "next": cursor_of(found.after)}


@router.get("/simulations/{simulation}", response_model=SimulationOut, responses=READING)
def get_simulation(
    simulation: SimulationId, engine: EngineDep, actor: ActorDep, now: Now
) -> dict[str, Any]:
    """A simulation: how far it has come, and at its end what it found."""
    return simulate.show(engine, simulation, actor, now)


@router.get(
    "/simulations/{simulation}/rows.csv",
    response_class=Response,
    responses={**READING, 200: {"description": "one row for each member and option touched"}},
)
def get_rows(simulation: SimulationId, engine: EngineDep, actor: ActorDep, now: Now) -> Response:
    """What a simulation found, as a table."""
    content = table.as_csv(_result(engine, simulation, actor, now))
    return Response(content, media_type="text/csv")


@router.get("/simulations/{simulation}/charts", responses=READING)
def get_charts(
    simulation: SimulationId, engine: EngineDep, actor: ActorDep, now: Now
) -> dict[str, dict[str, Any]]:
    """What a simulation found, as Vega-Lite specifications."""
    return chart.charts(_result(engine, simulation, actor, now))


@router.get("/simulations/{simulation}/report", response_class=HTMLResponse, responses=READING)
def get_report(
    simulation: SimulationId, engine: EngineDep, actor: ActorDep, now: Now
) -> HTMLResponse:
    """What a simulation found, as a report to print."""
    found = _result(engine, simulation, actor, now)
    return HTMLResponse(page.html(found, stylesheet=page.SERVED))


@router.get(
    "/law-diff",
    dependencies=[needs(Act.SIMULATION_RUN)],
    response_model=LawDiffOut,
    responses=declared(
        "request-invalid",
        "known-on-future",
        "dates-reversed",
        "scope-unknown",
        "library-unknown",
        "law-diff-refused",
        "not-found",
        "computation-stopped",
    ),
)
def get_law_diff(
    engine: EngineDep,
    now: Now,
    since: Since,
    until: Until,
    library: Libraries = ["register"],  # noqa: B006 (the framework copies it)
    jurisdiction: Codes = [],  # noqa: B006
    provision: Globs = [],  # noqa: B006
    every_year: Yearly = False,
    grounds: Grounds = False,
    known_on: KnownOn = None,
) -> dict[str, Any]:
    """Each substance of a library whose status changes between two dates, with the clause.

    Takes as long as judging the library once for each date; one is done at a time.
    """
    dates = yearly(since, until) if every_year else tuple(dict.fromkeys((since, until)))
    scope = Scope(tuple(jurisdiction), tuple(provision))
    asked = Asked(dates, tuple(library), scope, grounds=grounds)
    with alone():
        return law_diff(
            engine,
            asked,
            known_at(now, known_on),
            collections=engine.settings.collections,
            workers=engine.settings.workers,
        )


def _result(engine: Engine, simulation: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Raises NotFound until the simulation is done."""
    result: dict[str, Any] | None = simulate.show(engine, simulation, actor, now)["result"]
    if result is None:
        raise NotFound(f"the simulation `{simulation}` is not done")
    return result
