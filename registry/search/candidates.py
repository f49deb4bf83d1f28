"""Names that may answer, from the database. Which of them do, `ranking` decides.

Each condition means the same on SQLite (FTS5, trigram tokenizer) and on PostgreSQL (LIKE, which
pg_trgm makes quick), so both give the same candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Select, and_, column, func, literal, or_, select
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
    columns = select(Identifier.substance, Identifier.value, Identifier.kind)
    rows = columns.join(Substance, Substance.id == Identifier.substance).where(
        Identifier.value == value, *_known(Identifier, asked)
    )
    if kind:
        rows = rows.where(Identifier.kind == kind)
    return _numbers(session, rows, asked)


def keyed(session: Session, inchikey: str, asked: Asked) -> list[Name]:
    """The substances of an InChIKey."""
    structure = StructureRecord
    columns = select(structure.substance, structure.inchikey, literal("inchikey"))
    rows = columns.join(Substance, Substance.id == structure.substance).where(
        structure.inchikey == inchikey, *_known(structure, asked)
    )
    return _numbers(session, rows, asked)


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
    index = sql("SELECT rowid FROM name_index WHERE name_index MATCH :match")
    return SubstanceName.id.in_(index.bindparams(match=match).columns(column("rowid", Integer)))


def _names(session: Session, asked: Asked, condition: ColumnElement[bool]) -> list[Name]:
    row = SubstanceName
    preferred = Substance.name == row.text
    columns = select(row.substance, row.text, row.kind, row.language, row.script, preferred)
    rows = columns.join(Substance, Substance.id == row.substance).where(
        condition, *_known(row, asked)
    )
    if asked.kinds:
        rows = rows.where(row.kind.in_(asked.kinds))
    if asked.languages:
        rows = rows.where(or_(*(_in_language(each) for each in asked.languages)))
    return list(map(Name._make, session.execute(rows)))


def _in_language(tag: str) -> ColumnElement[bool]:
    """Of this language, whatever the script or country: `zh` also takes `zh-Hant`."""
    language = SubstanceName.language
    return or_(language == tag, language.startswith(f"{tag}-", autoescape=True))


def _known(model: type[Recorded], asked: Asked) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return known(model, asked.known_at), Substance.recorded_from <= asked.known_at


def _numbers(session: Session, rows: Select[str, str, str], asked: Asked) -> list[Name]:
    """A number is of no language, and of the kinds asked only where its own is one of them."""
    if asked.languages:
        return []
    found = [Name(*row) for row in session.execute(rows)]
    return [name for name in found if not asked.kinds or name.kind in asked.kinds]


def indexed(session: Session) -> bool:
    """Whether the parts of names have an index; without it every name is read each time."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(sql("SELECT to_regclass('name_index') IS NOT NULL")))
