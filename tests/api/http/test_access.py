"""Who may ask what over HTTP: keys, roles, what is open without, and what is put on record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from api.http.app import PAGES, create_app
from api.settings import Settings
from api.usecases import access
from registry.models import AuditEvent, DecisionRecord, Role
from registry.store import audit
from registry.store.session import make_engine, reading, session_factory
from tests.api.conftest import key_of

Serve = Callable[..., AbstractContextManager[httpx.Client]]
ELSEWHERE = {"x-forwarded-for": "203.0.113.9"}  # as a proxy says of a caller on another machine
OPEN = {  # nothing of the register is in them, or they are published
    "/v1/health",
    "/v1/version",
    "/.well-known/jwks.json",
    "/v1/schemas/pre-export-notification-1.json",
    "/v1/schemas/pre-export-notification-1.xsd",
}
PROOF = {
    ("GET", "/verify"): 200,
    ("POST", "/verify"): 422,
}  # anybody checks a paper; no file was sent


@contextmanager
def stored(url: str) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(url)
    yield session_factory(engine)
    engine.dispose()


def denied(url: str) -> list[tuple[str, dict[str, Any]]]:
    """Who was denied what, in order."""
    with stored(url) as sessions, reading(sessions) as session:
        assert audit.verify_chain(session) is None
        found = select(AuditEvent).where(AuditEvent.action == "act:denied")
        rows = session.scalars(found.order_by(AuditEvent.seq))
        return [(row.actor, json.loads(row.payload)) for row in rows]


def ask(client: httpx.Client, headers: dict[str, str]) -> httpx.Response:
    return client.post("/v1/classify", json={"structure": "CCO"}, headers=headers)


def test_keys_are_made_used_and_revoked_over_http(register_url: str, serve: Serve) -> None:
    with serve(register_url) as client:
        with stored(register_url) as sessions:
            first = access.first_administrator(sessions, actor="x", now=datetime.now(UTC))
        assert first is not None
        admin = {"authorization": f"Bearer {first.key}"}
        asked = {"name": "Customs of XA", "role": "customs", "country": "XA", "days": 30}
        made = client.post("/v1/access/keys", json=asked, headers=admin)
        assert made.status_code == 201, made.text
        assert made.headers["cache-control"] == "no-store"
        customs = {"authorization": f"Bearer {made.json()['key']}"}
        me = client.get("/v1/access/me", headers=customs).json()
        assert (me["role"], me["country"], me["id"]) == (
            "customs",
            "XA",
            f"key:{made.json()['id']}",
        )
        listed = client.get("/v1/access/keys", headers=admin, params={"limit": 1}).json()
        assert listed["next"]
        assert "key" not in listed["items"][0]
        decision = ask(client, customs).json()
        assert decision["actor"] == me["id"]
        refused = client.get("/v1/access/keys", headers=customs)
        assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
        ended = client.post(f"/v1/access/keys/{made.json()['id']}/revoke", headers=admin)
        assert not ended.json()["holds"]
        gone = ask(client, customs)
        assert (gone.status_code, gone.json()["code"]) == (401, "not-identified")
        assert gone.headers["www-authenticate"] == "Bearer"
    assert denied(register_url) == [
        (me["id"], {"act": "keys:manage", "code": "not-allowed"}),
        ("anonymous", {"act": "key:use", "code": "not-identified"}),
    ]
    with stored(register_url) as sessions, reading(sessions) as session:
        assert session.scalars(select(DecisionRecord.actor)).all() == [me["id"]]


def test_this_machine_reads_and_asks_without_a_key(client: httpx.Client) -> None:
    assert client.get("/v1/access/me").json()["role"] == "local"
    assert ask(client, {}).status_code == 200
    for attempt in (client.get("/v1/access/keys"), client.post("/v1/access/keys/x/revoke")):
        assert (attempt.status_code, attempt.json()["code"]) == (401, "not-identified")


@pytest.mark.parametrize(
    "headers",
    [
        ELSEWHERE,
        {"forwarded": "for=203.0.113.9"},
        {"x-real-ip": "203.0.113.9"},
        {"host": "register.example"},
        {"x-forwarded-for": "127.0.0.1"},
    ],
)
def test_other_machines_need_a_key(client: httpx.Client, headers: dict[str, str]) -> None:
    for answer in (
        ask(client, headers),
        client.get("/v1/substances", headers=headers),
        client.get("/v1/watches", headers=headers),
        client.get("/substances", headers=headers),
    ):
        assert answer.status_code == 401, answer.request.url
    assert client.get("/v1/health", headers=headers).status_code == 200


def test_a_key_opens_the_same_from_anywhere(client: httpx.Client, shared_url: str) -> None:
    key = key_of(shared_url, Role.AUTHORITY)
    assert ask(client, key | ELSEWHERE).status_code == 200
    assert client.get("/v1/watches", headers=key | ELSEWHERE).status_code == 200


def test_a_scope_narrows_what_a_key_opens(client: httpx.Client, shared_url: str) -> None:
    key = key_of(shared_url, Role.AUTHORITY, scopes=("register:read",))
    assert client.get("/v1/substances", headers=key).status_code == 200
    answer = ask(client, key)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    searched = {"structure": "CCO", "classify": True}
    key = key_of(shared_url, Role.AUTHORITY, scopes=("structure:search",))
    assert client.post("/v1/search/structures", json=searched, headers=key).status_code == 403


def test_what_is_wrong_in_the_header_is_never_taken_for_no_key(client: httpx.Client) -> None:
    wrong = {"authorization": f"Bearer subreg_0123456789_{'A' * 43}"}
    answer = client.get("/v1/substances", headers=wrong)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-identified")
    assert client.get("/v1/substances", headers={"authorization": "Basic eDp5"}).status_code == 200


def test_roles_that_only_read_make_no_watches(client: httpx.Client, shared_url: str) -> None:
    key = key_of(shared_url, Role.AUDITOR)
    assert client.get("/v1/watches", headers=key).status_code == 200
    for answer in (
        client.post("/v1/watches", json={"name": "x"}, headers=key),
        client.post("/v1/watches/x/runs", headers=key),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


def test_smarts_are_matched_for_analysts_only(client: httpx.Client, shared_url: str) -> None:
    asked = {"smarts": "[#6]C(=O)N", "mode": "substructure"}
    analyst, other = key_of(shared_url, Role.ANALYST), key_of(shared_url, Role.CUSTOMS)
    found = client.post("/v1/search/structures", json=asked, headers=analyst)
    assert found.status_code == 200, found.text
    answer = client.post("/v1/search/structures", json=asked, headers=other)
    assert (answer.status_code, answer.json()["code"]) == (403, "smarts-not-allowed")
    who, what = denied(shared_url)[-1]
    assert who.startswith("key:")
    assert what["act"] == "structure:search-smarts"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"name": "x", "role": "operator"}, "request-invalid"),
        ({"name": "x", "role": "customs"}, "key-refused"),
        ({"name": "x", "role": "auditor", "admin": True}, "request-invalid"),
    ],
)
def test_a_key_that_cannot_be_made(
    client: httpx.Client, shared_url: str, asked: dict[str, Any], code: str
) -> None:
    key = key_of(shared_url, Role.ADMINISTRATOR)
    answer = client.post("/v1/access/keys", json=asked, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_operator_may_open_reading_to_everybody(shared_url: str, serve: Serve) -> None:
    with serve(shared_url, anonymous="always") as client:
        assert client.get("/v1/access/me", headers=ELSEWHERE).json()["role"] == "anonymous"
        assert client.get("/v1/substances", headers=ELSEWHERE).status_code == 200
        assert client.get("/v1/watches", headers=ELSEWHERE).status_code == 401


def test_every_route_for_programs_asks_who_is_there() -> None:
    """A route that is added without asking fails here."""
    paths = create_app(Settings(database_url="sqlite://")).openapi()["paths"]
    asking = {
        path: all("security" in one for one in methods.values()) for path, methods in paths.items()
    }
    assert len(asking) >= 30
    assert {path for path, asks in asking.items() if not asks} == OPEN


def test_every_page_asks_who_is_there(client: httpx.Client) -> None:
    reader = ELSEWHERE | {"accept": "text/html"}
    asked = [
        (method, route.path.replace("{", "").replace("}", ""))
        for router, _ in PAGES
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    ]
    assert len(asked) >= 10
    answers = {one: client.request(*one, headers=reader).status_code for one in asked}
    assert answers == PROOF | {
        one: 303 if one[0] == "GET" else 401 for one in asked if one not in PROOF
    }


def test_the_log_of_acts_is_for_auditors_and_administrators(
    register_url: str, serve: Serve
) -> None:
    auditor, firm = key_of(register_url, Role.AUDITOR), key_of(register_url, Role.APPLICANT)
    with serve(register_url) as client:
        assert client.get("/v1/audit", headers=firm).status_code in (403, 404)
        whole = client.get("/v1/audit", headers=auditor).json()["items"]
        numbers = [one["number"] for one in whole]
        assert numbers == list(range(len(numbers), 0, -1)), "newest first, without a gap"
        assert [one["action"] for one in whole][:1] == ["act:denied"]
        first = client.get("/v1/audit", params={"limit": 1}, headers=auditor).json()
        rest = {"limit": 200, "cursor": first["next"]}
        assert (
            first["items"] + client.get("/v1/audit", params=rest, headers=auditor).json()["items"]
            == whole
        )
        denials = {"action": "act:"}
        assert len(client.get("/v1/audit", params=denials, headers=auditor).json()["items"]) == 1
        by_nobody = client.get("/v1/audit", params={"by": "nobody"}, headers=auditor).json()
        assert by_nobody == {"items": [], "next": None}
        assert client.get("/v1/audit", params={"cursor": "x"}, headers=auditor).status_code == 422
