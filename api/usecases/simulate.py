"""Simulations: what drafts would do, over libraries of known substances, before they are law.

A simulation is asked for and shown only to whoever may, and each is an event of the log of acts.
What it found is kept with its job; which papers it would touch is worked out whenever it is shown,
for whoever reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from api.access.acts import Act
from api.access.allow import Actor, Standing, allow, found, may
from api.engine import Engine
from api.simulating import Tally, each, running
from api.simulation import answer_of
from api.usecases.dates import Dates, dates_asked
from api.usecases.law_diff import known_facts
from api.usecases.libraries import Library, library, twice
from api.usecases.papers_touched import papers_touched
from api.weighed import Tried
from registry.errors import InputError, NotFound
from registry.models import Job, JobState
from registry.store import audit, jobs
from registry.store.jobs import Lease
from registry.store.session import reading, writing
from rules.drafts import Draft, read_draft
from rules.load import RuleSet

RUN = "simulation"
MOST_DRAFTS = 20
MOST_LIBRARIES = 20
MOST_ROWS = 20_000
# One structure is asked about under every draft, and under each without some of its exemptions; a
# busy machine must not turn an answer into `not judged`.
DEADLINES = 12
_SAID = "members", "told", "unreadable"


class SimulationRefused(InputError):
    """What is to be simulated cannot be simulated so."""

    code = "simulation-refused"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which drafts, as their texts, over which libraries, under the law of which day (today).

    `elsewhere`: also how what is newly caught stands under the law of others. `why_not`: also, of
    every member, on which clauses a draft does not catch it. `without_exemptions`: each draft that
    takes something out by name is also tried without that.
    """

    drafts: tuple[str, ...]
    libraries: tuple[str, ...]
    on: date | None = None
    known_on: date | None = None
    elsewhere: bool = True
    why_not: bool = False
    without_exemptions: bool = False

    def plan(self, dates: Dates) -> Tried:
        how = (self.elsewhere, self.why_not, self.without_exemptions)
        return Tried(self.drafts, dates.on, dates.known_text, *how)


@dataclass(frozen=True, slots=True)
class Page:
    """`after` continues the list; empty at its end."""

    items: tuple[dict[str, Any], ...]
    after: str = ""


def simulate(
    engine: Engine,
    asked: Asked,
    actor: Actor,
    now: datetime,
    *,
    files: Sequence[Library] = (),
    collections: Path | None = None,
    workers: int | None = None,
    progress: Callable[[Tally], None] = lambda _: None,
) -> dict[str, Any]:
    """Do a simulation at once. `files`: libraries beside those named.

    Raises Denied, SimulationRefused, DraftError with line and column, UnknownLibrary, NotFound,
    and DatabaseError where the register held nothing to judge by.
    """
    over = [*asked.libraries, *(one.name for one in files)]
    drafts = _check(asked, over, actor)
    dates = dates_asked(now, asked.on, asked.known_on)
    with writing(engine.sessions) as session:
        _put_on_record(session, asked, drafts, over, actor, now, subject="command")
    root = collections or engine.settings.collections
    done = _done(engine, asked, dates, files, root, workers, progress)
    return done | {"ledger": papers_touched(engine, done, actor, now)}


def ask_later(engine: Engine, asked: Asked, actor: Actor, now: datetime) -> dict[str, Any]:
    """Have a simulation done by `subreg jobs run`. The day and the moment of knowledge are those
    of asking. Raises as `simulate`."""
    drafts = _check(asked, asked.libraries, actor)
    dates = dates_asked(now, asked.on, asked.known_on)
    facts = known_facts(engine, dates.known_at)
    for name in asked.libraries:
        library(name, facts, dates.on, engine.settings.collections)
    payload = {
        "drafts": list(asked.drafts),
        "slugs": [draft.slug for draft in drafts],
        "libraries": list(asked.libraries),
        "on": dates.on.isoformat(),
        "known_at": dates.known_text,
        "elsewhere": asked.elsewhere,
        "why_not": asked.why_not,
        "without_exemptions": asked.without_exemptions,
    }
    with writing(engine.sessions) as session:
        job = jobs.enqueue(session, RUN, payload, now=now, actor=actor.id)
        _put_on_record(session, asked, drafts, asked.libraries, actor, now, subject=job.id)
        return _line(job)


def run(
    engine: Engine, lease: Lease, clock: Callable[[], datetime], tell: Callable[[Tally], None]
) -> dict[str, Any]:
    """Do a simulation that was asked for. How far it has come stands with its job."""
    asked, dates = _asked(lease.payload)

    def progress(tally: Tally) -> None:
        so_far = {"progress": _progress(tally)}
        with writing(engine.sessions) as session:
            jobs.renew(session, lease, clock(), by=jobs.LONG_LEASE, so_far=so_far)
        tell(tally)

    progress(Tally(MOST_ROWS))
    settings = engine.settings
    return _done(engine, asked, dates, (), settings.collections, settings.workers, progress)


def show(engine: Engine, simulation: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """A simulation with what it found, once it is done. Raises Denied, NotFound."""
    with reading(engine.sessions) as session:
        row = _to_read(session, simulation, actor)
        shown, result = _line(row), row.result
    if shown["state"] == JobState.DONE and result is not None:
        shown["result"] = result | {"ledger": papers_touched(engine, result, actor, now)}
    return shown


def listed(engine: Engine, actor: Actor, *, after: str = "", limit: int = 50) -> Page:
    """The simulations the actor may read, the newest first, without what they found."""
    with reading(engine.sessions) as session:
        whose = "" if may(actor, Act.SIMULATION_READ, Standing()) else actor.id
        if whose:
            allow(actor, Act.SIMULATION_READ, _record("", whose, actor))
        rows = jobs.page(session, RUN, actor=whose, after=after, limit=limit + 1)
        items = tuple(_line(row) for row in rows[:limit])
    return Page(items, items[-1]["id"] if len(rows) > limit else "")


def settling(law: RuleSet, said: str, on: date) -> str:
    """The text of a draft that reads an open question one way: `PROVISION:QUESTION=yes`.

    Raises SimulationRefused where the law has no such provision or question.
    """
    place, _, answer = said.rpartition("=")
    key, _, question = place.rpartition(":")
    provision = law.provisions.get(key)
    if provision is None or answer not in ("yes", "no"):
        raise SimulationRefused(f"`{said}` is not like `PROVISION:QUESTION=yes` of a provision")
    known = [one.id for one in provision.open_questions]
    if question not in known:
        there = f"; there is {', '.join(known)}" if known else ""
        raise SimulationRefused(f"`{key}` has no open question `{question}`{there}")
    slug = f"{key}-{question}-{answer}".lower()
    return SETTLING.format(
        slug="".join(c if c.isalnum() or c in ".-" else "-" for c in slug)[:80],
        jurisdiction=provision.jurisdiction,
        title=f"{key}: {question} read as {answer}",
        option=_OPTIONS.get(provision.kind, provision.kind),
        since=on.isoformat(),
        provision=key,
        question=question,
        answer=answer,
    )


_OPTIONS = {"list": "individual", "class": "generic"}
SETTLING = """\
draft: {slug}
jurisdiction: {jurisdiction}
title: {{en: "{title}"}}
option: {option}
from: {since}
note: an open question of the law in force, read one way
changes:
  - settle: {provision}
    question: {question}
    as: "{answer}"
"""


def _check(asked: Asked, over: Sequence[str], actor: Actor) -> list[Draft]:
    """The drafts, read. Chemistry is left to the workers."""
    allow(actor, Act.SIMULATION_RUN)
    if asked.why_not:
        allow(actor, Act.SIMULATION_WHY_NOT)
    if not 1 <= len(asked.drafts) <= MOST_DRAFTS:
        raise SimulationRefused(f"a simulation is of 1 to {MOST_DRAFTS} drafts")
    if not 1 <= len(over) <= MOST_LIBRARIES:
        raise SimulationRefused(f"a simulation is over 1 to {MOST_LIBRARIES} libraries")
    if again := twice(over):
        raise SimulationRefused(f"the library `{again}` is named twice")
    drafts = [read_draft(text, f"draft {n}") for n, text in enumerate(asked.drafts, 1)]
    if again := twice(draft.slug for draft in drafts):
        raise SimulationRefused(f"two drafts are called `{again}`")
    return drafts


def _put_on_record(
    session: Session,
    asked: Asked,
    drafts: Sequence[Draft],
    over: Sequence[str],
    actor: Actor,
    now: datetime,
    *,
    subject: str,
) -> None:
    payload = {"drafts": {one.slug: one.content_hash for one in drafts}, "libraries": list(over)}
    aspects = ("simulation:asked", *(["simulation:why-not:asked"] if asked.why_not else []))
    for action in aspects:
        audit.record(
            session, at=now, actor=actor.id, action=action, subject=subject, payload=payload
        )


def _done(
    engine: Engine,
    asked: Asked,
    dates: Dates,
    files: Sequence[Library],
    collections: Path | None,
    workers: int | None,
    progress: Callable[[Tally], None],
) -> dict[str, Any]:
    facts = known_facts(engine, dates.known_at)
    over = [*(library(one, facts, dates.on, collections) for one in asked.libraries), *files]
    tally = Tally(MOST_ROWS)
    settings = engine.settings
    with running(
        asked.plan(dates),
        facts,
        law_root=settings.law_root,
        workers=workers,
        deadline=DEADLINES * settings.deadline_seconds,
    ) as trying:
        about = trying.about()
        with closing(trying.parts(over)) as parts:
            for so_far in each(parts, tally):
                progress(so_far)
    return answer_of(asked.plan(dates), about, facts, over, tally)


def _asked(payload: dict[str, Any]) -> tuple[Asked, Dates]:
    asked = Asked(
        tuple(payload["drafts"]),
        tuple(payload["libraries"]),
        elsewhere=payload["elsewhere"],
        why_not=payload["why_not"],
        without_exemptions=payload["without_exemptions"],
    )
    known_at = datetime.fromisoformat(payload["known_at"])
    return asked, Dates(date.fromisoformat(payload["on"]), known_at)


def _to_read(session: Session, simulation: str, actor: Actor) -> Job:
    """Raises Denied alike for one that is not there and one that is not theirs."""
    row = session.get(Job, simulation)
    if row is None or row.kind != RUN:
        found(actor, Act.SIMULATION_READ, None, simulation)
        raise NotFound(f"there is no simulation `{simulation}`")
    allow(actor, Act.SIMULATION_READ, _record(row.id, row.actor, actor))
    return row


def _record(simulation: str, owner: str, actor: Actor) -> Standing | None:
    """What is asked about. Whoever asks without a key owns no records: what was asked so on this
    machine is asked about as no record at all."""
    if not actor.known and actor.id == owner:
        return None
    return Standing(simulation, own=frozenset({owner}))


def _line(row: Job) -> dict[str, Any]:
    """A simulation without what it found. How far one has come is told until it is done."""
    so_far = {} if row.state == JobState.DONE else row.result or {}
    return {
        "id": row.id,
        "state": str(row.state),
        "drafts": row.payload["slugs"],
        "libraries": row.payload["libraries"],
        "on": row.payload["on"],
        "known_at": row.payload["known_at"],
        "asked_by": row.actor,
        "asked_at": row.created_at.isoformat(),
        "progress": so_far.get("progress") or dict.fromkeys(_SAID, 0),
        "error": row.error,
        "result": None,
    }


def _progress(tally: Tally) -> dict[str, int]:
    return dict(zip(_SAID, (tally.members, tally.told, tally.unread), strict=True))
