"""What this register learnt, in the order in which it learnt it.

A record that opens is an addition, or a correction where a record of the same identity was closed
at that moment. A record that closes with none opened in its place is a withdrawal. Nothing is
kept for this: records are never rewritten, so the two ends of each record are the history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, literal, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from registry import models
from registry.models import Bitemporal, Recorded

Moment = InstrumentedAttribute[datetime]
"""A column: when records were opened, or when they were closed."""


class Kind(StrEnum):
    """What a change is about."""

    LISTING = "listing"
    WORDING = "wording"
    NAME = "name"
    IDENTIFIER = "identifier"
    STRUCTURE = "structure"
    CODE = "code"
    TREATY = "treaty"


class Act(StrEnum):
    ADDED = "added"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


MODELS: dict[Kind, type[Recorded]] = {
    Kind.LISTING: models.Listing,
    Kind.WORDING: models.ProvisionVersion,
    Kind.NAME: models.SubstanceName,
    Kind.IDENTIFIER: models.Identifier,
    Kind.STRUCTURE: models.StructureRecord,
    Kind.CODE: models.TariffCode,
    Kind.TREATY: models.TreatyStatus,
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a change stands in the order: its moment, its kind, its record's row number."""

    at: datetime
    kind: Kind
    row: int


@dataclass(frozen=True, slots=True)
class Change:
    """`row` is what is held from then on, or, of a withdrawal, was held until then. `before` is
    what a correction replaced."""

    place: Place
    act: Act
    row: Any
    before: Any = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes: `since` belongs to them, and so does `until`. An empty word asks for all.

    What is not about a substance, a provision or a jurisdiction is left out where one is asked.
    """

    until: datetime
    since: datetime | None = None
    kinds: Collection[Kind] = ()
    jurisdiction: str = ""
    provision: str = ""
    substance: str = ""
    newest_first: bool = False


def page(
    session: Session,
    wanted: Wanted,
    *,
    after: Place | None = None,
    limit: int = 50,
) -> list[Change]:
    """The next `limit` changes after a place.

    Each table is read through an index, and no further than the page needs.
    """
    found: list[Change] = []
    for kind in wanted.kinds or Kind:
        for statement, moment in _statements(kind, wanted):
            ordered = _from(statement, moment, kind, wanted, after).limit(limit)
            found += [_change(kind, moment.key, *row) for row in session.execute(ordered)]
    return sorted(found, key=lambda change: change.place, reverse=wanted.newest_first)[:limit]


def _statements(kind: Kind, wanted: Wanted) -> Iterator[tuple[Select[Any, Any], Moment]]:
    """Records opened, each with what it replaced, and records closed without a successor.

    Records of one identity never overlap: one that began before and reaches the moment at which
    another opens ends there. Asked so, the index of the identity answers.
    """
    model = MODELS[kind]
    about = _about(model, wanted)
    if about is None:
        return
    other = aliased(model)
    same = and_(*(getattr(other, name) == getattr(model, name) for name in model.identity))
    opened: Moment = model.recorded_from
    closed: Moment = model.recorded_to  # type: ignore[assignment]  # compared where it is not null
    replaced = and_(same, other.recorded_from < opened, other.recorded_to >= opened)
    yield select(model, other).outerjoin(other, replaced).where(about), opened
    replacing = exists().where(same, other.recorded_from == closed)
    yield select(model, literal(None)).where(closed.is_not(None), about, ~replacing), closed


def _about(model: Any, wanted: Wanted) -> ColumnElement[bool] | None:
    """The condition that a record is about what is asked; None where none of the kind is.

    A listing that was once of another substance or provision, or became so, belongs to both.
    """
    asked = {name: told for name in ("substance", "provision") if (told := getattr(wanted, name))}
    if any(not hasattr(model, name) for name in asked):
        return None
    conditions = [getattr(model, name) == told for name, told in asked.items()]
    if wanted.jurisdiction:
        inside = _in_jurisdiction(model, wanted.jurisdiction)
        if inside is None:
            return None
        conditions.append(inside)
    if not conditions or not issubclass(model, Bitemporal):
        return and_(true(), *conditions)
    of_it = select(model.key).where(model.recorded_from <= wanted.until, *conditions)
    about: ColumnElement[bool] = model.key.in_(of_it)
    return about


def _in_jurisdiction(model: Any, code: str) -> ColumnElement[bool] | None:
    inside: ColumnElement[bool] | None = None
    if hasattr(model, "party"):
        inside = model.party == code
    elif hasattr(model, "provision"):
        provisions = select(models.Provision.id).where(models.Provision.jurisdiction == code)
        inside = model.provision.in_(provisions)
    return inside


def _from(
    statement: Select[Any, Any], moment: Moment, kind: Kind, wanted: Wanted, after: Place | None
) -> Select[Any, Any]:
    """What comes after a place, in order. Row values are compared, as an index can answer them."""
    within = statement.where(moment <= wanted.until)
    if wanted.since is not None:
        within = within.where(moment >= wanted.since)
    row = MODELS[kind].id
    order = (moment.desc(), row.desc()) if wanted.newest_first else (moment, row)
    return within.where(_beyond(moment, kind, after, wanted.newest_first)).order_by(*order)


def _beyond(
    moment: Moment, kind: Kind, after: Place | None, newest_first: bool
) -> ColumnElement[bool]:
    if after is None:
        return true()
    if kind is after.kind:
        here = tuple_(moment, MODELS[kind].id)
        there = tuple_(literal(after.at, moment.type), literal(after.row))
        return here < there if newest_first else here > there
    if newest_first:
        return moment <= after.at if kind < after.kind else moment < after.at
    return moment >= after.at if kind > after.kind else moment > after.at


def _change(kind: Kind, end: str, row: Any, before: Any) -> Change:
    opened = Act.CORRECTED if before else Act.ADDED
    act = opened if end == "recorded_from" else Act.WITHDRAWN
    return Change(Place(getattr(row, end), kind, row.id), act, row, before)
