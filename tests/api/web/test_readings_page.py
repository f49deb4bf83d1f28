"""The open questions of the law as pages."""

from __future__ import annotations

import re

import httpx
import pytest

from api.law import shipped
from api.usecases import readings

HTML = {"accept": "text/html"}


def shown(client: httpx.Client, **asked: str) -> httpx.Response:
    return client.get("/readings", params=asked, headers=HTML)


def test_every_open_question_is_counted_where_it_is_open(client: httpx.Client) -> None:
    counts = readings.counted(shipped())
    page = shown(client)
    assert page.status_code == 200
    assert f"{sum(counts.values())} open questions" in page.text
    told = re.findall(r'jurisdiction=(\w+)">[^<]+</a></td><td class="amount">(\d+)', page.text)
    assert {code: int(count) for code, count in told} == counts


@pytest.mark.parametrize("code", ["DE", "IT"])
def test_each_question_has_its_readings_and_a_button_for_each(
    client: httpx.Client, code: str
) -> None:
    asked = readings.open_questions(shipped(), code)
    page = shown(client, jurisdiction=code)
    named = {f"{one['provision']}:{one['question']}" for one in asked}
    assert len(named) == readings.counted(shipped())[code]
    for word in ("yes", "no"):
        buttons = re.findall(rf'name="settle" value="([^"]+)={word}"', page.text)
        assert set(buttons) == named


def test_what_is_no_longer_in_force_is_tried_on_its_last_day() -> None:
    for code in readings.counted(shipped()):
        for one in readings.open_questions(shipped(), code):
            rule, day = shipped().rules[one["provision"]], one["last_day"]
            assert day is None or rule.wording(day) is not None, one["provision"]


def test_a_jurisdiction_without_questions_is_not_called_clear(client: httpx.Client) -> None:
    page = shown(client, jurisdiction="SE")
    assert page.status_code == 200
    assert "no promise" in page.text


def test_a_jurisdiction_nobody_has_modelled_is_told(client: httpx.Client) -> None:
    page = shown(client, jurisdiction="ZZ")
    assert page.status_code == 422
    assert "no law of <code>ZZ</code> is modelled" in page.text
