"""Names searched over HTTP, on both databases where rows matter."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.util import find_spec
from typing import Any

import httpx
import pytest

from registry.chem import opsin

Serve = Callable[..., AbstractContextManager[httpx.Client]]

installed = pytest.mark.skipif(
    find_spec("py2opsin") is None or shutil.which("java") is None, reason="OPSIN needs Java"
)


def search(client: httpx.Client, q: str, **more: Any) -> dict[str, Any]:
    response = client.get("/v1/search/names", params={"q": q, **more})
    response.raise_for_status()
    found: dict[str, Any] = response.json()
    return found


def refused(client: httpx.Client, path: str, code: str, status: int, **params: Any) -> str:
    response = client.get(path, params=params)
    assert (response.status_code, response.json()["code"]) == (status, code), response.text
    return str(response.json()["detail"])


def test_a_name_is_found_and_says_how_and_that_it_is_evidence(client: httpx.Client) -> None:
    found = search(client, "Phentanil")
    (best,) = [one for one in found["items"] if one["id"] == "fentanyl"]
    assert found["items"][0] == best
    assert best["how"] == "spelling"
    assert best["matched"] == {
        "text": "Fentanyl", "kind": "inn", "language": "", "script": "", "misprint": False,
    }  # fmt: skip
    assert "never a legal answer" in found["note"]
    assert found["nearest"] == []


def test_a_salt_gives_its_parent(register_url: str, serve: Serve) -> None:
    with serve(register_url) as client:
        (found,) = search(client, "Ketaminhydrochlorid")["items"]
        assert (found["id"], found["salt"], found["read"]) == (
            "ketamine", ["hydrochloride"], "ketamin",
        )  # fmt: skip
        assert [one["id"] for one in search(client, "437387")["items"]] == ["fentanyl"]


def test_pages_follow_each_other_without_gap_or_repetition(register_url: str, serve: Serve) -> None:
    with serve(register_url) as client:
        whole = [one["id"] for one in search(client, "a")["items"]]
        paged, cursor = [], ""
        while True:
            page = search(client, "a", limit=1, cursor=cursor)
            paged += [one["id"] for one in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(whole) > 1
        assert paged == whole


def test_two_substances_of_one_name_are_both_found(client: httpx.Client) -> None:
    found = search(client, "speed")["items"]
    assert [(one["id"], one["how"]) for one in found] == [
        ("amfetamine", "exact"), ("metamfetamine", "exact"),
    ]  # fmt: skip


def test_where_nothing_answers_names_are_suggested(client: httpx.Client) -> None:
    found = search(client, "tanyl")
    assert (found["items"], found["next"]) == ([], None)
    assert found["nearest"][0]["id"] == "fentanyl"


def test_kind_language_and_the_day_known_narrow_the_search(client: httpx.Client) -> None:
    assert search(client, "Phentanyl", kind=["inn"])["items"][0]["matched"]["kind"] == "inn"
    assert search(client, "fentanyl", language=["zh"])["items"] == []
    before = search(client, "fentanyl", known_on="2026-01-01")
    assert before["items"] == []
    assert before["known_at"].startswith("2026-01-01")


def test_faults_are_problems_that_say_what_is_wrong(client: httpx.Client) -> None:
    path = "/v1/search/names"
    assert "is 7, not 8" in refused(client, path, "cas-check-digit", 422, q="437-38-8")
    refused(client, path, "bad-input", 422, q="---")
    refused(client, path, "request-invalid", 422, q="")
    refused(client, path, "known-on-future", 422, q="a", known_on="2999-01-01")
    for cursor in ("x", "YWZ0ZXI6YQ==", "WzEsIDIsIDNd", "W10="):
        refused(client, path, "cursor-invalid", 422, q="a", cursor=cursor)


@installed
def test_a_systematic_name_is_read_as_a_proposal(client: httpx.Client) -> None:
    response = client.get(
        "/v1/names/structure",
        params={"name": "2-(2-chlorophenyl)-2-(methylamino)cyclohexan-1-one"},
    )
    found = response.raise_for_status().json()
    assert found["inchi"].startswith("InChI=1S/C13H16ClNO/")
    assert found["route"] == "one-route: OPSIN"
    assert found["undefined"] == ["centres without configuration: 1"]
    assert "proposal" in found["note"]


@installed
def test_a_name_in_doubt_is_a_problem_that_names_the_doubt(client: httpx.Client) -> None:
    detail = refused(
        client, "/v1/names/structure", "name-not-a-structure", 422, name="dimethylbenzene"
    )
    assert "APPEARS_AMBIGUOUS" in detail


def test_without_opsin_the_service_says_so(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opsin, "find_spec", lambda _: None)
    detail = refused(client, "/v1/names/structure", "opsin-not-installed", 501, name="ethanol")
    assert "substance-register[opsin]" in detail
