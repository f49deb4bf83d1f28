"""A draft checked in a pool whose work is stopped now and then: not run is never passed."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from api import drafting
from api.drafting import Outline
from api.engine import Engine
from api.usecases import draft_check
from registry.errors import Denied, Overrun
from tests.api.usecases.test_drafts import ANNA, AUDITOR, NOON

EXAMPLES = tuple({"name": f"substance {n}", "line": n} for n in range(12))
PASSED = {"holds": True, "expected": "inside", "got": "inside"}


class Pool:
    """Examples pass, but those of the chunks that are stopped; so does reading, where it is."""

    def __init__(self, *stopped: int, reading: bool = False) -> None:
        self.stopped, self.reading = stopped, reading

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        if function is drafting.outline:
            if self.reading:
                raise Overrun("stopped at its memory limit", "memory")
            return Outline(draft={"draft": "d"}, examples=EXAMPLES)
        start, stop = args[-2:]
        if start in self.stopped:
            raise Overrun("stopped at its deadline", "deadline")
        return [PASSED] * (stop - start)


def checked(pool: Pool) -> dict[str, Any]:
    engine = SimpleNamespace(
        workers=pool,
        settings=SimpleNamespace(law_root=None),
        known=SimpleNamespace(file=lambda facts: "facts"),
        facts=lambda now: "facts",
    )
    return draft_check.check(cast("Engine", engine), "draft: d", ANNA, NOON)


def held(found: dict[str, Any]) -> list[bool | None]:
    assert [one["name"] for one in found["examples"]] == [one["name"] for one in EXAMPLES]
    return [one["holds"] for one in found["examples"]]


def test_every_example_is_answered_in_its_place() -> None:
    found = checked(Pool())
    assert (held(found), found["stopped"]) == ([True] * 12, "")


def test_what_is_stopped_takes_only_its_own_chunk_with_it_and_is_not_passed() -> None:
    found = checked(Pool(5))
    assert held(found) == [True] * 5 + [None] * 5 + [True] * 2
    assert found["stopped"] == "stopped at its deadline"


def test_nothing_is_begun_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_check, "SECONDS", -1.0)
    found = checked(Pool())
    assert held(found) == [None] * 12
    assert found["stopped"].startswith("no further examples were begun")


def test_a_text_whose_reading_is_stopped_is_neither_a_draft_nor_called_wrong() -> None:
    found = checked(Pool(reading=True))
    assert (found["readable"], found["faults"], found["examples"]) == (False, [], [])
    assert found["stopped"] == "stopped at its memory limit"


def test_whoever_may_keep_no_draft_has_none_checked() -> None:
    with pytest.raises(Denied):
        draft_check.check(cast("Engine", SimpleNamespace()), "draft: d", AUDITOR, NOON)
