"""One place that wires: settings, engine, routes, pages, errors, headers.

uvicorn api.http.app:create_app --factory
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from api.access.acts import Act
from api.access.door import needs
from api.engine import open_engine
from api.http import kinds, problems
from api.http.deps import clock
from api.http.middleware import Envelope, log_to_stderr, silence_server_log
from api.http.routes import (
    access,
    audit,
    authorisations,
    cases,
    changes,
    classify,
    collections,
    customs,
    decisions,
    diff,
    documents,
    drafts,
    evidence,
    history,
    ledgers,
    names,
    notifications,
    options,
    provisions,
    service,
    shipments,
    simulations,
    structures,
    substances,
    watches,
)
from api.settings import Settings
from api.usecases import access as usecase
from api.usecases import watch
from api.web import audit as audit_page
from api.web import cases as cases_page
from api.web import drafts as drafts_page
from api.web import law_diff as law_diff_page
from api.web import login, pages
from api.web import notifications as notifications_page
from api.web import options as options_page
from api.web import papers as papers_page
from api.web import priority as priority_page
from api.web import readings as readings_page
from api.web import search as search_page
from api.web import simulate as simulate_page
from api.web import verify as verify_page
from api.web.visit import visiting
from registry.errors import Denied, NotFound, NotIdentified, RegisterError

ABOUT = (
    "Controlled substances and precursors through time: what the law says of a structure on a "
    "date, clause by clause, and whether a shipment may go. Not legal advice. Every error is "
    "`application/problem+json` (RFC 9457)."
)
CHALLENGE = {"WWW-Authenticate": "Bearer"}
# What whoever asks must at least be allowed; routes and use cases ask for more where they do more.
PROGRAMS = (
    (classify, Act.CLASSIFY),
    (shipments, Act.SHIPMENT_CHECK),
    (substances, Act.REGISTER_READ),
    (names, Act.SEARCH),
    (structures, Act.SEARCH),
    (collections, Act.COLLECTION_SEARCH),
    (history, Act.HISTORY_READ),
    (changes, Act.HISTORY_READ),
    (diff, Act.HISTORY_READ),
    (provisions, Act.REGISTER_READ),
    (options, Act.REGISTER_READ),
    (decisions, Act.DECISION_READ),
    (watches, Act.WATCH_READ),
    (cases, Act.CASE_READ),
    (evidence, Act.EVIDENCE_READ),
)
PAGES = (
    (pages.router, Act.REGISTER_READ),
    (options_page.router, Act.REGISTER_READ),
    (search_page.router, Act.SEARCH),
    (readings_page.router, Act.REGISTER_READ),
    (law_diff_page.router, Act.SIMULATION_RUN),
    (simulate_page.router, Act.REGISTER_READ),
    (papers_page.router, Act.REGISTER_READ),
    (audit_page.router, Act.REGISTER_READ),
    (notifications_page.router, Act.REGISTER_READ),
    (drafts_page.router, Act.REGISTER_READ),
    (cases_page.router, Act.CASE_READ),
    (priority_page.router, Act.EVIDENCE_READ),
    (verify_page.router, Act.DOCUMENT_VERIFY),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service. Opening starts the workers; closing ends them and the database pool."""
    chosen = settings or Settings()
    log_to_stderr(chosen.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        silence_server_log()  # here, since the server sets up its logs after the app is made
        with open_engine(chosen, clock()) as engine:
            app.state.engine = engine
            watch.check(engine, actor=chosen.actor, now=clock())
            yield

    app = FastAPI(
        title="substance-register",
        description=ABOUT,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    for routes, act in PROGRAMS:
        app.include_router(routes.router, dependencies=[needs(act)])
    for routes in (
        access,
        audit,
        authorisations,
        customs,
        drafts,
        ledgers,
        notifications,
        simulations,
    ):  # what they do asks for each record
        app.include_router(routes.router)
    app.include_router(service.router)
    app.include_router(documents.router, dependencies=[needs(Act.DOCUMENT_VERIFY)])
    app.include_router(documents.well_known)
    for router, act in PAGES:
        app.include_router(router, dependencies=[Depends(visiting), needs(act)])
    app.include_router(login.router, dependencies=[Depends(visiting)])
    app.mount("/static", StaticFiles(directory=pages.STATIC), name="static")
    _explain_problems(app)
    _answer_errors(app)
    app.add_middleware(Envelope, body_bytes=chosen.body_bytes)
    _describe(app)
    return app


def _explain_problems(app: FastAPI) -> None:
    """One page for each kind of problem, at the address its `type` gives."""

    @app.get("/problems/{code}", include_in_schema=False)
    def explained(code: str) -> Response:
        if code not in kinds.KINDS:
            raise NotFound(f"there is no kind of problem `{code}`")
        return pages.kind_page(code, kinds.KINDS[code])


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(Denied)
    def denied(request: Request, error: Denied) -> Response:
        _put_on_record(request, error)
        to_login = login.refused(request, error) if pages.is_page(request) else None
        challenge = CHALLENGE if isinstance(error, NotIdentified) else None
        return to_login or _answer(request, problems.of_error(error), challenge)

    @app.exception_handler(RegisterError)
    def ours(request: Request, error: RegisterError) -> Response:
        return _answer(request, problems.of_error(error))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return _answer(request, problems.of_validation(error))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        return _answer(request, problems.of_http(error), error.headers)


def _put_on_record(request: Request, denied: Denied) -> None:
    engine, actor = request.app.state.engine, getattr(request.state, "actor", "")
    usecase.put_denial_on_record(engine.sessions, denied, actor=actor, now=clock())


def _answer(request: Request, problem: problems.Problem, headers: Any = None) -> Response:
    """A page for a reader, problem details for a program."""
    if pages.is_page(request):
        return pages.problem_page(problem.model_dump(), headers)
    return problem.response(headers)


def _describe(app: FastAPI) -> None:
    """The API page: our problem schema instead of the framework's."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = get_openapi(
                title=app.title, version=app.version, description=ABOUT, routes=app.routes
            )
            parts = described["components"]["schemas"]
            parts |= problems.schemas()
            for name in ("HTTPValidationError", "ValidationError"):
                parts.pop(name, None)
            app.openapi_schema = described
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # how the framework has it extended
