"""Cases over HTTP and on their pages: opened, added to, due, raised, and what a reader sees."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry import models
from registry.models import Role
from registry.store.session import make_engine, session_factory
from tests.api import conftest
from tests.api.conftest import SEEDED, key_of, serving

HTML = {"accept": "text/html"}
ACETYLFENTANYL = "CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"


@pytest.fixture(scope="module")
def url(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A register of this module's own: Great Britain lists amfetamine alone, the United States
    acetylfentanyl too."""
    file = tmp_path_factory.mktemp("cases") / "register.sqlite"
    url = f"sqlite:///{shutil.copy(small_register, file)}"
    engine = make_engine(url)
    with session_factory(engine).begin() as session:
        session.add(models.Jurisdiction(code="GB", name="GB", recorded_from=SEEDED))
        session.flush()
        session.add(
            models.Provision(id="GB-MDA-B-1a", jurisdiction="GB", title="Class B", kind="list")
        )
        session.flush()
        conftest._substance(session, "acetylfentanyl", "Acetylfentanyl", ACETYLFENTANYL)
        session.flush()
        session.add(
            models.Listing(
                key="US-CSA-I:acetylfentanyl", provision="US-CSA-II", substance="acetylfentanyl",
                name="Acetylfentanyl", smiles=ACETYLFENTANYL, valid_earliest=date(2015, 7, 17),
                valid_from=date(2015, 7, 17), recorded_from=SEEDED,
            )
        )  # fmt: skip
        session.add(
            models.Listing(
                key="GB-MDA-B-1a:amfetamine", provision="GB-MDA-B-1a", substance="amfetamine",
                name="Amfetamine", valid_earliest=date(1973, 7, 1), valid_from=date(1973, 7, 1),
                recorded_from=SEEDED,
            )
        )  # fmt: skip
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def service(url: str) -> Iterator[httpx.Client]:
    with serving(url, deadline_seconds=60) as client:
        yield client


def opened(service: httpx.Client, **asked: Any) -> httpx.Response:
    given = {
        "title": "Coca leaf, again",
        "procedure": "UN-1988",
        "subjects": [{"substance": "coca-leaf"}],
        "jurisdictions": ["GB"],
    }
    return service.post("/v1/cases", json=given | asked)


def add(
    service: httpx.Client, place: str, step: str, on: str, version: int, **more: Any
) -> httpx.Response:
    asked = {"step": step, "on": on, "document": f"record of {step}", **more}
    return service.post(f"{place}/steps", json=asked, headers={"if-match": f'"{version}"'})


def test_a_case_is_opened_added_to_on_what_was_seen_and_shown_as_it_was(
    service: httpx.Client,
) -> None:
    made = opened(service)
    assert made.status_code == 201, made.text
    place = made.headers["Location"]
    assert made.headers["ETag"] == '"0"'
    told = add(service, place, "communicated", "2025-04-21", 0)
    assert (told.status_code, told.headers["ETag"]) == (201, '"1"')
    assert add(service, place, "adopted", "2025-03-16", 0).status_code == 412
    unseen = service.post(f"{place}/steps", json={"step": "adopted", "document": "vote"})
    assert unseen.status_code == 428
    on = {
        day: service.get(place, params={"on": day}).json()["dues"][2]
        for day in ("2025-10-17", "2025-10-18")
    }
    assert [one["status"] for one in on.values()] == ["not_started", "overdue"]
    assert on["2025-10-18"]["by"] == "2025-10-18"
    twice = add(service, place, "communicated", "2025-04-22", 1)
    assert (twice.status_code, twice.json()["code"]) == (422, "case-refused")
    assert "correct that one" in twice.json()["detail"]
    fixed = add(service, place, "communicated", "2025-04-22", 1, corrects=1)
    assert [one["stands"] for one in fixed.json()["entries"]] == [False, True]


def test_an_act_with_a_key_is_done_once(service: httpx.Client) -> None:
    asked = {"title": "once", "procedure": "DE-BTMG-1-3", "subjects": [{"name": "Nobody's own"}]}
    first, again = (
        service.post("/v1/cases", json=asked, headers={"idempotency-key": "once"}) for _ in "12"
    )
    assert first.json()["id"] == again.json()["id"]


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"procedure": "UN-1972"}, 404, "not-found"),
        ({"subjects": [{"substance": "none"}]}, 404, "not-found"),
        ({"subjects": [{"name": "Ketamine"}]}, 422, "case-refused"),
        ({"subjects": [{"name": "x", "structure": "C1CC("}]}, 422, "structure-unreadable"),
        (
            {"subjects": [{"name": "by another name", "structure": "C(C)(N)Cc1ccccc1"}]},
            422,
            "case-refused",
        ),
        ({"subjects": []}, 422, "request-invalid"),
        ({"jurisdictions": ["gb"]}, 422, "request-invalid"),
    ],
)
def test_a_case_that_cannot_be_is_refused(
    service: httpx.Client, asked: dict[str, Any], status: int, code: str
) -> None:
    told = opened(service, **asked)
    assert (told.status_code, told.json()["code"]) == (status, code), told.text


def test_what_is_due_comes_as_a_list_and_as_a_calendar(service: httpx.Client) -> None:
    place = opened(service, title="A temporary order, with a; mark", procedure="GB-TCDO",
                   jurisdictions=[]).headers["Location"]  # fmt: skip
    add(service, place, "in_force", "2025-04-10", 0)
    days = {
        on: [
            one["attention"]
            for one in service.get("/v1/cases/due", params={"on": on, "within": 30}).json()["items"]
            if one["clock"] == "expiry"
        ]
        for on in ("2026-03-10", "2026-03-11", "2026-04-09", "2026-04-10")
    }
    assert list(days.values()) == [[], ["expiring"], ["expiring"], ["expired"]]
    asked = {"on": "2026-03-11", "within": "30"}
    calendar = service.get("/v1/cases/due.ics", params=asked)
    assert calendar.headers["content-type"].startswith("text/calendar")
    lines = calendar.text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART;VALUE=DATE:20260410" in lines
    assert "SUMMARY:Expires: A temporary order\\, with a\\; mark" in lines
    assert max(len(line.encode()) for line in lines) <= 75
    known = {"if-none-match": calendar.headers["ETag"]}
    assert service.get("/v1/cases/due.ics", params=asked, headers=known).status_code == 304


def test_a_family_is_told_by_its_definition_and_raised_once(
    service: httpx.Client, url: str
) -> None:
    asked = {"country": "GB", "family": ["CN-NPS-FENT"]}
    # Ketamine is none of the family, and fentanyl itself has no modification.
    told = service.post("/v1/cases/raise", json=asked).json()
    assert (told["named_elsewhere"], told["outside_family"]) == (3, 2)
    (one,) = told["raised"]
    assert (one["substance"], one["by"]) == ("acetylfentanyl", ["CN-NPS-FENT"])
    case = service.get(f"/v1/cases/{one['case']}").json()
    assert (case["state"], case["entries"][0]["document"]) == ("raised", "named on US-CSA-II")
    assert "meets CN-NPS-FENT" in case["note"]
    everything = service.post("/v1/cases/raise", json={"country": "GB"}).json()
    assert {one["substance"] for one in everything["raised"]} == {"fentanyl", "ketamine"}
    again = service.post("/v1/cases/raise", json={"country": "GB"}).json()
    assert (again["raised"], again["raised_before"]) == ([], 3)
    wrong = service.post("/v1/cases/raise", json={"country": "GB", "family": ["NONE-*"]})
    assert wrong.json()["code"] == "scope-unknown"


def test_lists_show_what_a_definition_reaches_where_none_names_it(service: httpx.Client) -> None:
    told = service.get("/v1/transposition/fentanyl", params={"jurisdiction": ["GB", "US"]}).json()
    rows = {one["jurisdiction"]: one for one in told["rows"]}
    assert rows["US"]["shows"] == "listed_in_time"
    assert rows["GB"]["shows"] == "no_listing_on_record"
    assert "does not show that nothing was done" in told["caveat"]


def test_what_no_list_of_a_state_names_comes_page_by_page(service: httpx.Client) -> None:
    asked: dict[str, str] = {"jurisdiction": "GB", "limit": "1"}
    found = []
    while True:
        page = service.get("/v1/transposition", params=asked).json()
        found += [(one["name"], one["schedule"], one["shows"]) for one in page["rows"]]
        if not page["next"]:
            break
        asked["cursor"] = page["next"]
    assert found == [
        ("Coca leaf", "1961-I", "no_listing_on_record"),
        ("Fentanyl", "1961-I", "no_listing_on_record"),
    ]
    assert service.get("/v1/transposition", params={"jurisdiction": "UN"}).status_code == 404


def test_whoever_may_not_is_told_so(url: str, service: httpx.Client) -> None:
    firm = key_of(url, Role.APPLICANT)
    assert service.get("/v1/cases", headers=firm).status_code == 403
    auditor = key_of(url, Role.AUDITOR)
    assert service.get("/v1/cases", headers=auditor).status_code == 200
    refused = service.post("/v1/cases/raise", json={"country": "GB"}, headers=auditor)
    assert refused.status_code == 403


def test_every_procedure_can_be_read(service: httpx.Client) -> None:
    items = service.get("/v1/procedures").json()["items"]
    assert {"UN-1961", "UN-1971", "UN-1988", "EU-NPS", "GB-TCDO"} <= {one["id"] for one in items}


def test_the_pages_show_what_is_due_and_take_steps(service: httpx.Client) -> None:
    empty = service.get("/cases", params={"substance": "none-such"}, headers=HTML)
    assert "No case is like that." in empty.text
    blank = dict.fromkeys(("procedure", "substance", "closed", "on", "within"), "")
    shown = service.get("/cases", params=blank, headers=HTML)
    assert (shown.status_code, 'name="within" inputmode="numeric" value="30"' in shown.text) == (
        200,
        True,
    )
    form = {
        "title": "On a <page>", "procedure": "UN-1988", "substances": "ketamine\n",
        "jurisdictions": "gb, us", "once": "page-1",
    }  # fmt: skip
    made = service.post("/cases/new", data=form, headers=HTML)
    assert made.status_code == 303, made.text
    place = made.headers["location"]
    step = {"act": "step", "step": "communicated", "on": "2020-01-01", "document": "note",
            "version": "0", "once": "page-2"}  # fmt: skip
    assert service.post(place, data=step, headers=HTML).status_code == 303
    page = service.get(place, headers=HTML).text
    assert "On a &lt;page&gt;" in page
    assert 'listed on <a href="/provisions/US-CSA-III">US-CSA-III</a>' in page
    assert "no entry and no listing on record" in page
    stale = service.post(place, data=step | {"once": "page-3", "step": "adopted"}, headers=HTML)
    assert (stale.status_code, "look again" in stale.text) == (422, True)
    overview = service.get("/cases", params={"on": "2026-01-01"}, headers=HTML).text
    section = re.search(r'aria-label="GB"><h3>GB</h3>(.*?)</section>', overview, re.DOTALL)
    assert section
    assert "On a &lt;page&gt;" in section[1]
    assert "nothing on record, past its day" in section[1]
    foreign = service.post(place, data=step, headers=HTML | {"sec-fetch-site": "cross-site"})
    assert "page of another site" in foreign.text
