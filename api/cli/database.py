"""`subreg db` and `subreg seed`, and how every command comes to its register."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.orm import Session, sessionmaker

from api.access.allow import Actor
from api.cli.acting import acting, denials_on_record
from api.cli.console import print_json, print_line, say, stop
from api.cli.exits import Exit
from api.cli.options import AsJson, now
from api.engine import Engine, open_engine
from api.settings import Settings
from api.usecases import watch
from registry.errors import DatabaseError
from registry.models import Disagreement
from registry.store import audit, migrate, watches
from registry.store.session import make_engine, reading, session_factory, shown
from seed.load import load_into
from seed.report import disagreements, render

db = typer.Typer(name="db", help="The database: its revision and its audit chain.")
seed = typer.Typer(name="seed", help="The public data that ships with this software.")

Revision = Annotated[str, typer.Argument(metavar="REVISION", help="A revision, or its start.")]


def settings() -> Settings:
    """What the environment sets; a wrong value names its variable."""
    try:
        return Settings()
    except ValidationError as error:
        for fault in error.errors():
            name = "_".join(map(str, fault["loc"])).upper()
            say(f"error: SUBREG_{name}: {fault['msg'].lower()}")
        stop(Exit.USAGE)


def ready() -> Settings:
    """The settings of a register that can be asked.

    The default register is made on first use. A configured one never is: a mistyped address
    would be answered from an empty database.
    """
    found = settings()
    if found.default_database:
        file = Path(make_url(found.database_url).database or "")
        if not file.exists():
            _first_use(file)
    return found


def _first_use(file: Path) -> None:
    """Made beside its place and then linked into it, so that nobody ever sees half of it."""
    say(f"no register yet: making `{file}` and loading the public data that ships with it")
    file.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=file.parent, prefix=".first-use-") as folder:
        draft = Path(folder) / file.name
        migrate.upgrade(f"sqlite:///{draft}")
        load_into(f"sqlite:///{draft}", say, recorded_at=now())
        try:
            os.link(draft, file)
        except FileExistsError:
            say("another process has made it meanwhile; using that one")
    say("the register is ready")


@contextmanager
def sessions() -> Iterator[sessionmaker[Session]]:
    """Sessions on a register of the right revision, without law and workers."""
    engine = make_engine(ready().database_url)
    try:
        migrate.require_head(engine)
        yield session_factory(engine)
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Wired:
    """What acts on records need: sessions, and neither law nor workers."""

    sessions: sessionmaker[Session]


@contextmanager
def wired() -> Iterator[tuple[Wired, Actor]]:
    """The register for acts on records, and whom the command acts for."""
    found, moment = ready(), now()
    with sessions() as factory, denials_on_record(factory, found, moment):
        yield Wired(factory), acting(factory, found, moment)


@contextmanager
def register() -> Iterator[Session]:
    """One reading transaction on a register of the right revision."""
    with sessions() as factory, reading(factory) as session:
        yield session


@contextmanager
def opened() -> Iterator[tuple[Engine, datetime]]:
    """The shared wiring with one worker, and the moment of asking."""
    found = ready().model_copy(update={"workers": 1})
    moment = now()
    with (
        open_engine(found, moment) as engine,
        denials_on_record(engine.sessions, found, moment),
    ):
        yield engine, moment


@db.command()
def upgrade(revision: Revision = "head") -> None:
    """Bring the database to a revision; a missing SQLite file is made."""
    url = settings().database_url
    migrate.upgrade(url, revision)
    say(f"`{shown(url)}` is at revision {migrate.current(url)}")


@db.command()
def downgrade(revision: Revision) -> None:
    """Take the database back to a revision (`base`: no tables, nothing is kept)."""
    url = settings().database_url
    migrate.downgrade(url, revision)
    say(f"`{shown(url)}` is at revision {migrate.current(url) or 'base'}")


@db.command()
def current(as_json: AsJson = False) -> None:
    """Say which revision the database has, and which one this software needs."""
    url = settings().database_url
    found, needed = migrate.current(url), migrate.head()
    answer = {"database": shown(url), "revision": found, "needed": needed}
    if as_json:
        print_json(answer)
    else:
        print_line(f"{found or 'none'} (needed: {needed})")
    if found != needed:
        raise DatabaseError("the database is of another revision; run `subreg db upgrade`")


@db.command()
def verify(as_json: AsJson = False) -> None:
    """Verify the audit chain: no event changed, missing or put in between."""
    with register() as session:
        broken = audit.verify_chain(session)
    if as_json:
        print_json({"whole": broken is None, "first_break": broken})
    elif broken is None:
        print_line("the audit chain is whole")
    if broken is not None:
        stop(Exit.FAULT, f"error: the audit chain breaks at event {broken}")


@seed.callback(invoke_without_command=True)
def seed_itself(context: typer.Context) -> None:
    """Load the public data that ships with this software."""
    if context.invoked_subcommand is None:
        load()


@seed.command()
def load(as_json: AsJson = False) -> None:
    """Load the public data; with nothing new, nothing changes."""
    report = load_into(ready().database_url, say, recorded_at=now())
    if report.changed:
        _ask_for_runs()
    if as_json:
        counts = {"added": report.added, "closed": report.closed, "unchanged": report.unchanged}
        print_json({**counts, "content_hash": report.content_hash})


def _ask_for_runs() -> None:
    """New facts: the watches there are have to be judged again."""
    with register() as session:
        watched = bool(watches.page(session, limit=1))
    if watched:
        with opened() as (engine, moment):
            asked = watch.check(engine, actor=engine.settings.actor, now=moment)
        say(f"{len(asked)} watches are to be judged again by `subreg jobs run`")


@seed.command("report")
def report_differences(as_json: AsJson = False) -> None:
    """List what two sources say differently."""
    with register() as session:
        found = disagreements(session)
    if as_json:
        print_json([_said(one) for one in found])
    elif found:
        print_line(render(found))


def _said(one: Disagreement) -> dict[str, object]:
    said = [{"value": v, "source": s} for v, s in zip(one.values, one.sources, strict=True)]
    return {"subject": one.subject, "field": one.field, "note": one.note, "said": said}
