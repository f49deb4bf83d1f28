"""Conditions on the two clocks, for every query that asks as of a moment."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_

from registry.facts import Standing
from registry.models import Bitemporal, Recorded


def known(model: type[Recorded], at: datetime) -> ColumnElement[bool]:
    """The register held the record to be so at this moment."""
    until = model.recorded_to
    return and_(model.recorded_from <= at, or_(until.is_(None), until > at))


def may_hold(model: type[Bitemporal], on: date) -> ColumnElement[bool]:
    """Everything but a certain no: what holds on the date, and what may hold."""
    return and_(
        or_(model.valid_to.is_(None), model.valid_to > on),
        or_(
            model.valid_from <= on,
            model.valid_earliest <= on,
            model.valid_earliest.is_(None),
        ),
    )


def stands(model: type[Bitemporal], standing: Standing, on: date) -> ColumnElement[bool]:
    """`Period.standing` as a condition."""
    if standing is Standing.ENDED:
        return model.valid_to <= on
    going = or_(model.valid_to.is_(None), model.valid_to > on)
    if standing is Standing.IN_FORCE:
        return and_(going, model.valid_from <= on)
    if standing is Standing.ANNOUNCED:
        return and_(going, model.valid_earliest > on)
    return and_(
        going,
        or_(model.valid_from.is_(None), model.valid_from > on),
        or_(model.valid_earliest.is_(None), model.valid_earliest <= on),
    )
