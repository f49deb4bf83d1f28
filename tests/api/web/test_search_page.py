from __future__ import annotations

import httpx
import pytest

from tests.api.conftest import FENTANYL, KETAMINE


def found(client: httpx.Client, **asked: str) -> httpx.Response:
    return client.get("/search", params=asked)


def test_the_empty_page_has_a_form_and_no_answer(client: httpx.Client) -> None:
    page = found(client)
    assert page.status_code == 200
    assert 'name="q"' in page.text
    assert "Found" not in page.text
    assert "Nothing in this register" not in page.text


def test_a_name_leads_to_its_substance_and_says_how_it_answered(client: httpx.Client) -> None:
    page = found(client, q="phentanyl").text
    assert 'href="/substances/fentanyl"' in page
    assert "Phentanyl" in page


def test_a_salt_is_named_beside_its_parent(client: httpx.Client) -> None:
    page = found(client, q="ketamine hydrochloride").text
    assert 'href="/substances/ketamine"' in page
    assert "hydrochloride</span>" in page


@pytest.mark.parametrize(
    ("by", "structure", "substance"),
    [
        ("similar", FENTANYL, "fentanyl"),
        ("exact", KETAMINE, "ketamine"),
        ("substructure", "NC1CCCCC1=O", "ketamine"),
        ("superstructure", "CNC(C)Cc1ccc(O)cc1", "metamfetamine"),
    ],
)
def test_a_structure_leads_to_substances_drawn(
    client: httpx.Client, by: str, structure: str, substance: str
) -> None:
    page = found(client, q=structure, by=by).text
    assert f'href="/substances/{substance}"' in page
    assert "<svg" in page
    assert "never a legal answer" in page


def test_nothing_found_is_no_statement_about_the_law(client: httpx.Client) -> None:
    page = found(client, q="ketxmixx")
    assert page.status_code == 200
    assert "no statement about the law" in page.text
    assert "Names like it" in page.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"q": "C1CC(", "by": "similar"}, "cannot be read"),
        ({"q": "437-38-8"}, "no CAS number"),
        ({"q": "fentanyl", "after": "[1]"}, "does not follow"),
        ({"q": FENTANYL, "by": "similar", "after": "nonsense"}, "does not follow"),
    ],
)
def test_what_cannot_be_searched_is_told_and_kept(
    client: httpx.Client, asked: dict[str, str], said: str
) -> None:
    page = found(client, **asked)
    assert page.status_code == 422
    assert said in page.text
    assert asked["q"] in page.text


def test_the_page_of_a_substance_shows_its_time_line_and_its_sources(client: httpx.Client) -> None:
    page = client.get("/substances/fentanyl").text
    assert 'class="timeline"' in page
    assert "US-CSA-II" in page
    assert "Where each fact comes from" in page
