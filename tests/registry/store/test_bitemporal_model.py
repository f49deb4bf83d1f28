"""The register against a list of records kept by hand: any acts, asked at any two dates.

A step is an act or a question. `make soak` takes many more of them than every test run does:
SUBREG_SOAK says how many runs of up to 60 steps, on each kind of database.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.errors import InputError, NotFound
from registry.facts import InForce, Period, Standing
from registry.models import Listing, period_columns
from registry.snapshot import snapshot
from registry.store import changes, differences, history, listings
from registry.store.changes import Act, Kind, Wanted

START = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = date(2000, 1, 1)
DAYS = 8
SOAK = int(os.environ.get("SUBREG_SOAK", "0"))
RUNS, LENGTH = (SOAK, 60) if SOAK else (14, 25)

KEYS = st.sampled_from(["a", "b", "c"])
SUBSTANCES = st.sampled_from(["ketamine", "acetic-anhydride", None])
PROVISIONS = {"UN-1988-I": "UN", "GB-MDA-B-1a": "GB"}
MOMENTS = st.floats(-0.3, 1.2)
"""A moment as a share of the time that has passed: before the first act, between, to come."""


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Every shape of a period: each of its days may be unknown, or the first two one day."""
    marks = sorted(draw(st.sets(st.integers(1, DAYS - 2), min_size=3, max_size=3)))
    earliest, start, end = (day(mark) if draw(st.booleans()) else None for mark in marks)
    return draw(st.sampled_from([Period(earliest, start, end), Period.exact(start, end)]))


@dataclass(frozen=True)
class Said:
    """What a listing states."""

    provision: str
    substance: str | None
    name: str
    period: Period

    def row(self, key: str, at: datetime) -> Listing:
        return Listing(
            key=key,
            provision=self.provision,
            substance=self.substance,
            name=self.name,
            recorded_from=at,
            **period_columns(self.period),
        )


@dataclass(frozen=True)
class Entry:
    """One record of the model."""

    key: str
    said: Said
    since: datetime
    until: datetime | None = None

    def known(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


STATEMENTS = st.builds(
    Said, st.sampled_from(sorted(PROVISIONS)), SUBSTANCES, st.sampled_from(["x", "y"]), periods()
)
EVERY_DAY = [day(number) for number in range(DAYS + 1)]
DATES = st.sampled_from(EVERY_DAY)


def said(row: Listing) -> Said:
    return Said(row.provision, row.substance, row.name, row.valid)


def entry(row: Listing) -> Entry:
    return Entry(row.key, said(row), row.recorded_from, row.recorded_to)


def standing(period: Period, on: date) -> Standing:
    """Written another way than the code: what may be true on the day, day by day."""
    starts = [period.start] if period.earliest == period.start else [period.earliest, period.start]
    if period.earliest is None and period.start is not None:
        starts = [date.min, period.start]
    if period.earliest is not None and period.start is None:
        starts = [period.earliest, date.max]
    if period.earliest is None and period.start is None:
        starts = [date.min, date.max]
    if period.end is not None and not on < period.end:
        return Standing.ENDED
    begun = {start is not None and start <= on for start in starts}
    if begun == {True}:
        return Standing.IN_FORCE
    return Standing.MAYBE if True in begun else Standing.ANNOUNCED


class Register(RuleBasedStateMachine):
    """Acts on the register and on the list; questions to both."""

    session: Session
    steps: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.model: list[Entry] = []
        self.now = START

    @initialize(first=st.dictionaries(KEYS, STATEMENTS))
    def begin(self, first: dict[str, Said]) -> None:
        self.session.begin()
        for key, statement in first.items():
            history.record(self.session, statement.row(key, self.now))
            self.model.append(Entry(key, statement, self.now))

    def teardown(self) -> None:
        self.session.rollback()

    def count(self, step: str) -> None:
        self.steps[step] += 1

    # the list kept by hand

    def open(self) -> dict[str, Entry]:
        return {one.key: one for one in self.model if one.until is None}

    def shut(self, key: str) -> None:
        self.model = [
            replace(one, until=self.now) if one.key == key and one.until is None else one
            for one in self.model
        ]

    def held(self, at: datetime) -> list[Entry]:
        return sorted((one for one in self.model if one.known(at)), key=lambda one: one.key)

    def tick(self, step: timedelta) -> datetime:
        self.now += step
        return self.now

    def moment(self, share: float) -> datetime:
        """A moment of the past or to come; every second one is exactly that of an act."""
        acts = sorted({moment for one in self.model for moment in (one.since, one.until) if moment})
        if acts and 0 <= share < 0.5:
            return acts[int(share * 2 * len(acts))]
        return START + (self.now - START) * share

    # acts

    @rule(
        key=KEYS, statement=STATEMENTS, step=st.timedeltas(timedelta(microseconds=1), timedelta(9))
    )
    def record(self, key: str, statement: Said, step: timedelta) -> None:
        self.count("record")
        at = self.tick(step)
        if key in self.open():
            with pytest.raises(IntegrityError), self.session.begin_nested():
                history.record(self.session, statement.row(key, at))
            return
        history.record(self.session, statement.row(key, at))
        self.model.append(Entry(key, statement, at))

    @rule(
        key=KEYS, statement=STATEMENTS, step=st.timedeltas(timedelta(microseconds=1), timedelta(9))
    )
    def correct(self, key: str, statement: Said, step: timedelta) -> None:
        self.count("supersede")
        at = self.tick(step)
        if key not in self.open():
            with pytest.raises(NotFound):
                history.supersede(self.session, key, statement.row(key, at), at)
            return
        history.supersede(self.session, key, statement.row(key, at), at)
        self.shut(key)
        self.model.append(Entry(key, statement, at))

    @rule(key=KEYS, step=st.timedeltas(timedelta(microseconds=1), timedelta(9)))
    def close(self, key: str, step: timedelta) -> None:
        self.count("close")
        at = self.tick(step)
        for row in listings.history(self.session, key):
            if row.recorded_to is None:
                history.close(self.session, row, at)
        self.shut(key)

    @precondition(lambda self: self.open())
    @rule(key=KEYS, statement=STATEMENTS)
    def correct_backwards(self, key: str, statement: Said) -> None:
        """Nothing is recorded before what it replaces."""
        standing_now = self.open().get(key)
        if standing_now is None:
            return
        self.count("refused")
        with pytest.raises(InputError):
            history.supersede(self.session, key, statement.row(key, self.now), standing_now.since)

    @rule(
        wanted=st.dictionaries(KEYS, st.one_of(st.none(), STATEMENTS)),
        step=st.timedeltas(timedelta(microseconds=1), timedelta(9)),
    )
    def reconcile(self, wanted: dict[str, Said | None], step: timedelta) -> None:
        """None: as it stands."""
        self.count("reconcile")
        at, before = self.tick(step), self.open()
        told = {
            key: what or before[key].said for key, what in wanted.items() if what or key in before
        }
        rows = [what.row(key, at) for key, what in told.items()]
        found = history.reconcile(self.session, Listing, rows, at)
        kept = {key for key, what in told.items() if key in before and before[key].said == what}
        for key in before.keys() - kept:
            self.shut(key)
        self.model += [Entry(key, what, at) for key, what in told.items() if key not in kept]
        assert found == history.Changes(len(told) - len(kept), len(kept), len(before) - len(kept))

    # questions

    @rule(share=MOMENTS, provision=st.sampled_from([None, *PROVISIONS]))
    def ask_in_force(self, share: float, provision: str | None) -> None:
        self.count("in force")
        at, provisions = self.moment(share), [provision] if provision else []
        held = [one for one in self.held(at) if provision in (None, one.said.provision)]
        answers = {Standing.IN_FORCE: InForce.YES, Standing.MAYBE: InForce.UNKNOWN}
        for on in EVERY_DAY:
            stood = [(one, standing(one.said.period, on)) for one in held]
            found = listings.in_force(self.session, on, at, provisions=provisions)
            assert [(row.key, state) for row, state in found] == [
                (one.key, answers[state]) for one, state in stood if state in answers
            ]
            every = listings.standing(self.session, on, at, provisions=provisions)
            assert [(row.key, state) for row, state in every] == [(one.key, s) for one, s in stood]

    @rule(share=MOMENTS, state=st.sampled_from(Standing), substance=SUBSTANCES, key=KEYS)
    def ask_standing(self, share: float, state: Standing, substance: str | None, key: str) -> None:
        self.count("standing")
        at = self.moment(share)
        for on in EVERY_DAY:
            of_state = [one for one in self.held(at) if standing(one.said.period, on) is state]
            found = listings.standing(self.session, on, at, states=[state], substance=substance)
            assert [row.key for row, _ in found] == [
                one.key for one in of_state if substance in (None, one.said.substance)
            ]
            alone = listings.standing(self.session, on, at, states=[state], key=key)
            assert [entry(row) for row, _ in alone] == [one for one in of_state if one.key == key]

    @rule(share=MOMENTS, substance=st.sampled_from(["ketamine", "acetic-anhydride"]))
    def ask_of_substance(self, share: float, substance: str) -> None:
        self.count("of a substance")
        at = self.moment(share)
        found = listings.of_substance(self.session, substance, at)
        wanted = [one for one in self.held(at) if one.said.substance == substance]
        assert [entry(row) for row in found] == sorted(
            wanted, key=lambda one: (one.said.provision, one.key)
        )

    @rule(key=KEYS, share=MOMENTS)
    def ask_history(self, key: str, share: float) -> None:
        self.count("history")
        assert [entry(row) for row in listings.history(self.session, key)] == [
            one for one in self.model if one.key == key
        ]
        at = self.moment(share)
        held = [one for one in self.held(at) if one.key == key]
        if held:
            assert entry(listings.get(self.session, key, at)) == held[0]
        else:
            with pytest.raises(NotFound):
                listings.get(self.session, key, at)

    @rule(since=DATES, until=DATES, share=MOMENTS)
    def ask_what_moved(self, since: date, until: date, share: float) -> None:
        self.count("diff in law")
        since, until = sorted((since, until))
        at = self.moment(share)
        found = differences.moved(self.session, since, until, at)
        pairs = [
            (one, standing(one.said.period, since), standing(one.said.period, until))
            for one in self.held(at)
        ]
        assert {(entry(one.listing), one.before, one.after) for one in found} == {
            pair for pair in pairs if pair[1] is not pair[2]
        }

    @rule(first=MOMENTS, second=MOMENTS)
    def ask_what_was_learnt(self, first: float, second: float) -> None:
        self.count("diff in knowledge")
        since, until = sorted((self.moment(first), self.moment(second)))
        before = {one.key: one.said for one in self.held(since)}
        after = {one.key: one.said for one in self.held(until)}
        found = differences.learnt(self.session, since, until)
        assert {
            one.key: (one.before and said(one.before), one.after and said(one.after))
            for one in found
        } == {
            key: (before.get(key), after.get(key))
            for key in {*before, *after}
            if before.get(key) != after.get(key)
        }

    @rule(
        share=MOMENTS,
        limit=st.integers(1, 4),
        newest_first=st.booleans(),
        substance=st.sampled_from(["", "ketamine"]),
        jurisdiction=st.sampled_from(["", "UN"]),
        bounded=st.booleans(),
    )
    def ask_the_feed(
        self,
        share: float,
        limit: int,
        newest_first: bool,
        substance: str,
        jurisdiction: str,
        bounded: bool,
    ) -> None:
        self.count("feed")
        at = self.moment(share)
        wanted = Wanted(
            until=at,
            since=START + (at - START) / 2 if bounded else None,
            kinds=[Kind.LISTING],
            substance=substance,
            jurisdiction=jurisdiction,
            newest_first=newest_first,
        )
        expected = list(self.happened(wanted))
        found = list(self.pages(wanted, limit))
        moments = [change.place for change in found]
        assert moments == sorted(moments, reverse=newest_first)
        assert sorted((c.place.at, c.row.key, c.act.value, said(c.row)) for c in found) == sorted(
            expected, key=lambda one: one[:2]
        )

    def pages(self, wanted: Wanted, limit: int) -> Iterator[changes.Change]:
        after = None
        while True:
            page = changes.page(self.session, wanted, after=after, limit=limit)
            yield from page
            if len(page) < limit:
                return
            after = page[-1].place

    def happened(self, wanted: Wanted) -> Iterator[tuple[datetime, str, str, Said]]:
        """Every act on the list, from the two ends of each record."""
        for one in self.model:
            same = [other for other in self.model if other.key == one.key]
            before = [other for other in same if other.until == one.since]
            known = [other for other in same if other.since <= wanted.until]
            if not any(about(other, wanted) for other in known):
                continue
            if wanted.until >= one.since >= (wanted.since or START):
                act = Act.CORRECTED if before else Act.ADDED
                yield one.since, one.key, act.value, one.said
            if one.until is None or any(other.since == one.until for other in same):
                continue
            if wanted.until >= one.until >= (wanted.since or START):
                yield one.until, one.key, Act.WITHDRAWN.value, one.said

    @rule(share=MOMENTS)
    def ask_snapshot(self, share: float) -> None:
        self.count("snapshot")
        at = self.moment(share)
        held = self.held(at)
        facts = snapshot(self.session, at)
        assert [
            (one.id, Said(one.provision, one.substance, one.name, one.valid))
            for one in facts.listings
        ] == [(one.key, one.said) for one in held]
        last = max((one.since for one in held), default=at)
        same = self.held(last) == held
        hashes = {facts.content_hash, snapshot(self.session, last).content_hash}
        assert at < START or len(hashes) == (1 if same else 2)


def about(one: Entry, wanted: Wanted) -> bool:
    return (not wanted.substance or one.said.substance == wanted.substance) and (
        not wanted.jurisdiction or PROVISIONS[one.said.provision] == wanted.jurisdiction
    )


@pytest.mark.timeout(0 if SOAK else 120)
def test_the_register_agrees_with_a_list_kept_by_hand(
    engine: Engine, fill: Callable[[Session], None], database_kind: str
) -> None:
    """Differences: none, or the shortest acts that show one."""
    with Session(engine, expire_on_commit=False) as stocked:
        fill(stocked)
        stocked.commit()
    steps: Counter[str] = Counter()
    with Session(engine) as session:
        machine: Any = type("OnDatabase", (Register,), {"session": session, "steps": steps})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=LENGTH,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    told = ", ".join(f"{count} {step}" for step, count in steps.most_common())
    sys.stdout.write(f"\n{database_kind}: {steps.total()} steps, 0 differences ({told})\n")
    assert steps.total() >= RUNS * 10
