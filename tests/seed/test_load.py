"""Loading the data that ship: once, again, and after a change."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import models
from registry.errors import DatabaseError
from registry.facts import InForce, Period
from registry.models import period_columns
from registry.snapshot import snapshot
from registry.store import audit, substances
from registry.store.history import record
from seed.__main__ import main
from seed.load import LoadReport, Prepared, load, load_into, prepare
from seed.readers.dataset import read_dataset
from seed.report import disagreements, render

FIRST = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)

Edit = Callable[[str, str, str, str], Path]
Drop = Callable[[str, str], Path]


def reload(session: Session, root: Path) -> LoadReport:
    return load(session, recorded_at=LATER, prepared=prepare(read_dataset(root)))


def events(session: Session) -> list[models.AuditEvent]:
    return list(session.scalars(select(models.AuditEvent).order_by(models.AuditEvent.seq)))


def records(session: Session, key: str) -> list[models.Listing]:
    statement = select(models.Listing).where(models.Listing.key == key)
    return list(session.scalars(statement.order_by(models.Listing.recorded_from)))


def test_everything_that_ships_is_on_record_after_loading(
    session: Session, loaded: LoadReport, shipped: Prepared
) -> None:
    assert session.scalar(select(func.count(models.Listing.id))) == len(shipped.dataset.listings)
    assert loaded.tables["substance"].added == len(shipped.dataset.substances)
    assert loaded.closed == 0
    (event,) = events(session)
    assert (event.action, event.subject) == ("seed:loaded", shipped.dataset.content_hash)
    assert json.loads(event.payload)["content_hash"] == shipped.dataset.content_hash


def test_loading_again_changes_nothing_and_logs_nothing(
    session: Session, loaded: LoadReport, shipped: Prepared
) -> None:
    before = snapshot(session, FIRST).content_hash
    again = load(session, recorded_at=LATER, prepared=shipped)
    assert (again.added, again.closed, again.changed) == (0, 0, False)
    assert again.unchanged == loaded.added
    assert len(events(session)) == 1
    assert snapshot(session, LATER).content_hash == before


def test_a_changed_fact_closes_its_record_and_opens_another(
    session: Session, loaded: LoadReport, edit: Edit
) -> None:
    key = "GB-MDA-B-1a:ketamine"
    report = reload(session, edit("gb_mda.csv", key, "from", "2014-06-11"))
    assert (report.added, report.closed) == (1, 1)
    old, new = records(session, key)
    assert (old.valid_from, old.recorded_to) == (date(2014, 6, 10), LATER)
    assert (new.valid_from, new.recorded_from, new.recorded_to) == (date(2014, 6, 11), LATER, None)
    assert [event.action for event in events(session)] == ["seed:loaded"] * 2
    assert audit.verify_chain(session) is None


def test_a_fact_that_is_gone_is_closed_not_deleted(
    session: Session, loaded: LoadReport, drop: Drop
) -> None:
    key = "UN-1961-IV:cannabis"
    report = reload(session, drop("un_1961.csv", key))
    assert (report.added, report.closed) == (0, 1)
    (old,) = records(session, key)
    assert old.recorded_to == LATER


def test_a_record_from_another_source_is_left_alone(
    session: Session, loaded: LoadReport, shipped: Prepared
) -> None:
    source = models.Source(key="customs-office", publisher="A customs office", licence="own")
    session.add(source)
    session.flush()
    own = models.TariffCode(
        key="own:morphine",
        substance="morphine",
        system="national",
        edition="2026",
        code="1",
        scope="unique",
        source=source.id,
        recorded_from=FIRST,
        **period_columns(Period.exact(date(2026, 1, 1))),
    )
    record(session, own)
    assert not load(session, recorded_at=LATER, prepared=shipped).changed
    assert own.recorded_to is None


def test_every_structure_has_all_its_layers(register: Session, shipped: Prepared) -> None:
    rows = list(register.scalars(select(models.StructureRecord)))
    assert len(rows) == len(shipped.structures) > 1000
    for row in rows:
        layers = (row.formula, row.connectivity, row.stereo, row.isotope, row.tautomer)
        assert all(layers), row.substance
        assert len(row.inchikey) == 27, row.substance
    assert len({row.scheme for row in rows}) == 1


def test_every_listing_can_be_cited(register: Session) -> None:
    assert all(one.cite.title for one in snapshot(register, FIRST).listings)


def test_a_substance_is_found_by_name_number_and_structure(register: Session) -> None:
    for name in ("Morphine", "MORPHINE", "吗啡"):
        assert substances.only(substances.by_name(register, name, FIRST), name).id == "morphine"
    (found,) = substances.by_identifier(register, "cas", "6740-88-1", FIRST)
    assert found.id == "ketamine"
    key = "YQEZLKZALYSWHR-UHFFFAOYSA-N"
    assert [one.id for one in substances.by_structure(register, FIRST, inchikey=key)] == [
        "ketamine"
    ]


def test_a_number_with_a_wrong_check_digit_is_a_disagreement_not_an_identifier(
    register: Session,
) -> None:
    assert not substances.by_identifier(register, "cas", "1609-66-5", FIRST)
    (found,) = [one for one in disagreements(register) if one.subject == "norfentanyl"]
    assert (found.field, found.values) == ("cas", ["1609-66-1", "1609-66-5"])
    assert "wrong check digit" in render([found])


def test_no_party_is_guessed(register: Session) -> None:
    assert snapshot(register, FIRST).treaties == ()


def test_ketamine_was_not_yet_named_in_britain_on_the_day_before_the_order(
    register: Session,
) -> None:
    listings = {one.id: one for one in snapshot(register, FIRST).listings}
    valid = listings["GB-MDA-B-1a:ketamine"].valid
    assert valid.holds(date(2014, 6, 9)) is InForce.NO
    assert valid.holds(date(2014, 6, 10)) is InForce.YES


def test_load_into_fills_a_register_and_tells_what_it_did(database_url: str) -> None:
    told: list[str] = []
    report = load_into(database_url, told.append)
    assert report.changed
    assert told[-1].endswith(f"{report.added} added, 0 closed, 0 unchanged")
    assert not load_into(database_url, recorded_at=LATER + timedelta(days=9999)).changed


def test_a_register_without_tables_says_which_command_to_run(empty_database_url: str) -> None:
    with pytest.raises(DatabaseError, match="run `subreg db upgrade`"):
        load_into(empty_database_url)


def test_the_command_reports_disagreements_and_errors(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--url", database_url]) == 0
    assert main(["--report", database_url]) == 0
    assert "norfentanyl: cas (wrong check digit: 1609-66-5)" in capsys.readouterr().out
    assert main(["--url", "sqlite:///nowhere/at/all.sqlite"]) == 1
    assert "error: the database file" in capsys.readouterr().err
    assert main(["--digests"]) == 0
    assert "  names.csv: " in capsys.readouterr().out
