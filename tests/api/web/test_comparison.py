"""A simulation arranged for reading: what a filter lets through, and that no row is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web import comparison
from api.web.comparison import ASKED, CAUGHT, EFFECTS, EXEMPTED, FAILED, UNCHANGED, Filter, lines

OPTIONS = ("twelve", "generic")


def told(effect: str, *clauses: str) -> dict[str, Any]:
    by = [{"provision": "XA-1", "clauses": list(clauses), "reasons": []}]
    return {
        "standpoint": "",
        "effect": effect,
        "before": "not_controlled",
        "after": "",
        "after_by": by,
    }


def row(key: str, library: str = "register", **under: dict[str, Any]) -> dict[str, Any]:
    collateral = library == "medicines"
    return {
        "library": library, "key": key, "name": key, "use": "", "collateral": collateral, "told": under,
    }  # fmt: skip


def simulation(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"options": [{"draft": one} for one in OPTIONS], "rows": list(rows)}


ROWS = simulation(
    row("both", twelve=told(CAUGHT, "a"), generic=told(CAUGHT, "a")),
    row("by another clause", twelve=told(CAUGHT, "a"), generic=told(CAUGHT, "b")),
    row("generic only", generic=told(CAUGHT, "b")),
    row("named out", "medicines", generic=told(EXEMPTED, "b")),
    row("left open", "medicines", generic=told(ASKED, "b")),
    row("stopped", "medicines", twelve=told(FAILED), generic=told(FAILED)),
    row("was controlled", twelve=told("already controlled"), generic=told("already controlled")),
)


def names(wanted: Filter) -> list[str]:
    return [line.row["name"] for line in lines(ROWS, wanted).shown]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), ["both", "by another clause", "generic only", "named out", "left open", "stopped"]),
        (Filter(differ=True), ["by another clause", "generic only", "named out", "left open"]),
        (Filter(effect=CAUGHT, option="twelve"), ["both", "by another clause"]),
        (Filter(library="medicines"), ["named out", "left open", "stopped"]),
        (
            Filter(effect=comparison.OPEN_OR_CAUGHT, collateral=True),
            ["left open", "stopped"],
        ),
        (Filter(effect="already controlled"), ["was controlled"]),
        (Filter(effect="nonsense"), []),
    ],
)  # fmt: skip
def test_a_filter_lets_through_what_it_says(wanted: Filter, expected: list[str]) -> None:
    assert names(wanted) == expected


def test_an_option_that_does_not_touch_a_substance_leaves_it_unchanged() -> None:
    shown = lines(ROWS, Filter(differ=True)).shown
    assert shown[1].row["name"] == "generic only"
    assert [cell.effect for cell in shown[1].cells] == [UNCHANGED, CAUGHT]


@given(count=st.integers(0, 3 * comparison.PAGE + 2), start=st.integers(0, 1000))
def test_pages_hold_every_row_once_and_in_order(count: int, start: int) -> None:
    many = simulation(*(row(str(n), generic=told(CAUGHT)) for n in range(count)))
    seen, place = list[str](), 0
    while True:
        page = lines(many, Filter(), place)
        seen += [line.row["name"] for line in page.shown]
        if page.after is None:
            break
        place = page.after
    assert seen == [str(n) for n in range(count)]
    beyond = lines(many, Filter(), start)
    assert bool(beyond.shown) == bool(count)


def test_totals_know_every_effect() -> None:
    counted = {"option": "twelve", "library": "register", CAUGHT: 2, FAILED: 1}
    sim = {
        **ROWS, "effects": [counted], "libraries": [{"name": "register", "members": 3}],
    }  # fmt: skip
    (one,) = comparison.totals(sim)
    assert set(one.effects) == set(EFFECTS)
    assert one.effects[CAUGHT] == (2, 0)
    assert one.effects[FAILED] == (1, 0)
