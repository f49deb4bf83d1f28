"""The page in a real browser: paste, read the clause, see the atoms, draw."""

from __future__ import annotations

import os
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from api.web.pages import EDITOR
from tests.api.web.browser import complaints_of, needs_chromium, opened

FURANYLFENTANYL = "O=C(c1ccco1)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
ETHANOL = "CCO"

needs_editor = pytest.mark.skipif(
    not EDITOR.is_file() and not os.environ.get("CI"), reason="the drawing editor is not installed"
)
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def page(client: httpx.Client) -> Iterator[Page]:
    with opened(client) as page:
        yield page


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    with complaints_of(page) as found:
        yield found


def test_a_pasted_structure_shows_its_clause_and_its_atoms(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Structure, name or CAS number").fill(FURANYLFENTANYL)
    page.get_by_label("In force on").fill("2026-03-01")
    page.get_by_label("United States of America").check()
    page.get_by_role("button", name="Check", exact=True).click()
    finding = page.locator("article.finding.inside").filter(has_text="US-CSA-I-e")
    expect(finding).to_be_visible()
    expect(finding.locator(".clauses li").filter(has_text="acyl")).not_to_have_count(0)
    assert finding.locator("svg .highlight").count() > 0
    assert finding.locator(".legend li").count() > 1
    expect(page.locator("#decision-id")).to_have_text(page.url.rsplit("/", 1)[1])


def test_the_decision_is_replayed_from_its_page(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Check ketamine").click()
    page.get_by_role("button", name="Replay").click()
    expect(page.get_by_role("status")).to_contain_text("the same bytes")


def test_the_form_is_worked_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.get_by_label("Structure, name or CAS number").focus()
    page.keyboard.insert_text(ETHANOL)
    page.get_by_label("In force on").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(ETHANOL)


def test_the_page_fits_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    try:
        page.goto(f"/?text={ETHANOL}")
        page.get_by_role("button", name="Check", exact=True).click()
        expect(page.locator("#decision-id")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})


@needs_editor
def test_a_drawn_structure_is_carried_into_the_form(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Draw the structure").click()
    frame = page.frame_locator("#editor")
    expect(frame.locator("#jsme svg").first).to_be_visible(timeout=20_000)
    editor = next(one for one in page.frames if one.url.endswith("/draw"))
    editor.evaluate("smiles => window.editor.readGenericMolecularInput(smiles)", ETHANOL)
    expect(page.get_by_label("Structure, name or CAS number")).to_have_value(ETHANOL)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("code.smiles").first).to_have_text(ETHANOL)


@needs_editor
def test_a_pasted_structure_is_shown_in_the_editor(page: Page) -> None:
    page.goto(f"/?text={ETHANOL}")
    page.get_by_role("button", name="Draw the structure").click()
    frame = page.frame_locator("#editor")
    expect(frame.locator("#jsme svg").first).to_be_visible(timeout=20_000)
    editor = next(one for one in page.frames if one.url.endswith("/draw"))
    editor.wait_for_function("window.editor && window.editor.smiles() === 'CCO'")
