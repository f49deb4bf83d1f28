"""The comparison with FPSim2 measures what it says, and a lost hit stops it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from bench.similarity import Way, compare, main, rows_of

pytest.importorskip("FPSim2")


def test_both_find_the_same_and_the_report_says_how_fast(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--json", "--real", "60", "--count", "400", "--queries", "3", "--rounds", "1"])
    report = json.loads(capsys.readouterr().out)
    (measured,) = report["measured"]
    assert (measured["rows"], measured["real"]) == (400, 60)
    assert measured["at 0.7, 1 threads"]["hits"] >= 3
    assert float(measured["at 0.4, 1 threads"]["times_as_fast"]) > 0


def test_a_lost_hit_stops_the_comparison() -> None:
    def way(*rows: int) -> Way:
        return Way(
            lambda _query, _at_least: rows, lambda found: {(row, np.float32(1)) for row in found}
        )

    ways: dict[str, Any] = {"one": way(1, 2), "other": way(2, 1)}
    assert compare(ways, ["query"], 0.7) == 2
    with pytest.raises(SystemExit, match="different hits"):
        compare(ways | {"other": way(1)}, ["query"], 0.7)


def test_rows_beyond_the_real_ones_are_halves_of_real_ones() -> None:
    real = np.random.default_rng(0).integers(0, 1 << 63, (10, 32), np.uint64)
    rows = rows_of(real, 35)
    assert rows.shape == (35, 32)
    assert (rows[:10] == real).all()
    assert {row[:16].tobytes() for row in rows} <= {row[:16].tobytes() for row in real}
    assert {row[16:].tobytes() for row in rows} <= {row[16:].tobytes() for row in real}
