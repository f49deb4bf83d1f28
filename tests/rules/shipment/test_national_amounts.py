"""Amounts, lists and days of national law, and the page that shows them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import RuleFileError
from registry.facts import InForce
from rules.schema import Cite
from rules.shipment.conditions import Members
from rules.shipment.consignment import Line
from rules.shipment.national_amounts import exempt, reaches, thresholds
from rules.shipment.national_tables import NationalTables, load_national_tables, national_tables
from rules.shipment.national_view import months_after, national_lists, whole_months
from rules.shipment.national_words import COMPUTED_NATIONAL, STATED_NATIONAL
from rules.shipment.read import load_rules, rule_files
from rules.shipment.rules import RuleFile
from rules.shipment.status import LineStatus
from rules.shipment.working_days import working_days, working_days_over
from rules.strict_yaml import parse, read, validate

DOCS = Path(__file__).parents[3] / "docs" / "national-trade.md"
RULES = load_rules()
NATIONAL = [rule for rule in RULES if rule.jurisdiction != "UN"]


@pytest.mark.parametrize(
    ("percent", "product", "expected"),
    [
        ("1", "silicone sealant", True),
        ("1.01", "silicone sealant", False),
        ("1", "paint", False),
        (None, "silicone sealant", None),
        ("1", None, None),
    ],
)
def test_an_exemption_by_product_and_per_cent(
    percent: str | None, product: str | None, expected: bool | None
) -> None:
    row = next(r for r in national_tables().exemptions if r.substances == ("acetic anhydride",))
    line = Line.model_validate(
        {"substance": "x", "form": {"kind": "preparation"}, "composition": {"percent": percent}}
    )
    assert exempt(row, line, product) is expected


def test_several_substances_count_in_sum_against_an_exemption() -> None:
    row = next(r for r in national_tables().exemptions if "piperonal" in r.substances)
    for other, expected in (("8", True), ("8.1", False), (None, None)):
        ingredients = [{"name": "Piperidine", "percent": other}, {"name": "water", "percent": "80"}]
        line = Line.model_validate(
            {
                "substance": "piperonal",
                "form": {"kind": "preparation"},
                "composition": {"percent": "12", "ingredients": ingredients},
            }
        )
        assert exempt(row, line, "fragrance") is expected


@pytest.mark.parametrize(
    ("facts", "percent", "expected"),
    [
        ({"line.litres": Decimal(100)}, "90", False),
        ({"line.litres": Decimal("100.1")}, "90", True),
        ({"line.litres": Decimal("100.1")}, "89.9", False),
        ({"line.litres": Decimal("100.1")}, None, True),
        ({"line.grams": Decimal(500000)}, "90", None),
        ({}, "90", None),
    ],
)
def test_a_threshold_by_volume_and_strength(
    facts: dict[str, Any], percent: str | None, expected: bool | None
) -> None:
    row = next(
        r for r in national_tables().thresholds_of(frozenset({"acetone"})) if r.id == "AU-10AB"
    )
    line = Line.model_validate(
        {"substance": "acetone", "form": {"kind": "substance"}, "composition": {"percent": percent}}
    )
    assert reaches(row, line, facts) is expected


@given(grams=st.decimals(0, 10**9, places=3), litres=st.decimals(0, 10**6, places=3))
def test_a_remembered_threshold_settles_nothing(grams: Decimal, litres: Decimal) -> None:
    facts = {"line.grams": grams, "line.litres": litres, "month.grams": grams}
    line = Line.model_validate({"substance": "x", "form": {"kind": "substance"}})
    for row in national_tables().thresholds:
        if row.cite.certainty == "memory":
            assert reaches(row, line, facts) is None


@given(
    alone=st.decimals(0, 300, places=1),
    more=st.decimals(0, 300, places=1),
)
def test_earlier_movements_only_add_to_a_yearly_threshold(alone: Decimal, more: Decimal) -> None:
    row = next(
        r
        for r in national_tables().thresholds
        if r.id == "EU-273-6" and r.substance == "red phosphorus"
    )
    line = Line.model_validate({"substance": "red phosphorus", "form": {"kind": "substance"}})
    now = reaches(row, line, {"line.grams": alone})
    later = reaches(row, line, {"line.grams": alone, "year.grams": alone + more})
    assert now is (True if alone > 100 else None)
    assert later is (alone + more > 100)


def test_what_stands_on_a_list_without_a_figure_may_have_reached_the_threshold() -> None:
    names = frozenset({"methyl isobutyl ketone"})
    listed = Members(frozenset({"US-LIST-II"}), frozenset({"US-LIST-II"}))
    line = Line.model_validate({"substance": "methyl isobutyl ketone"})
    reached = thresholds(line, names, listed, {})
    assert (reached.certain, reached.possible) == (frozenset(), frozenset({"US-1310-04"}))


def test_a_provision_counts_as_all_it_is_part_of() -> None:
    status = LineStatus(
        "x",
        frozenset({"x"}),
        {},
        national={"CA-CDSA-VI-1-22": InForce.YES, "US-CSA-II": InForce.UNKNOWN},
    )
    lists = national_lists(status)
    assert {"CA-CDSA-VI-1-22", "CA-CDSA-VI-1", "CA-CDSA-VI", "CA-CDSA"} == lists.certain
    assert {"US-CSA-II", "US-CSA"} <= lists.possible


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 4000))
def test_whole_months_hold_the_last_day_and_no_fewer_do(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    months = whole_months(first, last)
    assert months is not None
    assert months_after(first, int(months)) >= last
    assert months == 0 or months_after(first, int(months) - 1) < last


def test_working_days_are_those_of_the_country() -> None:
    friday, monday = date(2026, 11, 13), date(2026, 11, 16)
    assert working_days("NL", friday, monday) == 1
    assert working_days("NL", monday, monday) == 0
    assert [working_days_over("NL", friday, day) for day in (friday, monday)] == [0, 0]
    assert working_days_over("NL", friday, monday + timedelta(days=1)) == 1
    assert working_days_over("NL", monday, friday) is None
    assert working_days("NL", date(2026, 12, 24), date(2026, 12, 28)) == 1
    assert working_days("XA", friday, monday) is None
    assert working_days("NL", monday, friday) is None
    assert working_days("DE", date(2026, 10, 30), date(2026, 11, 2)) == 1
    # All Saints' Day of 2027 is a Monday, and a holiday in some parts of Germany only.
    assert working_days("DE", date(2027, 10, 29), date(2027, 11, 2)) is None


def test_a_row_cites_a_text_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "amounts.yaml"
    path.write_text(
        "cites: {a: {title: A}}\nlists:\n  - {id: X, title: x, cite: b}\n", encoding="utf-8"
    )
    with pytest.raises(RuleFileError, match="no text is cited as `b`"):
        load_national_tables([path])


def test_a_figure_needs_a_unit_that_is_known() -> None:
    text = """
cites: {a: {title: A}}
thresholds:
  - {id: X, substance: x, frees: trade, duty: d, sums: month, at_least: [{value: "1", unit: gal}], cite: a}
"""
    with pytest.raises(RuleFileError, match="unit"):
        validate(parse(text, "amounts.yaml"), NationalTables)


def cells(heading: str) -> list[list[str]]:
    part = DOCS.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def source(cite: Cite) -> str:
    return cite.title + (" (remembered)" if cite.certainty == "memory" else "")


def test_the_documented_thresholds_are_those_of_the_tables() -> None:
    rows = national_tables().thresholds
    assert cells("Thresholds") == [
        [f"`{t.id}`", t.substance, t.figure, t.sums, t.frees, t.duty, source(t.cite)] for t in rows
    ]
    assert cells("Mixtures") == [
        [
            f"`{e.id}`",
            ", ".join(e.substances),
            f"{e.percent} % in sum",
            ", ".join(e.products) or "any",
            e.frees,
            source(e.cite),
        ]
        for e in national_tables().exemptions
    ]
    assert cells("Lists") == [
        [f"`{r.id}`", r.title, ", ".join(r.substances), ", ".join(r.perhaps) or "-", source(r.cite)]
        for r in national_tables().lists
    ]


def test_the_documented_national_rules_facts_and_gaps_are_all_there_are() -> None:
    assert cells("Rules") == [[f"`{r.id}`", r.cite.title, r.title] for r in NATIONAL]
    words = {**COMPUTED_NATIONAL, **STATED_NATIONAL}
    assert cells("Facts") == [[f"`{n}`", f.kind, f.scope, f.meaning] for n, f in words.items()]
    asked = [(rule, r) for rule in NATIONAL for r in rule.require if r.open_question]
    assert cells("Open questions") == [[f"`{x.id}`", r.clause, r.open_question] for x, r in asked]
    files = [validate(read(path), RuleFile) for path in rule_files()]
    assert cells("Not modelled") == [
        [f.jurisdiction, o.clause, o.reason]
        for f in files
        if f.jurisdiction != "UN"
        for o in f.not_modelled
    ]


def test_no_national_fact_is_idle() -> None:
    used = frozenset[str]().union(*(rule.facts_named() | rule.facts_shown() for rule in RULES))
    papers = {"notice.working_days_before", "notice.months_before", "notice.numbered"}
    elsewhere = papers | {"goods.product"}  # read by facts beside the rules
    assert {*COMPUTED_NATIONAL, *STATED_NATIONAL} - used <= elsewhere
