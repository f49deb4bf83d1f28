"""The pages as a reader without scripts gets them."""

from __future__ import annotations

import html
import re

import httpx
import pytest

FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
HTML = {"accept": "text/html"}


def text_of(page: httpx.Response) -> str:
    """What a reader sees, without tags."""
    return html.unescape(re.sub(r"<[^>]+>", " ", page.text))


def check(client: httpx.Client, text: str, **more: str | list[str]) -> httpx.Response:
    form = {"text": text, "on": "2026-03-01", **more}
    return client.post("/", data=form, headers=HTML, follow_redirects=True)


def test_the_empty_page_has_a_form_and_examples(client: httpx.Client) -> None:
    page = client.get("/", headers=HTML)
    assert page.status_code == 200
    assert '<textarea id="text" name="text"' in page.text
    assert "Worked examples" in page.text
    assert 'name="jurisdictions" value="US"' in page.text


def test_a_pasted_structure_leads_to_the_page_of_its_decision(client: httpx.Client) -> None:
    page = check(client, FENTANYL, jurisdictions=["US"])
    assert page.status_code == 200
    assert re.fullmatch(r"/decisions/[0-9a-f-]{36}", page.url.path)
    assert "US-CSA-II" in page.text
    assert "controlled" in page.text
    assert client.get(page.url.path, headers=HTML).text == page.text


@pytest.mark.parametrize("typed", ["Fentanyl", " fentanyl ", "437-38-7", "phentanyl"])
def test_a_name_or_number_is_taken_for_its_substance(client: httpx.Client, typed: str) -> None:
    page = check(client, typed)
    assert '<a href="/substances/fentanyl">Fentanyl</a>' in page.text


def test_the_page_says_both_dates_and_the_hashes(client: httpx.Client) -> None:
    page = check(client, FENTANYL, known_on="2026-03-02")
    version = client.get("/v1/version").json()
    assert "2026-03-01" in text_of(page)
    assert "2026-03-02 at 23:59" in text_of(page)
    assert version["rule_set"] in page.text
    assert version["facts"] in page.text


def test_the_page_replays_its_decision(client: httpx.Client) -> None:
    page = check(client, FENTANYL)
    replayed = client.post(f"{page.url.path}/replay", headers=HTML)
    assert "Replayed: the same bytes" in replayed.text


def test_what_cannot_be_read_keeps_what_was_typed(client: httpx.Client) -> None:
    typed = 'C1CC("><script>'
    page = check(client, typed, known_on="2026-02-02", jurisdictions=["US"])
    assert page.status_code == 422
    assert html.escape(typed).replace("&quot;", "&#34;") in page.text
    assert "`" not in text_of(page)
    assert "<script>" not in page.text.replace('<script src="/static/page.js" defer></script>', "")
    assert 'value="2026-02-02"' in page.text
    assert re.search(r'value="US" checked', page.text)
    assert 'role="alert"' in page.text


@pytest.mark.parametrize(
    ("typed", "more", "said"),
    [
        ("", {}, "type or paste"),
        (FENTANYL, {"on": "tomorrow"}, "tomorrow  is not a date"),
        ("speed", {}, "amfetamine ,  metamfetamine"),
        ("coca leaf", {}, "has no structure in this register"),
        ("000-00-0", {}, "no substance answers to"),
    ],
)
def test_each_fault_is_told_on_the_page(
    client: httpx.Client, typed: str, more: dict[str, str], said: str
) -> None:
    page = check(client, typed, **more)
    assert page.status_code in (404, 409, 422)
    assert said in text_of(page)


@pytest.mark.parametrize(
    "sent",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
    ],
)
def test_a_form_sent_by_another_site_is_not_taken(
    client: httpx.Client, sent: dict[str, str]
) -> None:
    page = client.post("/", data={"text": FENTANYL}, headers={**HTML, **sent})
    assert page.status_code == 422
    assert "another site" in page.text


def test_our_own_form_is_taken_though_it_sends_no_origin(client: httpx.Client) -> None:
    headers = {**HTML, "sec-fetch-site": "same-origin", "origin": "null"}
    assert client.post("/", data={"text": FENTANYL}, headers=headers).status_code == 303


def test_a_molfile_with_carriage_returns_is_read(client: httpx.Client) -> None:
    molfile = (
        "\n  drawn by hand\n\n  3  2  0  0  0  0  0  0  0  0999 V2000\n"
        "    0.0000    0.0000    0.0000 C   0  0\n"
        "    1.5000    0.0000    0.0000 C   0  0\n"
        "    2.2500    1.2990    0.0000 O   0  0\n"
        "  1  2  1  0\n  2  3  1  0\nM  END\n"
    )
    page = check(client, molfile.replace("\n", "\r\n"))
    assert page.status_code == 200, text_of(page)
    assert "CCO" in page.text


def test_a_reader_gets_a_page_for_what_is_not_there_and_a_program_a_problem(
    client: httpx.Client,
) -> None:
    page = client.get("/decisions/none", headers=HTML)
    assert page.status_code == 404
    assert "<h1>" in page.text
    problem = client.get("/decisions/none", headers={"accept": "application/json"})
    assert problem.headers["content-type"] == "application/problem+json"


def test_substances_and_provisions_can_be_browsed(client: httpx.Client) -> None:
    listed = client.get("/substances", params={"q": "amf"}, headers=HTML)
    assert '<a href="/substances/amfetamine">' in listed.text
    substance = client.get("/substances/amfetamine", headers=HTML)
    assert "UN-1971-II" in substance.text
    assert "<svg" in substance.text
    plant = client.get("/substances/coca-leaf", headers=HTML)
    assert "none on record" in plant.text
    assert '<a href="/provisions/US-CSA-I-e">' in client.get("/provisions", headers=HTML).text
    provision = client.get("/provisions/US-CSA-I-e?on=2017-01-01", headers=HTML)
    assert "Not in force on 2017-01-01" in provision.text


def test_no_page_has_inline_style_or_script(client: httpx.Client) -> None:
    pages = [
        client.get("/", headers=HTML),
        check(client, FENTANYL, everything="true"),
        client.get("/substances/fentanyl", headers=HTML),
        client.get("/search", params={"q": FENTANYL, "by": "similar"}, headers=HTML),
        client.get("/provisions/US-CSA-I-e", headers=HTML),
    ]
    for page in pages:
        assert page.status_code == 200
        assert not re.search(r"<style|<script(?! src=)|\sstyle=|\son\w+=", page.text)


def test_the_editor_alone_may_run_its_own_inline_code(client: httpx.Client) -> None:
    frame = client.get("/draw", headers=HTML)
    assert "'unsafe-eval'" in frame.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in frame.headers["content-security-policy"]
