"""Authorisations and ledgers over HTTP: on the version seen, once per key, page by page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from api.usecases import access
from registry.models import AuditEvent
from registry.store import audit
from registry.store.session import make_engine, reading, session_factory
from tests.api.conftest import serving

DRAFT: dict[str, Any] = {
    "paper": "import_authorization",
    "convention": "1961",
    "jurisdiction": "XA",
    "authority": {"name": "Authority of XA"},
    "exporter": {"name": "Out Ltd", "address": "2 Road, Xb", "country": "XB"},
    "importer": {"name": "In Ltd", "address": "3 Street, Xa", "country": "XA", "licence": "XA-7"},
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


KEYS: dict[str, dict[str, Any]] = {
    "firm": {"role": "applicant", "country": "XA", "party": "XA-7"},
    "other": {"role": "applicant", "country": "XA", "party": "XA-8"},
    "authority": {"role": "authority", "country": "XA"},
    "third": {"role": "authority", "country": "XC"},
    "auditor": {"role": "auditor"},
    "customs": {"role": "customs", "country": "XA"},
    "abroad": {"role": "customs", "country": "XD"},
}
FIRMS = ("submit", "withdraw")


class Desks:
    """One service, and a client for each of those who act, with a key made over HTTP."""

    def __init__(self, client: httpx.Client, url: str, first: str) -> None:
        self.nobody, self.url, self.open = client, url, ExitStack()
        made = {
            name: client.post(
                "/v1/access/keys", json={"name": name, **asked}, headers=bearer(first)
            )
            for name, asked in KEYS.items()
        }
        self.keys = {name: answer.json()["key"] for name, answer in made.items()}
        self.desks = {name: self.desk(key) for name, key in self.keys.items()}

    def desk(self, key: str) -> httpx.Client:
        client = httpx.Client(base_url=self.nobody.base_url, headers=bearer(key), timeout=60)
        return self.open.enter_context(client)

    def denied(self) -> list[AuditEvent]:
        """Who was denied what, in order."""
        database = make_engine(self.url)
        with reading(session_factory(database)) as session:
            assert audit.verify_chain(session) is None
            found = select(AuditEvent).where(AuditEvent.action == "act:denied")
            rows = list(session.scalars(found.order_by(AuditEvent.seq)))
            session.expunge_all()
        database.dispose()
        return rows

    def __getattr__(self, name: str) -> httpx.Client:
        return self.desks[name]


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


@pytest.fixture(scope="module")
def trade(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    """A service with a register of this module's own."""
    file = tmp_path_factory.mktemp("trade") / "register.sqlite"
    url = f"sqlite:///{shutil.copy(small_register, file)}"
    with serving(url) as client:
        database = make_engine(url)
        first = access.first_administrator(
            session_factory(database), actor="test", now=datetime.now(UTC)
        )
        database.dispose()
        assert first is not None
        desks = Desks(client, url, first.key)
        with desks.open:
            yield desks


@pytest.fixture(scope="module")
def ledger(trade: Desks) -> str:
    """An estimate for this year."""
    opened = trade.authority.post("/v1/ledgers", json=LEDGER | {"year": datetime.now(UTC).year})
    assert opened.status_code == 201, opened.text
    return str(opened.json()["id"])


def create(desks: Desks, who: str = "firm", **changed: Any) -> httpx.Response:
    made = getattr(desks, who).post("/v1/authorisations", json=DRAFT | changed)
    assert made.status_code == 201, made.text
    return made


def act(desks: Desks, paper: str, seen: str, who: str = "", **asked: Any) -> httpx.Response:
    """The act of the firm or the authority, whose ever it is; or of somebody named."""
    headers = {"If-Match": seen} if seen else {}
    desk: httpx.Client = getattr(desks, who or ("firm" if asked["act"] in FIRMS else "authority"))
    return desk.post(f"/v1/authorisations/{paper}/acts", json=asked, headers=headers)


def code(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def test_a_paper_goes_through_its_life_on_the_version_seen(trade: Desks, ledger: str) -> None:
    made = create(trade)
    paper = made.json()["id"]
    assert made.headers["location"] == f"/v1/authorisations/{paper}"
    seen = made.headers["etag"]
    for asked in (
        {"act": "submit"},
        {"act": "grant"},
        {"act": "issue", "bounds": [{"rule": "own term", "months": 3}]},
        {
            "who": "customs",
            "act": "ship",
            "lines": [{"line": 1, "quantity": 100, "unit": "g"}],
        },
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
    shown = trade.authority.get(f"/v1/authorisations/{paper}")
    assert shown.headers["etag"] == seen == '"6"'
    assert shown.json()["consignment_list"][0]["agreement"][0]["percent"] == "-3.00"
    assert shown.json()["possible"] == ["close"]
    first = trade.firm.get(f"/v1/authorisations/{paper}", params={"version": 1}).json()
    assert (first["state"], first["number"]) == ("draft", "")
    versions = trade.authority.get(f"/v1/authorisations/{paper}/versions").json()["items"]
    assert [one["act"] for one in versions] == [
        "create",
        "submit",
        "grant",
        "issue",
        "ship",
        "endorse",
    ]
    number = shown.json()["number"]
    (found,) = trade.authority.get("/v1/authorisations", params={"number": number}).json()["items"]
    assert found["id"] == paper
    stands = trade.authority.get(f"/v1/ledgers/{ledger}")
    assert (stands.json()["used"], stands.json()["headroom"]) == ("97", "903")
    entries = trade.authority.get(f"/v1/ledgers/{ledger}/entries").json()["items"]
    assert [one["kind"] for one in entries] == ["limit", "reservation", "drawdown", "correction"]
    series = f"/v1/numbers/XA/import_authorization/{number.split('-')[2]}"
    assert trade.authority.get(series).json()["items"][0]["state"] == "endorsed"


def test_an_act_says_which_version_it_has_seen(trade: Desks) -> None:
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
    trade: Desks, asked: dict[str, Any], problem: tuple[int, str]
) -> None:
    assert code(act(trade, create(trade).json()["id"], "*", "firm", **asked)) == problem


def test_a_grant_over_the_limit_leaves_nothing(trade: Desks, ledger: str) -> None:
    before = trade.authority.get(f"/v1/ledgers/{ledger}").json()
    goods = [{"substance": "Fentanyl", "quantity": "1", "unit": "t"}]
    paper = create(trade, goods=goods).json()["id"]
    act(trade, paper, "*", act="submit")
    assert code(act(trade, paper, "*", act="grant")) == (409, "over-limit")
    assert trade.authority.get(f"/v1/ledgers/{ledger}").json() == before
    assert trade.authority.get(f"/v1/authorisations/{paper}").json()["version"] == 2
    unknown = create(trade, route={"origin": "XB", "destination": "XC"}, jurisdiction="XC")
    act(trade, unknown.json()["id"], "*", act="submit")
    refused = act(trade, unknown.json()["id"], "*", "third", act="grant")
    assert code(refused) == (409, "figure-unknown")


def test_the_same_key_is_done_once_and_answered_alike(trade: Desks) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    one, two = (trade.firm.post("/v1/authorisations", json=DRAFT, headers=key) for _ in range(2))
    assert (one.status_code, one.json()) == (two.status_code, two.json())
    assert one.headers["location"] == two.headers["location"]
    other = trade.firm.post("/v1/authorisations", json=DRAFT | {"purpose": "other"}, headers=key)
    assert code(other) == (422, "key-reused")
    path = f"/v1/authorisations/{one.json()['id']}/acts"
    sent = {"If-Match": '"1"', "Idempotency-Key": str(uuid4())}
    first, again = (trade.firm.post(path, json={"act": "submit"}, headers=sent) for _ in range(2))
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
def test_what_is_no_paper_is_a_problem(trade: Desks, changed: dict[str, Any], problem: str) -> None:
    assert code(trade.firm.post("/v1/authorisations", json=DRAFT | changed)) == (422, problem)


def test_lists_go_on_where_the_page_before_ended(trade: Desks) -> None:
    made = {create(trade, purpose="paged").json()["id"] for _ in range(5)}
    found, cursor = [], ""
    while True:
        page = trade.firm.get("/v1/authorisations", params={"limit": 2, "cursor": cursor}).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == sorted(set(found))
    assert made <= set(found)
    assert code(trade.authority.get("/v1/authorisations", params={"cursor": "x"})) == (
        422,
        "cursor-invalid",
    )
    drafts = trade.authority.get(
        "/v1/authorisations", params={"state": "draft", "jurisdiction": "XZ"}
    )
    assert drafts.json() == {"items": [], "next": None}


def test_a_ledger_is_moved_by_hand_with_reason_and_source(trade: Desks) -> None:
    asked = LEDGER | {"year": 1999, "substance": "Ketamine", "kind": "assessment"}
    opened = trade.authority.post("/v1/ledgers", json=asked)
    assert opened.json()["substance"] == "ketamine"
    assert code(trade.authority.post("/v1/ledgers", json=asked)) == (409, "ledger-exists")
    path = opened.headers["location"]
    goods = {"substance": "ketamine", "quantity": 1.1, "unit": "kg", "salt": "base"}
    outside = {"kind": "outside", "figure": {"goods": goods, "reason": "fax", "source": "form"}}
    assert code(trade.authority.post(f"{path}/entries", json=outside)) == (428, "version-required")
    seen = {"If-Match": opened.headers["etag"]}
    entered = trade.authority.post(f"{path}/entries", json=outside, headers=seen)
    assert entered.status_code == 201, entered.text
    assert (entered.json()["headroom"], entered.json()["exceeded"]) == ("-100", True)
    assert code(trade.authority.post(f"{path}/entries", json=outside, headers=seen)) == (
        412,
        "version-conflict",
    )
    silent = {"kind": "supplement", "figure": {"grams": 5}}
    any_version = {"If-Match": "*"}
    refused = trade.authority.post(f"{path}/entries", json=silent, headers=any_version)
    assert code(refused) == (422, "entry-refused")
    big = {"kind": "supplement", "figure": {"grams": 1e13, "reason": "r", "source": "s"}}
    refused = trade.authority.post(f"{path}/entries", json=big, headers=any_version)
    assert code(refused) == (422, "mass-unusable")
    asked_if = trade.authority.post(f"{path}/if-granted", json={"grams": "0.5"}).json()
    assert (asked_if["fits"], asked_if["left"]) == (False, "-100.5")
    salt = {"goods": goods | {"salt": "unheard of", "quantity": 1}}
    assert trade.authority.post(f"{path}/if-granted", json=salt).json()["fits"] is False
    listed = trade.authority.get("/v1/ledgers", params={"year": 1999}).json()["items"]
    assert [one["id"] for one in listed] == [opened.json()["id"]]


@pytest.mark.parametrize(
    "path", ["/v1/authorisations/%00", "/v1/ledgers/%00", "/v1/ledgers?substance=%00",
             "/v1/authorisations?number=%00", "/v1/authorisations?cursor=YWZ0ZXI6AA=="],
)  # fmt: skip
def test_a_text_that_no_database_can_hold_is_a_problem(trade: Desks, path: str) -> None:
    assert trade.authority.get(path).status_code == 422


@pytest.mark.parametrize(
    "path", ["/v1/authorisations/x", "/v1/authorisations/x/versions", "/v1/ledgers/x",
             "/v1/ledgers/x/entries"],
)  # fmt: skip
def test_what_is_not_there_is_said_to_those_who_may_read_everything(
    trade: Desks, path: str
) -> None:
    assert code(trade.auditor.get(path)) == (404, "not-found")
    for desk in (trade.authority, trade.firm, trade.customs):
        assert code(desk.get(path)) == (403, "not-allowed")
    assert code(trade.nobody.get(path)) == (401, "not-identified")


def test_a_denied_act_changes_nothing_and_is_put_on_record(trade: Desks, ledger: str) -> None:
    paper = create(trade).json()["id"]
    act(trade, paper, "*", act="submit")
    before = trade.authority.get(f"/v1/ledgers/{ledger}").json()
    told = {
        code(act(trade, one, seen, who, act="grant"))
        for who in ("other", "third", "customs", "abroad")
        for one in (paper, "nowhere")
        for seen in ("*", '"1"')
    }
    assert told == {(403, "not-allowed")}
    texts = {
        act(trade, one, "*", "third", act="grant").json()["detail"] for one in (paper, "nowhere")
    }
    assert len(texts) == 1, "there or not, it is told alike"
    assert code(act(trade, paper, "*", "firm", act="grant")) == (403, "not-allowed")
    assert code(trade.nobody.get(f"/v1/authorisations/{paper}")) == (401, "not-identified")
    assert trade.authority.get(f"/v1/ledgers/{ledger}").json() == before
    assert trade.authority.get(f"/v1/authorisations/{paper}").json()["version"] == 2
    assert trade.other.get("/v1/authorisations").json()["items"] == []
    assert trade.firm.get("/v1/ledgers").json()["items"] == []
    denied = [one for one in trade.denied() if one.subject == paper]
    assert len(denied) == 4 * 2 + 3
    firm = trade.firm.get("/v1/access/me").json()["id"]
    assert json.loads(denied[-2].payload)["act"] == "authorisation:grant"
    assert (denied[-2].actor, json.loads(denied[-2].payload)["code"]) == (firm, "not-allowed")
    assert json.loads(denied[-1].payload)["act"] == "authorisation:read"


def test_customs_are_told_by_number_or_scanned_code(trade: Desks, ledger: str) -> None:
    paper = create(trade).json()["id"]
    for asked in (
        {"act": "submit"},
        {"act": "grant"},
        {"act": "issue", "bounds": [{"rule": "own term", "months": 3}]},
    ):
        assert act(trade, paper, "*", **asked).status_code == 200
    number = trade.authority.get(f"/v1/authorisations/{paper}").json()["number"]
    here = {"country": "XA"}
    scanned = quote(f"https://register.example/verify?number={number}", safe="")
    for path in (number, number.lower(), scanned):
        told = trade.customs.get(f"/v1/customs/{path}", params=here)
        assert told.status_code == 200, told.text
        assert (told.json()["number"], told.json()["word"]) == (number, "release")
        assert told.json()["paper"]["id"] == paper
    assert trade.authority.get(f"/v1/customs/{number}", params=here).json()["word"] == "release"
    later = trade.customs.get(f"/v1/customs/{number}", params=here | {"on": "2199-01-01"}).json()
    assert (later["word"], later["grounds"][0]["cite"]) == ("refuse", "1961 art. 31 (4) (b)")
    unknown = trade.customs.get("/v1/customs/XA-IA-1999-000001", params=here).json()
    assert (unknown["word"], unknown["paper"]) == ("hold", None)
    diverted = trade.abroad.get(f"/v1/customs/{number}", params={"country": "XD"}).json()
    assert (diverted["word"], diverted["paper"]) == ("refuse", None)
    act(trade, paper, "*", act="cancel", reason="not needed")
    gone = trade.customs.get(f"/v1/customs/{number}", params=here).json()
    assert (gone["word"], gone["grounds"][0]["text"]) == ("refuse", "it was cancelled")


@pytest.mark.parametrize(
    ("who", "path", "params", "problem"),
    [
        ("abroad", "XA-IA-2026-000001", {"country": "XA"}, (403, "not-allowed")),
        ("firm", "XA-IA-2026-000001", {"country": "XA"}, (403, "not-allowed")),
        ("auditor", "XA-IA-2026-000001", {"country": "XA"}, (403, "not-allowed")),
        ("nobody", "XA-IA-2026-000001", {"country": "XA"}, (401, "not-identified")),
        ("customs", "XA-IA-2026-000001", {}, (422, "request-invalid")),
        ("customs", "XA-IA-2026-000001", {"country": "xa"}, (422, "request-invalid")),
        ("customs", "XA-IA-2026-000001", {"country": "XA", "on": "x"}, (422, "request-invalid")),
        ("customs", "x" * 2001, {"country": "XA"}, (422, "request-invalid")),
        ("customs", "XA%00", {"country": "XA"}, (422, "bad-input")),
        ("customs", "%20", {"country": "XA"}, (422, "bad-input")),
        ("customs", quote("https://x.example/verify?hash=1", safe=""), {"country": "XA"}, (422, "bad-input")),
        ("customs", quote("https://[/?number=1", safe=""), {"country": "XA"}, (422, "bad-input")),
    ],
)  # fmt: skip
def test_customs_of_another_country_and_what_is_no_number(
    trade: Desks, who: str, path: str, params: dict[str, str], problem: tuple[int, str]
) -> None:
    desk: httpx.Client = getattr(trade, who)
    assert code(desk.get(f"/v1/customs/{path}", params=params)) == problem
