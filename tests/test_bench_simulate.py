"""The benchmark of simulations measures what it says."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

from api.simulating import Tally
from bench.simulate import Memory, cut, progress


def test_the_first_records_of_a_file_are_cut_out(tmp_path: Path) -> None:
    source = tmp_path / "all.smi.gz"
    source.write_bytes(gzip.compress(b"C methane\nCC ethane\nCCC propane\n"))
    target = tmp_path / "some.smi"
    assert cut(source, 2, target) == 2
    assert target.read_text() == "C methane\nCC ethane\n"
    assert cut(source, 9, target) == 3


def test_memory_is_that_of_this_process_at_least() -> None:
    page = os.sysconf("SC_PAGE_SIZE")
    with Memory() as memory:
        held = bytearray(64 << 20)
        held[::page] = b"x" * len(held[::page])
        while not memory.peak:
            pass
    assert memory.peak > len(held)


def test_progress_is_told_now_and_then(capsys: object) -> None:
    tell, tally = progress(10), Tally(0)
    for members in (5, 10, 12, 25):
        tally.members = members
        tell(tally)
    assert capsys.readouterr().err.splitlines() == [  # type: ignore[attr-defined]
        "10 asked, 0 touched",
        "25 asked, 0 touched",
    ]
