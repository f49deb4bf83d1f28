"""The order of answers, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.search.numbers import WrongCheckDigit, cas_number, check_digit
from registry.search.parts import parts_of
from registry.search.ranking import How, Name, Read, likeness, rank, trigrams
from registry.search.salts import parents
from registry.spelling import fold, loose, plain

TEXTS = st.text(st.sampled_from("abcehkopqstuxyzäöüßαβγΔ0129 -–,()[]'′щкфй吗啡\u200b"), max_size=20)
NAMES = st.lists(
    st.builds(Name, st.sampled_from("ABCDEF"), TEXTS, st.sampled_from(["inn", "code", "misprint"])),
    max_size=12,
)


@given(asked=TEXTS, names=NAMES)
def test_the_order_does_not_depend_on_the_order_of_the_candidates(
    asked: str, names: list[Name]
) -> None:
    found = rank(Read(asked), names, least=0.1)
    assert rank(Read(asked), names[::-1], least=0.1) == found
    assert [match.key for match in found] == sorted({match.key for match in found})
    assert len({match.name.substance for match in found}) == len(found)


@given(name=TEXTS.filter(lambda name: "ß" not in name))  # its capital is SS
def test_a_name_answers_exactly_to_itself_whatever_its_dashes_case_and_brackets(name: str) -> None:
    written = name.upper().replace("-", "\u2013").replace("(", "[")
    (match,) = rank(Read(written), [Name("A", name, "inn")])
    assert (match.how, match.score) == (How.EXACT, 1.0)


@given(one=TEXTS, other=TEXTS)
def test_likeness_is_symmetric_and_one_only_for_the_same_trigrams(one: str, other: str) -> None:
    a, b = trigrams(loose(one)), trigrams(loose(other))
    assert likeness(a, b) == likeness(b, a)
    assert (likeness(a, b) == 1) == (a == b)


@given(one=TEXTS, other=TEXTS)
def test_names_that_meet_in_plain_meet_in_loose(one: str, other: str) -> None:
    if plain(one) == plain(other):
        assert loose(one) == loose(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("γ-Hydroxybuttersäure", "gamma hydroxybuttersaeure"),
        ("4,4\u2032-DMAR", "4,4'-dmar"),
        ("17ß-Hydroxy", "17\u03b2-hydroxy"),
        ("Äther", "AETHER"),
        ("Levofénacylmorphane", "levofenacylmorphane"),
        ("Straße", "STRASSE"),
        ("\uff2d\uff24\uff2d\uff21", "mdma"),
    ],
)
def test_ways_to_write_one_name_meet(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"), [("1,2-x", "12-x"), ("2C-B", "2C-D"), ("Naphtalin", "Anthracen")]
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert loose(one) != loose(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Фентанил", "fentanyl"),
        ("Амфетамин", "amphetamine"),
        ("Хлордиазепоксид", "Chlordiazepoxide"),
        ("Kodein", "codeine"),
        ("oestradiol", "estradiol"),
    ],
)
def test_national_spellings_meet_in_the_loose_key(one: str, other: str) -> None:
    assert plain(one) != plain(other)
    assert loose(one) == loose(other)


def test_a_fold_keeps_what_plain_takes_away() -> None:
    assert fold(" A\u00a0-B ") == "a -b"
    assert plain(" A\u00a0-B ") == "ab"


@given(st.integers(10, 9_999_999), st.integers(0, 99))
def test_a_cas_number_of_the_right_digit_is_read_and_of_any_other_refused(
    first: int, second: int
) -> None:
    digit = check_digit(f"{first}{second:02}")
    assert cas_number(f"{first}-{second:02}-{digit}") == f"{first}-{second:02}-{digit}"
    with pytest.raises(WrongCheckDigit, match=f"its last digit is {digit}"):
        cas_number(f"{first}-{second:02}-{(digit + 1) % 10}")


@pytest.mark.parametrize("other", ["ketamine", "2C-B", "1-2-3", "JWH-018", "12", "2933.33"])
def test_what_is_no_cas_number_is_none(other: str) -> None:
    assert cas_number(other) is None


def test_the_check_digit_is_that_of_published_numbers() -> None:
    for number in ("437-38-7", "50-36-2", "1972-08-3", "7732-18-5", "58-08-2"):
        assert cas_number(number) == number


def test_words_of_a_salt_are_taken_off_one_by_one() -> None:
    assert [(parent.text, parent.salt) for parent in parents("codeine phosphate hemihydrate")] == [
        ("codeine phosphate", ("hemihydrate",)),
        ("codeine", ("phosphate", "hemihydrate")),
    ]
    assert parents("sulfate") == []
    assert parents("ketamine") == []


def test_an_acid_asks_for_nitrogen_and_water_for_nothing() -> None:
    (salt,) = parents("x hydrochloride")
    assert [salt.can_be(formula) for formula in ("C2H7N", "C2H6O", "NaCl", "")] == [
        True, False, False, False,
    ]  # fmt: skip
    (hydrate,) = parents("x monohydrate")
    assert hydrate.can_be("C2H6O")


def test_a_bracket_within_a_systematic_name_is_no_aside() -> None:
    assert parts_of("(naphthalin-1-yl)(1-pentyl-1H-indol-3-yl)methanon") == []
    assert parts_of("Alpha (beta, gamma)") == ["Alpha", "beta, gamma", "beta", "gamma"]
