"""What lists on record show, and what they do not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from registry.facts import Citation, Facts, Listing, Period, Recorded, Role
from rules.deadlines.terms import Span
from rules.load import load_law
from rules.pipeline.case import NEVER
from rules.pipeline.listed import (
    PRECURSORS,
    Lists,
    Shown,
    lists_of,
    named_elsewhere,
    since,
    transpositions,
)

NOW = Recorded(datetime(2026, 1, 1, tzinfo=UTC))
ON = date(2026, 1, 1)
BOUND = {one: dict.fromkeys(("DE", "GB", "US", "PL"), Period.exact(date(1991, 1, 1))) for one in ("1961", "1971", "1988")}  # fmt: skip
UNKNOWN_START = Period(None, date(2025, 6, 1))


def listing(provision: str, substance: str, valid: Period, role: Role = Role.LISTED) -> Listing:
    key = f"{provision}:{substance}"
    return Listing(key, provision, substance, role, valid, NOW, Citation("a list"), substance)


def lists(*given: Listing) -> Lists:
    controlling = {one.provision for one in given} - {"GB-WATCH"}
    return lists_of(Facts("hash", given), controlling, {"DE": ("EU",), "PL": ("EU",)})


def exact(day: str, until: str = "") -> Period:
    return Period.exact(date.fromisoformat(day), date.fromisoformat(until) if until else None)


BRORPHINE = lists(
    listing("UN-1961-I", "brorphine", Period(date(2022, 1, 1), date(2023, 1, 1))),
    listing("DE-BTMG-II", "brorphine", exact("2021-12-01")),
    listing("GB-MDA-A", "brorphine", exact("2024-03-20")),
    listing("US-CSA-I", "brorphine", UNKNOWN_START),
    listing("GB-WATCH", "kept an eye on", exact("2000-01-01")),
)


@pytest.mark.parametrize(
    ("code", "shown", "text"),
    [
        ("DE", Shown.IN_TIME, "listed on DE-BTMG-II, since 2021-12-01"),
        ("GB", Shown.LATE, "listed on GB-MDA-A, since 2024-03-20"),
        (
            "US",
            Shown.LISTED,
            "listed on US-CSA-I, since 2025-06-01 at the latest, the day before which is not known",
        ),
        (
            "PL",
            Shown.UNDETERMINED,
            "no listing on record; not known: no list of PL is on record here",
        ),
    ],
)
def test_a_listing_is_shown_with_its_day_and_its_absence_as_no_more_than_that(
    code: str, shown: Shown, text: str
) -> None:
    (row,) = transpositions(BRORPHINE, "brorphine", (code,), BOUND, ON)
    assert (row.shown, row.text, row.schedule) == (shown, text, "1961-I")


def test_no_listing_is_said_only_once_the_decision_has_certainly_taken_effect() -> None:
    some = lists(
        listing("UN-1961-I", "x", Period(date(2022, 1, 1), date(2023, 1, 1))),
        listing("GB-MDA-A", "another", exact("2000-01-01")),
    )
    days = ("2021-12-31", "2022-06-01", "2022-12-31", "2023-01-01")
    seen = [
        next(transpositions(some, "x", ("GB",), BOUND, date.fromisoformat(on))).shown for on in days
    ]
    assert seen == [Shown.NOT_YET, Shown.UNDETERMINED, Shown.UNDETERMINED, Shown.NO_LISTING]


def test_lists_of_precursors_carry_out_the_convention_of_1988_only_and_of_the_union_for_all() -> (
    None
):
    some = lists(
        listing("UN-1988-I", "npp", exact("2017-10-18")),
        listing("UN-1961-I", "npp", exact("2017-10-18")),
        listing("EU-PREC-1", "npp", exact("2017-10-18")),
        listing("US-LIST-I", "npp", exact("2017-10-18")),
        listing("DE-BTMG-I", "another", exact("2000-01-01")),
    )
    for code in ("DE", "US"):
        found = {
            one.convention: one.shown for one in transpositions(some, "npp", (code,), BOUND, ON)
        }
        assert found == {"1961": Shown.NO_LISTING, "1988": Shown.IN_TIME}, code


def test_a_listing_that_has_ended_counts_only_while_another_one_goes_on() -> None:
    some = lists(
        listing("UN-1971-II", "x", exact("2015-01-01")),
        listing("UN-1971-II", "deleted", exact("2015-01-01", "2020-01-01")),
        listing("GB-MDA-TCDO", "x", exact("2012-04-05", "2013-04-05")),
        listing("DE-BTMG-I", "x", exact("2012-04-05", "2013-04-05")),
        listing("DE-BTMG-II", "x", exact("2013-04-05")),
        listing("US-CSA-I", "x", exact("2012-04-05", "2013-04-05")),
        listing("US-CSA-I", "x", exact("2016-01-01")),
    )

    def told(code: str, on: str) -> tuple[Shown, str]:
        (row,) = transpositions(some, "x", (code,), BOUND, date.fromisoformat(on))
        return row.shown, row.text

    assert told("GB", "2026-01-01") == (
        Shown.NO_LISTING,
        "no listing on record that has not ended; formerly on GB-MDA-TCDO",
    )
    assert told("DE", "2026-01-01") == (Shown.IN_TIME, "listed on DE-BTMG-I, since 2012-04-05")
    assert told("US", "2015-06-01")[0] is Shown.NO_LISTING
    assert [*transpositions(some, "deleted", ("GB",), BOUND, ON)] == []


def test_every_precursor_list_of_the_law_is_known_as_one() -> None:
    law = load_law().provisions
    meant = {key for key in law if "-PREC-" in key or ("-LIST-I" in key and key.startswith("US"))}
    meant |= {key for key, one in law.items() if one.schedule == "Schedule VI"}
    assert meant == {key for key in law if key.startswith(PRECURSORS)}


def test_of_a_state_that_nobody_knows_to_be_bound_nothing_is_said() -> None:
    some = lists(
        listing("UN-1971-II", "x", exact("2020-01-01")),
        listing("ZZ-LIST", "another", exact("2000-01-01")),
    )
    (row,) = transpositions(some, "x", ("ZZ",), BOUND, ON)
    assert row.shown is Shown.UNDETERMINED
    assert "whether ZZ is bound by the 1971 Convention" in row.text


def test_named_elsewhere_and_not_here_on_the_day_and_in_the_places_asked() -> None:
    some = lists(
        listing("US-CSA-I", "new", exact("2020-01-01")),
        listing("US-CSA-I", "old", exact("2020-01-01", "2022-01-01")),
        listing("US-CSA-I", "both", exact("2020-01-01")),
        listing("DE-BTMG-I", "maybe", Period(date(2019, 1, 1), date(2030, 1, 1))),
        listing("US-CSA-I", "taken out", exact("2020-01-01"), Role.EXCLUDED),
        listing("UN-1961-I", "treaty only", exact("2020-01-01")),
        listing("GB-MDA-A", "both", exact("2027-01-01")),
        listing("GB-MDA-A", "new", exact("2001-01-01", "2002-01-01")),
    )

    def named(on: str, *elsewhere: str) -> list[str]:
        found = named_elsewhere(some, "GB", date.fromisoformat(on), elsewhere)
        return [one.substance for one in found]

    assert named("2019-12-31") == ["maybe"]
    assert named("2020-01-01") == ["maybe", "new", "old"]
    assert named("2021-12-31") == ["maybe", "new", "old"]
    assert named("2022-01-01") == ["maybe", "new"]
    assert named("2022-01-01", "DE") == ["maybe"]
    (new,) = named_elsewhere(some, "GB", date(2022, 1, 1), ("US",))
    assert new.jurisdictions == ("US",)
    assert [one.provision for one in new.formerly] == ["GB-MDA-A"]


def test_days_in_words() -> None:
    assert since(Span(NEVER, NEVER)) == "since a day that is not known"
    assert since(Span(date(2020, 1, 1), NEVER)) == "since a day that is not known"
    assert since(Span(date(2020, 1, 1), date(2021, 1, 1))).endswith("from 2020-01-01 to 2021-01-01")
