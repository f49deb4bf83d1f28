"""Log in with a key, and out again."""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access.door import CallerDep, check_form, cookie_name, form_token, secure
from api.usecases import access
from api.web.render import engine_of, moment, page
from api.web.visit import FIELD, from_elsewhere, token_field
from registry.errors import Denied, NotIdentified

BEFORE = "subreg-login"  # the cookie that stands in for a session until there is one
LOCAL_PATH = re.compile(r"/(?![/\\])[\x21-\x7e]*")
LONGEST = 500

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Key = Annotated[str, Form(max_length=LONGEST)]
Token = Annotated[str, Form(alias=FIELD, max_length=LONGEST)]


@router.get("/login")
def login(request: Request, then: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The form; its token is bound to a cookie of its own until there is a session."""
    return _form(request, then)


@router.post("/login", response_model=None)
def log_in(
    request: Request,
    key: Key = "",
    token: Token = "",
    then: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Begin a session and lead back to where it was wanted."""
    if from_elsewhere(request):
        return _form(request, then, "this form was sent by a page of another site")
    engine = engine_of(request)
    check_form(request.cookies.get(cookie_name(request, BEFORE), ""), token)
    try:
        _, cookie = access.log_in(engine.sessions, key, now=moment())
    except NotIdentified as denied:
        access.put_denial_on_record(engine.sessions, denied, actor="anonymous", now=moment())
        return _form(request, then, denied.message)
    answer = RedirectResponse(_local(then), HTTPStatus.SEE_OTHER)
    _keep(request, answer, "subreg", cookie, int(access.SESSION.total_seconds()))
    answer.delete_cookie(cookie_name(request, BEFORE), secure=secure(request), httponly=True)
    return answer


@router.post("/logout", response_model=None)
def log_out(request: Request, caller: CallerDep) -> Response:
    """End the session; without one there is nothing to end."""
    if caller.cookie:
        sessions = engine_of(request).sessions
        access.log_out(sessions, caller.cookie, actor=caller.actor, now=moment())
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(cookie_name(request), secure=secure(request), httponly=True)
    return answer


def refused(request: Request, denied: Denied) -> Response | None:
    """The login, for a reader whom nobody knows yet; None where something else has to be said."""
    if not isinstance(denied, NotIdentified) or request.method != "GET":
        return None
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?then={quote(wanted, safe='')}", HTTPStatus.SEE_OTHER)


def _form(request: Request, then: str, fault: str = "") -> Response:
    name = cookie_name(request, BEFORE)
    cookie = request.cookies.get(name) or secrets.token_urlsafe(32)
    status = HTTPStatus.UNAUTHORIZED if fault else HTTPStatus.OK
    field = token_field(form_token(cookie))
    shown = page("login.html", status=status, then=_local(then), fault=fault, field=field)
    _keep(request, shown, BEFORE, cookie, 3600)
    return shown


def _keep(request: Request, answer: Response, name: str, cookie: str, seconds: int) -> None:
    answer.set_cookie(
        cookie_name(request, name),
        cookie,
        max_age=seconds,
        secure=secure(request),
        httponly=True,
        samesite="strict",
    )
    answer.headers["cache-control"] = "no-store"


def _local(then: str) -> str:
    """Where to go afterwards, on this service and nowhere else."""
    return then if LOCAL_PATH.fullmatch(then) else "/"
