"""Shipment checks over real HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.usecases.check_shipment import recorded
from rules.shipment.consignment import read_consignment


def consignment(**facts: Any) -> dict[str, Any]:
    """Fentanyl between two invented countries that have no rules beyond the treaties."""
    return {
        "reference": "TEST-1",
        "on": "2026-03-01",
        "movement": {"from": "XA", "to": "XB", "mode": "air"},
        "lines": [
            {
                "substance": "fentanyl",
                "cas": "437-38-7",
                "form": {"salt": "base", "kind": "substance"},
                "quantity": {"value": "0.50", "unit": "kg"},
            }
        ],
        "documents": [],
        "facts": {
            "nothing_else": True,
            "parties_to": {"XA": {"1961": True}, "XB": {"1961": True}},
            "national": {"XA": {"complete": True}, "XB": {"complete": True}},
            **facts,
        },
    }


def check(client: httpx.Client, body: dict[str, Any]) -> dict[str, Any]:
    response = client.post("/v1/shipments/check", json=body)
    assert response.status_code == 200, response.text
    made: dict[str, Any] = response.json()
    return made


def test_a_narcotic_drug_without_an_import_authorization_is_stopped(client: httpx.Client) -> None:
    made = check(client, consignment())
    assert made["kind"] == "shipment"
    assert made["on"] == "2026-03-01"
    assert made["answer"]["decision"] == "stop"
    failed = [one for one in made["answer"]["findings"] if one["result"] == "failed"]
    assert any("31" in one["clause"] for one in failed)


def test_documents_nobody_knows_of_do_not_let_it_proceed(client: httpx.Client) -> None:
    body = consignment()
    del body["documents"]
    assert check(client, body)["answer"]["decision"] != "proceed"


def test_a_check_is_on_record_and_replays_to_the_same_bytes(client: httpx.Client) -> None:
    made = check(client, consignment())
    assert client.get(f"/v1/decisions/{made['id']}").json() == made
    replayed = client.post(f"/v1/decisions/{made['id']}/replay").json()
    assert replayed["same"], replayed["differs"]


def test_a_check_has_a_page(client: httpx.Client) -> None:
    made = check(client, consignment())
    page = client.get(f"/decisions/{made['id']}", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "Consignment TEST-1" in page.text
    assert "<h2>Stop</h2>" in page.text


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"lines": []}, "/lines"),
        ({"on": "2026-02-30"}, "/on"),
        ({"movement": {"from": "XA", "to": "XA"}}, "/movement"),
        ({"remarks": "none"}, "/remarks"),
    ],
)
def test_a_fault_of_a_consignment_is_named(
    client: httpx.Client, change: dict[str, Any], pointer: str
) -> None:
    response = client.post("/v1/shipments/check", json=consignment() | change)
    assert response.status_code == 422
    assert response.json()["code"] == "request-invalid"
    assert [one["pointer"] for one in response.json()["errors"]] == [pointer]


def test_a_recorded_consignment_is_read_again_as_it_was_stated() -> None:
    stated = read_consignment(consignment(suspicious=None, bonded_warehouse=False))
    again = read_consignment(recorded(stated))
    assert again == stated
    assert again.facts.model_fields_set == stated.facts.model_fields_set


KETAMINE = "CNC1(c2ccccc2Cl)CCCCC1=O"
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"


def by_structure(name: str, structure: str) -> dict[str, Any]:
    body = consignment()
    body["lines"][0] |= {"substance": name, "structure": structure, "cas": None}
    return body


def test_a_line_may_be_given_by_its_structure(client: httpx.Client) -> None:
    answer = check(client, by_structure("compound 12", FENTANYL))["answer"]
    assert answer["lines"][0]["provisions"] == {"UN-1961-I": "yes"}
    assert answer["decision"] == "stop"


def test_a_name_and_a_structure_that_differ_identify_nothing(client: httpx.Client) -> None:
    answer = check(client, by_structure("fentanyl", KETAMINE))["answer"]
    assert "name and structure disagree" in answer["lines"][0]["problem"]
    assert answer["decision"] == "undetermined"


def test_a_structure_nobody_can_read_is_refused(client: httpx.Client) -> None:
    response = client.post("/v1/shipments/check", json=by_structure("compound 12", "C1CC"))
    assert response.status_code == 422
    assert response.json()["code"] == "structure-unreadable"
