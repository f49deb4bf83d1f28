"""Consignments judged by others, kept beside the repository where it is shared; skipped elsewhere.

They are read as `subreg ship --scenarios` reads them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from registry.facts import Facts
from rules.shipment.check import ShipmentDecision, check
from rules.shipment.read import load_rules
from rules.shipment.render import contract_json
from rules.shipment.scenario.read import read_scenario
from rules.shipment.status import line_status

CASES = Path(__file__).parents[4] / "shared" / "cases" / "shipments.jsonl"
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="no consignments beside the checkout")
Judged = Callable[[dict[str, Any]], tuple[ShipmentDecision, str]]


def cases() -> list[dict[str, Any]]:
    if not CASES.exists():
        return []
    with CASES.open(encoding="utf-8") as lines:
        return [json.loads(line, parse_float=Decimal) for line in lines if line.strip()]


CONSIGNMENTS = cases()


@pytest.fixture(scope="module")
def judged(register: Facts) -> Judged:
    rules = load_rules()

    def judge(case: dict[str, Any]) -> tuple[ShipmentDecision, str]:
        consignment = read_scenario({key: case[key] for key in case if key != "expect"})
        decision = check(
            consignment, rules, lambda line: line_status(line, register, consignment.on)
        )
        answer = contract_json(consignment.reference, decision)
        return decision, json.dumps(answer, ensure_ascii=False).casefold()

    return judge


@pytest.mark.parametrize("case", CONSIGNMENTS, ids=[case["id"] for case in CONSIGNMENTS])
def test_a_case_comes_out_as_its_judges_say(case: dict[str, Any], judged: Judged) -> None:
    decision, text = judged(case)
    expect = case["expect"]
    accepted = {expect["decision"], *expect.get("also_acceptable", [])}
    assert decision.decision in accepted, text
    assert not [m for m in expect["must_mention"] if m.casefold() not in text], text
    assert not [m for m in expect.get("must_not_mention", []) if m.casefold() in text], text


@pytest.mark.parametrize("case", CONSIGNMENTS, ids=[case["id"] for case in CONSIGNMENTS])
def test_nothing_of_a_case_is_left_unread(case: dict[str, Any]) -> None:
    assert read_scenario(case).facts.unread == ()


@pytest.mark.parametrize("case", CONSIGNMENTS, ids=[case["id"] for case in CONSIGNMENTS])
def test_nothing_expected_to_stop_proceeds_when_a_fact_is_forgotten(
    case: dict[str, Any], judged: Judged
) -> None:
    if case["expect"]["decision"] != "stop":
        return
    for key in case["facts"]:
        unknown = case | {"facts": case["facts"] | {key: None}}
        decision, text = judged(unknown)
        assert decision.decision != "proceed", (key, text)
