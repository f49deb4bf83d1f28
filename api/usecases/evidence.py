"""Evidence: what sources report of substances, recorded, corrected, and listed.

Whatever is handed in is recorded whole or not at all. Handed in again it changes nothing; where it
says something else it is a correction, which has to be asked for and keeps what was said before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from api.access.acts import Act
from api.access.allow import Actor, allow
from api.engine import Engine
from api.usecases.dates import Dates
from api.usecases.evidence_report import LONGEST, EvidenceRefused, Fault, New, check
from api.usecases.evidence_subject import Subject, subjects
from api.usecases.substances import named
from registry.models import EvidenceRecord, Substance
from registry.store import audit, history, substances
from registry.store import evidence as store
from registry.store.evidence import Wanted
from registry.store.session import reading, writing

Sessions = sessionmaker[Session]
# What is the same whoever records it, and for whatever reason.
_WHO_AND_WHY = ("recorded_by", "reason")
OTHERWISE = "of this source is on record and says something else; say why to correct it"


@dataclass(frozen=True, slots=True)
class Done:
    """How many records are new, were on record already, and correct an earlier one."""

    recorded: int = 0
    unchanged: int = 0
    corrected: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """`after` continues the list; empty at its end."""

    items: tuple[dict[str, Any], ...]
    after: str = ""


def record(
    engine: Engine, given: Iterable[New], *, actor: Actor, now: datetime, correction: str = ""
) -> Done:
    """Put reports on record, all or none. `correction` says why what is on record was wrong.

    Raises Denied, and EvidenceRefused with every fault there is.
    """
    allow(actor, Act.EVIDENCE_RECORD)
    if len(correction) > LONGEST["note"] or not correction.isprintable():
        raise EvidenceRefused([Fault(0, "correction", "is not up to 2000 printable characters")])
    reports = tuple(given)
    check(reports, now.date())
    meant = subjects(engine, reports, now)
    rows = [
        (one.line, _row(one, subject, actor, now, correction))
        for one, subject in zip(reports, meant, strict=True)
    ]
    with writing(engine.sessions) as session:
        counts = _write(session, rows, now, correction)
        done = Done(counts["recorded"], counts["unchanged"], counts["corrected"])
        if done.recorded or done.corrected:
            _put_on_record(session, rows, done, actor, now, correction)
    return done


def listed(
    sessions: Sessions,
    wanted: Wanted,
    dates: Dates,
    *,
    actor: Actor,
    after: str = "",
    limit: int = 50,
) -> Page:
    """Records in the order in which they were recorded, page by page.

    `wanted.subject` may be any name of a substance. Raises Denied, NotFound, AmbiguousName.
    """
    allow(actor, Act.EVIDENCE_READ)
    with reading(sessions) as session:
        wanted = _found(session, wanted, dates)
        rows = store.page(session, wanted, dates.known_at, after=int(after or 0), limit=limit + 1)
        items = tuple(shown(session, row) for row in rows[:limit])
    return Page(items, str(items[-1]["id"]) if len(rows) > limit else "")


def history_of(
    sessions: Sessions, source: str, key: str, dates: Dates, *, actor: Actor
) -> list[dict[str, Any]]:
    """One record with what it was before it was corrected, the earliest first. Raises Denied."""
    allow(actor, Act.EVIDENCE_READ)
    with reading(sessions) as session:
        rows = store.history_of(session, source, key, dates.known_at)
        return [shown(session, row) for row in rows]


def shown(session: Session, row: EvidenceRecord) -> dict[str, Any]:
    """A record as it is told."""
    substance = session.get_one(Substance, row.substance) if row.substance else None
    own = ("id", "source", "key", "kind", "href", "name", "structure", "inchikey", "country")
    rest = ("unit", "note", "recorded_by", "reason")
    return {
        **{name: getattr(row, name) for name in (*own, *rest)},
        "subject": store.subject_of(row),
        "substance": row.substance,
        "substance_name": substance.name if substance else "",
        "from": row.happened_from.isoformat(),
        "to": row.happened_to.isoformat(),
        "quantity": None if row.quantity is None else f"{row.quantity:f}",
        "recorded_from": row.recorded_from.isoformat(),
        "recorded_to": row.recorded_to and row.recorded_to.isoformat(),
    }


def _found(session: Session, wanted: Wanted, dates: Dates) -> Wanted:
    """The same with the substance by its identifier, and what was recorded by its structure."""
    if not wanted.subject or wanted.subject.startswith(store.OUTSIDE):
        return wanted
    row = named(session, wanted.subject, dates.known_at)
    structure = substances.structure(session, row.id, dates.known_at)
    return replace(wanted, subject=row.id, inchikey=structure.inchikey if structure else "")


def _row(one: New, meant: Subject, actor: Actor, now: datetime, reason: str) -> EvidenceRecord:
    return EvidenceRecord(
        source=one.source,
        key=one.key,
        kind=one.kind.value,
        substance=meant.substance,
        name=one.name,
        structure=one.structure,
        inchikey=meant.inchikey,
        country=one.country,
        happened_from=one.start,
        happened_to=one.end,
        quantity=one.quantity,
        unit=one.unit,
        href=one.href,
        note=one.note,
        recorded_by=actor.id,
        reason=reason,
        recorded_from=now,
    )


def _write(
    session: Session,
    rows: Sequence[tuple[int, EvidenceRecord]],
    now: datetime,
    correction: str,
) -> Counter[str]:
    before = _standing(session, rows)
    counts: Counter[str] = Counter()
    faults: list[Fault] = []
    fresh: list[EvidenceRecord] = []
    for line, row in rows:
        old = before.get((row.source, row.key))
        if old is None:
            counts["recorded"] += 1
            row.reason = ""
            fresh.append(row)
        elif _says(old) == _says(row):
            counts["unchanged"] += 1
        elif correction:
            counts["corrected"] += 1
            history.close(session, old, now)
            fresh.append(row)
        else:
            faults.append(Fault(line, "key", f"`{row.key}` {OTHERWISE}"))
    if faults:
        raise EvidenceRefused(faults)
    _insert(session, fresh)
    return counts


def _standing(
    session: Session, rows: Sequence[tuple[int, EvidenceRecord]]
) -> dict[tuple[str, str], EvidenceRecord]:
    keys: dict[str, set[str]] = defaultdict(set)
    for _, row in rows:
        keys[row.source].add(row.key)
    found: dict[tuple[str, str], EvidenceRecord] = {}
    for source, wanted in keys.items():
        found |= store.standing(session, source, wanted)
    return found


def _insert(session: Session, fresh: Sequence[EvidenceRecord]) -> None:
    """Two may record one report at once and both find it new; the database lets one have it."""
    session.add_all(fresh)
    try:
        session.flush()
    except IntegrityError:
        fault = Fault(0, "key", "somebody else has recorded some of these meanwhile; try again")
        raise EvidenceRefused([fault]) from None


def _says(row: EvidenceRecord) -> dict[str, Any]:
    """What a record states, whoever recorded it. 1.50 kg is 1.5 kg, and a structure says the same
    whether or not the register has come to hold it."""
    left_out = {*_WHO_AND_WHY, *(("substance",) if row.structure else ())}
    return {name: value for name, value in history.says(row).items() if name not in left_out}


def _put_on_record(
    session: Session,
    rows: Sequence[tuple[int, EvidenceRecord]],
    done: Done,
    actor: Actor,
    now: datetime,
    correction: str,
) -> None:
    sources = sorted({row.source for _, row in rows})
    audit.record(
        session,
        at=now,
        actor=actor.id,
        action="evidence:corrected" if done.corrected else "evidence:recorded",
        subject=sources[0],
        payload={
            "sources": sources,
            "recorded": done.recorded,
            "corrected": done.corrected,
            "reason": correction,
        },
    )
