"""Trade as the judge and the printer see it: papers, goods, parties, figures. Frozen, no session.

Quantities are `Decimal` with their unit as stated; `base` is grams of pure anhydrous base, None
where it could not be worked out. Periods are half-open: `valid_to` is the first day on which a
paper may no longer be used (papers print the last day on which it may).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Paper(StrEnum):
    """What kind of paper an authorisation is."""

    IMPORT = "import_authorization"
    EXPORT = "export_authorization"
    EXPORT_DECLARATION = "export_declaration"
    SPECIAL_IMPORT_LICENCE = "special_import_licence"
    TRANSIT = "transit_permit"
    WITHDRAWAL = "withdrawal_permit"


class AuthorisationState(StrEnum):
    """Where an authorisation stands. What leads from one to another: `rules.trade.states`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INFORMATION_REQUESTED = "information_requested"
    REFUSED = "refused"
    GRANTED = "granted"
    ISSUED = "issued"
    IN_TRANSIT = "in_transit"
    PARTLY_USED = "partly_used"
    ENDORSED = "endorsed"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    AMENDED = "amended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    LOST = "lost"


class NotificationState(StrEnum):
    """Where a pre-export notification stands."""

    DRAFT = "draft"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    NO_OBJECTION = "no_objection"
    OBJECTION = "objection"
    MORE_INFORMATION = "more_information"
    NO_REPLY = "no_reply"
    SUSPENDED = "suspended"
    STOPPED = "stopped"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Party:
    """A person or firm on a paper. `licence` as its own authority numbers it."""

    name: str
    address: str = ""
    country: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """One position. `salt` and `water` describe the form; `factor` is per cent base by mass."""

    line: int
    substance: str
    quantity: Decimal
    unit: str
    cas: str = ""
    hs: str = ""
    salt: str = ""
    water: Decimal = Decimal(0)
    pharmaceutical_form: str = ""
    preparation: str = ""
    strength: str = ""
    packages: str = ""
    base: Decimal | None = None
    factor: Decimal | None = None
    factor_source: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Countries by ISO 3166 code, in the order passed."""

    origin: str
    destination: str
    via: tuple[str, ...] = ()
    exit_point: str = ""
    entry_point: str = ""
    mode: str = ""
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class ForeignPaper:
    """The other country's paper that an authorisation refers to."""

    number: str = ""
    issued_on: date | None = None
    authority: str = ""
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Authorisation:
    """An import or export paper at one version of its life, with the model certificate's fields.

    `number` is empty until issued. `consignments`: how many it may cover; None is any number.
    """

    id: str
    version: int
    paper: Paper
    convention: str
    jurisdiction: str
    authority: Party
    state: AuthorisationState
    exporter: Party
    importer: Party
    goods: tuple[Goods, ...]
    route: Route
    number: str = ""
    consignee: Party | None = None
    others: tuple[Party, ...] = ()
    purpose: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    consignments: int | None = 1
    bonded_warehouse: bool = False
    foreign: ForeignPaper = ForeignPaper()
    conditions: tuple[str, ...] = ()
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Endorsement:
    """What the importing authority says arrived of one consignment, by line of the paper."""

    authorisation: str
    consignment: int
    arrived_on: date | None
    arrived: tuple[tuple[int, Decimal, str], ...]
    authority: Party
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Notification:
    """A pre-export notification (1988 art. 12 (10) (a)) as sent and as answered."""

    id: str
    version: int
    number: str
    sender: Party
    receiver: Party
    state: NotificationState
    exporter: Party
    importer: Party
    goods: tuple[Goods, ...]
    route: Route
    consignee: Party | None = None
    authorisation: str = ""
    dispatch_on: date | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    reply_by: datetime | None = None
    replied_at: datetime | None = None
    reply: str = ""
    remarks: str = ""
