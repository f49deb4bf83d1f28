"""Pages of simulations: ask for one, see how far it is, compare what the options do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api.access.acts import Act
from api.access.allow import Actor, allow
from api.access.door import ActorDep
from api.engine import Engine
from api.report import chart, table
from api.report import page as report
from api.usecases import collections, drafts, libraries, simulate
from api.web import comparison
from api.web.comparison import Filter
from api.web.forms import day_of
from api.web.render import HERE, engine_of, moment, page
from api.web.view import WORDS, jurisdictions_of
from registry.errors import InputError, NotFound
from registry.store.drafts import Wanted
from rules.result import Status

CHARTS = HERE / "static" / "vendor" / "vega" / "vega-interpreter.js"
FIELDS = 2  # drafts that an empty form has room for
STATES = {"ready": "waiting", "leased": "under way", "done": "done", "dead": "failed"}
OVER = ("done", "dead")

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Text = Annotated[str, Query(max_length=200)]
Start = Annotated[int, Query(ge=0, le=1_000_000)]
Many = Annotated[list[str] | None, Query(max_length=20)]
Texts = Annotated[list[str] | None, Form(max_length=20)]


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed, kept as typed."""

    texts: tuple[str, ...] = ()
    settle: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    libraries: tuple[str, ...] = libraries.names()
    on: str = ""
    bare: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The texts, and room for as many more as an empty form has."""
        return (*self.texts, *[""] * (FIELDS - len(self.texts)))


@router.get("/simulate")
def ask(request: Request, actor: ActorDep, settle: Many = None, stored: Many = None) -> Response:
    """The empty form, or one filled in by a link."""
    allow(actor, Act.SIMULATION_RUN)
    return _form(request, actor, Given(settle=tuple(settle or ()), stored=tuple(stored or ())))


@router.post("/simulate", response_model=None)
def start(
    request: Request,
    actor: ActorDep,
    draft: Texts = None,
    settle: Texts = None,
    stored: Texts = None,
    library: Texts = None,
    on: Annotated[str, Form(max_length=20)] = "",
    *,
    bare: Annotated[bool, Form()] = False,
    file: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Ask for the simulation, then lead to its own page."""
    typed = tuple(text for text in draft or () if text.strip())
    given = Given(typed, tuple(settle or ()), tuple(stored or ()), tuple(library or ()), on, bare)
    engine, now = engine_of(request), moment()
    try:
        kept = (drafts.text_of(engine, one, actor) for one in given.stored)
        texts = (*kept, *typed, *_uploaded(file or []), *_settled(engine, given))
        asked = simulate.Asked(texts, given.libraries, day_of(on), without_exemptions=bare)
        made = simulate.ask_later(engine, asked, actor, now)
    except (InputError, NotFound) as error:
        return _form(request, actor, given, error.message)
    return RedirectResponse(f"/simulations/{made['id']}", HTTPStatus.SEE_OTHER)


@router.get("/simulations")
def listed(request: Request, actor: ActorDep, after: Text = "") -> Response:
    """The simulations that the reader may see, newest first."""
    found = simulate.listed(engine_of(request), actor, after=after)
    return page("simulations.html", found=found, words=STATES)


@router.get("/simulations/{simulation}")
def show(
    request: Request,
    actor: ActorDep,
    simulation: str,
    library: Text = "",
    effect: Text = "",
    option: Text = "",
    start: Start = 0,
    *,
    differ: bool = False,
    collateral: bool = False,
) -> Response:
    """How far it has come; once it is done, the comparison."""
    engine = engine_of(request)
    shown = simulate.show(engine, simulation, actor, moment())
    if shown["result"] is None:
        return page("simulation-waiting.html", shown=shown, words=STATES)
    wanted = Filter(library, effect, option, differ, collateral)
    return _comparison(engine, shown, wanted, start)


@router.get("/simulations/{simulation}/progress")
def progress(request: Request, actor: ActorDep, simulation: str) -> Response:
    """The little that the waiting page asks for again and again."""
    shown = simulate.show(engine_of(request), simulation, actor, moment())
    members, state = shown["progress"]["members"], shown["state"]
    return JSONResponse({"members": members, "state": state, "over": state in OVER})


@router.get("/simulations/{simulation}/rows.csv")
def rows(request: Request, actor: ActorDep, simulation: str) -> Response:
    """Every row that was kept, one for each substance and option."""
    return Response(table.as_csv(_done(request, actor, simulation)), media_type="text/csv")


@router.get("/simulations/{simulation}/data.json")
def data(request: Request, actor: ActorDep, simulation: str) -> Response:
    """The whole simulation."""
    return JSONResponse(_done(request, actor, simulation))


@router.get("/simulations/{simulation}/report")
def printed(request: Request, actor: ActorDep, simulation: str) -> Response:
    """The report as it is printed."""
    text = report.html(_done(request, actor, simulation), stylesheet=report.SERVED)
    return HTMLResponse(text, headers={"cache-control": "no-store"})


@router.get("/simulations/{simulation}/report.pdf")
def document(request: Request, actor: ActorDep, simulation: str) -> Response:
    """The report as a file."""
    done = _done(request, actor, simulation)
    written = report.pdf(done, engine_of(request).workers)
    return Response(written, media_type="application/pdf", headers={"cache-control": "no-store"})


def _done(request: Request, actor: Actor, simulation: str) -> dict[str, Any]:
    shown = simulate.show(engine_of(request), simulation, actor, moment())
    if shown["result"] is None:
        raise NotFound(f"simulation `{simulation}` has no result: it is {STATES[shown['state']]}")
    result: dict[str, Any] = shown["result"]
    return result


def _comparison(engine: Engine, shown: dict[str, Any], wanted: Filter, start: int) -> Response:
    result = shown["result"]
    reached = Filter(effect=comparison.OPEN_OR_CAUGHT, collateral=True)
    return page(
        "simulation.html",
        id=shown["id"],
        sim=result,
        specs=chart.charts(result),
        charts=CHARTS.is_file(),
        totals=comparison.totals(result),
        overlap=comparison.overlap(result),
        collateral=comparison.lines(result, reached),
        lines=comparison.lines(result, wanted, start),
        wanted=wanted,
        links=lambda **asked: Filter(**asked).link(0),
        effects=comparison.EFFECTS,
        reached=comparison.OPEN_OR_CAUGHT,
        styles=comparison.STYLES,
        words={status: WORDS[status] for status in Status},
        names=jurisdictions_of(engine),
    )


def _form(request: Request, actor: Actor, given: Given, fault: str = "") -> Response:
    engine = engine_of(request)
    return page(
        "simulate.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        given=given,
        libraries=_libraries(engine),
        stored=_stored(engine, actor, given),
        fault=fault,
    )


def _stored(engine: Engine, actor: Actor, given: Given) -> list[dict[str, Any]]:
    """The drafts to choose from: those a link named, then others the reader may see."""
    named = [drafts.show(engine, one, actor) for one in given.stored]
    others = drafts.listed(engine, Wanted(), actor).items
    told = {one["id"]: one for one in (*named, *others)}
    return [one for one in told.values() if one["finished"] and not one["withdrawn_at"]]


def _libraries(engine: Engine) -> dict[str, str]:
    """What a simulation can be over, and what each library says of itself."""
    root = engine.settings.collections
    own = [] if root is None else collections.listed(root)
    return {name: libraries.SAYS[name] for name in libraries.names()} | {
        f"{libraries.COLLECTION}:{one['name']}": "a collection of this service" for one in own
    }


def _uploaded(files: list[UploadFile]) -> Iterator[str]:
    for file in files:
        if not file.filename:  # a browser sends an empty field so
            continue
        try:
            yield file.file.read().decode()
        except UnicodeDecodeError:
            raise InputError(f"`{file.filename}` is not a text in UTF-8") from None


def _settled(engine: Engine, given: Given) -> Iterator[str]:
    on = day_of(given.on) or moment().date()
    for asked in given.settle:
        yield simulate.settling(engine.law, asked, on)
