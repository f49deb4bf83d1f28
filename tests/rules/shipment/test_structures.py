"""A line given by its structure: the judge of classes says what it is under each law."""

from __future__ import annotations

from datetime import date

import pytest

from registry.facts import Facts, InForce
from rules.result import Outcome
from rules.shipment.consignment import Line
from rules.shipment.status import UN_PROVISIONS, LineStatus, line_status
from rules.shipment.structures import structure_status

DAY = date(2026, 4, 20)
NOTHING = dict.fromkeys(UN_PROVISIONS, Outcome.OUTSIDE)
MORPHINE = {"UN-1961-I": Outcome.INSIDE}


def status(name: str, verdicts: dict[str, Outcome], register: Facts) -> LineStatus:
    line = Line(substance=name)
    return structure_status(line, verdicts, line_status(line, register, DAY), DAY)


@pytest.mark.parametrize(
    ("outcome", "held"),
    [
        (Outcome.INSIDE, InForce.YES),
        (Outcome.OUTSIDE, InForce.NO),
        (Outcome.DISPLACED, InForce.NO),
        (Outcome.EXEMPT, InForce.UNKNOWN),
        (Outcome.UNDETERMINED, InForce.UNKNOWN),
    ],
)
def test_an_unknown_name_goes_by_its_structure(
    outcome: Outcome, held: InForce, register: Facts
) -> None:
    found = status("an ester", NOTHING | {"UN-1961-I": outcome}, register)
    assert found.identified
    assert found.listed["UN-1961-I"] is held


def test_what_was_not_judged_is_unknown(register: Facts) -> None:
    found = status("an ester", {}, register)
    assert found.listed["UN-1971-II"] is InForce.UNKNOWN
    assert found.listed["UN-1961-25"] is InForce.NO


def test_a_name_that_says_something_else_identifies_nothing(register: Facts) -> None:
    assert status("morphine", NOTHING | MORPHINE, register).identified
    found = status("morphine", NOTHING, register)
    assert not found.identified
    assert "name and structure disagree" in found.problem
    assert set(found.listed.values()) == {InForce.UNKNOWN}


def test_other_laws_are_lists_of_the_line(register: Facts) -> None:
    verdicts = NOTHING | {"CA-CDSA-I-16": Outcome.INSIDE, "DE-NPSG-1": Outcome.UNDETERMINED}
    found = status("an ester", verdicts, register)
    assert found.national == {"CA-CDSA-I-16": InForce.YES, "DE-NPSG-1": InForce.UNKNOWN}
