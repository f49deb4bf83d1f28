"""What a record of evidence has to say, and in which units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from registry.facts import EvidenceKind

COUNT, PERCENT = "count", "percent"
MASSES = ("mg", "g", "kg", "t")
AMOUNTS = (*MASSES, "ml", "l", "tablets", "capsules", "ampoules", "blotters", "packages", "plants")
UNITS: dict[EvidenceKind, tuple[str, ...]] = dict.fromkeys(EvidenceKind, (COUNT,)) | {
    EvidenceKind.SEIZURE: (COUNT, *AMOUNTS),
    EvidenceKind.SURVEY: (PERCENT, "persons"),
}
MOST_DIGITS = 15  # before the point, and after it
_COUNTRY = re.compile(r"[A-Z]{2}")
_WHOLE = frozenset({COUNT, "persons"})

Fault = tuple[str, str]
"""The field, and what is wrong with it."""


def faults(
    kind: EvidenceKind,
    period: tuple[date, date],
    country: str,
    quantity: Decimal | None,
    unit: str,
    today: date,
) -> Iterator[Fault]:
    """What stands in the way of recording this.

    `period` is half-open, in days. A figure needs its unit, and a unit its figure: `count` says how
    many seizures, incidents, cases, objections or warnings a source reports; the others how much was
    seized, or of whom a survey tells. Nothing may have happened after `today`.

    It says nothing of whether the report is true.
    """
    start, end = period
    if end <= start:
        yield "to", f"`{end}` is not after `{start}`; it is the first day that no longer counts"
    if start > today:
        yield "from", f"`{start}` has not come yet"
    if country and not _COUNTRY.fullmatch(country):
        yield "country", f"`{country}` is no code of two capital letters"
    yield from _figure_faults(kind, quantity, unit)


def _figure_faults(kind: EvidenceKind, quantity: Decimal | None, unit: str) -> Iterator[Fault]:
    if (quantity is None) != (unit == ""):
        yield ("unit", "is missing") if unit == "" else ("quantity", "is missing")
        return
    if quantity is None:
        return
    if unit not in UNITS[kind]:
        yield "unit", f"`{unit}` is none of {', '.join(UNITS[kind])}, the units of a {kind}"
    if not _is_amount(quantity):
        yield "quantity", f"`{quantity}` is no amount"
    elif unit in _WHOLE and quantity != quantity.to_integral_value():
        yield "quantity", f"`{quantity}` is not a whole number"
    elif unit == PERCENT and quantity > 100:
        yield "quantity", f"`{quantity}` is more than all"


def _is_amount(quantity: Decimal) -> bool:
    """Asked of the exponent first: written out, a number of a few characters can fill the memory."""
    exponent = quantity.as_tuple().exponent
    return (
        isinstance(exponent, int)
        and exponent >= -MOST_DIGITS
        and quantity.adjusted() < MOST_DIGITS
        and quantity >= 0
    )


def day_after(day: date) -> date:
    """The first day that no longer counts, of what happened on one day."""
    return day if day == date.max else day + timedelta(days=1)
