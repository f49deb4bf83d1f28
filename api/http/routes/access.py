"""Keys of those who may act, and who the caller is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.door import ActorDep
from api.http.cursors import Cursor, Limit, after
from api.http.cursors import cursor as cursor_of
from api.http.deps import EngineDep, Now
from api.http.models import Answer
from api.http.problems import declared
from api.usecases import access
from registry.models import Role

router = APIRouter(prefix="/v1/access", tags=["access"])

KeyId = Annotated[
    str, Path(max_length=200, description="the part of the key that is shown", examples=["0f3a…"])
]
KeyRole = Literal["applicant", "authority", "customs", "analyst", "auditor", "administrator"]


class KeyRequest(BaseModel):
    """A key to be made: for whom, and how far it reaches."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "Ministry of Health", "role": "authority", "country": "XA"},
                {
                    "name": "Example Chemicals, clearing desk",
                    "role": "applicant",
                    "country": "XA",
                    "party": "LIC-77",
                    "scopes": ["authorisation:*", "shipment:check"],
                    "days": 365,
                },
            ]
        },
    )

    name: Annotated[str, Field(description="who holds it")]
    role: KeyRole
    country: Annotated[str, Field(description="two letters; for which country it acts")] = ""
    party: Annotated[str, Field(description="an applicant's licence, or else its firm")] = ""
    scopes: Annotated[
        list[str], Field(max_length=100, description="globs of acts; empty: all of its role")
    ] = []
    days: Annotated[int | None, Field(description="how long it holds; null: until revoked")] = None

    def new(self) -> access.New:
        given = self.model_dump() | {"role": Role(self.role), "scopes": tuple(self.scopes)}
        return access.New(**given)


class KeyOut(Answer):
    id: Annotated[str, Field(description="the part of the key that is shown")]
    name: str
    role: KeyRole
    country: str
    party: str
    scopes: list[str]
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    used_on: Annotated[date | None, Field(description="last day of use (UTC)")]
    revoked_at: datetime | None
    holds: Annotated[bool, Field(description="false: revoked or expired")]


class KeyMade(KeyOut):
    key: Annotated[str, Field(description="the key; shown this once")]


class KeyPage(Answer):
    items: list[KeyOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class MeOut(Answer):
    """Who the service takes the caller for."""

    id: Annotated[str, Field(description="as it stands in decisions and in the log of acts")]
    name: str
    role: str
    country: str
    party: str
    scopes: list[str]


@router.get("/me", response_model=MeOut, responses=declared())
def get_me(actor: ActorDep) -> dict[str, Any]:
    """Who the service takes the caller for, with a key or without."""
    return asdict(actor)


@router.get(
    "/keys", response_model=KeyPage, responses=declared("request-invalid", "cursor-invalid")
)
def list_keys(
    engine: EngineDep, actor: ActorDep, now: Now, cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Keys in order of identifier, revoked ones too, page by page. For administrators."""
    page = access.listed(engine.sessions, actor=actor, now=now, after=after(cursor), limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}


@router.post(
    "/keys",
    status_code=HTTPStatus.CREATED,
    response_model=KeyMade,
    responses=declared("request-failed", "request-invalid", "key-refused", "body-too-large"),
)
def add_key(
    asked: KeyRequest, engine: EngineDep, actor: ActorDep, now: Now, response: Response
) -> dict[str, Any]:
    """Make a key. It is in this answer and nowhere else. For administrators."""
    made = access.add(engine.sessions, asked.new(), actor=actor, now=now)
    response.headers["Cache-Control"] = "no-store"
    return {**made.shown, "key": made.key}


@router.post(
    "/keys/{key}/revoke",
    response_model=KeyOut,
    responses=declared("request-invalid", "not-found", "key-refused"),
)
def revoke_key(key: KeyId, engine: EngineDep, actor: ActorDep, now: Now) -> dict[str, Any]:
    """End a key, and the sessions opened with it. For administrators."""
    return access.revoke(engine.sessions, key, actor=actor, now=now)
