"""Cases: opened, added to once and on what was seen, raised, and what of them is due."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.access.acts import Act
from api.access.door import ActorDep, needs
from api.http import calendar
from api.http.case_models import (
    CaseOut,
    CasePage,
    DueList,
    Procedures,
    RaisedOut,
    TranspositionOut,
    UnlistedPage,
)
from api.http.conditional import UNCHANGED, tagged
from api.http.cursors import Cursor, Limit, after
from api.http.cursors import cursor as cursor_of
from api.http.deps import DatesDep, EngineDep, Now, record
from api.http.preconditions import Key, Seen, seen, tag
from api.http.problems import declared
from api.usecases import cases, raising, transposition
from api.usecases.case_requests import CaseIn, CloseIn, FollowIn, RaiseIn, StepIn, WithdrawalIn
from api.usecases.cases import DueWanted
from api.usecases.cases_shown import SILENCE
from api.usecases.trade.acts import By
from registry.store.cases import Wanted
from rules.pipeline.position import Attention
from rules.pipeline.procedure import procedures

router = APIRouter(prefix="/v1", tags=["cases"])

CaseId = Annotated[str, record("the case")]
NO_NUL = r"^[^\x00]*$"
Procedure = Annotated[
    str, Query(max_length=50, pattern=NO_NUL, description="only of this procedure")
]
Substance = Annotated[
    str, Query(max_length=200, pattern=NO_NUL, description="only about this substance, by id")
]
Country = Annotated[str, Query(pattern="^([A-Z]{2})?$", description="only raised for this country")]
Closed = Annotated[bool | None, Query(description="only closed ones, or only open ones")]
Within = Annotated[int, Query(ge=0, le=3660, description="how many days ahead to look")]
Why = Annotated[list[Attention], Query(description="only for these reasons; repeatable")]
Code = Annotated[str, Query(pattern="^([A-Z]{2})?$", description="only of this jurisdiction")]
OneCode = Annotated[str, Query(pattern="^[A-Z]{2}$", description="the State")]
Codes = Annotated[list[str], Query(max_length=250, description="only these; repeatable")]
Asked = Annotated[
    str, Path(max_length=200, pattern=NO_NUL, description="identifier, name or number")
]

REFUSED = ("request-failed", "request-invalid", "body-too-large", "case-refused", "key-reused")
ADDING = (*REFUSED, "not-found", "version-required", "version-conflict")
MANAGES = [needs(Act.CASE_MANAGE)]
ADDS: dict[str, Any] = {
    "status_code": HTTPStatus.CREATED,
    "dependencies": MANAGES,
    "response_model": CaseOut,
    "responses": declared(*ADDING),
}


def _by(actor: ActorDep, now: Now, if_match: Seen = "", key: Key = "") -> By:
    """Who adds to a case, once, and on which version of it."""
    return By(actor, now, version=seen(if_match), key=key)


ByDep = Annotated[By, Depends(_by)]


@router.get("/procedures", response_model=Procedures, responses=declared())
def list_procedures() -> dict[str, Any]:
    """The procedures a case can follow: every step and clock with its citation."""
    return {"items": [one.model_dump(mode="json") for one in procedures().values()]}


@router.post(
    "/cases",
    status_code=HTTPStatus.CREATED,
    dependencies=MANAGES,
    response_model=CaseOut,
    responses=declared(
        *REFUSED, "not-found", "name-ambiguous", "structure-refused", "structure-unreadable"
    ),
)
def open_case(
    asked: CaseIn, engine: EngineDep, actor: ActorDep, now: Now, response: Response, key: Key = ""
) -> dict[str, Any]:
    """Open a case about substances of the register, or named ones that are not on record."""
    opened = cases.open_case(engine, asked, By(actor, now, key=key))
    response.headers["Location"] = f"/v1/cases/{opened['id']}"
    return _tagged(response, opened)


@router.get(
    "/cases",
    response_model=CasePage,
    responses=declared("request-invalid", "cursor-invalid", "known-on-future"),
)
def list_cases(
    engine: EngineDep,
    dates: DatesDep,
    procedure: Procedure = "",
    substance: Substance = "",
    raised: Country = "",
    closed: Closed = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Cases in order of identifier, page by page, each with where it stands."""
    wanted = Wanted(procedure, substance, raised, closed)
    page = cases.listed(engine, wanted, dates, after=after(cursor), limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}


@router.get(
    "/cases/due",
    response_model=DueList,
    responses=declared("request-invalid", "known-on-future"),
)
def list_due(
    engine: EngineDep,
    dates: DatesDep,
    within: Within = 30,
    attention: Why = [],  # noqa: B006 (never changed; the framework copies it)
    jurisdiction: Code = "",
) -> dict[str, Any]:
    """What of all open cases is overdue, due, about to end, or cannot be said, on a day."""
    wanted = DueWanted(within, tuple(attention), jurisdiction)
    items = cases.due(engine, wanted, dates)
    return {"on": dates.on, "within": within, "items": items, "caveat": SILENCE}


@router.get(
    "/cases/due.ics",
    response_class=Response,
    responses={
        **declared("request-invalid", "known-on-future"),
        **UNCHANGED,
        200: {"description": "an iCalendar (RFC 5545)", "content": {calendar.MEDIA: {}}},
    },
)
def calendar_due(
    request: Request,
    engine: EngineDep,
    dates: DatesDep,
    within: Within = 366,
    jurisdiction: Code = "",
) -> Response:
    """The same as a calendar: each day on which something is due, takes effect or ends."""
    items = cases.due(engine, DueWanted(within, jurisdiction=jurisdiction), dates)
    base = str(request.base_url).rstrip("/")
    return tagged(request, calendar.calendar(items, base=base, on=dates.on), calendar.MEDIA)


@router.post(
    "/cases/raise",
    dependencies=MANAGES,
    response_model=RaisedOut,
    responses=declared(*REFUSED, "scope-unknown"),
)
def raise_cases(
    asked: RaiseIn, engine: EngineDep, actor: ActorDep, now: Now, key: Key = ""
) -> dict[str, Any]:
    """Raise a case, once, for each substance named on a national list elsewhere and not on ours."""
    return raising.raise_cases(engine, asked, By(actor, now, key=key), workers=1)


@router.get(
    "/cases/{case}",
    response_model=CaseOut,
    responses=declared("request-invalid", "not-found", "known-on-future"),
)
def get_case(
    case: CaseId, engine: EngineDep, dates: DatesDep, response: Response
) -> dict[str, Any]:
    """A case on a day, as it was known on a day, with every entry until then."""
    return _tagged(response, cases.show(engine, case, dates))


@router.post("/cases/{case}/steps", **ADDS)
def add_step(
    case: CaseId, asked: StepIn, engine: EngineDep, by: ByDep, response: Response
) -> dict[str, Any]:
    """Record a step with its day, document and source; or correct an earlier entry."""
    return _tagged(response, cases.record(engine, case, asked, by))


@router.post("/cases/{case}/withdrawals", **ADDS)
def withdraw_entry(
    case: CaseId, asked: WithdrawalIn, engine: EngineDep, by: ByDep, response: Response
) -> dict[str, Any]:
    """Take an entry back, with nothing in its place."""
    return _tagged(response, cases.withdraw(engine, case, asked, by))


@router.post("/cases/{case}/jurisdictions", **ADDS)
def follow_jurisdiction(
    case: CaseId, asked: FollowIn, engine: EngineDep, by: ByDep, response: Response
) -> dict[str, Any]:
    """Follow one more jurisdiction."""
    return _tagged(response, cases.follow(engine, case, asked, by))


@router.post("/cases/{case}/close", **ADDS)
def close_case(
    case: CaseId, asked: CloseIn, engine: EngineDep, by: ByDep, response: Response
) -> dict[str, Any]:
    """End a case, with the reason."""
    return _tagged(response, cases.close(engine, case, asked, by))


@router.get(
    "/transposition",
    response_model=UnlistedPage,
    responses=declared("request-invalid", "not-found", "cursor-invalid", "known-on-future"),
)
def list_unlisted(
    engine: EngineDep,
    dates: DatesDep,
    jurisdiction: OneCode,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """What the Conventions list and no list of a State on record names, page by page.

    No definition is held against it here; ask for one substance to have that done.
    """
    told = transposition.overview(engine, jurisdiction, dates, after=after(cursor), limit=limit)
    return {**told, "next": cursor_of(told["after"])}


@router.get(
    "/transposition/{substance}",
    response_model=TranspositionOut,
    responses=declared("request-invalid", "not-found", "name-ambiguous", "known-on-future"),
)
def get_transposition(
    substance: Asked, engine: EngineDep, dates: DatesDep, jurisdiction: Codes = []  # noqa: B006 (never changed)
) -> dict[str, Any]:  # fmt: skip
    """What the lists on record show of the Conventions' decisions on a substance, State by State."""
    return transposition.of_substance(engine, substance, jurisdiction, dates)


def _tagged(response: Response, shown: dict[str, Any]) -> dict[str, Any]:
    tag(response, shown["version"])
    return shown
