"""A case as the judge sees it: what was recorded of it, and what of that stands.

Entries are only ever added. A later entry may correct an earlier one or take it back; the earlier
one then no longer stands, whatever the order in which they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from registry.facts import CaseEntryKind as EntryKind
from registry.facts import InForce, Period
from rules.deadlines.terms import Span

NEVER, ALWAYS = date.max, date.min
ANY_DAY = Span(ALWAYS, NEVER)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing recorded. `days`: between which days it happened. `until`: the first day on which
    the measure no longer holds, where its document says so. `corrects`: the entry it stands for."""

    number: int
    kind: EntryKind
    step: str = ""
    days: Span = ANY_DAY
    jurisdiction: str = ""
    until: date | None = None
    corrects: int | None = None
    recorded: datetime | None = None


@dataclass(frozen=True)
class Case:
    """What is followed, for whom, and what is on record. `bound`: when each jurisdiction is bound by
    what the procedure rests on; one that is not in it is unknown."""

    procedure: str
    jurisdictions: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    bound: Mapping[str, Period] = field(default_factory=dict)

    @cached_property
    def followed(self) -> tuple[str, ...]:
        """Every jurisdiction of the case, sorted, each once."""
        added = {one.jurisdiction for one in self._of(EntryKind.FOLLOW)}
        return tuple(sorted({*self.jurisdictions, *added}))

    @cached_property
    def steps(self) -> tuple[Entry, ...]:
        """The steps that stand, in order of their days and not of their recording."""
        return tuple(sorted(self._of(EntryKind.STEP), key=_order))

    @property
    def closed(self) -> bool:
        return bool(self._of(EntryKind.CLOSE))

    def _of(self, kind: EntryKind) -> list[Entry]:
        return [one for one in standing(self.entries) if one.kind is kind]


def standing(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that no later one corrects or takes back."""
    given = tuple(entries)
    replaced = {one.corrects for one in given}
    return tuple(one for one in given if one.number not in replaced)


def known_by(entries: Iterable[Entry], at: datetime) -> tuple[Entry, ...]:
    """The entries that had been recorded by a moment."""
    return tuple(one for one in entries if one.recorded is not None and one.recorded <= at)


def when(
    on: date | None, not_before: date | None, not_after: date | None, recorded: datetime
) -> Span:
    """Between which days something happened. Of what is recorded as done on an unknown day, only
    that it was not done after the day of recording."""
    if on is not None:
        return Span(on, on)
    return Span(not_before or ALWAYS, not_after or recorded.date())


def occurred(days: Span | None, on: date) -> InForce:
    """Whether something had happened by the end of a day."""
    if days is None or days.earliest > on:
        return InForce.NO
    return InForce.YES if days.latest <= on else InForce.UNKNOWN


def _order(entry: Entry) -> tuple[object, ...]:
    days = entry.days
    return days.earliest, days.latest, entry.step, entry.jurisdiction, entry.until or NEVER
