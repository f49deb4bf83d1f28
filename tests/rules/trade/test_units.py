"""Quantities of every kind, strengths as written, factors from structures against those listed."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import InputError
from registry.trade_facts import Goods
from rules.shipment.quantities import BaseFactor
from rules.trade.units import (
    STATED_AS_BASE,
    BadStrength,
    Strength,
    base_of,
    compared,
    factor_of_formulas,
    factor_of_structure,
    in_unit,
    read_strength,
)

D = Decimal
DATA = Path(__file__).parents[3] / "seed" / "data"
HALF = BaseFactor(D(50), "made up")
# Salts as they are drawn, for the forms of the register's table of factors.
ACIDS = {
    "hydrochloride": "Cl",
    "sulfate": "OS(=O)(=O)O",
    "citrate": "OC(=O)CC(O)(CC(=O)O)C(=O)O",
    "phosphate": "OP(=O)(O)O",
    "bitartrate": "OC(=O)C(O)C(O)C(=O)O",
}


def goods(quantity: str, unit: str, **form: Any) -> Goods:
    return Goods(1, "morphine", D(quantity), unit, **form)


@pytest.mark.parametrize(
    ("what", "factor", "grams"),
    [
        (goods("12.5", "kg"), HALF, "6250"),
        (goods("20", "t"), STATED_AS_BASE, "20000000"),
        (goods("5", "mg"), STATED_AS_BASE, "0.005"),
        (goods("7", "µg"), STATED_AS_BASE, "0.000007"),
        (goods("1000", "tablet", strength="10 mg"), HALF, "5"),
        (goods("1000", "tablet", strength="10 mg as base"), HALF, "10"),
        (goods("1000", "ampoule", strength="50 µg"), STATED_AS_BASE, "0.05"),
        (goods("2", "L", strength="10 mg/mL"), HALF, "10"),
        (goods("250", "mL", strength="50 g/L"), STATED_AS_BASE, "12.5"),
        (goods("100", "mL", strength="5 % m/V"), STATED_AS_BASE, "5"),
        (goods("2", "kg", strength="1 % m/m"), STATED_AS_BASE, "20"),
        (goods("1", "kg", strength="2 g/kg"), STATED_AS_BASE, "2"),
        (goods("2", "L", strength="36 % m/m, density 1.18 g/mL"), STATED_AS_BASE, "849.6"),
        (goods("10", "L", strength="density 1.08 g/mL"), STATED_AS_BASE, "10800"),
    ],
)
def test_the_base_in_goods(what: Goods, factor: BaseFactor, grams: str) -> None:
    found = base_of(what, factor)
    assert found.grams == D(grams)
    assert found.steps, "how it was worked out is shown"
    assert found.factor is not None


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (goods("10", "L"), "no mass without its density"),
        (goods("10", "L", strength="36 % m/m"), "no mass without its density"),
        (goods("10", "tablet"), "no strength for a tablet"),
        (goods("10", "ampoule", strength="10 mg/mL"), "not one of ampoule"),
        (goods("10", "kg", strength="10 mg"), "not one of kg"),
        (goods("10", "barrel"), "no unit of mass, volume or count"),
    ],
)
def test_what_cannot_be_worked_out_is_unknown_and_says_why(what: Goods, why: str) -> None:
    found = base_of(what, STATED_AS_BASE)
    assert found.grams is None
    assert why in found.why


def test_without_a_factor_only_what_is_stated_as_base_is_known() -> None:
    assert (
        "no factor is known for morphine tartrate"
        in base_of(goods("1", "g", salt="tartrate"), None).why
    )
    assert base_of(goods("10", "tablet", strength="1 mg as base"), None).grams == D("0.01")


@pytest.mark.parametrize(
    "text",
    ["ten mg", "10", "10 %", "101 % m/m", "10 mg/mL/mL", "5 mg, 6 mg", "density 0 g/mL", "-1 mg",
     "1e3 mg", "10 mg, strong", "１0 mg"],
)  # fmt: skip
def test_what_is_no_strength_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(BadStrength):
        read_strength(text)


def test_an_empty_strength_says_nothing() -> None:
    assert read_strength(" ") == Strength()


@given(st.decimals(0, 10**6, places=6), st.sampled_from(["kg", "g", "mg", "µg"]))
def test_the_unit_changes_nothing(value: Decimal, unit: str) -> None:
    there = in_unit(value, unit, "mg")
    assert there is not None
    assert in_unit(there, "mg", unit) == value
    one, other = Goods(1, "x", value, unit), Goods(1, "x", there, "mg")
    assert base_of(one, HALF).grams == base_of(other, HALF).grams


@pytest.mark.parametrize(("unit", "wanted"), [("kg", "L"), ("tablet", "g"), ("tablet", "vial")])
def test_units_of_another_kind_do_not_turn_into_each_other(unit: str, wanted: str) -> None:
    assert in_unit(D(1), unit, wanted) is None


def rows(file: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / file).read_text(encoding="utf-8").splitlines()))


STRUCTURES = {row["id"]: row["structure"] for row in rows("substances.csv")}


@pytest.mark.parametrize(
    "row", rows("base_factors.csv"), ids=lambda r: f"{r['substance']}-{r['salt']}"
)
def test_every_listed_factor_is_that_of_the_structure(row: dict[str, str]) -> None:
    acid = ACIDS[row["salt"].removeprefix("di")]
    base = [STRUCTURES[row["substance"]]] * int(row["base_units"])
    drawn = ".".join([*base, *[acid] * int(row["acid_units"])])
    listed = BaseFactor(D(row["percent"]), row["source"])
    assert compared(listed, factor_of_structure(drawn, D(row["water"]))) is None


def test_a_factor_that_is_not_that_of_the_structure_is_told() -> None:
    hydrochloride = factor_of_structure("CN1CCC23C4Oc5c(O)ccc(CC1C2C=CC4O)c53.Cl", D(3))
    assert hydrochloride.percent == D("75.9")
    doubt = compared(BaseFactor(D("75.7"), "yellow list"), hydrochloride)
    assert "75.7 % (yellow list) is not that of the structure, 75.9 %" in str(doubt)
    assert compared(BaseFactor(D("75.8"), "yellow list"), hydrochloride) is None


def test_a_metal_salt_counts_as_its_acid() -> None:
    assert factor_of_structure("CCC1(C(=O)[N-]C(=O)NC1=O)c1ccccc1.[Na+]").percent == D("91.4")


def test_a_hydrate_without_acid_loses_its_water() -> None:
    codeine = factor_of_formulas("C18H21NO3", "", base_units=1, acid_units=0, water=D(1))
    assert (codeine.percent, codeine.source[:37]) == (
        D("94.3"),
        "computed from 1 C18H21NO3 + 1 H2O, IU",
    )
    with pytest.raises(InputError):
        factor_of_formulas("R-OH", "", base_units=1, acid_units=0, water=D(1))
