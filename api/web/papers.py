"""Pages of trade: papers applied for, decided, used, endorsed; and what customs see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from api.access.acts import Act as Asked
from api.access.allow import Actor
from api.access.door import ActorDep
from api.usecases.trade import customs, outlook, papers, printing
from api.usecases.trade.acts import By
from api.usecases.trade.requests import read_act, read_draft
from api.web.forms import act_of, by_of, draft_of, filled
from api.web.render import engine_of, moment, page
from registry.errors import InputError, NotIdentified
from registry.store.authorisations import Wanted
from registry.trade_facts import AuthorisationState, Paper


def known(actor: ActorDep) -> None:
    """Records of trade always need a key. Raises NotIdentified, which leads to the login."""
    if not actor.known:
        raise NotIdentified("records of trade need a key", act=Asked.AUTHORISATION_READ)


router = APIRouter(
    include_in_schema=False, default_response_class=HTMLResponse, dependencies=[Depends(known)]
)

Text = Annotated[str, Query(max_length=500)]
Language = Annotated[str, Query(max_length=10)]
PAGE = 50
Lists = Callable[[str], list[Any]]
LINES = 3  # rows of goods that an empty form offers


async def sent(request: Request) -> FormData:
    """The form as it was sent."""
    return await request.form()


Sent = Annotated[FormData, Depends(sent)]


@router.get("/papers")
def listed(
    request: Request, actor: ActorDep, state: Text = "", number: Text = "", after: Text = ""
) -> Response:
    """The papers that the reader may see."""
    states = (state,) if state in list(AuthorisationState) else ()
    wanted = Wanted(states, number=number.strip())
    found = papers.listed(engine_of(request), wanted, actor, after=after, limit=PAGE)
    return page(
        "papers.html",
        papers=found.items,
        after=found.after,
        state=state,
        number=number,
        states=list(AuthorisationState),
        actor=actor,
    )


@router.get("/papers/new")
def empty(actor: ActorDep) -> Response:
    """The form of an application."""
    return _form(actor, {"jurisdiction": actor.country, "consignments": 1}, "")


@router.post("/papers/new", response_model=None)
def draft(request: Request, actor: ActorDep, form: Sent) -> Response:
    """Draft it, then lead to its own page."""
    try:
        given = read_draft(draft_of(form))
        made = papers.create(engine_of(request), given, by_of(actor, form))
    except InputError as error:
        return _form(actor, dict(form), error.message, form.getlist)
    return _to(made["id"])


@router.get("/papers/{paper}")
def show(request: Request, paper: str, actor: ActorDep) -> Response:
    """One paper with what can be done about it now."""
    return _page(request, paper, actor)


@router.get("/papers/{paper}/print")
def printed(request: Request, paper: str, actor: ActorDep, language: Language = "en") -> Response:
    """The paper as it is printed."""
    text = printing.page_of(engine_of(request), paper, actor, language)
    return HTMLResponse(text, headers={"cache-control": "no-store"})


@router.get("/papers/{paper}/document.pdf")
def document(request: Request, paper: str, actor: ActorDep, language: Language = "en") -> Response:
    """The signed paper as a file."""
    data = printing.pdf_of(engine_of(request), paper, actor, language)
    return Response(data, media_type="application/pdf", headers={"cache-control": "no-store"})


@router.get("/papers/{paper}/endorsements/{consignment}.pdf")
def endorsement(
    request: Request, paper: str, consignment: int, actor: ActorDep, language: Language = "en"
) -> Response:
    """The endorsement of one consignment as a file."""
    data = printing.endorsement_of(engine_of(request), paper, consignment, actor, language)
    return Response(data, media_type="application/pdf", headers={"cache-control": "no-store"})


@router.get("/papers/{paper}/amend")
def amended(request: Request, paper: str, actor: ActorDep) -> Response:
    """The form of an application, filled in with what the paper says."""
    shown = papers.show(engine_of(request), paper, actor)
    return _form(actor, *filled(shown), paper=shown)


@router.post("/papers/{paper}/amend", response_model=None)
def amend(request: Request, paper: str, actor: ActorDep, form: Sent) -> Response:
    """Put other content in its place."""
    engine = engine_of(request)
    try:
        given = read_draft(draft_of(form))
        reason = str(form.get("reason", ""))
        papers.amend(engine, paper, given, by_of(actor, form), reason)
    except InputError as error:
        shown = papers.show(engine, paper, actor)
        return _form(actor, dict(form), error.message, form.getlist, paper=shown)
    return _to(paper)


@router.post("/papers/{paper}", response_model=None)
def act(request: Request, paper: str, actor: ActorDep, form: Sent) -> Response:
    """Do one act, then show how the paper stands."""
    try:
        read_act(act_of(form)).do(engine_of(request), paper, by_of(actor, form))
    except InputError as error:
        return _page(request, paper, actor, error.message)
    return _to(paper)


@router.get("/customs")
def border(request: Request, actor: ActorDep, number: Text = "") -> Response:
    """Release, hold or refuse: one field, one word, the reasons."""
    return _border(request, actor, number)


@router.post("/customs", response_model=None)
def release(request: Request, actor: ActorDep, form: Sent) -> Response:
    """Put on record what crosses the border, then ask again."""
    number, fault = str(form.get("number", "")), ""
    engine = engine_of(request)
    try:
        paper = papers.by_number(engine, customs.number_of(number)) or ""
        read_act(act_of(form)).do(engine, paper, by_of(actor, form))
    except InputError as error:
        fault = error.message
    return _border(request, actor, number, fault, done=not fault)


def _border(
    request: Request, actor: Actor, number: str, fault: str = "", *, done: bool = False
) -> Response:
    engine, today = engine_of(request), moment().date()
    found = customs.check(engine, number, actor.country, actor, today) if number.strip() else None
    paper = found["paper"] if found else None
    shown = papers.show(engine, paper["id"], actor) if paper else None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return page(
        "customs.html",
        status=status,
        number=number,
        found=found,
        shown=shown,
        fault=fault,
        done=done,
        once=uuid4().hex,
        today=today,
    )


def _page(request: Request, paper: str, actor: Actor, fault: str = "") -> Response:
    engine = engine_of(request)
    shown = papers.show(engine, paper, actor)
    return page(
        "paper.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        paper=shown,
        versions=papers.history(engine, paper, actor),
        outlook=outlook.if_granted(engine, paper, By(actor, moment())),
        fault=fault,
        once=uuid4().hex,
        today=moment().date(),
    )


def _form(
    actor: Actor,
    values: Mapping[str, Any],
    fault: str,
    many: Lists | None = None,
    paper: Mapping[str, Any] | None = None,
) -> Response:
    """The form of a draft with what was typed. `many` gives every value of a repeated field."""
    lists: Lists = many or (lambda _: [])
    rows = max(LINES, len(lists("substance")))
    return page(
        "paper-form.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        values=values,
        lists=lists,
        rows=rows,
        fault=fault,
        paper=paper,
        kinds=[Paper.IMPORT, Paper.EXPORT, Paper.EXPORT_DECLARATION, Paper.SPECIAL_IMPORT_LICENCE],
        once=uuid4().hex,
        actor=actor,
    )


def _to(paper: str) -> Response:
    return RedirectResponse(f"/papers/{paper}", HTTPStatus.SEE_OTHER)
