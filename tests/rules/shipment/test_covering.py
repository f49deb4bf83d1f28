from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from rules.shipment.consignment import Covered, Form, Line
from rules.shipment.covering import covers, covers_less_than
from rules.shipment.quantities import Quantity
from rules.shipment.status import base_factor_of

NAMES = frozenset({"morphine"})
SULFATE = {"salt": "sulfate", "water": "5"}
HYDROCHLORIDE = {"salt": "hydrochloride", "water": "3"}
BASE = {"salt": "base"}
UNREAD: dict[str, Any] = {"salt": None}
SILENT: dict[str, Any] = {}


def goods(value: str, unit: str, form: dict[str, Any]) -> Line:
    quantity = Quantity(Decimal(value), unit)
    return Line(substance="morphine", form=Form.model_validate(form), quantity=quantity)


def entry(value: str | None, unit: str, form: dict[str, Any]) -> Covered:
    quantity = None if value is None else Quantity(Decimal(value), unit)
    return Covered(substance="morphine", form=Form.model_validate(form), quantity=quantity)


@pytest.mark.parametrize(
    ("shipped", "stated", "expected"),
    [
        (("12", "kg", SULFATE), ("12", "kg", SULFATE), True),
        (("12.1", "kg", SULFATE), ("12", "kg", SULFATE), False),
        (("12000", "g", SULFATE), ("12", "kg", SULFATE), True),
        (("12", "kg", SULFATE), ("9.1", "kg", BASE), True),
        (("12", "kg", SULFATE), ("9.0", "kg", BASE), False),
        (("12", "kg", SULFATE), ("12", "kg", HYDROCHLORIDE), True),
        (("12", "kg", HYDROCHLORIDE), ("12", "kg", SULFATE), False),
        (("12", "kg", SULFATE), ("12", "kg", SILENT), True),
        (("12", "kg", SULFATE), ("10", "kg", SILENT), None),
        (("12", "kg", SULFATE), ("9", "kg", SILENT), False),
        (("12", "kg", SULFATE), ("12", "kg", UNREAD), None),
        (("12", "kg", SULFATE), ("9", "kg", UNREAD), False),
        (("12", "kg", SILENT), ("12", "kg", SULFATE), None),
        (("20", "tablet", SILENT), ("20", "tablet", SILENT), True),
        (("21", "tablet", SILENT), ("20", "tablet", SILENT), False),
        (("20", "tablet", SILENT), ("1", "kg", SILENT), None),
        (("12", "kg", BASE), (None, "kg", BASE), None),
    ],
)
def test_a_document_covers_what_it_covers_in_every_reading(
    shipped: tuple[str, str, dict[str, Any]],
    stated: tuple[str | None, str, dict[str, Any]],
    expected: bool | None,
) -> None:
    line = goods(*shipped)
    counted = [(line, base_factor_of(NAMES, line.form))]
    assert covers(counted, [entry(*stated)], NAMES) is expected


def test_a_document_whose_entries_were_not_read_covers_nothing_for_certain() -> None:
    assert covers([(goods("1", "kg", BASE), None)], [], NAMES) is None


def test_less_shipped_is_seen_only_between_like_units() -> None:
    assert covers_less_than([(goods("1", "kg", BASE), None)], [entry("2", "kg", BASE)]) is True
    assert covers_less_than([(goods("2", "kg", BASE), None)], [entry("2", "kg", BASE)]) is False
    assert covers_less_than([(goods("1", "vial", BASE), None)], [entry("2", "kg", BASE)]) is None
