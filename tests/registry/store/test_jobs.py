"""Jobs on both databases, and two processes that take them at the same time."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from registry.errors import NotFound
from registry.models import Job, JobState
from registry.store import jobs
from registry.store.jobs import Lease, LeaseLost
from registry.store.session import make_engine, session_factory, writing

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
KINDS = ("work",)

# A process that takes jobs until none is left and prints which ones it did.
WORKER = """
import sys
from datetime import UTC, datetime
from registry.store import jobs
from registry.store.session import make_engine, session_factory, writing
sessions = session_factory(make_engine(sys.argv[1]))
now = datetime(2026, 6, 1, tzinfo=UTC)
print("ready", flush=True)
sys.stdin.readline()
while True:
    with writing(sessions) as session:
        lease = jobs.take(session, now, kinds=["work"])
    if lease is None:
        break
    with writing(sessions) as session:
        jobs.finish(session, lease, now)
    print(lease.payload["number"], lease.attempt, flush=True)
"""


def ask(engine: Engine, *, key: str = "", attempts: int = 5, number: int = 0) -> str:
    with writing(session_factory(engine)) as session:
        job = jobs.enqueue(
            session,
            "work",
            {"number": number},
            now=NOW,
            actor="test",
            key=key,
            attempts=attempts,
        )
        return job.id


def take(engine: Engine, at: datetime = NOW) -> Lease | None:
    with writing(session_factory(engine)) as session:
        return jobs.take(session, at, kinds=KINDS)


def state(engine: Engine, job: str) -> str:
    with session_factory(engine)() as session:
        return jobs.get(session, job).state


def test_a_job_is_asked_for_in_the_transaction_that_needs_it(engine: Engine) -> None:
    def rolled_back() -> None:
        with writing(session_factory(engine)) as session:
            jobs.enqueue(session, "work", {}, now=NOW, actor="test")
            raise NotFound("no act, no job")

    with pytest.raises(NotFound):
        rolled_back()
    assert take(engine) is None


def test_one_unfinished_job_has_a_key(engine: Engine) -> None:
    first = ask(engine, key="watch")
    assert ask(engine, key="watch") == first
    lease = take(engine)
    assert lease is not None
    assert lease.id == first
    assert ask(engine, key="watch") == first, "while it is done it is not asked for again"
    with writing(session_factory(engine)) as session:
        jobs.finish(session, lease, NOW, {"found": 3})
    assert ask(engine, key="watch") != first
    with session_factory(engine)() as session:
        assert jobs.get(session, first).result == {"found": 3}
    assert ask(engine) != ask(engine)


def test_a_job_is_taken_when_it_is_due_and_by_one_only(engine: Engine) -> None:
    ask(engine)
    assert take(engine, NOW - timedelta(seconds=1)) is None
    assert take(engine) is not None
    assert take(engine) is None


def test_jobs_of_kinds_nobody_here_does_are_left_alone(engine: Engine) -> None:
    ask(engine)
    with writing(session_factory(engine)) as session:
        assert jobs.take(session, NOW, kinds=["other"]) is None


def test_who_falls_silent_loses_the_job_and_writes_nothing_more(engine: Engine) -> None:
    job = ask(engine)
    slow = take(engine)
    assert slow is not None
    later = NOW + jobs.LEASE
    fast = take(engine, later)
    assert fast is not None
    assert (fast.id, fast.token, fast.attempt) == (job, 2, 2)
    for act in (jobs.renew, jobs.finish):
        with pytest.raises(LeaseLost), writing(session_factory(engine)) as session:
            act(session, slow, later)
    with writing(session_factory(engine)) as session:
        jobs.finish(session, fast, later)
    with pytest.raises(LeaseLost), writing(session_factory(engine)) as session:
        jobs.fail(session, slow, later, "too late")
    assert state(engine, job) == JobState.DONE


def test_who_renews_keeps_the_job(engine: Engine) -> None:
    ask(engine)
    lease = take(engine)
    assert lease is not None
    with writing(session_factory(engine)) as session:
        jobs.renew(session, lease, NOW + jobs.LEASE)
    assert take(engine, NOW + jobs.LEASE) is None
    assert take(engine, NOW + 2 * jobs.LEASE) is not None


def test_a_job_that_fails_is_tried_again_later_and_given_up_after_its_last_attempt(
    engine: Engine,
) -> None:
    job = ask(engine, attempts=3)
    at, waits = NOW, []
    for _ in range(3):
        lease = take(engine, at)
        assert lease is not None
        with writing(session_factory(engine)) as session:
            jobs.fail(session, lease, at, "the receiver did not answer")
            waits.append(jobs.get(session, job).due_at - at)
        assert take(engine, at) is None
        at += jobs.wait_after(lease.attempt)
    assert waits[:2] == [timedelta(seconds=30), timedelta(seconds=60)]
    assert state(engine, job) == JobState.DEAD
    assert take(engine, NOW + timedelta(days=9)) is None
    with session_factory(engine)() as session:
        assert jobs.get(session, job).error == "the receiver did not answer"


def test_a_job_whose_workers_all_fell_silent_is_given_up(engine: Engine) -> None:
    job = ask(engine, attempts=2)
    for attempt in range(2):
        assert take(engine, NOW + attempt * jobs.LEASE) is not None
    assert take(engine, NOW + 2 * jobs.LEASE) is None
    assert state(engine, job) == JobState.DEAD


def test_what_cannot_be_helped_is_given_up_at_once(engine: Engine) -> None:
    job = ask(engine)
    lease = take(engine)
    assert lease is not None
    with writing(session_factory(engine)) as session:
        jobs.fail(session, lease, NOW, "the watch was removed", for_good=True)
    assert state(engine, job) == JobState.DEAD


def test_the_wait_grows_to_an_hour() -> None:
    waits = [jobs.wait_after(attempt) for attempt in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)


def test_two_processes_do_every_job_once(database_url: str, engine: Engine) -> None:
    for number in range(24):
        ask(engine, number=number)
    command = [sys.executable, "-c", WORKER, database_url]
    workers = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    outs = [worker.communicate(timeout=60)[0].splitlines() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sorted(outs[0] + outs[1]) == sorted(f"{number} 1" for number in range(24))
    with session_factory(engine)() as session:
        states = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    assert [tuple(row) for row in states] == [("done", 24)]


ACTS = st.lists(
    st.tuples(st.sampled_from(["ask", "take", "end", "fail", "renew", "wait"]), st.integers(0, 3)),
    max_size=40,
)


def acted(engine: Engine, act: str, lease: Lease, at: datetime) -> bool:
    """Whether a lease was good enough for what its holder did."""
    try:
        with writing(session_factory(engine)) as session:
            if act == "fail":
                jobs.fail(session, lease, at, "failed")
            else:
                {"end": jobs.finish, "renew": jobs.renew}[act](session, lease, at)
    except LeaseLost:
        return False
    return True


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_whatever_workers_do_a_job_is_held_by_one_and_done_once(
    acts: list[tuple[str, int]], sqlite_template: Path
) -> None:
    """Every lease ever given out is kept and used again: only the newest of a live job may act."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "jobs.sqlite"
        file.write_bytes(sqlite_template.read_bytes())
        engine = make_engine(f"sqlite:///{file}")
        at, leases, ended = NOW, list[Lease](), set[str]()
        for act, which in acts:
            if act == "ask":
                ask(engine)
            elif act == "wait":
                at += jobs.LEASE * (which + 1) / 2
            elif act == "take":
                taken = [lease for lease in [take(engine, at)] if lease]
                assert ended.isdisjoint(lease.id for lease in taken)
                leases += taken
            elif leases and acted(engine, act, lease := leases[which % len(leases)], at):
                assert lease.token == max(one.token for one in leases if one.id == lease.id)
                assert lease.id not in ended
                ended |= {lease.id} if act == "end" else set()
        engine.dispose()


def test_a_job_nobody_asked_for_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFound), session_factory(engine)() as session:
        jobs.get(session, "none")
