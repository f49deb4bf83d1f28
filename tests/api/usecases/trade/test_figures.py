"""Factors in doubt, and what is entered in ledgers by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from api.usecases.trade import ledgers, papers
from api.usecases.trade.ledgers import EntryRefused, Figure
from registry.models import BaseFactor, EntryKind, LedgerKind
from registry.store.ledgers import Key, LedgerExists, TooMuch
from registry.store.session import writing
from rules.trade.ledger import BadMass
from tests.api.conftest import SEEDED
from tests.api.usecases.trade.conftest import APPLICANT, AUTHORITY, NOW, by, draft, estimate, goods

ON = date(2026, 6, 1)


@pytest.fixture(params=["sqlite"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Nothing here depends on the kind of database."""
    return str(request.param)


def list_factor(engine: Any, percent: str) -> None:
    with writing(engine.sessions) as session:
        row = BaseFactor(
            substance="fentanyl", salt="citrate", base_units=1, acid_units=1, water=Decimal(0),
            percent=Decimal(percent), basis="as published", source=None, recorded_from=SEEDED,
        )  # fmt: skip
        session.add(row)


def figure(grams: str, **said: str) -> Figure:
    words = {"reason": "because", "source": "letter 7"} | said
    return Figure(grams=Decimal(grams), **words)


def test_a_listed_factor_is_used_and_agrees_with_the_structure(engine: Any) -> None:
    list_factor(engine, "63.7")
    made = papers.create(engine, draft(goods(1000, salt="citrate")), by(APPLICANT))
    (line,) = made["goods"]
    assert (Decimal(line["base"]), line["factor"], made["notes"]) == (637, "63.7", [])
    assert line["factor_source"] == "this register (as published)"


def test_a_listed_factor_that_is_not_that_of_the_structure_is_used_and_told(engine: Any) -> None:
    list_factor(engine, "64.0")
    made = papers.create(engine, draft(goods(1000, salt="citrate")), by(APPLICANT))
    assert Decimal(made["goods"][0]["base"]) == 640
    (note,) = made["notes"]
    assert "64 % (this register (as published)) is not that of the structure, 63.7 %" in note


def test_a_form_without_a_factor_is_told(engine: Any) -> None:
    made = papers.create(engine, draft(goods(), goods(7, 2, salt="tartrate")), by(APPLICANT))
    assert made["notes"] == ["line 2: no factor is known for Fentanyl tartrate"]


def test_trade_outside_counts_and_is_taken_back_as_far_as_it_was_entered(engine: Any) -> None:
    ledger = estimate(engine)
    enter = ledgers.enter
    assert enter(engine, ledger, EntryKind.OUTSIDE, figure("400"), by())["headroom"] == "600"
    assert enter(engine, ledger, EntryKind.OUTSIDE, figure("-150"), by())["headroom"] == "750"
    with pytest.raises(EntryRefused, match="taken back"):
        enter(engine, ledger, EntryKind.OUTSIDE, figure("-250.1"), by())
    shown = enter(engine, ledger, EntryKind.LIMIT, figure("200"), by())
    assert (shown["headroom"], shown["exceeded"]) == ("-50", True)
    assert shown["forecast"]["breach_on"] == "2026-06-01"
    with pytest.raises(EntryRefused, match="below zero"):
        enter(engine, ledger, EntryKind.SUPPLEMENT, figure("-201"), by())
    kinds = [one["kind"] for one in ledgers.entries(engine, ledger, AUTHORITY).items]
    assert kinds == ["limit", "outside", "outside", "limit"]


def test_it_runs_out_at_the_rate_so_far(engine: Any) -> None:
    ledger = estimate(engine)
    ledgers.enter(engine, ledger, EntryKind.OUTSIDE, figure("755"), by())
    ahead = ledgers.show(engine, ledger, AUTHORITY, ON)["forecast"]
    assert (ahead["per_day"], ahead["breach_on"]) == ("5", "2026-07-20")


@pytest.mark.parametrize("kind", [EntryKind.RESERVATION, EntryKind.RELEASE, EntryKind.DRAWDOWN])
def test_what_papers_move_is_not_entered_by_hand(engine: Any, kind: EntryKind) -> None:
    with pytest.raises(EntryRefused, match="not by hand"):
        ledgers.enter(engine, estimate(engine), kind, figure("1"), by())


@pytest.mark.parametrize("silent", [{"reason": " "}, {"source": ""}])
def test_an_entry_by_hand_needs_reason_and_source(engine: Any, silent: dict[str, str]) -> None:
    with pytest.raises(EntryRefused, match="a reason and a source"):
        ledgers.enter(engine, estimate(engine), EntryKind.OUTSIDE, figure("1", **silent), by())


def test_a_ledger_counts_one_substance_whatever_it_is_called_by(engine: Any) -> None:
    ledger = estimate(engine, substance="Phentanyl")
    named = Key("XA", "XA", "fentanyl", 2026, LedgerKind.ESTIMATE)
    with pytest.raises(LedgerExists):
        ledgers.open_ledger(engine, named, figure("1"), by())
    asked = Figure(goods=goods(10), reason="r", source="s")
    assert ledgers.if_granted(engine, ledger, asked, by())["left"] == "990"
    other = Figure(goods=replace(goods(10), substance="ketamine"), reason="r", source="s")
    with pytest.raises(EntryRefused, match="`ketamine` is not `fentanyl`"):
        ledgers.enter(engine, ledger, EntryKind.OUTSIDE, other, by())


def test_what_fits_is_undetermined_where_the_base_is_not_known(engine: Any) -> None:
    unknown = Figure(goods=goods(10, salt="tartrate"))
    answer = ledgers.if_granted(engine, estimate(engine), unknown, by())
    assert (answer["fits"], answer["left"]) == (None, None)
    assert "no factor is known" in answer["why"]


def test_a_mass_no_ledger_can_hold_is_refused(engine: Any) -> None:
    ledger = estimate(engine)
    with pytest.raises(BadMass):
        ledgers.enter(engine, ledger, EntryKind.SUPPLEMENT, figure("1" + "0" * 13), by())
    with pytest.raises(TooMuch):
        ledgers.enter(engine, ledger, EntryKind.SUPPLEMENT, figure("9" + "0" * 12), by())
    assert ledgers.show(engine, ledger, AUTHORITY, NOW.date())["limit"] == "1000"
