"""Pages of pre-export notifications: composed, sent, answered, due, and what silence allows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from api.access.allow import Actor
from api.access.door import ActorDep
from api.messages.xml import to_xml
from api.usecases import notifications, notifications_shown
from api.usecases.notification_record import New, Step
from api.usecases.trade import printing
from api.web.forms import PARTY, day_of, version_of
from api.web.papers import PAGE, Language, Sent, known
from api.web.render import engine_of, moment, page
from registry.errors import InputError
from registry.store.notifications import Wanted
from registry.trade_facts import NotificationState, Party
from rules.shipment.consignment import read_consignment
from rules.trade.notification_states import Act

router = APIRouter(
    include_in_schema=False, default_response_class=HTMLResponse, dependencies=[Depends(known)]
)
Text = Annotated[str, Query(max_length=500)]
STATES = list(NotificationState)


@router.get("/notifications")
def listed(
    request: Request, actor: ActorDep, state: Text = "", country: Text = "", after: Text = ""
) -> Response:
    """What is due, and every notification that the reader may see."""
    engine, now = engine_of(request), moment()
    chosen = state if state in STATES else ""
    wanted = Wanted(chosen, receiver=country.strip().upper())
    found = notifications_shown.listed(
        engine.sessions, wanted, actor=actor, after=after, limit=PAGE
    )
    today = datetime.combine(now.date(), time.max, tzinfo=UTC)
    return page(
        "notifications.html",
        items=found.items,
        after=found.after,
        due=notifications_shown.due(engine.sessions, actor=actor, by=today, now=now),
        state=chosen,
        country=wanted.receiver,
        states=STATES,
        actor=actor,
    )


@router.get("/notifications/new")
def empty(actor: ActorDep) -> Response:
    """The form of a notification."""
    return _form(actor, {"origin": actor.country, "unit": "kg"})


@router.post("/notifications/new", response_model=None)
def compose(request: Request, actor: ActorDep, form: Sent) -> Response:
    """Draft it, then lead to its own page."""
    try:
        made = notifications.compose(
            engine_of(request).sessions,
            new_of(form, moment().date()),
            actor=actor,
            now=moment(),
            key=str(form.get("once", "")),
        )
    except InputError as error:
        return _form(actor, dict(form), error.message)
    return _to(made["id"])


@router.get("/notifications/{notification}")
def show(request: Request, notification: str, actor: ActorDep) -> Response:
    """One notification: where it stands, what is lacking, what can be done about it now."""
    return _page(request, notification, actor)


@router.get("/notifications/{notification}/message.xml")
def message(request: Request, notification: str, actor: ActorDep) -> Response:
    """The message for the other authority's system."""
    told = notifications_shown.message_of(engine_of(request).sessions, notification, actor=actor)
    return Response(
        to_xml(told), media_type="application/xml", headers={"cache-control": "no-store"}
    )


@router.get("/notifications/{notification}/document.pdf")
def document(
    request: Request, notification: str, actor: ActorDep, language: Language = "en"
) -> Response:
    """The signed notification as a file."""
    data = printing.notification_of(engine_of(request), notification, actor, language)
    return Response(data, media_type="application/pdf", headers={"cache-control": "no-store"})


@router.post("/notifications/{notification}", response_model=None)
def act(request: Request, notification: str, actor: ActorDep, form: Sent) -> Response:
    """Record one act, then show how it stands."""
    try:
        step = step_of(form)
        notifications.act(
            engine_of(request).sessions, notification, step, actor=actor, now=moment()
        )
    except InputError as error:
        return _page(request, notification, actor, error.message)
    return _to(notification)


def new_of(form: FormData, today: date) -> New:
    """What the form says, as a consignment to be notified. Raises InputError."""
    given = {name: str(value).strip() for name, value in form.items()}
    return New(
        read_consignment(_consignment(given, today)),
        Party(given.get("sender", "")),
        Party(given.get("receiver", "")),
        entry_point=given.get("entry_point", ""),
        dispatch_on=day_of(given.get("dispatch_on", "")),
        authorisation=given.get("authorisation", ""),
        remarks=given.get("remarks", ""),
    )


def _consignment(given: Mapping[str, str], today: date) -> dict[str, Any]:
    quantity = {"value": given.get("quantity", ""), "unit": given.get("unit", "")}
    line = {"substance": given.get("substance", ""), "quantity": quantity}
    return {
        "reference": given.get("reference") or "not stated",
        "on": today.isoformat(),
        "movement": {
            "from": given.get("origin", "").upper(),
            "to": given.get("destination", "").upper(),
            "via": given.get("via", "").upper().replace(",", " ").split(),
        },
        "lines": [line | {"cas": given["cas"]} if given.get("cas") else line],
        "parties": {
            role: {name: given.get(f"{role}_{name}", "") for name in ("name", "address")}
            for role in ("exporter", "importer")
        },
    }


def step_of(form: FormData) -> Step:
    """An act as the form has it. Raises InputError."""
    given = {name: str(value).strip() for name, value in form.items()}
    if given.get("act") not in list(Act):
        raise InputError(f"`{given.get('act', '')}` is no act on a notification")
    return Step(
        Act(given["act"]),
        _moment(given.get("at", "")),
        given.get("channel", ""),
        given.get("proof", ""),
        given.get("text", ""),
        expected=version_of(form),
        key=given.get("once", ""),
    )


def _moment(text: str) -> datetime | None:
    """A moment as a browser writes it; the form says that it is in UTC."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise InputError(f"`{text}` is not a moment like 2026-03-31T12:00") from None


def _page(request: Request, notification: str, actor: Actor, fault: str = "") -> Response:
    sessions = engine_of(request).sessions
    one = notifications_shown.show(sessions, notification, actor=actor, now=moment())
    return page(
        "notification.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        one=one,
        told=_told(one["notification"]),
        fault=fault,
        once=uuid4().hex,
    )


def _told(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What a notification says, with what it leaves out as empty."""
    empty = dict.fromkeys(PARTY, "")
    return {
        "dispatch_on": plain.get("dispatch_on", ""),
        "entry_point": plain["route"].get("entry_point", ""),
        "goods": [{"cas": "", **goods} for goods in plain["goods"]],
        **{role: {**empty, **plain.get(role, {})} for role in ("exporter", "importer")},
    }


def _form(actor: Actor, values: Mapping[str, Any], fault: str = "") -> Response:
    return page(
        "notification-form.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        values=values,
        fault=fault,
        once=uuid4().hex,
        actor=actor,
    )


def _to(notification: str) -> Response:
    return RedirectResponse(f"/notifications/{notification}", HTTPStatus.SEE_OTHER)
