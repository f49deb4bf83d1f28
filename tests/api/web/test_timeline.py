from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.web.timeline import HEAD, LANE, LEFT, RIGHT, timeline

ON = date(2026, 11, 1)


def listing(provision: str = "GB-MDA-B-1a", **dates: str | None) -> dict[str, Any]:
    unknown = {"valid_earliest": None, "valid_from": None, "valid_to": None}
    return {"provision": provision, "jurisdiction": provision[:2], **unknown, **dates}


def test_a_lane_for_each_provision_and_each_jurisdiction_named_once() -> None:
    known = {"valid_earliest": "2014-06-10", "valid_from": "2014-06-10"}
    drawn = timeline(
        [listing("US-CSA-III", **known), listing("GB-MDA-B-1a", **known), listing("GB-MDA-C-1a")],
        ON,
    )
    said = [(lane.jurisdiction, lane.provision, lane.top) for lane in drawn.lanes]
    assert said == [
        ("GB", "GB-MDA-B-1a", HEAD),
        ("", "GB-MDA-C-1a", HEAD + LANE),
        ("US", "US-CSA-III", HEAD + 2 * LANE),
    ]
    assert drawn.height > drawn.lanes[-1].top + LANE


def test_an_exact_period_is_certain_from_end_to_end() -> None:
    exact = listing(valid_earliest="2006-01-01", valid_from="2006-01-01", valid_to="2014-06-10")
    (bar,) = timeline([exact], ON).lanes[0].bars
    assert LEFT < bar.may == bar.start < bar.end < RIGHT
    assert bar.certain
    assert not bar.goes_on


def test_an_unknown_start_fades_in_from_the_left_edge_and_no_end_runs_on() -> None:
    (bar,) = timeline([listing(valid_from="2018-04-04")], ON).lanes[0].bars
    assert bar.may == LEFT < bar.start < bar.end == RIGHT
    assert bar.goes_on


def test_where_no_day_is_certain_nothing_is_drawn_as_certain() -> None:
    (bar,) = timeline([listing(valid_earliest="2018-04-04")], ON).lanes[0].bars
    assert not bar.certain
    assert bar.start == bar.end


@pytest.mark.parametrize("first", ["1921-01-01", "1961-03-30", "2019-05-01", "2026-10-31"])
def test_the_axis_has_few_ticks_in_order_and_holds_today(first: str) -> None:
    drawn = timeline([listing(valid_earliest=first, valid_from=first)], ON)
    places = [x for x, _ in drawn.ticks]
    assert 2 <= len(places) <= 11
    assert places == sorted(places)
    assert LEFT < drawn.today < RIGHT
