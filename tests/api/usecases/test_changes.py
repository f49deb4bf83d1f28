"""The feed, the records and the differences on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from api.usecases import changes, history
from api.usecases.dates import Dates
from registry.store.changes import Kind, Wanted, _from, _statements
from registry.store.session import make_engine, reading, session_factory
from tests.api import past
from tests.api.conftest import SEEDED

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def engine(register_url: str) -> Iterator[Any]:
    """All of the shared wiring that these use cases touch."""
    database = make_engine(past.give_past(register_url))
    yield SimpleNamespace(sessions=session_factory(database), database=database)
    database.dispose()


def test_changes_follow_each_other_by_moment_then_kind(engine: Any) -> None:
    found = changes.page(engine, Wanted(NOW, since=past.CORRECTED), limit=50)
    assert found.after is None
    assert [(one["at"][:10], one["act"], one["about"]) for one in found.items] == [
        ("2026-02-01", "corrected", "ketamine in US-CSA-III"),
        ("2026-03-01", "added", "HS 2918.22 of aspirin"),
        ("2026-03-01", "corrected", "amfetamine in UN-1971-II"),
        ("2026-03-01", "added", "amfetamine in UN-1971-II"),
        ("2026-03-01", "added", "metamfetamine in US-CSA-II"),
        ("2026-03-01", "added", f"name {past.HOSTILE} of aspirin"),
        ("2026-03-01", "added", "US as a party to 1988"),
        ("2026-03-01", "added", "wording US-CSA-II:1 of US-CSA-II"),
        ("2026-04-01", "withdrawn", "coca-leaf in UN-1961-I"),
        ("2026-04-01", "withdrawn", "name Speed of amfetamine"),
        ("2026-05-01", "added", "coca-leaf in UN-1961-I"),
    ]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_page_goes_on_where_the_one_before_ended(engine: Any, newest_first: bool) -> None:
    wanted = Wanted(NOW, newest_first=newest_first)
    whole = changes.page(engine, wanted, limit=200).items
    found, after = [], None
    while True:
        page = changes.page(engine, wanted, after=after, limit=4)
        found += page.items
        after = page.after
        if after is None:
            break
    assert tuple(found) == whole
    assert {one["at"] for one in whole} >= {SEEDED.isoformat(timespec="microseconds")}


def test_the_identifier_of_a_change_needs_no_row_number(engine: Any) -> None:
    (one,) = changes.page(engine, Wanted(past.CORRECTED, since=past.CORRECTED)).items
    assert one["id"] == "urn:uuid:c525c5cf-8261-56a4-a45a-5f0de1cc7002"


def test_every_record_of_a_substance_is_told_once(engine: Any) -> None:
    dates = Dates(date(2026, 1, 1), NOW)
    found = history.history(engine, "amfetamine", dates)["records"]
    assert [(one["kind"], one["act"], one["ended"]) for one in found] == [
        ("name", "added", None),
        ("name", "added", None),
        ("name", "added", "withdrawn"),
        ("identifier", "added", None),
        ("structure", "added", None),
        ("listing", "added", "corrected"),
        ("listing", "corrected", None),
        ("listing", "added", None),
    ]
    facts = history.provenance(engine, "amfetamine", dates)["facts"]
    assert len(facts) == len([one for one in found if one["ended"] is None])


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_page_is_read_through_indexes(shared_url: str, newest_first: bool) -> None:
    """No table of records is read from end to end, and nothing is sorted. (Plans of PostgreSQL
    depend on how much each table holds.)"""
    database = make_engine(shared_url)
    wanted = Wanted(NOW, newest_first=newest_first)
    with reading(session_factory(database)) as session:
        for kind in Kind:
            for statement, moment in _statements(kind, wanted):
                page = _from(statement, moment, kind, wanted, None).limit(50)
                words = page.compile(database, compile_kwargs={"literal_binds": True})
                plan = session.execute(text(f"EXPLAIN QUERY PLAN {words}")).all()
                steps = [row[3] for row in plan]
                assert all(step.startswith(("SEARCH", "CORRELATED")) for step in steps), steps
    database.dispose()
