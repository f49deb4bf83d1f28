"""Substances by identifier, name, number or structure, as known at a moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from registry.errors import AmbiguousName, NotFound
from registry.models import (
    Identifier,
    StructureRecord,
    Substance,
    SubstanceName,
)
from registry.spelling import fold
from registry.store.clock import known


def get(session: Session, substance: str, known_at: datetime) -> Substance:
    found = session.get(Substance, substance)
    if found is None or found.recorded_from > known_at:
        raise NotFound(f"there is no substance `{substance}`")
    return found


def names(session: Session, substance: str, known_at: datetime) -> list[SubstanceName]:
    statement = (
        select(SubstanceName)
        .where(SubstanceName.substance == substance, known(SubstanceName, known_at))
        .order_by(SubstanceName.kind, SubstanceName.language, SubstanceName.text)
    )
    return list(session.scalars(statement))


def identifiers(session: Session, substance: str, known_at: datetime) -> list[Identifier]:
    statement = (
        select(Identifier)
        .where(Identifier.substance == substance, known(Identifier, known_at))
        .order_by(Identifier.kind, Identifier.value)
    )
    return list(session.scalars(statement))


def structure(session: Session, substance: str, known_at: datetime) -> StructureRecord | None:
    """None for a plant, a group, or a structure nobody has read."""
    statement = select(StructureRecord).where(
        StructureRecord.substance == substance, known(StructureRecord, known_at)
    )
    return session.scalars(statement).first()


def by_name(session: Session, name: str, known_at: datetime) -> list[Substance]:
    """Every substance of exactly this name, letter case and width apart."""
    return _with_name(session, known_at, SubstanceName.folded == fold(name))


def by_identifier(session: Session, kind: str, value: str, known_at: datetime) -> list[Substance]:
    """By a CAS number or another identifier; `kind` in lower case."""
    owners = select(Identifier.substance).where(
        Identifier.kind == kind, Identifier.value == value.strip(), known(Identifier, known_at)
    )
    return _owned(session, owners)


def by_structure(
    session: Session, known_at: datetime, *, inchikey: str = "", connectivity: str = ""
) -> list[Substance]:
    """By InChIKey or by connectivity layer. An empty one finds nothing: it is no identity."""
    conditions = [known(StructureRecord, known_at)]
    if inchikey:
        conditions.append(StructureRecord.inchikey == inchikey.strip())
    if connectivity:
        conditions.append(StructureRecord.connectivity == connectivity)
    if len(conditions) == 1:
        return []
    return _owned(session, select(StructureRecord.substance).where(*conditions))


def only(found: list[Substance], asked: str) -> Substance:
    """The one substance found, or an error that says what stands in the way."""
    if not found:
        raise NotFound(f"no substance answers to `{asked}`")
    if len(found) > 1:
        candidates = [substance.id for substance in found]
        listed = ", ".join(f"`{candidate}`" for candidate in candidates)
        raise AmbiguousName(f"`{asked}` is the name of {listed}", candidates)
    return found[0]


def page(
    session: Session, known_at: datetime, *, query: str = "", after: str = "", limit: int = 50
) -> list[Substance]:
    """Substances in order of `id`, those after `after`; with `query`, any name containing it."""
    statement = select(Substance).where(Substance.id > after, Substance.recorded_from <= known_at)
    if query.strip():
        found = SubstanceName.folded.contains(fold(query), autoescape=True)
        owners = select(SubstanceName.substance).where(known(SubstanceName, known_at), found)
        statement = statement.where(Substance.id.in_(owners))
    return list(session.scalars(statement.order_by(Substance.id).limit(limit)))


def _with_name(
    session: Session, known_at: datetime, condition: ColumnElement[bool]
) -> list[Substance]:
    return _owned(
        session, select(SubstanceName.substance).where(known(SubstanceName, known_at), condition)
    )


def _owned(session: Session, owners: Select[str]) -> list[Substance]:
    statement = select(Substance).where(Substance.id.in_(owners)).order_by(Substance.id)
    return list(session.scalars(statement))
