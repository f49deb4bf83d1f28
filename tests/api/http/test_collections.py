"""Collections over HTTP: only those of the folder the operator named, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.chem.batch import Workers
from registry.collections.importing import import_file
from registry.collections.read import FileKind
from tests.api.conftest import AMFETAMINE, ASPIRIN, FENTANYL, KETAMINE, serving

NAMED = (FENTANYL, KETAMINE, ASPIRIN, AMFETAMINE, f"{AMFETAMINE}.Cl", "O")


def imported(root: Path, name: str, texts: tuple[str, ...]) -> None:
    file = root.parent / f"{name}.smi"
    file.write_text("".join(f"{text} n{at}\n" for at, text in enumerate(texts, 1)))
    now = datetime(2026, 1, 2, tzinfo=UTC)
    list(import_file(file, FileKind.SMI, root, name, now=now, workers=Workers(1)))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("service-collections") / "all"
    imported(folder, "library", NAMED)
    imported(folder, "other", ("O", "C1CC"))
    return folder


@pytest.fixture(scope="module")
def service(shared_url: str, root: Path) -> Iterator[httpx.Client]:
    with serving(shared_url, collections=root) as client:
        yield client


def pages(service: httpx.Client, limit: int, **asked: Any) -> Iterator[dict[str, Any]]:
    cursor = ""
    while cursor is not None:
        body = {**asked, "limit": limit, "cursor": cursor}
        answer = service.post("/v1/collections/library/search", json=body)
        assert answer.status_code == 200, answer.text
        yield answer.json()
        cursor = answer.json()["next"]


def test_a_service_without_a_folder_has_no_collections(client: httpx.Client) -> None:
    answer = client.get("/v1/collections")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_collections_are_listed_page_by_page(service: httpx.Client) -> None:
    first = service.get("/v1/collections", params={"limit": 1}).json()
    assert [one["name"] for one in first["items"]] == ["library"]
    second = service.get("/v1/collections", params={"limit": 1, "cursor": first["next"]}).json()
    assert [one["name"] for one in second["items"]] == ["other"]
    assert second["next"] is None


def test_a_collection_says_what_it_is_made_of_and_no_place_on_the_machine(
    service: httpx.Client, root: Path
) -> None:
    answer = service.get("/v1/collections/other")
    assert answer.json()["counts"]["records"] == 2
    assert answer.json()["errors"] == {"structure-unreadable": 1}
    assert str(root.parent) not in answer.text


@pytest.mark.parametrize("name", ["none", "..%2Fall", "%2e%2e"])
def test_what_is_no_collection_is_a_problem(service: httpx.Client, name: str) -> None:
    answer = service.get(f"/v1/collections/{name}")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("limit", [1, 2, 200])
def test_pages_of_likeness_together_are_all_hits_best_first(
    service: httpx.Client, limit: int
) -> None:
    hits = [hit for page in pages(service, limit, structure=AMFETAMINE, threshold=0)
            for hit in page["items"]]  # fmt: skip
    assert [hit["row"] for hit in hits][:2] == [4, 5]
    assert sorted(hit["row"] for hit in hits) == [1, 2, 3, 4, 5, 6]
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == "1.0000"


@pytest.mark.parametrize("limit", [1, 2, 200])
def test_pages_of_a_part_together_are_all_rows_that_contain_it(
    service: httpx.Client, limit: int
) -> None:
    found = list(pages(service, limit, structure="NC(C)C", substructure=True))
    assert [hit["row"] for page in found for hit in page["items"]] == [1, 2, 4, 5]
    assert all(len(page["items"]) <= limit for page in found)
    assert all(page["undetermined"] == [] for page in found)
    assert all("never a legal answer" in page["caveat"] for page in found)


def test_rows_equal_in_a_layer_are_paged_too(service: httpx.Client) -> None:
    found = list(pages(service, 1, structure=f"{AMFETAMINE}.Br", exact="stereo"))
    assert [[hit["row"] for hit in page["items"]] for page in found] == [[4], [5]]


def test_a_cursor_of_another_collection_is_refused(service: httpx.Client) -> None:
    body = {"structure": "O", "threshold": 0, "limit": 1}
    cursor = next(pages(service, 1, structure="O", threshold=0))["next"]
    for wrong in (f"{cursor}x", "YWZ0ZXI6eA==", "nonsense"):
        answer = service.post("/v1/collections/library/search", json={**body, "cursor": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor-invalid")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"structure": "C1CC"}, "structure-unreadable"),
        ({"structure": "[C+99]"}, "structure-refused"),
        ({"structure": "O", "threshold": 2}, "request-invalid"),
        ({"structure": "O", "exact": "whole", "substructure": True}, "request-invalid"),
        ({}, "request-invalid"),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_problem(
    service: httpx.Client, body: dict[str, Any], code: str
) -> None:
    answer = service.post("/v1/collections/library/search", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_collection_whose_import_did_not_end_is_not_searched(
    service: httpx.Client, root: Path
) -> None:
    imported(root, "zhalf", ("O",))
    manifest = root / "zhalf" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"complete": true', '"complete": false'))
    for more in ({}, {"exact": "whole"}, {"substructure": True}):
        answer = service.post("/v1/collections/zhalf/search", json={"structure": "O", **more})
        assert (answer.status_code, answer.json()["code"]) == (503, "stale-index")
    assert service.get("/v1/collections/zhalf").json()["complete"] is False
