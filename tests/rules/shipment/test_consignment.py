from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from registry.errors import InputError
from rules.shipment.consignment import CIRCUMSTANCES, Facts, read_consignment

Ordinary = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("surprise", 1, "`surprise`: unknown key"),
        ("facts.estimate_total", 1, "`facts.estimate_total`: unknown key"),
        ("lines.0.colour", "white", "`lines.0.colour`: unknown key"),
        ("on", "20 April", "`on`: `20 April` is not a date"),
        ("on", 1776643200, "`on`: a date is written"),
        ("lines.0.quantity", {"value": "4"}, "exactly the keys value and unit"),
        ("lines.0.quantity", {"value": "4", "unit": "stone"}, "unknown unit `stone`"),
        ("lines.0.quantity", {"value": "-4", "unit": "kg"}, "`-4` is not a quantity"),
        ("lines.0.quantity", {"value": "1e999999", "unit": "kg"}, "is not a quantity"),
        ("lines.0.quantity", {"value": True, "unit": "kg"}, "a quantity is a number"),
        ("lines.0.quantity", {"value": "١", "unit": "kg"}, "is not a quantity"),
        ("lines.0.cas", "57272", "`lines.0.cas`"),
        ("lines", [], "`lines`"),
        ("movement.to", "XA", "a movement within `XA` is neither import nor export"),
        ("movement.to", "Freedonia", "`movement.to`"),
        ("movement.mode", "rocket", "`movement.mode`"),
        ("parties.exporter.licensed", "yes", "`parties.exporter.licensed`"),
        ("documents.0.type", "letter", "`documents.0.type`"),
        ("lines.0.composition", {"divided": False, "per_unit": {"value": 1, "unit": "mg"}},
         "undivided preparation"),
        ("lines.0.composition", {"compounded": False, "ingredients": [{"name": "talc"}]},
         "contradict each other"),
        ("facts.national", {"XB": {"requirements": [
            {"needs": "import_authorization", "provisions": ["UN-1971-4"]}]}},
         "`facts.national.XB.requirements.0.provisions.0`"),
        ("facts.communications", [{"substance": "morphine", "provision": "I"}],
         "`facts.communications.0.provision`"),
        ("facts.estimates", [{"substance": "morphine"}, {"substance": "Morphine"}],
         "two estimates are given for `morphine`"),
    ],
)  # fmt: skip
def test_a_fault_names_its_key(path: str, value: Any, message: str, ordinary: Ordinary) -> None:
    data = ordinary()
    *way, last = path.split(".")
    at: Any = data
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[last] = value
    with pytest.raises(InputError) as info:
        read_consignment(data)
    assert message in info.value.message
    assert info.value.code == "bad-input"


def test_text_that_is_not_json_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match="not JSON: line 2, column 1"):
        read_consignment("{\n")


def test_json_text_keeps_every_digit_of_a_quantity(ordinary: Ordinary) -> None:
    text = json.dumps(ordinary()).replace('"value": "4"', '"value": 0.1000000000000001', 1)
    quantity = read_consignment(text).lines[0].quantity
    assert quantity is not None
    assert quantity.value == Decimal("0.1000000000000001")


def test_units_may_stand_in_the_plural(ordinary: Ordinary) -> None:
    data = ordinary()
    data["lines"][0]["quantity"] = {"value": 20, "unit": "tablets"}
    assert str(read_consignment(data).lines[0].quantity) == "20 tablet"


def test_left_out_and_null_differ_only_under_a_declaration(ordinary: Ordinary) -> None:
    data = ordinary()
    assert read_consignment(data).flag("bonded_warehouse") is False
    data["facts"]["bonded_warehouse"] = None
    assert read_consignment(data).flag("bonded_warehouse") is None
    del data["facts"]["bonded_warehouse"]
    del data["facts"]["nothing_else"]
    assert read_consignment(data).flag("bonded_warehouse") is None


def test_a_stated_circumstance_beats_the_declaration(ordinary: Ordinary) -> None:
    data = ordinary()
    data["facts"]["suspicious"] = True
    assert read_consignment(data).flag("suspicious") is True


def test_circumstances_are_facts() -> None:
    assert set(CIRCUMSTANCES) <= set(Facts.model_fields)
