"""`subreg watch` and `subreg jobs` as they are typed, on the register that ships."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.store import watches
from registry.store.session import make_engine, session_factory
from tests.api.cli.commands import Ran, Subreg

ALD_52 = "CCN(CC)C(=O)C1CN(C)C2Cc3cn(C(C)=O)c4cccc(C2=C1)c34"
BEFORE, AFTER = "2019-07-17", "2019-07-18"
SECRET = "a secret of the receiver"


def ok(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


def run(subreg: Subreg, name: str, on: str) -> dict[str, object]:
    found: dict[str, object] = ok(
        subreg("watch", "run", name, "--on", on, "--workers", "1", "--json",
               SUBREG_DEADLINE_SECONDS="60")
    ).json  # fmt: skip
    return found


def full(subreg: Subreg, file: Path, on: str) -> dict[str, tuple[object, object]]:
    """A full classification of a file on a day, with nothing of a watch."""
    ran = subreg("screen", str(file), "--on", on, "--jurisdiction", "DE", "--errors", "report",
                 "--workers", "1", "--deadline", "60")  # fmt: skip
    assert ran.code in (0, 6), ran.err
    return {
        line["id"]: (
            line["summary"],
            {
                one["provision"]: (one["structure"], one["outcome"], one["clauses"])
                for one in line["findings"]
            },
        )
        for line in ran.lines
    }


def test_a_watch_reports_exactly_what_two_full_classifications_differ_in(
    subreg: Subreg, first_use: tuple[Path, Ran], tmp_path: Path
) -> None:
    """Over the substances of the register with `azolam` in a name; `bench.watch` does it over all."""
    ok(subreg("watch", "add", "exact", "--name", "azolam", "--jurisdiction", "DE"))
    first = run(subreg, "exact", BEFORE)
    assert (first["baseline"], first["changes"]) == (True, [])
    second = run(subreg, "exact", AFTER)
    changes = second["changes"]
    assert isinstance(changes, list)

    file = tmp_path / "members.smi"
    lines = members(first_use[0] / "substance-register" / "register.sqlite", "exact")
    file.write_text("".join(f"{text}\t{key}\n" for key, text in lines), "utf-8")
    then, now = full(subreg, file, BEFORE), full(subreg, file, AFTER)
    differ = {key for key in now if then[key] != now[key]}
    status = {key for key in now if then[key][0] != now[key][0]}
    assert second["members"] == len(now)
    assert status
    assert {one["key"] for one in changes} == differ
    assert {one["key"] for one in changes if one["kind"] == "status"} == status
    assert all(one["clause"] and one["text"] for one in changes)
    assert second["changed"] == len(differ)
    again = run(subreg, "exact", AFTER)
    assert (again["fresh"], again["changes"]) == (False, [])
    ok(subreg("watch", "remove", "exact"))


def members(file: Path, name: str) -> list[tuple[str, str]]:
    engine = make_engine(f"sqlite:///{file}")
    with session_factory(engine)() as session:
        row = watches.by_name(session, "anonymous", name)
        assert row is not None
        found = watches.members(session, row, datetime.now(UTC), limit=10_000)
    engine.dispose()
    return [(one.key, one.text) for one in found]


def test_a_watch_is_listed_shown_and_removed(subreg: Subreg, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n", "utf-8")
    file = tmp_path / "ours.csv"
    file.write_text(f"id,smiles\nALD-52,{ALD_52}\nshort\nbroken,C1CC(\n", "utf-8")
    added = ok(
        subreg("watch", "add", "shown", "--file", str(file), "--provision", "DE-NPSG-*",
               "--webhook", "https://receiver.example/", "--secret-file", str(secret), "--json")
    ).json  # fmt: skip
    assert (added["kind"], added["provisions"]) == ("file", ["DE-NPSG-*"])
    said = [
        subreg("watch", "list"),
        subreg("watch", "list", "--json"),
        subreg("watch", "show", "shown"),
        subreg("watch", "show", added["id"], "--json"),
    ]
    for ran in said:
        assert "shown" in ok(ran).out
        assert SECRET not in ran.out + ran.err
    again = subreg("watch", "add", "shown")
    assert (again.code, "there is a watch `shown` already" in again.err) == (3, True)
    ok(subreg("watch", "remove", "shown"))
    assert subreg("watch", "show", "shown").code == 4


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "x", "--jurisdiction", "ZZ"), 3),
        (("add", "x", "--substance", "nobody"), 4),
        (("add", "x", "--file", "no such.smi"), 2),
        (("add", "x", "--webhook", "http://receiver.example/"), 3),
        (("run", "nobody"), 4),
        (("changes", "nobody"), 4),
        (("changes", "nobody", "--kind", "other"), 2),
    ],
)
def test_what_is_wrong_ends_with_its_code(
    subreg: Subreg, arguments: tuple[str, ...], code: int
) -> None:
    assert subreg("watch", *arguments).code == code


def test_a_check_asks_and_the_jobs_are_done(subreg: Subreg) -> None:
    """By name, on the day of today: asked for once, done once, and then up to date."""
    ok(subreg("watch", "add", "checked", "--substance", "ketamine", "--jurisdiction", "UN"))
    asked = ok(subreg("watch", "check", "--json")).json
    assert [one["name"] for one in asked] == ["checked"]
    done = ok(subreg("jobs", "run", "--once", SUBREG_DEADLINE_SECONDS="60"))
    assert "watch-run" in done.err
    assert "every watch is up to date" in ok(subreg("watch", "check")).out
    assert "no changes" in ok(subreg("watch", "changes", "checked")).out
    runs = json.loads(ok(subreg("watch", "show", "checked", "--json")).out)["runs"]
    assert [(one["members"], one["changed"]) for one in runs] == [(1, 0)]
    ok(subreg("watch", "remove", "checked"))


def test_the_structures_of_a_collection_are_watched(subreg: Subreg, tmp_path: Path) -> None:
    file = tmp_path / "library.smi"
    file.write_text(f"{ALD_52} ALD-52\nCCO ethanol\nOCC ethanol-again\n")
    folder = {"SUBREG_COLLECTIONS": str(tmp_path / "collections")}
    ok(subreg("collection", "import", str(file), "library", "--workers", "1", **folder))
    ok(subreg("watch", "add", "of-library", "--collection", "library", "--jurisdiction", "DE",
              **folder))  # fmt: skip
    first = run(subreg, "of-library", "2026-01-01")
    assert (first["baseline"], first["members"]) == (True, 2)


def test_structures_come_from_one_place_only(subreg: Subreg, tmp_path: Path) -> None:
    file = tmp_path / "some.smi"
    file.write_text("CCO\n")
    ran = subreg("watch", "add", "both", "--file", str(file), "--collection", "library")
    assert ran.code == 2
    assert "not from both" in ran.err
