"""Reports of a simulation: what a reader sees, and what a page must not do."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from api.report import chart, page, table
from registry.chem.worker import WorkerPool

CITE = {"title": "An act, section 1", "href": "https://example.org/act"}
BY = {"provision": "GB-NEW", "clauses": ["(i)", "(ii)"], "cite": CITE}


def row(name: str, library: str, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "library": library, "key": name, "name": name, "use": "hypertension", "smiles": "C",
        "source": "a test", "collateral": library == "medicines", "told": told,
    }  # fmt: skip


def weighed(effect: str, **more: Any) -> dict[str, Any]:
    status = {"before": "not_controlled", "after": "controlled"}
    return {"standpoint": "bare", "effect": effect, **status, "after_by": [BY], **more}


@pytest.fixture
def simulation() -> dict[str, Any]:
    counts = dict.fromkeys(chart.EFFECTS, 0) | {"unchanged": 7}
    return {
        "kind": "simulation", "status": "draft, not law", "on": "2027-01-01",
        "known_at": "2026-11-26T00:00:00Z", "rule_set": "a" * 64, "facts": "b" * 64,
        "versions": {"rdkit": "1"},
        "options": [
            {"draft": "bare", "jurisdiction": "GB", "title": {"en": "<script>alert(1)</script>"},
             "option": "generic", "from": "2027-01-01", "until": None, "cite": CITE, "note": "",
             "touched": ["GB-NEW"], "content_hash": "c" * 64, "rule_set": "d" * 64,
             "facts": "b" * 64, "holds": True, "remarks": ["no examples"], "failures": []},
        ],
        "libraries": [
            {"name": "medicines", "says": "licit", "collateral": True, "digest": "e" * 64, "members": 9,
             "unreadable": 0},
        ],
        "effects": [{"option": "bare", "library": "medicines", **counts, "newly caught": 2}],
        "by_clause": [],
        "exemptions": [
            {"option": "bare", "provision": "GB-NEW", "name": "viminol", "clause": "exceptions",
             "members_left_out": 0,
             "members": [{"library": "medicines", "key": "v", "name": "viminol", "use": "pain",
                          "effect": "exempted", "if_absent": "newly caught", "alone": "exempted",
                          "with_none": "newly caught"}]},
        ],
        "elsewhere": [{"option": "bare", "jurisdiction": "US", "controlled": 1,
                       "not_controlled": 1, "undetermined": 0}],
        "rows": [
            row("losartan", "medicines", {"bare": weighed("newly caught")}),
            row("fentanyl", "register", {"bare": weighed("newly asked", open=["intent"])}),
        ],
        "rows_left_out": 3, "unreadable": [], "unreadable_left_out": 2,
        "ledger": {"asked": True, "why_not_asked": "", "incomplete": "", "authorisations": [
            {"id": "1", "number": "XA-1", "paper": "import_authorization", "state": "issued",
             "jurisdiction": "XA", "valid_to": None,
             "goods": [{"line": 1, "substance": "fentanyl", "options": ["bare"]}]}]},
    }  # fmt: skip


def test_the_report_says_what_it_is_and_rests_on(simulation: dict[str, Any]) -> None:
    text = page.html(simulation)
    for said in ("draft, not law", "2027-01-01", "a" * 64, "d" * 64, "e" * 64, "An act, section 1",
                 "https://example.org/act", "losartan", "hypertension", "XA-1", "intent",
                 "no examples", "viminol"):  # fmt: skip
        assert said in text


def test_what_was_not_kept_is_never_told_as_not_there(simulation: dict[str, Any]) -> None:
    (viminol,) = simulation["exemptions"]
    none = {**viminol, "members": [], "members_left_out": 2}
    cut = page.html({**simulation, "rows": [], "exemptions": [none]})
    assert "in these libraries" not in cut
    for said in ("3 rows were not kept", "None in the rows kept", "2 more, in rows"):
        assert said in cut
    whole = page.html({**simulation, "rows": [], "rows_left_out": 0})
    assert "None in these libraries" in whole
    assert "not kept" not in whole


def test_the_report_runs_nothing_and_fetches_nothing(simulation: dict[str, Any]) -> None:
    text = page.html(simulation)
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="', text)
    served = page.html(simulation, stylesheet=page.SERVED)
    assert "<style" not in served
    assert 'href="/static/document.css"' in served


def test_a_ledger_nobody_may_read_is_said_not_to_have_been_asked(
    simulation: dict[str, Any],
) -> None:
    ledger = {
        "asked": False,
        "why_not_asked": "no permission",
        "incomplete": "",
        "authorisations": [],
    }
    assert "Not asked: no permission." in page.html({**simulation, "ledger": ledger})


def test_the_report_prints_to_the_same_bytes(simulation: dict[str, Any]) -> None:
    pytest.importorskip("weasyprint")
    with WorkerPool(1, deadline_seconds=120) as workers:
        first = page.pdf(simulation, workers)
        assert first.startswith(b"%PDF")
        assert page.pdf(simulation, workers) == first


def test_charts_carry_their_data_and_fetch_none(simulation: dict[str, Any]) -> None:
    charts = chart.charts(simulation)
    assert set(charts) == {"effects", "collateral", "exemptions"}
    for spec in charts.values():
        assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
        assert "url" not in json.dumps(spec["data"])
        assert spec["data"]["values"]
    (bar,) = charts["effects"]["data"]["values"]
    assert (bar["effect"], bar["substances"]) == ("newly caught", 2)
    (cell,) = charts["collateral"]["data"]["values"]
    assert cell["name"] == "losartan"


def test_a_chart_without_data_is_left_out(simulation: dict[str, Any]) -> None:
    assert set(chart.charts({**simulation, "rows": [], "exemptions": []})) == {"effects"}


def test_where_the_options_differ_is_told_with_the_clauses(simulation: dict[str, Any]) -> None:
    assert table.differences(simulation) == []
    other = {**simulation["options"][0], "draft": "other"}
    two = {
        **simulation,
        "options": [*simulation["options"], other],
        "effects": [*simulation["effects"], {**simulation["effects"][0], "option": "other"}],
    }
    two["rows"][0]["told"]["other"] = weighed("newly caught")
    (fentanyl,) = table.differences(two)
    assert fentanyl["name"] == "fentanyl"
    assert fentanyl["told"] == {
        "bare": {"effect": "newly asked", "clauses": "(i), (ii)"},
        "other": {"effect": "unchanged", "clauses": ""},
    }
    assert "Where the options differ" in page.html(two)
    assert "Where the options differ" not in page.html(simulation)


def test_rows_are_chosen_by_option_effect_and_library(simulation: dict[str, Any]) -> None:
    assert len(table.rows(simulation)) == 2
    assert [one["name"] for one in table.rows(simulation, library="medicines")] == ["losartan"]
    assert [one["name"] for one in table.rows(simulation, effect="newly asked")] == ["fentanyl"]
    assert table.rows(simulation, option="other") == []
    (losartan, _) = table.rows(simulation)
    assert (losartan["provision"], losartan["clauses"]) == ("GB-NEW", "(i), (ii)")
