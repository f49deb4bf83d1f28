from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from registry.errors import DatabaseError
from registry.store import session as session_module
from registry.store.migrate import upgrade
from registry.store.session import make_engine, reading, session_factory, shown, writing


def test_a_missing_file_is_an_error_that_names_the_command(tmp_path: Path) -> None:
    file = tmp_path / "none.sqlite"
    with pytest.raises(DatabaseError, match="does not exist; run `subreg db upgrade`"):
        make_engine(f"sqlite:///{file}")
    assert not file.exists()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("not a database " * 100)
    with pytest.raises(DatabaseError, match="not a SQLite database"):
        make_engine(f"sqlite:///{file}").connect()


def test_a_database_without_tables_names_the_command(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'new.sqlite'}", create=True)
    with engine.connect() as connection, pytest.raises(DatabaseError, match="subreg db upgrade"):
        connection.execute(text("SELECT * FROM listing"))
    engine.dispose()


@pytest.mark.parametrize("url", ["no address", "mysql://host/name", ""])
def test_an_address_of_another_kind_is_an_error(url: str) -> None:
    with pytest.raises(DatabaseError, match="sqlite:///path/to/file"):
        make_engine(url)
    assert "no address" not in shown(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://clerk:hush@127.0.0.1:1/register",
        "postgresql://clerk@127.0.0.1:1/register?password=hush",
    ],
)
def test_a_server_that_does_not_answer_is_named_without_the_password(url: str) -> None:
    with pytest.raises(DatabaseError, match="cannot connect to `postgresql") as refusal:
        make_engine(url).connect()
    assert "hush" not in refusal.value.message
    assert "127.0.0.1" in refusal.value.message
    assert "hush" not in shown(url)


def test_a_second_writer_on_sqlite_is_told_the_database_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "BUSY_SECONDS", 0)
    url = f"sqlite:///{tmp_path / 'register.sqlite'}"
    upgrade(url)
    engine = make_engine(url)
    factory = session_factory(engine)
    with (
        writing(factory),
        pytest.raises(DatabaseError, match="locked by another writer"),
        writing(factory),
    ):
        pass
    engine.dispose()


def test_a_writer_overtaken_after_reading_is_told_to_try_again(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'register.sqlite'}"
    upgrade(url)
    engine = make_engine(url)
    insert = text("INSERT INTO jurisdiction VALUES (:code, 'x', '2026-01-01 00:00:00.000000')")
    with session_factory(engine)() as slow, session_factory(engine)() as quick:
        slow.execute(text("SELECT * FROM jurisdiction"))
        quick.execute(insert, {"code": "UN"})
        quick.commit()
        with pytest.raises(DatabaseError, match="try again"):
            slow.execute(insert, {"code": "EU"})
    engine.dispose()


def test_a_reader_sees_one_state_while_others_write(engine: Engine) -> None:
    factory = session_factory(engine)
    count = text("SELECT count(*) FROM instrument")
    with writing(factory) as writer:
        writer.execute(
            text("INSERT INTO jurisdiction VALUES ('UN', 'United Nations', '2026-01-01')")
        )
    with reading(factory) as reader:
        before = reader.execute(count).scalar_one()
        with writing(factory) as writer:
            writer.execute(text("INSERT INTO instrument VALUES ('x', 'UN', 'x', '', '')"))
        assert reader.execute(count).scalar_one() == before
    with reading(factory) as reader:
        assert reader.execute(count).scalar_one() == before + 1


def test_sqlite_is_durable_and_keeps_references(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        found = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }
