"""Authorisations: drafted, decided, issued, used, endorsed; every version kept."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.access.door import ActorDep
from api.http.cursors import Cursor, Limit, after, after_number
from api.http.cursors import cursor as cursor_of
from api.http.deps import EngineDep, Now, record
from api.http.preconditions import Key, Seen, seen, tag
from api.http.problems import declared
from api.http.trade_models import NumberPage, PaperOut, PaperPage, PaperShown, VersionList
from api.usecases.trade import papers, printing
from api.usecases.trade.acts import By
from api.usecases.trade.requests import AnyAct, DraftIn
from registry.store.authorisations import Wanted
from registry.trade_facts import AuthorisationState, Paper

router = APIRouter(prefix="/v1", tags=["authorisations"])

PaperId = Annotated[str, record("the authorisation")]
States = Annotated[list[AuthorisationState], Query(description="only in these states")]
Jurisdiction = Annotated[str, Query(pattern="^([A-Z]{2})?$", description="only of this country")]
Kind = Annotated[Paper | None, Query(description="only of this kind")]
Number = Annotated[
    str,
    Query(max_length=200, pattern=r"^[\x20-\x7e]*$", description="only the one with this number"),
]
Version = Annotated[int | None, Query(ge=1, le=1 << 53, description="as it stood at this version")]
Year = Annotated[int, Path(ge=1961, le=9999, description="year of issue")]
OfKind = Annotated[Paper, Path(description="kind of paper")]
Code = Annotated[str, Path(pattern="^[A-Z]{2}$", description="code of the authority's country")]
Consignment = Annotated[int, Path(ge=1, le=1 << 31, description="number of the consignment")]
Language = Annotated[str, Query(max_length=10, description="en, fr, es or ar")]

PDF = "application/pdf"
REFUSALS = ("paper-refused", "bad-input", "strength-unreadable", "key-reused")
ACT_REFUSALS = (
    *REFUSALS,
    "act-refused",
    "over-limit",
    "figure-unknown",
    "mass-unusable",
    "not-found",
    "version-required",
    "version-conflict",
)


@router.post(
    "/authorisations",
    status_code=HTTPStatus.CREATED,
    response_model=PaperOut,
    responses=declared("request-failed", "request-invalid", "body-too-large", *REFUSALS),
)
def create_authorisation(
    asked: DraftIn, engine: EngineDep, actor: ActorDep, now: Now, response: Response, key: Key = ""
) -> dict[str, Any]:
    """Draft an authorisation. The base in the goods is worked out by the factors on record.

    `notes` tell every doubt about a factor. Nothing is applied for yet, and nothing is reserved.
    """
    by = By(actor, now, key=key)
    made = papers.create(engine, asked.draft(), by)
    response.headers["Location"] = f"/v1/authorisations/{made['id']}"
    tag(response, made["version"])
    return made


@router.get(
    "/authorisations",
    response_model=PaperPage,
    responses=declared("request-invalid", "cursor-invalid"),
)
def list_authorisations(
    engine: EngineDep,
    actor: ActorDep,
    state: States = [],  # noqa: B006 (never changed; the framework copies it)
    jurisdiction: Jurisdiction = "",
    paper: Kind = None,
    number: Number = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Authorisations as they stand, in order of identifier, page by page."""
    wanted = Wanted(
        tuple(one.value for one in state), jurisdiction, paper.value if paper else "", number
    )
    page = papers.listed(engine, wanted, actor, after=after(cursor), limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}


@router.get(
    "/authorisations/{paper}",
    response_model=PaperShown,
    responses=declared("request-invalid", "not-found"),
)
def get_authorisation(
    paper: PaperId, engine: EngineDep, actor: ActorDep, response: Response, version: Version = None
) -> dict[str, Any]:
    """One authorisation as it stands, or at a version, with its consignments and what is left."""
    shown = papers.show(engine, paper, actor, version)
    tag(response, shown["version"])
    return shown


@router.get(
    "/authorisations/{paper}/document.pdf",
    response_class=Response,
    responses={
        200: {"content": {PDF: {}}, "description": "the signed paper, PDF/A-3b"},
        **declared("request-invalid", "not-found", "bad-input"),
    },
)
def get_document(
    paper: PaperId, engine: EngineDep, actor: ActorDep, language: Language = "en"
) -> Response:
    """The paper of an issued authorisation, with its signed form attached."""
    data = printing.pdf_of(engine, paper, actor, language)
    return Response(data, media_type=PDF)


@router.get(
    "/authorisations/{paper}/consignments/{consignment}/endorsement.pdf",
    response_class=Response,
    responses={
        200: {"content": {PDF: {}}, "description": "the signed endorsement, PDF/A-3b"},
        **declared("request-invalid", "not-found", "bad-input"),
    },
)
def get_endorsement(
    paper: PaperId,
    consignment: Consignment,
    engine: EngineDep,
    actor: ActorDep,
    language: Language = "en",
) -> Response:
    """What was endorsed of one consignment, as its paper, with its signed form attached."""
    data = printing.endorsement_of(engine, paper, consignment, actor, language)
    return Response(data, media_type=PDF)


@router.get(
    "/authorisations/{paper}/versions",
    response_model=VersionList,
    responses=declared("request-invalid", "not-found"),
)
def list_versions(paper: PaperId, engine: EngineDep, actor: ActorDep) -> dict[str, Any]:
    """Every version: who did what, when and why."""
    return {"items": papers.history(engine, paper, actor)}


@router.post(
    "/authorisations/{paper}/acts",
    response_model=PaperOut,
    responses=declared("request-failed", "request-invalid", "body-too-large", *ACT_REFUSALS),
)
def act_on_authorisation(
    paper: PaperId,
    asked: AnyAct,
    engine: EngineDep,
    actor: ActorDep,
    now: Now,
    response: Response,
    if_match: Seen = "",
    key: Key = "",
) -> dict[str, Any]:
    """Do one act: amend, submit, grant, issue, ship, endorse and the rest of the life of a paper.

    `If-Match` names the version the act is meant for. What the act needs and does is one
    transaction: its version, its entries in ledgers, its number, its audit event.
    """
    by = By(actor, now, version=seen(if_match), key=key)
    done = asked.do(engine, paper, by)
    tag(response, done["version"])
    return done


@router.get(
    "/numbers/{authority}/{kind}/{year}",
    response_model=NumberPage,
    responses=declared("request-invalid", "cursor-invalid"),
)
def list_numbers(
    authority: Code, kind: OfKind, year: Year, engine: EngineDep, actor: ActorDep, cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:  # fmt: skip
    """Numbers of one series in order, cancelled ones among them, page by page."""
    begin = int(after_number(cursor) or 0)
    page = papers.numbers(engine, authority, kind, year, actor, after=begin, limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}
