"""Notifications through the use cases, on both databases: every act on record and in the audit."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
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
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from api.access.allow import Actor
from api.messages.message import Kind, MessageRefused
from api.usecases import notification_permission as permission
from api.usecases import notifications as usecase
from api.usecases import notifications_shown as seen
from api.usecases.notification_messages import receive
from api.usecases.notification_record import Step
from api.usecases.notifications import (
    KeyReused,
    MomentNotPossible,
    NotificationIncomplete,
    ProofMissing,
    TimeNotOver,
    VersionChanged,
)
from registry.errors import Denied, InputError
from registry.models import AuditEvent, NotificationVersion, Role
from registry.store import audit
from registry.store import notifications as store
from registry.store.notifications import Wanted
from registry.store.session import reading, session_factory, writing
from registry.trade_facts import NotificationState, Party
from rules.shipment.consignment import read_consignment
from rules.trade.notification_states import Act, ActNotPossible, Standing, after, possible
from tests.api.usecases.notifying import (
    ANNA,
    CONSIGNMENT,
    DAY,
    GATE,
    HOUR,
    SENT,
    foreign,
    new,
    reply,
)
from tests.registry.store.conftest import START, listing, stock

Sessions = sessionmaker[Session]
# What is refused before it is stored needs no second kind of database.
ONCE = pytest.mark.parametrize("database_kind", ["sqlite"])
# Fifteen working days after 2 February 2026 for Vienna and Ankara together.
OVER = datetime.fromisoformat("2026-02-23T23:00:00+00:00")


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return session_factory(engine)


def compose(sessions: Sessions, **changes: Any) -> dict[str, Any]:
    key = changes.pop("key", "")
    actor = changes.pop("actor", ANNA)
    return usecase.compose(sessions, new(**changes), actor=actor, now=SENT, key=key)


def do(
    sessions: Sessions, one: dict[str, Any], act: Act, at: datetime = SENT, **step: Any
) -> dict[str, Any]:
    step.setdefault("proof", "receipt 7")
    actor = step.pop("actor", ANNA)
    return usecase.act(sessions, one["id"], Step(act, at, **step), actor=actor, now=at)


def sent(sessions: Sessions) -> dict[str, Any]:
    return do(sessions, compose(sessions), Act.SEND)


def events(sessions: Sessions, subject: str) -> list[str]:
    with reading(sessions) as session:
        own = select(AuditEvent.action).where(AuditEvent.subject == subject)
        return list(session.scalars(own.order_by(AuditEvent.seq)))


def test_silence_until_the_deadline_and_then_an_objection(sessions: Sessions) -> None:
    one = do(sessions, sent(sessions), Act.DELIVER)
    assert one["number"] == "AT-PEN-2026-000001"
    assert one["position"]["answer"] == "wait"
    assert one["reply_by"] == OVER
    with pytest.raises(TimeNotOver, match="2026-02-23"):
        do(sessions, one, Act.EXPIRE, OVER - HOUR)
    assert usecase.expire_due(sessions, actor=ANNA, now=OVER - HOUR) == []
    (expired,) = usecase.expire_due(sessions, actor=ANNA, now=OVER)
    assert (expired["state"], expired["position"]["answer"]) == ("no_reply", "may proceed")
    objected = receive(
        sessions, reply(Kind.OBJECTION, one["number"], OVER + DAY), actor=GATE, now=OVER + DAY
    )
    assert (objected["state"], objected["position"]["answer"]) == ("objection", "stop")
    (finding,) = objected["findings"]
    assert "after the time to reply" in finding["text"]
    assert finding["article"] == "Regulation (EC) No 111/2005, art. 11(1)"
    assert events(sessions, one["id"]) == [
        "notification:composed", "notification:send:recorded", "notification:deliver:recorded",
        "notification:expire:recorded", "notification:objection:recorded",
    ]  # fmt: skip


@ONCE
def test_without_proof_of_delivery_the_clock_does_not_run(sessions: Sessions) -> None:
    one = sent(sessions)
    assert one["reply_by"] is None
    with pytest.raises(TimeNotOver, match="not known"):
        do(sessions, one, Act.EXPIRE, OVER + 100 * DAY)
    with pytest.raises(ProofMissing):
        do(sessions, one, Act.DELIVER, SENT, proof=" ")
    told = seen.due(sessions, actor=ANNA, by=OVER, now=OVER)
    assert [row["why"] for row in told["without_clock"]] == [
        "proof of when the notification reached the importing authority is missing"
    ]


def test_what_is_due_stands_overdue_first(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (permission, store):  # row by row, as long lists are read
        monkeypatch.setattr(module, "CHUNK", 1)
    late, soon, later = (sent(sessions) for _ in range(3))
    do(sessions, late, Act.DELIVER, SENT)
    do(sessions, soon, Act.DELIVER, SENT + 2 * DAY)
    do(sessions, later, Act.DELIVER, SENT + 60 * DAY)
    found = seen.due(sessions, actor=ANNA, by=OVER + 5 * DAY, now=OVER + HOUR)
    assert [(row["id"], row["overdue"]) for row in found["due"]] == [
        (late["id"], True), (soon["id"], False),
    ]  # fmt: skip
    over = usecase.expire_due(sessions, actor=ANNA, now=OVER + 5 * DAY)
    assert [one["id"] for one in over] == [late["id"], soon["id"]]


@ONCE
def test_more_information_is_no_silence_and_the_time_begins_anew(sessions: Sessions) -> None:
    one = do(sessions, do(sessions, sent(sessions), Act.DELIVER), Act.MORE_INFORMATION, SENT + DAY)
    assert one["position"]["answer"] == "wait"
    again = do(sessions, one, Act.SUPPLY, SENT + 10 * DAY)
    assert (again["state"], again["reply_by"]) == ("sent", None)
    told = do(sessions, again, Act.DELIVER, SENT + 10 * DAY)
    assert told["reply_by"] > OVER


@ONCE
def test_an_incomplete_notification_is_not_sent(sessions: Sessions) -> None:
    lacking = compose(sessions, entry_point="", dispatch_on=None)
    assert [(one["clause"], one["pointer"]) for one in lacking["lacks"]] == [
        ("(iv)", "route/entry_point"), ("(iv)", "dispatch_on"),
    ]  # fmt: skip
    with pytest.raises(NotificationIncomplete, match="2 missing"):
        do(sessions, lacking, Act.SEND)
    whole = usecase.amend(sessions, lacking["id"], new(), actor=ANNA, now=SENT, expected=1)
    assert (whole["lacks"], whole["version"]) == ([], 2)
    gone = do(sessions, whole, Act.SEND)
    assert gone["version"] == 3
    with pytest.raises(InputError, match="not amended"):
        usecase.amend(sessions, gone["id"], new(), actor=ANNA, now=SENT, expected=3)


def test_numbers_have_no_gap_where_a_sending_fails(sessions: Sessions) -> None:
    lacking = compose(sessions, entry_point="")
    first = sent(sessions)
    with pytest.raises(NotificationIncomplete):
        do(sessions, lacking, Act.SEND)
    assert [first["number"], sent(sessions)["number"]] == [
        "AT-PEN-2026-000001", "AT-PEN-2026-000002",
    ]  # fmt: skip


def test_sixteen_senders_at_once_get_sixteen_numbers_in_a_row(sessions: Sessions) -> None:
    drafts = [compose(sessions) for _ in range(16)]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda one: do(sessions, one, Act.SEND), drafts))
    assert sorted(one["number"] for one in done) == [f"AT-PEN-2026-{n:06}" for n in range(1, 17)]
    with reading(sessions) as session:
        assert audit.verify_chain(session) is None


def test_who_saw_an_older_version_is_told(sessions: Sessions) -> None:
    one = sent(sessions)
    do(sessions, one, Act.READ, expected=2)
    with pytest.raises(VersionChanged, match="version 3, not 2"):
        do(sessions, one, Act.SUSPEND, expected=2)


def test_of_eight_at_once_one_acts_and_the_others_are_told(sessions: Sessions) -> None:
    one = sent(sessions)

    def stop(_: int) -> str:
        try:
            return str(do(sessions, one, Act.STOP, expected=2)["state"])
        except VersionChanged as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(stop, range(8))) == sorted(["stopped", *["version-conflict"] * 7])
        made = pool.map(lambda _: compose(sessions, key="all at once")["id"], range(8))
        assert len(set(made)) == 1


def test_an_act_under_the_same_key_has_its_effect_once(sessions: Sessions) -> None:
    one = compose(sessions, key="k-1")
    assert compose(sessions, key="k-1")["id"] == one["id"]
    with pytest.raises(KeyReused):
        compose(sessions, key="k-1", remarks="another")
    first = do(sessions, one, Act.SEND, key="k-2")
    assert do(sessions, one, Act.SEND, key="k-2") == first
    with pytest.raises(KeyReused):
        do(sessions, one, Act.STOP, key="k-2")
    assert len(events(sessions, one["id"])) == 2


@ONCE
def test_what_cannot_have_happened_then_is_refused(sessions: Sessions) -> None:
    one = sent(sessions)
    for at, told in ((SENT - HOUR, "before it was sent"), (SENT + DAY, "still to come")):
        with pytest.raises(MomentNotPossible, match=told):
            usecase.act(sessions, one["id"], Step(Act.DELIVER, at, proof="x"), actor=ANNA, now=SENT)
    with pytest.raises(Denied):
        usecase.act(sessions, "nothing", Step(Act.STOP), actor=ANNA, now=SENT)
    with pytest.raises(InputError, match="authority of AT, not of DE"):
        compose(sessions, sender=Party("Authority", country="DE"))


@ONCE
def test_goods_shipped_in_spite_of_an_objection_are_on_record(sessions: Sessions) -> None:
    one = do(sessions, sent(sessions), Act.OBJECTION, SENT + DAY)
    gone = do(sessions, one, Act.SHIP, SENT + 2 * DAY)
    assert (gone["state"], gone["outcome"]) == ("closed", "shipped")
    assert [finding["severity"] for finding in gone["findings"]] == ["stop"]
    with pytest.raises(ActNotPossible):
        do(sessions, gone, Act.SUSPEND, SENT + 3 * DAY)


@ONCE
def test_by_the_treaty_alone_it_may_go_where_no_other_rule_is_stated(sessions: Sessions) -> None:
    other = {**CONSIGNMENT, "movement": {"from": "XA", "to": "XB"}}
    rules = {"national": {"XA": {"complete": True}}}
    there = Actor("authority of XA", Role.AUTHORITY, "XA")
    for facts, answer in (({}, "undetermined"), (rules, "may proceed")):
        asked = read_consignment({**other, "facts": facts})
        draft = compose(sessions, consignment=asked, actor=there)
        one = do(sessions, draft, Act.SEND, actor=there)
        assert one["position"]["answer"] == answer
        assert one["reply_by"] is None


@ONCE
def test_a_name_the_table_does_not_use_is_told(sessions: Sessions) -> None:
    with writing(sessions) as session:
        stock(session)
        session.add(
            listing("UN-1988-I:aa", provision="UN-1988-I", substance="acetic-anhydride",
                    name="Acetic anhydride", recorded_from=START)
        )  # fmt: skip
    asked = new().consignment
    line = asked.lines[0].model_copy(update={"substance": "Ethanoic anhydride"})
    one = compose(sessions, consignment=asked.model_copy(update={"lines": (line,)}))
    assert [lack["text"] for lack in one["lacks"]] == [
        "`Ethanoic anhydride` stands in Table I as `Acetic anhydride`"
    ]


def test_a_notification_of_another_country_is_taken_and_answered(sessions: Sessions) -> None:
    one = receive(sessions, foreign(), actor=GATE, now=SENT + HOUR)
    assert (one["direction"], one["state"], one["number"]) == ("in", "delivered", "IN-77")
    assert receive(sessions, foreign(), actor=GATE, now=SENT + DAY) == {
        **one, "position": receive(sessions, foreign(), actor=GATE, now=SENT + DAY)["position"],
    }  # fmt: skip
    answered = do(sessions, one, Act.OBJECTION, SENT + DAY, text="no licence")
    assert [(m["direction"], m["kind"]) for m in answered["messages"]] == [
        ("in", "send"), ("out", "objection"),
    ]  # fmt: skip
    stopped = receive(sessions, foreign(Kind.STOP), actor=GATE, now=SENT + 2 * DAY)
    assert stopped["state"] == "stopped"
    with pytest.raises(MessageRefused, match="another content"):
        receive(sessions, foreign(content=None), actor=GATE, now=SENT + DAY)


@ONCE
def test_messages_that_are_not_for_them_to_send_are_refused(sessions: Sessions) -> None:
    receive(sessions, foreign(), actor=GATE, now=SENT + HOUR)
    for message, error in (
        (foreign(Kind.NO_OBJECTION), "not for IN to say"),
        (foreign(Kind.STOP, sender=Party("X", country="")), "two letters"),
        (foreign(Kind.STOP, sender=Party("X", country="AT")), "another country"),
        (foreign(Kind.STOP, at=SENT + 30 * DAY), "still to come"),
        (foreign(number=" "), "has a number"),
        (foreign(number="9" * 101), "more than 100"),
        (foreign(Kind.STOP, id="9" * 101), "more than 100"),
        (foreign(receiver=Party("X", country="Austria")), "two letters"),
    ):
        with pytest.raises(MessageRefused, match=error):
            receive(sessions, message, actor=GATE, now=SENT + HOUR)


@ONCE
def test_a_message_of_another_century_is_refused(sessions: Sessions) -> None:
    for at in (datetime(1, 1, 1, tzinfo=UTC), datetime(1990, 11, 10, tzinfo=UTC)):
        with pytest.raises(MomentNotPossible, match="in force"):
            receive(sessions, foreign(at=at), actor=GATE, now=SENT)


def test_nobody_speaks_for_another_authority(sessions: Sessions) -> None:
    one = sent(sessions)
    word = reply(Kind.NO_OBJECTION, one["number"], SENT)
    third = replace(word, sender=Party("Other", country="IR"))
    with pytest.raises(Denied):
        receive(sessions, third, actor=GATE, now=SENT)
    ours = replace(word, sender=Party("Us", country="AT"), receiver=Party("Them", country="TR"))
    with pytest.raises(MessageRefused, match="between us and TR"):
        receive(sessions, ours, actor=GATE, now=SENT)
    first = receive(sessions, word, actor=GATE, now=SENT + HOUR)
    assert receive(sessions, word, actor=GATE, now=SENT + DAY)["version"] == first["version"]
    assert first["state"] == "no_objection"


def test_lists_are_filtered_and_go_on_page_by_page(sessions: Sessions) -> None:
    made = {sent(sessions)["id"] for _ in range(3)}
    compose(sessions)
    receive(sessions, foreign(), actor=GATE, now=SENT + HOUR)
    first = seen.listed(sessions, Wanted(state="sent"), actor=ANNA, limit=2)
    rest = seen.listed(sessions, Wanted(state="sent"), after=first.after, actor=ANNA, limit=2)
    assert {row["id"] for row in (*first.items, *rest.items)} == made
    assert rest.after == ""
    assert len(seen.listed(sessions, Wanted(direction="in", sender="IN"), actor=ANNA).items) == 1


def test_versions_and_messages_are_never_rewritten(sessions: Sessions) -> None:
    sent(sessions)
    for table in ("notification_version", "notification_message"):
        for change in (f"UPDATE {table} SET actor = 'x'", f"DELETE FROM {table}"):
            statement = change.replace("actor", "text") if "message" in table else change
            with pytest.raises(IntegrityError, match="never rewritten"), writing(sessions) as held:
                held.execute(text(statement))


@ONCE
def test_the_message_of_a_draft_is_none(sessions: Sessions) -> None:
    one = compose(sessions)
    with pytest.raises(InputError, match="send it first"):
        seen.message_of(sessions, one["id"], actor=ANNA)
    gone = do(sessions, one, Act.SEND)
    assert seen.message_of(sessions, gone["number"], actor=ANNA).number == gone["number"]


ENDS = frozenset({Act.STOP, Act.SHIP, Act.CANCEL, Act.DIVERT})


class Acting(RuleBasedStateMachine):
    """Any act at any time, by either side. What may not be is refused and leaves no trace."""

    sessions: Sessions

    @initialize()
    def begin(self) -> None:
        self.now = SENT
        self.one = sent(self.sessions)
        self.expected = Standing(NotificationState.SENT)
        self.acts = ["compose", "send"]

    @rule(data=st.data(), hours=st.integers(0, 400))
    def do_what_can_be_done(self, data: st.DataObject, hours: int) -> None:
        self.now += hours * HOUR
        open_ = [one for one in possible(self.expected) if one not in ENDS]
        act = data.draw(st.sampled_from(open_ or possible(self.expected)))
        ends = self.one["reply_by"]
        if act is Act.EXPIRE and (ends is None or self.now < ends):
            self.refused(act)
            return
        self.one = do(self.sessions, self.one, act, self.now)
        self.expected = after(self.expected, act)
        self.acts.append(str(act))

    @precondition(lambda self: len(self.acts) > 8 and self.expected.state != "closed")
    @rule(act=st.sampled_from(sorted(ENDS)))
    def end(self, act: Act) -> None:
        if act in possible(self.expected):
            self.one = do(self.sessions, self.one, act, self.now)
            self.expected = after(self.expected, act)
            self.acts.append(str(act))

    @rule(act=st.sampled_from(Act))
    def refused(self, act: Act) -> None:
        ends = self.one["reply_by"]
        early = act is Act.EXPIRE and (ends is None or self.now < ends)
        if early or act not in possible(self.expected):
            with pytest.raises((ActNotPossible, TimeNotOver)):
                do(self.sessions, self.one, act, self.now)

    @precondition(lambda self: self.one["number"])
    @rule(kind=st.sampled_from([Kind.OBJECTION, Kind.NO_OBJECTION, Kind.MORE_INFORMATION]))
    def hear(self, kind: Kind) -> None:
        word = reply(kind, self.one["number"], self.now, id=f"{self.one['id']}-{len(self.acts)}")
        self.one = receive(self.sessions, word, actor=GATE, now=self.now)
        self.expected = after(self.expected, kind.act)
        self.acts.append(str(kind.act))

    @invariant()
    def it_stands_where_the_rules_say(self) -> None:
        stands = (self.one["state"], self.one["held"], self.one["outcome"])
        assert stands == (
            str(self.expected.state), str(self.expected.held or ""), self.expected.outcome,
        )  # fmt: skip

    @invariant()
    def every_act_is_a_version_and_an_audit_event(self) -> None:
        with reading(self.sessions) as session:
            own = select(NotificationVersion).where(
                NotificationVersion.notification == self.one["id"]
            )
            rows = list(session.scalars(own.order_by(NotificationVersion.version)))
        assert [row.act for row in rows] == self.acts
        assert [row.version for row in rows] == list(range(1, len(rows) + 1))
        told = [
            one.split(":")[1].replace("-", "_") for one in events(self.sessions, self.one["id"])
        ]
        assert told == [one.replace("compose", "composed") for one in self.acts]

    @invariant()
    def only_silence_or_consent_lets_it_go(self) -> None:
        position, one = self.one["position"], self.one["notification"]
        if position["answer"] == "may proceed":
            consent = one.get("reply") == "no_objection"
            assert consent or (not one.get("reply") and self.now >= self.one["reply_by"])
        if one.get("reply") == "objection":
            assert position["answer"] == "stop"


def test_no_way_of_acting_breaks_a_notification(sessions: Sessions) -> None:
    scale = int(os.environ.get("SUBREG_SOAK", "1"))
    machine = type("Acts", (Acting,), {"sessions": sessions})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped
        machine,
        settings=settings(
            max_examples=4 * scale,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with reading(sessions) as session:
        assert audit.verify_chain(session) is None
