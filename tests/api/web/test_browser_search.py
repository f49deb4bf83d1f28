"""Searching in a real browser, on a register with all the data that ship."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.api.conftest import serving
from tests.api.web.browser import complaints_of, needs_chromium, opened

pytestmark = needs_chromium

SIX = {"CA", "CN", "EE", "GB", "SE", "US"}


@pytest.fixture(scope="module")
def whole(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    file = shutil.copy(seeded_file, tmp_path_factory.mktemp("whole") / "register.sqlite")
    with serving(f"sqlite:///{file}", deadline_seconds=10) as client:
        yield client


@pytest.fixture(scope="module")
def page(whole: httpx.Client) -> Iterator[Page]:
    with opened(whole) as page:
        yield page


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[None]:
    with complaints_of(page):
        yield


def test_a_name_is_searched_and_leads_to_its_history_in_six_jurisdictions(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Name, number or structure").fill("Ketaminhydrochlorid")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Found")).to_be_visible()
    expect(page.locator(".badge")).to_have_text("hydrochloride")
    page.get_by_role("link", name="Ketamine", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ketamine")
    line = page.get_by_role("img", name="Listings along time")
    expect(line).to_be_visible()
    places = {one.split()[0] for one in page.locator(".timeline .place").all_text_contents()}
    assert {place[:2] for place in places} >= SIX
    bars = page.locator(".timeline .holds")
    assert bars.count() >= len(SIX)
    widths = [float(bar.get_attribute("width") or 0) for bar in bars.all()]
    assert all(width > 0 for width in widths)
    expect(page.get_by_role("heading", name="Where each fact comes from")).to_be_visible()


def test_a_part_is_searched_and_marked_in_what_holds_it(page: Page) -> None:
    page.goto("/search")
    page.get_by_label("Name, number or structure").fill("CNC1(c2ccccc2)CCCCC1=O")
    page.get_by_label("Structures that hold it").check()
    page.get_by_role("button", name="Search").click()
    hit = page.locator(".hits li", has=page.get_by_role("link", name="Ketamine", exact=True))
    expect(hit.locator("svg")).to_be_visible()
    expect(hit).to_contain_text("GB-MDA-B-1a")
    expect(page.get_by_label("Structures that hold it")).to_be_checked()


def test_the_search_goes_on_to_its_next_page_and_on_to_a_check(page: Page) -> None:
    page.goto("/search?q=c1ccccc1&by=substructure")
    first = page.locator(".hits h3").all_text_contents()
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".hits h3").first).not_to_have_text(first[0])
    assert not set(first) & set(page.locator(".hits h3").all_text_contents())
    page.goto("/search?q=CNC1(CCCCC1%3DO)c1ccccc1Cl&by=exact")
    page.get_by_role("button", name="Which class does this structure fall in?").click()
    expect(page.locator(".verdicts")).to_be_visible()


def test_the_search_fits_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    for address in ("/search?q=c1ccccc1&by=substructure", "/substances/ketamine"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 900})
