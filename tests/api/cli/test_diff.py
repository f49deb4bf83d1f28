"""`subreg diff`: what changed in law between two days, and what the register learnt meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.cli.commands import Ran, Subreg


def diff(told: Subreg, since: str, until: str, *more: str) -> Ran:
    return told("diff", "--from", since, "--to", until, *more)


def group(found: list[dict[str, Any]], provision: str) -> dict[str, Any]:
    (one,) = [one for one in found if one["provision"] == provision]
    return one


def turns(found: list[dict[str, Any]]) -> dict[str, str]:
    return {one["id"]: one["change"] for where in found for one in where["listings"]}


def test_law_is_told_by_jurisdiction_and_provision(told: Subreg) -> None:
    ran = diff(told, "1999-12-31", "2026-11-01", "--json")
    assert ran.code == 0, ran.err
    law = ran.json["law"]
    places = [(one["jurisdiction"], one["provision"]) for one in law]
    assert places == sorted(places)
    assert {code for code, _ in places} == {"GB", "UN", "US"}
    assert turns(law) == {
        "UN-1961-I:coca-leaf": "became certain",
        "UN-1961-I:fentanyl": "began",
        "UN-1971-II:amfetamine": "began and ended",
        "UN-1971-II:amfetamine-2": "began",
        "US-CSA-II:fentanyl": "began",
    }
    began, replaced = group(law, "GB-MDA-B-1ca")["wordings"]
    assert (began["change"], began["on"], began["was"]) == ("began", "2016-12-14", None)
    assert (replaced["change"], replaced["on"]) == ("replaced", "2019-11-15")
    assert replaced["was"]["until"] == replaced["is"]["from"] == "2019-11-15"


def test_a_day_belongs_to_the_changes_up_to_it_not_to_those_after_it(told: Subreg) -> None:
    scope = ("--provision", "US-CSA-II", "--json")
    assert turns(diff(told, "2027-04-30", "2027-05-01", *scope).json["law"]) == {
        "US-CSA-II:metamfetamine": "began"
    }
    assert diff(told, "2027-05-01", "2027-06-01", *scope).json["law"] == []
    assert diff(told, "2027-04-01", "2027-04-30", *scope).json["law"] == []


def test_a_listing_that_takes_the_place_of_another_is_one_change(told: Subreg) -> None:
    ran = diff(told, "2023-06-01", "2024-06-01", "--jurisdiction", "UN")
    assert "\nUN\n  UN-1971-II: List UN-1971-II\n" in ran.out
    assert "    changed: amfetamine (amfetamine), from 2024-01-01\n" in ran.out
    assert "      covers: none → salts\n" in ran.out


def test_what_was_learnt_is_told_old_and_new(told: Subreg) -> None:
    span = ("--known", "2026-01-15", "--known-to", "2026-04-15T12:00:00+02:00")
    ran = diff(told, "2025-01-01", "2026-01-01", *span)
    assert "learnt between 2026-01-15T23:59:59.999999+00:00 and 2026-04-15T10:00:00" in ran.out
    assert "    corrected: ketamine (ketamine), from 1999-08-12\n" in ran.out
    assert "      valid from: 2000-01-01 → 1999-08-12\n" in ran.out
    assert "    withdrawn: coca-leaf (coca-leaf), from 2000-01-01\n" in ran.out
    assert "    added: metamfetamine (metamfetamine), from 2027-05-01\n" in ran.out


def test_what_was_withdrawn_and_recorded_again_otherwise_is_corrected_in_the_end(
    told: Subreg,
) -> None:
    span = ("--known", "2026-01-15", "--known-to", "2026-06-01", "--provision", "UN-1961-*")
    found = diff(told, "2026-01-01", "2026-01-01", *span, "--json").json
    (one,) = group(found["learnt"], "UN-1961-I")["listings"]
    assert (one["act"], one["id"]) == ("corrected", "UN-1961-I:coca-leaf")
    assert one["changed"] == {"valid_earliest": {"was": "2000-01-01", "is": None}}


def test_law_is_asked_as_it_was_known(told: Subreg) -> None:
    """The announced listing was not on record in February."""
    asked = ("--provision", "US-CSA-II", "--known", "2026-02-15", "--json")
    assert diff(told, "2027-04-30", "2027-05-01", *asked).json["law"] == []


def test_nothing_changed_is_said(told: Subreg) -> None:
    span = ("--known", "2026-06-01", "--known-to", "2026-06-02")
    ran = diff(told, "2025-01-01", "2025-01-01", *span)
    assert ran.code == 0
    assert "nothing changed in law after 2025-01-01 and up to 2025-01-01\n" in ran.out
    assert "nothing was learnt between 2026-06-01T23:59" in ran.out
    found = diff(told, "2025-01-01", "2025-01-01", *span, "--json").json
    assert (found["law"], found["learnt"]) == ([], [])


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("2026-02-01", "2026-01-01"), 3, "`2026-02-01` is after `2026-01-01`"),
        (("2026-01-01", "2026-02-01", "--known", "2026-03-01", "--known-to", "2026-02-01"), 3,
         "put the earlier one first (dates-reversed)"),
        (("2026-01-01", "2026-02-01", "--known", "2999-01-01"), 3, "(known-on-future)"),
        (("2026-01-01", "2026-02-01", "--known", "2999-01-01T00:00Z"), 3, "(known-on-future)"),
        (("2026-01-01", "2026-02-01", "--known-to", "2026-03-01"), 2, "with --known"),
        (("2026-01-01", "2026-02-01", "--known", "2026-03-01T10:00"), 2, "its offset from UTC"),
        (("2026-01-01", "2026-02-01", "--known", "soon"), 2, "neither a date like 2026-03-31"),
        (("2026-01-01", "2026-02-30"), 2, "`2026-02-30` is not a date"),
        (("2026-01-01", "2026-02-01", "--jurisdiction", "ZZ"), 3, "(scope-unknown)"),
        (("2026-01-01", "2026-02-01", "--provision", "US-NONE*"), 3, "(scope-unknown)"),
    ],
)  # fmt: skip
def test_a_slip_is_an_error_that_says_what_to_do(
    told: Subreg, more: tuple[str, ...], code: int, words: str
) -> None:
    ran = diff(told, *more)
    assert ran.code == code
    assert words in ran.err
    assert not ran.out
