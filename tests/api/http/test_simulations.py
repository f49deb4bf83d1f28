"""Simulations over HTTP: asked for, done as a job, read by whoever asked; two laws held side by side."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.engine import open_engine
from api.jobs.runner import run_jobs
from api.settings import Settings
from registry.models import Role
from tests.api import past, trials
from tests.api.conftest import key_of, serving

ASKED: dict[str, Any] = {"drafts": [{"text": trials.BARE}], "on": trials.EVE.isoformat()}


@pytest.fixture(scope="module")
def settings(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("simulations")
    file = shutil.copy(small_register, folder / "register.sqlite")
    law = past.small_law(folder / "law")
    return {"url": f"sqlite:///{file}", "deadline_seconds": 30, "law_root": law}


@pytest.fixture(scope="module")
def client(settings: dict[str, Any]) -> Iterator[httpx.Client]:
    with serving(**settings) as client:
        yield client


def now() -> datetime:
    return datetime.now(UTC)


def do(settings: dict[str, Any]) -> None:
    """What `subreg jobs run --once` does."""
    rest = {name: value for name, value in settings.items() if name != "url"}
    chosen = Settings(database_url=settings["url"], workers=1, **rest)
    with open_engine(chosen, now()) as engine:
        run_jobs(engine, now, lambda _: None, once=True)


def test_a_simulation_is_asked_for_done_and_read_in_each_form(
    client: httpx.Client, settings: dict[str, Any]
) -> None:
    headers = key_of(settings["url"], Role.ANALYST)
    asked = client.post("/v1/simulations", json=ASKED, headers=headers)
    assert asked.status_code == 202, asked.text
    place = asked.headers["location"]
    assert place == f"/v1/simulations/{asked.json()['id']}"
    waiting = client.get(place, headers=headers).json()
    assert (waiting["state"], waiting["result"]) == ("ready", None)
    assert client.get(f"{place}/rows.csv", headers=headers).status_code == 404
    do(settings)
    done = client.get(place, headers=headers).json()
    assert done["state"] == "done"
    assert done["result"]["libraries"][0]["members"] == 6
    assert done["result"]["ledger"]["asked"]
    rows = client.get(f"{place}/rows.csv", headers=headers)
    assert rows.text.splitlines()[0].startswith("library,key,name,use,option,effect")
    assert isinstance(client.get(f"{place}/charts", headers=headers).json(), dict)
    report = client.get(f"{place}/report", headers=headers)
    assert "draft, not law" in report.text
    assert "<b>by name</b>" not in report.text
    listed = client.get("/v1/simulations", headers=headers).json()
    assert [one["id"] for one in listed["items"]] == [done["id"]]
    other = key_of(settings["url"], Role.ANALYST)
    assert client.get(place, headers=other).status_code == 403
    assert client.get(f"/v1/jobs/{done['id']}", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"drafts": [{"text": "draft: [x"}]}, "draft-wrong"),
        ({"drafts": [{"text": trials.BARE, "kept": "x"}]}, "request-invalid"),
        ({"drafts": [{"text": trials.BARE}] * 2}, "simulation-refused"),
        ({**ASKED, "libraries": ["every molecule"]}, "library-unknown"),
        ({**ASKED, "libraries": ["collection:mine"]}, "not-found"),
        ({**ASKED, "known_on": "9000-01-01"}, "known-on-future"),
        ({"drafts": []}, "request-invalid"),
        ({**ASKED, "structures": ["C"]}, "request-invalid"),
    ],
)
def test_what_cannot_be_asked_is_a_problem_its_route_declares(
    client: httpx.Client, asked: dict[str, Any], code: str
) -> None:
    response = client.post("/v1/simulations", json=asked)
    assert response.json()["code"] == code, response.text
    declared = client.get("/openapi.json").json()["paths"]["/v1/simulations"]["post"]["responses"]
    answers = declared[str(response.status_code)]["content"]["application/problem+json"]
    assert code in answers["examples"]


def test_a_draft_that_is_kept_is_tried_by_its_name(
    client: httpx.Client, settings: dict[str, Any]
) -> None:
    headers = key_of(settings["url"], Role.ANALYST)
    new = {"name": "ours", "jurisdiction": "GB", "text": trials.BARE}
    kept = client.post("/v1/drafts", json=new, headers=headers)
    assert kept.status_code == 201, kept.text
    asked = {"drafts": [{"kept": "ours"}], "on": trials.EVE.isoformat()}
    response = client.post("/v1/simulations", json=asked, headers=headers)
    assert response.status_code == 202, response.text
    assert response.json()["drafts"] == ["bare"]
    other = key_of(settings["url"], Role.ADMINISTRATOR)
    assert client.post("/v1/simulations", json=asked, headers=other).status_code in (403, 404)


def test_a_wrong_draft_is_told_with_line_and_column(client: httpx.Client) -> None:
    wrong = trials.BARE.replace("jurisdiction: GB", "jurisdiktion: GB")
    response = client.post("/v1/simulations", json={"drafts": [{"text": wrong}]})
    assert response.json()["detail"].startswith("draft 1:")


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.CUSTOMS, Role.AUDITOR])
def test_who_may_not_simulate_is_denied(
    client: httpx.Client, settings: dict[str, Any], role: Role
) -> None:
    headers = key_of(settings["url"], role)
    assert client.post("/v1/simulations", json=ASKED, headers=headers).status_code == 403
    span = {"from": "2016-12-13", "to": "2016-12-14"}
    assert client.get("/v1/law-diff", params=span, headers=headers).status_code == 403


def test_why_not_in_bulk_needs_more_than_a_place_on_this_machine(client: httpx.Client) -> None:
    response = client.post("/v1/simulations", json={**ASKED, "why_not": True})
    assert response.json()["code"] == "not-identified"


def test_two_dates_are_held_side_by_side(client: httpx.Client) -> None:
    span = {"from": "2016-12-13", "to": "2019-11-15", "jurisdiction": "GB"}
    response = client.get("/v1/law-diff", params=span)
    assert response.status_code == 200, response.text
    found = response.json()
    assert [one["on"] for one in found["points"]] == ["2016-12-13", "2019-11-15"]
    assert found["libraries"][0]["members"] == 6
    backwards = client.get("/v1/law-diff", params={"from": "2020-01-01", "to": "2019-01-01"})
    assert backwards.json()["code"] == "dates-reversed"
    same = client.get("/v1/law-diff", params={"from": "2020-01-01", "to": "2020-01-01"})
    assert same.json()["code"] == "law-diff-refused"
