"""Drafts are kept version by version, by who may, on the version seen; nothing is rewritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from api.access.allow import Actor
from api.engine import Engine
from api.usecases import drafts
from api.usecases.draft_check import DraftRefused
from api.usecases.drafts import New
from api.usecases.trade.acts import By, VersionConflict
from registry.errors import Denied, NotFound, Overrun
from registry.models import AuditEvent, DraftVersion, Role
from registry.store import audit
from registry.store.drafts import Wanted
from registry.store.session import reading, session_factory, writing
from tests.api.usecases.drafted import DRAFT, UNREADABLE

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
ANNA = Actor("key:anna", Role.ANALYST, "GB")
BEN = Actor("key:ben", Role.AUTHORITY, "GB")
CARL = Actor("key:carl", Role.ANALYST, "DE")
DORA = Actor("key:dora", Role.ANALYST)
ERIC = Actor("key:eric", Role.ANALYST)
AUDITOR = Actor("key:audit", Role.AUDITOR)
CUSTOMS = Actor("key:gate", Role.CUSTOMS, "GB")
OPERATOR = Actor("operator", Role.OPERATOR)
COPY = (
    "INSERT INTO draft_version SELECT draft, {}, text, content_hash, faults, author, saved_at,"
    " remark FROM draft_version"
)


class Inline:
    """A pool that works in this process: what is read here is our own."""

    def call(self, function: Callable[..., Any], *args: Any, deadline: float | None = None) -> Any:
        return function(*args)


class Wiring:
    """What the use cases need of the shared wiring."""

    workers: Any = Inline()

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self.sessions = sessions


@pytest.fixture
def desk(engine: Database) -> Engine:
    return cast("Engine", Wiring(session_factory(engine)))


def by(actor: Actor = ANNA, *, version: int | None = None, key: str = "") -> By:
    return By(actor, NOON, version=version, key=key)


def keep(desk: Engine, actor: Actor = ANNA, **changes: Any) -> dict[str, Any]:
    return drafts.create(desk, replace(New(DRAFT), **changes), by(actor))


def later(number: int) -> str:
    """The draft with another first day."""
    return DRAFT.replace("2027-01-01", f"2027-01-{number:02}")


def names(desk: Engine, actor: Actor, **wanted: str) -> list[str]:
    return [one["name"] for one in drafts.listed(desk, Wanted(**wanted), actor).items]


def events(desk: Engine) -> Iterator[AuditEvent]:
    with reading(desk.sessions) as session:
        assert audit.verify_chain(session) is None
        yield from session.scalars(select(AuditEvent).order_by(AuditEvent.seq))


def test_each_saving_is_the_next_version_and_none_is_lost(desk: Engine) -> None:
    made = keep(desk, remark="first")
    assert (made["name"], made["jurisdiction"], made["version"]) == ("barbiturates", "GB", 1)
    for number in (2, 3):
        saved = drafts.save(desk, made["id"], later(number), by(version=number - 1))
        assert (saved["version"], saved["newest"], saved["finished"]) == (number, number, True)
    history = drafts.history(desk, made["id"], ANNA).items
    assert [one["version"] for one in history] == [1, 2, 3]
    assert history[0]["remark"] == "first"
    assert [drafts.show(desk, made["id"], ANNA, n)["text"] for n in (1, 2, 3)] == [
        DRAFT,
        later(2),
        later(3),
    ]
    with pytest.raises(NotFound, match="no version 4"):
        drafts.show(desk, made["id"], ANNA, 4)


def test_what_others_saved_meanwhile_is_told_and_not_written_over(desk: Engine) -> None:
    made = keep(desk)
    drafts.save(desk, made["id"], later(2), by(BEN, version=1))
    with pytest.raises(VersionConflict, match="at version 2, not 1"):
        drafts.save(desk, made["id"], later(3), by(version=1))
    assert drafts.show(desk, made["id"], ANNA)["text"] == later(2)


def test_of_two_who_save_at_once_on_one_version_one_is_told_so(desk: Engine) -> None:
    made = keep(desk)

    def save(number: int) -> str:
        try:
            return str(drafts.save(desk, made["id"], later(number), by(version=1))["version"])
        except VersionConflict as conflict:
            return conflict.code

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(save, range(2, 6)))
    assert told == ["2", *["version-conflict"] * 3]
    assert len(drafts.history(desk, made["id"], ANNA).items) == 2


def test_a_text_that_cannot_be_read_is_kept_as_unfinished_and_says_where(desk: Engine) -> None:
    made = keep(desk, text=UNREADABLE, name="begun", jurisdiction="GB")
    (fault,) = made["faults"]
    assert (made["finished"], fault["line"]) == (False, 4)
    assert "option" in fault["message"]
    assert "draft:" not in fault["message"]
    with pytest.raises(DraftRefused, match="unfinished: line 4, column"):
        drafts.text_of(desk, "begun", ANNA)
    mended = drafts.save(desk, made["id"], DRAFT, by(version=1))
    assert (mended["finished"], mended["faults"]) == (True, [])
    assert drafts.text_of(desk, "begun", ANNA) == DRAFT


def test_what_is_stopped_while_it_is_read_is_unfinished(desk: Engine) -> None:
    class Stopping(Inline):
        def call(self, function: Any, *args: Any, deadline: float | None = None) -> Any:
            raise Overrun("stopped at its deadline of 5 seconds", "deadline")

    cast("Any", desk).workers = Stopping()
    made = keep(desk, name="slow", jurisdiction="GB")
    assert [one["message"] for one in made["faults"]] == ["stopped at its deadline of 5 seconds"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": " \n"}, "the draft is empty"),
        ({"text": "a\0b"}, "characters that are no text"),
        ({"text": "x" * 200_001}, "at most 200000 characters"),
        ({"text": UNREADABLE, "jurisdiction": "GB"}, "a name has 1 to 100"),
        ({"text": UNREADABLE, "name": "n"}, "for which jurisdiction"),
        ({"name": "a\nb"}, "printable"),
        ({"jurisdiction": "DE"}, "a draft for `GB`"),
        ({"remark": "r" * 2001}, "a remark has at most"),
    ],
)
def test_what_cannot_be_kept_is_refused(desk: Engine, changes: dict[str, str], why: str) -> None:
    with pytest.raises(DraftRefused, match=why):
        keep(desk, **changes)
    assert not names(desk, ANNA)


def test_a_version_like_the_one_before_or_for_another_jurisdiction_is_refused(
    desk: Engine,
) -> None:
    made = keep(desk)
    with pytest.raises(DraftRefused, match="nothing has changed since version 1"):
        drafts.save(desk, made["id"], DRAFT, by(version=1))
    with pytest.raises(DraftRefused, match="this draft is for `GB`"):
        drafts.save(desk, made["id"], DRAFT.replace("jurisdiction: GB", "jurisdiction: US"), by())


def test_a_name_is_there_once_among_those_of_its_owner_until_it_is_withdrawn(
    desk: Engine,
) -> None:
    first = keep(desk)
    with pytest.raises(DraftRefused, match="called `barbiturates` already"):
        keep(desk)
    keep(desk, BEN)
    drafts.withdraw(desk, first["id"], by(version=1))
    with pytest.raises(DraftRefused, match="was withdrawn"):
        drafts.save(desk, first["id"], later(2), by())
    assert drafts.show(desk, first["id"], ANNA)["withdrawn_at"] == NOON.isoformat()
    again = keep(desk)
    assert drafts.find(desk, "barbiturates", ANNA) == again["id"] != first["id"]


def test_colleagues_of_a_country_read_and_save_and_all_others_find_nothing(desk: Engine) -> None:
    made = keep(desk)["id"]
    assert drafts.save(desk, made, later(2), by(BEN))["author"] == BEN.id
    for stranger in (CARL, DORA, CUSTOMS):
        assert not names(desk, stranger)
        with pytest.raises(Denied) as theirs:
            drafts.show(desk, made, stranger)
        with pytest.raises(Denied) as missing:
            drafts.show(desk, "no-such", stranger)
        assert str(theirs.value) == str(missing.value)
        with pytest.raises(Denied):
            drafts.save(desk, made, later(3), by(stranger))
    assert names(desk, AUDITOR) == ["barbiturates"]
    with pytest.raises(Denied):
        drafts.withdraw(desk, made, by(AUDITOR))
    assert drafts.save(desk, made, later(3), by(OPERATOR))["version"] == 3


def test_a_draft_of_somebody_without_a_country_is_theirs_alone(desk: Engine) -> None:
    keep(desk, DORA)
    assert names(desk, DORA) == ["barbiturates"]
    assert not names(desk, ERIC)
    assert not names(desk, ANNA)


def test_customs_and_applicants_keep_no_drafts(desk: Engine) -> None:
    for actor in (CUSTOMS, Actor("key:firm", Role.APPLICANT, "GB", "LIC-1"), AUDITOR):
        with pytest.raises(Denied):
            keep(desk, actor)


def test_the_same_key_keeps_and_saves_once(desk: Engine) -> None:
    new = New(DRAFT)
    made = [drafts.create(desk, new, by(key="a")) for _ in range(2)]
    assert made[0] == made[1]
    draft = made[0]["id"]
    saved = [drafts.save(desk, draft, later(2), by(version=1, key="b")) for _ in range(2)]
    assert saved[0] == saved[1]
    assert len(drafts.history(desk, draft, ANNA).items) == 2


def test_a_name_finds_ones_own_before_that_of_others(desk: Engine) -> None:
    own, other = keep(desk)["id"], keep(desk, BEN)["id"]
    assert drafts.find(desk, "barbiturates", ANNA) == own
    assert drafts.find(desk, "barbiturates", BEN) == other
    assert drafts.find(desk, other, ANNA) == other
    assert drafts.find(desk, "nothing", ANNA) == "nothing"
    with pytest.raises(DraftRefused, match="several drafts are called"):
        drafts.find(desk, "barbiturates", OPERATOR)


def test_a_list_is_paged_in_order_and_leaves_nothing_out(desk: Engine) -> None:
    made = {keep(desk, name=f"draft {n}")["id"] for n in range(5)}
    found, after = list[str](), ""
    while True:
        page = drafts.listed(desk, Wanted("GB"), ANNA, after=after, limit=2)
        found += [one["id"] for one in page.items]
        after = page.after
        if not after:
            break
    assert found == sorted(made)
    assert not names(desk, ANNA, jurisdiction="US")


def test_every_act_is_an_event_that_names_the_text_and_does_not_hold_it(desk: Engine) -> None:
    made = keep(desk)["id"]
    drafts.save(desk, made, later(2), by(version=1))
    drafts.withdraw(desk, made, by())
    told = list(events(desk))
    assert [one.action for one in told] == ["draft:kept", "draft:saved", "draft:withdrawn"]
    assert {one.subject for one in told} == {made}
    assert not [one for one in told if "Secobarbital" in one.payload]
    assert drafts.show(desk, made, ANNA, 2)["content_hash"] in told[1].payload


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE draft_version SET text = 'other'",
        "DELETE FROM draft_version",
        COPY.format(3),
        COPY.format(1),
    ],
)
def test_the_database_rewrites_no_version_and_leaves_no_number_out(
    desk: Engine, statement: str
) -> None:
    made = keep(desk)["id"]
    with pytest.raises(IntegrityError), writing(desk.sessions) as session:
        session.execute(text(statement))
    with reading(desk.sessions) as session:
        (row,) = session.scalars(select(DraftVersion))
    assert (row.draft, row.number, row.text, row.at) == (made, 1, DRAFT, NOON)


def test_two_versions_are_compared_in_words_and_lines(desk: Engine) -> None:
    made = keep(desk)["id"]
    drafts.save(desk, made, DRAFT.replace("option: generic", "option: temporary"), by())
    told = drafts.compare(desk, made, ANNA, 1, 2)
    (words,) = told["words"]
    assert words == {"where": "option", "text": "is `temporary`, was `generic`", "line": 4}
    marked = [(one["mark"], one["text"]) for one in told["lines"] if one["mark"] != " "]
    assert marked == [("-", "option: generic"), ("+", "option: temporary")]
    with pytest.raises(Denied):
        drafts.compare(desk, made, CARL, 1, 2)
