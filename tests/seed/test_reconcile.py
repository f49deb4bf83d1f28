"""Statements laid side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import SeedError
from registry.facts import InForce, Period
from seed.load import Prepared, prepare
from seed.readers.dataset import read_dataset
from seed.reconcile import Difference, check_digit, overlap, read

Edit = Callable[[str, str, str, str], Path]

days = st.dates(date(2000, 1, 1), date(2001, 1, 1))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(days)
    return Period.exact(start, draw(st.none() | days.filter(lambda end: end > start)))


def about(prepared: Prepared, subject: str) -> dict[str, Difference]:
    return {one.field: one for one in prepared.differences if one.subject == subject}


@given(periods(), periods())
def test_two_periods_overlap_when_some_day_is_in_both(a: Period, b: Period) -> None:
    first = max(filter(None, (a.start, b.start)))
    both = a.holds(first) is InForce.YES and b.holds(first) is InForce.YES
    assert overlap(a, b) is both


@given(st.integers(10, 9_999_999), st.integers(0, 99), st.integers(1, 9))
def test_a_cas_number_with_one_digit_changed_at_its_end_is_wrong(
    first: int, second: int, shift: int
) -> None:
    right = [d for d in range(10) if check_digit(f"{first}-{second:02}-{d}")]
    assert len(right) == 1
    assert not check_digit(f"{first}-{second:02}-{(right[0] + shift) % 10}")


@pytest.mark.parametrize("number", ["57-27-2", "6740-88-1", "108-24-7"])
def test_numbers_in_use_are_whole(number: str) -> None:
    assert check_digit(number)


@pytest.mark.parametrize("number", ["57-27-3", "57272", "5-7-2", "57-27-2 ", "ab-27-2"])
def test_what_is_not_a_cas_number_is_not_one(number: str) -> None:
    assert not check_digit(number)


def test_two_tautomers_of_chlordiazepoxide_are_shown(shipped: Prepared) -> None:
    found = about(shipped, "chlordiazepoxide")["structure"]
    assert found.values == ("ANTSCNMPPGJYLG-UHFFFAOYSA-N", "BUCORZSTKDOEKQ-UHFFFAOYSA-N")
    assert found.sources[0] == "this register"


def test_a_name_drawn_with_other_stereochemistry_is_shown(shipped: Prepared) -> None:
    found = about(shipped, "hydrocodone")["structure"]
    assert found.note == "same connectivity, other stereochemistry"
    assert "LLPOLZWFYMWNKH-UHFFFAOYSA-N" in found.values


def test_a_corrected_drawing_is_no_disagreement(shipped: Prepared) -> None:
    assert not about(shipped, "lisdexamfetamine")
    assert not about(shipped, "codeine-methylbromide")


def test_a_salt_of_a_metal_agrees_with_its_own_drawing(shipped: Prepared) -> None:
    assert not about(shipped, "potassium-permanganate")


def test_two_schedules_of_one_convention_at_once_are_shown(edit: Edit) -> None:
    root = edit("un_1971.csv", "UN-1971-III:pentazocine", "substance", "diazepam")
    found = about(prepare(read_dataset(root)), "diazepam")["provision of UN-1971"]
    assert set(found.values) == {"UN-1971-III", "UN-1971-IV"}


def test_the_same_table_earlier_is_no_disagreement(shipped: Prepared) -> None:
    assert not about(shipped, "acetic-anhydride")


def test_another_key_than_the_computed_one_is_shown(edit: Edit) -> None:
    root = edit("substances.csv", "morphine", "inchikey", "OROGSEYTTFOCAN-DNJOTXNNSA-N")
    found = about(prepare(read_dataset(root)), "morphine")["structure"]
    assert "OROGSEYTTFOCAN-DNJOTXNNSA-N" in found.values
    assert found.note == "other connectivity"


def test_a_structure_that_cannot_be_read_names_its_substance() -> None:
    with pytest.raises(SeedError, match="the structure of `morphine` cannot be read"):
        read("C1CC", "morphine")


def test_components_that_are_one_substance_are_taken_together() -> None:
    betaine = read("C[N+](C)(C)CC(=O)[O-].OC(O)C(Cl)(Cl)Cl", "chloral-betaine")
    assert betaine.layers.inchikey == betaine.drawn_key
