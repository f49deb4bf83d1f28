"""Scheduling options over HTTP and on their pages."""

from __future__ import annotations

import re

import httpx
import pytest

HTML = {"accept": "text/html"}


def test_options_are_filtered_by_jurisdictions_and_types(client: httpx.Client) -> None:
    chosen = {"jurisdiction": ["GB", "US"], "type": "analogue"}
    items = client.get("/v1/options", params=chosen).json()["items"]
    assert [item["id"] for item in items] == ["US-ANALOGUE"]
    assert len(client.get("/v1/options").json()["items"]) > 60


def test_one_option_is_told_field_by_field_with_its_sources(client: httpx.Client) -> None:
    option = client.get("/v1/options/DE-BTMG-URGENT").json()
    assert option["fields"]["duration"]["certainty"] == "seen"
    assert option["fields"]["duration"]["cites"][0]["href"].startswith("https://")
    assert option["fields"]["starts"]["rule"]["how"] == "default"


def test_the_course_of_a_measure_is_reckoned(client: httpx.Client) -> None:
    days = {"communicated": "2024-06-06"}
    course = client.get("/v1/options/UN-1988/course", params=days).json()
    assert course["takes_effect"]["day"] == "2024-12-03"
    assert course["expires"]["never"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/options/GB-NONE", 404, "not-found"),
        ("/v1/options/GB-NONE/course", 404, "not-found"),
        ("/v1/options?jurisdiction=ZZ", 422, "scope-unknown"),
        ("/v1/options?type=hasty", 422, "scope-unknown"),
        ("/v1/options/GB-TCDO/course?extended=1", 422, "bad-input"),
        ("/v1/options/GB-TCDO/course?stated=soon", 422, "request-invalid"),
    ],
)
def test_a_wrong_question_is_a_problem(
    client: httpx.Client, path: str, status: int, code: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_page_counts_everything_and_sets_what_was_chosen_side_by_side(
    client: httpx.Client,
) -> None:
    glance = client.get("/options", headers=HTML)
    assert '<a href="/options/NZ-TEMP">NZ-TEMP</a>' in glance.text
    chosen = {"jurisdiction": ["GB", "NZ"], "type": ["temporary"]}
    side = client.get("/options", params=chosen, headers=HTML).text
    assert side.count('<th scope="col"><a href="/options/') == 2
    assert "from memory" in side
    assert 'value="NZ" checked' in side


def test_an_empty_choice_says_what_it_does_not_say(client: httpx.Client) -> None:
    chosen = {"jurisdiction": "SE", "type": "temporary"}
    assert (
        "not to say that the law has none"
        in client.get("/options", params=chosen, headers=HTML).text
    )


def test_the_page_of_an_option_links_its_sources_and_provisions(client: httpx.Client) -> None:
    page = client.get("/options/GB-TCDO", headers=HTML).text
    assert 'href="https://www.legislation.gov.uk/ukpga/1971/38/section/2A"' in page
    assert 'href="/provisions/GB-MDA-TCDO"' in page
    assert client.get("/options/GB-NONE", headers=HTML).status_code == 404


def test_the_page_of_an_option_reckons_the_course_of_a_measure(client: httpx.Client) -> None:
    def asked(**days: str) -> httpx.Response:
        return client.get("/options/US-TEMP", params=days, headers=HTML)

    empty = asked().text
    assert set(re.findall(r'<input type="date" id="(\w+)"', empty)) == {
        "announced", "stated", "published", "ends",
    }  # fmt: skip
    known = asked(published="2025-08-15", stated="2025-08-15", ends="").text
    assert "2027-08-16 <" in known
    assert "not after 2028-08-16" in known
    assert "missing: the measure was published" in asked(stated="2025-08-15").text
    wrong = asked(stated="soon")
    assert (wrong.status_code, "a day is written as" in wrong.text) == (422, True)
