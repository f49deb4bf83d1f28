"""Decisions, provisions, sources."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.facts import InForce, Period
from registry.models import (
    AuditEvent,
    DecisionRecord,
    Disagreement,
    ProvisionVersion,
    Source,
    period_columns,
)
from registry.store import audit, decisions, history, provisions, sources
from registry.store.canonical import digest

START = datetime(2026, 1, 1, tzinfo=UTC)


def decision(**columns: Any) -> DecisionRecord:
    return DecisionRecord(
        **{
            "kind": "classify",
            "at": START,
            "actor": "clerk",
            "on": date(2026, 1, 1),
            "known_at": START,
            "request": '{"structure":"CCO"}',
            "response": '{"é":"1.10"}',
            "rule_set": "r",
            "facts": "f",
            "versions": {"rdkit": "x"},
            **columns,
        }
    )


def test_a_decision_comes_back_as_it_was_given(session: Session) -> None:
    kept = decisions.save(session, decision())
    session.commit()
    session.expunge_all()
    found = decisions.get(session, kept.id)
    assert found is not kept
    assert (found.response, found.on, found.known_at) == (kept.response, kept.on, START)
    assert found.versions == {"rdkit": "x"}


def test_a_decision_and_its_event_are_kept_together(session: Session) -> None:
    kept = decisions.save(session, decision(kind="shipment"))
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.subject) == ("decision:shipment:made", kept.id)
    assert digest(kept.response) in event.payload
    assert audit.verify_chain(session) is None
    session.rollback()
    assert session.scalars(select(AuditEvent)).all() == []
    assert session.scalars(select(DecisionRecord)).all() == []


@pytest.mark.parametrize(
    "statement", ["DELETE FROM decision_record", "UPDATE decision_record SET response = '{}'"]
)
def test_the_database_refuses_to_change_a_decision(session: Session, statement: str) -> None:
    decisions.save(session, decision())
    session.commit()
    with pytest.raises(IntegrityError, match="never rewritten"):
        session.execute(text(statement))


def test_a_decision_of_another_kind_is_refused(session: Session) -> None:
    with pytest.raises(IntegrityError):
        decisions.save(session, decision(kind="guess"))


def test_an_unknown_decision_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound, match="no decision `x`"):
        decisions.get(session, "x")


def test_provisions_come_in_pages_and_by_jurisdiction(stocked: Session) -> None:
    first, second = provisions.page(stocked)
    assert (first.id, second.id) == ("GB-MDA-B-1a", "UN-1988-I")
    assert provisions.page(stocked, after=first.id) == [second]
    assert provisions.page(stocked, jurisdiction="UN") == [second]
    assert provisions.get(stocked, "UN-1988-I") is second
    assert [row.code for row in provisions.jurisdictions(stocked)] == ["GB", "UN"]
    with pytest.raises(NotFound, match="no provision `XX-1`"):
        provisions.get(stocked, "XX-1")


def test_the_wording_asked_is_the_one_in_force(stocked: Session) -> None:
    for key, period in (
        ("old", Period.exact(date(1990, 11, 11), date(2001, 12, 8))),
        ("new", Period.exact(date(2001, 12, 8))),
    ):
        history.record(
            stocked,
            ProvisionVersion(
                key=key, provision="UN-1988-I", recorded_from=START, **period_columns(period)
            ),
        )
    ((wording, state),) = provisions.wordings(stocked, "UN-1988-I", date(2001, 12, 8), START)
    assert (wording.key, state) == ("new", InForce.YES)


def test_a_later_reading_of_a_source_is_kept_beside_the_first(session: Session) -> None:
    def reading(day: int) -> Source:
        return Source(
            key="yellow-list", publisher="INCB", licence="x", retrieved=date(2025, 1, day)
        )

    first = sources.keep(session, reading(1))
    assert sources.keep(session, reading(1)) is first
    second = sources.keep(session, reading(2))
    assert [row.id for row in sources.readings(session, "yellow-list")] == [first.id, second.id]


def test_disagreements_are_listed_with_both_sides(session: Session) -> None:
    row = Disagreement(
        subject="ketamine", field="cas", values=["1", "2"], sources=["a", "b"], recorded_from=START
    )
    history.record(session, row)
    session.expire_all()
    (found,) = sources.disagreements(session, START)
    assert (found.values, found.sources, found.note) == (["1", "2"], ["a", "b"], "")
