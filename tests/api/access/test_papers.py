"""How somebody stands to a paper: whose it is, who else is on it, which countries it concerns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from api.access.acts import Act, Relation
from api.access.allow import Actor, Standing, may, relations
from api.access.papers import (
    authorisation_act,
    ledger_act,
    notification_act,
    of_authorisation,
    of_ledger,
    of_notification,
)
from registry.models import Role
from registry.trade_facts import (
    Authorisation,
    AuthorisationState,
    Notification,
    NotificationState,
    Paper,
    Party,
    Route,
)

SELLER = Party("Seller Ltd", country="XA", licence="LIC-1")
BUYER = Party("Buyer SA", country="XB", licence="LIC-1")
AGENT = Party("Agent KG", country="XC")
EXPORT = Authorisation(
    id="a-1", version=1, paper=Paper.EXPORT, convention="1961", jurisdiction="XA",
    authority=Party("Authority of XA", country="XA"), state=AuthorisationState.ISSUED,
    exporter=SELLER, importer=BUYER, goods=(), route=Route("XA", "XB", ("XC",)), others=(AGENT,),
    number="XA-2026-1",
)  # fmt: skip
NOTICE = Notification(
    id="n-1", version=1, number="1", sender=Party("XA", country="XA"),
    receiver=Party("XB", country="XB"), state=NotificationState.SENT, exporter=SELLER,
    importer=BUYER, goods=(), route=Route("XA", "XB", ("XC",)),
)  # fmt: skip


def applicant(country: str, party: str, key: str = "key:1") -> Actor:
    return Actor(key, Role.APPLICANT, country, party)


def held(actor: Actor, record: Standing) -> set[Relation]:
    return set(relations(actor, record)) - {Relation.OTHER}


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (applicant("XA", "lic-1"), {Relation.OWN, Relation.OWN_COUNTRY}),
        (applicant("XA", " seller LTD "), {Relation.OWN, Relation.OWN_COUNTRY}),
        (applicant("XB", "LIC-1"), {Relation.NAMED, Relation.OTHER_END}),
        (applicant("XC", "Agent KG"), {Relation.NAMED, Relation.TRANSIT}),
        (applicant("XA", "LIC-2"), {Relation.OWN_COUNTRY}),
        (applicant("XD", "", "key:9"), {Relation.OWN}),
        (Actor("key:2", Role.AUTHORITY, "XA"), {Relation.OWN_COUNTRY}),
        (Actor("key:2", Role.AUTHORITY, "XB"), {Relation.OTHER_END}),
        (Actor("key:2", Role.CUSTOMS, "XC"), {Relation.TRANSIT}),
        (Actor("key:2", Role.CUSTOMS, ""), set()),
        (Actor("key:9", Role.LOCAL), set()),
    ],
)
def test_relations_to_an_export_authorisation(actor: Actor, expected: set[Relation]) -> None:
    assert held(actor, of_authorisation(EXPORT, applicant="key:9")) == expected


def test_an_import_authorisation_is_the_importers() -> None:
    paper = replace(EXPORT, paper=Paper.IMPORT, jurisdiction="XB")
    record = of_authorisation(paper)
    assert held(applicant("XB", "LIC-1"), record) == {Relation.OWN, Relation.OWN_COUNTRY}
    assert held(applicant("XA", "LIC-1"), record) == {Relation.NAMED, Relation.OTHER_END}


def test_nobody_else_meets_a_paper_before_it_has_a_number() -> None:
    withdrawn = of_authorisation(replace(EXPORT, number="", state=AuthorisationState.CANCELLED))
    for actor in (
        Actor("key:2", Role.AUTHORITY, "XB"),
        Actor("key:2", Role.CUSTOMS, "XC"),
        applicant("XB", "LIC-1"),
    ):
        assert held(actor, withdrawn) == set()
        assert not may(actor, Act.AUTHORISATION_READ, withdrawn)


def test_nobody_drafts_in_the_name_of_another_firm() -> None:
    draft = of_authorisation(replace(EXPORT, state=AuthorisationState.DRAFT))
    assert may(applicant("XA", "LIC-1"), Act.AUTHORISATION_DRAFT, draft)
    for other in (applicant("XA", "LIC-2"), applicant("XB", "LIC-1"), applicant("XC", "Agent KG")):
        assert not may(other, Act.AUTHORISATION_DRAFT, draft)


def test_each_end_may_do_its_own_part() -> None:
    moving = of_authorisation(replace(EXPORT, state=AuthorisationState.IN_TRANSIT))
    here, there = (Actor("key:2", Role.AUTHORITY, country) for country in ("XA", "XB"))
    assert may(here, Act.AUTHORISATION_SUSPEND, moving)
    assert not may(there, Act.AUTHORISATION_SUSPEND, moving)
    assert may(there, Act.AUTHORISATION_ENDORSE, moving)
    assert may(Actor("key:3", Role.CUSTOMS, "XB"), Act.AUTHORISATION_RELEASE, moving)
    assert not may(Actor("key:3", Role.CUSTOMS, "XC"), Act.AUTHORISATION_RELEASE, moving)


def test_the_receiver_answers_a_notification_and_the_sender_sends_it() -> None:
    sent, draft = NOTICE, replace(NOTICE, state=NotificationState.DRAFT)
    here, there = (Actor("key:2", Role.AUTHORITY, country) for country in ("XA", "XB"))
    assert may(here, Act.NOTIFICATION_SEND, of_notification(draft))
    assert not may(there, Act.NOTIFICATION_READ, of_notification(draft))
    assert may(there, Act.NOTIFICATION_REPLY, of_notification(sent))
    assert not may(there, Act.NOTIFICATION_RECORD, of_notification(sent))
    assert may(there, Act.NOTIFICATION_RECORD, of_notification(sent, received=True))
    assert not may(here, Act.NOTIFICATION_RECORD, of_notification(sent, received=True))


WORDS = {
    authorisation_act: "create amend submit ask_information withdraw grant refuse issue ship endorse "
    "close suspend resume cancel expire declare_lost replace",
    notification_act: "compose amend send receive deliver read no_objection objection "
    "more_information supply expire suspend resume stop ship cancel divert",
    ledger_act: "limit supplement outside",
}


@pytest.mark.parametrize("act_of", WORDS)
def test_every_word_of_trade_is_an_act(act_of: Callable[[str], str]) -> None:
    assert {act_of(word) for word in WORDS[act_of].split()} <= set(Act)
    assert act_of("forge") not in set(Act)


def test_seeing_that_a_notification_was_read_is_not_reading_it() -> None:
    assert notification_act("read") == "notification:record"


def test_a_ledger_is_kept_by_the_authority_of_its_country() -> None:
    ledger = of_ledger("l-1", "XA")
    assert may(Actor("key:2", Role.AUTHORITY, "XA"), Act.LEDGER_SET, ledger)
    assert not may(Actor("key:2", Role.AUTHORITY, "XB"), Act.LEDGER_READ, ledger)
    assert may(Actor("key:4", Role.AUDITOR), Act.LEDGER_READ, ledger)


def test_a_quota_is_read_by_its_holder() -> None:
    quota = of_ledger("l-2", "XA", "LIC-1")
    assert may(applicant("XA", "lic-1"), Act.LEDGER_READ, quota)
    assert not may(applicant("XA", "LIC-2"), Act.LEDGER_READ, quota)
    assert not may(applicant("XA", "LIC-1"), Act.LEDGER_SET, quota)
