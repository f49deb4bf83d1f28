"""Whoever may not is denied alike whether there is a notification or not, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from api.access.allow import Actor
from api.messages.message import Kind
from api.usecases import notification_permission as permission
from api.usecases import notifications as usecase
from api.usecases import notifications_shown as seen
from api.usecases.notification_messages import receive
from api.usecases.notification_record import Step
from api.usecases.notifications import KeyReused, VersionChanged
from registry.errors import Denied, InputError, NotFound
from registry.models import Base, NotificationVersion, Role
from registry.store.notifications import Wanted
from registry.store.session import reading, session_factory
from registry.trade_facts import Party
from rules.shipment.consignment import read_consignment
from rules.trade.notification_states import Act, ActNotPossible
from tests.api.usecases.notifying import (
    ANNA,
    CONSIGNMENT,
    DAY,
    GATE,
    HOUR,
    SENT,
    THERE,
    foreign,
    new,
    reply,
)

Sessions = sessionmaker[Session]
AUDITOR, ANALYST = Actor("auditor", Role.AUDITOR), Actor("analyst", Role.ANALYST, "AT")
READER = replace(ANNA, id="reader", scopes=("notification:read",))
EXPORTER = Actor("exporter", Role.APPLICANT, "AT", "Exporter GmbH")
CUSTOMS, TRANSIT = (Actor(f"customs of {c}", Role.CUSTOMS, c) for c in ("AT", "HU"))
STRANGERS = (
    Actor("authority of DE", Role.AUTHORITY, "DE"),
    Actor("namesake", Role.APPLICANT, "DE", "Exporter GmbH"),
    Actor("competitor", Role.APPLICANT, "AT", "Other GmbH"),
    Actor("administrator", Role.ADMINISTRATOR),
    Actor("local", Role.LOCAL),
    Actor("operator", Role.OPERATOR),
    Actor("anonymous", Role.ANONYMOUS),
)


@pytest.fixture
def database_kind() -> str:
    """What is asked here is asked before any database is."""
    return "sqlite"


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return session_factory(engine)


def rows(sessions: Sessions) -> dict[str, Any]:
    """Everything on record."""
    with reading(sessions) as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.execute(select(table)).all() for table in tables}


def drafted(sessions: Sessions, **changes: Any) -> str:
    return str(usecase.compose(sessions, new(**changes), actor=ANNA, now=SENT)["id"])


def do(sessions: Sessions, one: str, act: Act, actor: Actor, **more: Any) -> dict[str, Any]:
    step = Step(act, SENT, proof="receipt", **more)
    return usecase.act(sessions, one, step, actor=actor, now=SENT)


def sent(sessions: Sessions) -> dict[str, Any]:
    return do(sessions, drafted(sessions), Act.SEND, ANNA)


def refusal(ask: Callable[[], Any]) -> tuple[type[Exception], str, str, str]:
    with pytest.raises(Denied) as denied:
        ask()
    return type(denied.value), denied.value.code, denied.value.message, denied.value.act


@pytest.mark.parametrize("actor", STRANGERS, ids=lambda actor: actor.id)
def test_to_strangers_a_notification_is_as_if_it_were_not_there(
    sessions: Sessions, actor: Actor
) -> None:
    one = sent(sessions)
    receive(sessions, foreign(), actor=GATE, now=SENT)
    before = rows(sessions)
    asks: list[Callable[[str], Any]] = [
        *(lambda it, act=act: do(sessions, it, act, actor, expected=1) for act in Act),
        lambda it: usecase.amend(sessions, it, new(), actor=actor, now=SENT, expected=1),
        lambda it: seen.show(sessions, it, actor=actor, now=SENT),
        lambda it: seen.message_of(sessions, it, actor=actor),
    ]
    for ask in asks:
        assert refusal(lambda ask=ask: ask(one["id"])) == refusal(lambda ask=ask: ask("nowhere"))
    by_number = refusal(lambda: seen.show(sessions, one["number"], actor=actor, now=SENT))
    assert by_number == refusal(lambda: seen.show(sessions, "IN-0", actor=actor, now=SENT))
    for kind in Kind:
        told = [
            refusal(lambda it=it: receive(sessions, it, actor=actor, now=SENT))
            for number in ("IN-77", "IN-0")
            for late in (False, True)
            for it in [foreign(kind, number, at=SENT + late * DAY)]
        ]
        assert len(set(told)) == 1, kind
    refusal(lambda: usecase.compose(sessions, new(), actor=actor, now=SENT))
    assert seen.listed(sessions, Wanted(), actor=actor).items == ()
    due = seen.due(sessions, actor=actor, by=SENT + 99 * DAY, now=SENT)
    assert (due["due"], due["without_clock"]) == ([], [])
    assert rows(sessions) == before


@pytest.mark.parametrize("actor", [AUDITOR, ANALYST, READER, CUSTOMS, TRANSIT, EXPORTER])
def test_whoever_only_reads_changes_nothing(sessions: Sessions, actor: Actor) -> None:
    one = sent(sessions)
    before = rows(sessions)
    for act in Act:
        with pytest.raises((Denied, ActNotPossible)):
            do(sessions, one["id"], act, actor)
    with pytest.raises(VersionChanged):
        do(sessions, one["id"], Act.STOP, actor, expected=1)
    refusal(lambda: usecase.expire_due(sessions, actor=actor, now=SENT + 99 * DAY))
    word = reply(Kind.OBJECTION, one["number"], SENT)
    refusal(lambda: receive(sessions, word, actor=actor, now=SENT))
    refusal(lambda: receive(sessions, foreign(), actor=actor, now=SENT))
    assert rows(sessions) == before
    assert seen.show(sessions, one["number"], actor=actor, now=SENT)["possible"] == []
    assert seen.message_of(sessions, one["id"], actor=actor).number == one["number"]
    assert [row["id"] for row in seen.listed(sessions, Wanted(), actor=actor).items] == [one["id"]]
    due = seen.due(sessions, actor=actor, by=SENT, now=SENT)
    assert [row["id"] for row in due["without_clock"]] == [one["id"]]


def test_nobody_else_meets_a_draft(sessions: Sessions) -> None:
    one = drafted(sessions)
    for actor in (THERE, CUSTOMS, TRANSIT, EXPORTER):
        refusal(lambda actor=actor: seen.show(sessions, one, actor=actor, now=SENT))
    for actor in (ANNA, ANALYST, AUDITOR):
        assert seen.show(sessions, one, actor=actor, now=SENT)["state"] == "draft"
    with pytest.raises(NotFound):
        seen.show(sessions, "nowhere", actor=AUDITOR, now=SENT)


def test_a_draft_cannot_be_made_that_of_another_authority(sessions: Sessions) -> None:
    one = drafted(sessions)
    moved = {**CONSIGNMENT, "movement": {"from": "DE", "to": "TR"}}
    other = new(consignment=read_consignment(moved), sender=Party("Authority of Germany"))
    before = rows(sessions)
    refusal(lambda: usecase.compose(sessions, other, actor=ANNA, now=SENT))
    refusal(lambda: usecase.amend(sessions, one, other, actor=ANNA, now=SENT, expected=1))
    assert rows(sessions) == before


def test_the_other_end_replies_itself_and_does_no_more(sessions: Sessions) -> None:
    one = sent(sessions)
    assert seen.show(sessions, one["id"], actor=THERE, now=SENT)["possible"] == [
        "no_objection", "objection", "more_information", "suspend", "stop",
    ]  # fmt: skip
    for act in (Act.DELIVER, Act.SHIP, Act.CANCEL):
        refusal(lambda act=act: do(sessions, one["id"], act, THERE))
    refusal(lambda: receive(sessions, reply(Kind.READ, one["number"], SENT), actor=THERE, now=SENT))
    assert do(sessions, one["id"], Act.OBJECTION, THERE)["state"] == "objection"
    word = reply(Kind.NO_OBJECTION, one["number"], SENT)
    assert receive(sessions, word, actor=THERE, now=SENT)["state"] == "no_objection"
    with reading(sessions) as session:
        found = session.scalars(select(NotificationVersion.actor).order_by("version"))
        assert list(found) == [ANNA.id, ANNA.id, THERE.id, THERE.id]


def test_a_message_taken_in_by_two_has_its_effect_once(sessions: Sessions) -> None:
    one = sent(sessions)
    word = reply(Kind.OBJECTION, one["number"], SENT)
    first = receive(sessions, word, actor=GATE, now=SENT)
    for actor in (ANNA, THERE):
        again = receive(sessions, word, actor=actor, now=SENT + HOUR)
        assert again["version"] == first["version"]
    with pytest.raises(KeyReused):
        receive(sessions, replace(word, text="other"), actor=ANNA, now=SENT)


def test_a_key_that_was_used_opens_nothing_any_more_for_whoever_may_not(
    sessions: Sessions,
) -> None:
    one = drafted(sessions)
    do(sessions, one, Act.SEND, ANNA, key="k")
    assert do(sessions, one, Act.SEND, ANNA, key="k")["state"] == "sent"
    narrowed = replace(ANNA, scopes=("authorisation:*",))
    refusal(lambda: do(sessions, one, Act.SEND, narrowed, key="k"))


def test_of_two_with_one_number_each_is_found_by_whoever_may_read_it(sessions: Sessions) -> None:
    number = sent(sessions)["number"]
    receive(sessions, foreign(number=number), actor=GATE, now=SENT)
    with pytest.raises(InputError, match="several"):
        seen.show(sessions, number, actor=ANNA, now=SENT)
    india = Actor("authority of IN", Role.AUTHORITY, "IN")
    assert seen.show(sessions, number, actor=india, now=SENT)["direction"] == "in"
    assert seen.show(sessions, number, actor=THERE, now=SENT)["direction"] == "out"


def test_a_list_goes_on_past_what_is_not_theirs(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are full although the rows between are of others."""
    monkeypatch.setattr(permission, "CHUNK", 2)
    theirs = [sent(sessions)["id"] if at % 2 else drafted(sessions) for at in range(8)][1::2]
    first = seen.listed(sessions, Wanted(), actor=THERE, limit=3)
    rest = seen.listed(sessions, Wanted(), actor=THERE, after=first.after, limit=3)
    assert [one["id"] for one in (*first.items, *rest.items)] == sorted(theirs)
    assert (len(first.items), rest.after) == (3, "")
