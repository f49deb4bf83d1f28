from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import InputError
from rules.shipment.quantities import Quantity, Span, about, base_factor, formula_mass, plain
from rules.shipment.tables import tables

AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=3)


@pytest.mark.parametrize(
    ("substance", "salt", "water", "percent"),
    [
        ("morphine", "sulfate", "5", "75.2"),
        ("morphine", "hydrochloride", "3", "75.9"),
        ("morphine", "hydrochloride", "0", "88.7"),
        ("fentanyl", "citrate", "0", "63.7"),
        ("codeine", "phosphate", "0.5", "73.7"),
        ("hydrocodone", "bitartrate", "2.5", "60.5"),
        ("amfetamine", "sulfate", "0", "73.4"),
        ("flurazepam", "dihydrochloride", "0", "84.2"),
    ],
)
def test_base_factors_are_those_of_the_formula_masses(
    substance: str, salt: str, water: str, percent: str
) -> None:
    factor = tables().salts.factor(substance, salt, Decimal(water))
    assert factor is not None
    assert factor.percent == Decimal(percent)
    assert "formula masses" in factor.source


def test_a_salt_or_water_that_is_not_held_has_no_factor() -> None:
    assert tables().salts.factor("morphine", "tartrate", Decimal(0)) is None
    assert tables().salts.factor("morphine", "sulfate", Decimal(3)) is None
    assert tables().salts.factor("morphine", "sulfate", None) is None


def test_a_formula_mass_is_the_sum_of_its_atoms() -> None:
    assert formula_mass("C17H19NO3") == Decimal("285.343")
    assert formula_mass("HCl") == Decimal("36.458")


@pytest.mark.parametrize("formula", ["", "C17 H19", "Xx2", "(CH3)2", "c6h6", "CH3-"])
def test_what_is_no_plain_formula_is_refused(formula: str) -> None:
    with pytest.raises(InputError, match=r"formula|atomic weight"):
        formula_mass(formula)


def test_a_base_without_acid_or_water_is_all_base() -> None:
    one = Decimal(1)
    whole = base_factor("C17H19NO3", "HCl", base_units=one, acid_units=one * 0, water=one * 0)
    assert whole == 100


def test_units_are_a_closed_list() -> None:
    with pytest.raises(InputError, match="unknown unit `oz`"):
        Quantity(Decimal(1), "oz")
    with pytest.raises(InputError, match="not a quantity"):
        Quantity(Decimal("NaN"), "kg")
    with pytest.raises(InputError, match="not a quantity"):
        Quantity(Decimal(-1), "kg")


def test_masses_convert_and_volumes_and_counts_do_not() -> None:
    assert Quantity(Decimal("1.5"), "kg").grams == 1500
    assert Quantity(Decimal(250), "µg").grams == Quantity(Decimal(250), "ug").grams
    assert Quantity(Decimal(250), "µg").grams == Decimal("0.00025")
    assert Quantity(Decimal(1), "L").grams is None
    assert Quantity(Decimal(1), "tablet").is_count


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("9.024", "kg", "about 9.0 kg"),
        ("95.55", "g", "about 96 g"),
        ("0.0955", "kg", "about 0.096 kg"),
        ("20000", "kg", "about 20000 kg"),
        ("0", "g", "0 g"),
    ],
)
def test_computed_masses_are_shown_to_two_figures_as_approximate(
    value: str, unit: str, text: str
) -> None:
    assert about(Decimal(value), unit) == text


def test_plain_decimals_have_no_exponent_and_no_idle_zeros() -> None:
    assert plain(Decimal("1E+3")) == "1000"
    assert plain(Decimal("10.50")) == "10.5"
    assert plain(Decimal(10)) == "10"


@given(low=AMOUNTS, extra=AMOUNTS, limit=AMOUNTS, slack=AMOUNTS)
def test_bounds_decide_only_what_every_value_between_them_would(
    low: Decimal, extra: Decimal, limit: Decimal, slack: Decimal
) -> None:
    need, allowed = Span(low, low + extra), Span(limit, limit + slack)
    corners = {
        Span.exact(n).at_most(Span.exact(a))
        for n in (need.low, low + extra)
        for a in (allowed.low, limit + slack)
    }
    answer = need.at_most(allowed)
    assert answer is None or corners == {answer}
    assert answer is not None or corners == {True, False}


@given(low=AMOUNTS, limit=AMOUNTS)
def test_without_an_upper_bound_nothing_is_certainly_within(low: Decimal, limit: Decimal) -> None:
    assert Span(low).at_most(Span.exact(limit)) in {None, False}
    assert Span.exact(low).at_most(Span(limit)) in {None, True}
    assert (Span(low) + Span.exact(limit)).high is None
