"""When a measure made under an option takes effect, when it ends, and how long it can be prolonged.

Pure arithmetic on days that somebody states. A day nobody stated is unknown and never assumed to be
some other day; what comes out is then undetermined and says what is missing. The result is not a finding
that a measure was lawfully made, and says nothing of measures that end early for another reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from registry.errors import InputError
from rules.deadlines.calendars import Calendar, Place, Undetermined, calendar_of
from rules.deadlines.terms import DAY, Span, Term, Unit, over
from rules.options.schema import EVENTS, Event, Option

Bound = Literal["on", "unless stated", "not before", "not after"]
BOUNDS: dict[str, Bound] = {
    "fixed": "on",
    "default": "unless stated",
    "earliest": "not before",
    "latest": "not after",
}


@dataclass(frozen=True, slots=True)
class Events:
    """The days that are known of a measure; None is unknown. `stated`: the day of effect that it
    names itself; `ends`: the first day on which, by its own words and before it is prolonged, it no
    longer holds."""

    announced: date | None = None
    decided: date | None = None
    published: date | None = None
    communicated: date | None = None
    received: date | None = None
    entered: date | None = None
    stated: date | None = None
    ends: date | None = None

    def day(self, event: Event) -> date | None:
        found: date | None = getattr(self, event)
        return found


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One day of a measure's course.

    `days`: the first and the last day it may be; None where it is undetermined. `bound`: whether it
    is that day, that day unless the measure names another, or one not before or not after it.
    `missing`: what would have to be known. `never`: there is no such day, since the measure is
    permanent or cannot be prolonged.
    """

    reason: str
    days: Span | None = None
    bound: Bound = "on"
    missing: tuple[str, ...] = ()
    never: bool = False

    @property
    def day(self) -> date | None:
        """The day itself; None where it is not certain, or only bounded."""
        if self.days is None or self.bound != "on" or self.days.earliest != self.days.latest:
            return None
        return self.days.earliest


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of a measure. `expires` and `extendable_to` are first days without it."""

    takes_effect: Reckoned
    expires: Reckoned
    extendable_to: Reckoned


def effect(option: Option, events: Events, extended: int = 0) -> Course:
    """The course of a measure made under an option, by the days known of it.

    `extended`: how many times it was prolonged already. Days are those of the authority's place.
    Raises InputError where it was prolonged more often than the law allows.
    """
    _check(option, extended)
    starts = _starts(option, events)
    plain = _expires(option, events, starts)
    expires = _prolonged(option, plain, extended) if extended else plain
    return Course(starts, expires, _extendable(option, plain))


def _starts(option: Option, events: Events) -> Reckoned:
    rule = option.starts
    if rule.how == "none":
        return Reckoned(rule.text, never=True)
    if rule.event is None:
        return _open(rule.unknown, "effect date rule", events.stated)
    event = events.day(rule.event)
    counted = _counted(option, event) if event else None
    if isinstance(counted, Undetermined):
        return Reckoned(counted.reason, missing=("calendar",))
    if rule.how != "fixed" and events.stated:
        return _named(option, events.stated, counted)
    missing = () if counted else (EVENTS[rule.event],)
    named = () if rule.how == "fixed" else (EVENTS["stated"],)
    return Reckoned(rule.text, counted, BOUNDS[rule.how], (*missing, *named))


def _open(unknown: str, what: str, stated: date | None = None) -> Reckoned:
    """A rule that is not known; the day that a measure names is then all there is to go by."""
    if stated:
        return Reckoned("the day that the measure names", Span(stated, stated))
    return Reckoned(f"not known: {unknown}", missing=(what,))


def _named(option: Option, stated: date, bound: Span | None) -> Reckoned:
    """The day a measure names, held against the day before or after which it may not be."""
    early = option.starts.how == "earliest" and bound and stated < bound.earliest
    late = option.starts.how == "latest" and bound and stated > bound.latest
    if bound and (early or late):
        limit = f"not before {bound.earliest}" if early else f"not after {bound.latest}"
        return Reckoned(
            f"the measure names {stated}, and the law allows a day {limit}",
            missing=("which of the two days holds",),
        )
    return Reckoned("the day that the measure names", Span(stated, stated))


def _counted(option: Option, event: date) -> Span | Undetermined:
    """The day on which the count from an event is full; the event itself is not counted."""
    span, term = Span(event, event), option.starts.term
    if term is None:
        return span
    worked: Calendar | Undetermined | None = None
    if term.needs_calendar:
        worked = calendar_of(Place(option.jurisdiction))
    if isinstance(worked, Undetermined):
        return worked
    full = over(term, span, worked)
    return Span(full.earliest - DAY, full.latest - DAY)


def _expires(option: Option, events: Events, starts: Reckoned) -> Reckoned:
    """The end of a measure that nobody prolonged."""
    lasts = option.duration
    if lasts.unknown:
        return _open(lasts.unknown, "duration")
    if lasts.months is None:
        return Reckoned(lasts.text, never=True)
    if events.ends:
        return Reckoned("the end that the measure names", Span(events.ends, events.ends))
    began = _begun(option, events, starts)
    if began.days is None:
        return Reckoned(lasts.text, missing=began.missing)
    ends = (*began.missing, "the end that the measure names") if lasts.at_most else began.missing
    if lasts.at_most and began.bound not in ("on", "not after"):
        return Reckoned(lasts.text, missing=ends)
    term = Term(lasts.months, Unit.MONTHS, lasts.first_day_counts)
    days = over(term, began.days, None)
    return Reckoned(lasts.text, days, "not after" if lasts.at_most else began.bound, ends)


def _begun(option: Option, events: Events, starts: Reckoned) -> Reckoned:
    """From when the months run."""
    source = option.duration.counts_from
    if source == "effect":
        return starts
    day = events.day(source)
    if day is None:
        return Reckoned("", missing=(EVENTS[source],))
    return Reckoned("", Span(day, day))


def _extendable(option: Option, plain: Reckoned) -> Reckoned:
    renewal = option.renewal
    if renewal.unknown:
        return _open(renewal.unknown, "renewal")
    if renewal.how != "extension" or plain.never:
        return Reckoned(renewal.text, never=True)
    if renewal.times is None:
        return Reckoned(f"{renewal.text}; the law sets no last day", never=True)
    return _prolonged(option, plain, renewal.times)


def _prolonged(option: Option, plain: Reckoned, times: int) -> Reckoned:
    """The latest end after so many extensions, each of which may be shorter than the law allows."""
    renewal = option.renewal
    if plain.days is None or plain.bound not in ("on", "not after"):
        return Reckoned(renewal.text, missing=plain.missing)
    term = Term(times * (renewal.months or 0), Unit.MONTHS, first_day_counts=True)
    days = over(term, plain.days, None)
    return Reckoned(renewal.text, days, "not after", ("the end that the extension names",))


def _check(option: Option, extended: int) -> None:
    renewal = option.renewal
    if extended < 0:
        raise InputError(f"a measure cannot be extended `{extended}` times")
    if extended and renewal.how != "extension":
        raise InputError(f"a measure under `{option.id}` cannot be extended")
    if renewal.times is not None and extended > renewal.times:
        raise InputError(f"a measure under `{option.id}` is extended {renewal.times} times at most")
