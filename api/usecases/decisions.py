"""Decisions on record: read again, and made again to compare."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.engine import Engine
from api.usecases import check_shipment, classify
from api.usecases.dates import Dates
from api.usecases.record import Made
from registry.models import DecisionKind, DecisionRecord
from registry.store import decisions
from registry.store.canonical import canonical
from registry.store.session import reading

Recompute = Callable[[Engine, dict[str, Any], Dates], dict[str, Any]]

_RECOMPUTE: dict[str, Recompute] = {
    DecisionKind.CLASSIFY: classify.again,
    DecisionKind.SHIPMENT: check_shipment.again,
}


@dataclass(frozen=True, slots=True)
class Replay:
    """Whether the same question gives the same bytes today; if not, what has changed since."""

    id: str
    same: bool
    differs: tuple[str, ...]
    answer: dict[str, Any]


def get(engine: Engine, decision: str) -> Made:
    """A decision on record. Raises NotFound."""
    with reading(engine.sessions) as session:
        return Made.of(decisions.get(session, decision))


def replay(engine: Engine, decision: str) -> Replay:
    """Ask the recorded question again, with its own dates, and compare the bytes.

    Nothing is recorded. Raises NotFound; an answer that depends on names no longer on record as
    known then differs in its facts.
    """
    with reading(engine.sessions) as session:
        row = decisions.get(session, decision)
    recompute = _RECOMPUTE[row.kind]
    answer = recompute(engine, json.loads(row.request), Dates(row.on, row.known_at))
    return _compare(row, answer)


def _compare(row: DecisionRecord, answer: dict[str, Any]) -> Replay:
    """The recorded bytes against those of today."""
    same = canonical(answer) == row.response
    changed = {
        "rule set": row.rule_set != answer["rule_set"],
        "facts": row.facts != answer["facts"],
        "software versions": row.versions != answer["versions"],
    }
    differs = tuple(name for name, change in changed.items() if change)
    return Replay(row.id, same, () if same else differs or ("computation",), answer)
