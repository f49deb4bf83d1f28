"""The words of the papers are complete in every language, and the page is whole without print."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from api.documents.catalogue import UnknownLanguage, Words, languages, words
from api.documents.issue import web_page
from api.documents.page import ARTICLES, IN_FORCE, direction, law_line, shown, verify_address
from registry.documents.form import certificate_hash
from registry.documents.record import form_of
from registry.trade_facts import AuthorisationState, NotificationState, Paper
from tests.registry.documents import samples

ADDRESS = "https://register.example"
# What is written the same in English and in another language.
SAME = {
    "ar": {"language.colon"},
    "es": {"language.colon", "language.direction"},
    "fr": {
        "field.conditions",
        "field.licence",
        "field.version",
        "language.direction",
        "law.article",
        "sign.signature",
        "state.objection",
        "unit.ampoule",
    },
}


def keys(label: Words) -> set[tuple[str, str]]:
    return {(group, key) for group, entries in label.items() for key in entries}


def places(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


def test_the_languages_are_those_promised() -> None:
    assert {"en", *SAME} == set(languages())


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_word_and_no_other(language: str) -> None:
    english, other = words("en"), words(language)
    assert keys(other) == keys(english)
    for group, key in keys(english):
        assert other[group][key].strip() or key == "colon"
        assert places(other[group][key]) == places(english[group][key]), (group, key)


@pytest.mark.parametrize("language", SAME)
def test_nothing_is_left_in_english(language: str) -> None:
    english, other = words("en"), words(language)
    same = {
        f"{group}.{key}" for group, key in keys(english) if other[group][key] == english[group][key]
    }
    assert same == SAME[language]


@pytest.mark.parametrize("language", languages())
def test_every_paper_and_state_has_its_words(language: str) -> None:
    label = words(language)
    titles = {one.value for one in Paper} - {"export_declaration"}
    titles |= {"export-declaration", "endorsement", "pre-export-notification"}
    assert set(label["title"]) == titles
    assert {one.value for one in (*AuthorisationState, *NotificationState)} <= set(label["state"])
    assert {kind for kind, _ in ARTICLES} == titles


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(UnknownLanguage, match="ar, en, es, fr"):
        web_page(samples.FORMS["export"], "../en", ADDRESS, signed=True)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", samples.FORMS)
def test_a_page_says_its_language_and_direction(name: str, language: str) -> None:
    page = web_page(samples.FORMS[name], language, ADDRESS, signed=True)
    way = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{way}">' in page
    assert '<link rel="stylesheet" href="/static/document.css">' in page
    assert not re.search(r"<script|\sstyle=|\son\w+=", page)
    _closed(page)


def _closed(page: str) -> None:
    """Every element that is opened is closed, in order."""
    void = {"meta", "link", "br", "path"}
    open_: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in void:
                open_.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag not in void:
                assert open_.pop() == tag

    Reader().feed(page)
    assert not open_


@pytest.mark.parametrize("state", AuthorisationState)
def test_a_paper_that_is_not_in_force_says_so_across_the_page(state: AuthorisationState) -> None:
    page = web_page(form_of(replace(samples.EXPORT, state=state)), "en", ADDRESS, signed=True)
    assert ("Not valid for trade" in page) == (state.value not in IN_FORCE)


def test_an_endorsement_of_nothing_says_so() -> None:
    form = samples.FORMS["endorsement"].model_copy(update={"arrived_on": None, "arrived": []})
    page = web_page(form, "en", ADDRESS, signed=True)
    assert "nothing was imported" in page
    assert "certifies" not in page


def test_the_law_of_a_paper() -> None:
    english = words("en")
    assert law_line(samples.FORMS["import"], english).endswith("1971, article\u00a012 (1)")
    national = form_of(replace(samples.EXPORT, convention="XA law 4"))
    assert law_line(national, english) == "National law · XA law 4"
    unnamed = form_of(replace(samples.EXPORT, convention=""))
    assert law_line(unnamed, english) == "National law"
    other = form_of(replace(samples.EXPORT, convention="1988"))
    assert "article" not in law_line(other, english)


def test_the_code_leads_to_the_paper() -> None:
    form = samples.FORMS["export"]
    address = verify_address(form, "https://register.example/")
    wanted = f"number=XA-2026-000123&hash={certificate_hash(form)}"
    assert address == f"https://register.example/verify?{wanted}"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0"),
        ("999", "999"),
        ("1000", "1\u202f000"),
        ("1234567.125", "1\u202f234\u202f567.125"),
        ("0.0001", "0.0001"),
    ],
)
def test_thousands_stand_apart(amount: str, text: str) -> None:
    assert shown(amount) == text


@pytest.mark.parametrize(
    ("text", "way"),
    [("1 Government Square", "ltr"), ("12 أمبولات", "rtl"), ("2026-01-12", "ltr"), ("", "ltr")],
)
def test_a_text_runs_as_its_first_letter_does(text: str, way: str) -> None:
    assert direction(text) == way
