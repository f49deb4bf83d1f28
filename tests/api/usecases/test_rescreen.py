"""A watch is judged again: what changed is reported, whole, once, and by which clause."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from api import screening
from api.engine import Engine, open_engine
from api.settings import Settings
from api.usecases import rescreen as usecase
from api.usecases import watch
from api.usecases.rescreen import Report, rescreen
from api.usecases.watch_runs import Progress, WatchBusy
from registry import models
from registry.store import jobs
from registry.store.session import reading, writing
from registry.store.watches import Member, Wanted
from rules.load import LAW
from rules.sitting import Scope

ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
BEFORE, AFTER = date(2019, 7, 17), date(2019, 7, 18)
START = datetime(2026, 3, 1, tzinfo=UTC)
ALD_52 = "CCN(CC)C(=O)C1CN(C)C2Cc3cn(C(C)=O)c4cccc(C2=C1)c34"
STRUCTURES = (
    ("ALD-52", ALD_52, ""),
    ("caffeine", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", ""),
    ("broken", "C1CC(", ""),
    ("short row", "", "1 columns where the heading has 2"),
    ("aspirin", "CC(=O)Oc1ccccc1C(=O)O", ""),
)
Open = Callable[..., AbstractContextManager[Engine]]


class Clock:
    """A minute passes whenever somebody looks."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(register_url: str) -> Open:
    @contextmanager
    def opened(**more: Any) -> Iterator[Engine]:
        settings = Settings(database_url=register_url, workers=1, deadline_seconds=30, **more)
        with open_engine(settings, START) as engine:
            yield engine

    return opened


def members() -> list[Member]:
    return [Member(f"{n:09}", *one) for n, one in enumerate(STRUCTURES, 1)]


def add(engine: Engine, **more: Any) -> str:
    asked = {"scope": Scope(("DE",)), "members": members(), **more}
    added = watch.add(engine, watch.New("ours", **asked), actor="test", now=START)
    return str(added["id"])


def run(engine: Engine, asked: str, clock: Clock, on: date | None, **more: Any) -> Report:
    return rescreen(engine, asked, actor="test", clock=clock, on=on, workers=1, **more)


def found(engine: Engine, asked: str, number: int | None = None) -> list[dict[str, Any]]:
    return list(watch.changes(engine, asked, Wanted(run=number), limit=1000).items)


def test_a_day_of_new_law_is_reported_once_with_its_clause(opened: Open, clock: Clock) -> None:
    with opened() as engine:
        asked = add(engine)
        first = run(engine, asked, clock, BEFORE)
        assert (first.fresh, first.baseline, first.changed) == (True, True, 0)
        assert (first.members, first.undetermined) == (5, 2)
        assert found(engine, asked) == []
        second = run(engine, asked, clock, AFTER)
        assert (second.run, second.baseline, second.changed) == (2, False, 1)
        status, outcome = found(engine, asked, 2)
        assert (status["label"], status["before"], status["after"]) == (
            "ALD-52", "not_controlled", "controlled",
        )  # fmt: skip
        for change in (status, outcome):
            assert change["provision"] == "DE-NPSG-5.2"
            assert change["why"] == "provision began"
            assert change["clause"] == "a"
            assert change["text"].startswith("at the indole nitrogen (R1)")
        again = run(engine, asked, clock, AFTER)
        assert (again.fresh, again.run, again.changed) == (False, 2, 0)
        shown = watch.show(engine, asked)
    assert [one["number"] for one in shown["runs"]] == [2, 1]
    assert [(one["label"], one["error"]) for one in shown["undetermined"]] == [
        ("broken", "structure-unreadable"), ("short row", "record-unreadable"),
    ]  # fmt: skip


def test_of_two_who_ask_for_a_name_at_once_one_gets_it(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened() as engine:
        add(engine)
        monkeypatch.setattr(watch, "_require_free", lambda *_: None)  # both found it free
        with pytest.raises(watch.WatchRefused, match="there is a watch `ours` already"):
            add(engine)
        assert len(watch.listed(engine).items) == 1


@ON_SQLITE
def test_a_run_that_is_killed_goes_on_and_finds_the_same(
    opened: Open, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "CHUNK", 2)
    monkeypatch.setattr(usecase, "PAGE", 2)

    def die(_: Progress) -> None:
        raise KeyboardInterrupt

    with opened() as engine:
        asked = add(engine)
        run(engine, asked, clock, BEFORE)
        with pytest.raises(KeyboardInterrupt):
            run(engine, asked, clock, AFTER, progress=die)
        (cut, _) = watch.show(engine, asked)["runs"]
        assert (cut["number"], cut["members"], cut["finished_at"]) == (2, 2, None)
        seen: list[int] = []
        done = run(engine, asked, clock, AFTER, progress=lambda far: seen.append(far.members))
        assert seen == [4, 5], "what was judged before is not judged again"
        assert (done.run, done.members, done.changed, done.undetermined) == (2, 5, 1, 2)
        assert len(found(engine, asked)) == 2


@ON_SQLITE
def test_a_run_cut_short_by_a_change_of_law_is_compared_member_by_member(
    opened: Open, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "CHUNK", 2)
    monkeypatch.setattr(usecase, "PAGE", 2)

    def die(_: Progress) -> None:
        raise KeyboardInterrupt

    with opened() as engine:
        last = [*members()[1:], Member("000000009", "another ALD-52", ALD_52)]
        asked = add(engine, members=[members()[0], *last])
        run(engine, asked, clock, BEFORE)
        with pytest.raises(KeyboardInterrupt):
            run(engine, asked, clock, AFTER, progress=die)
        run(engine, asked, clock, date(2019, 7, 19))
        told = [(one["run"], one["label"]) for one in found(engine, asked)]
    assert told == [(2, "ALD-52")] * 2 + [(3, "another ALD-52")] * 2


def test_a_change_of_the_register_is_reported_with_who_joins_and_who_leaves(
    opened: Open, clock: Clock
) -> None:
    with opened() as engine:
        query = watch.Query(listed=("UN-*",))
        asked = add(engine, members=None, query=query, scope=Scope(("UN",)))
        first = run(engine, asked, clock, date(2026, 2, 1))
        assert (first.members, first.undetermined) == (3, 1), "coca leaf has no structure"
        change_register(engine, clock())
        second = run(engine, asked, clock, date(2026, 2, 1))
        assert second.changed == 2
        told = {
            (one["key"], one["kind"], one["before"], one["after"]) for one in found(engine, asked)
        }
    assert told == {
        ("ketamine", "joined", "", "controlled"),
        ("amfetamine", "left", "controlled", ""),
    }


def change_register(engine: Engine, at: datetime) -> None:
    """Ketamine comes under a Schedule and amfetamine is taken out of its own."""
    with writing(engine.sessions) as session:
        old = session.scalars(
            select(models.Listing).where(models.Listing.substance == "amfetamine")
        ).one()
        old.recorded_to = at
        session.add(
            models.Listing(
                key="UN-1971-II:ketamine",
                provision="UN-1971-II",
                substance="ketamine",
                name="ketamine",
                smiles="CNC1(CCCCC1=O)c1ccccc1Cl",
                valid_earliest=date(2000, 1, 1),
                valid_from=date(2000, 1, 1),
                recorded_from=at,
            )
        )


@ON_SQLITE
def test_an_edited_rule_file_is_reported_by_what_is_met_no_longer(
    opened: Open, clock: Clock, tmp_path: Path
) -> None:
    """The same day under a copy of the law whose group 5.2 begins a day later."""
    law = tmp_path / "law"
    shutil.copytree(LAW, law)
    rule = law / "de" / "DE-NPSG-5.2.yaml"
    text = rule.read_text(encoding="utf-8")
    rule.write_text(text.replace("  - from: 2019-07-18\n", "  - from: 2019-07-19\n", 1), "utf-8")
    with opened() as engine:
        asked = add(engine)
        run(engine, asked, clock, AFTER)
    with opened(law_root=law) as engine:
        assert run(engine, asked, clock, AFTER).changed == 1
        status, outcome = found(engine, asked)
    assert (status["label"], status["before"], status["after"]) == (
        "ALD-52", "controlled", "not_controlled",
    )  # fmt: skip
    assert (outcome["provision"], outcome["why"]) == ("DE-NPSG-5.2", "provision ended")
    assert (outcome["clause"], outcome["holds"]) == ("a", "no")


@ON_SQLITE
def test_two_processes_do_not_judge_one_watch_twice(
    opened: Open, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "CHUNK", 2)
    monkeypatch.setattr(usecase, "PAGE", 2)
    with opened() as engine:
        asked = add(engine)
        runs: list[Report] = []

        def meanwhile(_: Progress) -> None:
            if not runs:
                runs.append(run(engine, asked, clock, BEFORE))

        with pytest.raises(WatchBusy, match="`ours`"):
            run(engine, asked, clock, BEFORE, progress=meanwhile)
        assert runs[0].members == 5
        with reading(engine.sessions) as session:
            assert session.scalar(select(func.count()).select_from(models.WatchStanding)) == 5


@ON_SQLITE
def test_a_worker_that_lost_its_lease_writes_nothing(opened: Open, clock: Clock) -> None:
    with opened() as engine:
        asked = add(engine)
        watch.run_later(engine, asked, actor="test", now=START)
        with writing(engine.sessions) as session:
            slow = jobs.take(session, START, kinds=[watch.RUN])
            assert jobs.take(session, START + jobs.LEASE, kinds=[watch.RUN]) is not None
        with pytest.raises(jobs.LeaseLost):
            run(engine, asked, clock, BEFORE, lease=slow)
        with reading(engine.sessions) as session:
            assert session.scalar(select(func.count()).select_from(models.WatchStanding)) == 0


def test_what_was_found_is_never_rewritten(opened: Open, clock: Clock) -> None:
    with opened() as engine:
        asked = add(engine)
        run(engine, asked, clock, BEFORE)
        for model in (models.WatchRun, models.WatchChunk, models.WatchStanding):
            with (
                pytest.raises(DBAPIError, match="never rewritten"),
                writing(engine.sessions) as session,
            ):
                session.delete(session.scalars(select(model)).first())
        watch.remove(engine, asked, actor="test", now=clock())
        with reading(engine.sessions) as session:
            assert session.scalars(select(models.WatchMember)).all() == []
            assert session.scalars(select(models.Watch)).one().secret == ""


@ON_SQLITE
def test_a_check_asks_for_a_run_of_what_is_out_of_date_and_only_once(
    opened: Open, clock: Clock
) -> None:
    with opened() as engine:
        asked = add(engine, on=AFTER)
        (first,) = watch.check(engine, actor="test", now=clock())
        (second,) = watch.check(engine, actor="test", now=clock())
        assert first == second
        run(engine, asked, clock, None)
        assert watch.check(engine, actor="test", now=clock()) == []
        change_register(engine, clock())
        assert len(watch.check(engine, actor="test", now=clock())) == 1
