"""Where a notification may go from where it stands, and what comes too late to change that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.trade_facts import Goods, Notification, NotificationState, Party, Route
from rules.trade.notification_content import lacks
from rules.trade.notification_states import (
    CLOSING,
    OF_THE_RECEIVER,
    Act,
    ActNotPossible,
    Standing,
    after,
    findings,
    possible,
)
from rules.trade.waiting import Position

S = NotificationState
AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
CLEAR = Position("may proceed", "silence", "EU-111-11-1", "art. 11(1)")
ACTS = st.lists(st.sampled_from(Act), max_size=12)


def walked(*acts: Act) -> Standing:
    standing = Standing(S.DRAFT)
    for act in acts:
        standing = after(standing, act)
    return standing


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([Act.SEND], S.SENT),
        ([Act.SEND, Act.DELIVER], S.DELIVERED),
        ([Act.SEND, Act.READ, Act.DELIVER], S.READ),
        ([Act.SEND, Act.DELIVER, Act.EXPIRE], S.NO_REPLY),
        ([Act.SEND, Act.EXPIRE, Act.OBJECTION], S.OBJECTION),
        ([Act.SEND, Act.NO_OBJECTION, Act.OBJECTION], S.OBJECTION),
        ([Act.SEND, Act.OBJECTION, Act.NO_OBJECTION], S.NO_OBJECTION),
        ([Act.SEND, Act.NO_OBJECTION, Act.DELIVER], S.NO_OBJECTION),
        ([Act.SEND, Act.MORE_INFORMATION, Act.SUPPLY], S.SENT),
        ([Act.SEND, Act.SUSPEND, Act.OBJECTION], S.SUSPENDED),
        ([Act.SEND, Act.SUSPEND, Act.OBJECTION, Act.RESUME], S.OBJECTION),
        ([Act.SEND, Act.SUSPEND, Act.STOP, Act.OBJECTION], S.STOPPED),
        ([Act.SEND, Act.NO_OBJECTION, Act.SHIP, Act.OBJECTION], S.CLOSED),
        ([Act.CANCEL], S.CLOSED),
    ],
)
def test_the_ways_a_notification_goes(acts: list[Act], state: NotificationState) -> None:
    assert walked(*acts).state is state


@pytest.mark.parametrize(
    "acts",
    [
        [Act.OBJECTION],
        [Act.SHIP],
        [Act.SEND, Act.SEND],
        [Act.SEND, Act.SUPPLY],
        [Act.SEND, Act.RESUME],
        [Act.SEND, Act.MORE_INFORMATION, Act.EXPIRE],
        [Act.SEND, Act.NO_OBJECTION, Act.EXPIRE],
        [Act.SEND, Act.SUSPEND, Act.SUSPEND],
        [Act.SEND, Act.STOP, Act.RESUME],
        [Act.CANCEL, Act.SEND],
        [Act.SEND, Act.SHIP, Act.CANCEL],
    ],
)
def test_what_makes_no_sense_is_refused(acts: list[Act]) -> None:
    with pytest.raises(ActNotPossible):
        walked(*acts)


@given(ACTS)
def test_no_message_of_the_receiver_is_ever_refused_once_it_was_sent(acts: list[Act]) -> None:
    standing = walked(Act.SEND)
    for act in acts:
        if act in possible(standing):
            standing = after(standing, act)
    assert set(possible(standing)) >= OF_THE_RECEIVER


@given(ACTS)
def test_an_objection_is_never_lost_but_by_the_authority_that_made_it(acts: list[Act]) -> None:
    standing = walked(Act.SEND, Act.OBJECTION)
    for act in acts:
        withdrawing = {Act.NO_OBJECTION, Act.MORE_INFORMATION}
        if act in possible(standing) and act not in withdrawing:
            standing = after(standing, act)
    assert (standing.held or standing.state) in {S.OBJECTION, S.STOPPED, S.CLOSED}


@given(ACTS)
def test_what_is_closed_stays_closed(acts: list[Act]) -> None:
    closed = walked(Act.SEND, Act.SHIP)
    standing = closed
    for act in acts:
        if act in possible(standing):
            standing = after(standing, act)
    assert standing == closed
    assert not set(possible(standing)) & set(CLOSING)


def test_shipping_without_leave_is_put_on_record_with_a_finding() -> None:
    waiting = replace(CLEAR, answer="wait", text="the 15 working days are not over")
    sent = walked(Act.SEND)
    assert findings(walked(Act.SEND, Act.EXPIRE), Act.SHIP, CLEAR, AT) == ()
    for standing, position in (
        (sent, waiting),
        (walked(Act.SEND, Act.OBJECTION), replace(CLEAR, answer="stop")),
        (walked(Act.SEND, Act.EXPIRE, Act.SUSPEND), CLEAR),
    ):
        (found,) = findings(standing, Act.SHIP, position, AT)
        assert (found.severity, found.rule) == ("stop", "EU-111-11-1")
    assert len(findings(walked(Act.SEND, Act.EXPIRE), Act.DIVERT, CLEAR, AT)) == 1


def test_a_late_objection_is_a_finding_and_an_early_one_is_not() -> None:
    late = replace(CLEAR, answer="stop", late=True)
    assert findings(walked(Act.SEND), Act.OBJECTION, replace(CLEAR, answer="stop"), AT) == ()
    (found,) = findings(walked(Act.SEND, Act.EXPIRE), Act.OBJECTION, late, AT)
    assert found.satisfied_by == "the goods held back"
    shipped = walked(Act.SEND, Act.NO_OBJECTION, Act.SHIP)
    (gone,) = findings(shipped, Act.OBJECTION, replace(CLEAR, answer="stop"), AT)
    assert "after it was shipped" in gone.text
    assert gone.satisfied_by.startswith("the transit and importing authorities")


WHOLE = Notification(
    id="1", version=1, number="", sender=Party("A"), receiver=Party("B"), state=S.DRAFT,
    exporter=Party("E", "1 Road"), importer=Party("I", "2 Road"),
    goods=(Goods(1, "acetic anhydride", Decimal(20), "t"),),
    route=Route("XA", "XB", entry_point="Port of B"), dispatch_on=date(2026, 4, 1),
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "clause", "pointer"),
    [
        ({"exporter": Party("E")}, "(i)", "exporter/address"),
        ({"importer": Party("", "2 Road")}, "(i)", "importer/name"),
        ({"consignee": Party("C")}, "(i)", "consignee/address"),
        ({"goods": ()}, "(ii)", "goods"),
        ({"goods": (Goods(1, " ", Decimal(1), "kg"),)}, "(ii)", "goods/1/substance"),
        ({"goods": (Goods(1, "Brand X", Decimal(1), "kg"),)}, "(ii)", "goods/1/substance"),
        ({"goods": (Goods(1, "acetic anhydride", Decimal(0), "kg"),)}, "(iii)", "goods/1/quantity"),
        ({"route": Route("XA", "XB")}, "(iv)", "route/entry_point"),
        ({"dispatch_on": None}, "(iv)", "dispatch_on"),
    ],
)
def test_each_thing_the_article_asks_for_is_missed(
    change: dict[str, object], clause: str, pointer: str
) -> None:
    names = {"acetic anhydride": "Acetic anhydride", "brand x": "Acetic anhydride"}
    assert lacks(WHOLE, names) == ()
    (lack,) = lacks(replace(WHOLE, **change), names)  # type: ignore[arg-type]
    assert (lack.clause, lack.pointer) == (clause, pointer)
