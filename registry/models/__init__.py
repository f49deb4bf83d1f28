"""The tables. Rows with two clocks are written through `registry.store.history`."""

from registry.models.base import Base, Bitemporal, Recorded, period_columns
from registry.models.decision import AuditEvent, DecisionKind, DecisionRecord
from registry.models.job import Job, JobState
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
from registry.models.notification import (
    Direction,
    NotificationMessage,
    NotificationRecord,
    NotificationSeries,
    NotificationVersion,
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
from registry.models.watch import (
    Watch,
    WatchChange,
    WatchChunk,
    Watched,
    WatchMember,
    WatchRun,
    WatchStanding,
)

__all__ = [
    "AuditEvent",
    "Authority",
    "Base",
    "BaseFactor",
    "Bitemporal",
    "DecisionKind",
    "DecisionRecord",
    "Direction",
    "Disagreement",
    "Fingerprint",
    "Identifier",
    "Instrument",
    "Job",
    "JobState",
    "Jurisdiction",
    "Listing",
    "NotificationMessage",
    "NotificationRecord",
    "NotificationSeries",
    "NotificationVersion",
    "Provision",
    "ProvisionVersion",
    "Recorded",
    "Source",
    "StructureRecord",
    "Substance",
    "SubstanceName",
    "TariffCode",
    "TreatyStatus",
    "Watch",
    "WatchChange",
    "WatchChunk",
    "WatchMember",
    "WatchRun",
    "WatchStanding",
    "Watched",
    "period_columns",
]
