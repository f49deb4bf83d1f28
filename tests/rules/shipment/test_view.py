from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_args

import pytest

from registry.facts import Facts
from rules.shipment.conditions import Members
from rules.shipment.consignment import Composition, DocumentType, Form, Line, read_consignment
from rules.shipment.national import flag_facts
from rules.shipment.status import line_status
from rules.shipment.view import (
    Position,
    consignment_facts,
    countries,
    exempt_12_14,
    line_facts,
    substance_facts,
    transit_facts,
)
from rules.shipment.vocabulary import FACTS

Ordinary = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("kind", "recoverable", "expected"),
    [
        ("substance", None, False),
        ("substance", False, False),
        ("preparation", False, True),
        ("preparation", True, False),
        ("preparation", None, None),
        ("pharmaceutical preparation", False, True),
        ("pharmaceutical preparation", True, None),
        ("pharmaceutical preparation", None, None),
        (None, False, None),
        (None, True, None),
    ],
)
def test_paragraph_14_is_decided_only_where_both_readings_agree(
    kind: str | None, recoverable: bool | None, expected: bool | None
) -> None:
    form = Form.model_validate({"kind": kind})
    composition = Composition(recoverable=recoverable)
    assert exempt_12_14(Line(substance="x", form=form, composition=composition)) is expected


def test_every_fact_read_is_in_the_vocabulary_and_every_word_of_it_is_read(
    register: Facts, ordinary: Ordinary
) -> None:
    data = ordinary()
    data["documents"] += [
        {"type": kind, "covers": [{"substance": "morphine"}]}
        for kind in get_args(DocumentType)
        if kind not in {"import_authorization", "export_authorization"}
    ]
    data["facts"]["board_notice"] = {}
    consignment = read_consignment(data)
    line = consignment.lines[0]
    position = Position(line, line_status(line, register, consignment.on))
    facts = consignment_facts(consignment) | line_facts(
        position, substance_facts([position], consignment), consignment
    )
    facts |= flag_facts(consignment, position.status, facts)
    (transit,) = transit_facts(consignment)
    country = next(countries(position, consignment, facts))
    assert (facts | transit | country).keys() == FACTS.keys()
    kinds: dict[str, type | tuple[type, ...]] = {
        "yes or no": bool,
        "text": str,
        "set": Members,
        "number": Decimal,
    }
    for name, value in (facts | transit | country).items():
        wanted = kinds.get(FACTS[name].kind)
        assert value is None or wanted is None or isinstance(value, wanted), name


@pytest.mark.parametrize(
    ("mode", "lands_in", "lands"),
    [
        ("sea", None, True),
        ("sea", [], True),
        ("air", ["XC"], True),
        ("air", [], False),
        ("air", None, None),
        (None, ["XC"], True),
        (None, [], None),
    ],
)
def test_only_an_aircraft_may_pass_without_landing(
    mode: str | None, lands_in: list[str] | None, lands: bool | None, ordinary: Ordinary
) -> None:
    data = ordinary()
    data["movement"]["mode"] = mode
    data["facts"]["lands_in"] = lands_in
    (view,) = transit_facts(read_consignment(data))
    assert view["transit.lands"] is lands


@pytest.mark.parametrize(
    ("origin", "to", "bound"),
    [
        (True, None, "1961"),
        (None, True, "1961"),
        (False, False, "none"),
        (False, None, "1961?"),
    ],
)
def test_a_treaty_counts_where_either_country_is_bound(
    origin: bool | None, to: bool | None, bound: str, ordinary: Ordinary
) -> None:
    data = ordinary()
    off = {"1971": False, "1988": False}
    data["facts"]["parties_to"] = {"XA": {"1961": origin, **off}, "XB": {"1961": to, **off}}
    assert str(consignment_facts(read_consignment(data))["bound"]) == bound


@pytest.mark.parametrize(
    ("requirements", "complete", "flag"),
    [
        ([], True, "not required"),
        ([], None, None),
        ([{"required": True}], True, "required"),
        ([{"required": False}], None, "not required"),
        ([{"required": None}], True, None),
        ([{"required": True, "substances": ["ketamine"]}], True, "not required"),
        ([{"required": True, "substances": ["ketamine"]}], None, None),
        ([{"required": True, "provisions": ["UN-1961-I"]}], None, "required"),
    ],
)
def test_a_national_flag_is_what_is_stated_of_the_line(
    requirements: list[dict[str, Any]],
    complete: bool | None,
    flag: str | None,
    register: Facts,
    ordinary: Ordinary,
) -> None:
    data = ordinary()
    stated = [{"needs": "import_authorization", **one} for one in requirements]
    data["facts"]["national"]["XB"] = {"complete": complete, "requirements": stated}
    consignment = read_consignment(data)
    line = consignment.lines[0]
    position = Position(line, line_status(line, register, consignment.on))
    of_papers = substance_facts([position], consignment)
    facts = flag_facts(consignment, position.status, of_papers)
    assert facts["destination.import_authorization"] == flag
