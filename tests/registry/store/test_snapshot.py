from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.facts import Facts, Layers, Period, Recorded, Role
from registry.models import (
    Identifier,
    Listing,
    Source,
    SubstanceName,
    TariffCode,
    TreatyStatus,
    period_columns,
)
from registry.snapshot import snapshot
from registry.store import history

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(days=30)
MakeListing = Callable[..., Listing]


def test_a_listing_carries_its_dates_its_layers_and_where_it_can_be_read(
    stocked: Session, a_listing: MakeListing
) -> None:
    source = stocked.scalars(select(Source.id)).one()
    period = Period(date(1988, 1, 1), date(1989, 1, 1))
    history.record(
        stocked,
        a_listing(
            "k",
            period,
            provision="UN-1988-I",
            substance="acetic-anhydride",
            covers=["salts"],
            role="included",
            source=source,
        ),
    )
    (fact,) = snapshot(stocked, START).listings
    assert (fact.id, fact.provision, fact.role) == ("k", "UN-1988-I", Role.INCLUDED)
    assert (fact.valid, fact.recorded) == (period, Recorded(START))
    assert fact.covers == ("salts",)
    assert isinstance(fact.layers, Layers)
    assert fact.layers.connectivity == "aa"
    assert (fact.cite.title, fact.cite.href) == ("UN", "https://un.org")


def test_nothing_said_of_derived_forms_differs_from_none_covered(
    stocked: Session, a_listing: MakeListing
) -> None:
    history.record(stocked, a_listing("silent"))
    history.record(stocked, a_listing("none", covers=[]))
    covers = {fact.id: fact.covers for fact in snapshot(stocked, START).listings}
    assert covers == {"silent": None, "none": ()}


def test_substances_carry_names_numbers_and_structure(stocked: Session) -> None:
    facts = {fact.id: fact for fact in snapshot(stocked, START).substances}
    anhydride = facts["acetic-anhydride"]
    assert [name.text for name in anhydride.names] == ["Acetic anhydride", "Ethanoic anhydride"]
    assert [(given.kind, given.value) for given in anhydride.identifiers] == [("cas", "108-24-7")]
    assert anhydride.smiles == "CC(=O)OC(C)=O"
    assert facts["khat"].layers is None


def test_treaties_codes_and_jurisdictions_are_facts_too(stocked: Session) -> None:
    period = Period.exact(date(1991, 12, 4))
    history.record(
        stocked,
        TreatyStatus(
            key="1988-GB",
            treaty="1988",
            party="GB",
            recorded_from=START,
            **period_columns(period),
        ),
    )
    history.record(
        stocked,
        TariffCode(
            key="hs-2022-acetic-anhydride",
            substance="acetic-anhydride",
            system="HS",
            edition="2022",
            code="2915.24",
            scope="unique",
            recorded_from=START,
            **period_columns(Period.exact(date(2022, 1, 1))),
        ),
    )
    facts = snapshot(stocked, START)
    assert [(fact.treaty, fact.party, fact.valid) for fact in facts.treaties] == [
        ("1988", "GB", period)
    ]
    assert [(fact.substance, fact.code) for fact in facts.codes] == [
        ("acetic-anhydride", "2915.24")
    ]
    assert [fact.code for fact in facts.jurisdictions] == ["GB", "UN"]


def test_the_hash_does_not_depend_on_the_order_or_moment_of_recording(
    session: Session, fill: Callable[[Session], None], a_listing: MakeListing
) -> None:
    def facts(keys: str, at: datetime) -> Facts:
        fill(session)
        for key in keys:
            history.record(session, a_listing(key, recorded_from=at))
        taken = snapshot(session, LATER)
        session.rollback()
        return taken

    forwards, backwards = facts("abc", START), facts("cba", LATER)
    assert forwards.content_hash == backwards.content_hash
    assert [fact.id for fact in backwards.listings] == ["a", "b", "c"]
    assert facts("ab", START).content_hash != forwards.content_hash


def test_the_past_stays_as_it_was_whatever_is_recorded_later(
    stocked: Session, a_listing: MakeListing
) -> None:
    source = Source(key="new", publisher="x", licence="x", address="https://example.org")
    stocked.add(source)
    history.record(stocked, a_listing("k"))
    before = snapshot(stocked, START)

    history.supersede(stocked, "k", a_listing("k", code="7285", source=source.id), LATER)
    history.record(stocked, a_listing("l", recorded_from=LATER))
    for row in (
        SubstanceName(substance="khat", text="Kat", kind="common", recorded_from=LATER),
        Identifier(substance="khat", kind="code", value="7", recorded_from=LATER),
    ):
        history.record(stocked, row)

    assert snapshot(stocked, START) == before
    after = snapshot(stocked, LATER)
    assert after.content_hash != before.content_hash
    assert [fact.code for fact in after.listings] == ["7285", ""]


@pytest.mark.parametrize(
    "columns",
    [
        {"name": "Ketamine hydrochloride"},
        {"period": Period.exact(date(2014, 6, 10), date(2030, 1, 1))},
        {"period": Period(None, date(2014, 6, 10))},
        {"covers": []},
        {"covers": ["salts"]},
        {"role": "excluded"},
        {"substance": None},
        {"paragraph": "1a"},
        {"basis": "statute"},
    ],
)
def test_every_difference_in_a_fact_changes_the_hash(
    stocked: Session, a_listing: MakeListing, columns: dict[str, object]
) -> None:
    history.record(stocked, a_listing("k"))
    history.supersede(stocked, "k", a_listing("k", **columns), LATER)
    assert snapshot(stocked, START).content_hash != snapshot(stocked, LATER).content_hash


def test_four_thousand_listings_are_read_in_half_a_second(
    stocked: Session, a_listing: MakeListing
) -> None:
    history.reconcile(stocked, Listing, [a_listing(f"k{n}") for n in range(4000)], START)
    stocked.commit()
    stocked.expunge_all()

    def seconds() -> float:
        before = time.process_time()
        assert len(snapshot(stocked, START).listings) == 4000
        return time.process_time() - before

    assert min(seconds() for _ in range(3)) < 0.5
