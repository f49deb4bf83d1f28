from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.errors import InputError
from registry.models import AuditEvent
from registry.store import audit
from registry.store.session import session_factory, writing

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
GUARDS = {
    "sqlite": "DROP TRIGGER audit_event_no_update",
    "postgresql": "DROP TRIGGER no_rewriting ON audit_event",
}
DELETING = {"sqlite": "DROP TRIGGER audit_event_no_delete", "postgresql": "SELECT 1"}


def append(session: Session, subject: str) -> AuditEvent:
    return audit.record(
        session, at=NOW, actor="clerk", action="decision:classify:made", subject=subject
    )


def tamper(session: Session, statement: str) -> None:
    dialect = session.get_bind().dialect.name
    for step in (GUARDS[dialect], DELETING[dialect], statement):
        session.connection().exec_driver_sql(step)
    session.commit()
    session.expunge_all()


@pytest.fixture
def five(session: Session) -> Session:
    for subject in "abcde":
        append(session, subject)
    session.commit()
    return session


def test_a_chain_nobody_touched_is_whole(five: Session) -> None:
    assert audit.verify_chain(five) is None
    events = list(five.scalars(select(AuditEvent).order_by(AuditEvent.seq)))
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    assert events[0].previous == audit.GENESIS
    assert events[4].previous == events[3].hash


def test_an_empty_chain_is_whole(session: Session) -> None:
    assert audit.verify_chain(session) is None


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE audit_event SET payload = '{\"x\":1}' WHERE seq = 3", 3),
        ("UPDATE audit_event SET actor = 'clerK' WHERE seq = 5", 5),
        (
            "UPDATE audit_event SET happened_at = '2026-03-01 12:30:00.000001+00:00' WHERE seq = 2",
            2,
        ),
        (f"UPDATE audit_event SET hash = '{'f' * 64}' WHERE seq = 2", 2),
        ("UPDATE audit_event SET seq = 9 WHERE seq = 4", 4),
        ("DELETE FROM audit_event WHERE seq = 1", 1),
    ],
)
def test_the_first_break_is_found_where_it_was_made(
    five: Session, statement: str, place: int
) -> None:
    tamper(five, statement)
    assert audit.verify_chain(five) == place


def test_an_event_rehashed_after_a_change_breaks_the_next_one(five: Session) -> None:
    event = five.get_one(AuditEvent, 2)
    event.actor = "forger"
    forged = audit.event_hash(event)
    five.rollback()
    tamper(five, f"UPDATE audit_event SET actor = 'forger', hash = '{forged}' WHERE seq = 2")
    assert audit.verify_chain(five) == 3


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM audit_event", "UPDATE audit_event SET actor = 'other' WHERE seq = 1"],
)
def test_the_database_refuses_to_change_the_log(five: Session, statement: str) -> None:
    with pytest.raises(IntegrityError, match="never rewritten"):
        five.execute(text(statement))


@pytest.mark.parametrize(("seq", "previous"), [(7, None), (6, "0" * 64), (1, "0" * 64)])
def test_the_database_refuses_an_event_that_does_not_follow(
    five: Session, seq: int, previous: str | None
) -> None:
    last = five.get_one(AuditEvent, 5)
    event = AuditEvent(
        seq=seq,
        at=NOW,
        actor="forger",
        action="seed:loaded",
        subject="x",
        payload="{}",
        previous=previous or last.hash,
        hash="e" * 64,
    )
    five.expunge_all()
    five.add(event)
    with pytest.raises(IntegrityError):
        five.flush()


def test_writers_at_the_same_time_never_fork_the_chain(session: Session, engine: Engine) -> None:
    factory = session_factory(engine)

    def write(writer: int) -> None:
        for number in range(15):
            with writing(factory) as own:
                append(own, f"{writer}-{number}")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write, range(3)))
    assert audit.verify_chain(session) is None
    subjects = set(session.scalars(select(AuditEvent.subject)))
    assert subjects == {f"{writer}-{number}" for writer in range(3) for number in range(15)}


def test_an_act_undone_leaves_no_event(session: Session, engine: Engine) -> None:
    def fail() -> None:
        with writing(session_factory(engine)) as own:
            append(own, "undone")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert session.scalars(select(AuditEvent)).all() == []


def test_the_hash_does_not_depend_on_how_the_moment_was_written(session: Session) -> None:
    event = append(session, "a")
    event.at = event.at.astimezone(timezone(timedelta(hours=5)))
    assert audit.event_hash(event) == event.hash


@pytest.mark.parametrize("action", ["made", "decision", "Decision:made", "a:b:c:d", "a::b", "a: b"])
def test_an_action_outside_the_grammar_is_an_error(session: Session, action: str) -> None:
    with pytest.raises(InputError, match="is not an action"):
        audit.record(session, at=NOW, actor="clerk", action=action, subject="x")


def test_a_float_in_the_payload_is_refused(session: Session) -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        audit.record(
            session, at=NOW, actor="c", action="seed:loaded", subject="x", payload={"a": [0.1]}
        )
