"""Server-rendered pages. They work without scripts; drawing is an addition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access.acts import Act
from api.access.allow import allow
from api.access.door import ActorDep
from api.engine import Structure
from api.usecases import coverage, decisions, history, provisions, substances
from api.usecases.classify import By, Question, classify
from api.usecases.dates import dates_asked
from api.web.forms import day_of
from api.web.render import HERE, Day, dates_of, drawn, engine_of, moment, page
from api.web.timeline import timeline
from api.web.view import Asked, answer_view, jurisdictions_of
from api.web.visit import from_elsewhere
from registry.chem.parse import Format
from registry.errors import InputError, NotFound
from rules.decide import Scope

STATIC = HERE / "static"
EDITOR = STATIC / "vendor" / "jsme" / "jsme.nocache.js"
# The editor compiles itself in the page; that is allowed in its own frame and nowhere else.
EDITOR_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Box = Annotated[str, Form(max_length=1 << 20)]
TypedDay = Annotated[str, Form(max_length=20)]


def is_page(request: Request) -> bool:
    """Whether a reader with a browser asks, not a program."""
    path, accepted = request.url.path, request.headers.get("accept", "")
    return not path.startswith(("/v1", "/static", "/openapi")) and "text/html" in accepted


def problem_page(problem: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return page("problem.html", status=problem["status"], headers=headers, problem=problem)


def kind_page(code: str, kind: Any) -> Response:
    """What a kind of problem means. `kind` has a status, a title and a text."""
    return page("kind.html", code=code, kind=kind)


@router.get("/")
def ask(request: Request, text: Annotated[str, Query(max_length=4000)] = "") -> Response:
    """The empty form, or one filled in by a link."""
    return _form(request, Asked(text))


@router.post("/", response_model=None)
def answer(
    request: Request,
    actor: ActorDep,
    text: Box = "",
    on: TypedDay = "",
    known_on: TypedDay = "",
    jurisdictions: Annotated[list[str] | None, Form(max_length=100)] = None,
    everything: Annotated[bool, Form()] = False,
) -> Response:
    """Answer and record, then lead to the decision's own page."""
    allow(actor, Act.CLASSIFY)
    asked = Asked(text, on, known_on, tuple(jurisdictions or ()), everything)
    engine, now = engine_of(request), moment()
    if from_elsewhere(request):
        return _form(request, asked, "this form was sent by a page of another site")
    try:
        made = classify(engine, _question(asked, now), actor=actor.id, now=now)
    except (InputError, NotFound) as error:
        return _form(request, asked, error.message)
    return RedirectResponse(f"/decisions/{made.id}", HTTPStatus.SEE_OTHER)


@router.get("/decisions/{decision}")
def decision(request: Request, decision: str) -> Response:
    return _decision(request, decision)


@router.post("/decisions/{decision}/replay")
def replay(request: Request, decision: str) -> Response:
    """Ask again and say whether the same bytes came out."""
    return _decision(request, decision, decisions.replay(engine_of(request), decision))


@router.get("/substances")
def substance_list(
    request: Request,
    q: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    found = substances.find(engine_of(request), substances.Wanted(q), dates_of(), after=after)
    return page("substances.html", found=found, q=q)


@router.get("/substances/{substance}")
def substance(request: Request, substance: str, on: Day = None, known_on: Day = None) -> Response:
    engine, dates = engine_of(request), dates_of(on, known_on)
    shown = substances.show(engine, substance, dates)
    picture = ""
    if shown["structure"]:
        picture = drawn(engine, Structure(shown["structure"]["as_given"]), shown["name"])
    line = timeline(shown["listings"], date.fromisoformat(shown["on"]))
    return page(
        "substance.html",
        shown=shown,
        picture=picture,
        line=line,
        places=jurisdictions_of(engine),
        provenance=history.provenance(engine, substance, dates),
    )


@router.get("/provisions")
def provision_list(
    request: Request, jurisdiction: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    engine = engine_of(request)
    lines = provisions.overview(engine, jurisdiction)
    return page("provisions.html", lines=lines, names=jurisdictions_of(engine))


@router.get("/coverage")
def coverage_table(request: Request) -> Response:
    rows = coverage.coverage_of(engine_of(request).law)
    return page("coverage.html", rows=rows, total=coverage.totals(rows))


@router.get("/provisions/{provision}")
def provision(request: Request, provision: str, on: Day = None, known_on: Day = None) -> Response:
    shown = provisions.show(engine_of(request), provision, dates_of(on, known_on))
    return page("provision.html", shown=shown)


@router.get("/draw")
def draw(query: bool = False) -> Response:
    """The structure editor, in a frame of its own with a policy of its own. `query`: it draws a
    pattern, with numbered atoms."""
    headers = {"content-security-policy": EDITOR_POLICY, "x-frame-options": "SAMEORIGIN"}
    return page("draw.html", headers=headers, installed=EDITOR.is_file(), query=query)


def _decision(
    request: Request, decision: str, replayed: decisions.Replay | None = None
) -> Response:
    engine = engine_of(request)
    made = decisions.get(engine, decision)
    if made.kind != "classify":
        return page("shipment.html", made=made, replayed=replayed)
    view = answer_view(
        engine, made.answer, lambda structure, groups: drawn(engine, structure, "", groups)
    )
    return page("decision.html", made=made, view=view, replayed=replayed)


def _question(asked: Asked, now: datetime) -> Question:
    dates = dates_asked(now, day_of(asked.on), day_of(asked.known_on))
    scope = Scope(jurisdictions=asked.jurisdictions)
    if not asked.text.strip():
        raise InputError("type or paste a structure, a name or a CAS number")
    return Question(asked.text, dates, By.ANY, Format.AUTO, scope, asked.everything)


def _form(request: Request, asked: Asked, fault: str = "") -> Response:
    engine = engine_of(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return page(
        "ask.html",
        status=status,
        asked=asked,
        fault=fault,
        jurisdictions=jurisdictions_of(engine),
        today=moment().date().isoformat(),
        drawing=EDITOR.is_file(),
    )
