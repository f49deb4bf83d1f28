"""Watches: what is watched, when it has to be judged again, and what was found changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.engine import Engine
from api.usecases.watch_runs import Ground, dates_of, last_finished, progress_of
from api.webhook import check_address, check_secret
from registry.chem.parse import Format
from registry.errors import InputError, NotFound
from registry.models import Job, Watch, WatchChange, Watched, WatchMember, WatchRun
from registry.store import audit, jobs, watches
from registry.store.session import reading, writing
from registry.store.watches import Member, Wanted
from rules.sitting import Scope, check_scope

RUN, REPORT = "watch-run", "watch-report"
MOST_SUBSTANCES = 1000
LONGEST_NAME = 100
_TAKEN = "there is a watch `{}` already"
SHOWN = 1000  # changes sent with a report, and members shown that could not be judged


class WatchRefused(InputError):
    """What is to be watched cannot be watched so."""

    code = "watch-refused"


@dataclass(frozen=True, slots=True)
class Query:
    """Which substances of the register: those that meet every condition; without one, all."""

    name: str = ""
    listed: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class New:
    """A watch to be. With `members` it is over these structures, else over the register."""

    name: str
    query: Query = field(default_factory=Query)
    members: Iterable[Member] | None = None
    format: Format = Format.AUTO
    scope: Scope = field(default_factory=Scope)
    on: date | None = None
    webhook: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """`after` continues the list; empty at its end."""

    items: tuple[dict[str, Any], ...]
    after: str = ""


def add(engine: Engine, new: New, *, actor: str, now: datetime) -> dict[str, Any]:
    """Watch something from now on. Its first run, still to be done, is what later ones compare with.

    Raises WatchRefused, WebhookRefused, UnknownScope, NotFound where a substance is not there.
    """
    _check(engine, new)
    watch = Watch(
        name=new.name,
        owner=actor,
        kind=Watched.REGISTER if new.members is None else Watched.FILE,
        query=new.query.plain(),
        format=new.format.value,
        jurisdictions=list(new.scope.jurisdictions),
        provisions=list(new.scope.provisions),
        on=new.on,
        webhook=new.webhook,
        secret=new.secret,
        created_at=now,
    )
    members = list(new.members or ())
    with writing(engine.sessions) as session:
        _require_free(session, actor, new.name)
        _require_substances(session, new.query, now)
        _insert(session, watch)
        session.add_all(
            WatchMember(watch=watch.id, key=m.key, label=m.label, text=m.text, fault=m.fault)
            for m in members
        )
        session.flush()
        audit.record(
            session,
            at=now,
            actor=actor,
            action="watch:added",
            subject=watch.id,
            payload={"name": new.name, "structures": len(members), "query": watch.query},
        )
    return _shown(watch)


def listed(engine: Engine, *, after: str = "", limit: int = 50) -> Page:
    """Watches in order of identifier, page by page."""
    with reading(engine.sessions) as session:
        rows = watches.page(session, after=after, limit=limit + 1)
    items = tuple(_shown(row) for row in rows[:limit])
    return Page(items, items[-1]["id"] if len(rows) > limit else "")


def find(engine: Engine, asked: str, actor: str) -> str:
    """The identifier of a watch named by its owner, or by its identifier. Raises NotFound."""
    with reading(engine.sessions) as session:
        named = watches.by_name(session, actor, asked)
        return named.id if named else watches.get(session, asked).id


def show(engine: Engine, watch: str) -> dict[str, Any]:
    """A watch with its runs, and the members that could not be judged. Raises NotFound."""
    with reading(engine.sessions) as session:
        row = watches.get(session, watch)
        runs = [_run_shown(session, run) for run in watches.runs(session, watch)]
        undetermined = list(islice(_unjudged(session, watch), SHOWN))
    return {**_shown(row), "runs": runs, "undetermined": undetermined}


def remove(engine: Engine, watch: str, *, actor: str, now: datetime) -> None:
    """Watch it no longer. Its structures and its secret are deleted; what was found stays."""
    with writing(engine.sessions) as session:
        row = watches.get(session, watch)
        watches.remove(session, row, now)
        audit.record(session, at=now, actor=actor, action="watch:removed", subject=watch)


def run_later(engine: Engine, watch: str, *, actor: str, now: datetime) -> dict[str, Any]:
    """Have a watch judged by `subreg jobs run`. Raises NotFound."""
    with writing(engine.sessions) as session:
        return job_shown(_enqueue(session, watches.get(session, watch), actor, now))


def check(engine: Engine, *, actor: str, now: datetime) -> list[dict[str, Any]]:
    """Have every watch judged whose law, facts or date are not those of its last run."""
    with reading(engine.sessions) as session:
        rows = watches.page(session, limit=1_000_000)
    due = [row for row in rows if _due(engine, row, now)]
    if not due:
        return []
    with writing(engine.sessions) as session:
        asked = [(row, _enqueue(session, row, actor, now)) for row in due]
    return [{"watch": row.id, "name": row.name, "job": job.id} for row, job in asked]


def job(engine: Engine, asked: str) -> dict[str, Any]:
    """How far a job of watches has come. Raises NotFound, also for jobs that have a reader of their
    own."""
    with reading(engine.sessions) as session:
        row = jobs.get(session, asked)
        if row.kind not in (RUN, REPORT):
            raise NotFound(f"there is no job `{asked}`")
        return job_shown(row)


def changes(
    engine: Engine, watch: str, wanted: Wanted, *, after: str = "", limit: int = 100
) -> Page:
    """What was found changed, in the order of finding. Raises NotFound."""
    with reading(engine.sessions) as session:
        watches.get(session, watch)
        rows = watches.changes(session, watch, wanted, after=int(after or 0), limit=limit + 1)
    items = tuple(change_shown(row) for row in rows[:limit])
    return Page(items, str(items[-1]["id"]) if len(rows) > limit else "")


def report(session: Session, watch: Watch, number: int) -> dict[str, Any]:
    """A run with its changes, as it is sent: the first thousand, and how many there are."""
    run = watches.run_of(session, watch.id, number)
    found = watches.changes(session, watch.id, Wanted(run=number), limit=SHOWN)
    return {
        "watch": {"id": watch.id, "name": watch.name},
        "run": _run_shown(session, run),
        "total": watches.count_changes(session, watch.id, number),
        "changes": [change_shown(row) for row in found],
    }


def change_shown(row: WatchChange) -> dict[str, Any]:
    own = ("id", "run", "key", "label", "kind", "jurisdiction", "provision")
    said = ("before", "after", "why", "clause")
    return {**{name: getattr(row, name) for name in (*own, *said)}, **row.detail}


def job_shown(row: Job) -> dict[str, Any]:
    shown = ("id", "kind", "state", "attempts", "error", "result")
    return {name: getattr(row, name) for name in shown} | {"payload": dict(row.payload)}


def _check(engine: Engine, new: New) -> None:
    if not 0 < len(new.name.strip()) <= LONGEST_NAME or not new.name.isprintable():
        raise WatchRefused(f"a name has 1 to {LONGEST_NAME} printable characters")
    if new.members is not None and new.query.plain():
        raise WatchRefused("a watch is over structures of its own or over the register, not both")
    if len(new.query.substances) > MOST_SUBSTANCES:
        raise WatchRefused(f"at most {MOST_SUBSTANCES} substances can be named")
    check_scope(engine.law, new.scope)
    for glob in new.query.listed:
        check_scope(engine.law, Scope(provisions=(glob,)))
    if new.webhook:
        check_address(new.webhook, private=engine.settings.webhook_private)
        check_secret(new.secret)
    elif new.secret:
        raise WatchRefused("a secret is of use only with an address to send reports to")


def _require_free(session: Session, owner: str, name: str) -> None:
    if watches.by_name(session, owner, name) is not None:
        raise WatchRefused(_TAKEN.format(name))


def _insert(session: Session, watch: Watch) -> None:
    """Two may ask for one name at once and both find it free; the database lets one have it."""
    session.add(watch)
    try:
        session.flush()
    except IntegrityError:
        raise WatchRefused(_TAKEN.format(watch.name)) from None


def _require_substances(session: Session, query: Query, now: datetime) -> None:
    for substance in query.substances:
        if not watches.has_substance(session, substance, now):
            raise NotFound(f"there is no substance `{substance}`")


def _unjudged(session: Session, watch: str) -> Iterator[dict[str, Any]]:
    for one in watches.standing_members(session, watch):
        standing = one.standing or {}
        if standing.get("error"):
            why = {"error": standing["error"], "told": standing["told"]}
            yield {"key": one.key, "label": one.label, **why}


def _enqueue(session: Session, watch: Watch, actor: str, now: datetime) -> Job:
    return jobs.enqueue(session, RUN, {"watch": watch.id}, now=now, actor=actor, key=watch.id)


def _due(engine: Engine, watch: Watch, now: datetime) -> bool:
    dates = dates_of(watch, now)
    facts = engine.facts(dates.known_at).content_hash
    ground = Ground(dates.on, engine.law.content_hash, facts)
    finished = last_finished(engine, watch.id)
    return finished is None or Ground.of(finished[0]) != ground


def _shown(watch: Watch) -> dict[str, Any]:
    """A watch without its secret."""
    return {
        "id": watch.id,
        "name": watch.name,
        "owner": watch.owner,
        "kind": str(watch.kind),
        "query": watch.query,
        "jurisdictions": watch.jurisdictions,
        "provisions": watch.provisions,
        "on": "today" if watch.on is None else watch.on.isoformat(),
        "webhook": watch.webhook,
        "created_at": watch.created_at,
    }


def _run_shown(session: Session, run: WatchRun) -> dict[str, Any]:
    done = watches.chunks(session, run.watch, run.number)
    return {
        "number": run.number,
        "on": run.on.isoformat(),
        "known_at": run.known_at.isoformat(),
        "rule_set": run.rule_set,
        "facts": run.facts,
        "actor": run.actor,
        "begun_at": run.begun_at.isoformat(),
        "finished_at": done[-1].at.isoformat() if done and done[-1].ends else None,
        **asdict(progress_of(done)),
    }
