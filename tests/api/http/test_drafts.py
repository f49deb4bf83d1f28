"""Drafts over HTTP: checked with line and column, kept once, saved on the version seen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.models import Role
from tests.api import past
from tests.api.conftest import key_of, serving
from tests.api.usecases.drafted import DRAFT, UNREADABLE


@pytest.fixture(scope="module")
def url(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A register of this module's own."""
    file = tmp_path_factory.mktemp("drafts") / "register.sqlite"
    return f"sqlite:///{shutil.copy(small_register, file)}"


@pytest.fixture(scope="module")
def client(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """An analyst of the United Kingdom at a service with the law of one rule file."""
    law = past.small_law(tmp_path_factory.mktemp("drafts-law") / "law")
    with serving(url, law_root=law, deadline_seconds=10) as client:
        client.headers.update(key_of(url, Role.ANALYST, country="GB"))
        yield client


def keep(client: httpx.Client, name: str, key: str = "", **more: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    asked = {"text": DRAFT, "name": name, **more}
    return client.post("/v1/drafts", json=asked, headers=headers)


def save(client: httpx.Client, place: str, text: str, match: str | None = "*") -> httpx.Response:
    headers = {} if match is None else {"If-Match": match}
    return client.post(f"{place}/versions", json={"text": text}, headers=headers)


def check(client: httpx.Client, text: str) -> dict[str, Any]:
    answer = client.post("/v1/drafts/check", json={"text": text})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_draft_is_kept_once_read_again_and_saved_on_the_version_seen(
    client: httpx.Client,
) -> None:
    made = keep(client, "one", key="k1", remark="first")
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert keep(client, "one", key="k1", remark="first").json() == made.json()
    assert keep(client, "other", key="k1").json()["code"] == "key-reused"
    place = made.headers["location"]
    assert client.get(place).json()["text"] == DRAFT

    text = DRAFT.replace("2027-01-01", "2027-03-01")
    assert save(client, place, text, None).json()["code"] == "version-required"
    saved = save(client, place, text, '"1"')
    assert (saved.status_code, saved.headers["etag"]) == (201, '"2"')
    assert save(client, place, DRAFT, '"1"').json()["code"] == "version-conflict"
    first = client.get(place, params={"version": 1})
    assert (first.headers["etag"], first.json()["text"]) == ('"1"', DRAFT)
    told = client.get(f"{place}/compare", params={"before": 1, "after": 2}).json()
    assert "from" in {one["where"] for one in told["words"]}


def test_a_list_and_a_history_are_paged(client: httpx.Client) -> None:
    place = keep(client, "paged").headers["location"]
    for day in ("02", "03"):
        save(client, place, DRAFT.replace("2027-01-01", f"2027-01-{day}"))
    page = client.get(f"{place}/versions", params={"limit": 2}).json()
    rest = client.get(f"{place}/versions", params={"limit": 2, "cursor": page["next"]}).json()
    assert [one["version"] for one in page["items"] + rest["items"]] == [1, 2, 3]
    assert rest["next"] is None
    (found,) = client.get("/v1/drafts", params={"name": "paged"}).json()["items"]
    assert (found["version"], "text" in found) == (3, False)


def test_a_withdrawn_draft_is_out_of_the_list_and_stays_on_record(client: httpx.Client) -> None:
    place = keep(client, "gone").headers["location"]
    gone = client.post(f"{place}/withdraw", headers={"If-Match": '"1"'})
    assert gone.status_code == 200
    assert client.get("/v1/drafts", params={"name": "gone"}).json()["items"] == []
    assert client.get(place).json()["withdrawn_at"]
    assert save(client, place, UNREADABLE).json()["code"] == "draft-refused"


def test_a_fault_is_told_with_line_and_column_and_kept_as_unfinished(client: httpx.Client) -> None:
    found = check(client, UNREADABLE)
    assert (found["readable"], found["examples"]) == (False, [])
    made = keep(client, "unfinished", text=UNREADABLE, jurisdiction="GB").json()
    assert found["faults"] == made["faults"]
    assert (found["faults"][0]["line"], made["finished"]) == (4, False)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("draft: barb", "draft: [barb"), 2, "expected"),
        (("  - add:", "  - put:"), 7, "a change says one of"),
        (("[#6X3]1(~[#8])~", "[#6X3]1((~[#8])~"), None, "core"),
        (("jurisdiction: GB", "jurisdiction: XQ"), 2, "no law of `XQ`"),
        (("provision: GB-DRAFT-1", "provision: GB-OTHER"), None, "no provision `GB-OTHER`"),
    ],
)
def test_each_kind_of_fault_has_its_place(
    client: httpx.Client, change: tuple[str, str], line: int | None, words: str
) -> None:
    found = check(client, DRAFT.replace(*change))
    (fault,) = found["faults"]
    assert words in fault["message"]
    assert fault["line"] == line or (line is None and fault["line"] > 6)
    assert fault["column"] >= 1


def test_each_example_is_run_and_told_at_its_line(client: httpx.Client) -> None:
    found = check(client, DRAFT)
    assert (found["readable"], found["faults"], found["stopped"]) == (True, [], "")
    lines = DRAFT.splitlines()
    told = {one["name"]: one for one in found["examples"]}
    assert {name: one["holds"] for name, one in told.items()} == {
        "Secobarbital": True,
        "Caffeine": True,
    }
    assert all(f"name: {name}" in lines[one["line"] - 1] for name, one in told.items())
    wrong = check(client, DRAFT.replace("outcome: inside", "outcome: outside"))
    assert [one["holds"] for one in wrong["examples"]] == [False, True]
    assert "inside" in wrong["examples"][0]["got"]


def test_nobody_else_meets_a_draft_and_nobody_unknown_checks_one(
    client: httpx.Client, url: str
) -> None:
    place = keep(client, "mine").headers["location"]
    for role, country in ((Role.ANALYST, "DE"), (Role.CUSTOMS, "GB")):
        headers = key_of(url, role, country=country)
        with httpx.Client(base_url=client.base_url, headers=headers, timeout=60) as other:
            assert other.get(place).status_code == 403
            assert other.get("/v1/drafts").json()["items"] == []
            assert save(other, place, UNREADABLE).status_code == 403
    with httpx.Client(base_url=client.base_url, timeout=60) as nobody:
        assert nobody.get(place).status_code == 401
        answer = nobody.post("/v1/drafts/check", json={"text": DRAFT})
        assert (answer.status_code, answer.json()["code"]) == (401, "not-identified")
