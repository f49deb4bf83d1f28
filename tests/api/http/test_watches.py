"""Watches over HTTP: made, listed page by page, run as a job, and their changes filtered."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api.engine import open_engine
from api.jobs.runner import run_jobs
from api.settings import Settings
from api.usecases.rescreen import rescreen
from registry.models import Job
from registry.store.session import make_engine, session_factory

Serve = Callable[..., AbstractContextManager[httpx.Client]]
ALD_52 = "CCN(CC)C(=O)C1CN(C)C2Cc3cn(C(C)=O)c4cccc(C2=C1)c34"
SECRET = "a secret of the receiver"


@pytest.fixture(scope="module")
def url(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A register of this module's own."""
    file = tmp_path_factory.mktemp("watches") / "register.sqlite"
    return f"sqlite:///{shutil.copy(small_register, file)}"


@pytest.fixture(scope="module")
def watching(url: str) -> Iterator[httpx.Client]:
    from tests.api.conftest import serving

    with serving(url, deadline_seconds=30) as client:
        yield client


def post(client: httpx.Client, **asked: Any) -> httpx.Response:
    return client.post("/v1/watches", json=asked)


def now() -> datetime:
    return datetime.now(UTC)


def do(url: str, asked: str = "", on: str = "") -> None:
    """What `subreg jobs run --once` does; or one run for the law of a day."""
    with open_engine(Settings(database_url=url, workers=1, deadline_seconds=30), now()) as engine:
        if asked:
            day = datetime.fromisoformat(on).date()
            rescreen(engine, asked, actor="test", clock=now, on=day, workers=1)
        else:
            run_jobs(engine, now, lambda _: None, once=True)


def test_a_watch_is_made_run_and_asked_what_changed(watching: httpx.Client, url: str) -> None:
    structures = [{"id": f"copy {n}", "structure": ALD_52} for n in (1, 2)]
    structures.append({"id": "broken", "structure": "C1CC("})
    made = post(
        watching,
        name="ours",
        structures=structures,
        jurisdictions=["DE"],
        on="2019-07-18",
        webhook="https://receiver.example/hook",
        secret=SECRET,
    )
    assert made.status_code == 201, made.text
    place = made.headers["Location"]
    assert place == f"/v1/watches/{made.json()['id']}"
    do(url, made.json()["id"], "2019-07-17")
    job = watching.post(f"{place}/runs")
    assert job.status_code == 202
    assert job.json()["state"] == "ready"
    assert watching.post(f"{place}/runs").json()["id"] == job.json()["id"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.webhook.deliver", lambda *_: 204)
        do(url)
    done = watching.get(job.headers["Location"]).json()
    assert (done["state"], done["result"]["changed"]) == ("done", 2)

    pages = list(pages_of(watching, f"{place}/changes", limit=3))
    assert [len(page) for page in pages] == [3, 1]
    status = watching.get(f"{place}/changes", params={"kind": "status", "run": 2}).json()["items"]
    assert [one["label"] for one in status] == ["copy 1", "copy 2"]
    assert {one["clause"] for one in status} == {"a"}
    for params, count in (
        ({"provision": "DE-NPSG-5.2"}, 4),
        ({"jurisdiction": "GB"}, 0),
        ({"status": "controlled"}, 2),
        ({"member": "copy 2", "kind": ["status", "outcome"]}, 2),
        ({"run": 1}, 0),
    ):
        found = watching.get(f"{place}/changes", params=params).json()
        assert len(found["items"]) == count, params

    shown = watching.get(place).json()
    assert [run["number"] for run in shown["runs"]] == [2, 1]
    assert [one["label"] for one in shown["undetermined"]] == ["broken"]
    listed = watching.get("/v1/watches").text
    for text in (made.text, str(shown), listed, job.text, str(done)):
        assert SECRET not in text


def pages_of(client: httpx.Client, address: str, limit: int) -> Iterator[list[Any]]:
    params: dict[str, Any] = {"limit": limit}
    while True:
        page = client.get(address, params=params).json()
        yield page["items"]
        if page["next"] is None:
            return
        params["cursor"] = page["next"]


def test_watches_are_listed_page_by_page(watching: httpx.Client) -> None:
    made = [post(watching, name=f"page {n}", query={"name": "fent"}).json()["id"] for n in range(5)]
    listed = [one["id"] for page in pages_of(watching, "/v1/watches", 2) for one in page]
    assert listed == sorted(listed)
    assert set(made) <= set(listed)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"name": ""}, "request-invalid"),
        ({"name": "x", "unknown": 1}, "request-invalid"),
        (
            {"name": "x", "query": {}, "structures": [{"id": "", "structure": "C"}]},
            "request-invalid",
        ),
        ({"name": "x", "structures": []}, "request-invalid"),
        ({"name": "\n"}, "watch-refused"),
        ({"name": "x", "secret": SECRET}, "watch-refused"),
        ({"name": "x", "webhook": "https://a.example/", "secret": "short"}, "webhook-refused"),
        ({"name": "x", "webhook": "http://a.example/", "secret": SECRET}, "webhook-refused"),
        ({"name": "x", "webhook": "https://localhost/", "secret": SECRET}, "webhook-refused"),
        ({"name": "x", "jurisdictions": ["ZZ"]}, "scope-unknown"),
        ({"name": "x", "query": {"listed": ["ZZ-*"]}}, "scope-unknown"),
        ({"name": "x", "query": {"substances": ["nobody"]}}, "not-found"),
    ],
)
def test_what_cannot_be_watched_is_refused_as_declared(
    watching: httpx.Client, asked: dict[str, Any], code: str
) -> None:
    response = post(watching, **asked)
    assert response.json()["code"] == code, response.text
    assert SECRET not in response.text
    described = watching.get("/openapi.json").json()["paths"]["/v1/watches"]["post"]["responses"]
    declared = described[str(response.status_code)]["content"]["application/problem+json"]
    assert code in declared["examples"]


def test_a_name_is_given_once(watching: httpx.Client) -> None:
    assert post(watching, name="twice").status_code == 201
    again = post(watching, name="twice")
    assert (again.status_code, again.json()["code"]) == (422, "watch-refused")


@pytest.mark.parametrize(
    "address", ["/v1/watches/none", "/v1/watches/none/changes", "/v1/jobs/none"]
)
def test_what_is_not_there_is_not_found(watching: httpx.Client, address: str) -> None:
    assert watching.get(address).json()["code"] == "not-found"


@pytest.mark.parametrize("cursor", ["x", "YWZ0ZXI6eA=="])
def test_a_cursor_of_another_list_is_refused(watching: httpx.Client, cursor: str) -> None:
    made = post(watching, name=f"cursor {cursor[:1]}").json()["id"]
    response = watching.get(f"/v1/watches/{made}/changes", params={"cursor": cursor})
    assert response.json()["code"] == "cursor-invalid"


def test_the_service_asks_for_what_is_out_of_date_when_it_starts(
    watching: httpx.Client, url: str, serve: Serve
) -> None:
    made = post(watching, name="at the start").json()["id"]
    assert made not in keys(url)
    with serve(url):
        assert made in keys(url)


def keys(url: str) -> set[str]:
    """The keys of the jobs in a register."""
    engine = make_engine(url)
    with session_factory(engine)() as session:
        found = set(session.scalars(select(Job.key)))
    engine.dispose()
    return found
