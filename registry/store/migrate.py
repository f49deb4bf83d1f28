"""Bring a database to a revision of the schema, alone and in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine

from registry.errors import DatabaseError, InputError
from registry.store.session import UPGRADE, WRITES, make_engine

MIGRATION_LOCK = 7_305_001
LOCK_TIMEOUT = "10s"
STATEMENT_TIMEOUT = "10min"

Target = str | URL | Engine


def migrations_folder() -> Path:
    """`registry/migrations` in an installed package, `migrations` in the repository."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "migrations", package.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise DatabaseError("the migrations are missing from this installation")


def upgrade(target: Target, revision: str = "head") -> None:
    """Bring the database to `revision`; a missing SQLite file is created."""
    _run(target, lambda config: command.upgrade(config, revision))


def downgrade(target: Target, revision: str) -> None:
    """Take the database back to `revision` (`base`: no tables at all)."""
    _run(target, lambda config: command.downgrade(config, revision))


def current(target: Target) -> str | None:
    """The revision of the database; None when it has no register yet."""
    with _engine(target, create=False) as engine, engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The revision this software works with."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def modelled(name: str | None, _type: str, _parents: object) -> bool:
    """Whether an object of the database is described by the models.

    The index over the parts of names is not: it is another thing on each database.
    """
    return not (name or "").startswith("name_index")


def require_head(target: Target) -> None:
    """Refuse a database of another revision than the software's."""
    found, wanted = current(target), head()
    if found is None:
        raise DatabaseError(f"the database has no register yet; {UPGRADE}")
    if found not in _revisions():
        raise DatabaseError(f"the database is of revision `{found}`, unknown to this software")
    if found != wanted:
        raise DatabaseError(f"the database is of revision `{found}`, not `{wanted}`; {UPGRADE}")


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction that no other migration shares."""
    with engine.connect() as plain, _foreign_keys_off(plain):
        connection = plain.execution_options(**{WRITES: True})
        with connection.begin():
            _lock(connection)
            yield connection
            _check_references(connection)


def _run(target: Target, act: Callable[[Config], None]) -> None:
    with _engine(target, create=True) as engine, migrating(engine) as connection:
        config = _config()
        config.attributes["connection"] = connection
        try:
            act(config)
        except CommandError as error:
            known = ", ".join(sorted(_revisions()))
            raise InputError(f"{str(error).lower()}; there are base, {known} and head") from None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    return config


def _revisions() -> set[str]:
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return {script.revision for script in scripts}


@contextmanager
def _engine(target: Target, *, create: bool) -> Iterator[Engine]:
    if isinstance(target, Engine):
        yield target
        return
    engine = make_engine(target, create=create)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it, and the switch works only outside a transaction."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise DatabaseError(f"the migration would break references in `{broken[0][0]}`")


def _lock(connection: Connection) -> None:
    """On SQLite the transaction holds the only write lock already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
