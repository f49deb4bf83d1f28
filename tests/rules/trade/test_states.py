"""The table of transitions: what leads where, and that nothing else does."""

from __future__ import annotations

import pytest

from registry.trade_facts import AuthorisationState as State
from rules.trade.states import (
    FINAL,
    HELD,
    TRANSITIONS,
    Act,
    ActRefused,
    Need,
    Progress,
    possible,
    target,
    transition,
)

MAIN = (
    (State.DRAFT, Act.SUBMIT, State.SUBMITTED),
    (State.SUBMITTED, Act.ASK_INFORMATION, State.INFORMATION_REQUESTED),
    (State.INFORMATION_REQUESTED, Act.SUBMIT, State.SUBMITTED),
    (State.SUBMITTED, Act.GRANT, State.GRANTED),
    (State.GRANTED, Act.ISSUE, State.ISSUED),
    (State.ISSUED, Act.SHIP, State.IN_TRANSIT),
    (State.IN_TRANSIT, Act.ENDORSE, State.ENDORSED),
    (State.ENDORSED, Act.CLOSE, State.CLOSED),
)


@pytest.mark.parametrize(("source", "act", "to"), MAIN)
def test_the_way_of_a_paper_as_the_conventions_have_it(source: State, act: Act, to: State) -> None:
    assert target(transition(source, act), Progress()) is to


def test_every_act_and_every_state_is_in_the_table_once() -> None:
    assert {row.act for row in TRANSITIONS} == set(Act)
    reached = {State.DRAFT, *(to for row in TRANSITIONS for to in row.to)}
    assert reached == set(State)
    pairs = [(row.act, source) for row in TRANSITIONS for source in row.sources]
    assert len(pairs) == len(set(pairs))


def test_what_is_final_stays_and_everything_else_can_come_to_an_end() -> None:
    for state in State:
        acts = set(possible(state))
        assert (acts == set()) is (state in FINAL)
    ends = set(FINAL)
    while more := {
        source
        for row in TRANSITIONS
        for source in row.sources
        if source not in ends and set(row.to) & ends
    }:
        ends |= more
    assert ends == set(State)


@pytest.mark.parametrize("act", Act)
def test_an_act_in_any_other_state_is_refused(act: Act) -> None:
    for state in State:
        if act not in possible(state):
            with pytest.raises(ActRefused, match=f"`{act}` is not possible while {state}"):
                transition(state, act)


def test_where_an_endorsement_leads_depends_on_what_is_left_and_on_the_way() -> None:
    row = transition(State.IN_TRANSIT, Act.ENDORSE)
    assert target(row, Progress(left=True, on_the_way=True)) is State.IN_TRANSIT
    assert target(row, Progress(left=True)) is State.PARTLY_USED
    assert target(row, Progress()) is State.ENDORSED


def test_what_was_suspended_is_resumed_only_where_it_stood() -> None:
    row = transition(State.SUSPENDED, Act.RESUME)
    assert target(row, Progress(before=State.PARTLY_USED)) is State.PARTLY_USED
    for before in (None, State.LOST, State.DRAFT):
        with pytest.raises(ActRefused, match="not on record"):
            target(row, Progress(before=before))


def test_a_paper_is_used_only_while_it_is_issued_and_ends_only_with_nothing_on_the_way() -> None:
    may_ship = {state for state in State if Act.SHIP in possible(state)}
    assert may_ship == {State.ISSUED, State.AMENDED, State.IN_TRANSIT, State.PARTLY_USED}
    for row in TRANSITIONS:
        gives_back = not set(row.to) & set(HELD) and State.PARTLY_USED in row.sources
        if gives_back and row.act is not Act.CLOSE:
            assert Need.NOTHING_ON_THE_WAY in row.needs
        assert row.cite
        assert row.who
