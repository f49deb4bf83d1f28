"""Who reads the pages: each form carries its session's token, and pages of a session are not kept."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from markupsafe import Markup

from api.access.door import CallerDep, check_form, form_token

FIELD = "form_token"
READING = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody logged in, as the head of a page shows them."""

    name: str
    role: str
    country: str
    token: str


VISITOR: ContextVar[Visitor | None] = ContextVar("visitor", default=None)


async def visiting(request: Request, caller: CallerDep) -> None:
    """What every page depends on. Raises FormRefused for a form that its session did not send."""
    if not caller.cookie:
        return
    if request.method not in READING:
        form = await request.form()
        check_form(caller.cookie, form.get(FIELD))
    actor = caller.actor
    VISITOR.set(Visitor(actor.name, actor.role, actor.country, form_token(caller.cookie)))


def visitor() -> Visitor | None:
    """Whoever is logged in where this page is made."""
    return VISITOR.get()


def token_field(token: str = "") -> Markup:
    """The hidden field that every form holds; nothing outside a session."""
    known = visitor()
    value = token or (known.token if known else "")
    if not value:
        return Markup("")
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, value)


def from_elsewhere(request: Request) -> bool:
    """Whether a page of another site sent this form.

    A browser says so in `Sec-Fetch-Site`; our own pages send no referrer, so `Origin` may be
    `null` there and only counts where the other is missing.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")
