"""The table and the lives of papers agree: whoever is to act may, and only where the act is possible."""

from __future__ import annotations

import pytest

from api.access.acts import Act, Relation
from api.access.papers import authorisation_act, notification_act
from api.access.table import permits
from registry.models import Role
from registry.trade_facts import AuthorisationState, NotificationState

STANDING = {
    "applicant": (Role.APPLICANT, Relation.OWN),
    "authority": (Role.AUTHORITY, Relation.OWN_COUNTRY),
    "customs": (Role.CUSTOMS, Relation.OWN_COUNTRY),
}
BEFORE = {Act.AUTHORISATION_READ, Act.AUTHORISATION_DRAFT, Act.AUTHORISATION_RELEASE}


def test_whoever_is_to_act_on_an_authorisation_may_and_nowhere_else() -> None:
    states = pytest.importorskip("rules.trade.states")
    possible = {
        (authorisation_act(row.act), who, state)
        for row in states.TRANSITIONS
        for who in row.who
        for state in row.sources
    }
    asked = [act for act in Act if act.startswith("authorisation:") and act not in BEFORE]
    allowed = {
        (act, who, state)
        for act in asked
        for who, (role, relation) in STANDING.items()
        for state in AuthorisationState
        if permits(role, act, {relation}, state.value)
    }
    assert allowed == possible


def test_the_authority_may_do_whatever_can_be_done_about_a_notification() -> None:
    states = pytest.importorskip("rules.trade.notification_states")
    for state in NotificationState:
        held = NotificationState.SENT if state is NotificationState.SUSPENDED else None
        outcome = "shipped" if state is NotificationState.CLOSED else ""
        for act in states.possible(states.Standing(state, held, outcome)):
            asked = notification_act(act)
            assert permits(Role.AUTHORITY, asked, {Relation.OWN_COUNTRY}, state.value), (act, state)
