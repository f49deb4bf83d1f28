"""Ask whether a consignment may go."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body

from api.access.door import ActorDep
from api.http.deps import EngineDep, Now
from api.http.models import ShipmentOut
from api.http.problems import declared
from api.usecases.check_shipment import check_shipment
from api.usecases.dates import Dates
from rules.shipment.consignment import Consignment

EXAMPLE = {
    "reference": "EXAMPLE-1",
    "on": "2026-05-10",
    "movement": {"from": "XA", "to": "XB", "mode": "sea"},
    "lines": [
        {
            "substance": "acetic anhydride",
            "cas": "108-24-7",
            "form": {"salt": "base", "kind": "substance"},
            "quantity": {"value": "12000", "unit": "kg"},
        }
    ],
    "documents": [],
    "facts": {"pre_export_request": {"made": True}},
}

router = APIRouter(prefix="/v1/shipments", tags=["shipments"])


@router.post(
    "/check",
    response_model=ShipmentOut,
    responses=declared("request-failed", "request-invalid", "body-too-large"),
)
def check_consignment(
    consignment: Annotated[Consignment, Body(examples=[EXAMPLE])],
    engine: EngineDep,
    actor: ActorDep,
    now: Now,
) -> dict[str, Any]:
    """Whether a consignment may go under the treaties: proceed, stop or undetermined, and why.

    `on` in the consignment is the day asked about. What is not said is unknown and is never read
    as a no; a certain failure wins over an unknown. The check is put on record.
    """
    dates = Dates(consignment.on, now)
    made = check_shipment(engine, consignment, dates, actor=actor.id, now=now)
    return asdict(made)
