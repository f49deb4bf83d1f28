"""Pages of cases: what is overdue by jurisdiction, every case with its time line, and its forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BeforeValidator
from starlette.datastructures import FormData

from api.access.acts import Act
from api.access.allow import Actor, may
from api.access.door import ActorDep, needs
from api.engine import Engine
from api.usecases import cases
from api.usecases.case_requests import CaseIn, CloseIn, FollowIn, StepIn, WithdrawalIn, read_as
from api.usecases.cases import DueWanted
from api.usecases.cases_shown import SILENCE
from api.usecases.trade.acts import By
from api.web.forms import by_of
from api.web.papers import sent
from api.web.render import Day, dates_of, engine_of, moment, page
from api.web.visit import from_elsewhere
from registry.errors import InputError, NotFound
from registry.store.cases import Wanted
from rules.pipeline.procedure import procedures

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Query(max_length=500, pattern=NO_NUL)]
AHEAD = 30
Within = Annotated[
    int, BeforeValidator(lambda given: AHEAD if given == "" else given), Query(ge=0, le=3660)
]
Sent = Annotated[FormData, Depends(sent)]
PAGE = 50
URGENT = ("overdue", "expired", "expiring", "due", "undetermined", "takes_effect", "closing")
STEP = ("step", "document", "source", "note", "jurisdiction")
DAYS = ("on", "not_before", "not_after", "until")
ACTS: dict[str, tuple[Callable[..., Any], type[Any]]] = {
    "step": (cases.record, StepIn),
    "withdraw": (cases.withdraw, WithdrawalIn),
    "follow": (cases.follow, FollowIn),
    "close": (cases.close, CloseIn),
}


@router.get("/cases")
def listed(
    request: Request,
    actor: ActorDep,
    procedure: Text = "",
    substance: Text = "",
    raised: Text = "",
    closed: Text = "",
    after: Text = "",
    within: Within = AHEAD,
    on: Day = None,
) -> Response:
    """What needs looking at, by jurisdiction, then every case."""
    engine, dates = engine_of(request), dates_of(on)
    chosen = {"open": False, "closed": True}.get(closed)
    wanted = Wanted(procedure, substance.strip(), raised.strip().upper(), chosen)
    found = cases.listed(engine, wanted, dates, after=after, limit=PAGE)
    of = Wanted(procedure, wanted.substance, wanted.raised, closed=False)
    items = cases.due(engine, DueWanted(within, cases=of), dates)
    asked = {
        "procedure": procedure, "substance": substance, "raised": raised, "closed": closed,
        "within": within, "on": on.isoformat() if on else "",
    }  # fmt: skip
    return page(
        "cases.html",
        found=found.items,
        after=found.after,
        due=_by_place(items),
        total=len(items),
        asked=asked,
        filtered=any((procedure, substance, raised, closed)),
        procedures=procedures(),
        manages=may(actor, Act.CASE_MANAGE),
        on=dates.on.isoformat(),
        caveat=SILENCE,
    )


@router.get("/cases/new", dependencies=[needs(Act.CASE_MANAGE)])
def empty() -> Response:
    """The form of a case."""
    return _form({}, "")


@router.post("/cases/new", response_model=None)
def opened(request: Request, actor: ActorDep, form: Sent) -> Response:
    """Open it, then lead to its own page."""
    try:
        _refuse_elsewhere(request)
        names = [one.strip() for one in _lines(form, "substances")]
        asked = {
            "title": str(form.get("title", "")).strip(),
            "procedure": str(form.get("procedure", "")),
            "subjects": [{"substance": one} for one in names],
            "jurisdictions": str(form.get("jurisdictions", "")).upper().replace(",", " ").split(),
            "note": str(form.get("note", "")),
        }
        made = cases.open_case(engine_of(request), read_as(CaseIn, asked), by_of(actor, form))
    except (InputError, NotFound) as error:
        return _form(form, error.message)
    return RedirectResponse(f"/cases/{made['id']}", HTTPStatus.SEE_OTHER)


@router.get("/cases/{case}")
def show(
    request: Request, case: str, actor: ActorDep, on: Day = None, known_on: Day = None
) -> Response:
    """One case with its clocks, its entries along time, and what can be added."""
    dates = dates_of(on, known_on)
    return _page(actor, cases.show(engine_of(request), case, dates), past=bool(on or known_on))


@router.post("/cases/{case}", response_model=None)
def add(request: Request, case: str, actor: ActorDep, form: Sent) -> Response:
    """Add one entry, then show how the case stands."""
    engine = engine_of(request)
    try:
        _refuse_elsewhere(request)
        _act(engine, case, form, by_of(actor, form))
    except InputError as error:
        return _page(actor, cases.show(engine, case, dates_of()), error.message)
    return RedirectResponse(f"/cases/{case}", HTTPStatus.SEE_OTHER)


def _act(engine: Engine, case: str, form: FormData, by: By) -> None:
    """Do what the form asks. Raises InputError for an act there is not."""
    act, model = ACTS.get(str(form.get("act", "")), (None, None))
    if act is None or model is None:
        raise InputError("there is no such act on a case")
    act(engine, case, read_as(model, _asked(form)), by)


def _asked(form: FormData) -> dict[str, Any]:
    """What the form of an act says; what was left empty is not asked."""
    kind = str(form.get("act", ""))
    names = {
        "step": (*STEP, *DAYS, "corrects"),
        "withdraw": ("entry", "reason"),
        "follow": ("jurisdiction", "note"),
        "close": ("reason",),
    }[kind]
    given = {name: str(form.get(name, "")).strip() for name in names}
    return {name: value for name, value in given.items() if value}


def _by_place(items: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """By jurisdiction, the most urgent first; what is nobody's own comes last."""
    places: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in items:
        places[one["jurisdiction"]].append(one)
    ordered = sorted(places, key=lambda place: (not place, place))
    return [
        (place, sorted(places[place], key=lambda one: URGENT.index(one["attention"])))
        for place in ordered
    ]


def _along_time(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What happened and what is to come, by day; what has no day comes last."""
    titles = {one["id"]: one["title"] for one in shown["steps"]}
    events = [
        {
            "day": one["not_before"] if one["not_before"] == one["not_after"] else None,
            "between": (one["not_before"], one["not_after"]),
            "title": titles.get(one["step"], one["step"]),
            "place": one["jurisdiction"],
            "text": one["document"],
            "source": one["source"],
            "kind": "done",
        }
        for one in shown["entries"]
        if one["stands"] and one["kind"] == "step"
    ]
    events += [
        {
            "day": one["by"], "between": (one["by"], one["by_latest"]), "title": one["text"],
            "place": one["jurisdiction"], "text": one["status"].replace("_", " "), "source": "",
            "kind": one["attention"] or ("past" if one["status"] == "over" else "clock"),
        }
        for one in shown["dues"]
        if one["by"] and one["status"] != "met"
    ]  # fmt: skip
    return sorted(events, key=lambda one: (one["day"] or one["between"][0] or "9999", one["title"]))


def _page(
    actor: Actor, shown: Mapping[str, Any], fault: str = "", *, past: bool = False
) -> Response:
    return page(
        "case.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        shown=shown,
        events=_along_time(shown),
        fault=fault,
        manages=may(actor, Act.CASE_MANAGE) and not past,
        once=uuid4().hex,
        today=moment().date().isoformat(),
    )


def _form(values: Mapping[str, Any], fault: str) -> Response:
    return page(
        "case-form.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        values=values,
        fault=fault,
        procedures=procedures(),
        once=uuid4().hex,
    )


def _refuse_elsewhere(request: Request) -> None:
    if from_elsewhere(request):
        raise InputError("this form was sent by a page of another site")


def _lines(form: FormData, name: str) -> list[str]:
    return [line for line in str(form.get(name, "")).splitlines() if line.strip()]
