"""Cases on each kind of database: a whole pipeline day by day, corrections, races, what is raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from api.access.allow import Actor
from api.usecases import cases, raising, transposition
from api.usecases.case_requests import (
    CaseIn,
    CaseRefused,
    CloseIn,
    FollowIn,
    RaiseIn,
    StepIn,
    SubjectIn,
    WithdrawalIn,
    read_as,
)
from api.usecases.cases import DueWanted
from api.usecases.dates import Dates
from api.usecases.trade.acts import By, VersionConflict
from registry import models
from registry.errors import Denied, NotFound
from registry.models import AuditEvent, Role
from registry.snapshot import snapshot
from registry.store.answers import KeyReused
from registry.store.cases import Wanted
from registry.store.session import make_engine, reading, session_factory, writing
from rules.load import Coverage, Covered
from tests.api.conftest import SEEDED

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
ANALYST = Actor("analyst", Role.ANALYST, "GB")
DAY = timedelta(days=1)
WITHIN = 30


def jurisdictions(*codes: str) -> Coverage:
    return Coverage(jurisdictions={one: Covered(name=one, against="tests") for one in codes})


@pytest.fixture
def wired(register_url: str) -> Iterator[Any]:
    """What the use cases need, without the law and its workers: every provision controls."""
    engine = make_engine(register_url)
    sessions = session_factory(engine)
    law = SimpleNamespace(
        provisions=defaultdict(lambda: SimpleNamespace(control="controlled")),
        coverage=jurisdictions("UN", "US", "GB"),
    )
    kept: list[Any] = []

    def facts(known_at: datetime) -> Any:
        if not kept:
            with reading(sessions) as session:
                kept.append(snapshot(session, known_at))
                for one in kept[0].listings:
                    law.provisions[one.provision]
        return kept[0]

    yield SimpleNamespace(sessions=sessions, law=law, facts=facts, forget=kept.clear)
    engine.dispose()


def by(now: datetime = START, **seen: Any) -> By:
    return By(ANALYST, now, **seen)


def opened(wired: Any, procedure: str, *codes: str, title: str = "", now: datetime = START) -> str:
    """A case about a named substance that is not on record here."""
    asked = CaseIn(
        title=title or procedure,
        procedure=procedure,
        subjects=(SubjectIn(name="Substance of the walk"),),
        jurisdictions=codes,
    )
    return str(cases.open_case(wired, asked, by(now))["id"])


def step(name: str, on: str = "", who: str = "", **more: Any) -> StepIn:
    given = {"on": on} if on else {}
    asked: StepIn = read_as(
        StepIn,
        {"step": name, "jurisdiction": who, "document": f"record of {name}", **given, **more},
    )
    return asked


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


# What is recorded on which day of the simulated calendar: case, step, whose, and until when.
SCRIPT = [
    ("2026-01-06", "UN-1971", "notified", "", ""),
    ("2026-01-20", "UN-1971", "transmitted", "", ""),
    ("2026-02-10", "UN-1971", "reviewed", "", ""),
    ("2026-02-20", "UN-1971", "recommended", "", ""),
    ("2026-03-12", "UN-1971", "adopted", "", ""),
    ("2026-04-01", "UN-1971", "communicated", "", ""),
    ("2026-04-10", "UN-1971", "received", "GB", ""),
    ("2026-08-01", "UN-1971", "transposed", "GB", ""),
    ("2026-11-15", "UN-1971", "transposed", "DE", ""),
    ("2026-02-02", "UN-1961", "communicated", "", ""),
    ("2026-02-09", "UN-1961", "received", "GB", ""),
    ("2026-02-24", "UN-1961", "received", "DE", ""),
    ("2026-02-09", "UN-1961", "transposed", "GB", ""),
    ("2026-03-01", "EU-NPS", "assessed", "", ""),
    ("2026-04-05", "EU-NPS", "adopted", "", ""),
    ("2026-05-20", "EU-NPS", "entered", "", ""),
    ("2026-10-01", "EU-NPS", "transposed", "AT", ""),
    ("2026-02-15", "KR-5-2", "announced", "", ""),
    ("2026-03-20", "KR-5-2", "in_force", "", "2026-09-20"),
    ("2026-09-10", "KR-5-2", "extended", "", "2026-12-20"),
    ("2026-01-10", "NL-3A-5", "in_force", "", "2026-07-10"),
    ("2026-07-01", "NL-3A-5", "made_permanent", "", ""),
]
# From which to which day each was shown, without a day between; None: still on the last day.
SHOWN: dict[tuple[str, ...], list[tuple[str, str | None]]] = {
    # 180 days after 1 April 2026 is 28 September; the window to ask for a review counts from
    # receipt, and the day of Germany's and Poland's was never recorded.
    ("UN-1971", "effect", "", "takes_effect"): [("2026-08-29", "2026-09-27")],
    ("UN-1971", "exception", "DE", "closing"): [("2026-08-29", "2026-09-27")],
    ("UN-1971", "exception", "GB", "closing"): [("2026-08-29", "2026-09-27")],
    ("UN-1971", "exception", "PL", "closing"): [("2026-08-29", "2026-09-27")],
    ("UN-1971", "review", "GB", "closing"): [("2026-09-08", "2026-10-07")],
    ("UN-1971", "review", "DE", "closing"): [("2026-08-30", "2026-09-28")],
    ("UN-1971", "review", "PL", "closing"): [("2026-08-30", "2026-09-28")],
    ("UN-1971", "review", "DE", "undetermined"): [("2026-09-29", None)],
    ("UN-1971", "review", "PL", "undetermined"): [("2026-09-29", None)],
    ("UN-1971", "transposition", "DE", "overdue"): [("2026-09-28", "2026-11-14")],
    ("UN-1971", "transposition", "PL", "overdue"): [("2026-09-28", None)],
    # Of 1961 the day of receipt decides; until it is on record nobody can say.
    ("UN-1961", "effect", "GB", "undetermined"): [("2026-02-02", "2026-02-08")],
    ("UN-1961", "effect", "DE", "undetermined"): [("2026-02-02", "2026-02-23")],
    ("UN-1961", "transposition", "GB", "undetermined"): [("2026-02-02", "2026-02-08")],
    ("UN-1961", "transposition", "DE", "undetermined"): [("2026-02-02", "2026-02-23")],
    ("UN-1961", "transposition", "DE", "overdue"): [("2026-02-24", None)],
    ("UN-1961", "review", "GB", "closing"): [("2026-04-11", "2026-05-10")],
    ("UN-1961", "review", "DE", "closing"): [("2026-04-26", "2026-05-25")],
    # Six months from 20 May end with 20 November.
    ("EU-NPS", "declining", "", "closing"): [("2026-03-14", "2026-04-12")],
    ("EU-NPS", "objection", "", "closing"): [("2026-05-07", "2026-06-05")],
    ("EU-NPS", "transposition", "DE", "due"): [("2026-10-22", "2026-11-20")],
    ("EU-NPS", "transposition", "DE", "overdue"): [("2026-11-21", None)],
    # Temporary: prolonged ten days before its end, then left to run out.
    ("KR-5-2", "expiry", "", "expiring"): [
        ("2026-08-21", "2026-09-09"),
        ("2026-11-20", "2026-12-19"),
    ],
    ("KR-5-2", "expiry", "", "expired"): [("2026-12-20", None)],
    # Temporary: made permanent nine days before its end.
    ("NL-3A-5", "expiry", "", "expiring"): [("2026-06-10", "2026-06-30")],
}


def runs(days: list[date]) -> list[tuple[str, str]]:
    """The first and last of days that follow each other."""
    found: list[list[date]] = []
    for one in days:
        if found and one - found[-1][-1] == DAY:
            found[-1].append(one)
        else:
            found.append([one])
    return [(run[0].isoformat(), run[-1].isoformat()) for run in found]


def test_a_case_walks_the_whole_pipeline_and_everything_is_shown_on_its_day(wired: Any) -> None:
    followed = {"UN-1971": ("DE", "GB", "PL"), "UN-1961": ("DE", "GB"), "EU-NPS": ("AT", "DE")}
    made = {
        name: opened(wired, name, *followed.get(name, ()))
        for name in ("UN-1971", "UN-1961", "EU-NPS", "KR-5-2", "NL-3A-5")
    }
    seen: dict[tuple[str, ...], list[date]] = defaultdict(list)
    today, last = START.date(), date(2026, 12, 31)
    while today <= last:
        for on, name, what, who, until in SCRIPT:
            if on == today.isoformat():
                more = {"until": until} if until else {}
                cases.record(wired, made[name], step(what, on, who, **more), by(noon(today)))
        for one in cases.due(wired, DueWanted(WITHIN), Dates(today, noon(today))):
            about = (one["procedure"], one["clock"], one["jurisdiction"], one["attention"])
            seen[about].append(today)
        today += DAY
    expected = {
        about: [(first, end or last.isoformat()) for first, end in spans]
        for about, spans in SHOWN.items()
    }
    assert {about: runs(days) for about, days in seen.items()} == expected
    states = {
        name: cases.show(wired, made[name], Dates(last, noon(last)))["state"] for name in made
    }
    assert states == {
        "UN-1971": "in_force",
        "UN-1961": "in_force",
        "EU-NPS": "in_force",
        "KR-5-2": "expired",
        "NL-3A-5": "made_permanent",
    }


def test_a_correction_leaves_what_was_known_before_as_it_was(wired: Any) -> None:
    case = opened(wired, "UN-1988", "GB")
    first = START + DAY
    cases.record(wired, case, step("communicated", "2025-04-01"), by(first))
    fixed = cases.record(
        wired, case, step("communicated", "2025-04-21", corrects=1), by(first + 10 * DAY)
    )
    assert [one["stands"] for one in fixed["entries"]] == [False, True]
    on = date(2025, 9, 28)  # 180 days after the first of April
    assert cases.show(wired, case, Dates(on, first + 5 * DAY))["state"] == "in_force"
    later = cases.show(wired, case, Dates(on, first + 20 * DAY))
    assert (later["state"], later["version"]) == ("communicated", 2)
    with pytest.raises(NotFound, match="there was no case"):
        cases.show(wired, case, Dates(on, START - DAY))
    with writing(wired.sessions) as session, pytest.raises(IntegrityError, match="never rewritten"):
        session.execute(text("UPDATE case_entry SET step = 'adopted'"))


def test_an_act_is_done_once_for_its_key_on_what_was_seen_and_by_who_may(wired: Any) -> None:
    case = opened(wired, "UN-1971", "GB")
    asked = step("notified", "2025-10-01")
    done = cases.record(wired, case, asked, by(version=0, key="k1"))
    assert cases.record(wired, case, asked, by(version=0, key="k1")) == done
    with pytest.raises(KeyReused):
        cases.record(wired, case, step("transmitted", "2025-10-02"), by(key="k1"))
    with pytest.raises(VersionConflict, match="at version 1, not 0"):
        cases.record(wired, case, step("transmitted", "2025-10-02"), by(version=0))
    stranger = Actor("firm", Role.APPLICANT, "GB", "LIC-1")
    with pytest.raises(Denied, match="case:manage"):
        cases.record(wired, case, step("transmitted", "2025-10-02"), By(stranger, START))
    with reading(wired.sessions) as session:
        told = session.scalars(
            select(AuditEvent.action).where(AuditEvent.subject == case).order_by(AuditEvent.seq)
        ).all()
    assert told == ["case:opened", "case:step:recorded"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (step("received", "2025-10-03", "FR"), "name one that is followed \\(GB\\)"),
        (step("notified", "2025-10-03", "GB"), "nobody's alone"),
        (step("notified", "2025-10-03"), "on record as entry 1; correct that one"),
        (step("transmitted", "2035-01-01"), "lies outside the days"),
        (step("transmitted", "2025-10-03", until="2026-01-01"), "states no day until which"),
        (step("transmitted", "2025-10-03", corrects=7), "no entry 7 that still stands"),
    ],
)
def test_a_step_that_cannot_be_is_refused_and_nothing_is_written(
    wired: Any, asked: StepIn, said: str
) -> None:
    case = opened(wired, "UN-1971", "GB")
    cases.record(wired, case, step("notified", "2025-10-01"), by())
    with pytest.raises(CaseRefused, match=said):
        cases.record(wired, case, asked, by())
    assert cases.show(wired, case, Dates(START.date(), START))["version"] == 1


def test_a_closed_case_is_left_alone_until_the_closing_is_taken_back(wired: Any) -> None:
    case = opened(wired, "DE-BTMG-1-3")
    cases.record(wired, case, step("in_force", "2024-01-01"), by())
    wanted, dates = DueWanted(0), Dates(START.date(), START)
    assert [one["attention"] for one in cases.due(wired, wanted, dates)] == ["expired"]
    cases.close(wired, case, CloseIn(reason="settled"), by())
    assert cases.due(wired, wanted, dates) == []
    with pytest.raises(CaseRefused, match="the case is closed"):
        cases.follow(wired, case, FollowIn(jurisdiction="DE"), by())
    assert [one["id"] for one in cases.listed(wired, Wanted(closed=True), dates).items] == [case]
    cases.withdraw(wired, case, WithdrawalIn(entry=2, reason="too early"), by())
    assert len(cases.due(wired, wanted, dates)) == 1
    assert cases.listed(wired, Wanted(closed=True), dates).items == ()


def test_a_substance_that_is_on_record_is_named_as_such(wired: Any) -> None:
    asked = CaseIn(title="t", procedure="UN-1961", subjects=(SubjectIn(name="Fentanyl"),))
    with pytest.raises(CaseRefused, match="name it as substance `fentanyl`"):
        cases.open_case(wired, asked, by())
    known = CaseIn(
        title="t",
        procedure="UN-1961",
        subjects=(SubjectIn(substance="437-38-7"),),
        jurisdictions=("US",),
    )
    shown = cases.open_case(wired, known, by())
    assert shown["subjects"] == [{"substance": "fentanyl", "name": "Fentanyl", "structure": ""}]
    # The register's own listing stands for national law where no entry says when that was.
    late = cases.record(wired, shown["id"], step("communicated", "2020-01-01"), by())
    (due,) = (one for one in late["dues"] if one["clock"] == "transposition")
    assert due["listing"]["provision"] == "US-CSA-II"
    assert [one["clock"] for one in late["dues"] if one["listing"]] == ["transposition"]
    assert (due["status"], due["attention"]) == ("met", None)


def test_lists_on_record_are_shown_for_what_they_are(wired: Any) -> None:
    wired.classify = lambda *_: {"error": {"message": "stopped"}}
    told = transposition.of_substance(wired, "coca-leaf", (), Dates(START.date(), START))
    rows = {one["jurisdiction"]: (one["shows"], one["text"]) for one in told["rows"]}
    assert rows["US"] == ("no_listing_on_record", "no listing on record")
    assert rows["GB"][0] == "undetermined"
    assert rows["GB"][1].endswith("no list of GB is on record here")
    assert told["not_judged"].startswith("no structure is on record")
    amfetamine = transposition.of_substance(wired, "amfetamine", (), Dates(START.date(), START))
    assert amfetamine["not_judged"] == "stopped"
    fentanyl = transposition.of_substance(wired, "fentanyl", ("US",), Dates(START.date(), START))
    assert [one["shows"] for one in fentanyl["rows"]] == ["listed_in_time"]
    with pytest.raises(NotFound, match="no State of this register"):
        transposition.of_substance(wired, "fentanyl", ("UN",), Dates(START.date(), START))


def test_what_lists_elsewhere_name_and_ours_does_not_raises_a_case_once(wired: Any) -> None:
    asked = RaiseIn(country="GB")
    with pytest.raises(CaseRefused, match="no list of GB is on record"):
        raising.raise_cases(wired, asked, by())
    with writing(wired.sessions) as session:
        session.add(models.Jurisdiction(code="GB", name="GB", recorded_from=SEEDED))
        session.flush()
        session.add(models.Provision(id="GB-A", jurisdiction="GB", title="A", kind="list"))
        session.flush()
        session.add(
            models.Listing(
                key="GB-A:ketamine", provision="GB-A", substance="ketamine", name="ketamine",
                valid_earliest=date(2014, 6, 10), valid_from=date(2014, 6, 10),
                recorded_from=SEEDED,
            )
        )  # fmt: skip
    wired.forget()
    preview = raising.raise_cases(wired, RaiseIn(country="GB", dry_run=True), by())
    assert [one["case"] for one in preview["raised"]] == [""]
    told = raising.raise_cases(wired, asked, by())
    assert [one["substance"] for one in told["raised"]] == ["fentanyl"]
    again = raising.raise_cases(wired, asked, by())
    assert (again["raised"], again["raised_before"]) == ([], 1)
    # What is on record as announced for the day after is on ours already.
    then = RaiseIn(country="GB", on=date(2014, 6, 9), dry_run=True)
    assert [one["substance"] for one in raising.raise_cases(wired, then, by())["raised"]] == []
    dates = Dates(START.date(), START)
    (line,) = cases.listed(wired, Wanted(raised="GB"), dates).items
    assert (line["state"], line["raised_for"], line["procedure"]) == ("raised", "GB", "XX-REVIEW")
    assert "named on lists of US" in line["note"]
