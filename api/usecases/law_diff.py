"""What changes for each substance of a library between two laws: two dates, or two sets of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

from api.differing import BY, CHANGED, UNCHANGED, UNDETERMINED, Differences, Point
from api.engine import Engine
from api.simulating import Tally, each, running, unread
from api.usecases.dates import Dates, ReversedDates
from api.usecases.libraries import Library, library, twice
from registry.errors import DatabaseError, InputError, Overrun
from registry.facts import Facts
from rules.sitting import EVERYTHING, Scope, check_scope
from rules.status import Kind
from rules.versions import versions

MOST_ROWS = 20_000
MOST_POINTS = 60
DEADLINES = 12  # one structure is judged at every point


class NothingToCompare(InputError):
    """The two laws are one and the same, or a library is named twice."""

    code = "law-diff-refused"


_one_at_a_time = Lock()


@contextmanager
def alone() -> Iterator[None]:
    """A service does one law diff at a time. Raises Overrun while another is under way."""
    if not _one_at_a_time.acquire(blocking=False):
        raise Overrun("another law diff is under way; ask again when it is done", "busy")
    try:
        yield
    finally:
        _one_at_a_time.release()


@dataclass(frozen=True, slots=True)
class Asked:
    """Between which points, over which libraries. With one law, dates in order; with `law`, the law
    of another folder on the last of the dates is the second point."""

    dates: tuple[date, ...]
    libraries: tuple[str, ...]
    scope: Scope = EVERYTHING
    law: Path | None = None
    grounds: bool = False

    def points(self) -> tuple[Point, ...]:
        own = tuple(Point(day) for day in self.dates)
        return own if self.law is None else (*own, Point(self.dates[-1], self.law))


def yearly(first: date, last: date) -> tuple[date, ...]:
    """The same day of each year from one date to another, the last one itself included. The 29th
    of February counts as the 28th where a year has none."""
    days = [_in_year(first, year) for year in range(first.year, last.year + 1)]
    return tuple(dict.fromkeys([*(day for day in days if day < last), last]))


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def law_diff(
    engine: Engine,
    asked: Asked,
    known_at: datetime,
    *,
    files: Sequence[Library] = (),
    collections: Path | None = None,
    workers: int | None = None,
    most: int = MOST_ROWS,
    progress: Callable[[Tally], None] = lambda _: None,
) -> dict[str, Any]:
    """Every substance whose status changes from each point to the next, with the clause.

    `files`: libraries beside those named. Raises ReversedDates, NothingToCompare, UnknownScope,
    UnknownLibrary, NotFound, and DatabaseError where the register held nothing to judge by.
    """
    _check(engine, asked, [*asked.libraries, *(one.name for one in files)])
    facts = known_facts(engine, known_at)
    named = [library(one, facts, asked.dates[-1], collections) for one in asked.libraries]
    over = [*named, *files]
    known_text = Dates(asked.dates[-1], known_at).known_text
    plan = Differences(asked.points(), asked.scope, known_text, asked.grounds)
    tally = Tally(most)
    settings = engine.settings
    with running(
        plan,
        facts,
        law_root=settings.law_root,
        workers=workers,
        deadline=DEADLINES * settings.deadline_seconds,
    ) as asking:
        about = asking.about()
        with closing(asking.parts(over)) as parts:
            for so_far in each(parts, tally):
                progress(so_far)
    return _answer(asked, plan, about, facts, over, tally)


def known_facts(engine: Engine, known_at: datetime) -> Facts:
    """The facts as known then. Raises DatabaseError where there were none: judged without
    listings, everything would seem free."""
    facts = engine.facts(known_at)
    if not facts.listings:
        known = known_at.isoformat()
        raise DatabaseError(f"this register held no listings at {known}; run `subreg seed`")
    return facts


def _check(engine: Engine, asked: Asked, over: Sequence[str]) -> None:
    check_scope(engine.law, asked.scope)
    if again := twice(over):
        raise NothingToCompare(f"the library `{again}` is named twice")
    points = asked.points()
    if not 2 <= len(points) <= MOST_POINTS:
        raise NothingToCompare(f"a law diff is between 2 and {MOST_POINTS} points")
    for earlier, later in pairwise(points):
        if earlier == later:
            raise NothingToCompare(f"the law of {later.on} is compared with itself")
        if earlier.on > later.on:
            raise ReversedDates(f"`{earlier.on}` is after `{later.on}`; put the earlier one first")


def _answer(
    asked: Asked,
    plan: Differences,
    about: dict[str, Any],
    facts: Facts,
    over: Sequence[Library],
    tally: Tally,
) -> dict[str, Any]:
    return {
        "kind": "law-diff",
        **about,
        "known_at": plan.known_at,
        "facts": facts.content_hash,
        "jurisdictions": list(asked.scope.jurisdictions),
        "provisions": list(asked.scope.provisions),
        "libraries": [_counted(one, tally) for one in over],
        "steps": [_step(step, pair, tally) for step, pair in enumerate(pairwise(plan.points), 1)],
        "rows": tally.rows,
        "rows_left_out": tally.told - len(tally.rows),
        **unread(tally),
        "versions": versions(),
    }


def _counted(one: Library, tally: Tally) -> dict[str, Any]:
    words = {word: tally.counts[one.name, word] for word in (CHANGED, UNCHANGED, UNDETERMINED)}
    unread_here = tally.unread_of(one.name)
    members = sum(words.values()) + unread_here
    return {**one.plain(), "members": members, "unreadable": unread_here, **words}


def _step(step: int, pair: tuple[Point, Point], tally: Tally) -> dict[str, Any]:
    """From one point to the next: of how many substances something changed, by kind; and each
    change of status by the provision and clause that brought it about."""
    kinds, clauses = Counter[str](), Counter[tuple[str, ...]]()
    for (_, *key), number in tally.counts.items():
        if key[0] == str(step):
            kinds.update({key[1]: number} if len(key) == 2 else {})
            clauses.update({tuple(key[1:]): number} if len(key) > 2 else {})
    ordered = sorted(clauses.items(), key=lambda one: (-one[1], one[0]))
    return {
        "from": pair[0].on.isoformat(),
        "to": pair[1].on.isoformat(),
        "substances": {kind.value: kinds[kind.value] for kind in Kind if kinds[kind.value]},
        "by": [{**dict(zip(BY, key, strict=True)), "substances": n} for key, n in ordered],
    }
