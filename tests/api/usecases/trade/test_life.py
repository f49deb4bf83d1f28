"""The life of papers and what it does to the figures of the year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from api.access.allow import Actor
from api.usecases.trade import ledgers, life, moving, papers
from api.usecases.trade.acts import VersionConflict
from api.usecases.trade.booking import FigureUnknown
from api.usecases.trade.life import Period
from api.usecases.trade.moving import Arrived, Shipped
from api.usecases.trade.papers import PaperRefused
from registry.models import AuditEvent, EntryKind, Role
from registry.store import audit
from registry.store.answers import KeyReused
from registry.store.authorisations import Wanted
from registry.store.ledgers import OverLimit
from registry.store.session import reading
from registry.trade_facts import Paper, Party
from rules.trade.states import ActRefused
from rules.trade.validity import Bound
from tests.api.usecases.trade.conftest import (
    ABROAD,
    APPLICANT,
    AUTHORITY,
    CUSTOMS,
    EXPORTER,
    by,
    draft,
    estimate,
    export,
    goods,
    submitted,
)

UNTIL = date(2026, 9, 1)
TERM = Period(date(2026, 6, 1), (Bound(UNTIL, "own term"),))
XA = Party("Authority of XA", "1 Square, Xa", "XA")
COLLEAGUE = Actor("colleague", Role.APPLICANT, "XA", "XA-7")
Stands = Callable[[], tuple[str, str, str]]


both = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """SQLite, except where a test asks for both: the rules are the same, the guards are not."""
    return str(getattr(request, "param", "sqlite"))


def issued(engine: Any, what: Any = None) -> str:
    paper = submitted(engine, what)
    life.grant(engine, paper, by())
    life.issue(engine, paper, by(), TERM)
    return paper


def lines(*grams: str) -> Any:
    return tuple((n, Decimal(one), "g") for n, one in enumerate(grams, 1))


def shipped(engine: Any, paper: str, *grams: str, days: int = 9) -> dict[str, Any]:
    what = Shipped(lines(*grams), date(2026, 6, 10))
    return moving.ship(engine, paper, by(CUSTOMS, days=days), what)


def arrived(engine: Any, paper: str, number: int, *grams: str, **more: Any) -> dict[str, Any]:
    what = Arrived(number, lines(*grams), date(2026, 6, 20), XA, **more)
    return moving.endorse(engine, paper, by(days=20), what)


def acts(engine: Any, paper: str) -> list[str]:
    with reading(engine.sessions) as session:
        rows = select(AuditEvent.action).where(AuditEvent.subject == paper)
        assert audit.verify_chain(session) is None
        return list(session.scalars(rows.order_by(AuditEvent.seq)))


@both
def test_a_paper_goes_from_draft_to_closed_and_the_figure_follows(
    engine: Any, ledger: str, stands: Stands
) -> None:
    paper = submitted(engine)
    assert stands() == ("0", "0", "1000")
    life.grant(engine, paper, by())
    assert stands() == ("100", "0", "900")
    made = life.issue(engine, paper, by(), TERM)
    assert (made["number"], made["valid_to"]) == ("XA-IA-2026-000001", "2026-09-01")
    assert made["decided_by"] == ["own term"]
    assert shipped(engine, paper, "100")["state"] == "in_transit"
    assert stands() == ("0", "100", "900")
    told = arrived(engine, paper, 1, "97")
    assert (told["state"], told["mismatch"]) == ("endorsed", True)
    assert told["agreement"][0]["percent"] == "-3.00"
    assert stands() == ("0", "97", "903")
    assert life.close(engine, paper, by(days=21))["state"] == "closed"
    assert acts(engine, paper) == [
        "authorisation:created",
        "authorisation:submitted",
        "authorisation:granted",
        "authorisation:issued",
        "authorisation:consignment:shipped",
        "authorisation:consignment:endorsed",
        "authorisation:closed",
    ]
    assert [one["version"] for one in papers.history(engine, paper, AUTHORITY)] == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    ]


@both
def test_an_estimate_that_does_not_suffice_refuses_the_grant_and_leaves_nothing(
    engine: Any, ledger: str, stands: Stands
) -> None:
    first, second = submitted(engine, draft(goods(600))), submitted(engine, draft(goods(401)))
    life.grant(engine, first, by())
    with pytest.raises(OverLimit, match="401 g of base do not fit: 400 g are left"):
        life.grant(engine, second, by())
    assert papers.show(engine, second, AUTHORITY)["state"] == "submitted"
    assert stands() == ("600", "0", "400")
    supplement = ledgers.Figure(grams=Decimal(1), reason="more patients", source="letter 7")
    ledgers.enter(engine, ledger, EntryKind.SUPPLEMENT, supplement, by())
    life.grant(engine, second, by())
    assert stands() == ("1001", "0", "0")


def test_without_an_estimate_a_narcotic_is_not_granted_unless_none_counts_it(engine: Any) -> None:
    paper = submitted(engine)
    with pytest.raises(FigureUnknown, match="no estimate of XA"):
        life.grant(engine, paper, by())
    told = life.grant(engine, paper, by(), uncounted="preparation of Schedule III")
    assert (told["state"], told["ledgers"]) == ("granted", [])


def test_a_base_that_is_not_known_is_not_granted_under_an_estimate(
    engine: Any, ledger: str
) -> None:
    made = papers.create(engine, draft(goods(salt="citrate")), by(APPLICANT))
    assert "no factor is known for Fentanyl citrate" in made["notes"][0]
    life.submit(engine, made["id"], by(APPLICANT))
    with pytest.raises(FigureUnknown, match="how much base is in line 1"):
        life.grant(engine, made["id"], by())


def test_a_factor_by_hand_needs_its_source(engine: Any) -> None:
    from registry.errors import InputError

    with pytest.raises(InputError, match="needs its source"):
        papers.create(engine, draft(goods(salt="citrate", factor=Decimal("63.7"))), by(APPLICANT))
    form = goods(salt="citrate", factor=Decimal("63.7"), factor_source="yellow list")
    made = papers.create(engine, draft(form), by(APPLICANT))
    assert made["goods"][0]["base"] == "63.7"


def test_several_consignments_come_under_one_import_until_nothing_is_left(
    engine: Any, ledger: str, stands: Stands
) -> None:
    paper = issued(engine, draft(goods(100), consignments=3))
    shipped(engine, paper, "40")
    shipped(engine, paper, "30")
    assert stands() == ("30", "70", "900")
    assert arrived(engine, paper, 2, "30")["state"] == "in_transit"
    assert arrived(engine, paper, 1, "40")["state"] == "partly_used"
    with pytest.raises(ActRefused, match="30 g of line 1 are left, not 31"):
        shipped(engine, paper, "31")
    shipped(engine, paper, "20", days=21)
    with pytest.raises(ActRefused, match="it covers 3 consignments"):
        shipped(engine, paper, "1")
    assert arrived(engine, paper, 3, "20")["state"] == "endorsed"
    assert stands() == ("0", "90", "910"), "what was not shipped is released"


def test_only_a_narcotic_import_may_have_several_consignments(engine: Any) -> None:
    asked = (
        (EXPORTER, export(consignments=2)),
        (APPLICANT, draft(convention="1971", consignments=None)),
    )
    for firm, what in asked:
        made = papers.create(engine, what, by(firm))
        with pytest.raises(PaperRefused, match="a single consignment"):
            life.submit(engine, made["id"], by(firm))


def test_what_is_missing_is_told_all_at_once(engine: Any) -> None:
    bare = draft(
        replace(goods(), quantity=Decimal(0)),
        importer=Party("", "", "XA", "XA-7"),
        convention="1971",
    )
    made = papers.create(engine, bare, by(APPLICANT))
    with pytest.raises(PaperRefused) as refusal:
        life.submit(engine, made["id"], by(APPLICANT))
    told = refusal.value.message
    for part in ("name of the importer", "address of the importer", "quantity of line 1",
                 "pharmaceutical form of line 1"):  # fmt: skip
        assert part in told


def test_an_export_counts_on_the_figure_of_the_country_it_goes_to(engine: Any) -> None:
    kept = estimate(engine, Decimal(50), keeper="XB")
    paper = submitted(engine, export(goods(51)))
    with pytest.raises(OverLimit):
        life.grant(engine, paper, by(ABROAD))
    paper = submitted(engine, export(goods(50)))
    assert life.grant(engine, paper, by(ABROAD))["ledgers"] == [kept]


def test_a_quota_of_the_firm_counts_beside_the_estimate(engine: Any, ledger: str) -> None:
    from registry.models import LedgerKind

    quota = estimate(engine, Decimal(80), kind=LedgerKind.QUOTA, holder="XA-7")
    with pytest.raises(OverLimit) as refusal:
        life.grant(engine, submitted(engine), by())
    assert refusal.value.ledger == quota
    paper = submitted(engine, draft(goods(80)))
    assert life.grant(engine, paper, by())["ledgers"] == sorted([ledger, quota])


def test_the_period_ends_with_the_first_of_its_bounds(engine: Any) -> None:
    estimate(engine, keeper="XB")
    paper = submitted(engine, export())
    life.grant(engine, paper, by(ABROAD))
    licence = Bound(date(2027, 1, 1), "licence of the exporter")
    made = life.issue(engine, paper, by(ABROAD), Period(date(2026, 6, 1), (licence,)))
    assert made["valid_to"] == "2026-09-01"
    assert made["decided_by"] == ["the other country's paper"]


@pytest.mark.parametrize(
    ("bounds", "why"),
    [
        ((), "nothing says when it ends"),
        ((Bound(UNTIL, "term"), Bound(None, "licence")), "the end of licence is not known"),
        ((Bound(date(2026, 6, 1), "licence"),), "ends? .*before it begins|before it begins"),
    ],
)
def test_a_period_that_is_not_determined_is_not_issued(
    engine: Any, ledger: str, bounds: tuple[Bound, ...], why: str
) -> None:
    paper = submitted(engine)
    life.grant(engine, paper, by())
    with pytest.raises(ActRefused, match=why):
        life.issue(engine, paper, by(), Period(date(2026, 6, 1), bounds))
    series = papers.numbers(engine, "XA", Paper.IMPORT, 2026, AUTHORITY)
    assert series.items == (), "a refusal takes no number"


def test_it_is_used_from_its_first_day_until_before_its_end(engine: Any, ledger: str) -> None:
    paper = issued(engine, draft(goods(100), consignments=None))
    for day, fits in ((31, True), (92, False), (91, True)):
        on = date(2026, 6, 1).toordinal() + day
        what = Shipped(lines("1"), date.fromordinal(on))
        if fits:
            moving.ship(engine, paper, by(days=200), what)
        else:
            with pytest.raises(ActRefused, match="not on 2026-09-01"):
                moving.ship(engine, paper, by(days=200), what)
    with pytest.raises(ActRefused, match="still to come"):
        moving.ship(engine, paper, by(), Shipped(lines("1"), date(2026, 6, 2)))


def test_partly_used_then_expired_gives_the_rest_back(
    engine: Any, ledger: str, stands: Stands
) -> None:
    paper = issued(engine, draft(goods(100), consignments=2))
    shipped(engine, paper, "40")
    with pytest.raises(ActRefused, match="not possible while in_transit"):
        life.expire(engine, paper, by(days=100))
    arrived(engine, paper, 1, "40")
    with pytest.raises(ActRefused, match="not over"):
        life.expire(engine, paper, by(days=91))
    assert stands() == ("60", "40", "900")
    assert life.expire(engine, paper, by(days=92))["state"] == "expired"
    assert stands() == ("0", "40", "960")
    life.close(engine, paper, by(days=93))


@both
def test_a_lost_paper_is_replaced_for_what_is_left_under_another_number(
    engine: Any, ledger: str, stands: Stands
) -> None:
    paper = issued(engine, draft(goods(100), consignments=2))
    shipped(engine, paper, "40")
    arrived(engine, paper, 1, "40")
    life.declare_lost(engine, paper, by(days=22), "stolen from a car")
    told = life.replace_lost(engine, paper, by(days=23), "police report 5")
    assert stands() == ("60", "40", "900")
    other = told["replaced_by"]
    assert papers.show(engine, paper, AUTHORITY)["replaced_by"] == other
    assert life.issue(engine, other, by(days=23), TERM)["number"] == "XA-IA-2026-000002"
    shipped(engine, other, "60", days=24)
    assert stands() == ("0", "100", "900")
    series = papers.numbers(engine, "XA", Paper.IMPORT, 2026, AUTHORITY).items
    assert [(one["number"], one["state"]) for one in series] == [
        (1, "cancelled"),
        (2, "in_transit"),
    ]


def test_suspended_is_resumed_where_it_stood_and_cancelled_gives_back(
    engine: Any, ledger: str, stands: Stands
) -> None:
    paper = issued(engine, draft(goods(100), consignments=2))
    shipped(engine, paper, "40")
    life.suspend(engine, paper, by(days=11), "doubt about the consignee")
    with pytest.raises(ActRefused, match="not possible while suspended"):
        shipped(engine, paper, "1")
    assert life.resume(engine, paper, by(days=12), "cleared")["state"] == "in_transit"
    life.suspend(engine, paper, by(days=13), "doubt again")
    with pytest.raises(ActRefused, match="on the way"):
        life.cancel(engine, paper, by(days=14), "diverted")
    life.resume(engine, paper, by(days=14), "to be endorsed")
    arrived(engine, paper, 1, "40")
    with pytest.raises(ActRefused, match="needs a reason"):
        life.cancel(engine, paper, by(days=21), " ")
    life.cancel(engine, paper, by(days=21), "diverted")
    assert stands() == ("0", "40", "960")


def test_amended_after_issue_it_keeps_its_number_and_counts_anew(
    engine: Any, ledger: str, stands: Stands
) -> None:
    paper = issued(engine)
    with pytest.raises(ActRefused, match="needs a reason"):
        papers.amend(engine, paper, draft(goods(120)), by())
    with pytest.raises(OverLimit):
        papers.amend(engine, paper, draft(goods(1001)), by(), "more")
    assert stands() == ("100", "0", "900")
    made = papers.amend(engine, paper, draft(goods(120)), by(), "more")
    assert (made["state"], made["number"]) == ("amended", "XA-IA-2026-000001")
    assert stands() == ("120", "0", "880")
    with pytest.raises(PaperRefused, match="never change"):
        papers.amend(engine, paper, draft(convention="1971"), by(), "other")
    first = papers.show(engine, paper, AUTHORITY, version=4)
    assert first["goods"][0]["quantity"] == "100"


def test_more_arrived_than_fits_is_booked_for_it_is_a_fact(
    engine: Any, ledger: str, stands: Stands
) -> None:
    paper = issued(engine, draft(goods(1000)))
    shipped(engine, paper, "1000")
    told = arrived(engine, paper, 1, "1010", tolerance=Decimal(1))
    assert told["mismatch"] is False, "exactly at the tolerance"
    assert stands() == ("0", "1010", "-10")
    assert ledgers.show(engine, ledger, AUTHORITY, date(2026, 6, 1))["exceeded"] is True


def test_shipped_in_another_year_it_counts_on_the_figure_of_that_year(
    engine: Any, ledger: str, stands: Stands
) -> None:
    paper = submitted(engine)
    life.grant(engine, paper, by())
    term = Period(date(2026, 6, 1), (Bound(date(2027, 6, 1), "own term"),))
    life.issue(engine, paper, by(), term)
    what = Shipped(lines("100"), date(2027, 1, 2))
    with pytest.raises(FigureUnknown, match="no estimate of XA in 2027"):
        moving.ship(engine, paper, by(days=220), what)
    later = estimate(engine, Decimal(100), year=2027)
    moving.ship(engine, paper, by(days=220), what)
    assert stands() == ("0", "0", "1000")
    assert ledgers.show(engine, later, AUTHORITY, date(2027, 1, 3))["used"] == "100"


def test_an_act_on_a_version_seen_before_is_refused(engine: Any) -> None:
    made = papers.create(engine, draft(), by(APPLICANT))
    life.submit(engine, made["id"], by(APPLICANT, version=1))
    with pytest.raises(VersionConflict, match="at version 2, not 1"):
        life.refuse(engine, made["id"], by(version=1), "late")


@both
def test_the_same_key_does_nothing_again_and_another_request_is_refused(engine: Any) -> None:
    first = papers.create(engine, draft(), by(APPLICANT, key="k1"))
    assert papers.create(engine, draft(), by(APPLICANT, key="k1", days=1)) == first
    with pytest.raises(KeyReused):
        papers.create(engine, draft(goods(7)), by(APPLICANT, key="k1"))
    assert papers.create(engine, draft(), by(COLLEAGUE, key="k1"))["id"] != first["id"]
    assert len(papers.listed(engine, Wanted(), APPLICANT).items) == 2
    sent = life.submit(engine, first["id"], by(APPLICANT, key="k2", version=1))
    assert life.submit(engine, first["id"], by(APPLICANT, key="k2", version=1)) == sent
    with pytest.raises(ActRefused):
        life.close(engine, first["id"], by(key="k3"))
    assert life.refuse(engine, first["id"], by(key="k3"), "not needed")["state"] == "refused"


@both
def test_papers_are_listed_by_state_page_by_page(engine: Any) -> None:
    made = sorted(papers.create(engine, draft(), by(APPLICANT))["id"] for _ in range(5))
    life.submit(engine, made[2], by(APPLICANT))
    page = papers.listed(engine, Wanted(states=("draft",)), APPLICANT, limit=3)
    rest = papers.listed(engine, Wanted(states=("draft",)), APPLICANT, after=page.after, limit=3)
    found = [one["id"] for one in (*page.items, *rest.items)]
    assert found == [one for one in made if one != made[2]]
    assert rest.after == ""
    assert papers.by_number(engine, "") is None


ENTRY = (
    "INSERT INTO ledger_entry SELECT ledger, 3, 2, {}, reserved_after, {}, used_after, 0, used_after,"
    " NULL, NULL, NULL, NULL, '', NULL, '', '', '', 'x', entered_at FROM ledger_entry WHERE number = 2"
)
NUMBER = "INSERT INTO number_taken SELECT authority, kind, year, {}, 'text', 'x', taken_at FROM number_taken"
GIVEN = "'reservation', limit_after, 0, limit_after", "901000000, reserved_after + 901000000"
FALSE = "'limit', 0, 5, 5", "0, reserved_after"


@both
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE authorisation_version SET state = 'closed'",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_entry SET used_after = 0",
        ENTRY.format(*GIVEN),
        ENTRY.format(*FALSE),
        NUMBER.format("3, 2"),
        NUMBER.format("1, NULL"),
    ],
)
def test_the_database_itself_refuses_what_no_act_would_write(
    engine: Any, ledger: str, statement: str
) -> None:
    """Over the limit, a sum that does not follow, a gap, a second use, and any rewriting."""
    issued(engine)
    with pytest.raises(IntegrityError), engine.database.begin() as connection:
        connection.execute(text(statement))
