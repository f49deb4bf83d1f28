"""Until when a paper may be used: the earliest of everything that ends it.

No convention fixes a period; both ask that one be stated (1961 article 31 (4) (b), 1971 article 12
(1) (b)). What ends it is the term of the own law, the licence it rests on, and the other country's
paper it refers to. Periods are half-open: the end is the first day on which it may not be used.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Bound:
    """Something that ends a period. `end` None: it ends it, and on which day is not known."""

    end: date | None
    rule: str
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Validity:
    """`end` is the first day of no use. `certain` is False where a bound is not known: the end is
    then the latest possible, and None where nothing at all is known. `decided_by` are the bounds
    that end first."""

    start: date
    end: date | None
    decided_by: tuple[Bound, ...]
    certain: bool

    @property
    def last_day(self) -> date | None:
        """The last day of use, as papers print it."""
        return None if self.end is None else self.end - timedelta(days=1)

    @property
    def empty(self) -> bool:
        """Whether it ends before it begins, so that no such paper can be used."""
        return self.end is not None and self.end <= self.start


def validity(start: date, bounds: Iterable[Bound]) -> Validity:
    """The period from `start` to the earliest bound, with the rule that decided.

    Without a single bound the period is not certain: silence never makes a paper valid for ever.
    The result says nothing of whether the paper may be issued at all.
    """
    given = tuple(bounds)
    ends = [bound.end for bound in given if bound.end is not None]
    end = min(ends, default=None)
    deciding = tuple(bound for bound in given if bound.end is not None and bound.end == end)
    return Validity(start, end, deciding, certain=bool(given) and len(ends) == len(given))


def after_months(start: date, months: int) -> date:
    """The end of a period of whole months: the day of the same number, or, in a month that has
    none, the first of the next. From 31 January one month ends with February, on 1 March."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if start.day <= calendar.monthrange(year, month + 1)[1]:
        return date(year, month + 1, start.day)
    year, month = divmod(year * 12 + month + 1, 12)
    return date(year, month + 1, 1)


def after_days(start: date, days: int) -> date:
    """The end of a period of whole days, the first of them counted."""
    return start + timedelta(days=days)
