from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from registry.errors import DatabaseError
from registry.models import Base, Recorded
from registry.store import migrate
from registry.store.session import make_engine

ROOT = Path(__file__).resolve().parents[2]


def shape(url: str) -> dict[str, list[str]]:
    """Tables with their columns and constraints, and the triggers."""
    engine = make_engine(url)
    triggers = {
        "sqlite": "SELECT tbl_name || ' ' || name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger"
        " WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        seen = inspect(connection)
        tables = {
            table: sorted(
                [column["name"] for column in seen.get_columns(table)]
                + [str(check["name"]) for check in seen.get_check_constraints(table)]
                + [str(index["name"]) for index in seen.get_indexes(table)]
            )
            for table in seen.get_table_names()
        }
        named = connection.scalars(text(triggers[engine.dialect.name]))
        tables["triggers"] = sorted(str(name) for name in named)
    engine.dispose()
    return tables


def test_up_down_and_up_again_gives_the_same_database(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    first = shape(empty_database_url)
    migrate.downgrade(empty_database_url, "base")
    assert shape(empty_database_url) == {
        "alembic_version": ["version_num"],
        "triggers": [],
    }
    assert migrate.current(empty_database_url) is None
    migrate.upgrade(empty_database_url)
    assert shape(empty_database_url) == first
    assert migrate.current(empty_database_url) == migrate.head()


def test_each_step_can_be_taken_back_alone(empty_database_url: str) -> None:
    for revision in (
        "0001",
        "0002",
        "0003",
        "0004",
        "0005",
        "0006",
        "0007",
        "0008",
        "0009",
        "0010",
        "0011",
    ):
        migrate.upgrade(empty_database_url, revision)
        before = shape(empty_database_url)
        migrate.downgrade(empty_database_url, "-1")
        migrate.upgrade(empty_database_url, revision)
        assert shape(empty_database_url) == before


def test_the_migrations_make_exactly_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        opts = {"compare_server_default": True, "include_name": migrate.modelled}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_every_check_of_the_models(engine: Engine) -> None:
    seen = inspect(engine)
    for table in Base.metadata.tables.values():
        wanted = {
            str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)
        }
        assert {check["name"] for check in seen.get_check_constraints(table.name)} == wanted


def test_every_recorded_table_is_guarded_by_triggers(database_url: str) -> None:
    guarded = {name.split()[0] for name in shape(database_url)["triggers"]}
    classes = [mapper.class_ for mapper in Base.registry.mappers]
    recorded = {str(inspect(each).local_table) for each in classes if issubclass(each, Recorded)}
    append_only = {"audit_event", "decision_record", "source"}
    append_only |= {"watch_run", "watch_chunk", "watch_standing", "watch_change"}
    append_only |= {"authorisation", "authorisation_version", "consignment", "endorsement"}
    append_only |= {"number_series", "number_taken", "kept_answer", "ledger", "ledger_entry"}
    append_only |= {"notification_version", "notification_message"}
    append_only |= {"draft_version"}
    assert guarded == recorded | append_only


def test_upgrading_a_database_at_head_changes_nothing(database_url: str) -> None:
    before = shape(database_url)
    migrate.upgrade(database_url)
    assert shape(database_url) == before


def test_names_on_record_are_given_the_key_they_are_looked_for_by(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url, "0004")
    engine = make_engine(empty_database_url)
    with engine.begin() as connection:
        for table, row in {
            "substance (id, name, verification, recorded_from)": "'m', 'M', '', '2026-01-01'",
            "substance_name (substance, text, folded, kind, language, script, recorded_from)": (
                "'m', 'Morphine', 'morphine', 'inn', 'en', '', '2026-01-01'"
            ),
        }.items():
            connection.execute(text(f"INSERT INTO {table} VALUES ({row})"))
    migrate.upgrade(empty_database_url)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT loose FROM substance_name")) == "morfin"
    with pytest.raises(IntegrityError, match="never rewritten"), engine.begin() as connection:
        connection.execute(text("UPDATE substance_name SET loose = 'other'"))
    migrate.downgrade(empty_database_url, "0004")
    with pytest.raises(IntegrityError, match="never rewritten"), engine.begin() as connection:
        connection.execute(text("UPDATE substance_name SET folded = 'other'"))
    engine.dispose()


def test_two_at_the_same_time_do_not_disturb_each_other(empty_database_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate.upgrade, [empty_database_url] * 2))
    migrate.require_head(empty_database_url)


def test_a_migration_that_fails_leaves_nothing_behind(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise DatabaseError("stopped on purpose")

    monkeypatch.setattr(migrate, "_check_references", fail)
    with pytest.raises(DatabaseError, match="on purpose"):
        migrate.upgrade(empty_database_url)
    assert shape(empty_database_url) == {"triggers": []}


def test_a_database_without_a_register_is_not_ready(empty_database_url: str) -> None:
    with pytest.raises(DatabaseError, match=r"does not exist|no register yet") as refusal:
        migrate.require_head(empty_database_url)
    assert "run `subreg db upgrade`" in refusal.value.message


def test_an_older_database_is_not_ready(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url, "0002")
    wanted = f"of revision `0002`, not `{migrate.head()}`; run `subreg db upgrade`"
    with pytest.raises(DatabaseError, match=wanted):
        migrate.require_head(empty_database_url)


def test_a_newer_database_is_refused(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="revision `9999`, unknown to this software"):
        migrate.require_head(engine)
    engine.dispose()


def test_the_statements_for_postgresql_can_be_read_before_they_run() -> None:
    command = ["-x", "url=postgresql://host/name", "upgrade", "head", "--sql"]
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *command],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "CREATE TABLE listing" in done.stdout
    assert "CREATE TRIGGER no_rewriting BEFORE UPDATE OR DELETE ON listing" in done.stdout


def test_the_developers_command_reaches_the_same_revision(empty_database_url: str) -> None:
    command = [
        sys.executable,
        "-m",
        "alembic",
        "-x",
        f"url={empty_database_url}",
        "upgrade",
        "head",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    migrate.require_head(empty_database_url)
