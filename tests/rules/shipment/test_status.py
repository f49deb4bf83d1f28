from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from registry.facts import Facts, InForce, Name
from rules.shipment.check import ShipmentDecision
from rules.shipment.consignment import Composition, Form, Line, read_consignment
from rules.shipment.effect import after_180_days, dated
from rules.shipment.quantities import BaseFactor, Quantity, Span
from rules.shipment.status import base_span, base_text, line_status

ON = date(2026, 4, 20)
YES, NO, UNKNOWN = InForce.YES, InForce.NO, InForce.UNKNOWN


def held(line: Line, register: Facts, on: date = ON) -> dict[str, str]:
    governing = line_status(line, register, on).governing
    return {key: held.value for key, held in governing.items() if held is not NO}


def substance(name: str, **others: Any) -> Line:
    return Line(substance=name, form=Form(kind="substance"), **others)


def test_a_schedule_iv_drug_is_in_schedule_i_too(register: Facts) -> None:
    assert held(substance("heroin"), register) == {"UN-1961-I": "yes", "UN-1961-IV": "yes"}


def test_any_name_of_the_register_leads_to_the_substance(register: Facts) -> None:
    status = line_status(substance("DIAMORPHINE", cas="561-27-3"), register, ON)
    assert status.substance == "Heroin"
    assert status.identified


@pytest.mark.parametrize("cas", ["437-38-7", "50-00-0"])
def test_a_name_and_a_number_that_disagree_leave_all_open(cas: str, register: Facts) -> None:
    status = line_status(substance("morphine", cas=cas), register, ON)
    assert "name and CAS number disagree" in status.problem
    assert set(status.governing.values()) == {UNKNOWN}
    assert status.undated == ()


def test_a_name_nobody_registered_is_not_uncontrolled(register: Facts) -> None:
    status = line_status(substance("a name nobody registered"), register, ON)
    assert "holds no substance named `a name nobody registered`" in status.problem
    assert set(status.governing.values()) == {UNKNOWN}


def test_a_name_of_two_substances_is_no_identity_unless_a_number_decides(register: Facts) -> None:
    shared = Name("Alkaloid of the poppy", "common")
    twins = tuple(
        replace(s, names=(shared,)) if s.name in {"Morphine", "Codeine"} else s
        for s in register.substances
    )
    facts = replace(register, substances=twins)
    status = line_status(substance("alkaloid of the poppy"), facts, ON)
    assert (
        status.problem == "`alkaloid of the poppy` names more than one substance: Codeine, Morphine"
    )
    decided = line_status(substance("alkaloid of the poppy", cas="76-57-3"), facts, ON)
    assert decided.substance == "Codeine"


def test_a_number_the_register_lacks_for_a_substance_is_no_contradiction(register: Facts) -> None:
    bare = tuple(replace(s, identifiers=()) for s in register.substances)
    facts = replace(register, substances=bare)
    assert line_status(substance("morphine", cas="57-27-2"), facts, ON).identified
    assert not line_status(substance("morphine", cas="50-00-0"), register, ON).identified


def test_poppy_straw_stands_under_its_own_article(register: Facts) -> None:
    assert held(substance("Poppy straw"), register) == {"UN-1961-25": "yes"}


def test_opium_is_known_as_opium(register: Facts) -> None:
    assert line_status(substance("opium"), register, ON).opium is True
    assert line_status(substance("morphine"), register, ON).opium is False


def test_a_listing_counts_from_its_first_day(register: Facts) -> None:
    line = substance("acetic anhydride")
    assert held(line, register, date(2001, 12, 7)) == {"UN-1988-II": "yes"}
    assert held(line, register, date(2001, 12, 8)) == {"UN-1988-I": "yes"}


def mg(value: str) -> Quantity:
    return Quantity(Decimal(value), "mg")


def preparation(name: str, **composition: Any) -> Line:
    made = Form(kind="pharmaceutical preparation")
    return Line(substance=name, form=made, composition=Composition.model_validate(composition))


ATROPINE = ({"name": "atropine sulfate", "per_unit": mg("0.025")},)
LITTLE = ({"name": "atropine sulfate", "per_unit": mg("0.024")},)
CELLULOSE = ({"name": "Methylcellulose", "per_unit": mg("100")},)
BASE = {"as_base": True}
COMPOUNDED = {"as_base": True, "compounded": True}


ORAL = {"as_base": True, "oral": True, "with_psychotropic": False}


@pytest.mark.parametrize(
    ("name", "composition", "expected"),
    [
        ("codeine", COMPOUNDED | {"per_unit": mg("100")}, True),
        ("codeine", COMPOUNDED | {"per_unit": mg("100.1")}, False),
        ("codeine", {"compounded": True, "per_unit": mg("100.1")}, None),
        ("codeine", {"compounded": True, "per_unit": mg("99")}, True),
        ("codeine", {"compounded": False, "per_unit": mg("15")}, False),
        ("codeine", {"per_unit": mg("15")}, None),
        ("codeine", COMPOUNDED | {"divided": False, "percent": Decimal("2.5")}, True),
        ("codeine", COMPOUNDED | {"divided": False, "percent": Decimal("2.6")}, False),
        ("codeine", COMPOUNDED, None),
        ("diphenoxylate", BASE | {"per_unit": mg("2.5"), "ingredients": ATROPINE}, True),
        ("diphenoxylate", BASE | {"per_unit": mg("2.5"), "ingredients": LITTLE}, False),
        ("diphenoxylate", {"per_unit": mg("2.5"), "ingredients": LITTLE}, None),
        ("diphenoxylate", BASE | {"per_unit": mg("2.5"), "ingredients": ()}, False),
        ("diphenoxylate", BASE | {"per_unit": mg("2.5")}, None),
        ("propiram", BASE | {"per_unit": mg("100"), "ingredients": CELLULOSE}, True),
        ("propiram", BASE | {"per_unit": mg("50"), "ingredients": ()}, False),
        ("morphine", COMPOUNDED | {"percent": Decimal("0.2"), "recoverable": False}, True),
        ("morphine", COMPOUNDED | {"percent": Decimal("0.2"), "recoverable": True}, False),
        ("morphine", COMPOUNDED | {"percent": Decimal("0.21"), "recoverable": False}, False),
        ("cocaine", COMPOUNDED | {"percent": Decimal("0.1"), "recoverable": False}, True),
        ("cocaine", COMPOUNDED | {"percent": Decimal("0.1")}, None),
        ("difenoxin", BASE | {"per_unit": mg("0.5"), "ingredients": ATROPINE}, True),
        ("difenoxin", BASE | {"per_unit": mg("0.51"), "ingredients": ATROPINE}, False),
        ("dextropropoxyphene", ORAL | {"per_unit": mg("135")}, True),
        ("dextropropoxyphene", ORAL | {"per_unit": mg("135"), "oral": False}, False),
        ("dextropropoxyphene", ORAL | {"per_unit": mg("135"), "with_psychotropic": True}, False),
        ("dextropropoxyphene", ORAL | {"per_unit": mg("136")}, False),
    ],
)
def test_composition_decides_about_schedule_iii(
    name: str, composition: dict[str, Any], expected: bool | None, register: Facts
) -> None:
    status = line_status(preparation(name, **composition), register, ON)
    assert status.schedule_iii is expected, status.preparation
    in_two = name in {"codeine", "propiram", "dextropropoxyphene"}
    drug = "UN-1961-II" if in_two else "UN-1961-I"
    wanted = {True: (YES, NO), False: (NO, YES), None: (UNKNOWN, UNKNOWN)}[expected]
    assert (status.governing["UN-1961-III"], status.governing[drug]) == wanted


def test_the_pure_drug_is_never_a_preparation(register: Facts) -> None:
    assert line_status(substance("codeine"), register, ON).schedule_iii is False


def kilos(value: str, **form: Any) -> Line:
    quantity = Quantity(Decimal(value), "kg")
    return Line(substance="morphine", form=Form.model_validate(form), quantity=quantity)


@pytest.mark.parametrize(
    ("line", "span", "text"),
    [
        (kilos("12", salt="sulfate", water="5"), Span.exact(Decimal(9024)), "about 9.0 kg"),
        (kilos("12", salt="base"), Span.exact(Decimal(12000)), "12 kg"),
        (kilos("12"), Span(Decimal(0), Decimal(12000)), ""),
        (kilos("12", salt="sulfate", water=None), Span(Decimal(0), Decimal(12000)), ""),
        (Line(substance="morphine"), Span(), ""),
    ],
)
def test_base_is_counted_by_factor_or_between_bounds(
    line: Line, span: Span, text: str, register: Facts
) -> None:
    factor = line_status(line, register, ON).factor
    assert base_span(line, factor) == span
    assert base_text(line, factor) == text


def test_of_a_mixture_that_is_weighed_its_share_counts() -> None:
    line = Line.model_validate(
        {"substance": "acetic anhydride", "form": {"kind": "preparation"},
         "quantity": {"value": "1000", "unit": "kg"}, "composition": {"percent": "1"}}
    )  # fmt: skip
    pure = BaseFactor(Decimal(100), "no salt")
    assert base_span(line, pure) == Span.exact(Decimal(10_000))
    assert base_span(line, None) == Span(Decimal(0), Decimal(10_000))
    assert base_text(line, pure) == "", "the mass stated is that of the mixture"


def test_tablets_count_by_their_strength(register: Facts) -> None:
    line = preparation("codeine", per_unit=mg("15"), as_base=True)
    counted = line.model_copy(update={"quantity": Quantity(Decimal(1000), "tablet")})
    assert base_span(counted, None) == Span.exact(Decimal(15))
    volume = line.model_copy(update={"quantity": Quantity(Decimal(1), "L")})
    assert base_span(volume, None) == Span()


def test_180_days_are_counted_from_the_day_of_the_communication() -> None:
    assert after_180_days(date(2017, 4, 21), date(2017, 10, 17)) is NO
    assert after_180_days(date(2017, 4, 21), date(2017, 10, 18)) is YES
    assert after_180_days(None, date(2017, 10, 18)) is UNKNOWN


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ({"XA": "2024-05-01", "XB": None}, YES),
        ({"XA": "2024-06-02", "XB": "2024-06-03"}, NO),
        ({"XA": "2024-06-02", "XB": None}, UNKNOWN),
        ({"XA": "2024-06-02"}, UNKNOWN),
        ({}, UNKNOWN),
        ({"XA": "2024-06-01", "XB": "2024-07-01"}, YES),
    ],
)
def test_a_1961_decision_binds_from_receipt(
    received: dict[str, str | None],
    expected: InForce,
    register: Facts,
    ordinary: Callable[..., dict[str, Any]],
) -> None:
    communication = {"substance": "butonitazene", "provision": "UN-1961-I", "received": received}
    data = ordinary("butonitazene") | {"on": "2024-06-01"}
    data["facts"]["communications"] = [communication]
    consignment = read_consignment(data)
    status = line_status(consignment.lines[0], register, consignment.on)
    assert status.undated == ("UN-1961-I",)
    settled = dated(status, consignment)
    assert settled.governing["UN-1961-I"] is expected
    assert bool(settled.undated) == (expected is UNKNOWN)


def test_a_1971_decision_binds_180_days_after_its_communication(
    judge: Callable[[dict[str, Any]], ShipmentDecision],
    ordinary: Callable[..., dict[str, Any]],
) -> None:
    data = ordinary("hexahydrocannabinol") | {"documents": []}
    stated = {"substance": "hexahydrocannabinol", "provision": "UN-1971-II"}
    data["facts"]["communications"] = [stated | {"communicated_on": "2025-06-06"}]
    assert judge(data | {"on": "2025-12-02"}).decision == "proceed"
    assert judge(data | {"on": "2025-12-03"}).decision == "stop"
    data["facts"]["communications"] = []
    assert judge(data | {"on": "2025-12-03"}).decision == "undetermined"


def test_a_date_the_register_holds_is_never_overruled(
    register: Facts, ordinary: Callable[..., dict[str, Any]]
) -> None:
    data = ordinary("morphine")
    data["facts"]["communications"] = [
        {"substance": "morphine", "provision": "UN-1961-I", "received": {"XA": "2030-01-01"}}
    ]
    consignment = read_consignment(data)
    status = line_status(consignment.lines[0], register, consignment.on)
    assert dated(status, consignment) == status
