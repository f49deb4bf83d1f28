from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.errors import InputError, NotFound
from registry.facts import Period
from registry.models import Identifier, Listing, Source, SubstanceName
from registry.store import history, listings
from registry.store.history import Changes
from registry.store.session import session_factory, writing

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(days=30)
MakeListing = Callable[..., Listing]


def refused(session: Session, statement: str, saying: str) -> None:
    with pytest.raises(IntegrityError, match=saying):
        session.execute(text(statement))
    session.rollback()


def test_a_correction_closes_the_old_record_and_opens_a_new_one(
    stocked: Session, a_listing: MakeListing
) -> None:
    history.record(stocked, a_listing("k", Period.exact(date(2014, 1, 1))))
    history.supersede(stocked, "k", a_listing("k", Period.exact(date(2014, 6, 10))), LATER)

    before, after = listings.history(stocked, "k")
    assert (before.recorded_from, before.recorded_to) == (START, LATER)
    assert (after.recorded_from, after.recorded_to) == (LATER, None)
    assert listings.get(stocked, "k", LATER - timedelta(microseconds=1)).valid_from == date(
        2014, 1, 1
    )
    assert listings.get(stocked, "k", LATER).valid_from == date(2014, 6, 10)


def test_what_is_not_on_record_cannot_be_corrected(
    stocked: Session, a_listing: MakeListing
) -> None:
    with pytest.raises(NotFound, match="nothing is on record as `k`"):
        history.supersede(stocked, "k", a_listing("k"), LATER)


def test_a_record_cannot_be_closed_before_it_was_opened(
    stocked: Session, a_listing: MakeListing
) -> None:
    row = history.record(stocked, a_listing("k"))
    with pytest.raises(InputError, match="`k` was recorded at 2026-01-01"):
        history.close(stocked, row, START)


def test_two_open_records_of_one_listing_are_refused(
    stocked: Session, a_listing: MakeListing
) -> None:
    history.record(stocked, a_listing("k"))
    with pytest.raises(IntegrityError):
        history.record(stocked, a_listing("k", recorded_from=LATER))


def test_a_record_overlapping_a_closed_one_is_refused(
    stocked: Session, a_listing: MakeListing
) -> None:
    row = history.record(stocked, a_listing("k"))
    history.close(stocked, row, LATER)
    stocked.commit()
    with pytest.raises(IntegrityError, match="overlaps"):
        history.record(stocked, a_listing("k", recorded_from=LATER - timedelta(days=1)))
    stocked.rollback()
    history.record(stocked, a_listing("k", recorded_from=LATER))


def test_a_record_cannot_be_inserted_closed(stocked: Session, a_listing: MakeListing) -> None:
    with pytest.raises(IntegrityError, match="not open"):
        history.record(stocked, a_listing("k", recorded_to=LATER))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM listing",
        "UPDATE listing SET name = 'other'",
        "UPDATE listing SET note = 'other', recorded_to = '2026-05-01 00:00:00+00:00'",
        "UPDATE listing SET recorded_from = '2020-01-01 00:00:00+00:00'",
        "UPDATE listing SET id = id + 1",
        "DELETE FROM substance_name",
        "UPDATE identifier SET value = '64-19-7'",
        "UPDATE structure_record SET inchikey = ''",
        "UPDATE source SET licence = 'other'",
        "DELETE FROM source",
    ],
)
def test_the_database_refuses_rewriting(
    stocked: Session, a_listing: MakeListing, statement: str
) -> None:
    history.record(stocked, a_listing("k"))
    stocked.commit()
    refused(stocked, statement, "never rewritten")


def test_a_closed_record_cannot_be_opened_or_moved(
    stocked: Session, a_listing: MakeListing
) -> None:
    history.close(stocked, history.record(stocked, a_listing("k")), LATER)
    stocked.commit()
    for moment in ("NULL", "'2026-05-01 00:00:00+00:00'"):
        refused(stocked, f"UPDATE listing SET recorded_to = {moment}", "never rewritten")


def test_replacing_or_truncating_is_no_way_around(stocked: Session, a_listing: MakeListing) -> None:
    history.record(stocked, a_listing("k"))
    stocked.commit()
    if stocked.get_bind().dialect.name == "postgresql":
        refused(stocked, "TRUNCATE listing", "never rewritten")
        return
    stocked.execute(text("PRAGMA recursive_triggers=OFF"))
    columns = "key, provision, name, role, smiles, paragraph, code, basis, verification, note"
    replace = f"""
        INSERT OR REPLACE INTO listing (id, {columns}, recorded_from)
        SELECT id, {columns}, '2027-01-01 00:00:00.000000' FROM listing"""
    stocked.rollback()
    refused(stocked, replace, "never rewritten|overlaps")


@pytest.mark.parametrize(
    "period",
    [
        Period.exact(date(2020, 1, 1), date(2020, 1, 1)),
        Period.exact(date(2020, 1, 2), date(2020, 1, 1)),
        Period(date(2020, 1, 2), date(2020, 1, 1)),
        Period(date(2020, 1, 1), None, date(2020, 1, 1)),
    ],
)
def test_a_period_in_law_that_ends_before_it_starts_is_refused(
    stocked: Session, a_listing: MakeListing, period: Period
) -> None:
    with pytest.raises(IntegrityError):
        history.record(stocked, a_listing("k", period))


def test_reconciling_twice_changes_nothing(stocked: Session, a_listing: MakeListing) -> None:
    def rows() -> list[Listing]:
        return [a_listing("a", covers=("salts",)), a_listing("b", code="7285")]

    assert history.reconcile(stocked, Listing, rows(), LATER) == Changes(added=2)
    stocked.commit()
    stocked.expunge_all()
    assert history.reconcile(stocked, Listing, rows(), LATER) == Changes(unchanged=2)
    assert {row.recorded_from for row in stocked.scalars(select(Listing))} == {LATER}


def test_reconciling_closes_what_changed_and_what_is_gone(
    stocked: Session, a_listing: MakeListing
) -> None:
    history.reconcile(stocked, Listing, [a_listing(key) for key in "abc"], START)
    changed = [a_listing("a"), a_listing("b", name="Ketamine hydrochloride"), a_listing("d")]
    assert history.reconcile(stocked, Listing, changed, LATER) == Changes(2, 1, 2)
    assert [row.key for row, _ in listings.in_force(stocked, date(2020, 1, 1), START)] == [*"abc"]
    assert [row.key for row, _ in listings.in_force(stocked, date(2020, 1, 1), LATER)] == [*"abd"]


def test_a_later_reading_of_the_same_source_is_not_a_change(
    stocked: Session, a_listing: MakeListing
) -> None:
    columns = {"publisher": "UN", "licence": "not reviewed"}
    first = Source(key="yellow-list", retrieved=date(2025, 1, 1), **columns)
    second = Source(key="yellow-list", retrieved=date(2026, 1, 1), **columns)
    other = Source(key="green-list", **columns)
    stocked.add_all([first, second, other])
    stocked.flush()
    history.reconcile(stocked, Listing, [a_listing("k", source=first.id)], START)
    again = history.reconcile(stocked, Listing, [a_listing("k", source=second.id)], LATER)
    moved = history.reconcile(stocked, Listing, [a_listing("k", source=other.id)], LATER)
    assert (again, moved) == (Changes(unchanged=1), Changes(added=1, closed=1))


def test_rows_without_a_key_are_reconciled_by_what_they_say(stocked: Session) -> None:
    names = [SubstanceName(substance="khat", text="Qat", kind="common")]
    changes = history.reconcile(stocked, SubstanceName, names, LATER)
    assert (changes.added, changes.unchanged) == (0, 1)


def test_two_rows_about_the_same_thing_are_an_error(stocked: Session) -> None:
    twice = [Identifier(substance="khat", kind="code", value="x") for _ in range(2)]
    with pytest.raises(InputError, match="two rows are about `code x khat`"):
        history.reconcile(stocked, Identifier, twice, LATER)


def test_of_two_writers_correcting_one_listing_exactly_one_stands_open(
    stocked: Session, engine: Engine, a_listing: MakeListing
) -> None:
    history.record(stocked, a_listing("k"))
    stocked.commit()

    def correct(day: int) -> None:
        with writing(session_factory(engine)) as session:
            moment = START + timedelta(days=day)
            history.supersede(session, "k", a_listing("k", code=str(day)), moment)

    with ThreadPoolExecutor(2) as pool:
        outcomes = [
            future.exception() for future in [pool.submit(correct, 1), pool.submit(correct, 2)]
        ]
    stocked.expire_all()
    rows = listings.history(stocked, "k")
    assert [row.recorded_to is None for row in rows].count(True) == 1
    assert len(rows) == 1 + outcomes.count(None)
    for earlier, later in pairwise(rows):
        assert earlier.recorded_to == later.recorded_from
