"""Pre-export notifications: composed, sent, answered; messages of other authorities taken in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.access.door import ActorDep
from api.http.conditional import UNCHANGED, tagged
from api.http.cursors import Cursor, Limit, after
from api.http.cursors import cursor as cursor_of
from api.http.deps import EngineDep, Now
from api.http.notification_models import (
    ActRequest,
    DueOut,
    NotificationOut,
    NotificationPage,
    NotificationRequest,
)
from api.http.preconditions import Key, Seen, seen, tag
from api.http.problems import declared
from api.messages.message import NAME, Message
from api.messages.plain import from_json, to_json
from api.messages.schemas import json_schema, xsd
from api.messages.xml import from_xml, to_xml
from api.usecases import notification_messages, notifications_shown
from api.usecases import notifications as usecase
from api.usecases.trade import printing
from registry.store.notifications import Wanted
from registry.trade_facts import NotificationState

router = APIRouter(prefix="/v1", tags=["notifications"])

NotificationId = Annotated[
    str,
    Path(
        max_length=200,
        pattern=r"^[^\x00]+$",
        description="identifier of the notification, or its number",
    ),
]
State = Annotated[NotificationState | None, Query(description="only where it stands so")]
Direction = Annotated[Literal["", "out", "in"], Query(description="only ours, or only theirs")]
Country = Annotated[str, Query(pattern="^([A-Z]{2})?$", description="only to or from this country")]
By = Annotated[date | None, Query(description="due before the end of this day (UTC); today")]
Form = Annotated[Literal["json", "xml"], Query(description="which form the message is wanted in")]

Language = Annotated[str, Query(max_length=10, description="en, fr, es or ar")]

PDF = "application/pdf"
XML = "application/xml"
TAKEN = {
    "requestBody": {
        "required": True,
        "content": {
            XML: {"schema": {"type": "string"}},
            "application/json": {"schema": {"$ref": f"/v1/schemas/{NAME}.json"}},
        },
    }
}


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]


@router.post(
    "/notifications",
    status_code=HTTPStatus.CREATED,
    response_model=NotificationOut,
    responses=declared(
        "request-failed", "request-invalid", "bad-input", "key-reused", "body-too-large"
    ),
)
def compose_notification(
    asked: NotificationRequest,
    engine: EngineDep,
    actor: ActorDep,
    now: Now,
    response: Response,
    key: Key = "",
) -> dict[str, Any]:
    """A draft of a consignment. `lacks` names what article 12 (10) (a) still asks for."""
    made = usecase.compose(engine.sessions, asked.new(), actor=actor, now=now, key=key)
    response.headers["Location"] = f"/v1/notifications/{made['id']}"
    tag(response, made["version"])
    return made


@router.get(
    "/notifications",
    response_model=NotificationPage,
    responses=declared("request-invalid", "cursor-invalid"),
)
def list_notifications(
    engine: EngineDep,
    actor: ActorDep,
    state: State = None,
    direction: Direction = "",
    sender: Country = "",
    receiver: Country = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """The notifications that whoever asks may read, in order of identifier, page by page."""
    wanted = Wanted(str(state or ""), direction, sender, receiver)
    page = notifications_shown.listed(
        engine.sessions, wanted, actor=actor, after=after(cursor), limit=limit
    )
    return {"items": page.items, "next": cursor_of(page.after)}


@router.get("/notifications/due", response_model=DueOut, responses=declared("request-invalid"))
def due_notifications(
    engine: EngineDep, actor: ActorDep, now: Now, by: By = None
) -> dict[str, Any]:
    """Ours whose time to reply is over by a day, overdue first; and apart, those without a clock."""
    end = datetime.combine(by or now.date(), time.max, tzinfo=UTC)
    return notifications_shown.due(engine.sessions, actor=actor, by=end, now=now)


@router.post(
    "/notifications/messages",
    response_model=NotificationOut,
    responses=declared(
        "message-refused", "act-not-possible", "moment-not-possible", "not-found", "key-reused",
        "body-too-large",
    ),
    openapi_extra=TAKEN,
)  # fmt: skip
def take_message(
    body: Body, request: Request, engine: EngineDep, actor: ActorDep, now: Now, response: Response
) -> dict[str, Any]:
    """Take a message of another authority: a notification of theirs, or word about one of ours.

    Received twice, it has its effect once. Who wrote it is not proved by the message.
    """
    is_xml = "xml" in request.headers.get("content-type", "")
    message = from_xml(Message, body) if is_xml else from_json(Message, body)
    taken = notification_messages.receive(engine.sessions, message, actor=actor, now=now)
    response.headers["Content-Location"] = f"/v1/notifications/{taken['id']}"
    tag(response, taken["version"])
    return taken


@router.get(
    "/notifications/{notification}",
    response_model=NotificationOut,
    responses=declared("request-invalid", "not-found"),
)
def get_notification(
    notification: NotificationId, engine: EngineDep, actor: ActorDep, now: Now, response: Response
) -> dict[str, Any]:
    """A notification with its messages and versions, and what its answer or silence allows now."""
    shown = notifications_shown.show(engine.sessions, notification, actor=actor, now=now)
    tag(response, shown["version"])
    return shown


@router.put(
    "/notifications/{notification}",
    response_model=NotificationOut,
    responses=declared(
        "request-failed", "request-invalid", "bad-input", "not-found", "version-required",
        "version-conflict", "body-too-large",
    ),
)  # fmt: skip
def amend_notification(
    notification: NotificationId,
    asked: NotificationRequest,
    engine: EngineDep,
    actor: ActorDep,
    now: Now,
    response: Response,
    if_match: Seen = "",
) -> dict[str, Any]:
    """Another content in a draft's place. What was sent is not amended."""
    amended = usecase.amend(
        engine.sessions,
        notification,
        asked.new(),
        actor=actor,
        now=now,
        expected=seen(if_match),
    )
    tag(response, amended["version"])
    return amended


@router.post(
    "/notifications/{notification}/acts",
    response_model=NotificationOut,
    responses=declared(
        "request-failed", "request-invalid", "bad-input", "not-found", "act-not-possible",
        "notification-incomplete", "proof-missing", "time-not-over", "moment-not-possible",
        "version-required", "version-conflict", "key-reused", "body-too-large",
    ),
)  # fmt: skip
def act_on_notification(
    notification: NotificationId,
    asked: ActRequest,
    engine: EngineDep,
    actor: ActorDep,
    now: Now,
    response: Response,
    if_match: Seen = "",
    key: Key = "",
) -> dict[str, Any]:
    """Record an act: sent, delivered, read, answered, run out, suspended, stopped, shipped …"""
    step = asked.step(seen(if_match), key)
    acted = usecase.act(engine.sessions, notification, step, actor=actor, now=now)
    tag(response, acted["version"])
    return acted


@router.get(
    "/notifications/{notification}/message",
    responses=declared("request-invalid", "bad-input", "not-found")
    | {200: {"content": {XML: {}, "application/json": {}}}},
    response_class=Response,
)
def get_message(
    notification: NotificationId, engine: EngineDep, actor: ActorDep, form: Form = "json"
) -> Response:
    """The message that tells the other authority of it, as JSON or XML of the published schema."""
    message = notifications_shown.message_of(engine.sessions, notification, actor=actor)
    if form == "xml":
        return Response(to_xml(message), media_type=XML)
    return Response(to_json(message), media_type="application/json")


@router.get(
    "/notifications/{notification}/document.pdf",
    response_class=Response,
    responses={
        200: {"content": {PDF: {}}, "description": "the signed notification, PDF/A-3b"},
        **declared("request-invalid", "not-found", "bad-input"),
    },
)
def get_notification_document(
    notification: NotificationId, engine: EngineDep, actor: ActorDep, language: Language = "en"
) -> Response:
    """The notification as it was sent, as its paper, with its signed form attached."""
    data = printing.notification_of(engine, notification, actor, language)
    return Response(data, media_type=PDF)


@router.get(
    f"/schemas/{NAME}.xsd",
    responses=UNCHANGED | declared() | {200: {"content": {XML: {}}}},
    response_class=Response,
)
def get_xml_schema(request: Request) -> Response:
    """The XML Schema of messages about pre-export notifications."""
    return tagged(request, xsd(), XML)


@router.get(
    f"/schemas/{NAME}.json",
    responses=UNCHANGED | declared() | {200: {"content": {"application/schema+json": {}}}},
    response_class=Response,
)
def get_json_schema(request: Request) -> Response:
    """The JSON Schema of messages about pre-export notifications."""
    return tagged(request, json_schema(), "application/schema+json")
