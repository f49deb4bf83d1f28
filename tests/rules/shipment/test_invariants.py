"""What holds of every consignment, whatever is in it.

Knowing less never changes one certain decision into the other: it leaves the decision as it was or
makes it undetermined. (Less known is an explicit `null`. Leaving a circumstance out under
`nothing_else` says that it does not exist, which is more known, not less; and a CAS number that
contradicts the name is a contradiction, not a lack.)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.shipment.check import Outcome, ShipmentDecision
from rules.shipment.consignment import CIRCUMSTANCES
from rules.shipment.render import shipment_json

Judge = Callable[[dict[str, Any]], ShipmentDecision]
Ordinary = Callable[..., dict[str, Any]]
Path = tuple[str | int, ...]

FIXED = {
    "reference", "on", "from", "to", "via", "carried_as", "type", "substance", "value", "unit",
    "needs", "provisions", "substances", "lines", "estimates", "requirements", "cas",
}  # fmt: skip
SUBSTANCES = ("morphine", "heroin", "opium", "codeine", "psilocybine", "methylphenidate",
              "pentobarbital", "diazepam", "acetic anhydride", "ketamine")  # fmt: skip
SHARED = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SPOILS: tuple[dict[str, Any], ...] = (
    {"bonded_warehouse": True},
    {"other_purpose": True},
    {"copy_produced_in": []},
    {"prohibited": True, "research_exception": False},
    {"article_13_prohibition": True},
    {"board_notice": {"received_on": "2026-04-01", "supplement_covers": False, "essential": True}},
    {"diversion": {"to": "XD", "authorized": False}},
    {"pre_export_request": {"made": True, "since": "2020-01-01"}},
    {"notices_2_7": ["XA", "XB"]},
    {"opium_origin_entitled": False, "opium_seized": True},
    {"national": {c: {"complete": True, "requirements": [
        {"needs": "import_authorization", "required": True}]} for c in ("XA", "XB", "XC")}},
    {"estimates": []},
)  # fmt: skip
PAPER_SPOILS: tuple[dict[str, Any], ...] = (
    {"valid_to": "2026-04-01"},
    {"covers": [{"substance": "morphine", "quantity": {"value": "1", "unit": "kg"}}]},
    {"exporter": "Someone Else"},
    {"copy_with_consignment": False},
    {"allows_bonded_warehouse": True},
    {"issued_on": "2026-01-01"},
)
LINE_SPOILS: tuple[dict[str, Any], ...] = (
    {"quantity": {"value": "40", "unit": "kg"}},
    {"form": {"salt": "sulfate", "water": "5", "kind": "substance"}},
    {"form": {"salt": "phosphate", "water": "0.5", "kind": "pharmaceutical preparation"},
     "composition": {"per_unit": {"value": "30", "unit": "mg"}, "as_base": True,
                     "compounded": True, "recoverable": False}},
    {"quantity": {"value": "900", "unit": "tablet"},
     "composition": {"per_unit": {"value": "30", "unit": "mg"}, "as_base": False}},
)  # fmt: skip


@st.composite
def consignments(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """A substance, and parts to lay over an ordinary consignment: facts, papers, line, movement."""
    facts: dict[str, Any] = {}
    for spoil in draw(st.lists(st.sampled_from(SPOILS), max_size=2)):
        facts |= deepcopy(spoil)
    papers = [draw(st.sampled_from(({}, *PAPER_SPOILS))) for _ in range(2)]
    line = draw(st.sampled_from(({}, *LINE_SPOILS)))
    way = draw(st.sampled_from(("consignment", "traveller", "relief")))
    mode = draw(st.sampled_from(("sea", "air")))
    movement = {"carried_as": way, "mode": mode}
    return draw(st.sampled_from(SUBSTANCES)), deepcopy([facts, *papers, line, movement])


def laid_over(data: dict[str, Any], parts: list[dict[str, Any]]) -> dict[str, Any]:
    facts, first, second, line, movement = parts
    data["facts"] |= facts
    data["documents"][0] |= first
    data["documents"][1] |= second
    data["lines"][0] |= line
    data["movement"] |= movement
    return data


def nullable(content: Any, path: Path = ()) -> Iterator[Path]:
    """Every place that may be `null` instead."""
    if isinstance(content, list):
        for place, item in enumerate(content):
            yield from nullable(item, (*path, place))
    if isinstance(content, dict):
        for key, item in content.items():
            here = (*path, key)
            if key not in FIXED and not (isinstance(item, dict) and set(item) != {"value", "unit"}):
                yield here
            yield from nullable(item, here)


def without(data: dict[str, Any], paths: set[Path]) -> dict[str, Any]:
    """The same data with these places `null`; places inside a place already gone are skipped."""
    less = deepcopy(data)
    for path in sorted(paths, key=str):
        at: Any = less
        for step in path[:-1]:
            at = None if at is None else at[step]
        if at is not None:
            at[path[-1]] = None
    return less


@SHARED
@given(drawn=consignments(), data=st.data())
def test_knowing_less_never_turns_one_certain_decision_into_the_other(
    drawn: tuple[str, list[dict[str, Any]]],
    data: st.DataObject,
    judge: Judge,
    ordinary: Ordinary,
) -> None:
    substance, parts = drawn
    more = laid_over(ordinary(substance), parts)
    paths = data.draw(
        st.sets(st.sampled_from(sorted(nullable(more), key=str)), min_size=1, max_size=4)
    )
    spoils_too = data.draw(st.booleans())
    if spoils_too:
        paths |= {("facts", key) for key in parts[0] if key in CIRCUMSTANCES}
    less = without(more, paths)
    informed, ignorant = judge(more), judge(less)
    assert ignorant.decision in {informed.decision, Outcome.UNDETERMINED}
    # Each requirement alone: what certainly fails with less knowledge fails with more.
    failing = {(f.rule, f.require) for f in ignorant.findings if f.result == "failed"}
    assert failing <= {(f.rule, f.require) for f in informed.findings if f.result == "failed"}


@SHARED
@given(drawn=consignments(), data=st.data())
def test_the_order_of_lines_documents_and_figures_does_not_matter(
    drawn: tuple[str, list[dict[str, Any]]],
    data: st.DataObject,
    judge: Judge,
    ordinary: Ordinary,
) -> None:
    substance, parts = drawn
    one = laid_over(ordinary(substance), parts)
    other = ordinary("fentanyl", "2")
    twice = ordinary(substance, "3")["documents"]
    one["lines"] += other["lines"]
    one["documents"] += other["documents"] + [paper | {"number": "Z-9"} for paper in twice]
    shuffled = deepcopy(one)
    for key in ("lines", "documents"):
        shuffled[key] = data.draw(st.permutations(shuffled[key]))
    assert said(judge(one)) == said(judge(shuffled))


@SHARED
@given(drawn=consignments())
def test_the_same_question_gives_the_same_bytes(
    drawn: tuple[str, list[dict[str, Any]]], judge: Judge, ordinary: Ordinary
) -> None:
    substance, parts = drawn
    data = laid_over(ordinary(substance), parts)
    assert said(judge(data)) == said(judge(deepcopy(data)))


@SHARED
@given(drawn=consignments(), extra=st.sampled_from(["fentanyl", "ketamine", "acetone"]))
def test_another_line_never_makes_a_stopped_consignment_proceed(
    drawn: tuple[str, list[dict[str, Any]]], extra: str, judge: Judge, ordinary: Ordinary
) -> None:
    substance, parts = drawn
    data = laid_over(ordinary(substance), parts)
    more = deepcopy(data)
    more["lines"] += ordinary(extra, "1")["lines"]
    if judge(data).decision is Outcome.STOP:
        assert judge(more).decision is Outcome.STOP


def said(decision: ShipmentDecision) -> str:
    return json.dumps(shipment_json(decision), sort_keys=True)
