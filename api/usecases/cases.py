"""Cases: opened, added to, corrected, closed, and what of them is due.

Each act is one transaction with its audit event; nothing that was recorded is changed. What is due is
worked out when it is asked, from the entries as they were known, never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.access.acts import Act
from api.access.allow import allow
from api.engine import Engine
from api.usecases.case_requests import (
    CaseIn,
    CaseRefused,
    CloseIn,
    FollowIn,
    StepIn,
    SubjectIn,
    WithdrawalIn,
)
from api.usecases.cases_shown import (
    Ground,
    bare,
    case_of,
    entries_of,
    ground_of,
    head_shown,
    item_shown,
    listing_of,
    shown,
)
from api.usecases.dates import Dates
from api.usecases.substances import named
from api.usecases.trade.acts import By, Done, perform, require_version
from registry.chem.identity import connectivity, stereo
from registry.chem.parse import Format, read_structure
from registry.chem.standardise import standardise
from registry.errors import NotFound
from registry.facts import CaseEntryKind as Kind
from registry.models import CaseEntry, CaseFile, CaseSubject
from registry.models.base import new_id
from registry.store import cases as store
from registry.store import substances
from registry.store.cases import Wanted
from registry.store.session import reading
from rules.pipeline.case import standing
from rules.pipeline.position import Attention, position
from rules.pipeline.procedure import procedure as rule_of

FIRST_DAY = date(1912, 1, 23)  # of the first convention on drugs
AHEAD = timedelta(days=5 * 366)  # how far ahead a document may date a step
MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """`after` continues the list; empty at its end."""

    items: tuple[dict[str, Any], ...]
    after: str = ""


def open_case(engine: Engine, new: CaseIn, by: By) -> dict[str, Any]:
    """A case, with nothing recorded yet. Raises CaseRefused, NotFound, Denied, KeyReused."""
    allow(by.actor, Act.CASE_MANAGE)
    rule = rule_of(new.procedure)
    layers = [_identity(engine, one) for one in new.subjects]

    def work(session: Session) -> Done:
        row = CaseFile(
            id=new_id(),
            title=new.title,
            procedure=rule.id,
            jurisdictions=sorted(set(new.jurisdictions)),
            raised_for="",
            note=new.note,
            opened_by=by.actor.id,
            opened_at=by.now,
        )
        session.add(row)
        session.flush()
        session.add_all(_subjects(session, row, new.subjects, layers, by))
        session.flush()
        told = {"title": new.title, "procedure": rule.id}
        return Done(_shown(engine, session, row, by), row.id, "case:opened", told)

    return perform(engine, by, {"open": new.model_dump(mode="json")}, work)


def record(engine: Engine, case: str, step: StepIn, by: By) -> dict[str, Any]:
    """A step that was done, or, with `corrects`, what an earlier entry should have said.

    Raises CaseRefused, NotFound, VersionConflict, Denied, KeyReused.
    """

    def entry(row: CaseFile, known: list[CaseEntry]) -> CaseEntry:
        _check_step(row, known, step, by)
        return CaseEntry(
            kind=Kind.STEP,
            step=step.step,
            jurisdiction=step.jurisdiction,
            not_before=step.on or step.not_before,
            not_after=step.on or step.not_after,
            until=step.until,
            document=step.document,
            source=step.source,
            note=step.note,
            corrects=step.corrects,
        )

    return _add(engine, case, {"step": step.model_dump(mode="json")}, by, entry)


def withdraw(engine: Engine, case: str, asked: WithdrawalIn, by: By) -> dict[str, Any]:
    """Take an entry back. Raises CaseRefused, NotFound, VersionConflict, Denied, KeyReused."""

    def entry(_: CaseFile, known: list[CaseEntry]) -> CaseEntry:
        _corrected(known, asked.entry)
        return _plain(Kind.WITHDRAWAL, note=asked.reason, corrects=asked.entry)

    return _add(engine, case, {"withdraw": asked.model_dump(mode="json")}, by, entry)


def follow(engine: Engine, case: str, asked: FollowIn, by: By) -> dict[str, Any]:
    """Follow one more jurisdiction. Raises as `record` does."""

    def entry(row: CaseFile, known: list[CaseEntry]) -> CaseEntry:
        _require_open(known)
        if asked.jurisdiction in bare(known, row.jurisdictions).followed:
            raise CaseRefused(f"{asked.jurisdiction} is followed already")
        return _plain(Kind.FOLLOW, note=asked.note, jurisdiction=asked.jurisdiction)

    return _add(engine, case, {"follow": asked.model_dump(mode="json")}, by, entry)


def close(engine: Engine, case: str, asked: CloseIn, by: By) -> dict[str, Any]:
    """End a case, with the reason. Raises as `record` does."""

    def entry(_: CaseFile, known: list[CaseEntry]) -> CaseEntry:
        _require_open(known)
        return _plain(Kind.CLOSE, note=asked.reason)

    return _add(engine, case, {"close": asked.model_dump(mode="json")}, by, entry)


def show(engine: Engine, case: str, dates: Dates) -> dict[str, Any]:
    """A case on a day, as known at a moment, with every entry until then. Raises NotFound."""
    ground = ground_of(engine, dates.known_at)
    with reading(engine.sessions) as session:
        row = store.get(session, case)
        if row.opened_at > dates.known_at:
            raise NotFound(f"there was no case `{case}` at {dates.known_text}")
        entries = store.entries(session, [case])[case]
        subjects = store.subjects(session, [case])[case]
    return shown(row, subjects, entries, ground, dates)


def listed(
    engine: Engine, wanted: Wanted, dates: Dates, *, after: str = "", limit: int = 50
) -> Page:
    """Cases in order of identifier, page by page, each with where it stands."""
    ground = ground_of(engine, dates.known_at)
    with reading(engine.sessions) as session:
        rows = store.page(session, wanted, after=after, limit=limit + 1)
        keys = [row.id for row in rows]
        entries, subjects = store.entries(session, keys), store.subjects(session, keys)
    items = tuple(
        head_shown(row, subjects[row.id], entries[row.id], ground, dates) for row in rows[:limit]
    )
    return Page(items, items[-1]["id"] if len(rows) > limit else "")


@dataclass(frozen=True, slots=True)
class DueWanted:
    """Of which cases and jurisdictions, and for which reasons; what is empty is not asked about."""

    within: int = 30
    attention: tuple[Attention, ...] = ()
    jurisdiction: str = ""
    cases: Wanted = field(default_factory=lambda: Wanted(closed=False))


def due(engine: Engine, wanted: DueWanted, dates: Dates) -> list[dict[str, Any]]:
    """What of all open cases somebody has to look at on a day, the earliest day first.

    Nothing here says that a State has not done what it had to: only that it is not on record.
    """
    ground = ground_of(engine, dates.known_at)
    with reading(engine.sessions) as session:
        rows = store.all_of(session, wanted.cases)
        keys = [row.id for row in rows]
        entries, subjects = store.entries(session, keys), store.subjects(session, keys)
    found = (
        one
        for row in rows
        if row.opened_at <= dates.known_at
        for one in _due(row, subjects[row.id], entries[row.id], ground, wanted, dates)
    )
    return sorted(found, key=lambda one: (one["by"] or "", one["title"], one["jurisdiction"]))


def _due(
    row: CaseFile,
    subjects: list[CaseSubject],
    entries: list[CaseEntry],
    ground: Ground,
    wanted: DueWanted,
    dates: Dates,
) -> Iterator[dict[str, Any]]:
    case, listings = case_of(row, subjects, entries, ground, dates)
    stand = position(rule_of(row.procedure), case, dates.on)
    for why, one in stand.attention(wanted.within):
        if wanted.attention and why not in wanted.attention:
            continue
        if wanted.jurisdiction and one.jurisdiction not in ("", wanted.jurisdiction):
            continue
        yield item_shown(row, subjects, why, one, listing_of(one, listings))


def _add(
    engine: Engine,
    case: str,
    request: dict[str, Any],
    by: By,
    entry: Callable[[CaseFile, list[CaseEntry]], CaseEntry],
) -> dict[str, Any]:
    """One entry more, if the case stands as the caller has seen it."""
    allow(by.actor, Act.CASE_MANAGE)

    def work(session: Session) -> Done:
        row = store.hold(session, case)
        known = store.entries(session, [case])[case]
        require_version(by, len(known))
        if len(known) >= MOST_ENTRIES:
            raise CaseRefused(f"a case has at most {MOST_ENTRIES} entries")
        added = entry(row, known)
        added.case, added.number = row.id, len(known) + 1
        added.actor, added.at = by.actor.id, by.now
        session.add(added)
        session.flush()
        told = {"entry": added.number, "step": added.step, "corrects": added.corrects}
        done = f"case:{_DONE[Kind(added.kind)]}"
        return Done(_shown(engine, session, row, by), row.id, done, told)

    return perform(engine, by, {"case": case, **request}, work)


_DONE = {
    Kind.STEP: "step:recorded",
    Kind.WITHDRAWAL: "entry:withdrawn",
    Kind.FOLLOW: "jurisdiction:followed",
    Kind.CLOSE: "closed",
}


def _plain(
    kind: Kind, *, note: str, jurisdiction: str = "", corrects: int | None = None
) -> CaseEntry:
    return CaseEntry(
        kind=kind, step="", jurisdiction=jurisdiction, not_before=None, not_after=None, until=None,
        document="", source="", note=note, corrects=corrects,
    )  # fmt: skip


def _check_step(row: CaseFile, known: list[CaseEntry], step: StepIn, by: By) -> None:
    """Whether the step is one of the procedure, belongs to somebody followed, and is not there yet."""
    _require_open(known)
    rule = rule_of(row.procedure).step(step.step)
    case = bare(known, row.jurisdictions)
    if step.corrects is not None:
        _corrected(known, step.corrects)
    if rule.each and step.jurisdiction not in case.followed:
        followed = ", ".join(case.followed) or "none"
        raise CaseRefused(
            f"`{step.step}` is done by each jurisdiction: name one that is followed ({followed})"
        )
    if not rule.each and step.jurisdiction:
        raise CaseRefused(f"`{step.step}` is nobody's alone: leave the jurisdiction out")
    if step.until is not None and not rule.dated:
        raise CaseRefused(f"`{step.step}` states no day until which it holds")
    _check_days(step, by)
    for one in case.steps:
        same = (one.step, one.jurisdiction) == (step.step, step.jurisdiction)
        if same and not rule.repeats and one.number != step.corrects:
            raise CaseRefused(f"`{step.step}` is on record as entry {one.number}; correct that one")


def _check_days(step: StepIn, by: By) -> None:
    given = [day for day in (step.on, step.not_before, step.not_after, step.until) if day]
    for day in given:
        if not FIRST_DAY <= day <= by.on + AHEAD:
            raise CaseRefused(f"`{day}` lies outside the days that a case can have")
    began = step.on or step.not_after
    if step.until is not None and began is not None and step.until <= began:
        raise CaseRefused("it cannot end before it begins")


def _corrected(known: list[CaseEntry], number: int) -> CaseEntry:
    """The entry that is to be corrected. Raises CaseRefused where none stands."""
    kept = {one.number for one in standing(entries_of(known))}
    for one in known:
        if one.number == number and number in kept and one.kind != Kind.WITHDRAWAL:
            return one
    raise CaseRefused(f"there is no entry {number} that still stands")


def _require_open(known: list[CaseEntry]) -> None:
    if bare(known).closed:
        raise CaseRefused("the case is closed: take the closing back first")


def _shown(engine: Engine, session: Session, row: CaseFile, by: By) -> dict[str, Any]:
    """How the case stands after the act, as JSON."""
    entries = store.entries(session, [row.id])[row.id]
    subjects = store.subjects(session, [row.id])[row.id]
    return shown(row, subjects, entries, ground_of(engine, by.now), Dates(by.on, by.now))


Layers = tuple[str, str] | None


def _identity(engine: Engine, asked: SubjectIn) -> Layers:
    """What a structure that is given is, read in a worker. Raises InputError, Overrun."""
    if not asked.structure:
        return None
    found: Layers = engine.workers.call(identity, asked.structure)
    return found


def identity(text: str) -> Layers:
    """Runs inside a worker: connectivity and stereochemistry of a single structure."""
    parts = standardise(read_structure(text, Format.AUTO)).active
    return (connectivity(parts[0].mol), stereo(parts[0].mol)) if len(parts) == 1 else None


def _subjects(
    session: Session,
    row: CaseFile,
    asked: tuple[SubjectIn, ...],
    layers: list[Layers],
    by: By,
) -> Iterator[CaseSubject]:
    for number, (one, found) in enumerate(zip(asked, layers, strict=True), 1):
        if one.substance:
            known = named(session, one.substance, by.now)
            key, name = known.id, known.name
        else:
            _require_not_on_record(session, one, found, by)
            key, name = None, one.name
        yield CaseSubject(
            case=row.id, number=number, substance=key, name=name, structure=one.structure
        )


def _require_not_on_record(session: Session, asked: SubjectIn, found: Layers, by: By) -> None:
    """A substance of the register is named by its identifier, so that its law is followed too."""
    same = substances.by_name(session, asked.name, by.now)
    if found is not None:
        near = substances.by_structure(session, by.now, connectivity=found[0])
        held = [(one, substances.structure(session, one.id, by.now)) for one in near]
        same = same + [one for one, structure in held if structure and structure.stereo == found[1]]
    if same:
        raise CaseRefused(f"`{asked.name}` is on record: name it as substance `{same[0].id}`")
