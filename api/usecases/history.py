"""A substance's records through time, and where each fact about it was read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from api.engine import Engine
from api.usecases.dates import Dates
from api.usecases.statements import Plain, about, changed, cited, moment, stated
from api.usecases.substances import named
from registry.models import Disagreement, Substance
from registry.spelling import fold
from registry.store import records, sources, substances
from registry.store.changes import Act, Kind
from registry.store.history import identity_of
from registry.store.records import OF_SUBSTANCE
from registry.store.session import reading


def history(engine: Engine, substance: str, dates: Dates) -> Plain:
    """Every record of the substance of this identifier, closed ones too. Raises NotFound."""
    with reading(engine.sessions) as session:
        return _history(session, substances.get(session, substance, dates.known_at), dates)


def provenance(engine: Engine, substance: str, dates: Dates) -> Plain:
    """Each fact held of the substance of this identifier, with its source. Raises NotFound."""
    with reading(engine.sessions) as session:
        return _sources(session, substances.get(session, substance, dates.known_at), dates)


def look_up(engine: Engine, asked: str, dates: Dates, parts: Collection[str]) -> Plain:
    """`history` and `sources` of a substance by any name. Raises NotFound, AmbiguousName."""
    told = {"history": _history, "sources": _sources}
    with reading(engine.sessions) as session:
        row = named(session, asked, dates.known_at)
        return {part: told[part](session, row, dates) for part in told if part in parts}


def _history(session: Session, row: Substance, dates: Dates) -> Plain:
    known_at = dates.known_at
    found = {kind: records.of_substance(session, kind, row.id, known_at) for kind in OF_SUBSTANCE}
    cites = cited(session, [one for rows in found.values() for one in rows])
    entries = [
        entry | {"source": cites[source]}
        for kind, rows in found.items()
        for entry, source in _entries(kind, rows, dates)
    ]
    return {**_head(row, dates), "since": moment(row.recorded_from), "records": entries}


def _head(row: Substance, dates: Dates) -> Plain:
    on, known_at = dates.on.isoformat(), dates.known_text
    return {"id": row.id, "name": row.name, "on": on, "known_at": known_at}


def _entries(kind: Kind, rows: Sequence[Any], dates: Dates) -> Iterator[tuple[Plain, str | None]]:
    """The records of one thing follow each other, oldest first."""
    ordered = sorted(rows, key=lambda row: (identity_of(row), row.recorded_from))
    for _, same in groupby(ordered, identity_of):
        before: Any = None
        for row, after in _with_next(list(same)):
            replaced = before if before and before.recorded_to == row.recorded_from else None
            yield _entry(kind, row, replaced, after, dates), row.source
            before = row


def _with_next(rows: list[Any]) -> Iterator[tuple[Any, Any]]:
    return zip(rows, [*rows[1:], None], strict=True)


def _entry(kind: Kind, row: Any, replaced: Any, after: Any, dates: Dates) -> Plain:
    """`ended` says how a record came to its end, as far as was known at the moment asked."""
    until = row.recorded_to if _ended(row, dates.known_at) else None
    ended = None
    if until is not None:
        ended = Act.CORRECTED if after and after.recorded_from == until else Act.WITHDRAWN
    return {
        "kind": kind.value,
        "about": about(kind, row),
        "act": (Act.CORRECTED if replaced else Act.ADDED).value,
        "recorded_from": moment(row.recorded_from),
        "recorded_to": until and moment(until),
        "ended": ended and ended.value,
        "standing": row.valid.standing(dates.on).value if hasattr(row, "valid") else None,
        "says": stated(row),
        "changed": changed(replaced, row) if replaced else {},
    }


def _ended(row: Any, known_at: datetime) -> bool:
    return row.recorded_to is not None and row.recorded_to <= known_at


def _sources(session: Session, row: Substance, dates: Dates) -> Plain:
    known_at = dates.known_at
    facts = [
        (kind, one)
        for kind in OF_SUBSTANCE
        for one in records.of_substance(session, kind, row.id, known_at)
        if one.recorded.known(known_at) and one.substance == row.id
    ]
    subjects = {subject for kind, one in facts for subject, _ in _disputable(kind, one)}
    differing = sources.disagreements(session, known_at, subjects=subjects | {row.id})
    cites = cited(session, [one for _, one in facts])
    told = [_fact(kind, one, differing) | {"source": cites[one.source]} for kind, one in facts]
    every = [_conflict(one) for one in differing]
    return {**_head(row, dates), "facts": told, "conflicts": every}


def _fact(kind: Kind, row: Any, differing: Sequence[Disagreement]) -> Plain:
    disputable = _disputable(kind, row)
    conflicts = [one for one in differing if (one.subject, one.field) in disputable]
    if kind is Kind.LISTING:
        conflicts += [one for one in differing if _of_provision(one, row)]
    return {
        "kind": kind.value,
        "about": about(kind, row),
        "says": stated(row),
        "since": moment(row.recorded_from),
        "verification": getattr(row, "verification", ""),
        "basis": getattr(row, "basis", ""),
        "conflicts": [_conflict(one) for one in conflicts],
    }


def _disputable(kind: Kind, row: Any) -> set[tuple[str, str]]:
    """Under which subject and field a disagreement about this fact would be on record."""
    if kind is Kind.STRUCTURE:
        return {(row.substance, "structure")}
    if kind is Kind.IDENTIFIER:
        return {(row.substance, row.kind), (f"{row.kind} {row.value}", "substance")}
    if kind is Kind.NAME:
        return {(f"name {row.folded}", "substance")}
    return {(f"name {fold(row.name)}", "substance")} if kind is Kind.LISTING else set()


def _of_provision(one: Disagreement, listing: Any) -> bool:
    """Sources put the substance into different provisions of which one alone can be right."""
    same = one.subject == listing.substance and one.field.startswith("provision of ")
    return same and listing.provision in one.values


def _conflict(one: Disagreement) -> Plain:
    said = zip(one.values, one.sources, strict=True)
    return {
        "subject": one.subject,
        "field": one.field,
        "said": [{"value": value, "by": by} for value, by in said],
        "note": one.note,
    }
