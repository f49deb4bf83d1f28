"""The tables. Rows with two clocks are written through `registry.store.history`."""

from registry.models.base import Base, Bitemporal, Recorded, period_columns
from registry.models.decision import AuditEvent, DecisionKind, DecisionRecord
from registry.models.law import (
    Authority,
    Instrument,
    Jurisdiction,
    Listing,
    Provision,
    ProvisionVersion,
    TariffCode,
    TreatyStatus,
)
from registry.models.source import Disagreement, Source
from registry.models.substance import (
    BaseFactor,
    Fingerprint,
    Identifier,
    StructureRecord,
    Substance,
    SubstanceName,
)

__all__ = [
    "AuditEvent",
    "Authority",
    "Base",
    "BaseFactor",
    "Bitemporal",
    "DecisionKind",
    "DecisionRecord",
    "Disagreement",
    "Fingerprint",
    "Identifier",
    "Instrument",
    "Jurisdiction",
    "Listing",
    "Provision",
    "ProvisionVersion",
    "Recorded",
    "Source",
    "StructureRecord",
    "Substance",
    "SubstanceName",
    "TariffCode",
    "TreatyStatus",
    "period_columns",
]
