"""Requests for pre-export notifications: what was read decides, everything else is unknown."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from rules.schema import Cite
from rules.shipment.requests import Request, Requests
from rules.shipment.tables import tables

EPHEDRINE, ANHYDRIDE = frozenset({"ephedrine"}), frozenset({"acetic anhydride"})
BOOK = Requests(
    source=Cite(title="a report"),
    rows=(
        Request(country="XA", since=date(2005, 1, 1), substances=("ephedrine",), certainty="seen"),
        Request(
            country="XU",
            since=date(2010, 1, 1),
            until=date(2020, 1, 1),
            substances=(),
            certainty="seen",
        ),
        Request(country="XM", since=date(2005, 1, 1), substances=(), certainty="memory"),
        Request(country="XN", since=None, substances=None, certainty="unknown"),
    ),
)


@pytest.mark.parametrize(
    ("countries", "names", "on", "asked"),
    [
        (("XA",), EPHEDRINE, "2005-01-01", True),
        (("XA",), EPHEDRINE, "2004-12-31", False),
        (("XA",), ANHYDRIDE, "2006-01-01", False),
        (("XA", "XU"), ANHYDRIDE, "2019-12-31", True),
        (("XA", "XU"), ANHYDRIDE, "2020-01-01", False),
        (("XM",), EPHEDRINE, "2006-01-01", None),
        (("XN",), EPHEDRINE, "2006-01-01", None),
        (("XZ",), EPHEDRINE, "2006-01-01", None),
        (("XA", "XN"), ANHYDRIDE, "2006-01-01", None),
    ],
)
def test_a_row_that_was_read_decides_and_no_other(
    countries: tuple[str, ...], names: frozenset[str], on: str, asked: bool | None
) -> None:
    assert BOOK.requested(countries, names, date.fromisoformat(on)) is asked


def test_a_row_that_was_seen_is_whole() -> None:
    with pytest.raises(ValidationError, match="has its day and its substances"):
        Request(country="XA", since=None, substances=(), certainty="seen")


def test_no_row_that_ships_decides_what_was_not_read() -> None:
    rows = tables().requests.rows
    assert rows
    assert [row.country for row in rows] == sorted({row.country for row in rows})
    assert all(row.holds(EPHEDRINE, date(2026, 1, 1)) is None for row in rows)
