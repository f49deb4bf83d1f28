"""Substances in an order for review, by the evidence on record, with every term opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session, sessionmaker

from api.access.acts import Act
from api.access.allow import Actor, allow
from api.usecases.dates import Dates
from api.usecases.evidence_subject import holding
from registry.errors import AmbiguousName, InputError, RuleFileError
from registry.facts import Evidence, InForce
from registry.models import EvidenceRecord, Substance
from registry.store import evidence as store
from registry.store import listings
from registry.store.session import reading
from rules.priority import LONGEST, Priority, Ranked, Term, Window, priority, window
from rules.weights import Measure, Weights, read_weights, shipped_weights

MONTHS = 24
MOST_RECORDS = 200  # shown with one term
NOTE = (
    "an order for review by what was recorded: no assessment of risk, and nothing of effect or "
    "strength. Who looks more reports more. No evidence recorded is not little evidence"
)


class WeightsRefused(InputError):
    """Weights that cannot be used as they stand."""

    code = "weights-refused"


class WindowRefused(InputError):
    """So many months are no window."""

    code = "window-refused"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which months, by which weights; of which part of the order."""

    dates: Dates
    months: int = MONTHS
    weights: Weights | None = None
    after: int = 0
    limit: int = 50


def order(sessions: sessionmaker[Session], asked: Asked, *, actor: Actor) -> dict[str, Any]:
    """The order for review, one page of it. Raises Denied, WindowRefused."""
    allow(actor, Act.EVIDENCE_READ)
    if not 1 <= asked.months <= LONGEST:
        raise WindowRefused(f"a window has 1 to {LONGEST} months, not {asked.months}")
    weights = asked.weights or shipped_weights()
    dates = asked.dates
    with reading(sessions) as session:
        records = _records(session, dates, window(dates.on, asked.months))
        found = priority(records, weights, on=dates.on, months=asked.months)
        page = found.ranked[asked.after : asked.after + asked.limit]
        told = {
            "on": dates.on.isoformat(),
            "known_at": dates.known_text,
            "window": _window(found.window, asked.months),
            "weights": [_criterion(name, weights) for name in weights.counting],
            "items": [_shown(session, one, found.window, dates) for one in page],
            "after": asked.after + len(page) if len(found.ranked) > asked.after + len(page) else 0,
            **_others(session, found, records, dates),
        }
    return told | {"note": NOTE}


def own_weights(text: str, name: str) -> Weights:
    """Weights from a file of the caller's. Raises WeightsRefused with line and column."""
    try:
        return read_weights(text, name)
    except RuleFileError as error:
        raise WeightsRefused(error.message) from None


def changed_weights(given: Mapping[str, str]) -> Weights:
    """The weights that ship with some put otherwise. Raises WeightsRefused."""
    numbers: dict[Measure, Decimal] = {}
    for name, text in given.items():
        if name not in set(Measure):
            raise WeightsRefused(f"`{name}` is none of {', '.join(Measure)}")
        numbers[Measure(name)] = _number(name, text)
    try:
        return shipped_weights().changed(numbers)
    except ValidationError as error:
        fault = error.errors()[0]
        where = str(fault["loc"][1]) if len(fault["loc"]) > 1 else "weights"
        raise WeightsRefused(f"`{where}`: {fault['msg'].lower()}") from None


def _number(name: str, text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise WeightsRefused(f"`{name}`: `{text}` is not a number") from None


def _records(session: Session, dates: Dates, within: Window) -> list[Evidence]:
    """Every record that may have happened by the day. What the register has come to hold since it
    was recorded counts as the register's."""
    rows = list(store.all_known(session, dates.known_at, within.end))
    joined = {key: _held(session, key, dates.known_at) for key in _outside(rows)}
    facts = (store.fact(row) for row in rows)
    return [replace(one, subject=joined.get(one.subject) or one.subject) for one in facts]


def _outside(rows: list[EvidenceRecord]) -> set[str]:
    return {store.subject_of(row) for row in rows if row.substance is None}


def _held(session: Session, subject: str, known_at: datetime) -> str | None:
    try:
        return holding(session, subject.removeprefix(store.OUTSIDE), known_at)
    except AmbiguousName:
        return None


def _window(within: Window, months: int) -> dict[str, Any]:
    return {"months": months, "from": within.start.isoformat(), "to": within.end.isoformat()}


def _criterion(name: Measure, weights: Weights) -> dict[str, Any]:
    criterion = weights.criteria[name]
    return {
        "criterion": name.value,
        "aspect": criterion.aspect,
        "weight": f"{criterion.weight:f}",
        "scale": criterion.scale,
        "reason": criterion.reason,
    }


def _shown(session: Session, one: Ranked, within: Window, dates: Dates) -> dict[str, Any]:
    terms = [_term(term, within) for term in one.terms]
    silent = [term["criterion"] for term in terms if term["figure"] is None]
    return {
        "rank": one.rank,
        **_subject(session, one.subject, one.name),
        "points": f"{one.points:f}",
        "at_least": any(term["at_least"] for term in terms),
        "terms": [term for term in terms if term["figure"] is not None],
        "no_record_of": silent,
        "seized": {unit: f"{amount:f}" for unit, amount in one.amounts.items()},
        **_named_in(session, one.subject, dates),
    }


def _subject(session: Session, subject: str, name: str) -> dict[str, Any]:
    outside = subject.startswith(store.OUTSIDE)
    held = None if outside else session.get_one(Substance, subject)
    return {"subject": subject, "substance": held and held.id, "name": held.name if held else name}


def _term(term: Term, within: Window) -> dict[str, Any]:
    """A figure with the way from it to its points, and the records that it was counted from."""
    return {
        "criterion": term.name.value,
        "aspect": term.criterion.aspect,
        "figure": term.figure,
        "at_least": term.at_least,
        "scale": term.criterion.scale,
        "counted": term.counted,
        "weight": f"{term.criterion.weight:f}",
        "points": None if term.points is None else f"{term.points:f}",
        "counts": list(term.counts),
        "records_in_all": len(term.records),
        "records": [_record(one, within) for one in term.records[:MOST_RECORDS]],
    }


def _record(one: Evidence, within: Window) -> dict[str, Any]:
    """`partly`: it may have happened outside the window."""
    return {
        "source": one.source,
        "key": one.key,
        "href": one.href,
        "kind": one.kind.value,
        "country": one.country,
        "from": one.start.isoformat(),
        "to": one.end.isoformat(),
        "quantity": None if one.quantity is None else f"{one.quantity:f}",
        "unit": one.unit,
        "partly": not within.holds(one),
    }


def _named_in(session: Session, subject: str, dates: Dates) -> dict[str, list[str]]:
    """The provisions that name it on the day, and those of which that is not known. Classes are not
    asked, nor is anything of what the register does not hold."""
    if subject.startswith(store.OUTSIDE):
        return {"named_in": [], "perhaps_named_in": []}
    held = listings.in_force(session, dates.on, dates.known_at, substance=subject)
    certain = {row.provision for row, holds in held if holds is InForce.YES}
    possible = {row.provision for row, holds in held if holds is InForce.UNKNOWN} - certain
    return {"named_in": sorted(certain), "perhaps_named_in": sorted(possible)}


def _others(
    session: Session, found: Priority, records: list[Evidence], dates: Dates
) -> dict[str, Any]:
    """Who has no place in the order, and why."""
    registered = {one.subject for one in records if not one.subject.startswith(store.OUTSIDE)}
    in_all = store.count_substances(session, dates.known_at)
    return {
        "ranked": len(found.ranked),
        "none_that_counts": [_subject(session, *one) for one in found.unranked[:MOST_RECORDS]],
        "without_evidence": in_all - len(registered),
    }
