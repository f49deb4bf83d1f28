"""Whether the quantity on a document is not less than what is shipped.

A document that leaves out the salt counts either base or the goods as they are shipped; both
readings must agree. One whose salt is unknown (`null`) decides only where any salt would. What
earlier consignments used of it is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rules.shipment.consignment import Covered, Line
from rules.shipment.estimates import Counted, total_base
from rules.shipment.quantities import Quantity, Span
from rules.shipment.status import base_factor_of, base_span
from rules.shipment.three import Known

Sum = tuple[Decimal, str]


def covers(lines: Counted, entries: Sequence[Covered], names: frozenset[str]) -> Known:
    """Whether the entries of a document allow what all lines of the substance hold."""
    if not entries:
        return None
    shipped, allowed = _shipped(lines), _allowed(entries)
    if shipped and allowed and shipped[1] == allowed[1]:
        alike = shipped[1] != "g" or _same_form(lines, entries)
        if alike:
            return shipped[0] <= allowed[0]
        if not any("salt" in entry.form.model_fields_set for entry in entries):
            return _in_either_reading(lines, shipped[0], allowed[0])
    return total_base(lines).at_most(_base_allowed(entries, names))


def covers_less_than(lines: Counted, entries: Sequence[Covered]) -> Known:
    """Whether less is shipped than the document says, both as stated."""
    shipped, allowed = _shipped(lines), _allowed(entries)
    if not shipped or not allowed or shipped[1] != allowed[1]:
        return None
    return shipped[0] < allowed[0]


def summed(quantities: Sequence[Quantity | None]) -> Sum | None:
    """The sum of quantities in grams or in one unit of count; None where they cannot be added."""
    if not quantities or any(quantity is None for quantity in quantities):
        return None
    parts = [
        (q.value, q.unit) if q.grams is None else (q.grams, "g")
        for q in quantities
        if q is not None
    ]
    unit, *others = {unit for _, unit in parts}
    return None if others else (sum((value for value, _ in parts), Decimal(0)), unit)


def left(entry: Covered) -> Quantity | None:
    """What earlier consignments left of an entry; None where it cannot be told."""
    if entry.used is None or entry.quantity is None:
        return entry.quantity if "used" not in entry.model_fields_set else None
    sums = summed([entry.quantity]), summed([entry.used])
    if sums[0] is None or sums[1] is None or sums[0][1] != sums[1][1]:
        return None
    return Quantity(max(sums[0][0] - sums[1][0], Decimal(0)), sums[0][1])


def _shipped(lines: Counted) -> Sum | None:
    return summed([line.quantity for line, _ in lines])


def _allowed(entries: Sequence[Covered]) -> Sum | None:
    return summed([left(entry) for entry in entries])


def _in_either_reading(lines: Counted, shipped: Decimal, allowed: Decimal) -> Known:
    if shipped <= allowed:
        return True
    return False if total_base(lines).low > allowed else None


def _same_form(lines: Counted, entries: Sequence[Covered]) -> bool:
    forms = {(line.form.salt, line.form.water) for line, _ in lines}
    forms |= {(entry.form.salt, entry.form.water) for entry in entries}
    return len(forms) == 1 and None not in next(iter(forms))


def _base_allowed(entries: Sequence[Covered], names: frozenset[str]) -> Span:
    total = Span.exact(Decimal(0))
    for entry in entries:
        line = Line(substance=entry.substance, form=entry.form, quantity=left(entry))
        total += base_span(line, base_factor_of(names, entry.form))
    return total
