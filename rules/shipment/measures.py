"""Amounts and days that national rules compare with their thresholds. Decimal; unknown stays None.

Sums over a month or a year count what the consignment says was moved before, and this consignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from rules.shipment.conditions import Value
from rules.shipment.consignment import Consignment, Document, Line
from rules.shipment.estimates import Counted, total_base
from rules.shipment.national_view import run_facts, whole_months
from rules.shipment.quantities import MILLILITRES, Quantity
from rules.shipment.working_days import working_days, working_days_over

Facts = dict[str, Value]


def amount_facts(consignment: Consignment, names: frozenset[str], lines: Counted) -> Facts:
    """Mass, volume, count and base of all lines of one substance, and sums with earlier ones."""
    stated = [line.quantity for line, _ in lines]
    base = total_base(lines)
    grams, litres = _sum(stated, "g"), _sum(stated, "L")
    found: Facts = {
        "line.grams": grams,
        "line.litres": litres,
        "line.count": _sum(stated, "unit"),
        "line.base_grams": base.low if base.low == base.high else None,
    }
    for period in ("month", "year"):
        before = _before(consignment, names, period)
        found[f"{period}.grams"] = _added(before, grams, "g")
        found[f"{period}.litres"] = _added(before, litres, "L")
    return found


def line_measures(line: Line) -> Facts:
    """Strength and form of one line."""
    strength = line.composition.per_unit
    grams = None if strength is None else strength.grams
    return {
        "line.percent": line.composition.percent,
        "line.dose_mg": None if grams is None else grams * 1000,
        "line.form": line.form.pharmaceutical_form,
        "line.kind": line.form.kind,
    }


def period_facts(kind: str, document: Document, on: date) -> Facts:
    """How long an authorization runs, and how old it is, counted from its date."""
    begins = document.issued_on or document.valid_from
    return {
        f"{kind}.title": document.title,
        f"{kind}.runs_days": _days(begins, document.valid_to),
        f"{kind}.age_days": _days(begins, on),
        **run_facts(kind, document, on),
    }


def notice_days(kind: str, document: Document, consignment: Consignment) -> Facts:
    """Calendar days between a notification or notice and the dispatch of the goods."""
    leaves = consignment.facts.left_on or document.dispatch_on or consignment.on
    unknown = consignment.facts.left_on is None and (
        "left_on" in consignment.facts.model_fields_set
    )
    found: Facts = {
        f"{kind}.days_before": None if unknown else _days(document.sent_on, leaves),
    }
    sent, origin = document.sent_on, consignment.movement.origin
    found[f"{kind}.working_days_before"] = None if unknown else working_days(origin, sent, leaves)
    if kind == "notice":
        found["notice.months_before"] = None if unknown else whole_months(sent, leaves)
    if kind == "pen":
        found["pen.working_days_over"] = (
            None if unknown else working_days_over(origin, sent, leaves)
        )
        found["pen.reply_days"] = _days(document.sent_on, document.reply_on)
    return found


def limits(
    imported: Document | None, exported: Document | None, stated: Mapping[str, object]
) -> Facts:
    """Whether authorizations end no later than what they rest on."""
    import_ends = None if imported is None else imported.valid_to
    export_ends = None if exported is None else exported.valid_to
    return {
        "export.within_import": _not_later(export_ends, import_ends),
        "export.within_licence": _not_later(export_ends, stated.get("exporter.licence_ends")),
        "import.within_licence": _not_later(import_ends, stated.get("importer.licence_ends")),
    }


def _not_later(one: object, other: object) -> bool | None:
    return one <= other if isinstance(one, date) and isinstance(other, date) else None


def _days(first: date | None, last: date | None) -> Decimal | None:
    return None if first is None or last is None else Decimal((last - first).days)


def _measured(quantity: Quantity | None, unit: str) -> Decimal | None:
    if quantity is None:
        return None
    if unit == "g":
        return quantity.grams
    if unit == "L":
        factor = MILLILITRES.get(quantity.unit)
        return None if factor is None else quantity.value * factor / 1000
    return quantity.value if quantity.is_count else None


def _sum(quantities: Sequence[Quantity | None], unit: str) -> Decimal | None:
    parts = [_measured(quantity, unit) for quantity in quantities]
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(parts) else None


def _before(
    consignment: Consignment, names: frozenset[str], period: str
) -> list[Quantity | None] | None:
    """What was moved earlier in the period; None where nothing is said of it."""
    found = [
        moved.quantity
        for moved in consignment.facts.moved
        if moved.period == period and moved.substance.casefold() in names
    ]
    return found or None


def _added(
    before: Sequence[Quantity | None] | None, now: Decimal | None, unit: str
) -> Decimal | None:
    earlier = None if before is None else _sum(before, unit)
    return None if earlier is None or now is None else earlier + now
