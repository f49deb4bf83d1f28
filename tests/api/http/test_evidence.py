"""Evidence and the order for review over HTTP and on their page, one service for all."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from registry.models import Role
from tests.api.conftest import key_of, serving
from tests.api.web.browser import complaints_of, needs_chromium, opened

HTML = {"accept": "text/html"}
SOURCE = "A bulletin & more <of it>"


def report(key: str, kind: str = "seizure", **more: Any) -> dict[str, Any]:
    said = {"substance": "ketamine", "country": "XA", "from": "2026-06-01"} | more
    return {"source": SOURCE, "key": key, "kind": kind, "href": "https://example.org/1", **said}


@pytest.fixture(scope="module")
def url(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("evidence") / "register.sqlite"
    return f"sqlite:///{shutil.copy(small_register, file)}"


@pytest.fixture(scope="module")
def keys(url: str) -> dict[Role, dict[str, str]]:
    roles = (Role.ANALYST, Role.AUDITOR, Role.APPLICANT)
    return {role: key_of(url, role) for role in roles}


@pytest.fixture(scope="module")
def service(url: str, keys: dict[Role, dict[str, str]]) -> Iterator[httpx.Client]:
    with serving(url, deadline_seconds=10) as client:
        empty = client.get("/priority", headers=HTML)
        assert "No evidence recorded that counts here" in empty.text
        records = [
            report("1", quantity="2.50", unit="kg"),
            report("2", "fatal-case", substance="fentanyl", quantity="3", unit="count"),
            report("3", substance="", name="M", structure="CC(c1cccc(C)c1C)c1c[nH]cn1"),
        ]
        made = client.post("/v1/evidence", json={"records": records}, headers=keys[Role.ANALYST])
        assert (made.status_code, made.json()["recorded"]) == (201, 3)
        yield client


def test_records_are_listed_page_by_page_and_by_what_is_asked(service: httpx.Client) -> None:
    page = service.get("/v1/evidence", params={"limit": 2}).json()
    rest = service.get("/v1/evidence", params={"limit": 2, "cursor": page["next"]}).json()
    assert [one["key"] for one in page["items"] + rest["items"]] == ["1", "2", "3"]
    assert rest["next"] is None
    assert page["items"][0]["quantity"] == "2.50"
    assert (page["items"][0]["from"], page["items"][0]["to"]) == ("2026-06-01", "2026-06-02")
    outside = rest["items"][0]["subject"]
    for params, found in (
        ({"substance": outside}, ["3"]),
        ({"substance": "Phentanyl"}, ["2"]),
        ({"kind": "seizure"}, ["1", "3"]),
        ({"country": "XB"}, []),
        ({"source": SOURCE}, ["1", "2", "3"]),
    ):
        items = service.get("/v1/evidence", params=params).json()["items"]
        assert [one["key"] for one in items] == found, params


def test_the_order_shows_each_term_and_takes_other_weights(service: httpx.Client) -> None:
    told = service.get("/v1/priority", params={"on": "2026-11-26"}).json()
    assert [(one["rank"], one["name"], one["points"]) for one in told["items"]] == [
        (1, "Fentanyl", "15"), (2, "M", "5"), (2, "Ketamine", "5"),
    ]  # fmt: skip
    first = told["items"][0]
    assert first["named_in"] == ["UN-1961-I", "US-CSA-II"]
    assert first["terms"][0]["records"][0]["source"] == SOURCE
    assert "surveys" in first["no_record_of"]
    assert {one["criterion"] for one in told["weights"]} >= {"fatal-cases", "months"}
    weights = {"weight": ["fatal-cases=0", "seizures=40.5"], "on": "2026-11-26", "limit": 1}
    other = service.get("/v1/priority", params=weights).json()
    assert (other["items"][0]["points"], other["ranked"]) == ("43.5", 3)
    following = service.get("/v1/priority", params=weights | {"cursor": other["next"]}).json()
    assert following["items"][0]["rank"] == 1
    early = service.get("/v1/priority", params={"on": "2026-11-26", "window": 1}).json()
    assert (early["items"], len(early["none_that_counts"])) == ([], 3)


def test_recorded_again_it_is_on_record_already_and_otherwise_refused(
    service: httpx.Client, keys: dict[Role, dict[str, str]]
) -> None:
    def send(**more: Any) -> httpx.Response:
        body = {"records": [report("1", quantity="2.5", unit="kg", **more)]}
        return service.post("/v1/evidence", json=body, headers=keys[Role.ANALYST])

    assert send().json() == {"recorded": 0, "unchanged": 1, "corrected": 0}
    refused = send(country="XB")
    assert (refused.status_code, refused.json()["code"]) == (422, "evidence-refused")
    assert "1: key: `1` of this source is on record" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("method", "address", "asked", "code"),
    [
        ("POST", "/v1/evidence", {"records": []}, "request-invalid"),
        ("POST", "/v1/evidence", {"records": [report("1") | {"kind": "rumour"}]}, "request-invalid"),
        ("POST", "/v1/evidence", {"records": [report("8", unit="kg")]}, "evidence-refused"),
        ("POST", "/v1/evidence", {"records": [report("8", href="javascript:x")]}, "evidence-refused"),
        ("POST", "/v1/evidence", {"records": [report("8"), report("8")]}, "evidence-refused"),
        ("POST", "/v1/evidence", {"records": [report("8", substance="nobody")]}, "evidence-refused"),
        ("POST", "/v1/evidence", {"records": [report("8", quantity="1e999999999", unit="g")]}, "evidence-refused"),
        ("POST", "/v1/evidence", {"records": [report("8") | {"from": "9999-12-31"}]}, "evidence-refused"),
        ("POST", "/v1/evidence", {"records": [report("8")], "correction": "a\u0000b"}, "evidence-refused"),
        ("GET", "/v1/evidence?substance=nobody", None, "not-found"),
        ("GET", "/v1/evidence?substance=speed", None, "name-ambiguous"),
        ("GET", "/v1/evidence?source=%00", None, "request-invalid"),
        ("GET", "/v1/priority?weight=potency=1", None, "weights-refused"),
        ("GET", "/v1/priority?weight=months", None, "weights-refused"),
        ("GET", "/v1/priority?window=0", None, "request-invalid"),
        ("GET", "/v1/priority?known_on=2999-01-01", None, "known-on-future"),
        ("GET", "/v1/evidence?cursor=x", None, "cursor-invalid"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_a_problem_that_is_declared(
    service: httpx.Client, keys: dict[Role, dict[str, str]],
    method: str, address: str, asked: Any, code: str,
) -> None:  # fmt: skip
    headers = keys[Role.ANALYST]
    answer = service.request(method, address, json=asked, headers=headers)
    assert answer.json()["code"] == code, answer.text
    described = service.get("/openapi.json").json()["paths"][address.split("?", maxsplit=1)[0]]
    declared = described[method.lower()]["responses"][str(answer.status_code)]
    assert code in declared["content"]["application/problem+json"]["examples"]


def test_who_may_not_is_denied_and_the_act_is_in_the_log(
    service: httpx.Client, keys: dict[Role, dict[str, str]]
) -> None:
    body = {"records": [report("8")]}
    assert service.post("/v1/evidence", json=body).status_code == 401
    auditor = service.post("/v1/evidence", json=body, headers=keys[Role.AUDITOR])
    assert (auditor.status_code, auditor.json()["code"]) == (403, "not-allowed")
    for address in ("/v1/evidence", "/v1/priority"):
        assert service.get(address, headers=keys[Role.AUDITOR]).status_code == 200
        assert service.get(address, headers=keys[Role.APPLICANT]).status_code == 403


def test_the_page_opens_every_term_and_keeps_what_was_typed(service: httpx.Client) -> None:
    page = service.get(
        "/priority", params={"on": "2026-11-26", "window": "24", "fatal-cases": "0"}, headers=HTML
    )
    assert page.status_code == 200
    seen = html.unescape(re.sub(r"<[^>]+>", " ", page.text))
    assert SOURCE in seen
    assert "Seized, and not in the sum: 2.50 kg" in seen
    assert "outside the register" in seen
    assert "No record of: " in seen
    assert not re.search(r"(?<!non-)fatal-cases", seen.split("Order for review", 1)[1])
    assert 'name="fatal-cases" type="number" min="0" max="1000" step="any" value="0"' in page.text
    assert not re.search(r"<style|<script(?! src=)|\sstyle=|\son\w+=", page.text)


@pytest.mark.parametrize(
    "asked", [{"on": "tomorrow"}, {"window": "-1"}, {"window": "0"}, {"months": "x"}]
)
def test_the_page_tells_a_fault(service: httpx.Client, asked: dict[str, str]) -> None:
    page = service.get("/priority", params=asked, headers=HTML)
    assert page.status_code == 422
    assert 'role="alert"' in page.text


@needs_chromium
def test_a_reader_changes_a_weight_in_a_browser(service: httpx.Client) -> None:
    with opened(service) as page, complaints_of(page):
        page.goto("/priority?on=2026-11-26")
        expect(page.locator("article h3").first).to_contain_text("1. Fentanyl")
        page.get_by_text("Weights, and why").click()
        page.get_by_label("fatal-cases", exact=True).fill("0")
        page.get_by_role("button", name="Put in order").click()
        expect(page.locator("article h3").first).to_contain_text("outside the register")
        expect(page.locator("article").last).to_contain_text("countries")
        page.get_by_role("link", name="Ketamine").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Ketamine")
        page.set_viewport_size({"width": 360, "height": 700})
        page.goto("/priority?on=2026-11-26")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
