"""Who sends a request: the holder of a key, somebody logged in, this machine, or nobody known.

Programs send `Authorization: Bearer`. Pages send the cookie of a session, which counts on no route
under `/v1`: what a browser sends by itself cannot act there.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest as hmac
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.access.acts import Act
from api.access.allow import Actor, allow
from api.engine import Engine
from api.settings import Settings
from api.usecases import access
from registry.errors import Denied, NotIdentified
from registry.models import Role

SCHEME = HTTPBearer(auto_error=False, description="a key made with `subreg access key add`")
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
PROGRAMS = "/v1/"

Given = Annotated[HTTPAuthorizationCredentials | None, Depends(SCHEME)]


class FormRefused(Denied):
    """A form without the token of the session it claims to be sent in."""

    code = "form-refused"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request; `cookie` is empty outside a session."""

    actor: Actor
    cookie: str = ""


def caller(request: Request, given: Given) -> Caller:
    """Who sends this request. Raises NotIdentified for a key that does not hold."""
    found = _caller(request, given)
    request.state.actor = found.actor.id
    return found


def actor_of(caller: CallerDep) -> Actor:
    return caller.actor


def needs(act: Act) -> Any:
    """A dependency of routes: whoever asks may do this, where no record is acted on."""

    def check(actor: ActorDep) -> None:
        allow(actor, act)

    return Depends(check)


def here(request: Request) -> bool:
    """Whether this machine asks itself, with nobody's proxy and no other site's name between."""
    server, client = request.scope.get("server"), request.client
    ends = (server[0] if server else "", client.host if client else "", request.url.hostname or "")
    forwarded = any(name in request.headers for name in FORWARDED)
    return not forwarded and all(loopback(end) for end in ends)


def loopback(host: str) -> bool:
    """Whether an address or name is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secure(request: Request) -> bool:
    """Whether a cookie may only travel encrypted: always but on this machine itself."""
    return request.url.scheme == "https" or not here(request)


def cookie_name(request: Request, name: str = "subreg") -> str:
    """A browser takes a name with this prefix from no other host and no other path."""
    return f"__Host-{name}" if secure(request) else name


def form_token(cookie: str) -> str:
    """What every form of a session carries; another site can neither read nor work it out."""
    return hmac(cookie.encode(), b"form", sha256).hex()


def check_form(cookie: str, token: object) -> None:
    """Raises FormRefused unless there is a session and the token is its own."""
    given = token if isinstance(token, str) else ""
    same = secrets.compare_digest(form_token(cookie).encode(), given.encode())
    if not (cookie and same):
        raise FormRefused("the form is not of this session; open the page again", act="form:send")


def moment() -> datetime:
    return datetime.now(UTC)


def _caller(request: Request, given: HTTPAuthorizationCredentials | None) -> Caller:
    engine: Engine = request.app.state.engine
    if given is not None:
        return Caller(access.identify(engine.sessions, given.credentials, now=moment()))
    cookie = request.cookies.get(cookie_name(request), "")
    if cookie and not request.url.path.startswith(PROGRAMS):
        try:
            return Caller(access.in_session(engine.sessions, cookie, now=moment()), cookie)
        except NotIdentified:  # it has ended; the page is then as for anybody
            pass
    return Caller(_keyless(request, engine.settings))


def _keyless(request: Request, settings: Settings) -> Actor:
    """Somebody without a key: what the operator leaves open, and checking a document always."""
    if settings.anonymous != "never" and here(request):
        return Actor(settings.actor, Role.LOCAL)
    if settings.anonymous == "always":
        return Actor(settings.actor, Role.ANONYMOUS)
    return Actor(settings.actor, Role.ANONYMOUS, scopes=(Act.DOCUMENT_VERIFY.value,))


CallerDep = Annotated[Caller, Depends(caller)]
ActorDep = Annotated[Actor, Depends(actor_of)]
