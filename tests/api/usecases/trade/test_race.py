"""64 clients at once on one estimate and one series of numbers, on each kind of database.

`make soak` draws SUBREG_SOAK thousand times; every test run a few times per client.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.usecases.trade import ledgers, life, papers
from api.usecases.trade.acts import By, Done, VersionConflict, perform
from api.usecases.trade.life import Period
from registry.errors import DatabaseError
from registry.models import AuditEvent, EntryKind, LedgerEntry, NumberSeries, NumberTaken
from registry.store import audit, numbering
from registry.store import ledgers as rows
from registry.store.ledgers import About, Move, OverLimit
from registry.store.numbering import Series
from registry.store.session import LOCKED, make_engine, reading, session_factory, writing
from registry.trade_facts import Paper
from rules.trade.validity import Bound
from tests.api.usecases.trade.conftest import (
    APPLICANT,
    AUTHORITY,
    NOW,
    authority_of,
    by,
    draft,
    estimate,
    goods,
    submitted,
)

SOAK = int(os.environ.get("SUBREG_SOAK", "0"))
CLIENTS = 64
DRAWS = SOAK * 1000 if SOAK else CLIENTS * 5
FIT = DRAWS * 3 // 4
EACH = 1_000_000  # micrograms
SERIES = Series("XA", "import_authorization", 2026, "IA")


@dataclass
class Client:
    """One client with a connection of its own, which tries again when it is told to."""

    url: str
    ledger: str

    def __post_init__(self) -> None:
        self.database = make_engine(self.url)
        self.engine = SimpleNamespace(sessions=session_factory(self.database))
        self.told: Counter[str] = Counter()

    def draw(self, number: int) -> None:
        """Reserve, take a number and tell the audit, all or nothing; each with a key of its own."""
        who = By(authority_of("XA"), NOW, key=f"draw-{number}")
        while True:
            try:
                perform(self.engine, who, {"act": "draw", "number": number}, self.work)
            except OverLimit:
                self.told["over"] += 1
            except DatabaseError as error:
                if error.message != LOCKED:
                    raise
                self.told["again"] += 1
                continue
            else:
                self.told["drawn"] += 1
            return

    def work(self, session: Session) -> Done:
        subject = str(uuid4())
        move = Move(EntryKind.RESERVATION, reserved=EACH)
        rows.move(session, self.ledger, move, About(), actor="client", now=NOW)
        number = numbering.take(session, SERIES, subject=subject, now=NOW)
        return Done({"number": number}, subject, "authorisation:issued", {"number": number})


def test_64_clients_never_go_over_the_limit_nor_leave_a_number_out(
    engine: Any, register_url: str
) -> None:
    ledger = estimate(engine, Decimal(FIT))
    clients = [Client(register_url, ledger) for _ in range(CLIENTS)]
    shares = [range(n, DRAWS, CLIENTS) for n in range(CLIENTS)]
    together = threading.Barrier(CLIENTS)

    def run(client: Client, share: range) -> None:
        together.wait()
        for number in share:
            client.draw(number)

    begun = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(run, clients, shares))
    seconds = time.monotonic() - begun
    told = sum((client.told for client in clients), Counter())
    for client in clients:
        client.database.dispose()
    assert (told["drawn"], told["over"]) == (FIT, DRAWS - FIT)
    require_whole(engine, ledger, FIT)
    if SOAK:
        kind = engine.database.dialect.name
        sys.stderr.write(
            f"\n{kind}: {DRAWS} draws of {CLIENTS} clients in {seconds:.0f} s, "
            f"{DRAWS / seconds:.0f} a second; {told['drawn']} drawn, {told['over']} refused, "
            f"{told['again']} tried again\n"
        )


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_without_any_lock_the_tables_themselves_refuse(
    engine: Any, monkeypatch: pytest.MonkeyPatch, register_url: str
) -> None:
    """What a forgotten lock lets through fails on a key, and the limit holds all the same."""
    ledger = estimate(engine, Decimal(20))
    with writing(engine.sessions) as session:
        session.add(NumberSeries(authority="XA", kind="import_authorization", year=2026))
    for module, name in ((rows, "lock"), (numbering, "_hold"), (audit, "_hold_chain")):
        monkeypatch.setattr(module, name, lambda *_: None)
    clients = [Client(register_url, ledger) for _ in range(8)]
    together = threading.Barrier(8)
    clashes: Counter[str] = Counter()

    def run(client: Client, numbers: range) -> None:
        together.wait()
        for number in numbers:
            while True:
                try:
                    client.draw(number)
                except IntegrityError:
                    clashes["clash"] += 1
                else:
                    break
        client.database.dispose()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, clients, (range(n * 5, n * 5 + 5) for n in range(8))))
    assert clashes, "nobody clashed: the test says nothing"
    require_whole(engine, ledger, 20)


def require_whole(engine: Any, ledger: str, drawn: int) -> None:
    """Never over the limit at any entry, no number twice or missing, all of it in the audit."""
    with reading(engine.sessions) as session:
        entry = LedgerEntry
        most = select(func.max(entry.reserved_after + entry.used_after - entry.limit_after))
        assert session.scalar(most.where(entry.ledger == ledger)) == 0
        taken = list(session.scalars(select(NumberTaken.number).order_by(NumberTaken.number)))
        assert taken == list(range(1, drawn + 1))
        issued = select(func.count()).where(AuditEvent.action == "authorisation:issued")
        assert session.scalar(issued) == drawn
        assert audit.verify_chain(session) is None


def test_papers_granted_and_issued_at_once_share_the_estimate_and_the_series(engine: Any) -> None:
    """The use cases themselves: sixteen papers of 100 g on 1,000 g, all at the same moment."""
    ledger = estimate(engine)
    applied = [submitted(engine, draft(goods(100))) for _ in range(16)]
    together = threading.Barrier(16)

    def decide(paper: str) -> str:
        together.wait()
        try:
            life.grant(engine, paper, by())
        except OverLimit:
            return ""
        term = Period(by().on, (Bound(by(days=90).on, "term"),))
        return str(life.issue(engine, paper, by(), term)["number"])

    with ThreadPoolExecutor(16) as pool:
        numbers = sorted(filter(None, pool.map(decide, applied)))
    assert numbers == [f"XA-IA-2026-{n:06}" for n in range(1, 11)]
    assert ledgers.show(engine, ledger, AUTHORITY, NOW.date())["headroom"] == "0"


def test_the_same_key_at_the_same_moment_is_one_act(engine: Any) -> None:
    together = threading.Barrier(12)

    def create(_: int) -> str:
        together.wait()
        return str(papers.create(engine, draft(), by(APPLICANT, key="once"))["id"])

    with ThreadPoolExecutor(12) as pool:
        assert len(set(pool.map(create, range(12)))) == 1
    found = papers.numbers(engine, "XA", Paper.IMPORT, 2026, AUTHORITY)
    assert found.items == ()


def test_two_acts_on_one_version_are_one_act(engine: Any) -> None:
    """Both have seen version 2; only one of them acts on it."""
    paper = submitted(engine)
    together = threading.Barrier(6)

    def refuse(number: int) -> bool:
        together.wait()
        try:
            life.refuse(engine, paper, by(version=2), f"reason {number}")
        except VersionConflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(refuse, range(6))) == [False] * 5 + [True]


def test_a_number_taken_in_an_act_that_fails_is_taken_by_the_next(engine: Any) -> None:
    def fail(session: Session) -> Done:
        numbering.take(session, SERIES, subject="one", now=NOW)
        raise OverLimit("no", "ledger")

    with pytest.raises(OverLimit):
        perform(engine, by(), {}, fail)
    with writing(engine.sessions) as session:
        assert numbering.take(session, SERIES, subject="two", now=NOW) == "XA-IA-2026-000001"
