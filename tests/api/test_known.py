"""Facts are read again when, and only when, the register has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from api.known import Known
from registry import models
from registry.store import history
from registry.store.session import make_engine, session_factory

LATER = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def known(register_url: str, tmp_path: Path) -> Iterator[Known]:
    engine = make_engine(register_url)
    yield Known(session_factory(engine), tmp_path)
    engine.dispose()


def close_a_listing(known: Known, at: datetime) -> None:
    with known.sessions.begin() as session:
        row = session.scalars(select(models.Listing).order_by(models.Listing.key).limit(1)).one()
        history.close(session, row, at)


def test_facts_known_now_are_kept(known: Known) -> None:
    first = known.facts(LATER)
    assert known.facts(LATER + timedelta(days=1)) is first
    assert len(first.listings) == 5


def test_a_change_is_seen_at_once(known: Known) -> None:
    before = known.facts(LATER)
    close_a_listing(known, LATER)
    after = known.facts(LATER)
    assert len(after.listings) == len(before.listings) - 1
    assert after.content_hash != before.content_hash


def test_a_past_moment_gets_what_was_known_then(known: Known) -> None:
    before = known.facts(LATER)
    close_a_listing(known, LATER)
    known.facts(LATER)
    assert known.facts(LATER - timedelta(seconds=1)).content_hash == before.content_hash
    assert len(known.facts(LATER).listings) == len(before.listings) - 1


def test_before_the_first_record_nothing_was_known(known: Known) -> None:
    assert known.facts(datetime(2025, 1, 1, tzinfo=UTC)).listings == ()


def test_a_file_is_written_once_for_each_content(known: Known, tmp_path: Path) -> None:
    facts = known.facts(LATER)
    file = known.file(facts)
    assert known.file(facts) == file
    assert [str(one) for one in tmp_path.glob("*.pickle")] == [file]
    assert not list(tmp_path.glob("*.draft"))
