"""`subreg collection`: import, look, search, export; and the process killed on the way."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from registry.collections.collection import Collection
from registry.collections.table import FILE
from tests.api.cli.commands import COMMAND, REPOSITORY, Ran, Subreg, call, environment

FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
KETAMINE = "CNC1(c2ccccc2Cl)CCCCC1=O"
LINES = (
    f"{FENTANYL} fentanyl",
    "C1CC broken",
    f"{KETAMINE} ketamine",
    f"{KETAMINE} again",
    "O water",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("collections")


@pytest.fixture(scope="module")
def asked(place: Path) -> Subreg:
    """One command about collections, which needs no register."""

    def ask(*arguments: str, stdin: bytes = b"", **more: str) -> Ran:
        settings = {"SUBREG_COLLECTIONS": str(place / "all"), **more}
        return call(place / "home", "collection", *arguments, stdin=stdin, **settings)

    return ask


@pytest.fixture(scope="module")
def imported(place: Path, asked: Subreg) -> Ran:
    (place / "lib.smi").write_text("\n".join(LINES))
    return asked("import", str(place / "lib.smi"), "lib", "--workers", "1", "--json")


def test_an_import_says_what_became_of_the_records(imported: Ran) -> None:
    assert imported.code == 6
    counts = {"records": 5, "structures": 3, "duplicates": 1, "errors": 1}
    assert imported.json["counts"] == counts
    assert imported.json["errors"] == {"structure-unreadable": 1}
    assert imported.json["complete"]
    assert imported.json["source"]["file"] == "lib.smi"


def test_collections_are_listed_and_shown(asked: Subreg, imported: Ran) -> None:
    assert [one["name"] for one in asked("list", "--json").json] == ["lib"]
    assert "lib.smi" in asked("list").out
    shown = asked("show", "lib", "--after", "1", "--limit", "1", "--json").json
    assert [row["id"] for row in shown["rows"]] == ["ketamine"]
    assert "sha256" in asked("show", "lib").out
    assert asked("show", "other").code == 4


def test_errors_and_repetitions_are_listed_with_their_lines(asked: Subreg, imported: Ran) -> None:
    [error] = asked("errors", "lib", "--json").json
    assert (error["line"], error["column"], error["id"]) == (2, 1, "broken")
    [repeated] = asked("duplicates", "lib", "--json").json
    assert (repeated["line"], repeated["id"], repeated["row"]) == (4, "again", 2)
    assert "structure-unreadable" in asked("errors", "lib").out
    assert asked("duplicates", "lib", "--after", "1", "--json").json == []


def test_rows_are_searched_by_likeness_layer_and_part(asked: Subreg, imported: Ran) -> None:
    alike = asked("search", "lib", FENTANYL, "--threshold", "0", "--top", "2", "--json").json
    assert alike["hits"][0]["id"] == "fentanyl"
    assert alike["hits"][0]["score"] == "1.0000"
    assert len(alike["hits"]) == 2
    assert "never a legal answer" in alike["caveat"]
    equal = asked("search", "lib", "-", "--exact", "stereo", "--json", stdin=KETAMINE.encode())
    assert [hit["id"] for hit in equal.json["hits"]] == ["ketamine"]
    part = asked("search", "lib", "c1ccccc1", "--substructure", "--workers", "1")
    assert "fentanyl" in part.out
    assert "ketamine" in part.out
    assert "water" not in part.out
    assert "never a legal answer" in part.err
    assert asked("search", "lib", "O", "--substructure", "--exact", "whole").code == 2
    assert asked("search", "lib", "C1CC").code == 3


def test_an_index_is_made_again(asked: Subreg, imported: Ran) -> None:
    assert asked("index", "lib", "--workers", "1", "--json").json["rows"] == 3


def test_the_same_import_again_changes_nothing_and_another_file_is_refused(
    asked: Subreg, imported: Ran, place: Path
) -> None:
    again = asked("import", str(place / "lib.smi"), "lib", "--json")
    assert (again.code, again.json) == (6, imported.json)
    (place / "other.smi").write_text("O water\n")
    refused = asked("import", str(place / "other.smi"), "lib")
    assert refused.code == 3
    assert "collection-exists" in refused.err
    assert asked("import", str(place / "none.smi"), "lib").code == 2


def test_a_collection_is_removed(asked: Subreg, place: Path) -> None:
    (place / "short.smi").write_text("O water\n")
    done = asked("import", str(place / "short.smi"), "short", "--at", str(place / "aside"))
    assert done.code == 0
    assert asked("remove", "short", "--at", str(place / "aside")).code == 0
    assert asked("list", "--at", str(place / "aside"), "--json").json == []
    assert asked("remove", "short", "--at", str(place / "aside")).code == 4


def test_an_export_has_the_status_under_the_law_where_asked(
    subreg: Subreg, imported: Ran, place: Path, tmp_path: Path
) -> None:
    file = tmp_path / "out.jsonl"
    asked = ("collection", "export", "lib", str(file), "--at", str(place / "all"))
    scope = ("--jurisdiction", "US", "--jurisdiction", "GB", "--workers", "1")
    done = subreg(*asked, "--classify", "--on", "2026-01-31", *scope, "--json")
    assert done.json == {"file": str(file), "kind": "jsonl", "rows": 3}
    assert "law in force on 2026-01-31" in done.err
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    status = [(one["id"], one["status_US"], one["status_GB"]) for one in lines]
    assert status == [
        ("fentanyl", "controlled", "controlled"),
        ("ketamine", "controlled", "controlled"),
        ("water", "not_controlled", "not_controlled"),
    ]
    assert {one["on"] for one in lines} == {"2026-01-31"}
    assert {one["problem"] for one in lines} == {""}


def test_an_export_without_the_law_needs_no_register(
    asked: Subreg, imported: Ran, tmp_path: Path
) -> None:
    done = asked("export", "lib", str(tmp_path / "out.sdf"), "--inchikey", "--workers", "1")
    assert done.code == 0
    assert (tmp_path / "out.sdf").read_text().count("$$$$") == 3
    assert asked("export", "lib", str(tmp_path / "out.txt")).code == 2
    assert asked("export", "lib", str(tmp_path / "out.csv"), "--on", "2026-01-31").code == 2


def contents(root: Path) -> tuple[list[str], dict[str, int], list[Any]]:
    with closing(sqlite3.connect(root / "big" / FILE)) as connection:
        dump = list(connection.iterdump())
    found = Collection.open(root, "big")
    return dump, found.counts, list(found.similar(FENTANYL, 0.3))


def start(root: Path, file: Path) -> subprocess.Popen[bytes]:
    command = [*COMMAND, "collection", "import", str(file), "big", "--at", str(root)]
    return subprocess.Popen(
        [*command, "--workers", "1"],
        env=environment(root),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_killed_at_random_moments_an_import_loses_nothing_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    named = (REPOSITORY / "bench" / "molecules.smi").read_text(encoding="utf-8").splitlines()
    file = tmp_path / "big.smi"
    # Many lines, of which most repeat an earlier one, and every hundredth cannot be read.
    lines = [named[n % len(named)] if n % 100 else f"C1CC broken{n}" for n in range(1, 5_001)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    begin = time.monotonic()
    assert start(whole, file).wait() == 6
    usual = time.monotonic() - begin
    kills = 0
    for _ in range(3):
        process = start(killed, file)
        time.sleep(random.uniform(0.3, 0.8) * usual)
        kills += process.poll() is None
        process.kill()
        process.wait()
    assert kills
    assert start(killed, file).wait() == 6
    assert contents(killed) == contents(whole)
    assert contents(killed)[1]["records"] == 5_000
