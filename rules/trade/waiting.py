"""How long a notification has to wait, and what its answer or its silence allows.

What comes out is about the waiting alone. That a notification was due, and that the other papers
are in order, is for the shipment check; `may proceed` is no authorisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rules.deadlines.calendars import Calendar, Place, Undetermined, all_worked, calendar_of
from rules.deadlines.clocks import Instants, begins, days_of
from rules.deadlines.terms import over
from rules.trade.silence import Answer, Period, Reply, SilenceBook, SilenceRule

PROOF = {
    "sent": "the moment at which the notification was sent",
    "delivered": "proof of when the notification reached the importing authority",
    "filed": "the day on which the complete notice was filed with the own authority",
}


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of one notification. Moments in UTC; None: not known, or not happened.

    `filed_at`: complete filing with the exporter's own authority. `no_rules_beyond`: the exporting
    country is known to have no rule of its own on waiting.
    """

    exporter: str
    importer: str
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    filed_at: datetime | None = None
    reply: Reply = ""
    replied_at: datetime | None = None
    no_rules_beyond: bool = False

    def event(self, rule: SilenceRule) -> datetime | None:
        """The moment that sets the rule's clock running."""
        moments = {"sent": self.sent_at, "delivered": self.delivered_at, "filed": self.filed_at}
        return moments[rule.counted_from]

    def law_of(self, now: datetime) -> date:
        """The day whose law is asked: that of sending; of now where nothing is sent yet."""
        return (self.sent_at or self.filed_at or self.delivered_at or now).date()


@dataclass(frozen=True, slots=True)
class Position:
    """Where a notification stands. `by`: when the period is over; None where it cannot be said."""

    answer: Answer
    text: str
    rule: str
    article: str
    by: Instants | None = None
    late: bool = False
    satisfied_by: str = ""
    draft: bool = True


def rule_of(book: SilenceBook, course: Course, on: date) -> SilenceRule | Undetermined:
    """The silence rule of the exporting country on a day, or why none can be named."""
    if book.law_of(course.exporter) == book.law_of(course.importer):
        return Undetermined("both countries are under the same law of precursors: no export")
    for rule in book.rules_of(course.exporter):
        holds = rule.holds(on)
        if holds:
            return rule
        if holds is None:
            return Undetermined(f"{rule.id} was read as of {rule.read_on}, and {on} is before")
    return Undetermined(book.reason_not_found(course.exporter))


def deadline(book: SilenceBook, rule: SilenceRule, course: Course) -> Instants | Undetermined:
    """When the rule's period is over, first and last; or what is missing to say it.

    Days are those of both authorities: where the event fell on two of them, or one's zone is not
    held, the two moments lie apart.
    """
    return _end(book, rule, rule.term, course)


def position(book: SilenceBook, course: Course, now: datetime) -> Position:
    """What the answer, or the silence, allows at a moment.

    An objection stops, whenever it comes and whatever the rule. Without a rule the treaty alone
    would let the export go on; that is answered only where it is known that there is none.
    """
    rule = rule_of(book, course, course.law_of(now))
    if course.reply == "objection":
        return _objected(book, rule, course)
    if isinstance(rule, Undetermined):
        return _without_rule(book, course, rule)
    ends = deadline(book, rule, course)
    if course.reply == "more information":
        return _said(book, rule, "wait", "more information was asked for; that is no silence", ends)
    if course.reply == "no objection" and rule.answers == "importing authority":
        return _said(book, rule, "may proceed", "the importing authority has no objection", ends)
    if isinstance(ends, Undetermined):
        missing = "" if course.event(rule) else PROOF[rule.counted_from]
        return _said(book, rule, "undetermined", ends.reason, ends, missing)
    return _waited(book, rule, course, ends, now)


def _waited(
    book: SilenceBook, rule: SilenceRule, course: Course, ends: Instants, now: datetime
) -> Position:
    term = rule.term.term
    if now < ends.earliest:
        return _said(book, rule, "wait", f"the {term} are not over", ends)
    if now < ends.latest:
        doubt = f"whether the {term} are over depends on days whose kind is not known"
        return _said(book, rule, "undetermined", doubt, ends, f"waiting until {ends.latest}")
    lapse = _end(book, rule, rule.lapses, course) if rule.lapses else None
    if isinstance(lapse, Instants) and now >= lapse.earliest:
        return _said(book, rule, "stop", "the notice has lapsed", ends, "a new notice")
    return _said(book, rule, "may proceed", rule.silence.text, ends)


def _objected(book: SilenceBook, rule: SilenceRule | Undetermined, course: Course) -> Position:
    cure = "withdrawal of the objection by the authority that made it"
    if isinstance(rule, Undetermined):
        text = "there is an objection; it stops until it is settled"
        return Position(
            "stop", text, "UN-1988-12-10-a", book.treaty.cite.title, satisfied_by=cure,
            draft=book.draft,
        )  # fmt: skip
    ends = deadline(book, rule, course)
    replied = course.replied_at
    late = isinstance(ends, Instants) and replied is not None and replied >= ends.earliest
    text = f"objection after the {rule.term.term}: {rule.late_objection}" if late else "objection"
    return _said(book, rule, "stop", text, ends, cure, late=late)


def _without_rule(book: SilenceBook, course: Course, why: Undetermined) -> Position:
    treaty = book.treaty
    if course.no_rules_beyond and course.reply != "more information":
        answer: Answer = "may proceed" if course.sent_at else "wait"
        return Position(answer, treaty.text, "UN-1988-12-10-a", treaty.cite.title, draft=book.draft)
    return Position(
        "undetermined", why.reason, "UN-1988-12-10-a", treaty.cite.title,
        satisfied_by=f"the rule of {course.exporter} on waiting for an answer", draft=book.draft,
    )  # fmt: skip


def _said(
    book: SilenceBook,
    rule: SilenceRule,
    answer: Answer,
    text: str,
    ends: Instants | Undetermined,
    satisfied_by: str = "",
    *,
    late: bool = False,
) -> Position:
    by = ends if isinstance(ends, Instants) else None
    return Position(
        answer, text, rule.id, rule.cite.title, by, late, satisfied_by, draft=book.draft
    )


def _end(
    book: SilenceBook, rule: SilenceRule, period: Period, course: Course
) -> Instants | Undetermined:
    event = course.event(rule)
    if event is None:
        return Undetermined(f"{PROOF[rule.counted_from]} is missing")
    own = rule.answers == "own authority"
    countries = (course.exporter,) if own else (course.exporter, course.importer)
    zones = [book.zone(country) for country in countries]
    worked = _calendar(book, rule, course) if period.term.needs_calendar else None
    if isinstance(worked, Undetermined):
        return worked
    return begins(over(period.term, days_of(event, zones), worked), zones)


def _calendar(book: SilenceBook, rule: SilenceRule, course: Course) -> Calendar | Undetermined:
    """The days counted: those of one authority, or those on which both work."""
    whose = {
        "exporter": (course.exporter,),
        "importer": (course.importer,),
        "both": (course.exporter, course.importer),
    }[rule.calendar]
    found = []
    for country in whose:
        seat = book.places.get(country)
        calendar = calendar_of(Place(country, seat.subdivision if seat else ""))
        if isinstance(calendar, Undetermined):
            return calendar
        found.append(calendar)
    return all_worked(found)
