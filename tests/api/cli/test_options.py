"""Options that take several values, one by one or in a row."""

from __future__ import annotations

import pytest

from api.cli.app import app
from api.cli.options import flags, spread


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("screen f.smi --provision A B", "screen f.smi --provision A --provision B"),
        ("screen --provision A B f.smi", "screen --provision A --provision B f.smi"),
        ("screen f.smi --provision A --jurisdiction US GB --all",
         "screen f.smi --provision A --jurisdiction US --jurisdiction GB --all"),
        ("screen f.smi --provision A --provision B", "screen f.smi --provision A --provision B"),
        ("screen --provision A f.smi", "screen --provision A f.smi"),
        ("screen f.smi --on 2020-01-01 --out x.jsonl", "screen f.smi --on 2020-01-01 --out x.jsonl"),
        ("screen - --jurisdiction US GB", "screen - --jurisdiction US --jurisdiction GB"),
        ("check ketamine --jurisdiction US", "check ketamine --jurisdiction US"),
        ("--help", "--help"),
        ("screen --all f.smi --jurisdiction US GB",
         "screen --all f.smi --jurisdiction US --jurisdiction GB"),
        ("check --json ketamine --jurisdiction US GB",
         "check --json ketamine --jurisdiction US --jurisdiction GB"),
        ("screen --jurisdiction US GB --workers 1 f.smi",
         "screen --jurisdiction US --jurisdiction GB --workers 1 f.smi"),
        ("screen --jurisdiction US GB -- f.smi",
         "screen --jurisdiction US --jurisdiction GB -- f.smi"),
        ("screen --jurisdiction=US GB f.smi", "screen --jurisdiction=US --jurisdiction GB f.smi"),
        ("screen --errors report --all f.smi --provision A B",
         "screen --errors report --all f.smi --provision A --provision B"),
    ],
)  # fmt: skip
def test_several_values_in_a_row_are_several_options(given: str, meant: str) -> None:
    words = given.split()
    assert spread(words, flags(app, words)) == meant.split()
