"""Who may do what to papers and ledgers: what is denied changes nothing and tells nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from api.access.allow import Actor
from api.usecases.access import put_denial_on_record
from api.usecases.trade import ledgers, life, moving, papers
from api.usecases.trade.acts import VersionConflict
from api.usecases.trade.ledgers import Figure
from api.usecases.trade.life import Period
from api.usecases.trade.moving import Arrived, Shipped
from api.usecases.trade.step import act_on
from registry.errors import Denied, NotFound, NotIdentified
from registry.models import AuditEvent, Base, EntryKind, LedgerKind, Role
from registry.store import audit
from registry.store.authorisations import Wanted
from registry.store.ledgers import Key
from registry.store.session import reading
from registry.trade_facts import Paper, Party, Route
from rules.trade.states import Act, ActRefused
from rules.trade.validity import Bound
from tests.api.usecases.trade.conftest import (
    ABROAD,
    APPLICANT,
    AUTHORITY,
    CUSTOMS,
    EXPORTER,
    NOW,
    authority_of,
    by,
    draft,
    estimate,
    submitted,
)

COMPETITOR = Actor("competitor", Role.APPLICANT, "XA", "XA-8")
NAMESAKE = Actor("namesake", Role.APPLICANT, "XB", "XA-7")
AUDITOR, ANALYST = Actor("auditor", Role.AUDITOR), Actor("analyst", Role.ANALYST, "XA")
READER = Actor("reader", Role.AUTHORITY, "XA", scopes=("authorisation:read",))
STRANGERS = (
    COMPETITOR,
    NAMESAKE,
    EXPORTER,  # named on it, and it has no number yet
    ABROAD,
    CUSTOMS,
    authority_of("XC"),
    Actor("administrator", Role.ADMINISTRATOR),
    Actor("local", Role.LOCAL),
    Actor("operator", Role.OPERATOR),
    Actor("anonymous", Role.ANONYMOUS),
)
READERS = (AUDITOR, ANALYST, READER)
FIGURE = Figure(grams=Decimal(5), reason="more", source="letter")
GRAMS = ((1, Decimal(100), "g"),)


@pytest.fixture
def database_kind() -> str:
    """What is asked here is asked before any database is."""
    return "sqlite"


def issued(engine: Any) -> str:
    paper = submitted(engine)
    life.grant(engine, paper, by())
    life.issue(engine, paper, by(), Period(by().on, (Bound(date(2026, 9, 1), "own term"),)))
    return paper


def rows(engine: Any) -> dict[str, Any]:
    """Everything on record."""
    with reading(engine.sessions) as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.execute(select(table)).all() for table in tables}


def refusal(ask: Callable[[], Any]) -> tuple[type[Exception], str, str, str]:
    with pytest.raises(Denied) as denied:
        ask()
    return type(denied.value), denied.value.code, denied.value.message, denied.value.act


@pytest.mark.parametrize("actor", STRANGERS, ids=lambda actor: actor.id)
def test_to_strangers_a_paper_is_as_if_it_were_not_there(
    engine: Any, ledger: str, actor: Actor
) -> None:
    paper = submitted(engine)
    before = rows(engine)
    for act in Act:
        told = [
            refusal(lambda one=one, act=act: act_on(engine, one, act, by(actor), reason="x"))
            for one in (paper, "nowhere")
        ]
        assert told[0] == told[1], act
        assert issubclass(told[0][0], NotIdentified) is not actor.known
    for read in (papers.show, papers.history, papers.fact_of):
        told = [
            refusal(lambda one=one, read=read: read(engine, one, actor)) for one in (paper, "x")
        ]
        assert told[0] == told[1]
    for version in (1, 99):
        refusal(lambda version=version: papers.show(engine, paper, actor, version))
    assert papers.listed(engine, Wanted(), actor).items == ()
    assert rows(engine) == before


@pytest.mark.parametrize("actor", READERS, ids=lambda actor: actor.id)
def test_whoever_only_reads_changes_nothing(engine: Any, ledger: str, actor: Actor) -> None:
    paper = submitted(engine)
    before = rows(engine)
    for act in Act:
        with pytest.raises((Denied, ActRefused)):
            act_on(engine, paper, act, by(actor), reason="x")
    with pytest.raises(Denied):
        papers.create(engine, draft(), by(actor))
    assert rows(engine) == before
    shown = papers.show(engine, paper, actor)
    assert (shown["state"], shown["possible"]) == ("submitted", [])
    assert [one["id"] for one in papers.listed(engine, Wanted(), actor).items] == [paper]


def test_only_who_may_read_every_record_is_told_that_there_is_none(engine: Any) -> None:
    with pytest.raises(NotFound):
        papers.show(engine, "nowhere", AUDITOR)
    with pytest.raises(NotFound):
        ledgers.show(engine, "nowhere", AUDITOR, NOW.date())
    for actor in (APPLICANT, AUTHORITY, CUSTOMS, ANALYST):
        refusal(lambda actor=actor: papers.show(engine, "nowhere", actor))


def test_a_firm_drafts_for_itself_only(engine: Any) -> None:
    before = rows(engine)
    for actor in (COMPETITOR, NAMESAKE, EXPORTER, AUTHORITY, CUSTOMS, ABROAD):
        refusal(lambda actor=actor: papers.create(engine, draft(), by(actor)))
    assert rows(engine) == before
    made = papers.create(engine, draft(), by(APPLICANT))
    assert made["state"] == "draft"


def test_an_authority_sees_no_draft_and_decides_nothing_of_its_own(engine: Any) -> None:
    paper = str(papers.create(engine, draft(), by(APPLICANT))["id"])
    refusal(lambda: papers.show(engine, paper, AUTHORITY))
    life.submit(engine, paper, by(APPLICANT))
    for act in (Act.GRANT, Act.REFUSE, Act.ASK_INFORMATION):
        _, code, message, asked = refusal(
            lambda act=act: act_on(engine, paper, act, by(APPLICANT), reason="x")
        )
        assert code == "not-allowed"
        assert f"`{asked}` while it is `submitted`" in message
    assert papers.show(engine, paper, APPLICANT)["possible"] == ["withdraw"]
    assert papers.show(engine, paper, AUTHORITY)["possible"] == [
        "ask_information",
        "grant",
        "refuse",
    ]


def test_each_end_of_a_trade_does_its_own_part(engine: Any, ledger: str) -> None:
    paper = issued(engine)
    for actor in (EXPORTER, ABROAD, CUSTOMS, AUDITOR):
        assert papers.show(engine, paper, actor)["state"] == "issued"
    for actor in (COMPETITOR, authority_of("XC"), NAMESAKE):
        refusal(lambda actor=actor: papers.show(engine, paper, actor))
    refusal(lambda: life.suspend(engine, paper, by(ABROAD), "doubt"))
    what = Shipped(GRAMS, NOW.date())
    for actor in (APPLICANT, ABROAD, EXPORTER):
        refusal(lambda actor=actor: moving.ship(engine, paper, by(actor), what))
    moving.ship(engine, paper, by(CUSTOMS), what)
    said = Arrived(1, GRAMS, NOW.date(), Party("A", country="XA"))
    for actor in (APPLICANT, CUSTOMS):
        refusal(lambda actor=actor: moving.endorse(engine, paper, by(actor), said))
    assert moving.endorse(engine, paper, by(ABROAD), said)["state"] == "endorsed"


def test_what_passes_through_a_country_is_read_there(engine: Any, ledger: str) -> None:
    paper = submitted(engine, draft(route=Route("XB", "XA", ("XC",))))
    transit = Actor("customs of XC", Role.CUSTOMS, "XC")
    refusal(lambda: papers.show(engine, paper, transit))
    life.grant(engine, paper, by())
    life.issue(engine, paper, by(), Period(by().on, (Bound(date(2026, 9, 1), "own term"),)))
    assert papers.show(engine, paper, transit)["possible"] == []


def test_scopes_of_a_key_narrow_what_its_role_allows(engine: Any, ledger: str) -> None:
    paper = submitted(engine)
    decides = replace(READER, scopes=("authorisation:grant", "*:read"))
    life.grant(engine, paper, by(decides))
    refusal(lambda: life.suspend(engine, paper, by(decides), "doubt"))
    blind = replace(READER, scopes=("authorisation:suspend",))
    refusal(lambda: papers.show(engine, paper, blind))
    life.suspend(engine, paper, by(blind), "doubt")


def test_the_version_seen_is_told_to_whoever_may_read_and_to_nobody_else(engine: Any) -> None:
    paper = submitted(engine)
    refusal(lambda: life.grant(engine, paper, by(ABROAD, version=1)))
    life.refuse(engine, paper, by(), "not needed")
    with pytest.raises(VersionConflict):
        life.refuse(engine, paper, by(version=2), "again")


def test_ledgers_are_kept_by_one_authority_and_read_by_few(engine: Any, ledger: str) -> None:
    before = rows(engine)
    key = Key("XA", "XA", "Ketamine", 2026, LedgerKind.ASSESSMENT)
    others = (APPLICANT, ABROAD, CUSTOMS, ANALYST, AUDITOR)
    for actor in others:
        refusal(lambda actor=actor: ledgers.open_ledger(engine, key, FIGURE, by(actor)))
        for kind in (EntryKind.LIMIT, EntryKind.SUPPLEMENT, EntryKind.OUTSIDE):
            refusal(
                lambda actor=actor, kind=kind: ledgers.enter(
                    engine, ledger, kind, FIGURE, by(actor)
                )
            )
    for actor in (APPLICANT, ABROAD, CUSTOMS):
        asked: tuple[Callable[[str], Any], ...] = (
            lambda one, actor=actor: ledgers.show(engine, one, actor, NOW.date()),
            lambda one, actor=actor: ledgers.entries(engine, one, actor),
            lambda one, actor=actor: ledgers.if_granted(engine, one, FIGURE, by(actor)),
        )
        for ask in asked:
            told = [refusal(lambda one=one, ask=ask: ask(one)) for one in (ledger, "nowhere")]
            assert told[0] == told[1]
        assert ledgers.listed(engine, {}, actor, NOW.date()).items == ()
        refusal(lambda actor=actor: papers.numbers(engine, "XA", Paper.IMPORT, 2026, actor))
    for actor in (AUTHORITY, ANALYST, AUDITOR):
        assert ledgers.show(engine, ledger, actor, NOW.date())["headroom"] == "1000"
        assert len(ledgers.listed(engine, {}, actor, NOW.date()).items) == 1
    assert rows(engine) == before


def test_a_quota_is_read_by_the_firm_that_holds_it(engine: Any, ledger: str) -> None:
    quota = estimate(engine, Decimal(80), kind=LedgerKind.QUOTA, holder="XA-7")
    assert ledgers.show(engine, quota, APPLICANT, NOW.date())["headroom"] == "80"
    refusal(lambda: ledgers.show(engine, quota, COMPETITOR, NOW.date()))
    (seen,) = ledgers.listed(engine, {}, APPLICANT, NOW.date()).items
    assert seen["id"] == quota


def test_a_list_goes_on_past_what_is_not_theirs(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are full although the rows between belong to others."""
    from api.usecases.trade import permission

    monkeypatch.setattr(permission, "CHUNK", 2)
    mine = []
    for _ in range(4):
        mine.append(str(papers.create(engine, draft(), by(APPLICANT))["id"]))
        other = draft(importer=Party("Other Ltd", "4 Street, Xa", "XA", "XA-8"))
        papers.create(engine, other, by(COMPETITOR))
    first = papers.listed(engine, Wanted(), APPLICANT, limit=3)
    rest = papers.listed(engine, Wanted(), APPLICANT, after=first.after, limit=3)
    assert [one["id"] for one in (*first.items, *rest.items)] == sorted(mine)
    assert (len(first.items), rest.after) == (3, "")


def test_a_denied_act_is_put_on_record_by_the_door(engine: Any) -> None:
    paper = submitted(engine)
    with pytest.raises(Denied) as denied:
        life.grant(engine, paper, by(COMPETITOR))
    put_denial_on_record(engine.sessions, denied.value, actor="", now=NOW)
    with reading(engine.sessions) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert audit.verify_chain(session) is None
    assert event is not None
    assert (event.actor, event.action, event.subject) == ("competitor", "act:denied", paper)
