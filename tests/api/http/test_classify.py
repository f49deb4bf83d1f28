"""Asking over real HTTP: answers, names, dates, records."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from api.http.models import AnswerOut, FindingOut

Serve = Callable[..., AbstractContextManager[httpx.Client]]

FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
ON = "2026-03-01"


def cycloparaphenylene(count: int) -> str:
    """[n]cycloparaphenylene: n benzene rings joined 1,4 into one large ring."""
    middle = "".join("-c2ccc(cc2)" for _ in range(count - 2))
    return f"c1%99ccc(cc1){middle}-c2ccc%99cc2"


def ask(client: httpx.Client, **asked: Any) -> dict[str, Any]:
    response = client.post("/v1/classify", json={"on": ON, **asked})
    assert response.status_code == 200, response.text
    made: dict[str, Any] = response.json()
    return made


def test_fentanyl_is_controlled_by_name_in_the_united_states(client: httpx.Client) -> None:
    answer = ask(client, structure=FENTANYL, jurisdictions=["US"])["answer"]
    assert answer["summary"] == {"US": "controlled"}
    found = {one["provision"]: one["outcome"] for one in answer["findings"]}
    assert found["US-CSA-II"] == "inside"


def test_the_name_the_number_and_the_structure_get_the_same_findings(
    client: httpx.Client,
) -> None:
    asked = [{"structure": FENTANYL}, {"name": "PHENTANYL"}, {"cas": "437-38-7"}]
    answers = [ask(client, **one)["answer"] for one in asked]
    assert answers[0]["findings"] == answers[1]["findings"] == answers[2]["findings"]
    assert [one["taken"] and one["taken"]["substance"] for one in answers] == [
        None,
        "fentanyl",
        "fentanyl",
    ]


def test_inchi_and_inchikey_lead_to_the_same_structure(client: httpx.Client) -> None:
    key = client.get("/v1/substances/fentanyl").json()["structure"]["inchikey"]
    assert ask(client, inchikey=key)["answer"]["taken"]["substance"] == "fentanyl"


def test_the_dates_asked_are_echoed_and_default_to_today(client: httpx.Client) -> None:
    before = datetime.now(UTC)
    made = client.post("/v1/classify", json={"structure": FENTANYL}).json()
    after = datetime.now(UTC)
    assert before.date().isoformat() <= made["on"] <= after.date().isoformat()
    assert before <= datetime.fromisoformat(made["answer"]["known_at"]) <= after
    assert ask(client, structure=FENTANYL)["answer"]["on"] == ON


def test_before_the_register_knew_anything_everything_is_undetermined(
    client: httpx.Client,
) -> None:
    answer = ask(client, structure=FENTANYL, known_on="2025-12-31")["answer"]
    assert set(answer["summary"].values()) == {"undetermined"}
    assert answer["error"]["code"] == "register-empty"


def test_a_name_is_taken_as_it_was_known_then(client: httpx.Client) -> None:
    asked = {"name": "fentanyl", "known_on": "2025-12-31"}
    assert client.post("/v1/classify", json=asked).status_code == 404


def test_what_is_plainly_outside_is_answered_only_when_asked_for(client: httpx.Client) -> None:
    short = ask(client, structure="CC(=O)Oc1ccccc1C(=O)O", jurisdictions=["US"])["answer"]
    full = ask(client, structure="CC(=O)Oc1ccccc1C(=O)O", jurisdictions=["US"], all=True)["answer"]
    assert len(full["findings"]) > len(short["findings"])
    assert full["summary"] == short["summary"]
    assert all(one["outcome"] != "outside" or one["missing"] for one in short["findings"])


def test_an_answer_holds_exactly_the_fields_that_are_described(client: httpx.Client) -> None:
    answer = ask(client, structure=FENTANYL)["answer"]
    assert set(answer) == set(AnswerOut.model_fields)
    assert set(answer["findings"][0]) == set(FindingOut.model_fields)


def test_a_decision_is_found_again_as_it_was_given(client: httpx.Client) -> None:
    made = ask(client, structure=FENTANYL)
    found = client.get(f"/v1/decisions/{made['id']}").json()
    assert found == made


def test_a_replay_gives_the_same_bytes(client: httpx.Client) -> None:
    for asked in ({"structure": FENTANYL}, {"name": "ketamine", "all": True}):
        made = ask(client, **asked)
        replayed = client.post(f"/v1/decisions/{made['id']}/replay").json()
        assert replayed["same"], replayed["differs"]
        assert replayed["answer"] == made["answer"]


def test_a_molecule_that_takes_for_ever_is_answered_undetermined_and_others_go_on(
    client: httpx.Client,
) -> None:
    hostile = cycloparaphenylene(16)
    with ThreadPoolExecutor(4) as pool:
        stopped = pool.submit(ask, client, structure=hostile)
        ordinary = [pool.submit(ask, client, structure=FENTANYL) for _ in range(6)]
        assert all(one.result()["answer"]["error"] is None for one in ordinary)
        answer = stopped.result()["answer"]
    assert answer["error"]["code"] == "computation-stopped"
    assert answer["error"]["message"]
    assert answer["summary"]
    assert set(answer["summary"].values()) == {"undetermined"}
    assert answer["input"] == hostile


def test_the_request_id_is_echoed_or_made(client: httpx.Client) -> None:
    given = client.get("/v1/version", headers={"x-request-id": "customs-42"})
    assert given.headers["x-request-id"] == "customs-42"
    made = client.get("/v1/version", headers={"x-request-id": "bad id!"})
    assert re.fullmatch(r"[0-9a-f]{32}", made.headers["x-request-id"])


@pytest.mark.parametrize("path", ["/", "/v1/version", "/v1/nothing", "/static/style.css"])
def test_every_answer_carries_safe_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_service_says_it_is_ready_and_what_it_runs(client: httpx.Client) -> None:
    health = client.get("/v1/health")
    assert health.status_code == 200
    assert health.json()["ready"] is True
    version = client.get("/v1/version").json()
    assert version["listings"] == 5
    assert len(version["rule_set"]) == len(version["facts"]) == 64
    assert version["versions"]["rdkit"]


def test_substances_come_page_by_page_without_gap_or_repetition(client: httpx.Client) -> None:
    whole = [one["id"] for one in client.get("/v1/substances").json()["items"]]
    seen, cursor = [], ""
    while True:
        page = client.get("/v1/substances", params={"limit": 2, "cursor": cursor}).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == whole == sorted(whole)
    assert len(whole) == 6


def test_substances_are_found_by_part_of_a_name_number_or_key(client: httpx.Client) -> None:
    def ids(**asked: str) -> list[str]:
        return [one["id"] for one in client.get("/v1/substances", params=asked).json()["items"]]

    assert ids(q="amphet") == ["amfetamine"]
    assert ids(q="speed") == ["amfetamine", "metamfetamine"]
    assert ids(cas="437-38-7") == ["fentanyl"]
    assert ids(cas="437-38-7", inchikey="none") == []
    assert ids(q="%") == []


def test_a_substance_shows_its_listings_on_the_date(client: httpx.Client) -> None:
    shown = client.get("/v1/substances/ketamine", params={"on": ON}).json()
    assert [(one["provision"], one["in_force"]) for one in shown["listings"]] == [
        ("US-CSA-III", "yes")
    ]
    before = client.get("/v1/substances/ketamine", params={"on": "1999-12-31"}).json()
    assert [one["in_force"] for one in before["listings"]] == ["no"]


def test_a_provision_shows_the_law_in_our_words_and_what_it_lists(client: httpx.Client) -> None:
    lines = client.get("/v1/provisions", params={"jurisdiction": "US"}).json()["items"]
    assert {one["jurisdiction"] for one in lines} == {"US"}
    modelled = client.get("/v1/provisions/US-CSA-I-e", params={"on": ON}).json()
    assert modelled["modelled"] is True
    assert modelled["rule"]["in_force"] is True
    assert {"A", "B", "C", "D", "E"} <= {one["clause"] for one in modelled["rule"]["law"]}
    early = client.get("/v1/provisions/US-CSA-I-e", params={"on": "2017-01-01"}).json()
    assert early["rule"]["in_force"] is False
    listed = client.get("/v1/provisions/US-CSA-III", params={"on": ON}).json()
    assert [one["substance"] for one in listed["listings"]] == ["ketamine"]
