"""What the data files state, typed. Frozen; nothing here has seen a database or a toolkit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.facts import Period, Role

COVERS = (
    *("salts", "stereoisomers", "isomers", "esters", "ethers", "derivatives", "analogues"),
    "preparations",
)

DATING = {
    "entry-into-force": "the instrument entered into force on this day",
    "effective": "the listing took effect on this day",
    "decision": "decided on this day; it binds a Party from the day its notice is received",
    "year": "only the year is known",
    "wording": "the wording now in force began on this day; an earlier one may have listed it too",
    "edition": "this edition began on this day; an earlier one may have listed it too",
    "attested": "listed on this day; since when is not known",
    "announced": "made known on this day; the day of effect was not found",
    "unknown": "neither the beginning nor a day on which it held is known",
}
CERTAINTY = {"seen": "read in a copy of the source", "memory": "no document was found"}
VERIFICATION = ("two-routes", "one-route", "memory", "conflict", "none")
NAME_KINDS = ("inn", "common", "systematic", "trade", "code", "misprint")
SCOPES = ("unique", "named", "part", "residual")
PROVISION_KINDS = (
    *("list", "class", "preparations", "surveillance", "analogue", "temporary", "effect"),
    "derivative",
)


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    title: str
    publisher: str
    licence: str
    address: str
    retrieved: date | None
    language: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Instrument:
    id: str
    jurisdiction: str
    title: str
    citation: str
    address: str


@dataclass(frozen=True, slots=True)
class Provision:
    """`exclusive` names a group of provisions of which one substance stands in one at a time."""

    id: str
    jurisdiction: str
    instrument: str
    title: str
    kind: str
    exclusive: str


@dataclass(frozen=True, slots=True)
class Substance:
    """`inchikey` is the source's; what this register computes is compared with it."""

    id: str
    name: str
    structure: str
    inchikey: str
    verification: str
    routes: str
    source: str


@dataclass(frozen=True, slots=True)
class Name:
    substance: str
    text: str
    kind: str
    language: str
    script: str
    source: str


@dataclass(frozen=True, slots=True)
class Identifier:
    substance: str
    kind: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Listing:
    """`drawing` is the structure as this source gives it; `covers` None: the general closure."""

    key: str
    provision: str
    role: Role
    name: str
    substance: str
    valid: Period
    dating: str
    certainty: str
    covers: tuple[str, ...] | None
    paragraph: str
    code: str
    drawing: str
    verification: str
    note: str
    source: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TariffCode:
    key: str
    substance: str
    system: str
    edition: str
    code: str
    scope: str
    valid: Period
    source: str


@dataclass(frozen=True, slots=True)
class BaseFactor:
    substance: str
    salt: str
    base_units: int
    acid_units: int
    water: Decimal
    percent: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody else says of a substance. `by`: country or collection, short."""

    substance: str
    field: str
    value: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """Everything that ships. `content_hash` changes with any byte of it."""

    content_hash: str
    sources: Mapping[str, Source]
    jurisdictions: tuple[Jurisdiction, ...]
    instruments: tuple[Instrument, ...]
    provisions: Mapping[str, Provision]
    substances: Mapping[str, Substance]
    names: tuple[Name, ...]
    identifiers: tuple[Identifier, ...]
    listings: tuple[Listing, ...]
    codes: tuple[TariffCode, ...]
    factors: tuple[BaseFactor, ...]
    statements: tuple[Statement, ...]
