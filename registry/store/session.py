"""One way to open the register on SQLite and PostgreSQL, and errors a reader can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from registry.errors import DatabaseError

BUSY_SECONDS = 10
WRITES = "register_writes"  # execution option: this transaction will write

UPGRADE = "run `subreg db upgrade`"
LOCKED = "the database is locked by another writer; try again"
NO_SCHEMA = f"the database has no register of this revision; {UPGRADE}"
CAUSES = {
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_CANTOPEN": "cannot open the database file",
    "SQLITE_NOTADB": "the file is not a SQLite database",
    "SQLITE_READONLY": "the database file is read-only",
    "SQLITE_FULL": "the disk of the database is full",
    "SQLITE_CORRUPT": "the database file is damaged",
    "55P03": LOCKED,  # lock not available
    "40P01": LOCKED,  # deadlock
    "40001": LOCKED,  # serialisation failure
    "57014": "the database stopped the statement at its time limit",
    "42P01": NO_SCHEMA,  # undefined table
    "42703": NO_SCHEMA,  # undefined column
}


def make_engine(url: str | URL, *, create: bool = False) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://host/name`.

    A missing SQLite file is an error unless `create` is set: a register is never made by accident.
    """
    address = _read(url)
    if address.get_backend_name() == "sqlite":
        _require_file(address, create)
        engine = create_engine(address)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    else:
        engine = _postgresql(address)
    event.listen(engine, "handle_error", _explain)
    return engine


def session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def reading(factory: sessionmaker[Session]) -> Iterator[Session]:
    """One transaction that sees one state of the register from beginning to end."""
    with factory() as session, session.begin():
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


@contextmanager
def writing(factory: sessionmaker[Session]) -> Iterator[Session]:
    """One transaction that will write; committed at the end, rolled back on an error.

    SQLite has one writer: taking its lock at once makes others wait their turn, where taking it
    half-way, after reading, makes them fail. So compute first, then write.
    """
    with factory() as session, session.begin():
        session.connection(execution_options={WRITES: True})
        yield session


def shown(url: str | URL) -> str:
    """An address fit for a message: without its password."""
    try:
        address = make_url(url)
    except ArgumentError:
        return "(not an address)"
    if "password" in address.query:
        address = address.update_query_dict({"password": "***"})
    return address.render_as_string(hide_password=True)


def _read(url: str | URL) -> URL:
    forms = "write it as `sqlite:///path/to/file` or `postgresql://user@host/name`"
    try:
        address = make_url(url)
    except ArgumentError:
        raise DatabaseError(f"cannot read the database address; {forms}") from None
    if address.get_backend_name() in ("postgres", "postgresql"):
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        raise DatabaseError(f"databases of kind `{address.drivername}` are not supported; {forms}")
    return address


def _require_file(address: URL, create: bool) -> None:
    if not address.database or address.database.startswith((":memory:", "file:")):
        return
    file = Path(address.database)
    if create:
        file.parent.mkdir(parents=True, exist_ok=True)
    elif not file.exists():
        raise DatabaseError(f"the database file `{file}` does not exist; {UPGRADE}")


def _postgresql(address: URL) -> Engine:
    try:
        return create_engine(address, pool_pre_ping=True)
    except ModuleNotFoundError:
        needed = "PostgreSQL needs psycopg: install `substance-register[pg]`"
        raise DatabaseError(needed) from None


def _set_pragmas(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin` says, not by themselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE deletes without asking a trigger
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _explain(context: ExceptionContext) -> DatabaseError | None:
    """Say what to do about an error whose cause lies with the database, not with the row."""
    error = context.original_exception
    named = str(getattr(error, "sqlite_errorname", ""))  # SQLITE_BUSY_SNAPSHOT is a SQLITE_BUSY
    code = getattr(error, "sqlstate", None) or "_".join(named.split("_")[:2])
    cause = CAUSES.get(code)
    if cause is None and str(error).startswith(("no such table", "no such column")):
        cause = NO_SCHEMA
    if cause is None and context.connection is None and context.engine is not None:
        cause = f"cannot connect to `{shown(context.engine.url)}`"
    return DatabaseError(cause) if cause else None
