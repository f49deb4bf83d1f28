"""Notifications over HTTP: from the draft to an objection, once each, and only by who saw it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http.notification_models import EXAMPLE
from api.messages.message import LONGEST, NAME, Kind, Message
from api.messages.plain import from_json, to_json
from api.messages.schemas import json_schema, xsd
from api.messages.xml import from_xml, to_xml
from registry.models import Role
from tests.api.conftest import key_of, serving
from tests.api.usecases.notifying import foreign, reply

XML = {"Content-Type": "application/xml"}


@pytest.fixture(scope="module")
def here(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A register of this module's own."""
    file = tmp_path_factory.mktemp("notifications") / "register.sqlite"
    return f"sqlite:///{shutil.copy(small_register, file)}"


@pytest.fixture(scope="module")
def client(here: str) -> Iterator[httpx.Client]:
    """The authority of Austria at its service."""
    with serving(here) as client:
        client.headers.update(key_of(here, Role.AUTHORITY, country="AT"))
        yield client


@pytest.fixture(scope="module")
def there(client: httpx.Client, here: str) -> Iterator[httpx.Client]:
    """The authority at the other end."""
    headers = key_of(here, Role.AUTHORITY, country="TR")
    with httpx.Client(base_url=client.base_url, headers=headers, timeout=60) as other:
        yield other


def compose(client: httpx.Client, key: str = "", **changes: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/v1/notifications", json=EXAMPLE | changes, headers=headers)


def act(
    client: httpx.Client, place: str, what: str, match: str | None = "*", **more: Any
) -> httpx.Response:
    headers = {} if match is None else {"If-Match": match}
    return client.post(f"{place}/acts", json={"act": what, **more}, headers=headers)


def problem(response: httpx.Response, code: str, status: int) -> str:
    assert response.headers["content-type"] == "application/problem+json", response.text
    body = response.json()
    assert (body["code"], response.status_code) == (code, status)
    return str(body["detail"])


def ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


def test_from_the_draft_to_silence_and_an_objection_that_comes_late(client: httpx.Client) -> None:
    made = compose(client)
    assert made.status_code == 201, made.text
    assert (made.headers["ETag"], made.json()["lacks"]) == ('"1"', [])
    place = made.headers["Location"]
    sent = act(client, place, "send", '"1"', at=ago(60))
    number = sent.json()["number"]
    assert (sent.headers["ETag"], sent.json()["state"]) == ('"2"', "sent")
    act(client, place, "deliver", '"2"', at=ago(59), proof="receipt 4711")
    (due,) = [
        one for one in client.get("/v1/notifications/due").json()["due"] if one["number"] == number
    ]
    assert due["overdue"] is True
    expired = act(client, place, "expire", '"3"').json()
    assert (expired["state"], expired["position"]["answer"]) == ("no_reply", "may proceed")
    word = reply(Kind.OBJECTION, number, datetime.now(UTC), text="no licence")
    taken = client.post("/v1/notifications/messages", content=to_xml(word), headers=XML)
    assert taken.status_code == 200, taken.text
    assert taken.headers["Content-Location"] == place
    assert taken.json()["position"]["late"] is True
    shown = client.get(place)
    assert shown.headers["ETag"] == '"5"'
    assert [one["severity"] for one in shown.json()["findings"]] == ["stop"]
    assert [one["act"] for one in shown.json()["versions"]] == [
        "compose", "send", "deliver", "expire", "objection",
    ]  # fmt: skip


def test_an_act_says_which_version_it_saw(client: httpx.Client) -> None:
    place = compose(client).headers["Location"]
    problem(act(client, place, "send", None), "version-required", 428)
    problem(act(client, place, "send", '"7"'), "version-conflict", 412)
    problem(act(client, place, "send", '"x"'), "version-conflict", 412)
    assert act(client, place, "send", '"1"').status_code == 200
    problem(act(client, place, "stop", '"1"'), "version-conflict", 412)


def test_the_same_key_does_it_once(client: httpx.Client) -> None:
    first, again = compose(client, key="a-1"), compose(client, key="a-1")
    assert first.json()["id"] == again.json()["id"]
    problem(compose(client, key="a-1", remarks="other"), "key-reused", 422)
    headers = {"If-Match": '"1"', "Idempotency-Key": "a-2"}
    place = first.headers["Location"]
    for _ in range(2):
        sent = client.post(f"{place}/acts", json={"act": "send"}, headers=headers)
        assert (sent.status_code, sent.json()["version"]) == (200, 2)


def test_a_draft_is_amended_and_what_was_sent_is_not(client: httpx.Client) -> None:
    made = compose(client, entry_point="", dispatch_on=None)
    place = made.headers["Location"]
    assert [one["clause"] for one in made.json()["lacks"]] == ["(iv)", "(iv)"]
    told = problem(act(client, place, "send"), "notification-incomplete", 422)
    assert "point of entry" in told
    problem(client.put(place, json=EXAMPLE), "version-required", 428)
    amended = client.put(place, json=EXAMPLE, headers={"If-Match": '"1"'})
    assert (amended.status_code, amended.json()["lacks"]) == (200, [])
    act(client, place, "send")
    problem(client.put(place, json=EXAMPLE, headers={"If-Match": "*"}), "bad-input", 422)


def test_what_cannot_be_done_is_a_problem(client: httpx.Client) -> None:
    place = compose(client).headers["Location"]
    problem(act(client, place, "objection"), "act-not-possible", 409)
    act(client, place, "send")
    problem(act(client, place, "deliver"), "proof-missing", 422)
    problem(act(client, place, "expire"), "time-not-over", 409)
    problem(act(client, place, "read", at=ago(9), proof="x"), "moment-not-possible", 422)
    problem(act(client, place, "approve"), "request-invalid", 422)
    problem(act(client, place, "read", at="2026-01-01T00:00:00"), "request-invalid", 422)
    for year in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        problem(act(client, place, "read", at=year, proof="x"), "request-invalid", 422)
        problem(compose(client, filed_at=year), "request-invalid", 422)
    problem(compose(client, filed_at="1950-01-01T00:00:00Z"), "moment-not-possible", 422)
    problem(act(client, place, "stop", text="a\0b"), "message-refused", 422)
    problem(compose(client, remarks="a\0b"), "message-refused", 422)
    assert client.get("/v1/notifications/due", params={"by": "9999-12-31"}).status_code == 200
    problem(client.get("/v1/notifications", params={"sender": "\0"}), "request-invalid", 422)
    problem(client.get("/v1/notifications/%00"), "request-invalid", 422)
    problem(act(client, "/v1/notifications/none", "send"), "not-allowed", 403)
    problem(client.get("/v1/notifications/none"), "not-allowed", 403)
    wrong = EXAMPLE | {"consignment": {**EXAMPLE["consignment"], "colour": "red"}}
    problem(client.post("/v1/notifications", json=wrong), "request-invalid", 422)


def test_a_message_goes_out_in_both_forms_and_comes_back_equal(client: httpx.Client) -> None:
    place = compose(client).headers["Location"]
    problem(client.get(f"{place}/message"), "bad-input", 422)
    act(client, place, "send")
    as_json = client.get(f"{place}/message")
    as_xml = client.get(f"{place}/message", params={"form": "xml"})
    assert as_xml.headers["content-type"] == "application/xml"
    assert from_json(Message, as_json.content) == from_xml(Message, as_xml.content)


def test_a_foreign_notification_is_taken_once_and_the_wrong_form_is_refused(
    client: httpx.Client,
) -> None:
    body = to_json(foreign(number="IN-900"))
    first, again = (client.post("/v1/notifications/messages", content=body) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert (first.json()["direction"], first.json()["state"]) == ("in", "delivered")
    bomb = b'<!DOCTYPE m [<!ENTITY a "ha">]><message>&a;</message>'
    for content, headers in ((b"{", {}), (b"[]", {}), (bomb, XML), (b"", XML), (b"\xff", {})):
        refused = client.post("/v1/notifications/messages", content=content, headers=headers)
        problem(refused, "message-refused", 422)
    large = client.post("/v1/notifications/messages", content=b" " * (LONGEST + 1))
    problem(large, "body-too-large", 413)


def test_lists_go_on_page_by_page_and_are_filtered(client: httpx.Client) -> None:
    made = {compose(client).json()["id"] for _ in range(3)}
    found: set[str] = set()
    params: dict[str, Any] = {"state": "draft", "direction": "out", "sender": "AT", "limit": 2}
    while True:
        page = client.get("/v1/notifications", params=params).json()
        assert all(one["state"] == "draft" for one in page["items"])
        found |= {one["id"] for one in page["items"]}
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert made <= found
    assert client.get("/v1/notifications", params={"sender": "XX"}).json()["items"] == []
    problem(client.get("/v1/notifications", params={"cursor": "?"}), "cursor-invalid", 422)


@pytest.mark.parametrize(("ending", "wanted"), [("xsd", xsd()), ("json", json_schema())])
def test_the_schemas_are_served(client: httpx.Client, ending: str, wanted: bytes) -> None:
    address = f"/v1/schemas/{NAME}.{ending}"
    served = client.get(address)
    assert served.content == wanted
    tag = {"If-None-Match": served.headers["ETag"]}
    assert client.get(address, headers=tag).status_code == 304


def test_the_other_end_answers_itself_and_everybody_else_is_denied(
    client: httpx.Client, there: httpx.Client, here: str
) -> None:
    place = compose(client).headers["Location"]
    told = problem(there.get(place), "not-allowed", 403)
    assert told == problem(there.get("/v1/notifications/none"), "not-allowed", 403)
    act(client, place, "send")
    assert there.get(place).json()["possible"] == [
        "no_objection", "objection", "more_information", "suspend", "stop",
    ]  # fmt: skip
    problem(act(there, place, "deliver", proof="x"), "not-allowed", 403)
    assert act(there, place, "objection", '"2"').json()["state"] == "objection"
    word = to_json(foreign(number="IN-901"))
    problem(there.post("/v1/notifications/messages", content=word), "not-allowed", 403)
    auditor = key_of(here, Role.AUDITOR)
    problem(client.get("/v1/notifications/none", headers=auditor), "not-found", 404)
    assert client.get(place, headers=auditor).json()["possible"] == []
    nobody = {"authorization": ""}
    for answer in (
        client.get(place, headers=nobody),
        client.post("/v1/notifications", json=EXAMPLE, headers=nobody),
        client.post(f"{place}/acts", json={"act": "stop"}, headers={**nobody, "If-Match": "*"}),
    ):
        problem(answer, "not-identified", 401)
    assert client.get("/v1/notifications", headers=nobody).json()["items"] == []
