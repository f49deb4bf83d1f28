"""Before the treaties that are held, no line is free."""

from __future__ import annotations

from datetime import date, timedelta

from registry.facts import Facts, InForce, Substance
from rules.shipment.consignment import Line
from rules.shipment.status import EARLIEST, line_status

FACTS = Facts("none", substances=(Substance("heroin", "Heroin"),))


def _line() -> Line:
    return Line.model_validate({"substance": "heroin"})


def _status(on: date) -> set[InForce]:
    return set(line_status(_line(), FACTS, on).listed.values())


def test_the_day_before_the_convention_every_provision_is_unknown() -> None:
    assert _status(EARLIEST - timedelta(days=1)) == {InForce.UNKNOWN}


def test_from_its_first_day_an_unlisted_substance_is_not_listed() -> None:
    assert InForce.NO in _status(EARLIEST)
