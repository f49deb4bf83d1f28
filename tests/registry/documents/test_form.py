"""What a form says is what the record says, in one text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.documents.form import FORMS, AuthorisationForm, certificate_hash, payload
from registry.documents.record import Unprintable, endorsement_form, form_of, last_day, stated
from registry.documents.schemas import schemas
from registry.documents.verify import form_from
from registry.trade_facts import Party
from tests.registry.documents import samples

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"


def test_the_last_day_is_the_one_before_the_end() -> None:
    form = form_of(samples.EXPORT)
    assert isinstance(form, AuthorisationForm)
    assert form.valid_until == date(2026, 4, 11)
    assert last_day(None) is None


def test_amounts_keep_the_places_that_were_stated() -> None:
    assert stated(Decimal("1500.50")) == "1500.50"
    assert stated(Decimal("1E+3")) == "1000"
    with pytest.raises(Unprintable, match="no amount"):
        stated(Decimal("NaN"))


def test_a_declaration_states_its_day_of_dispatch() -> None:
    written = json.loads(payload(form_of(samples.DECLARATION)))
    assert written["form"] == "export-declaration"
    assert written["dispatch_on"] == "2026-01-20"


def test_any_number_of_consignments_stays_any_number() -> None:
    assert json.loads(payload(form_of(samples.IMPORT)))["consignments"] is None


def test_moments_are_written_in_utc() -> None:
    assert json.loads(payload(form_of(samples.NOTIFICATION)))["sent_at"] == "2026-02-01T09:30:00Z"


def test_the_order_of_an_endorsement_is_by_line_of_its_paper() -> None:
    arrived = json.loads(payload(samples.FORMS["endorsement"]))["arrived"]
    assert [(one["substance"], one["authorised"], one["arrived"]) for one in arrived] == [
        ("Morphine", "1500.50", "1455.2"),
        ("Fentanyl", "12000", "12000"),
    ]


def test_an_endorsement_of_another_paper_or_line_is_refused() -> None:
    with pytest.raises(Unprintable, match="another authorisation"):
        endorsement_form(replace(samples.ENDORSEMENT, authorisation="a9"), samples.EXPORT)
    wrong = replace(samples.ENDORSEMENT, arrived=((7, Decimal(1), "g"),))
    with pytest.raises(Unprintable, match="no line 7"):
        endorsement_form(wrong, samples.EXPORT)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x00", "\x1b", "\r", "\ud800"])
def test_marks_that_make_a_paper_read_otherwise_are_refused(mark: str) -> None:
    with pytest.raises(Unprintable, match=r"`name` cannot be printed.*'Firm"):
        form_of(replace(samples.EXPORT, exporter=Party(f"Firm{mark}", "Street")))


def test_a_country_is_a_code() -> None:
    with pytest.raises(Unprintable, match=r"`country` cannot be printed.*'Atlantis'"):
        form_of(replace(samples.EXPORT, importer=Party("Firm", "Street", "Atlantis")))


@pytest.mark.parametrize("name", samples.FORMS)
def test_a_form_comes_back_from_its_text(name: str) -> None:
    form = samples.FORMS[name]
    assert form_from(json.loads(payload(form))) == form


@settings(max_examples=40)
@given(amount=st.decimals(0, 10**12, places=3), other=st.decimals(0, 10**12, places=3))
def test_papers_that_differ_have_hashes_that_differ(amount: Decimal, other: Decimal) -> None:
    first, second = (certificate_hash(form_of(_with_amount(one))) for one in (amount, other))
    assert (first == second) == (stated(amount) == stated(other))


def _with_amount(amount: Decimal) -> samples.Authorisation:
    return replace(samples.EXPORT, goods=(replace(samples.MORPHINE, quantity=amount),))


@pytest.mark.parametrize("name", FORMS)
def test_the_schemas_in_the_documents_are_those_of_the_forms(name: str) -> None:
    written = (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")
    assert json.loads(written) == schemas()[name]


def test_no_other_schema_is_in_the_documents() -> None:
    messages = {"pre-export-notification-1"}  # of api.messages, not of papers
    assert {file.stem for file in SCHEMAS.glob("*.json")} == set(FORMS) | messages
