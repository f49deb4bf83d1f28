"""The word at the border follows what happens to a paper, and tells each country its own part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from api.access.allow import Actor
from api.usecases.trade import life, moving, papers
from api.usecases.trade.customs import check, number_of
from api.usecases.trade.life import Period
from api.usecases.trade.moving import Arrived, Shipped
from registry.documents.form import certificate_hash
from registry.documents.record import form_of
from registry.errors import Denied, InputError
from registry.models import Role
from registry.trade_facts import Party, Route
from rules.trade.validity import Bound
from tests.api.usecases.trade.conftest import (
    ABROAD,
    APPLICANT,
    CUSTOMS,
    NOW,
    by,
    draft,
    estimate,
    export,
    goods,
    submitted,
)

DAY = date(2026, 6, 10)
NUMBER = "XB-EA-2026-000001"
THERE = Actor("customs of XB", Role.CUSTOMS, "XB")
PASSED = Actor("customs of XC", Role.CUSTOMS, "XC")
STRANGE = Actor("customs of XD", Role.CUSTOMS, "XD")


@pytest.fixture
def database_kind() -> str:
    """The judgement is the same on both, and so is what it reads."""
    return "sqlite"


def word(engine: Any, actor: Actor, number: str = NUMBER, on: date = DAY) -> tuple[str, str]:
    told = check(engine, number, actor.country, actor, on)
    return told["word"], told["grounds"][0]["text"]


@pytest.fixture
def paper(engine: Any) -> str:
    """An export authorisation of XB for XA through XC, issued until 1 September."""
    estimate(engine, keeper="XB")
    made = submitted(engine, export(goods(), route=Route("XB", "XA", ("XC",))))
    life.grant(engine, made, by(ABROAD))
    term = Period(by().on, (Bound(date(2026, 9, 1), "own term"),))
    life.issue(engine, made, by(ABROAD), term)
    return made


def test_goods_leave_pass_arrive_and_are_endorsed(engine: Any, paper: str) -> None:
    assert word(engine, THERE) == ("release", "it is in force, not used up")
    for actor in (PASSED, CUSTOMS):
        assert word(engine, actor) == (
            "hold",
            "no consignment is on record as having left under it",
        )
    lines = ((1, Decimal(100), "g"),)
    moving.ship(engine, paper, by(THERE, days=9), Shipped(lines, DAY))
    assert word(engine, THERE) == ("refuse", "nothing is left on it")
    for actor in (PASSED, CUSTOMS):
        assert word(engine, actor) == ("release", "it is in force, and consignment 1 on the way")
    told = check(engine, NUMBER, "XA", CUSTOMS, DAY)
    assert (told["on_the_way"], told["paper"]["state"]) == ([1], "in_transit")
    said = Arrived(1, lines, DAY, Party("A", country="XA"))
    moving.endorse(engine, paper, by(days=19), said)
    assert word(engine, CUSTOMS) == ("hold", "what came under it is endorsed already")
    assert word(engine, THERE) == ("refuse", "nothing is left on it")


def test_several_consignments_come_in_while_something_is_left(engine: Any, ledger: str) -> None:
    made = submitted(engine, draft(goods(100), consignments=2))
    life.grant(engine, made, by())
    life.issue(engine, made, by(), Period(by().on, (Bound(date(2026, 9, 1), "own term"),)))
    number = "XA-IA-2026-000001"
    moving.ship(engine, made, by(CUSTOMS, days=9), Shipped(((1, Decimal(40), "g"),), DAY))
    assert word(engine, CUSTOMS, number)[0] == "release"
    assert word(engine, CUSTOMS, number, date(2026, 9, 1))[0] == "hold"
    moving.ship(engine, made, by(CUSTOMS, days=9), Shipped(((1, Decimal(30), "g"),), DAY))
    for consignment in (1, 2):
        what = Arrived(consignment, ((1, Decimal(30), "g"),), DAY, Party("A", country="XA"))
        moving.endorse(engine, made, by(days=19), what)
    assert word(engine, CUSTOMS, number)[0] == "hold", "30 g are left, and no consignment"


def test_a_country_off_the_route_is_told_that_alone(engine: Any, paper: str) -> None:
    life.suspend(engine, paper, by(ABROAD), "doubt")
    told = check(engine, NUMBER, "XD", STRANGE, DAY)
    assert [ground["text"] for ground in told["grounds"]] == ["its route does not touch XD"]
    assert (told["word"], told["paper"], told["on_the_way"]) == ("refuse", None, [])
    assert word(engine, THERE) == ("hold", "it is suspended")


def test_an_authority_asks_for_its_own_border_and_a_firm_for_none(engine: Any, paper: str) -> None:
    assert word(engine, ABROAD)[0] == "release"
    for actor, country in (
        (CUSTOMS, "XB"),
        (ABROAD, "XA"),
        (APPLICANT, "XA"),
        (Actor("operator", Role.OPERATOR), ""),
        (replace(CUSTOMS, scopes=("authorisation:*",)), "XA"),
    ):
        with pytest.raises(Denied) as denied:
            check(engine, NUMBER, country, actor, DAY)
        assert (denied.value.act, denied.value.subject) == ("customs:check", NUMBER)


def test_a_key_that_may_only_ask_is_not_shown_the_paper(engine: Any, paper: str) -> None:
    narrow = replace(THERE, scopes=("customs:check",))
    told = check(engine, NUMBER, "XB", narrow, DAY)
    assert (told["word"], told["paper"]) == ("release", None)


def test_what_has_no_number_yet_is_nobodys(engine: Any, ledger: str) -> None:
    submitted(engine)
    told = check(engine, "XA-IA-2026-000001", "XA", CUSTOMS, NOW.date())
    assert told["grounds"][0]["text"] == "this register holds no paper of that number"


def test_a_scanned_code_is_held_against_every_version(engine: Any, paper: str) -> None:
    """A print stays good when goods move; one of other particulars, or of none, holds the goods."""

    def scanned(code: str) -> tuple[str, str]:
        return word(engine, THERE, f"https://register.example/verify?number={NUMBER}&hash={code}")

    printed = certificate_hash(form_of(papers.fact_of(engine, paper, ABROAD)))
    assert scanned(printed) == scanned(printed.upper()) == word(engine, THERE)
    assert scanned("0f") == ("hold", "the code on the print is of no version of this paper")
    moving.ship(engine, paper, by(THERE, days=9), Shipped(((1, Decimal(40), "g"),), DAY))
    assert scanned(printed) == word(engine, THERE)


def test_a_print_from_before_an_amendment_holds_the_goods(engine: Any, paper: str) -> None:
    printed = certificate_hash(form_of(papers.fact_of(engine, paper, ABROAD)))
    papers.amend(
        engine, paper, export(goods(90), route=Route("XB", "XA", ("XC",))), by(ABROAD), "less"
    )
    address = f"https://register.example/verify?number={NUMBER}&hash={printed}"
    assert word(engine, THERE)[0] == "release"
    assert word(engine, THERE, address)[0] == "hold"


@pytest.mark.parametrize(
    ("scanned", "number"),
    [
        (" XB-EA-2026-000001\n", NUMBER),
        ("xb-ea-2026-000001", NUMBER),
        (f"https://register.example/verify?number={NUMBER}&hash=0f", NUMBER),
        (f"https://register.example/verify?hash=0f&number={NUMBER}#top", NUMBER),
        ("HTTPS://REGISTER.EXAMPLE/verify?number=A%2F1%20b", "A/1 B"),
        ("IA 7 / 2026", "IA 7 / 2026"),
    ],
)
def test_a_number_is_read_as_typed_or_scanned(scanned: str, number: str) -> None:
    assert number_of(scanned) == number


@pytest.mark.parametrize(
    "scanned", ["", " ", "https://x.example/", "https://[/?number=1", "http://x/?number=", "X\0"]
)
def test_what_holds_no_number_is_refused(scanned: str) -> None:
    with pytest.raises(InputError, match="no number of a paper"):
        number_of(scanned)
