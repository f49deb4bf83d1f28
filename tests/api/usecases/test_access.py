"""Keys and sessions on both databases: made once, kept as hashes, ended, and put on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from api.access.acts import Act
from api.access.allow import Actor, allow
from api.usecases import access
from api.usecases.access import KeyRefused, New
from registry.errors import Denied, NotFound, NotIdentified
from registry.models import AccessKey, AuditEvent, Role
from registry.store import audit
from registry.store.session import reading, session_factory, writing

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
OPERATOR = Actor("operator", Role.OPERATOR)
HEALTH = New("Ministry of Health", Role.AUTHORITY, "XA")


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return session_factory(engine)


def events(sessions: sessionmaker[Session]) -> list[tuple[str, str, str]]:
    with reading(sessions) as session:
        assert audit.verify_chain(session) is None
        in_order = select(AuditEvent).order_by(AuditEvent.seq)
        return [(one.actor, one.action, one.subject) for one in session.scalars(in_order)]


def everything(sessions: sessionmaker[Session]) -> str:
    """All that is stored of keys, sessions and acts, as text."""
    tables = ("access_key", "access_session", "audit_event")
    with reading(sessions) as session:
        return str([session.execute(text(f"SELECT * FROM {one}")).all() for one in tables])


def test_a_key_opens_what_it_was_made_for_until_it_is_revoked(
    sessions: sessionmaker[Session],
) -> None:
    made = access.add(sessions, replace(HEALTH, scopes=("*:read",)), actor=OPERATOR, now=NOW)
    actor = access.identify(sessions, made.key, now=NOW)
    assert actor == Actor(
        f"key:{made.shown['id']}", Role.AUTHORITY, "XA", "", ("*:read",), "Ministry of Health"
    )
    secret = made.key.rpartition("_")[2]
    assert secret not in everything(sessions)
    ended = access.revoke(sessions, made.shown["id"], actor=OPERATOR, now=NOW)
    assert not ended["holds"]
    again = access.revoke(sessions, made.shown["id"], actor=OPERATOR, now=NOW + timedelta(1))
    assert again["revoked_at"] == NOW
    with pytest.raises(NotIdentified):
        access.identify(sessions, made.key, now=NOW)
    assert events(sessions) == [
        ("operator", "key:made", made.shown["id"]),
        ("operator", "key:revoked", made.shown["id"]),
    ]


def test_every_key_that_does_not_hold_is_answered_alike(sessions: sessionmaker[Session]) -> None:
    made = access.add(sessions, replace(HEALTH, days=1), actor=OPERATOR, now=NOW)
    other = access.add(sessions, HEALTH, actor=OPERATOR, now=NOW)
    secret = other.key.removeprefix(f"subreg_{other.shown['id']}_")
    last = made.key[-1]
    tried = {
        "",
        "subreg",
        secret,
        f"subreg_{made.shown['id']}_{secret}",
        f"subreg_0000000000_{secret}",
        made.key[:-1] + ("A" if last != "A" else "B"),
        made.key + "A",
        made.key.upper(),
    }
    messages = set()
    for wrong in tried:
        with pytest.raises(NotIdentified) as refused:
            access.identify(sessions, wrong, now=NOW)
        messages.add(refused.value.message)
    assert access.identify(sessions, made.key, now=NOW + timedelta(hours=23))
    with pytest.raises(NotIdentified) as refused:
        access.identify(sessions, made.key, now=NOW + timedelta(days=1))
    assert messages == {refused.value.message}


def test_only_the_day_of_the_last_use_is_kept(sessions: sessionmaker[Session]) -> None:
    made = access.add(sessions, HEALTH, actor=OPERATOR, now=NOW)
    for hours in (0, 1, 30):
        access.identify(sessions, made.key, now=NOW + timedelta(hours=hours))
    (shown,) = access.listed(sessions, actor=OPERATOR, now=NOW).items
    assert shown["used_on"] == (NOW + timedelta(hours=30)).date()
    assert "hash" not in shown


def test_there_is_one_first_administrator_however_many_start_at_once(
    sessions: sessionmaker[Session],
) -> None:
    def start(_: int) -> access.Made | None:
        return access.first_administrator(sessions, actor="operator", now=NOW)

    assert not access.guarded(sessions, NOW)
    with ThreadPoolExecutor(8) as pool:
        made = [one for one in pool.map(start, range(8)) if one]
    assert len(made) == 1
    assert access.guarded(sessions, NOW)
    assert access.identify(sessions, made[0].key, now=NOW).role is Role.ADMINISTRATOR
    assert [action for _, action, _ in events(sessions)] == ["key:made"]
    with pytest.raises(IntegrityError), writing(sessions) as session:
        session.execute(text("UPDATE access_key SET role = 'operator'"))


def test_the_last_administrator_stays(sessions: sessionmaker[Session]) -> None:
    first = access.first_administrator(sessions, actor="operator", now=NOW)
    assert first is not None
    admin = access.identify(sessions, first.key, now=NOW)
    with pytest.raises(KeyRefused, match="last key"):
        access.revoke(sessions, first.shown["id"], actor=admin, now=NOW)
    access.add(sessions, New("second", Role.ADMINISTRATOR), actor=admin, now=NOW)
    access.revoke(sessions, first.shown["id"], actor=admin, now=NOW)
    assert access.first_administrator(sessions, actor="operator", now=NOW) is None
    with pytest.raises(NotFound):
        access.revoke(sessions, "ffffffffff", actor=OPERATOR, now=NOW)


def test_two_who_revoke_each_other_at_once_leave_one(sessions: sessionmaker[Session]) -> None:
    made = [
        access.add(sessions, New(name, Role.ADMINISTRATOR), actor=OPERATOR, now=NOW).shown["id"]
        for name in "ab"
    ]

    def end(key: str) -> bool:
        try:
            return not access.revoke(sessions, key, actor=OPERATOR, now=NOW)["holds"]
        except KeyRefused:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(end, made)) == 1
    assert access.guarded(sessions, NOW)


@pytest.mark.parametrize(
    "role", [one for one in Role if one not in (Role.ADMINISTRATOR, Role.OPERATOR)]
)
def test_nobody_else_manages_keys(role: Role, sqlite_sessions: sessionmaker[Session]) -> None:
    actor = Actor("somebody", role, "XA", "LIC-1")
    for attempt in (
        lambda: access.add(sqlite_sessions, HEALTH, actor=actor, now=NOW),
        lambda: access.listed(sqlite_sessions, actor=actor, now=NOW),
        lambda: access.revoke(sqlite_sessions, "0", actor=actor, now=NOW),
    ):
        with pytest.raises(Denied):
            attempt()
    with reading(sqlite_sessions) as session:
        assert session.scalars(select(AccessKey)).all() == []


@pytest.fixture(scope="module")
def sqlite_sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sessionmaker[Session]]:
    """One empty register for attempts that change nothing."""
    from registry.store import migrate
    from registry.store.session import make_engine

    url = f"sqlite:///{tmp_path_factory.mktemp('access') / 'register.sqlite'}"
    migrate.upgrade(url)
    engine = make_engine(url)
    yield session_factory(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (New(" ", Role.AUDITOR), "has a name"),
        (New("x" * 201, Role.AUDITOR), "at most 200"),
        (New("x", Role.LOCAL), "nobody holds a key"),
        (New("x", Role.OPERATOR), "nobody holds a key"),
        (New("x", Role.AUTHORITY), "for one country"),
        (New("x", Role.CUSTOMS, "xa"), "no country code"),
        (New("x", Role.APPLICANT, "XA"), "names the firm"),
        (New("x", Role.AUTHORITY, "XA", "LIC-1"), "names the firm"),
        (New("x", Role.AUDITOR, scopes=("authorization:*",)), "names no act"),
        (New("x", Role.AUDITOR, days=0), "holds for 1 to"),
        (New("x", Role.AUDITOR, days=10**9), "holds for 1 to"),
    ],
)
def test_a_key_that_nobody_can_mean_is_refused(
    new: New, said: str, sqlite_sessions: sessionmaker[Session]
) -> None:
    with pytest.raises(KeyRefused, match=said):
        access.add(sqlite_sessions, new, actor=OPERATOR, now=NOW)


def test_keys_are_listed_page_by_page(sessions: sessionmaker[Session]) -> None:
    made = {
        access.add(sessions, replace(HEALTH, name=f"n{n}"), actor=OPERATOR, now=NOW).shown["id"]
        for n in range(5)
    }
    seen, after = [], ""
    while True:
        page = access.listed(sessions, actor=OPERATOR, now=NOW, after=after, limit=2)
        seen += [one["id"] for one in page.items]
        after = page.after
        if not after:
            break
    assert seen == sorted(made)


def test_a_session_lasts_until_logout_its_end_or_the_end_of_its_key(
    sessions: sessionmaker[Session],
) -> None:
    made = access.add(sessions, HEALTH, actor=OPERATOR, now=NOW)
    actor, first = access.log_in(sessions, made.key, now=NOW)
    assert access.in_session(sessions, first, now=NOW) == actor
    assert first not in everything(sessions)
    for cookie, moment in ((first, NOW + access.SESSION), ("", NOW), (first + "x", NOW)):
        with pytest.raises(NotIdentified):
            access.in_session(sessions, cookie, now=moment)
    access.log_out(sessions, first, actor=actor, now=NOW)
    with pytest.raises(NotIdentified):
        access.in_session(sessions, first, now=NOW)
    _, second = access.log_in(sessions, made.key, now=NOW)
    access.revoke(sessions, made.shown["id"], actor=OPERATOR, now=NOW)
    with pytest.raises(NotIdentified):
        access.in_session(sessions, second, now=NOW)
    with pytest.raises(NotIdentified):
        access.log_in(sessions, made.key, now=NOW)
    acts = [action for _, action, _ in events(sessions)]
    assert acts == ["key:made", "session:begun", "session:ended", "session:begun", "key:revoked"]


def test_a_denied_act_is_put_on_record(sessions: sessionmaker[Session]) -> None:
    actor = Actor("key:1", Role.CUSTOMS, "XA")
    with pytest.raises(Denied) as denied:
        allow(actor, Act.KEYS_MANAGE)
    access.put_denial_on_record(sessions, denied.value, actor="door", now=NOW)
    nameless = NotIdentified("no key", act="key:use", subject="s" * 300)
    access.put_denial_on_record(sessions, nameless, actor="", now=NOW)
    with reading(sessions) as session:
        first, second = session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert (first.actor, first.action) == ("key:1", "act:denied")
    assert json.loads(first.payload) == {"act": "keys:manage", "code": "not-allowed"}
    assert (second.actor, len(second.subject)) == ("anonymous", 200)
