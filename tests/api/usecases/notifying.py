"""A notification to try things on: acetic anhydride from Austria to Turkey."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from api.access.allow import Actor
from api.messages.message import Content, Kind, Message
from api.usecases.notification_record import New
from registry.models import Role
from registry.trade_facts import Goods, Party, Route
from rules.shipment.consignment import read_consignment

SENT = datetime(2026, 2, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AUTHORITY, OTHER = Party("Authority of Austria"), Party("Authority of Turkey")
ANNA, GATE = (Actor(name, Role.AUTHORITY, "AT") for name in ("anna", "gate"))
THERE = Actor("Authority of Turkey", Role.AUTHORITY, "TR")
CONSIGNMENT: dict[str, Any] = {
    "reference": "T-1",
    "on": "2026-02-02",
    "movement": {"from": "AT", "to": "TR", "mode": "road", "via": ["HU"]},
    "lines": [
        {
            "substance": "acetic anhydride",
            "cas": "108-24-7",
            "quantity": {"value": "20000", "unit": "kg"},
        }
    ],
    "parties": {
        "exporter": {"name": "Exporter GmbH", "address": "1 Ring, Wien"},
        "importer": {"name": "Importer AS", "address": "2 Cadde, Ankara"},
    },
}


def new(**changes: Any) -> New:
    whole = New(
        read_consignment(CONSIGNMENT),
        AUTHORITY,
        OTHER,
        entry_point="Kapikule",
        dispatch_on=date(2026, 3, 16),
    )
    return replace(whole, **changes)


def foreign(kind: Kind = Kind.NOTIFY, number: str = "IN-77", **changes: Any) -> Message:
    """A message of an authority in India to ours."""
    content = Content(
        Party("Exporter Pvt", "3 Marg, Delhi", "IN"),
        Party("Importer GmbH", "4 Gasse, Wien", "AT"),
        (Goods(1, "ephedrine", Decimal("25.0"), "kg"),),
        Route("IN", "AT", entry_point="Wien"),
        dispatch_on=date(2026, 3, 1),
    )
    message = Message(
        kind, number, Party("Narcotics Commissioner", country="IN"), Party("Authority", country="AT"),
        SENT, id=f"{kind}-1", content=content if kind is Kind.NOTIFY else None,
    )  # fmt: skip
    return replace(message, **changes)


def reply(kind: Kind, number: str, at: datetime, **changes: Any) -> Message:
    """A message of the Turkish authority about a notification of ours."""
    ours, theirs = replace(AUTHORITY, country="AT"), replace(OTHER, country="TR")
    return replace(Message(kind, number, theirs, ours, at, id=f"{kind}-{number}"), **changes)
