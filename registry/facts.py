"""What is: frozen facts as the judge sees them. No session, no clock, no chemistry toolkit.

Dates are days. Periods are half-open: the start belongs to the period, the end does not.
A fact has two clocks: when it holds in law (`valid`) and when this register knew it (`recorded`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class InForce(StrEnum):
    """Whether something holds on a date. `UNKNOWN` is an answer, never read as `NO`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """How something stands on a date: `InForce` with its `NO` told apart.

    `MAYBE`: its dates do not say. `ANNOUNCED`: it is on record, and its period has not begun.
    """

    IN_FORCE = "in_force"
    MAYBE = "maybe"
    ANNOUNCED = "announced"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open period in law whose start may be known only roughly.

    `start` is the first day on which it certainly holds (None: it is not known to hold on any day
    before `end`; with `earliest` None too, it has held as long as anything is known).
    `earliest` is the first day on which it may hold. An exact start has `earliest == start`.
    """

    earliest: date | None = None
    start: date | None = None
    end: date | None = None

    @classmethod
    def exact(cls, start: date | None, end: date | None = None) -> Period:
        return cls(start, start, end)

    @classmethod
    def always(cls) -> Period:
        return cls(date.min, date.min, None)

    def holds(self, on: date) -> InForce:
        if self.end is not None and on >= self.end:
            return InForce.NO
        if self.start is not None and on >= self.start:
            return InForce.YES
        if self.earliest is not None and on < self.earliest:
            return InForce.NO
        return InForce.UNKNOWN

    def standing(self, on: date) -> Standing:
        if self.end is not None and on >= self.end:
            return Standing.ENDED
        held = {InForce.YES: Standing.IN_FORCE, InForce.UNKNOWN: Standing.MAYBE}
        return held.get(self.holds(on), Standing.ANNOUNCED)


@dataclass(frozen=True, slots=True)
class Recorded:
    """When this register held the fact to be so (UTC). `until` is None while it still does."""

    since: datetime
    until: datetime | None = None

    def known(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


class CaseEntryKind(StrEnum):
    """What an entry of a case does: a step was done; an earlier entry is taken back; one more
    jurisdiction is followed; the case is closed."""

    STEP = "step"
    WITHDRAWAL = "withdrawal"
    FOLLOW = "follow"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement of law or fact can be read. `retrieved` is the day it was read."""

    title: str
    href: str = ""
    retrieved: date | None = None


@dataclass(frozen=True, slots=True)
class Layers:
    """Identity of one component in layers, each of which can be compared alone.

    All are of the neutralised component. `scheme` names the procedure and toolkit version: layers
    of different schemes must not be compared. `inchikey` is an extra and may be empty.
    """

    scheme: str
    formula: str
    connectivity: str
    stereo: str
    isotope: str
    tautomer: str
    inchikey: str = ""


class Role(StrEnum):
    """How a name stands in a provision."""

    LISTED = "listed"
    INCLUDED = "included"  # a statutory "including" list: inside whatever the class text says
    EXCLUDED = "excluded"  # a statutory "but not including" list: outside whatever it says


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a substance. `kind`: inn, common, systematic, trade, code, misprint …"""

    text: str
    kind: str
    language: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """`kind`: cas, inchikey, unii, dea …"""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Substance:
    id: str
    name: str
    names: tuple[Name, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    smiles: str = ""
    layers: Layers | None = None
    verification: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which quantity a rule of the entry applies, as its source puts it: a quantity, or words
    such as `every transaction` and `not regulated`. `of`: what is counted (domestic, import and
    export, a year). Nothing is computed from it here. `certainty`: seen, partly-seen, memory.
    """

    of: str
    amount: str
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One name in one provision. `layers` is None for plants, groups and unread structures.

    `covers` overrides what the provision says of derived forms (salts, stereoisomers, esters,
    ethers …); None means the provision's own closure applies.
    """

    id: str
    provision: str
    name: str
    role: Role
    valid: Period
    recorded: Recorded
    cite: Citation
    substance: str | None = None
    smiles: str = ""
    layers: Layers | None = None
    covers: tuple[str, ...] | None = None
    paragraph: str = ""
    code: str = ""
    basis: str = ""
    verification: str = ""
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True, slots=True)
class TreatyStatus:
    """Whether a State is bound by a treaty, and since when."""

    treaty: str
    party: str
    valid: Period
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class TariffCode:
    """A customs code of a substance in one edition. `scope`: unique subheading, or residual."""

    substance: str
    system: str
    edition: str
    code: str
    scope: str
    valid: Period


class EvidenceKind(StrEnum):
    """What a source reports of a substance."""

    SEIZURE = "seizure"
    INCIDENT = "incident"
    NON_FATAL = "non-fatal-case"
    FATAL = "fatal-case"
    OBJECTION = "pre-export-objection"
    WARNING = "early-warning"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a source reports of one substance, under the key it has there.

    It happened on some day from `start` on and before `end`. `quantity` None: the source gives no
    figure, which is not none. `country` empty: not stated, or more than one. `subject`: what is
    reported on, a substance of the register or a structure outside it.
    """

    source: str
    key: str
    kind: EvidenceKind
    subject: str
    name: str
    start: date
    end: date
    country: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the judge may know. `content_hash` changes when, and only when, a fact does."""

    content_hash: str
    listings: tuple[Listing, ...] = ()
    substances: tuple[Substance, ...] = ()
    treaties: tuple[TreatyStatus, ...] = ()
    codes: tuple[TariffCode, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)
