"""What silence means after a pre-export notification: the rules as data, and which one applies.

The treaty fixes no waiting time (1988 art. 12(10)(a)); every rule here is one of a country or of a
union of countries, with its citation, how its period is counted, and examples that run as tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from registry.errors import InputError
from rules.deadlines.clocks import zone_of
from rules.deadlines.terms import Term, Unit
from rules.reading import Part
from rules.schema import Cite
from rules.shipment.rules import Review
from rules.strict_yaml import Document, read, validate

FILE = Path(__file__).parents[1] / "law" / "silence.yaml"

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Reply = Literal["", "no objection", "objection", "more information"]
Answer = Literal["wait", "may proceed", "stop", "undetermined"]
Effect = Literal["goes on", "ground lapses", "may be authorised", "wait is over"]


class Seat(Part):
    """Where an authority sits. `subdivision`: whose holidays count, where the law says so."""

    zone: str
    subdivision: str = ""

    @model_validator(mode="after")
    def _exists(self) -> Seat:
        try:
            zone_of(self.zone)
        except InputError as error:
            raise ValueError(error.message) from None
        return self


class Treaty(Part):
    cite: Cite
    text: str


class NotFoundYet(Part):
    """A country whose rule was looked for and not found, with the reason."""

    country: Country
    reason: str


class Period(Part):
    """How long and counted how; see `rules.deadlines.terms.Term`."""

    length: Annotated[int, Field(ge=1, le=366)]
    unit: Unit
    first_day_counts: bool
    rolls: bool

    @property
    def term(self) -> Term:
        return Term(self.length, self.unit, self.first_day_counts, self.rolls)


class AfterSilence(Part):
    effect: Effect
    text: str


class Open(Part):
    """A point on which readings differ, and how it is read until it is decided."""

    id: str
    text: str
    until_decided: str


class Example(Part):
    """What is known of a notification at a moment, and the answer expected."""

    name: str
    importer: Country
    sender: Country | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    filed_at: datetime | None = None
    reply: Reply = ""
    replied_at: datetime | None = None
    now: datetime
    expect: Answer


class SilenceRule(Part):
    """The rule of one exporting country or union.

    `since`: first day of effect, null where its beginning was not read; it then is known to hold
    from `read_on`, the state of the text. `answers`: whose time it is. `calendar`: whose days are
    counted. `lapses`: how long a notice can be used, counted from the same event.
    """

    id: str
    exporter: Country
    scope: str
    since: date | None
    until: date | None = None
    read_on: date
    cite: Cite
    law: str
    answers: Literal["importing authority", "own authority"]
    counted_from: Literal["sent", "delivered", "filed"]
    term: Period
    calendar: Literal["none", "exporter", "importer", "both"]
    silence: AfterSilence
    objection: Literal["stop"]
    late_objection: str
    lapses: Period | None = None
    open_questions: tuple[Open, ...] = ()
    examples: Annotated[tuple[Example, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _counts(self) -> SilenceRule:
        if self.term.term.needs_calendar is (self.calendar == "none"):
            raise ValueError(
                f"{self.id}: a period of {self.term.term} and calendar `{self.calendar}`"
            )
        if self.lapses is not None and self.lapses.term.needs_calendar:
            raise ValueError(f"{self.id}: a notice lapses by days or months")
        return self

    def holds(self, on: date) -> bool | None:
        """Whether it is in force on a day; None before the state of the text that was read."""
        if self.until is not None and on >= self.until:
            return False
        if self.since is not None:
            return on >= self.since
        return True if on >= self.read_on else None


class SilenceBook(Part):
    """The whole file."""

    kind: Literal["silence"]
    as_of: date
    treaty: Treaty
    review: Review
    places: dict[Country, Seat]
    unions: dict[Country, tuple[Country, ...]]
    not_found: tuple[NotFoundYet, ...] = ()
    rules: tuple[SilenceRule, ...]

    @model_validator(mode="after")
    def _agrees(self) -> SilenceBook:
        ids = [rule.id for rule in self.rules]
        if len(set(ids)) < len(ids):
            raise ValueError("two rules bear the same identifier")
        unplaced = {code for members in self.unions.values() for code in members} - set(self.places)
        if unplaced:
            raise ValueError(f"`{min(unplaced)}` has no seat")
        return self

    @property
    def draft(self) -> bool:
        """Until a lawyer and a customs officer are named, every answer is a draft."""
        return not (self.review.lawyer and self.review.customs)

    def law_of(self, country: str) -> str:
        """The code under which the rules of a country stand: its union's, or its own."""
        return next((code for code, members in self.unions.items() if country in members), country)

    def rules_of(self, exporter: str) -> Iterator[SilenceRule]:
        """Every rule of an exporting country, in force or not."""
        law = self.law_of(exporter)
        return (rule for rule in self.rules if rule.exporter == law)

    def zone(self, country: str) -> str | None:
        """The time zone of a country's authority; None where it is not held."""
        seat = self.places.get(country)
        return seat.zone if seat else None

    def reason_not_found(self, country: str) -> str:
        """Why no rule of a country is held, in words."""
        told = next((row.reason for row in self.not_found if row.country == country), "")
        return told or f"no rule of {country or 'an unknown country'} is held"


def book_of(document: Document) -> SilenceBook:
    """The content of one file that was read. Raises RuleFileError with the place of a fault."""
    return validate(document, SilenceBook)


@cache
def silence_rules() -> SilenceBook:
    """The rules that ship with this software."""
    return book_of(read(FILE))
