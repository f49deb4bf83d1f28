"""Open a case, record steps, see what is overdue and where, correct, close: in a real browser."""

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


@pytest.fixture(scope="module")
def service(
    small_register: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    file = tmp_path_factory.mktemp("cases") / "register.sqlite"
    with serving(f"sqlite:///{shutil.copy(small_register, file)}") as client:
        yield client


@pytest.fixture(scope="module")
def page(service: httpx.Client) -> Iterator[Page]:
    with opened(service) as page:
        yield page


def record(
    page: Page, step: str, day: str, document: str, of: str = "", corrects: str = ""
) -> None:
    form = page.get_by_role("form", name="Record a step")
    form.get_by_label("Step", exact=True).select_option(label=step)
    form.get_by_label("Day", exact=True).fill(day)
    if of:
        form.get_by_label("Of", exact=True).select_option(of)
    form.get_by_label("Document").fill(document)
    if corrects:
        form.get_by_label("In place of entry").fill(corrects)
    form.get_by_role("button", name="Record").click()


def test_a_case_from_its_opening_to_its_end(page: Page) -> None:
    with complaints_of(page):
        walk(page)


def walk(page: Page) -> None:
    page.goto("/cases")
    expect(page.get_by_text("There is no case yet.")).to_be_visible()
    expect(page.get_by_text("Nothing of the open cases is overdue")).to_be_visible()
    page.get_by_role("link", name="Open a case").click()
    page.get_by_label("What it is called").fill("Ketamine, a tale")
    page.get_by_label("Procedure").select_option("UN-1988")
    page.get_by_label("Substances of the register").fill("ketamine")
    page.get_by_label("Follow").fill("us, gb")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ketamine, a tale")
    expect(page.get_by_text("No step is on record yet.")).to_be_visible()

    record(page, "Communication", "2025-04-01", "note verbale")
    record(page, "Communication", "2025-04-21", "note verbale, read again", corrects="1")
    clocks = page.get_by_role("region", name="Clocks")
    expect(clocks.get_by_text("2025-10-18").first).to_be_visible()
    expect(clocks.get_by_text("no entry and no listing on record")).to_be_visible()
    expect(clocks.get_by_role("link", name="US-CSA-III")).to_be_visible()

    page.goto("/cases?on=2025-10-18")
    overdue = page.get_by_role("region", name="GB", exact=True)
    expect(overdue.get_by_text("nothing on record, past its day")).to_be_visible()
    page.goto("/cases?on=2025-10-17&within=0")
    expect(page.get_by_role("region", name="GB", exact=True)).to_have_count(0)

    page.goto("/cases")
    page.get_by_role("link", name="Ketamine, a tale").last.click()
    record(page, "National law", "2025-11-01", "an order", of="GB")
    expect(page.get_by_text("no entry and no listing on record")).to_have_count(0)
    page.get_by_role("form", name="Close the case").get_by_label("Reason").fill("all done")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("closed", exact=True)).to_be_visible()
    expect(page.get_by_role("form", name="Record a step")).to_have_count(0)
