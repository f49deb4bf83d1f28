"""One line of a re-screening: where a structure stands now, and what changed since it was judged
before. It runs inside a worker, beside the judgement, since saying by which clause something fails
means judging again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from rules.decide import Book, Scope, decide
from rules.result import Decision, Finding
from rules.status import Change, Judged, Standing, compare, differs, standing


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a run holds its answers against: the earlier runs by which a member may have been judged
    last, and the law, facts and dates of this one."""

    then: tuple[Judged, ...]
    now: Judged


def before_text(before: Mapping[str, Any], then: int) -> str:
    """What a record carries: its standing as stored, and the run of `Comparison.then` it is from."""
    return json.dumps([before, then])


def compared_json(
    decision: Decision,
    identifier: str,
    before: str,
    book: Book,
    scope: Scope,
    comparison: Comparison,
) -> dict[str, Any]:
    """`changes` is empty where nothing changed, and where there was nothing before (`new`). `moved`:
    the standing is not the one before, if only in what is not reported."""
    now = standing(decision)
    found: tuple[Change, ...] = ()
    plain, then = json.loads(before) if before else (None, 0)
    if plain is not None:
        held = Standing.of(plain)
        if differs(held, now):
            explained = _explained(decision, held, book, scope)
            found = compare(held, now, comparison.then[then], comparison.now, explained)
    return {
        "id": identifier,
        "error": now.error,
        "standing": now.plain(),
        "new": plain is None,
        "moved": plain != now.plain(),
        "changes": [asdict(change) for change in found],
    }


def _explained(decision: Decision, held: Standing, book: Book, scope: Scope) -> dict[str, Finding]:
    """The findings with their reasons. What is no longer among them is judged again to say why not."""
    found = {one.provision: one for one in decision.findings}
    if decision.structure is None or found.keys() >= held.said.keys():
        return found
    thorough = decide(
        decision.structure,
        book,
        on=decision.on,
        known_at=decision.known_at,
        text=decision.input,
        scope=scope,
        everything=True,
    )
    return {one.provision: one for one in thorough.findings} | found


def judged(
    book_laws: Mapping[str, Any], on: date, known_at: str, rule_set: str, facts: str
) -> Judged:
    """A run as stored, as what its standings share."""
    laws = {key: (since, content_hash) for key, (since, content_hash) in book_laws.items()}
    return Judged(on, known_at, rule_set, facts, laws)
