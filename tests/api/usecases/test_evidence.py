"""Evidence on record: all or nothing, once, corrected without being forgotten, and in any order."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from api.access.allow import Actor
from api.usecases import evidence as usecase
from api.usecases import evidence_file, priority
from api.usecases.dates import Dates
from api.usecases.evidence import Done
from api.usecases.evidence_report import EvidenceRefused, New
from registry import models
from registry.errors import Denied, Overrun
from registry.facts import EvidenceKind
from registry.models import AuditEvent, Role
from registry.store.evidence import Wanted
from registry.store.session import make_engine, reading, session_factory
from tests.api.conftest import KETAMINE, SEEDED, _listing, _substance

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
ANALYST = Actor("key:1", Role.ANALYST)
MEDETOMIDINE = "CC(c1cccc(C)c1C)c1c[nH]cn1"
HEADER = "key,kind,substance,name,structure,country,from,to,quantity,unit,source"


class Here:
    """What the use cases need of an engine: sessions, and work done without a process of its own."""

    def __init__(self, url: str) -> None:
        self.database = make_engine(url)
        self.sessions = session_factory(self.database)
        self.workers = self

    def call(self, work: Callable[..., Any], *given: Any, **_: Any) -> Any:
        return work(*given)


@pytest.fixture
def here(register_url: str) -> Iterator[Any]:
    found = Here(register_url)
    yield found
    found.database.dispose()


@pytest.fixture
def lite(small_register: Path, tmp_path: Path) -> Iterator[Any]:
    """The same on SQLite alone, where the database does not matter."""
    file = shutil.copy(small_register, tmp_path / "register.sqlite")
    found = Here(f"sqlite:///{file}")
    yield found
    found.database.dispose()


def seizure(key: str = "1", **more: Any) -> New:
    said: dict[str, Any] = {"substance": "ketamine", "country": "XA", "line": int(key)} | more
    start = date(2026, 6, 1)
    return New("a source", key, EvidenceKind.SEIZURE, start, start + timedelta(days=1), **said)


def record(here: Any, *given: New, now: datetime = NOW, correction: str = "") -> Done:
    return usecase.record(here, given, actor=ANALYST, now=now, correction=correction)


def listed(here: Any, at: datetime = LATER, **wanted: str) -> list[dict[str, Any]]:
    dates = Dates(at.date(), at)
    return list(usecase.listed(here.sessions, Wanted(**wanted), dates, actor=ANALYST).items)


def order(here: Any, at: datetime = LATER) -> dict[str, Any]:
    asked = priority.Asked(Dates(date(2026, 11, 26), at))
    return priority.order(here.sessions, asked, actor=ANALYST)


def events(here: Any) -> list[tuple[str, str]]:
    with reading(here.sessions) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.seq))
        return [(row.action, row.actor) for row in rows]


def test_recorded_again_it_changes_nothing_and_puts_nothing_in_the_log(here: Any) -> None:
    given = [seizure("1", quantity=Decimal("1.50"), unit="kg"), seizure("2")]
    assert record(here, *given) == Done(recorded=2)
    again = [replace(given[0], quantity=Decimal("1.5")), given[1]]
    assert record(here, *again, now=LATER) == Done(unchanged=2)
    assert events(here) == [("evidence:recorded", "key:1")]
    (first, second) = listed(here)
    assert (first["quantity"], first["substance_name"]) == ("1.50", "Ketamine")
    assert (second["quantity"], second["unit"]) == (None, "")


def test_a_correction_has_to_be_asked_for_and_keeps_the_earlier(here: Any) -> None:
    record(here, seizure(quantity=Decimal(1), unit="kg"))
    other = seizure(quantity=Decimal(2), unit="kg")
    with pytest.raises(EvidenceRefused, match="says something else"):
        record(here, other, now=LATER)
    assert record(here, other, now=LATER, correction="misread") == Done(corrected=1)
    assert [one["quantity"] for one in listed(here, NOW)] == ["1"]
    (held,) = listed(here)
    assert (held["quantity"], held["reason"]) == ("2", "misread")
    dates = Dates(LATER.date(), LATER)
    both = usecase.history_of(here.sessions, "a source", "1", dates, actor=ANALYST)
    assert [(one["quantity"], one["recorded_to"]) for one in both] == [
        ("1", LATER.isoformat()), ("2", None),
    ]  # fmt: skip
    assert order(here, NOW)["items"][0]["seized"] == {"kg": "1"}
    assert events(here)[-1] == ("evidence:corrected", "key:1")


def test_the_database_lets_nobody_rewrite_what_was_recorded(here: Any) -> None:
    record(here, seizure(quantity=Decimal(1), unit="kg"))
    for act in ("DELETE FROM evidence", "UPDATE evidence SET key = '9'"):
        with pytest.raises(IntegrityError, match="rewritten"), here.sessions.begin() as session:
            session.execute(text(act))


def test_one_fault_keeps_everything_out_and_every_fault_is_told(lite: Any) -> None:
    given = [
        seizure("1"),
        seizure("2", substance="nobody"),
        seizure("3", substance="", name="x", structure="C1CC"),
        seizure("4", substance="speed"),
        seizure("5", substance="", name="two", structure=f"{MEDETOMIDINE}.{KETAMINE}"),
    ]
    with pytest.raises(EvidenceRefused) as refused:
        record(lite, *given)
    assert [(fault.line, fault.field) for fault in refused.value.faults] == [
        (2, "substance"), (3, "structure"), (4, "substance"), (5, "structure"),
    ]  # fmt: skip
    assert listed(lite) == []
    assert events(lite) == []


def test_what_was_stopped_is_told_and_never_recorded_as_something(lite: Any) -> None:
    def stopped(*_: Any, **__: Any) -> str:
        raise Overrun("stopped at its limit", "deadline")

    lite.call = stopped
    with pytest.raises(EvidenceRefused, match="stopped at its limit"):
        record(lite, seizure(substance="", name="x", structure="CCO"))


def test_a_structure_outside_the_register_is_the_registers_once_it_holds_it(here: Any) -> None:
    outside = seizure(substance="", name="Medetomidine", structure=MEDETOMIDINE)
    record(here, outside, seizure("2"))
    first = {one["name"]: one["substance"] for one in order(here)["items"]}
    assert first == {"Medetomidine": None, "Ketamine": "ketamine"}
    salt = f"{MEDETOMIDINE}.Cl"
    record(here, replace(outside, key="3", structure=salt, line=3))
    assert len({one["subject"] for one in listed(here)}) == 2
    with here.sessions.begin() as session:
        _substance(session, "medetomidine", "Medetomidine", MEDETOMIDINE)
    subjects = {one["subject"] for one in order(here)["items"]}
    assert subjects == {"medetomidine", "ketamine"}
    assert [one["key"] for one in listed(here, subject="medetomidine")] == ["1", "3"]
    assert record(here, outside, now=LATER) == Done(unchanged=1)


def test_a_structure_the_register_holds_is_its_substance(lite: Any) -> None:
    record(lite, seizure(substance="", name="K", structure="Clc1ccccc1C1(NC)CCCCC1=O"))
    assert [one["substance"] for one in listed(lite)] == ["ketamine"]


FILES = [
    "1,seizure,ketamine,,,XA,2026-06-01,,3,count,one\n2,fatal-case,fentanyl,,,XB,2026-06-02,,,,one\n",
    "1,survey,aspirin,,,,2026-01-01,2027-01-01,2.5,percent,two\n",
    "9,incident,,M,CC(c1cccc(C)c1C)c1c[nH]cn1,XC,2026-05-01,,1,count,three\n",
]


@pytest.mark.parametrize("files", list(permutations(FILES))[::3])
def test_the_order_in_which_files_come_does_not_matter(lite: Any, files: tuple[str, ...]) -> None:
    for place, rows in enumerate(files):
        reports = evidence_file.read(f"{HEADER}\n{rows}".encode(), "f.csv")
        record(lite, *reports, now=NOW + timedelta(minutes=place))
    told = order(lite)
    assert [(one["subject"][:9], one["points"]) for one in told["items"]] == [
        ("fentanyl", "9"), ("ketamine", "7"), ("inchikey:", "5"), ("aspirin", "3"),
    ]  # fmt: skip
    assert told["without_evidence"] == 3


def test_what_nobody_recorded_is_told_as_such_and_never_as_low(lite: Any) -> None:
    told = order(lite)
    assert (told["items"], told["ranked"], told["without_evidence"]) == ([], 0, 6)
    record(lite, replace(seizure(), start=date(2020, 1, 1), end=date(2020, 1, 2)))
    told = order(lite)
    assert [one["name"] for one in told["none_that_counts"]] == ["Ketamine"]
    assert (told["items"], told["without_evidence"]) == ([], 5)


def test_a_listing_that_may_not_hold_yet_is_neither_hidden_nor_certain(lite: Any) -> None:
    record(lite, seizure(), seizure("2", substance="", name="Medetomidine", structure=MEDETOMIDINE))
    with lite.sessions.begin() as session:
        row = _listing("US-CSA-II", "US", "ketamine")
        row.valid_from = date(2027, 1, 1)
        session.add(row)
    named = {
        one["name"]: (one["named_in"], one["perhaps_named_in"]) for one in order(lite)["items"]
    }
    assert named == {"Ketamine": (["US-CSA-III"], ["US-CSA-II"]), "Medetomidine": ([], [])}


def test_what_was_not_known_then_does_not_count_then(lite: Any) -> None:
    record(lite, seizure(), now=LATER)
    assert order(lite, NOW)["items"] == []
    assert len(order(lite, LATER)["items"]) == 1


def test_pages_follow_one_another(here: Any) -> None:
    names = ("ketamine", "fentanyl", "aspirin")
    record(here, *(seizure(str(n), substance=name) for n, name in enumerate(names, 1)))
    dates = Dates(date(2026, 11, 26), LATER)
    first = usecase.listed(here.sessions, Wanted(), dates, actor=ANALYST, limit=2)
    second = usecase.listed(
        here.sessions, Wanted(), dates, actor=ANALYST, after=first.after, limit=2
    )
    assert [one["key"] for one in (*first.items, *second.items)] == ["1", "2", "3"]
    assert second.after == ""
    top = priority.order(here.sessions, priority.Asked(dates, limit=2), actor=ANALYST)
    rest = priority.order(here.sessions, priority.Asked(dates, after=2, limit=2), actor=ANALYST)
    assert [one["substance"] for one in (*top["items"], *rest["items"])] == sorted(names)
    assert [one["rank"] for one in (*top["items"], *rest["items"])] == [1, 1, 1]
    assert (top["after"], rest["after"]) == (2, 0)


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.CUSTOMS, Role.AUDITOR, Role.ANONYMOUS])
def test_only_some_may_record(lite: Any, role: Role) -> None:
    with pytest.raises(Denied):
        usecase.record(lite, [seizure()], actor=Actor("x", role), now=NOW)
    assert listed(lite) == []


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.CUSTOMS, Role.ANONYMOUS])
def test_only_some_may_read(lite: Any, role: Role) -> None:
    dates, actor = Dates(NOW.date(), NOW), Actor("x", role)
    with pytest.raises(Denied):
        usecase.listed(lite.sessions, Wanted(), dates, actor=actor)
    with pytest.raises(Denied):
        priority.order(lite.sessions, priority.Asked(dates), actor=actor)


def told(rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(EvidenceRefused) as refused:
        evidence_file.read(f"{header}\n{rows}".encode(), "f.csv")
    return [str(fault) for fault in refused.value.faults]


def test_every_fault_of_a_file_is_told_by_line_and_column() -> None:
    rows = (
        "1,theft,ketamine,,,XA,2026-06-01,,3,count,s\n"
        '2,seizure,"a\nb",,,XA,1.6.2026,never,many,count,s\n'
        "3,seizure\n"
    )
    assert [fault.split(": `")[0] for fault in told(rows)] == [
        "2:2: kind", "4:7: from", "4:8: to", "4:9: quantity", "5:3: 2 cells where 11 are named",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "faults"),
    [
        ("key,kind,from,source,colour", ["1:5: colour: this column is unknown"]),
        ("key,kind,from,source,key", ["1:5: key: this column is repeated"]),
        ("key,from", ["1: kind: this column is missing", "1: source: this column is missing"]),
        ("", ["1: key: this column is missing", "1: kind: this column is missing",
              "1: from: this column is missing", "1: source: this column is missing"]),
    ],
)  # fmt: skip
def test_a_heading_that_is_not_the_documented_one_is_refused(
    header: str, faults: list[str]
) -> None:
    assert told("", header) == faults


def test_bytes_and_quotes_that_are_none_are_told_by_line() -> None:
    with pytest.raises(EvidenceRefused, match="2: byte 16 is not UTF-8"):
        evidence_file.read(b"key,kind,source\n\xff", "f.csv")
    assert told('1,"seizure"x,ketamine,,,XA,2026-06-01,,,,s\n')[0].startswith("2: ")


def test_what_the_register_says_of_a_file_is_told_with_its_column(lite: Any) -> None:
    data = f"{HEADER}\n1,seizure,nobody,,,XA,2026-06-01,,,,s\n".encode()
    with pytest.raises(EvidenceRefused) as refused:
        record(lite, *evidence_file.read(data, "f.csv"))
    placed = evidence_file.placed(refused.value, data, "f.csv")
    assert str(placed.faults[0]).startswith("2:3: substance: no substance answers to")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"potency": "1"}, "`potency` is none of"),
        ({"months": "many"}, "`months`: `many` is not a number"),
        ({"months": "-1"}, "`months`"),
        ({"months": "NaN"}, "`months`"),
        ({"months": "1001"}, "`months`"),
    ],
)
def test_weights_that_are_none_are_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(priority.WeightsRefused, match=said):
        priority.changed_weights(given)


def test_evidence_is_no_fact_of_the_law(lite: Any) -> None:
    from api.known import register_state

    with reading(lite.sessions) as session:
        before = register_state(session)
    record(lite, seizure())
    with reading(lite.sessions) as session:
        assert register_state(session) == before
        assert session.get_one(models.Substance, "ketamine").recorded_from == SEEDED
