"""Papers over HTTP: proved without the register, by keys that anyone may have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from registry.documents.form import FORMS
from registry.documents.keys import ring_of
from registry.documents.schemas import schema
from registry.documents.verify import signed_form, verify
from tests.api.conftest import serving
from tests.api.http.test_problems import problem
from tests.registry.documents import samples

PAPER = signed_form(samples.FORMS["export"], samples.RING)
HASH = verify(PAPER, samples.RING).hash


@pytest.fixture(scope="module")
def service(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    file.write_text(samples.KEYS)
    file.chmod(0o600)
    with serving(shared_url, document_keys=file) as client:
        yield client


@pytest.mark.parametrize("media", ["application/json", "application/octet-stream", None])
def test_a_paper_is_proved_whatever_it_is_called(service: httpx.Client, media: str | None) -> None:
    headers = {"content-type": media} if media else {}
    answer = service.post("/v1/verify", content=PAPER, headers=headers).json()
    assert answer["verified"] is True
    assert (answer["form"], answer["number"]) == ("authorisation", "XA-2026-000123")
    assert (answer["hash"], answer["key"]) == (HASH, samples.THUMBPRINT)
    assert answer["document"] == json.loads(PAPER)["document"]
    assert "not that it is still in force" in answer["caveat"]


@pytest.mark.parametrize("data", [b"", b"{}", PAPER[:-1], PAPER.replace(b"1500", b"1600")])
def test_what_is_not_proved_is_an_answer_too(service: httpx.Client, data: bytes) -> None:
    answer = service.post("/v1/verify", content=data)
    assert answer.status_code == 200
    assert answer.json()["verified"] is False
    assert answer.json()["reason"]
    assert "document" not in answer.json()


def test_the_published_keys_prove_a_paper_elsewhere(service: httpx.Client) -> None:
    answer = service.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert verify(PAPER, ring_of(answer.text)).verified
    assert '"d"' not in answer.text


def test_a_service_without_keys_proves_nothing(client: httpx.Client) -> None:
    assert client.get("/.well-known/jwks.json").json() == {"keys": []}
    assert client.post("/v1/verify", content=PAPER).json()["verified"] is False


def test_a_wrong_key_file_is_a_problem(shared_url: str, tmp_path: Path) -> None:
    with serving(shared_url, document_keys=tmp_path / "none.json") as client:
        problem(client.post("/v1/verify", content=PAPER), "bad-input")


def test_the_schemas_are_published(service: httpx.Client) -> None:
    assert service.get("/v1/schemas").json()["names"] == sorted(FORMS)
    for name in FORMS:
        assert service.get(f"/v1/schemas/{name}").json() == schema(name)
    problem(service.get("/v1/schemas/letter"), "not-found")


def test_the_page_proves_a_file(service: httpx.Client) -> None:
    page = service.post("/verify", files={"file": ("paper.json", PAPER)}).text
    assert "<h2>Proved</h2>" in page
    for said in ("XA-2026-000123", "2026-04-11", "Morphine: 1500.50 g", HASH):
        assert said in page


def test_the_page_says_why_a_file_is_not_proved(service: httpx.Client) -> None:
    page = service.post("/verify", files={"file": ("paper.json", PAPER[:-1])}).text
    assert "<h2>Not proved</h2>" in page
    assert "The file is no signed form" in page


def test_the_code_of_a_paper_leads_to_the_page_that_compares(service: httpx.Client) -> None:
    page = service.get("/verify", params={"number": "XA-2026-000123", "hash": HASH}).text
    assert f'name="hash" value="{HASH}"' in page
    other = service.post("/verify", files={"file": ("p", PAPER)}, data={"hash": "0" * 64}).text
    assert "<h2>Another paper</h2>" in other
    same = service.post("/verify", files={"file": ("p", PAPER)}, data={"hash": HASH}).text
    assert "<h2>Proved</h2>" in same


def test_the_page_without_a_file_says_so(service: httpx.Client) -> None:
    html = {"accept": "text/html"}
    assert service.post("/verify", headers=html).status_code == 422
    assert service.post("/verify", files={"file": ("p", b"")}, headers=html).status_code == 422


def test_what_the_code_says_is_text_on_the_page(service: httpx.Client) -> None:
    page = service.get("/verify", params={"number": "<b>x", "hash": '"><script>'}).text
    assert "<b>x" not in page
    assert "<script>" not in page


def test_the_sheet_of_the_papers_is_served(service: httpx.Client) -> None:
    assert "@page" in service.get("/static/document.css").text
