"""What a paper lacks is told with the article that asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from registry.trade_facts import (
    Authorisation,
    AuthorisationState,
    ForeignPaper,
    Goods,
    Paper,
    Party,
    Route,
)
from rules.trade.complete import missing

WHOLE = Authorisation(
    id="", version=0, paper=Paper.EXPORT, convention="1971", jurisdiction="XB",
    authority=Party("Authority"), state=AuthorisationState.DRAFT,
    exporter=Party("Out", "2 Road"), importer=Party("In", "3 Street"),
    goods=(Goods(1, "diazepam", Decimal(1), "kg", pharmaceutical_form="powder"),),
    route=Route("XB", "XA"),
    foreign=ForeignPaper("XA-1", date(2026, 1, 1), "Authority of XA"),
)  # fmt: skip


def lacks(**changed: object) -> dict[str, str]:
    return {one.what: one.cite for one in missing(replace(WHOLE, **changed))}  # type: ignore[arg-type]


def test_a_whole_paper_lacks_nothing() -> None:
    assert missing(WHOLE) == ()


@pytest.mark.parametrize(
    ("changed", "what", "article"),
    [
        ({"importer": Party("In")}, "address of the importer", "12 (1) (b)"),
        ({"consignee": Party("", "x")}, "name of the consignee", "12 (1) (b)"),
        ({"goods": ()}, "the goods", "12 (1) (b)"),
        ({"foreign": ForeignPaper()}, "number of the import authorisation", "12 (1) (b) and (c)"),
        ({"consignments": 2}, "a single consignment: only a 1961 import may have several", "31"),
        ({"goods": (Goods(1, "x", Decimal(1), "kg"),)}, "the pharmaceutical form of line 1", "12"),
    ],
)
def test_each_thing_missing_names_its_article(
    changed: dict[str, object], what: str, article: str
) -> None:
    assert article in lacks(**changed)[what]


def test_the_convention_decides_what_is_asked() -> None:
    plain = (Goods(1, "x", Decimal(1), "kg"),)
    assert lacks(convention="1961", goods=plain) == {}
    assert lacks(convention="1988", goods=plain, foreign=ForeignPaper(), consignments=None) == {}
    several = {"paper": Paper.IMPORT, "convention": "1961", "consignments": None}
    assert lacks(**several) == {}
