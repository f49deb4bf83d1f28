"""A decision on record: what was asked, what was answered, by whom and when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.engine import Engine
from api.usecases.dates import Dates
from registry.models import DecisionKind, DecisionRecord
from registry.store import decisions
from registry.store.canonical import canonical
from registry.store.session import writing


@dataclass(frozen=True, slots=True)
class Made:
    """A decision as it is on record. `answer` is what was answered, `request` what was asked."""

    id: str
    kind: str
    at: datetime
    actor: str
    on: date
    known_at: datetime
    request: dict[str, Any]
    answer: dict[str, Any]

    @classmethod
    def of(cls, row: DecisionRecord) -> Made:
        request, answer = json.loads(row.request), json.loads(row.response)
        return cls(row.id, row.kind, row.at, row.actor, row.on, row.known_at, request, answer)


def keep(
    engine: Engine,
    kind: DecisionKind,
    request: dict[str, Any],
    answer: dict[str, Any],
    *,
    dates: Dates,
    actor: str,
    now: datetime,
) -> Made:
    """Put a decision on record together with its audit event."""
    row = DecisionRecord(
        kind=kind,
        at=now,
        actor=actor,
        on=dates.on,
        known_at=dates.known_at,
        request=canonical(request),
        response=canonical(answer),
        rule_set=answer["rule_set"],
        facts=answer["facts"],
        versions=answer["versions"],
    )
    with writing(engine.sessions) as session:
        decisions.save(session, row)
    return Made.of(row)
