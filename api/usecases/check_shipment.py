"""Ask whether a consignment may go, and put the answer on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.engine import Engine, Structure
from api.usecases.dates import Dates
from api.usecases.record import Made, keep
from registry.facts import Facts
from registry.models import DecisionKind
from rules.result import Outcome
from rules.shipment.check import check
from rules.shipment.consignment import Consignment, Line, read_consignment
from rules.shipment.render import shipment_json
from rules.shipment.status import LineStatus, line_status
from rules.shipment.structures import structure_status
from rules.sitting import Scope
from rules.versions import versions


def check_shipment(
    engine: Engine, consignment: Consignment, dates: Dates, *, actor: str, now: datetime
) -> Made:
    """Answer and record. `dates.on` is the consignment's own day."""
    answer = answer_to(engine, consignment, dates)
    request = recorded(consignment)
    kind = DecisionKind.SHIPMENT
    return keep(engine, kind, request, answer, dates=dates, actor=actor, now=now)


def _status(engine: Engine, line: Line, facts: Facts, dates: Dates) -> LineStatus:
    """By name and number; where a structure is given, by what it is under each law."""
    named = line_status(line, facts, dates.on)
    if line.structure is None:
        return named
    structure = Structure(line.structure)
    answer = engine.classify(structure, dates, Scope(), everything=True)
    verdicts = {one["provision"]: Outcome(one["outcome"]) for one in answer["findings"]}
    return structure_status(line, verdicts, named, dates.on)


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
        consignment, engine.shipment_rules, lambda line: _status(engine, line, facts, dates)
    )
    return {
        **shipment_json(decision),
        "known_at": dates.known_text,
        "facts": facts.content_hash,
        "versions": versions(),
    }
