"""Any acts in any order on papers under one estimate: no reachable state breaks what must hold.

The model keeps what was granted, shipped and arrived by itself. `make soak` takes many more steps.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from api.usecases.trade import ledgers, life, moving, papers
from api.usecases.trade.ledgers import Figure
from api.usecases.trade.life import Period
from api.usecases.trade.moving import Arrived, Shipped
from registry.models import AuditEvent, EntryKind
from registry.store import audit, authorisations
from registry.store.ledgers import OverLimit
from registry.store.session import reading
from registry.trade_facts import AuthorisationState as State
from registry.trade_facts import Paper, Party
from rules.trade.states import HELD, TRANSITIONS, Act, ActRefused, possible
from rules.trade.validity import Bound
from tests.api.usecases.trade.conftest import by, draft, estimate, goods

SOAK = int(os.environ.get("SUBREG_SOAK", "0"))
RUNS, LENGTH = (SOAK, 80) if SOAK else (6, 40)
LIMIT = 300
EDGES = {(row.act, source, to) for row in TRANSITIONS for source in row.sources for to in row.to}
PLAIN: dict[Act, Callable[..., Any]] = {
    Act.ASK_INFORMATION: life.ask_information,
    Act.WITHDRAW: life.withdraw,
    Act.REFUSE: life.refuse,
    Act.CLOSE: life.close,
    Act.SUSPEND: life.suspend,
    Act.RESUME: life.resume,
    Act.CANCEL: life.cancel,
    Act.DECLARE_LOST: life.declare_lost,
}


@dataclass
class Kept:
    """What the model knows of a paper: grams granted, shipped, arrived; versions written."""

    grams: int
    versions: int = 1
    shipped: list[int] = field(default_factory=list)
    arrived: dict[int, int] = field(default_factory=dict)
    numbered: bool = False

    @property
    def left(self) -> int:
        return self.grams - sum(self.shipped)


class Trade(RuleBasedStateMachine):
    """One country, one estimate, one series of numbers."""

    engine: Any
    country: str

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, Kept] = {}
        self.limit, self.outside, self.day = LIMIT, 0, 0
        self.facts = False  # whether a fact was booked that no limit can refuse
        self.done: Counter[Act] = Counter()

    @initialize()
    def begin(self) -> None:
        self.ledger = estimate(
            self.engine, Decimal(LIMIT), keeper=self.country, country=self.country
        )

    def by(self) -> Any:
        return by(days=self.day)

    def state(self, paper: str) -> State:
        with reading(self.engine.sessions) as session:
            return authorisations.get(session, paper).state

    def draft(self, grams: int, several: bool) -> Any:
        from registry.trade_facts import Route

        return draft(
            goods(grams),
            jurisdiction=self.country,
            route=Route("XB", self.country),
            consignments=None if several else 1,
        )

    @rule(grams=st.integers(1, 120), several=st.booleans(), apply=st.booleans())
    def draft_one(self, grams: int, several: bool, apply: bool) -> None:
        made = papers.create(self.engine, self.draft(grams, several), self.by())
        self.kept[made["id"]] = Kept(grams)
        if apply:
            life.submit(self.engine, made["id"], self.by())
            self.kept[made["id"]].versions += 1

    @rule(grams=st.integers(1, 60), several=st.booleans(), days=st.integers(0, 3))
    def issue_one(self, grams: int, several: bool, days: int) -> None:
        """All the way to an issued paper, where the estimate holds it."""
        paper = papers.create(self.engine, self.draft(grams, several), self.by())["id"]
        kept = self.kept[paper] = Kept(grams)
        life.submit(self.engine, paper, self.by())
        kept.versions += 1
        try:
            life.grant(self.engine, paper, self.by())
        except OverLimit:
            return
        self.do(Act.ISSUE, paper, None)
        kept.versions += 2
        self.day = min(self.day + days, 200)

    @rule(data=st.data())
    def move_one(self, data: st.DataObject) -> None:
        """Ship under a paper that can be used, or endorse what is on the way."""
        ways = (Act.SHIP, Act.ENDORSE)
        usable = [p for p in self.kept if Act.SHIP in possible(self.state(p))]
        if usable:
            self.try_one(data.draw(st.sampled_from(ways)), data.draw(st.sampled_from(usable)), data)

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), act=st.sampled_from(Act))
    def act(self, data: st.DataObject, act: Act) -> None:
        """Any act on any paper: done where its state allows it, else refused without a trace."""
        paper = data.draw(st.sampled_from(list(self.kept)))
        state = self.state(paper)
        if data.draw(st.integers(0, 4)) and (there := list(possible(state))):
            act = data.draw(st.sampled_from(there))
        self.try_one(act, paper, data)

    def try_one(self, act: Act, paper: str, data: st.DataObject) -> None:
        state = self.state(paper)
        try:
            self.do(act, paper, data)
        except ActRefused:
            return
        except OverLimit:
            assert act in (Act.GRANT, Act.AMEND)
            return
        assert act in possible(state)
        self.kept[paper].versions += 1
        self.done[act] += 1

    def do(self, act: Act, paper: str, data: Any) -> None:
        kept, who = self.kept[paper], self.by()
        if act in PLAIN:
            PLAIN[act](self.engine, paper, who, "because")
        elif act is Act.SUBMIT:
            life.submit(self.engine, paper, who)
        elif act is Act.EXPIRE:
            life.expire(self.engine, paper, who)
        elif act is Act.GRANT:
            life.grant(self.engine, paper, who)
        elif act is Act.AMEND:
            grams = data.draw(st.integers(1, 150))
            papers.amend(self.engine, paper, self.draft(grams, True), who, "because")
            kept.grams = grams
        elif act is Act.ISSUE:
            term = Period(who.on, (Bound(date.fromordinal(who.on.toordinal() + 20), "term"),))
            life.issue(self.engine, paper, who, term)
            kept.numbered = True
        elif act is Act.SHIP:
            grams = data.draw(st.integers(1, max(kept.left, 1) + 2))
            what = Shipped(((1, Decimal(grams), "g"),), who.on)
            moving.ship(self.engine, paper, who, what)
            kept.shipped.append(grams)
        elif act is Act.ENDORSE:
            number = data.draw(st.integers(1, len(kept.shipped) + 1))
            self.endorse(paper, number, data)
        else:
            told = life.replace_lost(self.engine, paper, who, "because")
            self.kept[told["replaced_by"]] = Kept(kept.left)

    def endorse(self, paper: str, number: int, data: st.DataObject) -> None:
        from registry.errors import NotFound

        kept = self.kept[paper]
        grams = data.draw(st.integers(0, 160))
        what = Arrived(number, ((1, Decimal(grams), "g"),), None, Party("A"))
        try:
            told = moving.endorse(self.engine, paper, self.by(), what)
        except NotFound:
            assert number > len(kept.shipped)
            raise ActRefused("no such consignment") from None
        assert told["mismatch"] is (grams != kept.shipped[number - 1])
        kept.arrived[number] = grams
        self.facts |= grams > kept.shipped[number - 1]

    @rule(grams=st.integers(-20, 40))
    def trade_outside(self, grams: int) -> None:
        figure = Figure(grams=Decimal(grams), reason="fax", source="form 3")
        if self.used() + grams < 0:
            return
        ledgers.enter(self.engine, self.ledger, EntryKind.OUTSIDE, figure, self.by())
        self.outside += grams
        self.facts = True

    @rule(grams=st.integers(0, 60))
    def supplement(self, grams: int) -> None:
        figure = Figure(grams=Decimal(grams), reason="more", source="letter")
        ledgers.enter(self.engine, self.ledger, EntryKind.SUPPLEMENT, figure, self.by())
        self.limit += grams

    @rule(days=st.integers(1, 15))
    def days_pass(self, days: int) -> None:
        self.day = min(self.day + days, 200)

    def used(self) -> int:
        return self.outside + sum(
            kept.arrived.get(number, grams)
            for kept in self.kept.values()
            for number, grams in enumerate(kept.shipped, 1)
        )

    @invariant()
    def the_sums_are_those_of_the_papers(self) -> None:
        if not hasattr(self, "ledger"):
            return
        reserved = sum(kept.left for paper, kept in self.kept.items() if self.state(paper) in HELD)
        shown = ledgers.show(self.engine, self.ledger, date(2026, 6, 1))
        sums = tuple(Decimal(shown[name]) for name in ("limit", "reserved", "used"))
        assert sums == (self.limit, reserved, self.used())
        assert self.facts or reserved + self.used() <= self.limit

    @invariant()
    def numbers_have_no_gap_and_no_two_papers_share_one(self) -> None:
        found = papers.numbers(self.engine, self.country, Paper.IMPORT, 2026, limit=1000).items
        assert [one["number"] for one in found] == list(range(1, len(found) + 1))
        numbered = {paper for paper, kept in self.kept.items() if kept.numbered}
        assert {one["authorisation"] for one in found} == numbered
        assert len(found) == len(numbered)

    def teardown(self) -> None:
        """Every transition is in the audit, each along the table, and none besides."""
        with reading(self.engine.sessions) as session:
            assert audit.verify_chain(session) is None
            for paper, kept in self.kept.items():
                rows = authorisations.versions(session, paper)
                assert [row.version for row in rows] == list(range(1, kept.versions + 1))
                edges = zip(rows[1:], rows, strict=False)
                assert {(Act(b.act), State(a.state), State(b.state)) for b, a in edges} <= EDGES
                events = session.scalars(select(AuditEvent).where(AuditEvent.subject == paper))
                told = [json.loads(event.payload) for event in events]
                first = 1 if rows[0].act == "create" else 2  # a replacement is told by the lost one
                assert sorted(one["version"] for one in told) == list(
                    range(first, kept.versions + 1)
                )
                states = {one["version"]: one["to"] for one in told if "to" in one}
                assert all(states.get(r.version, r.state) == r.state for r in rows)


def test_no_reachable_state_breaks_what_must_hold(engine: Any) -> None:
    done: Counter[Act] = Counter()
    used = count()

    class OnThisDatabase(Trade):
        def __init__(self) -> None:
            super().__init__()
            self.engine = engine
            self.country = f"{next(used):04}"

        def teardown(self) -> None:
            super().teardown()
            done.update(self.done)

    chosen = settings(
        max_examples=RUNS,
        stateful_step_count=LENGTH,
        deadline=None,
        derandomize=not SOAK,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(OnThisDatabase, settings=chosen)
    assert {Act.SHIP, Act.ENDORSE} <= set(done)
    assert len(done) >= 9, done
