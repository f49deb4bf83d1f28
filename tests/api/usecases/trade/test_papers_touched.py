"""What a draft would cost the ledger: papers in force with goods it newly catches, to who may read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from api.access.allow import Actor
from api.usecases import papers_touched as touched
from api.usecases.papers_touched import NO_PERMISSION, papers_touched
from api.usecases.trade import life
from api.usecases.trade.life import Period
from registry.models import Role
from rules.trade.validity import Bound
from tests.api.usecases.trade.conftest import AUTHORITY, NOW, by, submitted

ELSEWHERE = Actor("authority of XC", Role.AUTHORITY, "XC")
OPERATOR = Actor("operator", Role.OPERATOR)


def simulation(key: str, name: str, effect: str = "newly caught") -> dict[str, Any]:
    told = {"generic": {"effect": effect}, "list": {"effect": "unchanged"}}
    return {"rows": [{"key": key, "name": name, "told": told}], "rows_left_out": 0}


@pytest.fixture
def paper(engine: Any, ledger: str) -> str:
    made = submitted(engine)
    life.grant(engine, made, by())
    life.issue(engine, made, by(), Period(by().on, (Bound(date(2026, 9, 1), "own term"),)))
    return made


@pytest.mark.parametrize(("key", "name"), [("fentanyl", ""), ("x-1", "FENTANYL")])
def test_a_paper_in_force_is_found_by_identifier_and_by_name(
    engine: Any, paper: str, key: str, name: str
) -> None:
    found = papers_touched(engine, simulation(key, name), AUTHORITY, NOW)
    assert found["asked"]
    (one,) = found["authorisations"]
    assert (one["id"], one["state"], one["valid_to"]) == (paper, "issued", "2026-09-01")
    assert one["goods"] == [{"line": 1, "substance": "Fentanyl", "options": ["generic"]}]


def test_other_goods_and_papers_no_longer_in_force_are_not_touched(engine: Any, paper: str) -> None:
    def found_by(told: dict[str, Any], days: int = 0) -> list[Any]:
        found = papers_touched(engine, told, AUTHORITY, NOW + timedelta(days=days))
        return list(found["authorisations"])

    assert found_by(simulation("aspirin", "Aspirin")) == []
    assert found_by(simulation("fentanyl", "", "already controlled")) == []
    assert found_by(simulation("fentanyl", ""), days=91) != []
    assert found_by(simulation("fentanyl", ""), days=92) == []


def test_what_may_be_missing_is_told(
    engine: Any, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = simulation("fentanyl", "")
    assert papers_touched(engine, told, AUTHORITY, NOW)["incomplete"] == ""
    cut = papers_touched(engine, told | {"rows_left_out": 3}, AUTHORITY, NOW)
    assert "3 rows" in cut["incomplete"]
    monkeypatch.setattr(touched, "MOST", 0)
    most = papers_touched(engine, told, AUTHORITY, NOW)
    assert (most["authorisations"], most["incomplete"]) == ([], "there are more than 0")


def test_only_what_the_reader_may_read_is_shown(engine: Any, paper: str) -> None:
    told = simulation("fentanyl", "")
    assert papers_touched(engine, told, ELSEWHERE, NOW)["authorisations"] == []
    denied = papers_touched(engine, told, OPERATOR, NOW)
    assert (denied["asked"], denied["why_not_asked"]) == (False, NO_PERMISSION)
