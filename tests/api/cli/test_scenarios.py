"""`subreg ship --scenarios` keeps its contract: one answer per line, in order, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli.scenarios import answer
from tests.api.cli.commands import Ran, Subreg

FILE = Path(__file__).parents[2] / "rules" / "shipment" / "scenarios.jsonl"
LINES = FILE.read_bytes().splitlines(keepends=True)


def asked(tmp_path: Path, *lines: bytes) -> str:
    file = tmp_path / "asked.jsonl"
    file.write_bytes(b"".join(lines))
    return str(file)


@pytest.fixture(scope="module")
def ran(subreg: Subreg, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, list[Any]]:
    out = tmp_path_factory.mktemp("scenarios") / "out.jsonl"
    done = subreg("ship", "--scenarios", str(FILE), "--out", str(out))
    return done, [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_every_line_is_answered_in_its_order(ran: tuple[Ran, list[Any]]) -> None:
    done, answers = ran
    assert done.code == 0
    assert done.out == ""
    assert f"{len(LINES)} consignments, 0 unreadable, 0 not judged" in done.err
    assert [one["id"] for one in answers] == [json.loads(line)["id"] for line in LINES]


def test_the_register_that_ships_answers_as_expected(ran: tuple[Ran, list[Any]]) -> None:
    wrong = []
    for line, one in zip(LINES, ran[1], strict=True):
        expect = json.loads(line)["expect"]
        if one["decision"] not in {expect["decision"], *expect.get("also_acceptable", ())}:
            wrong.append((one["id"], one["decision"]))
    assert wrong == []


def test_answers_go_to_standard_output_from_standard_input(subreg: Subreg) -> None:
    done = subreg("ship", "--scenarios", "-", "--out", "-", stdin=LINES[0] + b"\n" + LINES[1])
    assert done.code == 0
    assert [line["decision"] for line in done.lines] == ["proceed", "stop"]


def test_a_bad_line_is_named_by_its_place_and_costs_no_other(
    subreg: Subreg, tmp_path: Path
) -> None:
    broken = b'{"id": "cut", "on": \n'
    strange = LINES[1].replace(b'"on": "2026-04-20"', b'"on": "soon"')
    twice = b'{"id": 1, "id": 2}\n'
    bytes_ = b'{"id": "\xff"}\n'
    file = asked(tmp_path, LINES[0], broken, strange, twice, bytes_, b"[]\n", b"\n", LINES[0])
    done = subreg("ship", "--scenarios", file)
    assert done.code == 6
    assert [line["decision"] for line in done.lines] == [
        "proceed",
        *["undetermined"] * 5,
        "proceed",
    ]
    ids = [line["id"] for line in done.lines]
    assert ids[1:6] == ["line 2", json.loads(strange)["id"], "line 4", "line 5", "line 6"]
    third = strange.index(b'"on"') + 1
    for place in (":2:20: ", f":3:{third}: ", ":4:", ":5:9: ", ":6:1: "):
        assert f"{file}{place}" in done.err
    assert "7 consignments, 5 unreadable" in done.err


@pytest.mark.parametrize(
    "line",
    [b"NaN", b'{"id": NaN}', b"[" * 100_000, b'{"id": ' + b"9" * 5000 + b"}", b'{"id": 1e999999}'],
)
def test_a_hostile_line_is_answered_and_does_no_harm(
    line: bytes, subreg: Subreg, tmp_path: Path
) -> None:
    done = subreg("ship", "--scenarios", asked(tmp_path, line + b"\n", LINES[0]))
    assert done.code == 6
    assert [one["decision"] for one in done.lines] == ["undetermined", "proceed"]


def test_a_fault_of_ours_is_answered_as_undetermined() -> None:
    def judge(content: dict[str, Any]) -> dict[str, Any]:
        raise KeyError(content["id"])

    (one,) = answer([(3, LINES[0])], "asked.jsonl", judge)
    assert one.body["decision"] == "undetermined"
    assert one.fault is not None
    assert one.fault.message.startswith("asked.jsonl:3:1: could not be judged: KeyError")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ship",), "one FILE or about --scenarios"),
        (("ship", "one.json", "--scenarios", "two.jsonl"), "one FILE or about --scenarios"),
        (("ship", "--scenarios", "nowhere.jsonl"), "no file `nowhere.jsonl`"),
        (("ship", "--scenarios", str(FILE), "--out", "nowhere/out.jsonl"), "cannot be written"),
        (("ship", "--scenarios", str(FILE), "--out", str(FILE)), "would overwrite"),
    ],
)
def test_a_wrong_command_line_is_refused(
    arguments: tuple[str, ...], message: str, subreg: Subreg
) -> None:
    done = subreg(*arguments)
    assert done.code == 2
    assert message in " ".join(done.err.split())
