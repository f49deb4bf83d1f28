"""The importing country's estimates against what is shipped and booked. 1961 articles 19, 21, 31."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rules.shipment.conditions import Value
from rules.shipment.consignment import Consignment, Estimate, Line
from rules.shipment.quantities import BaseFactor, Quantity, Span, about, plain
from rules.shipment.status import base_span, base_text

Counted = Sequence[tuple[Line, BaseFactor | None]]


def estimate_facts(
    consignment: Consignment, names: frozenset[str], lines: Counted
) -> dict[str, Value]:
    """Whether all lines of one drug fit under the estimate, in grams of anhydrous base.

    The limit is the total of the estimates plus amounts intended for re-export; exports already
    booked this year count against it. Bounds are enough where they decide.
    """
    found = (e for e in consignment.facts.estimates if e.substance.casefold() in names)
    estimate = next(found, Estimate(substance="-", total=None))
    shipped = total_base(lines)
    need = _span(estimate.booked) + shipped
    limit = _span(estimate.total) + _re_export(estimate, consignment)
    return {
        "estimate.within": need.at_most(limit),
        "estimate.shipped": shipped_text(lines),
        "estimate.booked": _text(estimate.booked),
        "estimate.total": _text(estimate.total),
        "estimate.re_export": _re_export_text(estimate, consignment),
        "estimate.limit": _limit_text(limit),
    }


def total_base(lines: Counted) -> Span:
    """Bounds of the base in all lines together, in grams."""
    total = Span.exact(Decimal(0))
    for line, factor in lines:
        total += base_span(line, factor)
    return total


def shipped_text(lines: Counted) -> str:
    """The same in words, in the unit of a single line where there is only one."""
    if len(lines) == 1 and (text := base_text(*lines[0])):
        return text
    span = total_base(lines)
    if span.high is None:
        return "an unknown mass of"
    exact = span.low == span.high
    return about(span.high / 1000, "kg") if exact else f"at most {plain(span.high / 1000)} kg"


def _span(quantity: Quantity | None) -> Span:
    if quantity is None or quantity.grams is None:
        return Span()
    return Span.exact(quantity.grams)


def _re_export(estimate: Estimate, consignment: Consignment) -> Span:
    omitted = "re_export" not in estimate.model_fields_set
    if estimate.re_export is None and omitted and consignment.facts.nothing_else:
        return Span.exact(Decimal(0))
    return _span(estimate.re_export)


def _re_export_text(estimate: Estimate, consignment: Consignment) -> str | None:
    if _re_export(estimate, consignment).high == 0:
        return "nothing"
    return _text(estimate.re_export)


def _text(quantity: Quantity | None) -> str | None:
    return None if quantity is None else str(quantity)


def _limit_text(limit: Span) -> str | None:
    return None if limit.high is None else f"{plain(limit.high / 1000)} kg"
