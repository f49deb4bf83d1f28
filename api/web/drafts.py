"""Pages of drafts: listed, written with faults and examples shown meanwhile, saved, compared."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from api.access.acts import Act
from api.access.allow import Actor, allow
from api.access.door import ActorDep
from api.access.papers import of_draft
from api.engine import Engine
from api.usecases import draft_check, drafts
from api.usecases.drafts import New
from api.usecases.trade.acts import VersionConflict
from api.web.forms import by_of
from api.web.pages import EDITOR
from api.web.render import engine_of, moment, page
from registry.errors import InputError, NotIdentified, Overrun
from registry.store.drafts import Wanted


def known(actor: ActorDep) -> None:
    """Whoever keeps drafts has a key. Raises NotIdentified, which leads to the login."""
    if not actor.known:
        raise NotIdentified("drafts need a key", act=Act.DRAFT_READ)


router = APIRouter(
    include_in_schema=False, default_response_class=HTMLResponse, dependencies=[Depends(known)]
)

Words = Annotated[str, Query(max_length=200)]
Number = Annotated[int | None, Query(ge=1, le=1 << 53)]
Which = Annotated[int, Query(ge=1, le=1 << 53)]
PAGE = 50
VERSIONS = 200
EMPTY = """\
draft: name-it
jurisdiction: {country}
title:
  en: What it would do
option: individual
from: {year}-01-01
changes:
  - list: PROVISION
    substances:
      - name: A named substance of the register
examples: []
"""


async def sent(request: Request) -> FormData:
    """The form as it was sent."""
    return await request.form()


Sent = Annotated[FormData, Depends(sent)]


@router.get("/drafts")
def listed(
    request: Request, actor: ActorDep, jurisdiction: Words = "", after: Words = ""
) -> Response:
    """The drafts that the reader may see."""
    wanted = Wanted(jurisdiction.strip().upper())
    found = drafts.listed(engine_of(request), wanted, actor, after=after, limit=PAGE)
    return page("drafts.html", drafts=found.items, after=found.after, jurisdiction=jurisdiction)


@router.get("/drafts/new")
def empty(request: Request, actor: ActorDep) -> Response:
    """The editor with the frame of a draft in it."""
    allow(actor, Act.DRAFT_WRITE, of_draft("", actor.id, actor.country))
    text = EMPTY.format(country=actor.country or "XX", year=moment().year + 1)
    return _editor(request, actor, {"text": text})


@router.post("/drafts/new", response_model=None)
def keep(request: Request, actor: ActorDep, form: Sent) -> Response:
    """Keep it, then lead to its own page."""
    new = New(_text(form), _word(form, "name"), _word(form, "for").upper(), _word(form, "remark"))
    try:
        made = drafts.create(engine_of(request), new, by_of(actor, form))
    except (InputError, Overrun) as error:
        return _editor(request, actor, _typed(form), error.message)
    return _to(made["id"])


@router.post("/drafts/check", response_model=None)
def check(request: Request, actor: ActorDep, form: Sent, part: bool = False) -> Response:
    """What the text is as a draft: the part of the page that says so, or the page with it."""
    found, fault = None, ""
    try:
        found = draft_check.check(engine_of(request), _text(form), actor, moment())
    except (InputError, Overrun) as error:
        fault = error.message
    if part:
        return page("draft-checked.html", found=found, fault=fault)
    draft = _word(form, "draft")
    shown = drafts.show(engine_of(request), draft, actor) if draft else None
    return _editor(request, actor, _typed(form), fault, shown, found)


@router.get("/drafts/{draft}")
def show(request: Request, draft: str, actor: ActorDep, version: Number = None) -> Response:
    """One draft in the editor, at its newest version or another."""
    shown = drafts.show(engine_of(request), draft, actor, version)
    return _editor(request, actor, {"text": shown["text"]}, shown=shown)


@router.post("/drafts/{draft}", response_model=None)
def save(request: Request, draft: str, actor: ActorDep, form: Sent) -> Response:
    """Save the next version, on the one the page was opened with."""
    engine, fault = engine_of(request), ""
    try:
        drafts.save(engine, draft, _text(form), by_of(actor, form), _word(form, "remark"))
        return _to(draft)
    except VersionConflict:
        fault = (
            "somebody has saved this draft meanwhile: look at what changed before you save again"
        )
    except (InputError, Overrun) as error:
        fault = error.message
    return _editor(request, actor, _typed(form), fault, drafts.show(engine, draft, actor))


@router.post("/drafts/{draft}/withdraw", response_model=None)
def withdraw(request: Request, draft: str, actor: ActorDep, form: Sent) -> Response:
    """Take it out of the list."""
    drafts.withdraw(engine_of(request), draft, by_of(actor, form))
    return RedirectResponse("/drafts", HTTPStatus.SEE_OTHER)


@router.get("/drafts/{draft}/compare")
def compare(request: Request, draft: str, before: Which, after: Which, actor: ActorDep) -> Response:
    """Two versions beside each other: in words, and line by line."""
    told = drafts.compare(engine_of(request), draft, actor, before, after)
    return page("draft-compare.html", told=told)


def _editor(
    request: Request,
    actor: Actor,
    values: Mapping[str, Any],
    fault: str = "",
    shown: Mapping[str, Any] | None = None,
    found: Mapping[str, Any] | None = None,
) -> Response:
    """The editor with what was typed. `shown`: the draft it is, None while it is not kept yet."""
    engine = engine_of(request)
    versions = _newest(engine, shown, actor) if shown else ()
    return page(
        "draft-editor.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        values=values,
        fault=fault,
        draft=shown,
        versions=versions,
        found=found,
        drawing=EDITOR.is_file(),
        once=uuid4().hex,
    )


def _newest(
    engine: Engine, shown: Mapping[str, Any], actor: Actor
) -> tuple[Mapping[str, Any], ...]:
    """The newest versions, the newest first."""
    begin = max(0, shown["newest"] - VERSIONS)
    found = drafts.history(engine, shown["id"], actor, after=begin, limit=VERSIONS)
    return tuple(reversed(found.items))


def _text(form: FormData) -> str:
    """The draft as typed; a browser sends every end of a line as two characters."""
    return str(form.get("text", "")).replace("\r\n", "\n")


def _word(form: FormData, name: str) -> str:
    return str(form.get(name, "")).strip()


def _typed(form: FormData) -> dict[str, str]:
    words = {name: _word(form, name) for name in ("name", "for", "remark", "version")}
    return {"text": _text(form), **words}


def _to(draft: str) -> Response:
    return RedirectResponse(f"/drafts/{draft}", HTTPStatus.SEE_OTHER)
