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

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from api.access.allow import Actor
from api.usecases.trade import ledgers, life, moving, papers
from api.usecases.trade.ledgers import Figure
from api.usecases.trade.life import Period
from api.usecases.trade.moving import Arrived, Shipped
from registry.errors import Denied, NotFound
from registry.models import AuditEvent, EntryKind, Role
from registry.store import audit, authorisations
from registry.store.ledgers import OverLimit
from registry.store.session import reading
from registry.trade_facts import AuthorisationState as State
from registry.trade_facts import Paper, Party, Route
from rules.trade.states import HELD, TRANSITIONS, Act, ActRefused, possible
from rules.trade.validity import Bound
from tests.api.usecases.trade.conftest import authority_of, by, draft, estimate, goods

SOAK = int(os.environ.get("SUBREG_SOAK", "0"))
RUNS, LENGTH = (SOAK, 60) if SOAK else (3, 40)
LIMIT = 300
FIRMS = (Act.SUBMIT, Act.WITHDRAW)
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
        self.authority = authority_of(self.country)
        self.firm = Actor("firm", Role.APPLICANT, self.country, "XA-7")
        self.kept: dict[str, Kept] = {}
        self.limit, self.outside, self.day = LIMIT, 0, 0
        self.facts = False  # whether a fact was booked that no limit can refuse
        self.done: Counter[Act] = Counter()
        self.tried: Counter[Act] = Counter()

    @initialize()
    def begin(self) -> None:
        self.ledger = estimate(
            self.engine, Decimal(LIMIT), keeper=self.country, country=self.country
        )

    def by(self, act: Act | None = None, state: State = State.ISSUED) -> Any:
        """Whose act it is in this state: the firm's that applies, or else the authority's."""
        applies = act in FIRMS or (act is Act.AMEND and state not in HELD)
        return by(self.firm if applies else self.authority, days=self.day)

    def states(self) -> dict[str, State]:
        with reading(self.engine.sessions) as session:
            found = authorisations.states(session, list(self.kept))
        return {paper: found[paper] for paper in self.kept}

    def draft(self, grams: int, several: bool) -> Any:
        return draft(
            goods(grams),
            jurisdiction=self.country,
            importer=Party("In Ltd", "3 Street, Xa", self.country, "XA-7"),
            route=Route("XB", self.country),
            consignments=None if several else 1,
        )

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """One rule, so that every run has a bit of everything."""
        kind = data.draw(
            st.sampled_from(
                ["issue", "act", "act", "act", "act", "act", "any", "outside", "supplement", "day"]
            )
        )
        if kind == "issue" or not self.kept:
            self.issue_one(data)
        elif kind == "act":
            self.possible_act(data)
        elif kind == "any":
            papers_there, acts = st.sampled_from(list(self.kept)), st.sampled_from(list(Act))
            self.try_one(data.draw(acts), data.draw(papers_there), data)
        elif kind == "outside":
            self.trade_outside(data.draw(st.integers(-20, 40)))
        elif kind == "supplement":
            self.supplement(data.draw(st.integers(0, 60)))
        else:
            self.day = min(self.day + data.draw(st.integers(1, 15)), 200)

    def issue_one(self, data: st.DataObject) -> None:
        """A paper drafted, and carried on as far as the draw says and the estimate holds."""
        grams, several = data.draw(st.integers(1, 60)), data.draw(st.booleans())
        who = by(self.firm, days=self.day)
        paper = papers.create(self.engine, self.draft(grams, several), who)["id"]
        self.kept[paper] = Kept(grams)
        way = (Act.SUBMIT, Act.GRANT, Act.ISSUE)
        for act in way[: data.draw(st.sampled_from((3, 3, 2, 1, 0)))]:
            self.try_one(act, paper, data)

    def possible_act(self, data: st.DataObject) -> None:
        """An act that the state of some paper allows, of those tried least; then the paper."""
        states = self.states()
        acts = sorted({act for state in states.values() for act in possible(state)})
        if acts:
            seldom = sorted(acts, key=lambda act: self.tried[act])[:4]
            act = data.draw(st.sampled_from(seldom))
            self.tried[act] += 1
            there = [paper for paper, state in states.items() if act in possible(state)]
            self.try_one(act, data.draw(st.sampled_from(there)), data)

    def try_one(self, act: Act, paper: str, data: st.DataObject) -> None:
        state = self.states()[paper]
        try:
            self.do(act, paper, state, data)
        except ActRefused:
            return
        except Denied:
            assert act not in possible(state), "whose act it is may do it"
            return
        except OverLimit:
            assert act in (Act.GRANT, Act.AMEND)
            return
        assert act in possible(state)
        self.kept[paper].versions += 1
        self.done[act] += 1

    def do(self, act: Act, paper: str, state: State, data: Any) -> None:
        kept, who = self.kept[paper], self.by(act, state)
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

    def trade_outside(self, grams: int) -> None:
        figure = Figure(grams=Decimal(grams), reason="fax", source="form 3")
        if self.outside + grams < 0:
            return
        ledgers.enter(self.engine, self.ledger, EntryKind.OUTSIDE, figure, self.by())
        self.outside += grams
        self.facts = True

    def supplement(self, grams: int) -> None:
        figure = Figure(grams=Decimal(grams), reason="more", source="letter")
        ledgers.enter(self.engine, self.ledger, EntryKind.SUPPLEMENT, figure, self.by())
        self.limit += grams

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
        reserved = sum(
            self.kept[paper].left for paper, state in self.states().items() if state in HELD
        )
        shown = ledgers.show(self.engine, self.ledger, self.authority, date(2026, 6, 1))
        sums = tuple(Decimal(shown[name]) for name in ("limit", "reserved", "used"))
        assert sums == (self.limit, reserved, self.used())
        assert self.facts or reserved + self.used() <= self.limit

    @invariant()
    def numbers_have_no_gap_and_no_two_papers_share_one(self) -> None:
        series = (self.country, Paper.IMPORT, 2026, self.authority)
        found = papers.numbers(self.engine, *series, limit=1000).items
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
            self.engine = engine
            self.country = f"{next(used):04}"
            super().__init__()

        def teardown(self) -> None:
            super().teardown()
            done.update(self.done)

    chosen = settings(
        max_examples=RUNS,
        stateful_step_count=LENGTH,
        deadline=None,
        derandomize=not SOAK,
        phases=(Phase.generate,),  # a failing run is short enough to read
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(OnThisDatabase, settings=chosen)
    assert {Act.SHIP, Act.ENDORSE} <= set(done), done
    assert len(done) >= 7, done
    assert not SOAK or set(done) == set(Act), done
