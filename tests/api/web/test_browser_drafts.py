"""A draft written in a real browser: a fault at its line, mended, proved, saved, read again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from api.web.pages import EDITOR
from registry.models import Role
from tests.api import past
from tests.api.conftest import key_of, serving
from tests.api.usecases.drafted import CORE, DRAFT, UNREADABLE
from tests.api.web.browser import complaints_of, needs_chromium, opened

needs_editor = pytest.mark.skipif(
    not EDITOR.is_file() and not os.environ.get("CI"), reason="the drawing editor is not installed"
)
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def url(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("drafts") / "register.sqlite"
    return f"sqlite:///{shutil.copy(small_register, file)}"


@pytest.fixture(scope="module")
def service(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service with the law of one rule file."""
    law = past.small_law(tmp_path_factory.mktemp("drafts-law") / "law")
    with serving(url, law_root=law, deadline_seconds=10) as client:
        yield client


@pytest.fixture(scope="module")
def page(service: httpx.Client, url: str) -> Iterator[Page]:
    """Pages of an analyst who is logged in."""
    key = key_of(url, Role.ANALYST, country="GB")["authorization"].split()[1]
    with opened(service) as page:
        page.goto("/drafts")
        page.get_by_label("Key").fill(key)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/drafts")
        yield page


@pytest.fixture
def quiet(page: Page) -> Iterator[None]:
    """The browser has nothing to complain of meanwhile."""
    with complaints_of(page):
        yield


@contextmanager
def beside(page: Page, *, scripts: bool = True) -> Iterator[Page]:
    """Another window of the same session."""
    browser, state = page.context.browser, page.context.storage_state()
    assert browser is not None
    address = page.url.split("/drafts")[0]
    context = browser.new_context(
        storage_state=state, java_script_enabled=scripts, base_url=address
    )
    yield context.new_page()
    context.close()


def test_a_draft_is_written_mended_proved_saved_and_read_again(page: Page, quiet: None) -> None:
    expect(page.get_by_text("There is no draft here for you yet.")).to_be_visible()
    page.get_by_role("link", name="Write a draft").click()
    text, said = page.get_by_label("The draft"), page.locator("#checked")
    text.fill(UNREADABLE)
    expect(said).to_contain_text("Not a draft yet")
    place = said.get_by_role("link", name="line 4, column")
    expect(page.locator(".gutter .bad")).to_have_text("4")
    place.click()
    expect(text).to_be_focused()
    expect(page.locator(".gutter .bad")).to_be_in_viewport()
    assert text.evaluate("t => t.value.slice(0, t.selectionStart).split('\\n').length") == 4
    numbered = page.locator(".gutter .bad").evaluate("s => getComputedStyle(s).lineHeight")
    assert numbered == text.evaluate("t => getComputedStyle(t).lineHeight")

    text.fill(DRAFT)
    expect(said).to_contain_text("Every example comes out as said")
    expect(page.locator(".gutter .good")).to_have_count(2)
    page.get_by_label("Remark").fill("as consulted")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("barbiturates")
    expect(page.get_by_text("version 1 of 1")).to_be_visible()
    page.reload()
    expect(text).to_have_value(DRAFT)
    expect(page.get_by_text("as consulted")).to_be_visible()

    text.fill(DRAFT.replace("outcome: inside", "outcome: outside"))
    expect(said).to_contain_text("1 of 2 examples come out otherwise")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="what changed").click()
    expect(page.get_by_text("is outside, was inside")).to_be_visible()
    expect(page.locator("tr.gone")).to_have_count(1)


def test_what_somebody_else_saved_meanwhile_is_told_and_what_was_typed_stays(page: Page) -> None:
    page.goto("/drafts")
    page.get_by_role("link", name="barbiturates").click()
    address, text = page.url, page.get_by_label("The draft")
    with beside(page) as other:
        other.goto(address)
        other.get_by_label("The draft").fill(DRAFT.replace("2027", "2028"))
        other.get_by_role("button", name="Save").click()
        expect(other.get_by_text("version 3 of 3")).to_be_visible()
    mine = DRAFT.replace("2027", "2029")
    text.fill(mine)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("somebody has saved this draft meanwhile")
    expect(text).to_have_value(mine)
    page.get_by_role("link", name="Look at version 3").click()
    expect(page.get_by_label("The draft")).to_have_value(DRAFT.replace("2027", "2028"))


def test_a_core_is_put_where_the_draft_has_it_and_taken_from_there(page: Page, quiet: None) -> None:
    page.goto("/drafts/new")
    text, core = page.get_by_label("The draft"), page.get_by_role("textbox", name="Core")
    text.fill(DRAFT)
    page.get_by_role("button", name="Take it from there").click()
    expect(core).to_have_value(CORE)
    core.fill('[#6:5]"')
    page.get_by_role("button", name="Put it at").click()
    expect(text).to_have_value(DRAFT.replace(f'"{CORE}"', '"[#6:5]\\""'))
    page.get_by_role("button", name="Take it from there").click()
    expect(core).to_have_value('[#6:5]"')


def test_a_core_among_other_keys_of_a_line_leaves_them_as_they_are(page: Page, quiet: None) -> None:
    page.goto("/drafts/new")
    text, core = page.get_by_label("The draft"), page.get_by_role("textbox", name="Core")
    text.fill("# core: a comment\n- {name: x, core: 'C/C=C\\C', change: none} # why")
    page.get_by_role("button", name="Take it from there").click()
    expect(core).to_have_value("C/C=C\\C")
    core.fill("[c,n]")
    page.get_by_role("button", name="Put it at").click()
    expect(text).to_have_value('# core: a comment\n- {name: x, core: "[c,n]", change: none} # why')


@needs_editor
def test_a_core_is_drawn_as_a_pattern_with_numbered_atoms(page: Page, quiet: None) -> None:
    page.goto("/drafts/new")
    page.get_by_role("textbox", name="Core").fill("[CH3:1]C(=O)N")
    page.get_by_role("button", name="Draw the core").click()
    frame = page.frame_locator("#editor")
    expect(frame.locator("#jsme svg").first).to_be_visible(timeout=20_000)
    editor = next(one for one in page.frames if "/draw" in one.url)
    editor.wait_for_function("window.editor && window.editor.smiles().includes(':1')")
    editor.evaluate("() => window.editor.readGenericMolecularInput('[CH3:2]C(=O)N')")
    expect(page.get_by_role("textbox", name="Core")).to_have_value("[C:2]C(N)=O")
    editor.evaluate("() => window.editor.readGenericMolecularInput('C1=CC=C[NH:3]1')")
    expect(page.get_by_role("textbox", name="Core")).to_have_value("c1cc[n:3]c1")


def test_it_works_by_its_buttons_where_no_script_runs(page: Page) -> None:
    with beside(page, scripts=False) as plain:
        plain.goto("/drafts/new")
        plain.get_by_label("The draft").fill(UNREADABLE)
        plain.get_by_role("button", name="Check").click()
        expect(plain.locator("#checked")).to_contain_text("line 4, column")
        plain.get_by_label("The draft").fill(DRAFT)
        plain.get_by_label("Name").fill("without scripts")
        plain.get_by_role("button", name="Save").click()
        expect(plain.get_by_role("heading", level=1)).to_have_text("without scripts")
