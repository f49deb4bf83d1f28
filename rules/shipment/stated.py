"""Facts a declarant states by name, which no paper and no register could tell.

`facts.stated` of a consignment gives them: a name of this table with a value of its kind, or
`null`. What is left out is unknown; nothing is ever taken as no. National rules name them most.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rules.shipment.fact import Fact, facts
from rules.shipment.national_words import STATED_NATIONAL
from rules.shipment.parts import day, decimal

Statement = str | bool | Decimal | date | None

STATED: dict[str, Fact] = {
    **facts("consignment", "text", {
        "purpose": "what the goods are for, in words",
        "relief.basis": "the guidelines or request a relief shipment rests on",
    }),
    **facts("consignment", "date", {
        "exporter.licence_ends": "last day of the licence of the exporter",
        "importer.licence_ends": "last day of the licence of the importer",
    }),
    **facts("consignment", "number", {
        "filing.days_before": "calendar days between filing with the own authority and dispatch",
        "filing.working_days_before": "working days between filing and dispatch",
        "filing.working_days_after": "working days between export and an application filed later",
        "report.days_after": "calendar days between arrival or dispatch and the report of it",
        "free_zone.days": "days the goods were in a free zone or a suspensive procedure",
        "traveller.days": "days of treatment the traveller carries",
    }),
    **facts("consignment", "yes or no", {
        "exporter.registered": "registered with the authority of the exporting country",
        "importer.registered": "registered with the authority of the importing country",
        "exporter.relief_body": "the exporter is a national or international relief organisation",
        "supplier.recognised": "the supplier is recognised for emergency supplies",
        "relief.requested": "a relief agency asked for it in writing",
        "import.original": "the original of the import authorization was received",
        "registration.made": "the importation was registered with the authority before",
        "chain.permit_shown": "proof of lawful dispatch was shown at entry into transit",
        "traveller.own_use": "for the traveller, a person or an animal in his care",
        "traveller.resident": "the traveller lives in the importing country",
        "traveller.prescription": "prescribed or certified for this traveller",
        "traveller.unprescribed_abroad": "obtained abroad without a prescription of his country",
        "traveller.lawfully_obtained": "lawfully obtained where it was dispensed",
        "traveller.original_container": "in the container in which it was dispensed",
        "traveller.declared": "declared to customs at the border",
        "traveller.certificate": "a certificate for travellers is carried",
        "traveller.excluded_list": "on a list the country closes to travellers",
        "retail": "a sale at retail",
        "domestic_only": "it does not leave the customs territory",
        "single_use.spent": "a paper good for one consignment was used before",
    }),
    **STATED_NATIONAL,
}  # fmt: skip


def read_stated(content: Mapping[str, Any]) -> dict[str, Statement]:
    """Statements with the types of their facts. Raises ValueError naming the one at fault."""
    return {name: _read(name, value) for name, value in content.items()}


def _read(name: str, value: Any) -> Statement:
    if name not in STATED:
        raise ValueError(f"unknown statement `{name}`")
    kind = STATED[name].kind
    if value is None:
        return None
    if kind == "number":
        return decimal(value)
    if kind == "date":
        found: date = day(value)
        return found
    wanted = bool if kind == "yes or no" else str
    if not isinstance(value, wanted):
        raise ValueError(f"`{name}` is a {kind}")  # noqa: TRY004 - pydantic reads it
    return value
