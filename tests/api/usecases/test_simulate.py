"""Simulations: what drafts do to a library, told the same way every time, to whoever may know."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from api import simulating
from api.access.allow import Actor
from api.engine import Engine, open_engine
from api.jobs.runner import run_jobs
from api.report import table
from api.settings import Settings
from api.simulating import Tally
from api.usecases import simulate as usecase
from api.usecases import watch
from api.usecases.libraries import Library, Member, UnknownLibrary, library, of_file
from api.usecases.simulate import Asked, SimulationRefused, settling, simulate
from registry.errors import Denied, DraftError, NotFound, NotIdentified
from registry.models import AuditEvent, Job, Role
from registry.store import audit
from registry.store.session import reading
from rules.simulate import Effect
from tests.api import past, trials

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANALYST = Actor("key:1", Role.ANALYST, "XA")
OTHER = Actor("key:2", Role.ANALYST, "XA")
OPERATOR = Actor("operator", Role.OPERATOR)
ASKED = Asked((trials.BARE, trials.SPARING), (), trials.EVE)


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return past.small_law(tmp_path_factory.mktemp("law") / "law")


@pytest.fixture(scope="module")
def engine(
    small_register: Path, law: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    file = shutil.copy(small_register, tmp_path_factory.mktemp("simulate") / "register.sqlite")
    settings = Settings(
        database_url=f"sqlite:///{file}", workers=1, law_root=law, deadline_seconds=30
    )
    with open_engine(settings, NOW) as engine:
        yield engine


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return of_file(trials.library(tmp_path_factory.mktemp("named")))


@pytest.fixture(scope="module")
def done(engine: Engine, named: Library) -> dict[str, Any]:
    return simulate(engine, ASKED, ANALYST, NOW, files=[named], workers=1)


def effects(done: dict[str, Any], option: str) -> dict[str, str]:
    return {
        row["name"]: row["told"][option]["effect"] for row in done["rows"] if option in row["told"]
    }


def actions(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine.sessions) as session:
        return [(one.action, one.actor) for one in session.scalars(select(AuditEvent))]


def test_each_option_says_what_it_catches_and_what_it_takes_out(done: dict[str, Any]) -> None:
    caught = {"losartan": "newly caught", "atorvastatin": "newly caught", "APINACA": "newly caught"}
    assert effects(done, "bare") == caught
    assert effects(done, "sparing") == caught | {"losartan": "exempted"}
    assert done["status"] == "draft, not law"
    assert [one["draft"] for one in done["options"]] == ["bare", "sparing"]
    assert len({one["rule_set"] for one in done["options"]} | {done["rule_set"]}) == 3


def test_every_row_of_a_library_is_counted_and_the_unreadable_are_named(
    done: dict[str, Any],
) -> None:
    (counted,) = done["libraries"]
    assert (counted["members"], counted["unreadable"]) == (6, 1)
    (fault,) = done["unreadable"]
    assert counted["digest"] == sha256(trials.LIBRARY.encode()).hexdigest()
    assert (fault["name"], fault["line"], fault["code"]) == ("broken", 5, "structure-unreadable")
    for one in done["effects"]:
        assert sum(one[effect.value] for effect in Effect) == 5


def test_the_clauses_that_catch_are_counted(done: dict[str, Any]) -> None:
    of_bare = [one for one in done["by_clause"] if one["option"] == "bare"]
    assert {one["provision"] for one in of_bare} == {"GB-NEW"}
    assert sum(one["substances"] for one in of_bare) == 3
    assert all(one["clauses"] for one in of_bare)


def test_each_exemption_is_told_with_what_it_does_alone(done: dict[str, Any]) -> None:
    losartan, viminol = done["exemptions"]
    assert viminol["members"] == []
    (member,) = losartan["members"]
    assert member["name"] == "losartan"
    assert [member[key] for key in ("effect", "if_absent", "alone", "with_none")] == [
        "exempted",
        "newly caught",
        "exempted",
        "newly caught",
    ]


def test_a_draft_is_tried_without_its_exemptions_too(engine: Engine, named: Library) -> None:
    asked = replace(ASKED, drafts=(trials.SPARING,), without_exemptions=True)
    found = simulate(engine, asked, ANALYST, NOW, files=[named])
    assert [one["draft"] for one in found["options"]] == ["sparing", "sparing without exemptions"]
    assert effects(found, "sparing")["losartan"] == "exempted"
    assert effects(found, "sparing without exemptions")["losartan"] == "newly caught"
    assert {one["option"] for one in found["exemptions"]} == {"sparing"}
    spared = {row["name"]: row["exempted_by"] for row in table.rows(found, option="sparing")}
    assert spared == {"losartan": "losartan", "atorvastatin": "", "APINACA": ""}


def test_the_answer_is_the_same_to_the_byte_for_any_number_of_workers(
    engine: Engine, named: Library, done: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulating, "CHUNK", 2)
    again = simulate(engine, ASKED, ANALYST, NOW, files=[named], workers=2)
    assert json.dumps(again) == json.dumps(done)


def test_what_is_not_computed_in_time_is_never_said_to_be_unchanged(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(engine, settings=engine.settings.model_copy(update={"deadline_seconds": 1e-6}))
    one = Library("one", "", lambda: [Member("one", "a", "aspirin", "", "CC(=O)O", "a test")])
    found = simulate(short, replace(ASKED, drafts=(trials.BARE,)), ANALYST, NOW, files=[one])
    assert effects(found, "bare") == {"aspirin": "not judged"}
    told = found["rows"][0]["told"]["bare"]
    assert (told["after"], told["error"]["code"]) == ("undetermined", "computation-stopped")
    assert found["libraries"][0]["members"] == 1


def test_beyond_what_is_kept_rows_are_counted(
    engine: Engine, named: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usecase, "MOST_ROWS", 1)
    found = simulate(engine, ASKED, ANALYST, NOW, files=[named])
    assert (len(found["rows"]), found["rows_left_out"]) == (1, 2)
    borne = [(len(one["members"]), one["members_left_out"]) for one in found["exemptions"]]
    assert borne == [(1, 0), (0, 0)]
    monkeypatch.setattr(usecase, "MOST_ROWS", 0)
    found = simulate(engine, ASKED, ANALYST, NOW, files=[named])
    borne = [(len(one["members"]), one["members_left_out"]) for one in found["exemptions"]]
    assert borne == [(0, 1), (0, 0)]
    assert found["effects"][0]["newly caught"] == 3


MEMBERS = [Member("x", str(n), str(n), "", "", "", "no structure") for n in range(6)]


class Counting:
    """A judge that counts every member, and tells of every other."""

    def judge(self, member: Member, _structure: Any) -> simulating.Told:
        return self.stopped(member, "", "")

    def stopped(self, member: Member, _code: str, _message: str) -> simulating.Told:
        row = {"key": member.key} if int(member.key) % 2 else None
        return simulating.Told(row, (("x", str(int(member.key) % 3)),))


@given(st.lists(st.integers(0, 6), max_size=4))
def test_however_a_library_is_cut_the_sum_is_the_same(cuts: list[int]) -> None:
    simulating._given[:] = [Counting()]  # type: ignore[list-item]
    edges = [0, *sorted(cuts), 6]
    tally, whole = Tally(2), Tally(2)
    for start, stop in pairwise(edges):
        tally.add(simulating._joined(simulating._stopped(m, "", "") for m in MEMBERS[start:stop]))
    whole.add(simulating._joined(simulating._stopped(m, "", "") for m in MEMBERS))
    assert tally == whole
    assert (tally.members, tally.told, len(tally.rows)) == (6, 3, 2)


def test_why_not_needs_a_role_and_is_put_on_record(engine: Engine, named: Library) -> None:
    asked = replace(ASKED, drafts=(trials.BARE,), why_not=True)
    with pytest.raises(Denied):
        simulate(engine, asked, OPERATOR, NOW, files=[named])
    found = simulate(engine, asked, ANALYST, NOW, files=[named])
    why = {row["name"]: row["why_not"].get("bare", []) for row in found["rows"]}
    assert why["APINACA"] == []
    assert [one["provision"] for one in why["aspirin"]] == ["GB-NEW"]
    assert ("simulation:why-not:asked", "key:1") in actions(engine)
    assert ("simulation:why-not:asked", "operator") not in actions(engine)


def test_whoever_is_not_known_simulates_nothing(engine: Engine, named: Library) -> None:
    with pytest.raises(NotIdentified):
        simulate(engine, ASKED, Actor("somebody", Role.ANONYMOUS), NOW, files=[named])


def test_each_simulation_is_an_event_that_names_its_drafts_by_their_hashes(
    engine: Engine, done: dict[str, Any]
) -> None:
    with reading(engine.sessions) as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "simulation:asked")
        ).first()
        assert event is not None
        hashes = {one["draft"]: one["content_hash"] for one in done["options"]}
        assert json.loads(event.payload) == {"drafts": hashes, "libraries": ["file:named.smi"]}
        assert audit.verify_chain(session) is None


def test_two_files_are_two_libraries_each_with_its_own_count(
    engine: Engine, named: Library, tmp_path: Path
) -> None:
    (tmp_path / "one.smi").write_text("CC(=O)Oc1ccccc1C(=O)O aspirin\n", encoding="utf-8")
    other = of_file(str(tmp_path / "one.smi"))
    found = simulate(engine, ASKED, ANALYST, NOW, files=[named, other])
    counted = {one["name"]: (one["members"], one["unreadable"]) for one in found["libraries"]}
    assert counted == {"file:named.smi": (6, 1), "file:one.smi": (1, 0)}
    with pytest.raises(SimulationRefused, match=r"`file:one\.smi` is named twice"):
        simulate(engine, ASKED, ANALYST, NOW, files=[other, other])


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        (replace(ASKED, drafts=()), SimulationRefused, "1 to 20 drafts"),
        (replace(ASKED, drafts=(trials.BARE,) * 2), SimulationRefused, "called `bare`"),
        (replace(ASKED, libraries=("register",) * 2), SimulationRefused, "named twice"),
        (replace(ASKED, libraries=("every molecule",)), UnknownLibrary, "register, nps"),
        (replace(ASKED, drafts=("draft: x\n y",)), DraftError, "draft 1:1:8:"),
        (
            replace(ASKED, drafts=(trials.BARE.replace("GB-MDA-B-1ca", "GB-NO"),)),
            DraftError,
            "GB-NO",
        ),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_words(
    engine: Engine, named: Library, asked: Asked, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        simulate(engine, asked, ANALYST, NOW, files=[named])


def test_a_job_is_done_once_and_shown_to_its_owner(engine: Engine) -> None:
    asked = replace(ASKED, libraries=("register",), drafts=(trials.BARE,))
    job = usecase.ask_later(engine, asked, ANALYST, NOW)
    assert (job["state"], job["result"]) == ("ready", None)
    told: list[str] = []
    assert run_jobs(engine, lambda: datetime.now(UTC), told.append, once=True) == 0
    shown = usecase.show(engine, job["id"], ANALYST, NOW)
    assert shown["state"] == "done"
    assert shown["result"]["options"][0]["draft"] == "bare"
    assert shown["result"]["libraries"][0] == {
        "name": "register",
        "says": shown["result"]["libraries"][0]["says"],
        "collateral": False,
        "digest": "",
        "members": 6,
        "unreadable": 1,
    }
    assert any("6 asked" in line for line in told)
    mine = usecase.listed(engine, ANALYST)
    assert [one["id"] for one in mine.items] == [job["id"]]
    assert mine.items[0]["result"] is None
    assert usecase.listed(engine, OTHER).items == ()
    assert [one["id"] for one in usecase.listed(engine, OPERATOR).items] == [job["id"]]
    with pytest.raises(Denied):
        usecase.show(engine, job["id"], OTHER, NOW)
    with pytest.raises(Denied):
        usecase.show(engine, "none", OTHER, NOW)
    with pytest.raises(NotFound):
        usecase.show(engine, "none", OPERATOR, NOW)
    with pytest.raises(NotFound):
        watch.job(engine, job["id"])


def test_without_a_key_only_what_was_asked_so_is_shown(engine: Engine) -> None:
    local = Actor("anonymous", Role.LOCAL)
    asked = replace(ASKED, libraries=("register",))
    job = usecase.ask_later(engine, asked, local, NOW)
    theirs = usecase.ask_later(engine, asked, ANALYST, NOW)
    assert usecase.show(engine, job["id"], local, NOW)["state"] == "ready"
    assert [one["id"] for one in usecase.listed(engine, local).items] == [job["id"]]
    with pytest.raises(Denied):
        usecase.show(engine, theirs["id"], local, NOW)
    with pytest.raises(Denied):
        usecase.show(engine, job["id"], ANALYST, NOW)


def test_a_job_says_how_far_it_has_come(engine: Engine) -> None:
    job = usecase.ask_later(engine, replace(ASKED, libraries=("register",)), ANALYST, NOW)
    seen: list[dict[str, int]] = []

    def look(_: str) -> None:
        seen.append(usecase.show(engine, job["id"], ANALYST, NOW)["progress"])

    run_jobs(engine, lambda: datetime.now(UTC), look, once=True)
    assert {"members": 6, "told": 0, "unreadable": 1} in seen


def test_a_job_whose_draft_does_not_fit_the_law_ends_at_once_with_the_place(
    engine: Engine,
) -> None:
    wrong = trials.BARE.replace("adopt: GB-MDA-B-1ca", "adopt: GB-NO")
    job = usecase.ask_later(
        engine, replace(ASKED, drafts=(wrong,), libraries=("register",)), ANALYST, NOW
    )
    assert run_jobs(engine, lambda: datetime.now(UTC), lambda _: None, once=True) == 1
    shown = usecase.show(engine, job["id"], ANALYST, NOW)
    assert shown["state"] == "dead"
    assert shown["error"].startswith("draft 1:8:")
    with reading(engine.sessions) as session:
        assert session.get_one(Job, job["id"]).attempts == 1


def test_a_reading_is_a_draft_like_any_other(engine: Engine) -> None:
    questions = engine.law.provisions["GB-MDA-B-1ca"].open_questions
    text = settling(engine.law, f"GB-MDA-B-1ca:{questions[0].id}=yes", date(2017, 1, 1))
    found = simulate(
        engine, Asked((text,), ("register",), date(2017, 1, 1)), ANALYST, NOW, workers=1
    )
    assert found["options"][0]["touched"] == ["GB-MDA-B-1ca"]


@pytest.mark.parametrize(
    "said",
    ["GB-MDA-B-1ca:no such=yes", "GB-MDA-B-1ca:x", "GB-NO:x=yes", "", "GB-MDA-B-1ca:x=maybe"],
)
def test_a_reading_of_what_is_not_asked_is_refused(engine: Engine, said: str) -> None:
    with pytest.raises(SimulationRefused):
        settling(engine.law, said, NOW.date())


def test_new_substances_are_those_no_convention_names(engine: Engine) -> None:
    facts = engine.facts(NOW)
    rows = library("nps", facts, NOW.date()).rows()
    assert {one.key for one in rows} == {"aspirin", "ketamine", "metamfetamine"}
    before = library("nps", facts, date(1990, 1, 1)).rows()
    assert "fentanyl" in {one.key for one in before}


def test_a_substance_without_structure_is_a_row_that_says_so(engine: Engine) -> None:
    rows = {one.key: one for one in library("register", engine.facts(NOW), NOW.date()).rows()}
    assert rows["coca-leaf"].fault
    assert not rows["fentanyl"].fault


def test_the_libraries_that_ship_say_what_each_substance_is_for(engine: Engine) -> None:
    medicines = library("medicines", engine.facts(NOW), NOW.date())
    assert medicines.collateral
    assert all(one.use and one.smiles and one.name for one in medicines.rows())


def test_the_rows_as_a_file_hold_no_formula(done: dict[str, Any]) -> None:
    rows = [{**row, "name": "=1+1"} for row in done["rows"]]
    written = table.as_csv({**done, "rows": rows}).decode()
    assert "\n=" not in written
    assert ",'=1+1," in written
