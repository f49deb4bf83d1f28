"""Coverage over HTTP and on its page."""

from __future__ import annotations

import httpx

from rules.load import LAW


def test_coverage_has_a_row_for_each_jurisdiction_and_a_total(client: httpx.Client) -> None:
    answer = client.get("/v1/coverage").json()
    rows = {row["jurisdiction"]: row for row in answer["items"]}
    assert {"UN", "US", "GB", "CA", "CN", "DE", "EU"} <= set(rows)
    assert rows["GB"]["provisions"] == len(list((LAW / "gb").glob("GB-*.yaml")))
    assert answer["total"]["examples"] == sum(row["examples"] for row in rows.values())


def test_coverage_of_one_jurisdiction_says_why_something_is_not_modelled(
    client: httpx.Client,
) -> None:
    (row,) = client.get("/v1/coverage", params={"jurisdiction": "CN"}).json()["items"]
    earlier = next(gap for gap in row["not_modelled"] if gap["provision"] == "CN-EARLIER")
    assert earlier["until"] == "2014-01-01"
    assert earlier["reason"]


def test_a_jurisdiction_nobody_knows_is_a_problem(client: httpx.Client) -> None:
    answer = client.get("/v1/coverage", params={"jurisdiction": "ZZ"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "scope-unknown"


def test_the_page_shows_every_jurisdiction_with_its_gaps(client: httpx.Client) -> None:
    page = client.get("/coverage", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert '<section class="card" id="CN"' in page.text
    assert "CN-EARLIER" in page.text
