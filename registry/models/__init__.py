"""The tables. Rows with two clocks are written through `registry.store.history`."""

from registry.models.access import KEY_ROLES, AccessKey, AccessSession, Role
from registry.models.base import Base, Bitemporal, Recorded, period_columns
from registry.models.decision import AuditEvent, DecisionKind, DecisionRecord
from registry.models.draft import DraftRecord, DraftVersion
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
from registry.models.ledger import EntryKind, Ledger, LedgerEntry, LedgerKind
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
from registry.models.trade import (
    Authorisation,
    AuthorisationVersion,
    Consignment,
    EndorsementRecord,
    KeptAnswer,
    NumberSeries,
    NumberTaken,
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
    "KEY_ROLES",
    "AccessKey",
    "AccessSession",
    "AuditEvent",
    "Authorisation",
    "AuthorisationVersion",
    "Authority",
    "Base",
    "BaseFactor",
    "Bitemporal",
    "Consignment",
    "DecisionKind",
    "DecisionRecord",
    "Direction",
    "Disagreement",
    "DraftRecord",
    "DraftVersion",
    "EndorsementRecord",
    "EntryKind",
    "Fingerprint",
    "Identifier",
    "Instrument",
    "Job",
    "JobState",
    "Jurisdiction",
    "KeptAnswer",
    "Ledger",
    "LedgerEntry",
    "LedgerKind",
    "Listing",
    "NotificationMessage",
    "NotificationRecord",
    "NotificationSeries",
    "NotificationVersion",
    "NumberSeries",
    "NumberTaken",
    "Provision",
    "ProvisionVersion",
    "Recorded",
    "Role",
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
