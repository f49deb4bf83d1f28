"""Names that may answer, from the database. Which of them do, `ranking` decides.

Each condition means the same on SQLite (FTS5, trigram tokenizer) and on PostgreSQL (LIKE, which
pg_trgm makes quick), so both give the same candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from registry.models import Identifier, Recorded, StructureRecord, Substance, SubstanceName
from registry.search.ranking import SHORTEST, Name
from registry.store.clock import known

LAST = "\U0010ffff"  # sorts after every other character


@dataclass(frozen=True, slots=True)
class Asked:
    """Which names to look among: as known at a moment; of these kinds and languages, or all."""

    known_at: datetime
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def beginning_with(session: Session, key: str, asked: Asked) -> list[Name]:
    """Names whose loose key begins with `key`."""
    column = SubstanceName.loose
    return _names(session, asked, and_(column >= key, column < key + LAST))


def called(session: Session, key: str, asked: Asked) -> list[Name]:
    """Names whose loose key is `key`."""
    return _names(session, asked, SubstanceName.loose == key)


def holding_all(session: Session, words: Sequence[str], asked: Asked) -> list[Name]:
    """Names whose loose key holds each of the words somewhere; short words are not looked for."""
    long = [word for word in words if len(word) >= SHORTEST]
    return _names(session, asked, _holding(session, long, "AND")) if long else []


def holding_any(
    session: Session, parts: Sequence[str], asked: Asked, lengths: tuple[int, int]
) -> list[Name]:
    """Names of such a length whose loose key holds at least one of the parts."""
    if not parts:
        return []
    length = func.length(SubstanceName.loose).between(*lengths)
    return _names(session, asked, and_(length, _holding(session, parts, "OR")))


def numbered(session: Session, kind: str, value: str, asked: Asked) -> list[Name]:
    """The substances of an identifier; of any kind where `kind` is empty."""
    if asked.languages:
        return []
    found = Identifier.value == value
    condition = and_(found, Identifier.kind == kind) if kind else found
    rows = _of(select(Identifier.substance, Identifier.value, Identifier.kind), Identifier, asked)
    return _wanted(session.execute(rows.where(condition)).all(), asked)


def keyed(session: Session, inchikey: str, asked: Asked) -> list[Name]:
    """The substances of an InChIKey."""
    if asked.languages or not inchikey:
        return []
    columns = select(StructureRecord.substance, StructureRecord.inchikey, literal_column("'inchikey'"))
    rows = _of(columns, StructureRecord, asked).where(StructureRecord.inchikey == inchikey)
    return _wanted(session.execute(rows).all(), asked)


def formulas(session: Session, substances: Sequence[str], asked: Asked) -> dict[str, str]:
    """The molecular formula of each substance that has a structure on record."""
    rows = select(StructureRecord.substance, StructureRecord.formula).where(
        StructureRecord.substance.in_(substances), known(StructureRecord, asked.known_at)
    )
    return {row.substance: row.formula for row in session.execute(rows)}


def _holding(session: Session, parts: Sequence[str], joint: str) -> ColumnElement[bool]:
    if session.get_bind().dialect.name != "sqlite":
        each = [SubstanceName.loose.contains(part, autoescape=True) for part in parts]
        return and_(*each) if joint == "AND" else or_(*each)
    match = f" {joint} ".join(f'"{part}"' for part in parts)  # keys hold no quotation mark
    found = select(literal_column("rowid")).select_from(table("name_index"))
    return SubstanceName.id.in_(found.where(sql("name_index MATCH :match").bindparams(match=match)))


def _names(session: Session, asked: Asked, condition: ColumnElement[bool]) -> list[Name]:
    row = SubstanceName
    preferred = Substance.name == row.text
    columns = select(row.substance, row.text, row.kind, row.language, row.script, preferred)
    rows = _of(columns, SubstanceName, asked).where(condition)
    if asked.kinds:
        rows = rows.where(row.kind.in_(asked.kinds))
    if asked.languages:
        rows = rows.where(
            or_(*(or_(row.language == l, row.language.startswith(f"{l}-")) for l in asked.languages))
        )
    return [Name(*found) for found in session.execute(rows)]


def _of(columns: Select, model: type[Recorded], asked: Asked) -> Select:
    owner = Substance.id == model.substance
    registered = Substance.recorded_from <= asked.known_at
    return columns.join(Substance, owner).where(known(model, asked.known_at), registered)


def _wanted(rows: Sequence, asked: Asked) -> list[Name]:
    return [Name(*row) for row in rows if not asked.kinds or row[2] in asked.kinds]
