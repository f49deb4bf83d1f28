"""A case as the judge sees it, with what the register itself shows, and as it is shown to a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.engine import Engine
from api.usecases.dates import Dates
from registry.facts import CaseEntryKind as Kind
from registry.facts import Facts, Listing, Period
from registry.models import CaseEntry, CaseFile, CaseSubject
from rules.deadlines.terms import Span
from rules.load import RuleSet
from rules.pipeline.case import ALWAYS, NEVER, Case, Entry, known_by, standing, when
from rules.pipeline.clocks import Due
from rules.pipeline.listed import Lists, carries_out, days_of, first_of, lists_of, since
from rules.pipeline.position import Attention, Position, position
from rules.pipeline.procedure import Procedure, Step, bound, procedure, shipped_period

SILENCE = (
    "that nothing is on record does not show that nothing was done: the law may have been changed "
    "without an entry here, and a definition may reach a substance that no list names"
)
TRANSPOSED = "transposed"


@dataclass(frozen=True, slots=True)
class Ground:
    """What the register holds at a moment: who is bound by what, and the lists in force."""

    facts: Facts
    lists: Lists

    def bound_by(self, binds: str, jurisdiction: str) -> Period:
        """When a jurisdiction is bound: as the register holds it, else as it ships."""
        for one in self.facts.treaties:
            if (one.treaty, one.party) == (binds, jurisdiction):
                return one.valid
        return shipped_period(binds, jurisdiction)

    def listing(
        self, substances: Sequence[str], jurisdiction: str, treaty: str, on: date
    ) -> Listing | None:
        """The listing with which all of the substances were listed; None where one is not."""
        firsts = [
            first_of([one for one in found if carries_out(one, treaty)], on)
            for found in (self.lists.of(jurisdiction, key) for key in substances)
        ]
        found = [one for one in firsts if one is not None]
        if not found or len(found) < len(firsts):
            return None
        return max(found, key=lambda one: (days_of(one).latest, days_of(one).earliest))


def ground_of(engine: Engine, known_at: datetime) -> Ground:
    facts = engine.facts(known_at)
    return Ground(facts, lists_of(facts, controlling(engine.law), under(engine.law)))


def controlling(law: RuleSet) -> frozenset[str]:
    """The provisions that control what they name, surveillance lists left out."""
    return frozenset(key for key, one in law.provisions.items() if one.control == "controlled")


def under(law: RuleSet) -> dict[str, tuple[str, ...]]:
    return {code: covered.under for code, covered in law.coverage.jurisdictions.items()}


def entries_of(rows: Iterable[CaseEntry], known_at: datetime | None = None) -> tuple[Entry, ...]:
    """The entries as the judge takes them: those known at a moment, or all."""
    made = tuple(
        Entry(
            row.number,
            Kind(row.kind),
            row.step,
            _days(row),
            row.jurisdiction,
            row.until,
            row.corrects,
            row.at,
        )
        for row in rows
    )
    return made if known_at is None else known_by(made, known_at)


def _days(row: CaseEntry) -> Span:
    exact = row.not_before if row.not_before == row.not_after else None
    return when(exact, row.not_before, row.not_after, row.at)


def bare(rows: Iterable[CaseEntry], codes: Iterable[str] = ()) -> Case:
    """A case by its entries alone, for what does not depend on who is bound."""
    return Case("", tuple(codes), entries_of(rows))


def case_of(
    row: CaseFile,
    subjects: Sequence[CaseSubject],
    rows: Iterable[CaseEntry],
    ground: Ground,
    dates: Dates,
) -> tuple[Case, dict[str, Listing]]:
    """The case with what the register shows of it: by jurisdiction, the listing taken as its national
    law where no entry says when that was."""
    rule = procedure(row.procedure)
    case = Case(rule.id, tuple(row.jurisdictions), entries_of(rows, dates.known_at))
    shown = dict(_listings(rule, case, subjects, ground, dates.on))
    taken = tuple(
        Entry(0, Kind.STEP, TRANSPOSED, days_of(one), code) for code, one in shown.items()
    )
    periods = {code: ground.bound_by(rule.binds, code) for code in case.followed if rule.binds}
    return Case(rule.id, case.jurisdictions, (*case.entries, *taken), periods), shown


def _listings(
    rule: Procedure, case: Case, subjects: Sequence[CaseSubject], ground: Ground, on: date
) -> Iterator[tuple[str, Listing]]:
    """The register's own listings, where all substances are on record and the case says nothing."""
    keys = [one.substance for one in subjects if one.substance]
    if not rule.binds or len(keys) < len(subjects):
        return
    said = {one.jurisdiction for one in case.steps if one.step == TRANSPOSED}
    for code in case.followed:
        found = None if code in said else ground.listing(keys, code, rule.treaty, on)
        if found is not None:
            yield code, found


def head_shown(
    row: CaseFile,
    subjects: Sequence[CaseSubject],
    rows: Sequence[CaseEntry],
    ground: Ground,
    dates: Dates,
    within: int = 30,
) -> dict[str, Any]:
    """A case in a line: what it is, where it stands, and what needs looking at."""
    case, _ = case_of(row, subjects, rows, ground, dates)
    stand = position(procedure(row.procedure), case, dates.on)
    return {
        **_case(row, subjects, case),
        **_stand(stand),
        "attention": _counted(why for why, _ in stand.attention(within)),
    }


def shown(
    row: CaseFile,
    subjects: Sequence[CaseSubject],
    rows: Sequence[CaseEntry],
    ground: Ground,
    dates: Dates,
    within: int = 30,
) -> dict[str, Any]:
    """A case in full on a day, as it was known at a moment."""
    rule = procedure(row.procedure)
    case, listings = case_of(row, subjects, rows, ground, dates)
    stand = position(rule, case, dates.on)
    why = {id(due): reason for reason, due in stand.attention(within)}
    known = [one for one in rows if one.at <= dates.known_at]
    kept = {one.number for one in standing(entries_of(known))}
    return {
        **_case(row, subjects, case),
        "on": dates.on.isoformat(),
        "known_at": dates.known_text,
        "version": len(known),
        **_stand(stand),
        "next": [step_shown(step) for step in stand.next],
        "dues": [
            {**due_shown(due, listing_of(due, listings)), "attention": why.get(id(due))}
            for due in stand.dues
        ],
        "entries": [_entry(one, one.number in kept) for one in known],
        "steps": [step_shown(step) for step in rule.steps],
        "not_modelled": [one.model_dump() for one in rule.not_modelled],
        "bound_by": rule.binds and {"what": rule.binds, "note": bound().note},
        "caveat": SILENCE,
    }


def item_shown(
    row: CaseFile,
    subjects: Sequence[CaseSubject],
    why: Attention,
    due: Due,
    listing: Listing | None,
) -> dict[str, Any]:
    """One thing that needs looking at, with the case it is of."""
    return {
        "case": row.id,
        "title": row.title,
        "procedure": row.procedure,
        "subjects": [_subject(one) for one in subjects],
        "attention": why.value,
        **due_shown(due, listing),
    }


def listing_of(due: Due, listings: Mapping[str, Listing]) -> Listing | None:
    """The listing taken as national law, for the clock that waits for it."""
    waits = TRANSPOSED in due.clock.ends_with
    return listings.get(due.jurisdiction) if waits else None


def due_shown(due: Due, listing: Listing | None = None) -> dict[str, Any]:
    """A clock with its day, what came of it, and on which citation. `by`: the first day after it, or
    of the effect; `by_latest`: the last day on which that may be, null where none can be named."""
    clock = due.clock
    return {
        "clock": clock.id,
        "kind": clock.kind,
        "jurisdiction": due.jurisdiction,
        "status": due.status.value,
        "by": _day(due.by.earliest if due.by else None),
        "by_latest": _day(due.by.latest if due.by else None),
        "done": _day(due.done.latest if due.done else None),
        "done_by": due.done_by,
        "in_time": due.in_time,
        "listing": listing and _listing(listing),
        "missing": due.missing,
        "notes": list(due.notes),
        "text": clock.text,
        "cite": clock.cite.model_dump(mode="json"),
    }


def step_shown(step: Step) -> dict[str, Any]:
    told = ("id", "title", "who", "what", "each", "dated", "repeats", "ends")
    plain = {name: getattr(step, name) for name in told}
    return {**plain, "cite": step.cite.model_dump(mode="json")}


def _listing(one: Listing) -> dict[str, Any]:
    return {"provision": one.provision, "name": one.name, "text": since(days_of(one))}


def _case(row: CaseFile, subjects: Sequence[CaseSubject], case: Case) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "procedure": row.procedure,
        "procedure_title": procedure(row.procedure).title,
        "jurisdictions": list(case.followed),
        "raised_for": row.raised_for.partition(":")[0],
        "subjects": [_subject(one) for one in subjects],
        "note": row.note,
        "opened_by": row.opened_by,
        "opened_at": row.opened_at.isoformat(),
    }


def _subject(one: CaseSubject) -> dict[str, Any]:
    return {"substance": one.substance, "name": one.name, "structure": one.structure}


def _stand(stand: Position) -> dict[str, Any]:
    return {
        "state": stand.state.value,
        "since": _day(stand.since.latest if stand.since else None),
        "may_be": stand.may_be and stand.may_be.value,
        "closed": stand.closed,
    }


def _entry(row: CaseEntry, kept: bool) -> dict[str, Any]:
    told = ("number", "kind", "step", "jurisdiction", "document", "source", "note", "corrects")
    return {
        **{name: getattr(row, name) for name in told},
        "not_before": _day(row.not_before),
        "not_after": _day(row.not_after),
        "until": _day(row.until),
        "actor": row.actor,
        "recorded_at": row.at.isoformat(),
        "stands": kept,
    }


def _counted(reasons: Iterable[Attention]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for why in reasons:
        counts[why.value] = counts.get(why.value, 0) + 1
    return counts


def _day(day: date | None) -> str | None:
    """A day as text; None where it is not known."""
    return None if day is None or day in (ALWAYS, NEVER) else day.isoformat()
