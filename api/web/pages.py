"""Server-rendered pages. They work without scripts; drawing is an addition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.engine import Engine, Structure
from api.usecases import coverage, decisions, provisions, substances
from api.usecases.classify import By, Question, classify
from api.usecases.dates import Dates, dates_asked
from api.web.timeline import timeline
from api.web.view import Asked, answer_view, jurisdictions_of
from registry.chem.parse import Format
from registry.errors import InputError, NotFound, Overrun
from rules.decide import Scope

HERE = Path(__file__).parent
STATIC = HERE / "static"
EDITOR = STATIC / "vendor" / "jsme" / "jsme.nocache.js"
# The editor compiles itself in the page; that is allowed in its own frame and nowhere else.
EDITOR_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_TICKED = re.compile(r"`([^`]*)`")
_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _ticked(text: str) -> Markup:
    """The user's own words, in backticks in a message, set as code."""
    return Markup(_TICKED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped first)


_templates.filters["ticked"] = _ticked

Box = Annotated[str, Form(max_length=1 << 20)]
Day = Annotated[str, Form(max_length=20)]
Day_ = Annotated[date | None, Query()]


def is_page(request: Request) -> bool:
    """Whether a reader with a browser asks, not a program."""
    path, accepted = request.url.path, request.headers.get("accept", "")
    return not path.startswith(("/v1", "/static", "/openapi")) and "text/html" in accepted


def problem_page(problem: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return _page("problem.html", status=problem["status"], headers=headers, problem=problem)


def kind_page(code: str, kind: Any) -> Response:
    """What a kind of problem means. `kind` has a status, a title and a text."""
    return _page("kind.html", code=code, kind=kind)


@router.get("/")
def ask(request: Request, text: Annotated[str, Query(max_length=4000)] = "") -> Response:
    """The empty form, or one filled in by a link."""
    return _form(request, Asked(text))


@router.post("/", response_model=None)
def answer(
    request: Request,
    text: Box = "",
    on: Day = "",
    known_on: Day = "",
    jurisdictions: Annotated[list[str] | None, Form(max_length=100)] = None,
    everything: Annotated[bool, Form()] = False,
) -> Response:
    """Answer and record, then lead to the decision's own page."""
    asked = Asked(text, on, known_on, tuple(jurisdictions or ()), everything)
    engine, now = _engine(request), _now()
    if _from_elsewhere(request):
        return _form(request, asked, "this form was sent by a page of another site")
    try:
        made = classify(engine, _question(asked, now), actor=engine.settings.actor, now=now)
    except (InputError, NotFound) as error:
        return _form(request, asked, error.message)
    return RedirectResponse(f"/decisions/{made.id}", HTTPStatus.SEE_OTHER)


def _from_elsewhere(request: Request) -> bool:
    """Whether a page of another site sent this form.

    A browser says so in `Sec-Fetch-Site`; our own pages send no referrer, so `Origin` may be
    `null` there and only counts where the other is missing.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


@router.get("/decisions/{decision}")
def decision(request: Request, decision: str) -> Response:
    return _decision(request, decision)


@router.post("/decisions/{decision}/replay")
def replay(request: Request, decision: str) -> Response:
    """Ask again and say whether the same bytes came out."""
    return _decision(request, decision, decisions.replay(_engine(request), decision))


@router.get("/substances")
def substance_list(
    request: Request,
    q: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    found = substances.find(_engine(request), substances.Wanted(q), _dates(), after=after)
    return _page("substances.html", found=found, q=q)


@router.get("/substances/{substance}")
def substance(request: Request, substance: str, on: Day_ = None, known_on: Day_ = None) -> Response:
    engine = _engine(request)
    shown = substances.show(engine, substance, _dates(on, known_on))
    picture = ""
    if shown["structure"]:
        picture = _picture(engine, Structure(shown["structure"]["as_given"]), shown["name"])
    line = timeline(shown["listings"], date.fromisoformat(shown["on"]))
    return _page(
        "substance.html", shown=shown, picture=picture, line=line, places=jurisdictions_of(engine)
    )


@router.get("/provisions")
def provision_list(
    request: Request, jurisdiction: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    engine = _engine(request)
    lines = provisions.overview(engine, jurisdiction)
    return _page("provisions.html", lines=lines, names=jurisdictions_of(engine))


@router.get("/coverage")
def coverage_table(request: Request) -> Response:
    rows = coverage.coverage_of(_engine(request).law)
    return _page("coverage.html", rows=rows, total=coverage.totals(rows))


@router.get("/provisions/{provision}")
def provision(request: Request, provision: str, on: Day_ = None, known_on: Day_ = None) -> Response:
    shown = provisions.show(_engine(request), provision, _dates(on, known_on))
    return _page("provision.html", shown=shown)


@router.get("/draw")
def draw() -> Response:
    """The structure editor, in a frame of its own with a policy of its own."""
    headers = {"content-security-policy": EDITOR_POLICY, "x-frame-options": "SAMEORIGIN"}
    return _page("draw.html", headers=headers, installed=EDITOR.is_file())


def _decision(
    request: Request, decision: str, replayed: decisions.Replay | None = None
) -> Response:
    engine = _engine(request)
    made = decisions.get(engine, decision)
    if made.kind != "classify":
        return _page("shipment.html", made=made, replayed=replayed)
    view = answer_view(
        engine, made.answer, lambda structure, groups: _picture(engine, structure, "", groups)
    )
    return _page("decision.html", made=made, view=view, replayed=replayed)


def _question(asked: Asked, now: datetime) -> Question:
    dates = dates_asked(now, _day(asked.on), _day(asked.known_on))
    scope = Scope(jurisdictions=asked.jurisdictions)
    if not asked.text.strip():
        raise InputError("type or paste a structure, a name or a CAS number")
    return Question(asked.text, dates, By.ANY, Format.AUTO, scope, asked.everything)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"`{text}` is not a date; write it as 2026-01-31") from None


def _form(request: Request, asked: Asked, fault: str = "") -> Response:
    engine = _engine(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return _page(
        "ask.html",
        status=status,
        asked=asked,
        fault=fault,
        jurisdictions=jurisdictions_of(engine),
        today=_now().date().isoformat(),
        drawing=EDITOR.is_file(),
    )


def _picture(
    engine: Engine,
    structure: Structure,
    legend: str,
    groups: Mapping[str, tuple[int, ...]] | None = None,
) -> str:
    """The structure as SVG; empty where drawing was stopped."""
    try:
        return engine.draw(structure, dict(groups or {}), legend)
    except (InputError, Overrun):
        return ""


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _now() -> datetime:
    return datetime.now(UTC)


def _dates(on: date | None = None, known_on: date | None = None) -> Dates:
    return dates_asked(_now(), on, known_on)


def _page(
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **content: Any,
) -> HTMLResponse:
    text = _templates.get_template(template).render(**content)
    return HTMLResponse(text, status, dict(headers or {}))
