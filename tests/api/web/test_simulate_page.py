"""The pages of simulations and of two laws side by side, as a reader without scripts gets them."""

from __future__ import annotations

import re

import httpx
import pytest

from api.law import shipped
from api.usecases import libraries, readings, simulate
from api.usecases.simulate import Asked
from api.web import comparison
from registry.models import Role
from rules.simulate import Effect
from tests.api.conftest import key_of

HTML = {"accept": "text/html"}


def asked(client: httpx.Client, **form: str | list[str]) -> httpx.Response:
    return client.post("/simulate", data=form, headers=HTML, follow_redirects=True)


def told(page: httpx.Response) -> str:
    """What the page says went wrong."""
    found = re.search(r'role="alert".*?<p>(.*?)</p>', page.text, re.DOTALL)
    return found[1] if found else ""


def test_the_form_offers_every_library_and_says_what_it_is(client: httpx.Client) -> None:
    page = client.get("/simulate", headers=HTML)
    assert page.status_code == 200
    for name in libraries.names():
        assert f'name="library" value="{name}"' in page.text
    assert "absence proves nothing" in page.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"library": "register"}, "a simulation is of 1 to 20 drafts"),
        ({"library": "register", "draft": "draft: x"}, "draft 1:1:1"),
        ({"library": "register", "settle": "XX-1:Q1=yes"}, "is not like"),
        ({"library": "register", "settle": "IT-1:Q1=perhaps"}, "is not like"),
        ({"library": "register", "draft": "x", "on": "yesterday"}, "is not a date"),
    ],
)
def test_what_cannot_be_simulated_is_told_and_stays_typed(
    client: httpx.Client, form: dict[str, str | list[str]], said: str
) -> None:
    page = asked(client, **form)
    assert page.status_code == 422
    assert said in told(page)
    assert all(str(form[name]) in page.text for name in form)


def test_drafts_can_be_tried_without_their_exemptions_too(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list[Asked]()

    def ask(_engine: object, asked: Asked, *_: object) -> dict[str, str]:
        seen.append(asked)
        return {"id": "one"}

    monkeypatch.setattr(simulate, "ask_later", ask)
    for form in ({}, {"bare": "true"}):
        client.post("/simulate", data={"library": "register", "draft": "x", **form}, headers=HTML)
    assert [one.without_exemptions for one in seen] == [False, True]


def test_a_file_that_is_no_text_is_refused(client: httpx.Client) -> None:
    files = {"file": ("a.yaml", b"\xff\xfe")}
    page = client.post("/simulate", data={"library": "register"}, files=files, headers=HTML)
    assert page.status_code == 422
    assert "<code>a.yaml</code> is not a text in UTF-8" in told(page)


def test_a_reading_is_tried_from_the_list_of_questions(client: httpx.Client) -> None:
    question = readings.open_questions(shipped(), "IT")[0]
    settle = f"{question['provision']}:{question['question']}=yes"
    page = asked(client, library="register", settle=settle)
    assert page.status_code == 200
    assert "Waiting" in page.text
    assert "subreg jobs run" in page.text
    so_far = client.get(f"{page.url.path}/progress").json()
    assert so_far == {"members": 0, "state": "ready", "over": False}
    listed = client.get("/simulations", headers=HTML).text
    assert page.url.path in listed
    assert question["provision"].lower() in listed
    report = client.get(f"{page.url.path}/report", headers=HTML)
    assert report.status_code == 404
    assert "it is waiting" in report.text


def test_whether_a_simulation_is_there_is_told_to_whoever_may_read_all(
    client: httpx.Client, shared_url: str
) -> None:
    auditor, analyst = (HTML | key_of(shared_url, role) for role in (Role.AUDITOR, Role.ANALYST))
    assert client.get("/simulations/nothing", headers=auditor).status_code == 404
    assert client.get("/simulations/nothing", headers=analyst).status_code == 403


def test_every_effect_has_words() -> None:
    assert set(comparison.EFFECTS) == {effect.value for effect in Effect}
    assert set(comparison.CHANGES) < set(comparison.EFFECTS)


def test_two_dates_are_compared_substance_by_substance(client: httpx.Client) -> None:
    sought = {"from": "1999-06-01", "to": "2000-06-01", "jurisdiction": "US"}
    page = client.get("/law-diff", params=sought, headers=HTML)
    assert page.status_code == 200
    for substance, provision in (("fentanyl", "US-CSA-II"), ("ketamine", "US-CSA-III")):
        row = re.search(rf'<a href="/substances/{substance}">.*?</tr>', page.text)
        assert row is not None
        assert f"<code>{provision}</code>" in row[0]
        assert "controlled" in row[0]
    assert '<a href="/substances/aspirin">' not in page.text


@pytest.mark.parametrize(
    ("sought", "said"),
    [
        ({"from": "2000-06-01", "to": "1999-06-01"}, "is after"),
        ({"from": "2000-06-01", "to": "2000-06-01"}, "compared with itself"),
        ({"from": "2000-06-01"}, "is not a date"),
        ({"from": "1999-06-01", "to": "2000-06-01", "library": "nothing"}, "there is no library"),
    ],
)
def test_two_dates_that_cannot_be_compared_are_told(
    client: httpx.Client, sought: dict[str, str], said: str
) -> None:
    page = client.get("/law-diff", params=sought, headers=HTML)
    assert page.status_code == 422
    assert said in told(page)


def test_a_simulation_is_shown_to_whoever_asked_for_it(
    client: httpx.Client, shared_url: str
) -> None:
    own, other, border = (
        HTML | key_of(shared_url, role) for role in (Role.ANALYST, Role.ANALYST, Role.CUSTOMS)
    )
    question = readings.open_questions(shipped(), "IT")[0]
    form = {
        "library": "register",
        "settle": f"{question['provision']}:{question['question']}=no",
    }
    made = client.post("/simulate", data=form, headers=own)
    assert made.status_code == 303
    address = made.headers["location"]
    assert client.get(address, headers=own).status_code == 200
    assert client.get(address, headers=other).status_code == 403
    assert client.get(f"{address}/data.json", headers=other).status_code == 403
    assert address not in client.get("/simulations", headers=other).text
    assert client.get("/simulate", headers=border).status_code == 403
    assert client.get("/law-diff", headers=border).status_code == 403
