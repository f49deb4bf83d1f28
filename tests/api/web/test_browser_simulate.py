"""Options in a real browser: try two drafts, see them side by side with charts, open the report."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.engine import open_engine
from api.jobs.runner import run_jobs
from api.settings import Settings
from api.usecases import libraries
from api.web import simulate
from seed.libraries.read import Entry, read_library
from tests.api.conftest import serving
from tests.api.web.browser import complaints_of, needs_chromium, opened

pytestmark = needs_chromium
needs_charts = pytest.mark.skipif(
    not simulate.CHARTS.is_file() and not os.environ.get("CI"),
    reason="the charts are not installed",
)
ROOT = Path(__file__).parents[3]
EVE = "2016-12-13"
GENERIC = (ROOT / "docs" / "examples" / "drafts" / "gb-cannabinoids-2016.yaml").read_text()
BY_NAME = f"""\
draft: gb-one-by-name
jurisdiction: GB
title: {{en: "One substance by name"}}
option: individual
from: {EVE}
note: a comparison that nobody has proposed
changes:
  - list: GB-MDA-B-1a
    substances:
      - name: atorvastatin
        smiles: CC(C)c1c(C(=O)Nc2ccccc2)c(-c2ccccc2)c(-c2ccc(F)cc2)n1CC[C@@H](O)C[C@@H](O)CC(=O)O
"""
MEDICINES = {"atorvastatin", "caffeine", "indometacin", "losartan"}


def _few(name: str) -> tuple[Entry, ...]:
    return tuple(one for one in read_library(name) if one.key in MEDICINES)


@pytest.fixture(scope="module", autouse=True)
def few_medicines() -> Iterator[None]:
    """Four medicines, so that a simulation is done in no time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(libraries, "read_library", _few)
        yield


@pytest.fixture(scope="module")
def url(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("options") / "register.sqlite"
    return f"sqlite:///{shutil.copy(small_register, file)}"


@pytest.fixture(scope="module")
def page(url: str) -> Iterator[Page]:
    with serving(url, deadline_seconds=10) as client, opened(client) as page:
        page.set_default_timeout(60_000)
        yield page


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    with complaints_of(page) as found:
        yield found


@pytest.fixture(scope="module")
def compared(page: Page, url: str) -> str:
    """The address of a comparison: asked for on the form, waited for, shown when it is done."""
    page.goto("/")
    page.get_by_role("link", name="Scheduling").click()
    page.get_by_role("link", name="Simulate").click()
    page.get_by_label("Draft", exact=True).fill(GENERIC)
    page.get_by_label("Draft to compare with it").fill(BY_NAME)
    page.get_by_label("nps").uncheck()
    page.get_by_label("industrial").uncheck()
    page.get_by_label("In force on").fill(EVE)
    page.get_by_role("button", name="Simulate").click()
    expect(page.get_by_role("status")).to_contain_text("0 substances judged")
    do(url)
    expect(page.get_by_role("heading", level=1)).to_have_text("2 options compared", timeout=60_000)
    return page.url


def do(url: str) -> None:
    """What `subreg jobs run --once` does."""
    now = datetime.now(UTC)
    with open_engine(Settings(database_url=url, workers=1, deadline_seconds=30), now) as engine:
        assert run_jobs(engine, lambda: datetime.now(UTC), lambda _: None, once=True) == 0


def cells(page: Page, substance: str) -> list[str]:
    """What each option does to a substance, in the table of all rows."""
    row = page.locator("table.compared tr").filter(has_text=substance)
    return row.locator(".badge").all_text_contents()


def test_two_drafts_are_compared_substance_by_substance(page: Page, compared: str) -> None:
    page.goto(compared)
    assert cells(page, "atorvastatin") == ["exempted", "newly caught"]
    assert cells(page, "indometacin") == ["exempted", "unchanged"]
    assert cells(page, "losartan") == ["exempted", "unchanged"]
    assert cells(page, "caffeine") == []
    caught = page.locator("table.compared tr").filter(has_text="atorvastatin")
    expect(caught).to_contain_text("GB-MDA-B-1a named")
    expect(caught).to_contain_text("high cholesterol")
    expect(caught).to_contain_text("exempt as atorvastatin")


def test_each_exemption_stands_with_what_it_does_alone(page: Page, compared: str) -> None:
    page.goto(compared)
    table = page.get_by_role("region", name="Exemptions", exact=True)
    row = table.locator("tr").filter(has_text="indometacin")
    assert row.locator(".badge").all_text_contents() == [
        "exempted", "newly caught", "exempted", "newly caught",
    ]  # fmt: skip
    expect(table.locator("tr").filter(has_text="zafirlukast")).to_contain_text("takes out nothing")


def test_collateral_is_told_with_its_use(page: Page, compared: str) -> None:
    page.goto(compared)
    table = page.get_by_role("region", name="Collateral", exact=True)
    expect(table.locator("tbody tr")).to_have_count(1)
    expect(table).to_contain_text("high cholesterol")


@needs_charts
def test_charts_are_drawn_beside_the_tables(page: Page, compared: str) -> None:
    page.goto(compared)
    drawn = page.locator(".drawn svg")
    expect(drawn).to_have_count(page.locator(".drawn").count())
    expect(drawn.first).to_contain_text("gb-one-by-name")
    assert page.locator(".drawn").count() >= 2


def test_without_charts_the_tables_stand_alone(
    page: Page, compared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulate, "CHARTS", Path("not installed"))
    page.goto(compared)
    expect(page.get_by_text("Charts are not installed here").first).to_be_visible()
    expect(page.locator("[data-spec]")).to_have_count(0)
    assert cells(page, "losartan") == ["exempted", "unchanged"]


def test_the_rows_are_filtered_by_library_effect_and_option(page: Page, compared: str) -> None:
    page.goto(compared)
    search = page.get_by_role("search", name="Filter")
    search.get_by_label("Library").select_option("medicines")
    search.get_by_label("Effect").select_option("newly caught")
    search.get_by_label("Option", exact=True).select_option("gb-one-by-name")
    search.get_by_role("button", name="Show").click()
    rows = page.locator("table.compared tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("atorvastatin")
    page.get_by_role("search", name="Filter").get_by_label("Library").select_option("register")
    page.get_by_role("search", name="Filter").get_by_role("button", name="Show").click()
    expect(page.get_by_text("No substance of these libraries answers to that.")).to_be_visible()


def test_the_report_opens_with_its_sources(page: Page, compared: str) -> None:
    page.goto(compared)
    page.get_by_role("link", name="Report to print").click()
    expect(page.get_by_text("draft, not law", exact=False).first).to_be_visible()
    body = page.locator("body")
    expect(body).to_contain_text("One substance by name")
    expect(body).to_contain_text("S.I. 2016/1109")
    expect(body).to_contain_text("atorvastatin")
    expect(body).to_contain_text(EVE)
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Register')


def test_the_data_are_there_as_a_table_as_json_and_to_print(page: Page, compared: str) -> None:
    simulation = page.request.get(f"{compared}/data.json").json()
    rows = page.request.get(f"{compared}/rows.csv").text().splitlines()
    printed = page.request.get(f"{compared}/report.pdf")
    assert (printed.status, printed.body()[:5]) == (200, b"%PDF-")
    assert simulation["status"] == "draft, not law"
    assert len(rows) == 1 + sum(len(row["told"]) for row in simulation["rows"])


def test_a_comparison_is_found_again_in_the_list(page: Page, compared: str) -> None:
    page.goto("/simulations")
    row = page.locator("tbody tr").filter(has_text="gb-one-by-name")
    expect(row).to_contain_text("done")
    row.get_by_role("link").click()
    expect(page).to_have_url(compared)


def test_a_draft_with_a_fault_says_where_and_stays_as_typed(
    page: Page, complaints: list[str]
) -> None:
    wrong = BY_NAME.replace("option: individual", "option: invented")
    page.goto("/simulate")
    page.get_by_label("Draft", exact=True).fill(wrong)
    page.get_by_role("button", name="Simulate").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r":4:\d+"))
    expect(page.get_by_label("Draft", exact=True)).to_have_value(wrong)
    assert len(complaints) == 1
    assert "422" in complaints.pop()


def test_the_comparison_fits_a_narrow_screen(page: Page, compared: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    try:
        for address in (compared, "/simulate", "/simulations", "/law-diff", "/readings"):
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})
