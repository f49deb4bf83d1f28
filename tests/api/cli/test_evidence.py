"""Evidence and the order for review on the command line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from api.cli import evidence
from api.cli.exits import Exit
from api.settings import Settings
from tests.api.cli.commands import Subreg, call
from tests.api.usecases.test_evidence import HEADER, Here

WEIGHTS = "criteria: {seizures: {aspect: prevalent, weight: 5, scale: each, reason: mine}}\n"


@pytest.fixture
def desk(small_register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Subreg]:
    """Commands on a register of their own, without law and workers."""
    url = f"sqlite:///{shutil.copy(small_register, tmp_path / 'register.sqlite')}"
    here: Any = Here(url)
    here.settings = Settings(database_url=url)

    @contextmanager
    def opened() -> Iterator[tuple[Any, datetime]]:
        yield here, datetime.now(UTC)

    monkeypatch.setattr(evidence, "opened", opened)
    yield partial(call, tmp_path, SUBREG_DATABASE_URL=url)
    here.database.dispose()


def add(desk: Subreg, *more: str) -> Any:
    said = ("--source", "S", "--key", "1", "--substance", "Ketamine", "--from", "2026-06-01")
    return desk("evidence", "add", "seizure", *said, *more)


def test_a_report_is_added_listed_corrected_and_kept(desk: Subreg) -> None:
    assert desk("evidence", "list").out == "no evidence recorded\n"
    assert add(desk).out == "1 recorded, 0 corrected, 0 unchanged\n"
    refused = add(desk, "--quantity", "3", "--unit", "count")
    assert (refused.code, refused.out) == (Exit.BAD_INPUT, "")
    assert "says something else" in refused.err
    done = add(desk, "--quantity", "3", "--unit", "count", "--correct", "misread", "--json")
    assert done.json == {"recorded": 0, "corrected": 1, "unchanged": 0}
    assert [one["quantity"] for one in desk("evidence", "list", "--json").json] == ["3"]
    both = desk("evidence", "list", "--source", "S", "--key", "1").out.splitlines()[2:]
    assert ["not stated" in both[0], "3 count" in both[1]] == [True, True]
    assert "until 20" in both[0]


def test_a_file_with_faults_is_told_line_by_line_and_records_nothing(
    desk: Subreg, tmp_path: Path
) -> None:
    file = tmp_path / "reports.csv"
    row = "seizure,{},,,XA,2026-06-01,,,,s"
    file.write_text(f"{HEADER}\n1,{row.format('ketamine')}\n2,{row.format('nobody')}\n")
    ran = desk("evidence", "import", str(file))
    assert ran.code == Exit.BAD_INPUT
    assert f"{file}:3:3: substance: no substance answers to `nobody`" in ran.err
    assert desk("evidence", "list", "--json").json == []
    given = f"{HEADER}\n1,{row.format('ketamine')}\n".encode()
    assert desk("evidence", "import", "-", stdin=given).out.startswith("1 recorded")


def test_the_order_takes_weights_from_a_file_and_tells_where_they_are_wrong(
    desk: Subreg, tmp_path: Path
) -> None:
    assert "no evidence recorded that counts here" in desk("priority").out
    add(desk, "--quantity", "3", "--unit", "count")
    weights = tmp_path / "weights.yaml"
    weights.write_text(WEIGHTS)
    words = ("priority", "--on", "2026-11-26", "--weights", str(weights), "--json")
    (item,) = desk(*words).json["items"]
    assert (item["points"], [term["criterion"] for term in item["terms"]]) == ("15", ["seizures"])
    weights.write_text(WEIGHTS.replace("weight: 5", "weight: 5, potency: 9"))
    wrong = desk(*words)
    assert (wrong.code, wrong.out) == (Exit.BAD_INPUT, "")
    assert f"{weights}:1:" in wrong.err
    weights.write_bytes(b"criteria: \xff\n")
    bytes_ = desk(*words)
    assert (bytes_.code, bytes_.out) == (Exit.BAD_INPUT, "")
    assert bytes_.err == "error: what was given is not UTF-8 text at byte 10\n"
    assert desk("priority", "--weights", str(tmp_path / "none.yaml")).code == Exit.USAGE


def test_what_is_not_there_or_not_allowed_ends_with_its_code(desk: Subreg) -> None:
    assert desk("evidence", "list", "--substance", "nobody").code == Exit.NOT_FOUND
    assert desk("priority", SUBREG_KEY="subreg_nothing").code == Exit.NOT_ALLOWED
