"""The wiring that every door shares: law, facts, database, and workers for native code.

Chemistry runs only inside killable workers. What cannot be computed comes back as a decision that
is undetermined and says why.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from api.known import Known
from api.law import law_of
from api.settings import Settings
from api.usecases.dates import Dates
from registry.chem.drawing import draw_svg
from registry.chem.parse import Format, read_structure
from registry.chem.standardise import standardise
from registry.chem.worker import WorkerPool, preload
from registry.errors import Overrun, RegisterError
from registry.facts import Facts
from registry.store.migrate import require_head
from registry.store.session import make_engine, session_factory
from rules.decide import Book, Scope, bind, decide, undecided
from rules.goods import PURE, Goods
from rules.load import RuleSet
from rules.render import decision_json
from rules.shipment.read import load_rules
from rules.shipment.rules import ShipmentRule

Highlights = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Structure:
    """One structure as given, with how to read it."""

    text: str
    format: Format = Format.AUTO


@dataclass
class Engine:
    """Opened once per process with `open_engine`; safe to share between threads."""

    settings: Settings
    law: RuleSet
    shipment_rules: tuple[ShipmentRule, ...]
    sessions: sessionmaker[Session]
    known: Known
    workers: WorkerPool

    def facts(self, known_at: datetime) -> Facts:
        """The facts as this register knew them at a moment."""
        return self.known.facts(known_at)

    def classify(
        self,
        structure: Structure,
        dates: Dates,
        scope: Scope,
        *,
        everything: bool = False,
        goods: Goods = PURE,
        deadline: float | None = None,
    ) -> dict[str, Any]:
        """The decision on one structure as plain data.

        Raises InputError where the structure cannot be read. A computation that was stopped, or a
        register that held nothing at that moment, gives a decision undetermined everywhere.
        """
        facts = self.facts(dates.known_at)
        if not facts.listings:
            error = ("register-empty", f"this register held no listings at {dates.known_text}")
            return self._undecided(error, facts, structure, dates, scope)
        question = (structure, dates, scope, everything, dict(goods))
        try:
            judged: dict[str, Any] = self.workers.call(
                judge, _root(self.settings), self.known.file(facts), *question, deadline=deadline
            )
        except Overrun as overrun:
            return self._undecided((overrun.code, overrun.message), facts, structure, dates, scope)
        return judged

    def draw(self, structure: Structure, highlights: Highlights, legend: str = "") -> str:
        """The standardised structure as SVG, with groups of its atoms coloured.

        Raises InputError where it cannot be read, Overrun where drawing was stopped.
        """
        drawn: str = self.workers.call(draw, structure, highlights, legend)
        return drawn

    def alive(self) -> bool:
        """Whether a worker answers."""
        try:
            return bool(self.workers.call(bool, 1))
        except RegisterError:
            return False

    def _undecided(
        self,
        error: tuple[str, str],
        facts: Facts,
        structure: Structure,
        dates: Dates,
        scope: Scope,
    ) -> dict[str, Any]:
        book = bind(self.law, Facts(facts.content_hash))
        known_at, text = dates.known_text, structure.text
        return decision_json(
            undecided(error, book, on=dates.on, known_at=known_at, text=text, scope=scope)
        )


@contextmanager
def open_engine(settings: Settings, now: datetime) -> Iterator[Engine]:
    """Everything a door needs, opened and closed together.

    `now` is the door's clock: the facts known at that moment are made ready in every worker.
    Raises DatabaseError where the database is missing or of another revision, RuleFileError where
    the law cannot be read.
    """
    law = law_of(settings.law_root)
    shipment_rules = load_rules()
    database = make_engine(settings.database_url)
    try:
        require_head(database)
        sessions = session_factory(database)
        with TemporaryDirectory(prefix="substance-register-") as folder:
            known = Known(sessions, Path(folder))
            with _workers(settings, known.file(known.facts(now))) as workers:
                yield Engine(settings, law, shipment_rules, sessions, known, workers)
    finally:
        database.dispose()


def _workers(settings: Settings, file: str) -> WorkerPool:
    if settings.law_root is None:
        preload("api.shipped")
    return WorkerPool(
        size=settings.workers,
        initializer=prepare,
        initargs=(_root(settings), file),
        deadline_seconds=settings.deadline_seconds,
        memory_bytes=settings.worker_memory_bytes,
    )


def _root(settings: Settings) -> str | None:
    return str(settings.law_root) if settings.law_root else None


# What follows runs inside a worker process.


@lru_cache(maxsize=1)
def _law(root: str | None) -> RuleSet:
    return law_of(Path(root) if root else None)


@lru_cache(maxsize=2)
def book_of(root: str | None, file: str) -> Book:
    # The file was written by this process's own parent, in a folder only this user may read.
    return bind(_law(root), pickle.loads(Path(file).read_bytes()))  # noqa: S301


def prepare(root: str | None, file: str) -> None:
    """Have law and facts ready before the first question."""
    book_of(root, file)


def judge(
    root: str | None,
    file: str,
    structure: Structure,
    dates: Dates,
    scope: Scope,
    everything: bool,
    goods: Goods,
) -> dict[str, Any]:
    """Read, standardise, decide, render."""
    standardised = standardise(read_structure(structure.text, structure.format))
    decision = decide(
        standardised,
        book_of(root, file),
        on=dates.on,
        known_at=dates.known_text,
        text=structure.text,
        scope=scope,
        everything=everything,
        goods=goods,
    )
    return decision_json(decision)


def draw(structure: Structure, highlights: Highlights, legend: str) -> str:
    standardised = standardise(read_structure(structure.text, structure.format))
    return draw_svg(standardised.mol, highlights, legend)
