"""Apply, grant, issue, print, release at customs, endorse: by three people in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from api.access.allow import Actor
from api.usecases import access
from api.usecases.access import New
from api.usecases.trade import ledgers
from api.usecases.trade.acts import By
from api.usecases.trade.ledgers import Figure
from api.usecases.trade.weighing import substance_key
from registry.documents.keys import NO_KEYS, new_key, turned
from registry.models import LedgerKind, Role
from registry.store.ledgers import Key
from registry.store.session import make_engine, reading, session_factory
from tests.api.conftest import serving
from tests.api.web.browser import complaints_of, needs_chromium, opened

pytestmark = needs_chromium
NOW = datetime.now(UTC)
OPERATOR = Actor("operator", Role.OPERATOR)
PEOPLE = {
    "applicant": New("Out Ltd", Role.APPLICANT, "XB", party="XB-12"),
    "authority": New("Health of XB", Role.AUTHORITY, "XB"),
    "customs": New("Customs of XB", Role.CUSTOMS, "XB"),
    "auditor": New("Court of audit", Role.AUDITOR),
    "stranger": New("Health of XC", Role.AUTHORITY, "XC"),
}


class Wiring:
    """What the use cases need of the service's register."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.sessions = session_factory(self.engine)


@pytest.fixture(scope="module")
def url(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A register of this module's own, with an estimate of the importing country."""
    file = tmp_path_factory.mktemp("trade") / "register.sqlite"
    return f"sqlite:///{shutil.copy(small_register, file)}"


@pytest.fixture(scope="module")
def keys(url: str) -> dict[str, str]:
    wiring = Wiring(url)
    with reading(wiring.sessions) as session:
        fentanyl = substance_key(session, "Fentanyl", "", NOW)
    estimate = Key("XB", "XA", fentanyl, NOW.year, LedgerKind.ESTIMATE)
    figure = Figure(Decimal(1000), reason="first", source="estimates of the Board")
    authority = Actor("authority", Role.AUTHORITY, "XB")
    ledgers.open_ledger(wiring, estimate, figure, By(authority, NOW))
    made = {
        name: access.add(wiring.sessions, new, actor=OPERATOR, now=NOW).key
        for name, new in PEOPLE.items()
    }
    wiring.engine.dispose()
    return made


@pytest.fixture(scope="module")
def service(
    url: str, keys: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    signing = tmp_path_factory.mktemp("keys") / "keys.json"
    signing.write_text(turned(NO_KEYS, new_key()), encoding="utf-8")
    signing.chmod(0o600)
    with serving(url, document_keys=signing) as client:
        yield client


def log_in(page: Page, key: str, then: str = "/papers") -> None:
    page.context.clear_cookies()
    page.goto(then)
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{then}")


def apply(page: Page) -> None:
    page.get_by_role("link", name="Apply for a paper").click()
    page.get_by_label("Kind").select_option("export_authorization")
    for name, text in (
        ("exporter_name", "Out Ltd"),
        ("exporter_address", "2 Road, Xb"),
        ("exporter_country", "XB"),
        ("exporter_licence", "XB-12"),
        ("importer_name", "In Ltd"),
        ("importer_address", "3 Street, Xa"),
        ("importer_country", "XA"),
        ("authority_name", "Health of XB"),
        ("origin", "XB"),
        ("destination", "XA"),
    ):
        page.locator(f"#{name}").fill(text)
    page.get_by_label("Substance, row 1").fill("Fentanyl")
    page.get_by_label("Quantity, row 1").fill("200")
    page.get_by_label("Unit, row 1").fill("g")
    page.get_by_role("button", name="Keep as a draft").click()


def act(page: Page, name: str) -> None:
    page.get_by_role("form", name=name, exact=True).get_by_role("button").click()


@pytest.fixture(scope="module")
def page(service: httpx.Client) -> Iterator[Page]:
    with opened(service) as page:
        yield page


def test_a_paper_from_its_application_to_its_endorsement(page: Page, keys: dict[str, str]) -> None:
    with complaints_of(page):
        log_in(page, keys["applicant"])
        expect(page.get_by_text("There is no paper here for you yet.")).to_be_visible()
        apply(page)
        expect(page.get_by_text("number of the import authorisation")).to_be_visible()
        page.get_by_role("link", name="Amend the paper").click()
        page.locator("#foreign_number").fill("XA-IA-7")
        page.locator("#foreign_authority").fill("Health of XA")
        page.locator("#foreign_issued_on").fill(f"{NOW.year}-01-02")
        page.locator("#foreign_valid_to").fill(f"{NOW.year + 1}-07-01")
        page.get_by_role("button", name="Amend").click()
        act(page, "Submit")
        expect(page.get_by_role("heading", level=1)).to_contain_text("submitted")
        address = page.url

        log_in(page, keys["authority"])
        page.goto(address)
        expect(page.get_by_text("800 g would be left")).to_be_visible()
        act(page, "Grant")
        act(page, "Issue")
        number = f"XB-EA-{NOW.year}-000001"
        expect(page.get_by_role("heading", level=1)).to_contain_text(number)
        paper = page.request.get(f"{address}/document.pdf")
        assert (paper.status, paper.body()[:5]) == (200, b"%PDF-")
        page.get_by_role("link", name="Print").click()
        expect(page.get_by_text(number).first).to_be_visible()

        log_in(page, keys["customs"], "/customs")
        page.get_by_label("Number, or scan the code").fill(number)
        page.get_by_role("button", name="Look up").click()
        expect(page.locator("#word h2")).to_have_text("Release")
        page.get_by_role("form", name="Release").get_by_label("line 1").fill("200")
        page.get_by_role("button", name="Release and record").click()
        expect(page.get_by_text("The consignment is on record.")).to_be_visible()
        expect(page.locator("#word h2")).to_have_text("Refuse")
        expect(page.locator("#word")).to_contain_text("nothing is left on it")

        log_in(page, keys["authority"])
        page.goto(address)
        form = page.get_by_role("form", name="Endorse what arrived")
        form.get_by_label("line 1").fill("194")
        form.get_by_label("Endorsed by").fill("Health of XA")
        form.get_by_role("button").click()
        expect(page.get_by_text("194 of 200 g arrived (difference -3.00 %)")).to_be_visible()
        expect(page.get_by_text("differs")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_contain_text("endorsed")
        said = page.request.get(f"{address}/endorsements/1.pdf")
        assert (said.status, said.body()[:5]) == (200, b"%PDF-")
        assert page.request.get(f"{address}/endorsements/2.pdf").status == 404


def test_another_country_finds_nothing_here(page: Page, keys: dict[str, str]) -> None:
    log_in(page, keys["stranger"])
    expect(page.get_by_text("There is no paper here for you yet.")).to_be_visible()


def test_an_unknown_number_is_held(page: Page, keys: dict[str, str]) -> None:
    with complaints_of(page):
        log_in(page, keys["customs"], "/customs")
        page.get_by_label("Number, or scan the code").fill("XB-EA-1999-000001")
        page.get_by_role("button", name="Look up").click()
        expect(page.locator("#word h2")).to_have_text("Hold")


def test_a_form_that_lacks_something_keeps_what_was_typed(page: Page, keys: dict[str, str]) -> None:
    log_in(page, keys["applicant"])
    page.get_by_role("link", name="Apply for a paper").click()
    page.get_by_label("Substance, row 1").fill("Fentanyl")
    page.get_by_label("Quantity, row 1").fill("many")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("goods.0.quantity")
    expect(page.get_by_label("Quantity, row 1")).to_have_value("many")


def compose(page: Page, entry_point: str = "") -> None:
    page.get_by_role("link", name="Compose a notification").click()
    for name, text in (
        ("substance", "acetic anhydride"),
        ("quantity", "20"),
        ("unit", "t"),
        ("destination", "XA"),
        ("exporter_name", "Out Ltd"),
        ("exporter_address", "2 Road, Xb"),
        ("importer_name", "In Ltd"),
        ("importer_address", "3 Street, Xa"),
        ("sender", "Health of XB"),
        ("receiver", "Health of XA"),
        ("entry_point", entry_point),
        ("dispatch_on", f"{NOW.year + 1}-03-01"),
    ):
        page.locator(f"#{name}").fill(text)
    page.get_by_role("button", name="Keep as a draft").click()


def test_a_notification_from_its_draft_to_its_answer(page: Page, keys: dict[str, str]) -> None:
    with complaints_of(page):
        log_in(page, keys["authority"], "/notifications")
        expect(page.get_by_text("There is no notification here for you yet.")).to_be_visible()
        compose(page)
        expect(page.get_by_role("heading", name="Still lacking")).to_be_visible()
    act(page, "Send")
    expect(page.get_by_role("alert")).to_contain_text("1 missing")
    page.get_by_role("link", name="Notifications").first.click()
    page.get_by_role("link", name="Compose a notification").click()
    page.locator("#quantity").fill("many")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#quantity")).to_have_value("many")


def test_another_country_is_not_shown_a_draft(page: Page, keys: dict[str, str]) -> None:
    log_in(page, keys["stranger"], "/notifications")
    expect(page.get_by_text("There is no notification here for you yet.")).to_be_visible()


def test_an_answer_is_recorded_and_the_position_shown(page: Page, keys: dict[str, str]) -> None:
    with complaints_of(page):
        log_in(page, keys["authority"], "/notifications")
        compose(page, "Port")
        act(page, "Send")
        expect(page.get_by_role("heading", level=1)).to_contain_text("sent")
        message = page.request.get(f"{page.url}/message.xml")
        assert message.status == 200
        assert b"acetic anhydride" in message.body()
        paper = page.request.get(f"{page.url}/document.pdf")
        assert (paper.status, paper.body()[:5]) == (200, b"%PDF-")
        act(page, "Record: no objection")
        expect(page.get_by_role("heading", level=1)).to_contain_text("no objection")


def test_an_auditor_reads_who_did_what(page: Page, keys: dict[str, str]) -> None:
    with complaints_of(page):
        log_in(page, keys["auditor"], "/audit")
        expect(page.get_by_role("row").nth(1)).to_contain_text("session:begun")
        page.get_by_label("Action begins with").fill("authorisation:granted")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_role("row")).to_have_count(2)
        expect(page.get_by_role("row").nth(1)).to_contain_text("submitted")
        page.get_by_label("Who").fill("nobody")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_text("No act like that is on record.")).to_be_visible()
