"""Each command answers, echoes its dates, and ends with the code that docs/cli.md promises."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.api.cli.commands import COMMAND, REPOSITORY, Ran, Subreg, call, environment, run

ANALOGUE = "acetyl-alpha-methylfentanyl"
ANALOGUE_SMILES = "CC(=O)N(c1ccccc1)C1CCN(C(C)Cc2ccccc2)CC1"
CONSIGNMENT = str(REPOSITORY / "docs" / "examples" / "acetic-anhydride.json")


def default_register(home: Path) -> Path:
    return home / "substance-register" / "register.sqlite"


# First use, and databases that are not ready


def test_the_first_command_makes_and_fills_the_default_register_and_says_so(
    first_use: tuple[Path, Ran],
) -> None:
    home, ran = first_use
    assert ran.code == 0, ran.err
    assert f"making `{default_register(home)}`" in ran.err
    assert ran.json["name"].lower() == "fentanyl"
    assert [path.name for path in default_register(home).parent.glob("*first-use*")] == []


def test_the_second_command_finds_it_made(first_use: tuple[Path, Ran], subreg: Subreg) -> None:
    assert "making" not in subreg("show", "fentanyl").err


def test_a_configured_database_is_never_made_silently(subreg: Subreg, tmp_path: Path) -> None:
    file = tmp_path / "mistyped.sqlite"
    ran = subreg("show", "fentanyl", SUBREG_DATABASE_URL=f"sqlite:///{file}")
    assert ran.code == 5
    assert "run `subreg db upgrade`" in ran.err
    assert not file.exists()


def test_a_register_without_data_screens_nothing(subreg: Subreg, tmp_path: Path) -> None:
    configured = {"SUBREG_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite'}"}
    assert subreg("db", "upgrade", **configured).code == 0
    ran = subreg("screen", "-", "--input-format", "smi", stdin=b"O\n", **configured)
    assert (ran.code, ran.out) == (5, "")
    assert "run `subreg seed`" in ran.err


def test_a_setting_that_is_wrong_names_its_variable(subreg: Subreg) -> None:
    ran = subreg("doctor", SUBREG_PORT="eighty")
    assert ran.code == 2
    assert "SUBREG_PORT" in ran.err


# check and replay


def test_check_by_name_and_by_structure_give_the_same_verdicts(subreg: Subreg) -> None:
    named = subreg("check", ANALOGUE, "--json", "--on", "2026-01-31")
    drawn = subreg("check", ANALOGUE_SMILES, "--by", "structure", "--json", "--on", "2026-01-31")
    assert named.code == drawn.code == 0
    assert named.json["summary"] == drawn.json["summary"]
    assert named.json["summary"]["US"] == "controlled"
    assert named.json["on"] == "2026-01-31"
    assert named.json["taken"]["substance"] == ANALOGUE


def test_check_reads_a_structure_from_standard_input(subreg: Subreg) -> None:
    ran = subreg("check", "-", "--json", stdin=f"{ANALOGUE_SMILES}\n".encode())
    assert ran.json["summary"]["US"] == "controlled"


def test_check_shows_verdicts_clauses_dates_and_the_decision(subreg: Subreg) -> None:
    ran = subreg("check", ANALOGUE, "--jurisdiction", "US", "--on", "2026-01-31")
    for said in ("controlled", "US-CSA-I-e", "2026-01-31", "as known at", "decision "):
        assert said in ran.out
    assert "\x1b" not in ran.out + ran.err


def test_check_of_neither_name_nor_structure_is_bad_input(subreg: Subreg) -> None:
    ran = subreg("check", "nosuchthing")
    assert ran.code == 3
    assert "`nosuchthing`" in ran.err
    assert ran.out == ""


def test_check_of_an_unknown_cas_number_is_not_found(subreg: Subreg) -> None:
    assert subreg("check", "7732-18-5").code == 4


def test_check_of_a_structure_that_cannot_be_computed_is_an_answer(process: Subreg) -> None:
    hoop = "c1%99ccc(cc1)" + "-c2ccc(cc2)" * 14 + "-c2ccc-%99cc2"
    ran = process("check", hoop, "--json", SUBREG_DEADLINE_SECONDS="1")
    assert ran.code == 7
    assert set(ran.json["summary"].values()) == {"undetermined"}
    assert ran.json["error"]["code"] == "computation-stopped"


def test_a_decision_replays_to_the_same_answer_in_another_process(
    subreg: Subreg, process: Subreg
) -> None:
    made = subreg("check", ANALOGUE, "--json").json["id"]
    again = process("replay", made, "--json")
    assert again.code == 0
    assert again.json == {"id": made, "same": True, "differs": []}


def test_replay_of_an_unknown_decision_is_not_found(subreg: Subreg) -> None:
    assert subreg("replay", "00000000-0000-0000-0000-000000000000").code == 4


# ship


def test_ship_names_the_missing_pre_export_notification(subreg: Subreg) -> None:
    ran = subreg("ship", CONSIGNMENT)
    assert ran.code == 0
    assert "stop" in ran.out
    assert "pre-export notification" in ran.out
    assert "\x1b" not in ran.out


def test_ship_answers_in_json_and_from_standard_input(subreg: Subreg) -> None:
    ran = subreg("ship", "-", "--json", stdin=Path(CONSIGNMENT).read_bytes())
    stated = json.loads(Path(CONSIGNMENT).read_text())
    assert ran.json["decision"] == "stop"
    assert (ran.json["reference"], ran.json["on"]) == (stated["reference"], stated["on"])


def test_ship_names_the_key_it_does_not_know(subreg: Subreg) -> None:
    stated = {**json.loads(Path(CONSIGNMENT).read_text()), "refrence": "x"}
    ran = subreg("ship", "-", stdin=json.dumps(stated).encode())
    assert ran.code == 3
    assert "`refrence`" in ran.err


# show and provision


def test_show_lists_ketamine_with_its_dates(subreg: Subreg) -> None:
    shown = subreg("show", "ketamine", "--json", "--on", "2026-01-31").json
    listings = {listing["provision"]: listing for listing in shown["listings"]}
    assert listings["GB-MDA-B-1a"]["valid_from"] == "2014-06-10"
    assert shown["on"] == "2026-01-31"
    table = subreg("show", "6740-88-1").out
    assert "Ketamine" in table
    assert "2014-06-10" in table


def test_show_of_an_unknown_name_is_not_found(subreg: Subreg) -> None:
    ran = subreg("show", "no such thing")
    assert ran.code == 4
    assert "`no such thing`" in ran.err


def test_provision_shows_clauses_questions_review_and_citation(subreg: Subreg) -> None:
    shown = subreg("provision", "US-CSA-I-e", "--json").json
    text = subreg("provision", "US-CSA-I-e").out
    for clause in shown["rule"]["law"]:
        assert f"{clause['clause']}: {clause['text']}" in text
    for question in shown["rule"]["open_questions"]:
        assert question["text"] in text
    assert "not reviewed" in text
    assert shown["rule"]["wordings"][0]["cite"]["title"].split()[0] in text


def test_provision_says_when_it_is_not_in_force(subreg: Subreg) -> None:
    assert "not in force on that day" in subreg("provision", "US-CSA-I-e", "--on", "2018-02-05").out
    assert "not in force on that day" not in subreg("provision", "US-CSA-I-e").out


def test_provision_of_an_unknown_identifier_is_not_found(subreg: Subreg) -> None:
    assert subreg("provision", "QQ-NONE").code == 4


# Dates


def test_a_day_that_is_none_is_a_usage_error(subreg: Subreg) -> None:
    ran = subreg("show", "ketamine", "--on", "31.01.2026")
    assert ran.code == 2
    assert "31.01.2026" in ran.err


def test_knowledge_of_a_day_to_come_is_bad_input(subreg: Subreg) -> None:
    assert subreg("show", "ketamine", "--known-on", "9000-01-01").code == 3


def test_today_in_utc_is_echoed(subreg: Subreg) -> None:
    before = datetime.now(UTC).date().isoformat()
    on = subreg("show", "ketamine", "--json").json["on"]
    assert before <= on <= datetime.now(UTC).date().isoformat()


# db and seed


def test_a_database_goes_down_and_up_again(subreg: Subreg, tmp_path: Path) -> None:
    configured = {"SUBREG_DATABASE_URL": f"sqlite:///{tmp_path / 'register.sqlite'}"}
    assert subreg("db", "upgrade", **configured).code == 0
    current = subreg("db", "current", "--json", **configured)
    assert current.code == 0
    assert current.json["revision"] == current.json["needed"]
    assert subreg("db", "downgrade", "base", **configured).code == 0
    older = subreg("db", "current", "--json", **configured)
    assert (older.code, older.json["revision"]) == (5, None)
    assert subreg("show", "ketamine", **configured).code == 5


def test_the_audit_chain_is_verified_and_a_change_is_found(
    first_use: tuple[Path, Ran], tmp_path: Path
) -> None:
    copy = tmp_path / "register.sqlite"
    with (
        sqlite3.connect(default_register(first_use[0])) as source,
        sqlite3.connect(copy) as target,
    ):
        source.backup(target)
    source.close()
    url = f"sqlite:///{copy}"
    whole = call(tmp_path, "db", "verify", "--json", SUBREG_DATABASE_URL=url)
    assert (whole.code, whole.json) == (0, {"whole": True, "first_break": None})
    refusals = target.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in refusals:
        target.execute(f'DROP TRIGGER "{name}"')
    target.execute("UPDATE audit_event SET actor = 'nobody' WHERE seq = 1")
    target.commit()
    target.close()
    broken = call(tmp_path, "db", "verify", "--json", SUBREG_DATABASE_URL=url)
    assert (broken.code, broken.json) == (1, {"whole": False, "first_break": 1})


def test_loading_again_changes_nothing(subreg: Subreg) -> None:
    again = subreg("seed", "load", "--json")
    assert again.code == 0
    assert (again.json["added"], again.json["closed"]) == (0, 0)
    assert again.json["unchanged"] > 1000
    assert "nothing to change" in subreg("seed").err


def test_disagreements_of_sources_are_listed_with_who_says_what(subreg: Subreg) -> None:
    found = subreg("seed", "report", "--json").json
    assert found
    assert all(len(one["said"]) >= 2 for one in found)
    assert found[0]["subject"] in subreg("seed", "report").out


# doctor, version, serve


def test_doctor_finds_this_installation_good(subreg: Subreg) -> None:
    checks = {check["name"]: check for check in subreg("doctor", "--json").json}
    needed = {name for name, check in checks.items() if check["needed"]}
    assert needed == {"packages", "database", "data", "law", "worker"}
    assert all(checks[name]["good"] for name in needed), checks


def test_doctor_finds_a_missing_database(tmp_path: Path) -> None:
    file = tmp_path / "none.sqlite"
    ran = call(tmp_path, "doctor", "--json", SUBREG_DATABASE_URL=f"sqlite:///{file}")
    assert ran.code == 1
    missing = {check["name"] for check in ran.json if "does not exist" in check["detail"]}
    assert missing == {"database", "data", "names"}
    assert not file.exists()


def test_version_names_software_toolkit_and_rules(subreg: Subreg) -> None:
    found = subreg("version", "--json").json
    assert {"substance-register", "rdkit", "python", "rule set"} <= set(found)
    assert len(found["rule set"]) == 64


def test_serve_answers_on_its_port(first_use: tuple[Path, Ran]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)],
        env=environment(first_use[0]),
        stderr=subprocess.DEVNULL,
    )
    try:
        assert health(port)["live"] is True
    finally:
        serving.terminate()
        serving.wait(30)


def health(port: int) -> dict[str, object]:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=30) as answer:
                found: dict[str, object] = json.load(answer)
                return found
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


# The command line itself


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("check",), ("check", "a", "--nonsense")])
def test_a_command_line_that_is_wrong_is_a_usage_error(
    subreg: Subreg, arguments: tuple[str, ...]
) -> None:
    ran = subreg(*arguments)
    assert ran.code == 2
    assert "Usage" in ran.out + ran.err


def test_help_needs_no_register(tmp_path: Path) -> None:
    ran = run(tmp_path, "--help")
    assert ran.code == 0
    assert "screen" in ran.out
    assert not default_register(tmp_path).exists()


def test_a_reader_that_stops_reading_ends_the_command_quietly(
    first_use: tuple[Path, Ran], tmp_path: Path
) -> None:
    path = tmp_path / "many.smi"
    path.write_text("CCO ethanol\n" * 20_000)
    running = subprocess.Popen(
        [*COMMAND, "screen", str(path)],
        env=environment(first_use[0]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout
    assert os.read(running.stdout.fileno(), 10)
    running.stdout.close()
    assert running.stderr
    said = running.stderr.read().decode()
    running.stderr.close()
    assert running.wait(60) != 0
    assert "Traceback" not in said


# What the goods are like


def test_the_goods_asked_about_are_repeated_and_kept(subreg: Subreg) -> None:
    ran = subreg(
        "check", "ketamine", "--goods", "concentration=15", "--goods", "fill=8.4", "--json"
    )
    assert ran.code == 0, ran.err
    assert ran.json["goods"] == {"concentration": "15", "fill": "8.4"}
    assert subreg("check", "ketamine", "--json").json["goods"] == {"concentration": "100"}
    assert subreg("replay", ran.json["id"]).code == 0


@pytest.mark.parametrize("goods", ["colour=3", "fill=many", "fill=-1", "fill=NaN"])
def test_goods_that_mean_nothing_are_refused(subreg: Subreg, goods: str) -> None:
    assert subreg("check", "ketamine", "--goods", goods).code == 2
