"""Which governments asked for pre-export notifications, of what, since when. 1988 art. 12 (10) (a).

A dated table; an empty row, or a government without a row, is unknown and never a no.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from rules.reading import Part
from rules.schema import Cite
from rules.shipment.three import Known, any_of

Dated = Annotated[
    date | None,
    BeforeValidator(lambda day: date.fromisoformat(day) if isinstance(day, str) else day),
]


class Request(Part):
    """One request. `substances` empty: all of Table I. `until`: first day it no longer holds."""

    country: str
    since: Dated
    until: Dated = None
    substances: tuple[str, ...] | None
    certainty: Literal["seen", "memory", "unknown"]

    @model_validator(mode="after")
    def _whole(self) -> Request:
        if self.certainty == "seen" and (self.since is None or self.substances is None):
            raise ValueError("a row that was seen has its day and its substances")
        return self

    def holds(self, names: frozenset[str], on: date) -> Known:
        """Whether it covers a substance of Table I on a day; unknown unless the row was seen."""
        if self.certainty != "seen" or self.since is None or self.substances is None:
            return None
        running = self.since <= on and (self.until is None or on < self.until)
        return running and (not self.substances or bool(names & set(self.substances)))


class Requests(Part):
    """The table. It is not the Board's; it says what was read of it."""

    source: Cite
    rows: tuple[Request, ...]

    def requested(self, countries: tuple[str, ...], names: frozenset[str], on: date) -> Known:
        """Whether a country, or a union it belongs to, asked for notifications of a substance."""
        return any_of(list(self._answers(countries, names, on)) or [None])

    def _answers(
        self, countries: tuple[str, ...], names: frozenset[str], on: date
    ) -> Iterator[Known]:
        for row in self.rows:
            if row.country in countries:
                yield row.holds(names, on)
