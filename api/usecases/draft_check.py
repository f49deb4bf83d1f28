"""A draft checked while it is written: its faults with their place, and its examples run.

Nothing is kept. The rules of a draft are patterns of the chemistry toolkit, so they are compiled and
tried in a worker; what is stopped there is told as not run, never as passed.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from api import drafting
from api.access.acts import Act
from api.access.allow import Actor, allow
from api.access.papers import of_draft
from api.drafting import Outline
from api.engine import Engine
from registry.errors import InputError, Overrun

LONGEST = 200_000  # characters
CHUNK = 5  # examples run together: what one of them overruns takes no more with it
SECONDS = 20.0  # after which no further examples are begun
NOT_RUN: dict[str, Any] = {"holds": None, "got": "not run"}


class DraftRefused(InputError):
    """This cannot be kept as a draft, or not in this place."""

    code = "draft-refused"


def check(engine: Engine, text: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """What a text is as a draft: `faults` with line and column, `remarks`, each example's result.

    `readable` false: it is no draft yet, and `faults` say why. What could not be computed is told in
    `stopped`: `holds` of an example that was not run is null, and without any fault the text itself
    could not be read in time. Raises Denied for whoever may keep no draft.
    """
    allow(actor, Act.DRAFT_WRITE, of_draft("", actor.id, actor.country))
    check_text(text)
    root = str(engine.settings.law_root) if engine.settings.law_root else None
    law = (root, engine.known.file(engine.facts(now)))
    try:
        outline = engine.workers.call(drafting.outline, *law, text)
    except Overrun as overrun:
        return _plain(Outline(), [], overrun.message)
    return _plain(outline, *_proved(engine, law, text, len(outline.examples)))


def read(engine: Engine, text: str) -> Outline:
    """Whether a text is a draft. What could not be read in time is told as its fault."""
    try:
        outline: Outline = engine.workers.call(drafting.read, text)
    except Overrun as overrun:
        return _stopped(overrun)
    return outline


def check_text(text: str) -> None:
    """Raises DraftRefused for what no database can keep."""
    if not text.strip():
        raise DraftRefused("the draft is empty")
    if len(text) > LONGEST:
        raise DraftRefused(f"a draft has at most {LONGEST} characters")
    if "\0" in text or (not text.isascii() and _surrogates(text)):
        raise DraftRefused("the draft holds characters that are no text")


def _surrogates(text: str) -> bool:
    return any("\ud800" <= one <= "\udfff" for one in text)


def _stopped(overrun: Overrun) -> Outline:
    return Outline(faults=({"line": 1, "column": 1, "message": overrun.message},))


def _proved(
    engine: Engine, law: tuple[str | None, str], text: str, count: int
) -> tuple[list[dict[str, Any]], str]:
    """The result of each example, and why some were not run."""
    end, results, stopped = time.monotonic() + SECONDS, list[dict[str, Any]](), ""
    for start in range(0, count, CHUNK):
        stop = min(start + CHUNK, count)
        if time.monotonic() > end:
            stopped = f"no further examples were begun after {SECONDS:g} seconds"
            return results + [NOT_RUN] * (count - start), stopped
        try:
            results += engine.workers.call(drafting.prove, *law, text, start, stop)
        except Overrun as overrun:
            results, stopped = results + [NOT_RUN] * (stop - start), overrun.message
    return results, stopped


def _plain(outline: Outline, results: list[dict[str, Any]], stopped: str) -> dict[str, Any]:
    return {
        "readable": outline.draft is not None,
        "faults": list(outline.faults),
        "remarks": list(outline.remarks),
        "draft": outline.draft,
        "examples": [a | b for a, b in zip(outline.examples, results, strict=True)],
        "stopped": stopped,
    }
