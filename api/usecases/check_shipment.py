"""Ask whether a consignment may go, and put the answer on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.engine import Engine
from api.usecases.dates import Dates
from api.usecases.record import Made, keep
from registry.models import DecisionKind
from rules.shipment.check import check
from rules.shipment.consignment import Consignment, read_consignment
from rules.shipment.render import shipment_json
from rules.shipment.status import line_status
from rules.versions import versions


def check_shipment(
    engine: Engine, consignment: Consignment, dates: Dates, *, actor: str, now: datetime
) -> Made:
    """Answer and record. `dates.on` is the consignment's own day."""
    answer = answer_to(engine, consignment, dates)
    request = recorded(consignment)
    kind = DecisionKind.SHIPMENT
    return keep(engine, kind, request, answer, dates=dates, actor=actor, now=now)


def again(engine: Engine, request: dict[str, Any], dates: Dates) -> dict[str, Any]:
    """The answer to a recorded consignment today."""
    return answer_to(engine, read_consignment(request), dates)


def recorded(consignment: Consignment) -> dict[str, Any]:
    """As it was stated: a key left out stays left out, for that too says something."""
    return consignment.model_dump(mode="json", by_alias=True, exclude_unset=True)


def answer_to(engine: Engine, consignment: Consignment, dates: Dates) -> dict[str, Any]:
    """The answer, without recording it."""
    facts = engine.facts(dates.known_at)
    decision = check(
        consignment,
        engine.shipment_rules,
        lambda line: line_status(line, facts, consignment.on),
    )
    return {
        **shipment_json(decision),
        "known_at": dates.known_text,
        "facts": facts.content_hash,
        "versions": versions(),
    }
