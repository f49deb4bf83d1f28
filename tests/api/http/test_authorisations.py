"""Authorisations and ledgers over HTTP: on the version seen, once per key, page by page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

DRAFT: dict[str, Any] = {
    "paper": "import_authorization",
    "convention": "1961",
    "jurisdiction": "XA",
    "authority": {"name": "Authority of XA"},
    "exporter": {"name": "Out Ltd", "address": "2 Road, Xb"},
    "importer": {"name": "In Ltd", "address": "3 Street, Xa"},
    "goods": [{"substance": "Fentanyl", "quantity": "0.1", "unit": "kg"}],
    "route": {"origin": "XB", "destination": "XA"},
}
LEDGER: dict[str, Any] = {
    "keeper": "XA",
    "country": "XA",
    "substance": "fentanyl",
    "kind": "estimate",
    "limit": {"grams": 1000, "reason": "first", "source": "estimates of the Board"},
}


@pytest.fixture(scope="module")
def trade(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service with a register of this module's own, with an estimate for this year."""
    from tests.api.conftest import serving

    file = tmp_path_factory.mktemp("trade") / "register.sqlite"
    url = f"sqlite:///{shutil.copy(shared_url.removeprefix('sqlite:///'), file)}"
    with serving(url) as client:
        yield client


@pytest.fixture(scope="module")
def ledger(trade: httpx.Client) -> str:
    from datetime import UTC, datetime

    opened = trade.post("/v1/ledgers", json=LEDGER | {"year": datetime.now(UTC).year})
    assert opened.status_code == 201, opened.text
    return str(opened.json()["id"])


def create(client: httpx.Client, **changed: Any) -> httpx.Response:
    made = client.post("/v1/authorisations", json=DRAFT | changed)
    assert made.status_code == 201, made.text
    return made


def act(client: httpx.Client, paper: str, seen: str, **asked: Any) -> httpx.Response:
    headers = {"If-Match": seen} if seen else {}
    return client.post(f"/v1/authorisations/{paper}/acts", json=asked, headers=headers)


def code(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def test_a_paper_goes_through_its_life_on_the_version_seen(
    trade: httpx.Client, ledger: str
) -> None:
    made = create(trade)
    paper = made.json()["id"]
    assert made.headers["location"] == f"/v1/authorisations/{paper}"
    seen = made.headers["etag"]
    for asked in (
        {"act": "submit"},
        {"act": "grant"},
        {"act": "issue", "bounds": [{"rule": "own term", "months": 3}]},
        {"act": "ship", "lines": [{"line": 1, "quantity": 100, "unit": "g"}]},
        {
            "act": "endorse",
            "consignment": 1,
            "lines": [{"line": 1, "quantity": 97, "unit": "g"}],
            "authority": {"name": "Authority of XA"},
        },
    ):
        done = act(trade, paper, seen, **asked)
        assert done.status_code == 200, done.text
        seen = done.headers["etag"]
    assert (done.json()["state"], done.json()["mismatch"]) == ("endorsed", True)
    shown = trade.get(f"/v1/authorisations/{paper}")
    assert shown.headers["etag"] == seen == '"6"'
    assert shown.json()["consignment_list"][0]["agreement"][0]["percent"] == "-3.00"
    assert shown.json()["possible"] == ["close"]
    first = trade.get(f"/v1/authorisations/{paper}", params={"version": 1}).json()
    assert (first["state"], first["number"]) == ("draft", "")
    versions = trade.get(f"/v1/authorisations/{paper}/versions").json()["items"]
    assert [one["act"] for one in versions] == [
        "create",
        "submit",
        "grant",
        "issue",
        "ship",
        "endorse",
    ]
    number = shown.json()["number"]
    (found,) = trade.get("/v1/authorisations", params={"number": number}).json()["items"]
    assert found["id"] == paper
    stands = trade.get(f"/v1/ledgers/{ledger}")
    assert (stands.json()["used"], stands.json()["headroom"]) == ("97", "903")
    entries = trade.get(f"/v1/ledgers/{ledger}/entries").json()["items"]
    assert [one["kind"] for one in entries] == ["limit", "reservation", "drawdown", "correction"]
    series = f"/v1/numbers/XA/import_authorization/{number.split('-')[2]}"
    assert trade.get(series).json()["items"][0]["state"] == "endorsed"


def test_an_act_says_which_version_it_has_seen(trade: httpx.Client) -> None:
    paper = create(trade).json()["id"]
    assert code(act(trade, paper, "", act="submit")) == (428, "version-required")
    for other in ('"7"', 'W/"1"', "1", '"x"'):
        assert code(act(trade, paper, other, act="submit")) == (412, "version-conflict")
    assert act(trade, paper, '"1"', act="submit").status_code == 200
    assert code(act(trade, paper, '"1"', act="refuse", reason="x")) == (412, "version-conflict")
    assert act(trade, paper, "*", act="refuse", reason="not needed").json()["state"] == "refused"


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"act": "close"}, (409, "act-refused")),
        ({"act": "fly"}, (422, "request-invalid")),
        ({"act": "submit", "colour": "red"}, (422, "request-invalid")),
        ({"act": "ship", "lines": []}, (422, "request-invalid")),
        ({"act": "grant", "uncounted": "x" * 2001}, (422, "request-invalid")),
    ],
)
def test_what_cannot_be_done_is_a_problem(
    trade: httpx.Client, asked: dict[str, Any], problem: tuple[int, str]
) -> None:
    assert code(act(trade, create(trade).json()["id"], "*", **asked)) == problem


def test_a_grant_over_the_limit_leaves_nothing(trade: httpx.Client, ledger: str) -> None:
    before = trade.get(f"/v1/ledgers/{ledger}").json()
    goods = [{"substance": "Fentanyl", "quantity": "1", "unit": "t"}]
    paper = create(trade, goods=goods).json()["id"]
    act(trade, paper, "*", act="submit")
    assert code(act(trade, paper, "*", act="grant")) == (409, "over-limit")
    assert trade.get(f"/v1/ledgers/{ledger}").json() == before
    assert trade.get(f"/v1/authorisations/{paper}").json()["version"] == 2
    unknown = create(trade, route={"origin": "XB", "destination": "XC"}, jurisdiction="XC")
    act(trade, unknown.json()["id"], "*", act="submit")
    refused = act(trade, unknown.json()["id"], "*", act="grant")
    assert code(refused) == (409, "figure-unknown")


def test_the_same_key_is_done_once_and_answered_alike(trade: httpx.Client) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    one, two = (trade.post("/v1/authorisations", json=DRAFT, headers=key) for _ in range(2))
    assert (one.status_code, one.json()) == (two.status_code, two.json())
    assert one.headers["location"] == two.headers["location"]
    other = trade.post("/v1/authorisations", json=DRAFT | {"purpose": "other"}, headers=key)
    assert code(other) == (422, "key-reused")
    path = f"/v1/authorisations/{one.json()['id']}/acts"
    sent = {"If-Match": '"1"', "Idempotency-Key": str(uuid4())}
    first, again = (trade.post(path, json={"act": "submit"}, headers=sent) for _ in range(2))
    assert first.json() == again.json()
    assert first.headers["etag"] == again.headers["etag"] == '"2"'


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"goods": [{"substance": "x", "quantity": "-1", "unit": "g"}]}, "request-invalid"),
        ({"goods": [{"substance": "x", "quantity": "NaN", "unit": "g"}]}, "request-invalid"),
        ({"goods": [{"substance": "x", "quantity": "1", "unit": "stone"}]}, "paper-refused"),
        ({"goods": [{"line": 2, "substance": "x", "quantity": "1", "unit": "g"}]}, "paper-refused"),
        (
            {"goods": [{"substance": "x", "quantity": "1", "unit": "g", "strength": "strong"}]},
            "strength-unreadable",
        ),
        (
            {"goods": [{"substance": "x", "quantity": "1", "unit": "g", "factor": 50}]},
            "bad-input",
        ),
        ({"purpose": "a\u0000b"}, "request-invalid"),
        ({"convention": "1925"}, "request-invalid"),
        ({"jurisdiction": "Xanadu"}, "request-invalid"),
    ],
)
def test_what_is_no_paper_is_a_problem(
    trade: httpx.Client, changed: dict[str, Any], problem: str
) -> None:
    assert code(trade.post("/v1/authorisations", json=DRAFT | changed)) == (422, problem)


def test_lists_go_on_where_the_page_before_ended(trade: httpx.Client) -> None:
    made = {create(trade, purpose="paged").json()["id"] for _ in range(5)}
    found, cursor = [], ""
    while True:
        page = trade.get("/v1/authorisations", params={"limit": 2, "cursor": cursor}).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == sorted(set(found))
    assert made <= set(found)
    assert code(trade.get("/v1/authorisations", params={"cursor": "x"})) == (422, "cursor-invalid")
    drafts = trade.get("/v1/authorisations", params={"state": "draft", "jurisdiction": "XZ"})
    assert drafts.json() == {"items": [], "next": None}


def test_a_ledger_is_moved_by_hand_with_reason_and_source(trade: httpx.Client) -> None:
    asked = LEDGER | {"year": 1999, "substance": "Ketamine", "kind": "assessment"}
    opened = trade.post("/v1/ledgers", json=asked)
    assert opened.json()["substance"] == "ketamine"
    assert code(trade.post("/v1/ledgers", json=asked)) == (409, "ledger-exists")
    path = opened.headers["location"]
    goods = {"substance": "ketamine", "quantity": 1.1, "unit": "kg", "salt": "base"}
    outside = {"kind": "outside", "figure": {"goods": goods, "reason": "fax", "source": "form"}}
    assert code(trade.post(f"{path}/entries", json=outside)) == (428, "version-required")
    seen = {"If-Match": opened.headers["etag"]}
    entered = trade.post(f"{path}/entries", json=outside, headers=seen)
    assert entered.status_code == 201, entered.text
    assert (entered.json()["headroom"], entered.json()["exceeded"]) == ("-100", True)
    assert code(trade.post(f"{path}/entries", json=outside, headers=seen)) == (
        412,
        "version-conflict",
    )
    silent = {"kind": "supplement", "figure": {"grams": 5}}
    any_version = {"If-Match": "*"}
    refused = trade.post(f"{path}/entries", json=silent, headers=any_version)
    assert code(refused) == (422, "entry-refused")
    big = {"kind": "supplement", "figure": {"grams": 1e13, "reason": "r", "source": "s"}}
    refused = trade.post(f"{path}/entries", json=big, headers=any_version)
    assert code(refused) == (422, "mass-unusable")
    asked_if = trade.post(f"{path}/if-granted", json={"grams": "0.5"}).json()
    assert (asked_if["fits"], asked_if["left"]) == (False, "-100.5")
    salt = {"goods": goods | {"salt": "unheard of", "quantity": 1}}
    assert trade.post(f"{path}/if-granted", json=salt).json()["fits"] is False
    listed = trade.get("/v1/ledgers", params={"year": 1999}).json()["items"]
    assert [one["id"] for one in listed] == [opened.json()["id"]]


@pytest.mark.parametrize(
    "path", ["/v1/authorisations/%00", "/v1/ledgers/%00", "/v1/ledgers?substance=%00",
             "/v1/authorisations?number=%00", "/v1/authorisations?cursor=YWZ0ZXI6AA=="],
)  # fmt: skip
def test_a_text_that_no_database_can_hold_is_a_problem(trade: httpx.Client, path: str) -> None:
    assert trade.get(path).status_code == 422


@pytest.mark.parametrize(
    "path", ["/v1/authorisations/x", "/v1/authorisations/x/versions", "/v1/ledgers/x",
             "/v1/ledgers/x/entries"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(trade: httpx.Client, path: str) -> None:
    assert code(trade.get(path)) == (404, "not-found")
