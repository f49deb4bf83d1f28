"""`subreg screen` keeps its contract: one answer per input, in order, nothing lost."""

from __future__ import annotations

import csv
import gzip
import io
import json
import signal
import subprocess
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.api.cli.commands import COMMAND, REPOSITORY, Ran, Subreg, environment

ACETYL_ALPHA_METHYLFENTANYL = "CC(=O)N(c1ccccc1)C1CCN(C(C)Cc2ccccc2)CC1"
KETAMINE = "CNC1(c2ccccc2Cl)CCCCC1=O"
ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
ORDINARY = (("water", "O"), ("ethanol", "CCO"), ("aspirin", ASPIRIN), ("ketamine", KETAMINE))
BAD = ("broken", "C1CC")
WATER_MOLFILE = """


  1  0  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 O   0  0  0  0  0  0  0  0  0  0  0  0
M  END
"""


def cycloparaphenylene(rings: int) -> str:
    """[n]cycloparaphenylene, benzene rings joined para to para in a hoop: the time of ring
    perception grows exponentially with n."""
    return "c1%99ccc(cc1)" + "-c2ccc(cc2)" * (rings - 2) + "-c2ccc-%99cc2"


def smi(path: Path, records: Iterable[tuple[str, str]]) -> Path:
    path.write_text("".join(f"{smiles} {name}\n" for name, smiles in records))
    return path


@pytest.fixture(scope="module")
def screened(process: Subreg, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    path = smi(
        tmp_path_factory.mktemp("screen") / "library.smi",
        [*ORDINARY, ("aamf", ACETYL_ALPHA_METHYLFENTANYL)],
    )
    return process("screen", str(path), "--on", "2026-01-31")


def test_every_answer_has_exactly_the_keys_of_the_contract(screened: Ran) -> None:
    keys = {"id", "input", "standardised", "error", "findings", "summary"}
    finding_keys = {"provision", "jurisdiction", "structure", "outcome", "clauses"}
    finding_keys |= {"displaced_by", "missing", "draft"}
    assert screened.code == 0
    assert all(set(line) == keys for line in screened.lines)
    findings = [finding for line in screened.lines for finding in line["findings"]]
    assert findings
    assert all(set(finding) == finding_keys for finding in findings)


def test_ids_and_inputs_come_back_in_order(screened: Ran) -> None:
    given = [*ORDINARY, ("aamf", ACETYL_ALPHA_METHYLFENTANYL)]
    assert [(line["id"], line["input"]) for line in screened.lines] == given


def test_a_substance_of_a_class_is_controlled_and_water_is_not(screened: Ran) -> None:
    by_id = {line["id"]: line["summary"] for line in screened.lines}
    assert (by_id["aamf"]["US"], by_id["aamf"]["GB"]) == ("controlled", "controlled")
    assert by_id["water"]["US"] == "not_controlled"


def test_standard_error_says_the_dates_and_the_count(screened: Ran) -> None:
    assert "law in force on 2026-01-31" in screened.err
    assert "5 structures, 0 unreadable, 0 stopped" in screened.err


def test_nothing_on_standard_error_is_drawn_when_nobody_watches(screened: Ran) -> None:
    assert "\x1b" not in screened.err + screened.out


def test_plainly_outside_findings_are_left_out_unless_asked(subreg: Subreg) -> None:
    asked = ("screen", "-", "--input-format", "smi", "--provision", "US-CSA-I-e")
    few = subreg(*asked, stdin=b"O water\n").lines[0]
    every = subreg(*asked, "--all", stdin=b"O water\n").lines[0]
    assert few["findings"] == []
    assert {finding["outcome"] for finding in every["findings"]} == {"outside"}
    assert few["summary"] == every["summary"]


def test_only_the_jurisdictions_and_provisions_asked_are_answered(
    subreg: Subreg, tmp_path: Path
) -> None:
    path = str(smi(tmp_path / "a.smi", ORDINARY))
    us_gb = subreg("screen", path, "--jurisdiction", "US", "--jurisdiction", "GB")
    assert all(set(line["summary"]) == {"US", "GB"} for line in us_gb.lines)
    schedules = subreg("screen", path, "--provision", "US-CSA-*", "--all")
    assert all(set(line["summary"]) == {"US"} for line in schedules.lines)
    assert all(
        finding["provision"].startswith("US-CSA-")
        for line in schedules.lines
        for finding in line["findings"]
    )


@pytest.mark.parametrize(
    "wrong", [("--provision", "US-CAS-*"), ("--jurisdiction", "QQ"), ("--jurisdiction", "us")]
)
def test_a_scope_that_nothing_answers_to_is_an_error(
    subreg: Subreg, tmp_path: Path, wrong: tuple[str, str]
) -> None:
    ran = subreg("screen", str(smi(tmp_path / "a.smi", ORDINARY)), *wrong)
    assert ran.code == 3
    assert f"`{wrong[1]}`" in ran.err
    assert ran.out == ""


def test_the_law_of_the_day_is_asked(subreg: Subreg) -> None:
    """The order on fentanyl-related substances took effect on 2018-02-06."""
    asked = ("screen", "-", "--input-format", "smi", "--provision", "US-CSA-I-e")
    analogue = f"{ACETYL_ALPHA_METHYLFENTANYL} aamf\n".encode()
    before = subreg(*asked, "--on", "2018-02-05", stdin=analogue).lines[0]
    after = subreg(*asked, "--on", "2018-02-06", stdin=analogue).lines[0]
    assert before["findings"] == []
    assert [finding["structure"] for finding in after["findings"]] == ["meets"]


def test_what_was_not_yet_known_is_no_answer(subreg: Subreg) -> None:
    ran = subreg("screen", "-", "--input-format", "smi", "--known-on", "2001-01-01", stdin=b"O\n")
    assert ran.code == 5
    assert ran.out == ""


def test_strict_stops_at_the_first_bad_record_and_names_its_place(
    subreg: Subreg, tmp_path: Path
) -> None:
    path = smi(tmp_path / "a.smi", [*ORDINARY, BAD, *ORDINARY])
    ran = subreg("screen", str(path))
    assert ran.code == 3
    assert f"{path}:5:1: " in ran.err
    assert "`C1CC`" in ran.err
    assert [line["id"] for line in ran.lines] == [name for name, _ in ORDINARY]


def test_a_refused_character_is_named_by_its_column(subreg: Subreg, tmp_path: Path) -> None:
    path = smi(tmp_path / "a.smi", [("water", "O"), ("wrapped", "CC[NH3+256]")])
    ran = subreg("screen", str(path))
    assert ran.code == 3
    line, column = ran.err.partition(f"{path}:")[2].split(":")[:2]
    assert (line, int(column) > 1) == ("2", True)


def test_report_keeps_the_error_in_its_place(subreg: Subreg, tmp_path: Path) -> None:
    path = smi(tmp_path / "a.smi", [ORDINARY[0], BAD, ORDINARY[1]])
    ran = subreg("screen", str(path), "--errors", "report")
    assert ran.code == 6
    assert "3 structures, 1 unreadable" in ran.err
    good, bad, other = ran.lines
    assert (good["id"], bad["id"], other["id"]) == ("water", "broken", "ethanol")
    assert good["error"] is other["error"] is None
    assert set(bad["error"]) == {"code", "message"}
    assert bad["error"]["code"] == "structure-unreadable"
    assert bad["input"] == "C1CC"
    assert set(bad["summary"]) == set(good["summary"])
    assert set(bad["summary"].values()) == {"undetermined"}


def test_ignore_leaves_the_bad_record_out_and_says_how_many(subreg: Subreg, tmp_path: Path) -> None:
    path = smi(tmp_path / "a.smi", [BAD, ORDINARY[0], BAD, ORDINARY[1]])
    ran = subreg("screen", str(path), "--errors", "ignore")
    assert ran.code == 0
    assert [line["id"] for line in ran.lines] == ["water", "ethanol"]
    assert "4 structures, 2 unreadable" in ran.err


def test_the_order_holds_over_many_chunks_and_workers(subreg: Subreg, tmp_path: Path) -> None:
    records = [(f"n{at}", ORDINARY[at % 4][1]) for at in range(3210)]
    path = tmp_path / "many.smi.gz"
    text = "".join(f"{smiles}\t{name}\n" for name, smiles in records)
    path.write_bytes(gzip.compress(text.encode()))
    ran = subreg("screen", str(path), "--workers", "3", "--provision", "US-CSA-I-e")
    assert ran.code == 0
    assert [(line["id"], line["input"]) for line in ran.lines] == records


def test_a_hostile_structure_is_undetermined_and_its_neighbours_are_judged(
    process: Subreg, subreg: Subreg, tmp_path: Path
) -> None:
    hostile = ("hoop", cycloparaphenylene(16))
    path = smi(tmp_path / "a.smi", [*ORDINARY, hostile, *ORDINARY])
    ran = process("screen", str(path), "--deadline", "1.5")
    plain = subreg("screen", str(smi(tmp_path / "b.smi", ORDINARY)))
    assert ran.code == 7
    assert ran.lines[:4] == ran.lines[5:] == plain.lines
    hoop = ran.lines[4]
    assert hoop["id"] == "hoop"
    assert hoop["error"]["code"] == "computation-stopped"
    assert set(hoop["summary"]) == set(plain.lines[0]["summary"])
    assert set(hoop["summary"].values()) == {"undetermined"}


def test_csv_output_has_a_row_per_finding_and_loses_no_input(
    subreg: Subreg, tmp_path: Path
) -> None:
    records = [*ORDINARY, BAD, ("aamf", ACETYL_ALPHA_METHYLFENTANYL)]
    path = str(smi(tmp_path / "a.smi", records))
    asked = ("screen", path, "--errors", "report")
    table = list(csv.DictReader(io.StringIO(subreg(*asked, "--format", "csv").out)))
    answers = subreg(*asked).lines
    expected = [
        (answer["id"], finding.get("provision", ""))
        for answer in answers
        for finding in answer["findings"] or [{}]
    ]
    assert [(row["id"], row["provision"]) for row in table] == expected
    summaries = {row["id"]: row["summary"] for row in table}
    for answer in answers:
        said = "; ".join(f"{code}={status}" for code, status in answer["summary"].items())
        assert summaries[answer["id"]] == said
    assert {row["error_code"] for row in table if row["id"] == "broken"} == {"structure-unreadable"}


def test_csv_input_takes_other_columns_and_reports_rows_that_do_not_fit(
    subreg: Subreg, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code;x,structure\nw,O\ne,CCO,extra\n")
    asked = ("screen", str(path), "--id-column", "code;x", "--smiles-column", "structure")
    strict = subreg(*asked)
    assert strict.code == 3
    assert f"{path}:3:2: 3 columns where the heading has 2" in strict.err
    reported = subreg(*asked, "--errors", "report").lines
    assert [line["id"] for line in reported] == ["w", "e"]
    assert reported[1]["error"]["code"] == "record-unreadable"


def test_an_sdf_is_screened_record_by_record(subreg: Subreg, tmp_path: Path) -> None:
    path = tmp_path / "a.sdf.gz"
    records = f"water{WATER_MOLFILE}$$$$\nnonsense\n$$$$\nsame{WATER_MOLFILE}> <CODE>\nW2\n\n$$$$\n"
    path.write_bytes(gzip.compress(records.encode()))
    ran = subreg("screen", str(path), "--errors", "report", "--id-tag", "CODE")
    assert ran.code == 6
    first, second, third = ran.lines
    assert (first["standardised"], third["standardised"]) == ("O", "O")
    assert third["id"] == "W2"
    assert second["error"] is not None
    assert first["input"] == f"water{WATER_MOLFILE}"


def test_a_cut_file_gives_what_came_before_and_an_error(subreg: Subreg, tmp_path: Path) -> None:
    path = tmp_path / "a.smi.gz"
    path.write_bytes(gzip.compress(b"O water\nCCO ethanol\n")[:-6])
    ran = subreg("screen", str(path), "--errors", "ignore")
    assert ran.code == 3
    assert "a.smi.gz" in ran.err
    assert [line["id"] for line in ran.lines] == ["water", "ethanol"]


def test_an_empty_file_has_no_answers(subreg: Subreg, tmp_path: Path) -> None:
    path = tmp_path / "a.smi"
    path.write_text("")
    ran = subreg("screen", str(path))
    assert (ran.code, ran.out) == (0, "")


def test_answers_can_go_to_a_file(subreg: Subreg, tmp_path: Path) -> None:
    path, out = smi(tmp_path / "a.smi", ORDINARY), tmp_path / "answers.jsonl.gz"
    ran = subreg("screen", str(path), "--out", str(out))
    assert (ran.code, ran.out) == (0, "")
    answers = gzip.decompress(out.read_bytes()).decode().splitlines()
    assert [json.loads(line)["id"] for line in answers] == [name for name, _ in ORDINARY]


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere.smi",),
        ("nowhere", "--input-format", "smi"),
        ("molecules.txt",),
        ("-",),
        ("a.smi", "--errors", "maybe"),
        ("-", "--input-format", "smi", "--out", "/nowhere/answers.jsonl"),
        (str(REPOSITORY), "--input-format", "smi"),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(subreg: Subreg, arguments: tuple[str, ...]) -> None:
    ran = subreg("screen", *arguments)
    assert ran.code == 2
    assert ran.err
    assert ran.out == ""


def test_the_input_is_never_overwritten(subreg: Subreg, tmp_path: Path) -> None:
    path = smi(tmp_path / "a.smi", ORDINARY)
    before = path.read_bytes()
    assert subreg("screen", str(path), "--out", str(path)).code == 2
    assert path.read_bytes() == before


def test_an_interrupt_leaves_whole_lines(first_use: tuple[Path, Ran], tmp_path: Path) -> None:
    path, out = tmp_path / "many.smi", tmp_path / "answers.jsonl"
    smi(path, ((f"n{at}", KETAMINE) for at in range(200_000)))
    running = subprocess.Popen(
        [*COMMAND, "screen", str(path), "--out", str(out)],
        env=environment(first_use[0]),
        stderr=subprocess.PIPE,
        # A test run in the background has the signal ignored, and its children would, too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (one call)
    )
    try:
        until = time.monotonic() + 120
        while not (out.exists() and out.stat().st_size) and time.monotonic() < until:
            time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    finally:
        running.kill()
    lines = out.read_text().splitlines(keepends=True)
    assert running.returncode == 130, err
    assert lines
    assert lines[-1].endswith("\n")
    assert [json.loads(line)["id"] for line in lines] == [f"n{at}" for at in range(len(lines))]


def test_today_in_utc_is_the_day_asked_by_default(subreg: Subreg) -> None:
    before = datetime.now(UTC).date()
    ran = subreg("screen", "-", "--input-format", "smi", stdin=b"O water\n")
    after = datetime.now(UTC).date()
    assert any(f"law in force on {day}" in ran.err for day in (before, after))
