"""The table of who may do what: nothing beside it is allowed, and what must never be is not in it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access.acts import MEANING, Act, Relation
from api.access.allow import Actor, Standing, allow, found, may
from api.access.render import table_markdown
from api.access.table import SECTIONS, TABLE, permits, reach
from registry.errors import Denied, NotFound, NotIdentified
from registry.models import KEY_ROLES, Role
from registry.trade_facts import AuthorisationState, NotificationState

DOCS = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")
STATES = [*(s.value for s in AuthorisationState), *(s.value for s in NotificationState)]
TRADE = ("authorisation", "ledger", "notification")
RECORDS = (*TRADE, "draft", "simulation")

roles = st.sampled_from(Role)
acts = st.sampled_from([*Act, "authorisation:forge", "", "*"])
relations = st.frozensets(st.sampled_from(Relation))
states = st.sampled_from([None, "", "nonsense", *STATES])
globs = st.sampled_from(["*", "authorisation:*", "*:read", "notification:send", "nothing:*", "a*"])
records = st.builds(
    Standing,
    subject=st.just("r"),
    own=st.frozensets(st.sampled_from(["key:1", "XA:lic-1", ""])),
    named=st.frozensets(st.sampled_from(["XA:lic-1", "XB:lic-1", ""])),
    country=st.sampled_from(["XA", "XB", ""]),
    other_end=st.frozensets(st.sampled_from(["XA", "XB", ""])),
    transit=st.frozensets(st.sampled_from(["XA", "XC", ""])),
    state=states,
)
actors = st.builds(
    Actor,
    id=st.sampled_from(["key:1", "key:2"]),
    role=roles,
    country=st.sampled_from(["XA", "XB", "XC", ""]),
    party=st.sampled_from(["LIC-1", "lic-1", ""]),
    scopes=st.lists(globs, max_size=2).map(tuple),
)


def kind(act: str) -> str:
    return act.partition(":")[0]


def allowed() -> set[tuple[str, str, str, str | None]]:
    """The table written out, one line for each role, act, relation and state."""
    return {
        (role, row.act, relation, state)
        for row in TABLE
        for role, relation in product(row.roles, row.relations)
        for state in (row.states if row.states is not None else [None, *STATES])
    }


def test_whatever_is_not_in_the_table_is_denied() -> None:
    written = allowed()
    for role, act, relation, state in product(Role, Act, Relation, [None, *STATES]):
        expected = (role, act, relation, state) in written
        assert permits(role, act, {relation}, state) is expected, (role, act, relation, state)


@given(roles, acts, relations, states)
def test_several_relations_allow_what_one_of_them_allows(
    role: Role, act: str, held: frozenset[Relation], state: str | None
) -> None:
    each = [permits(role, act, {relation}, state) for relation in held]
    assert permits(role, act, held, state) is any(each)


@given(actors, acts, records | st.none())
def test_scopes_only_narrow(actor: Actor, act: str, record: Standing | None) -> None:
    whole = Actor(actor.id, actor.role, actor.country, actor.party)
    assert may(whole, act, record) or not may(actor, act, record)


@given(actors, acts, records | st.none())
def test_allow_passes_or_raises_as_may_says(
    actor: Actor, act: str, record: Standing | None
) -> None:
    if may(actor, act, record):
        allow(actor, act, record)
        return
    with pytest.raises(Denied) as denied:
        allow(actor, act, record)
    assert isinstance(denied.value, NotIdentified) is not actor.known
    assert (denied.value.actor, denied.value.act) == (actor.id, act)


@given(actors, acts, records)
def test_a_record_that_is_not_theirs_is_answered_like_one_that_is_not_there(
    actor: Actor, act: str, record: Standing
) -> None:
    if may(actor, act, record) or may(actor, f"{kind(act)}:read", record):
        return
    with pytest.raises(Denied) as theirs:
        found(actor, act, record, "r")
    with pytest.raises((Denied, NotFound)) as missing:
        found(actor, act, None, "r")
    if isinstance(missing.value, Denied):
        assert str(theirs.value) == str(missing.value)
        assert (theirs.value.subject, theirs.value.code) == ("r", missing.value.code)
    else:
        assert Relation.OTHER in reach(actor.role, act)


@pytest.mark.parametrize("act", [act for act in Act if kind(act) in TRADE])
def test_nobody_acts_on_trade_without_a_key_and_no_administrator_does(act: Act) -> None:
    keyless = set(Role) - set(KEY_ROLES)
    assert not [
        row for row in TABLE if row.act == act and row.roles & (keyless | {"administrator"})
    ]
    assert not [row for row in TABLE if row.act == act and Relation.NONE in row.relations]


def test_an_auditor_reads_every_record_and_changes_none() -> None:
    theirs = {row.act for row in TABLE if Role.AUDITOR in row.roles}
    assert all(
        act.endswith((":read", ":search", ":classify", ":check", ":verify")) for act in theirs
    )
    assert all(Relation.OTHER in reach(Role.AUDITOR, f"{one}:read") for one in RECORDS)
    others = {
        row.act for row in TABLE if Relation.OTHER in row.relations and "auditor" in row.roles
    }
    assert others == {f"{one}:read" for one in RECORDS}


def test_nobody_with_a_key_but_an_auditor_meets_records_that_are_not_theirs() -> None:
    met = {
        (role, row.act)
        for row in TABLE
        if Relation.OTHER in row.relations
        for role in row.roles & set(KEY_ROLES)
    }
    assert met == {(Role.AUDITOR, f"{one}:read") for one in RECORDS}


def test_no_authority_sees_a_draft_and_none_decides_for_another_country() -> None:
    draft = AuthorisationState.DRAFT.value
    assert not permits(Role.AUTHORITY, Act.AUTHORISATION_READ, set(Relation), draft)
    for act in (Act.AUTHORISATION_GRANT, Act.AUTHORISATION_REFUSE, Act.AUTHORISATION_ISSUE):
        assert {one for row in TABLE if row.act == act for one in row.roles} == {Role.AUTHORITY}
        assert reach(Role.AUTHORITY, act) == {Relation.OWN_COUNTRY}


def test_smarts_are_for_analysts_and_those_who_run_the_register() -> None:
    (row,) = [row for row in TABLE if row.act is Act.SMARTS]
    assert row.roles == {Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR}


def test_every_act_is_in_the_table_and_every_state_is_one_of_trade() -> None:
    assert {row.act for row in TABLE} == set(Act)
    assert set().union(*(row.states or () for row in TABLE)) <= set(STATES)
    assert sum(map(len, SECTIONS.values())) == len(TABLE) == len(set(TABLE))


def test_the_document_prints_the_table_and_what_its_words_mean() -> None:
    assert table_markdown() in DOCS
    for relation, meaning in MEANING.items():
        assert f"| {relation} | {meaning} |" in DOCS
    assert all(f"\n| {role} | " in DOCS for role in Role)
