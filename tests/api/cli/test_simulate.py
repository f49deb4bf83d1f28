"""`subreg simulate` and `subreg law diff` as a user calls them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.api import trials
from tests.api.cli.commands import Subreg


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafts")
    (folder / "bare.yaml").write_text(trials.BARE, encoding="utf-8")
    (folder / "sparing.yaml").write_text(trials.SPARING, encoding="utf-8")
    trials.library(folder)
    return folder


def test_two_drafts_are_compared_and_written_in_every_form(told: Subreg, folder: Path) -> None:
    drafts = (str(folder / "bare.yaml"), str(folder / "sparing.yaml"))
    files = {name: folder / f"out.{name}" for name in ("csv", "html", "json")}
    ran = told(
        "simulate", *drafts, "--file", str(folder / "named.smi"), "--on", "2016-12-01",
        "--csv", str(files["csv"]), "--report", str(files["html"]),
        "--charts", str(files["json"]), "--workers", "1", "--quiet",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.err == ""
    for said in ("draft, not law", "atorvastatin", "newly caught", "GB-NEW", "1 unreadable",
                 "not asked, whoever asks may read no authorisations"):  # fmt: skip
        assert said in ran.out
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    spared = [row for row in rows if row["exempted_by"]]
    assert [(row["option"], row["name"]) for row in spared] == [("sparing", "losartan")]
    assert "draft, not law" in files["html"].read_text()
    assert set(json.loads(files["json"].read_text())) >= {"effects"}


def test_a_draft_that_is_wrong_ends_the_command_with_its_place(told: Subreg, folder: Path) -> None:
    wrong = folder / "wrong.yaml"
    wrong.write_text(trials.BARE.replace("option: generic", "option: magic"), encoding="utf-8")
    ran = told("simulate", str(wrong), "--file", str(folder / "named.smi"))
    assert ran.code == 3
    assert "draft 1:4:" in ran.err


def test_a_draft_that_is_no_text_is_bad_input(told: Subreg, folder: Path) -> None:
    (folder / "latin.yaml").write_bytes(b"draft: \xe9\n")
    ran = told("simulate", str(folder / "latin.yaml"))
    assert (ran.code, "not text in UTF-8" in ran.err) == (3, True)


def test_the_operator_may_not_ask_why_not_in_bulk(told: Subreg, folder: Path) -> None:
    draft = str(folder / "bare.yaml")
    ran = told("simulate", draft, "--file", str(folder / "named.smi"), "--why-not")
    assert ran.code == 8


def test_what_is_no_file_and_no_library_is_said(told: Subreg, folder: Path) -> None:
    draft = str(folder / "bare.yaml")
    assert told("simulate", draft, "--file", str(folder / "none.smi")).code == 3
    ran = told("simulate", draft, "--library", "everything")
    assert ran.code == 3
    assert "collection:NAME" in ran.err


def test_two_laws_are_compared_as_table_rows_and_json(told: Subreg, folder: Path) -> None:
    span = ("law", "diff", "--from", "2016-12-13", "--to", "2019-11-15", "--quiet")
    over = ("--file", str(folder / "named.smi"), "--workers", "1")
    table = told(*span, *over)
    assert table.code == 0, table.err
    for said in ("law of 2016-12-13", "GB-MDA-B-1ca", "provision began", "1 unreadable"):
        assert said in table.out
    rows = list(csv.DictReader(told(*span, *over, "--csv", "--yearly").out.splitlines()))
    (broken,) = [row for row in rows if row["kind"] == "not judged"]
    assert (broken["name"], broken["from"], broken["to"]) == ("broken", "2016-12-13", "2019-11-15")
    assert broken["text"]
    assert ("2016-12-13", "2017-12-13", "APINACA", "status", "controlled") in {
        (row["from"], row["to"], row["name"], row["kind"], row["after"]) for row in rows
    }
