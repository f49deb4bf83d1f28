"""Small tables of figures and names that rules and line statuses read: salts, preparations, States.

They are data files beside the rules, read strictly and never changed after loading.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from rules.reading import Part
from rules.schema import Cite
from rules.shipment.quantities import BaseFactor, base_factor
from rules.shipment.requests import Requests
from rules.strict_yaml import read, validate

FOLDER = Path(__file__).parents[1] / "law" / "un" / "shipment" / "tables"
Figure = Annotated[Decimal, BeforeValidator(lambda text: Decimal(str(text)))]


class Salt(Part):
    """One salt of one substance: how many of each molecule are in a formula unit."""

    substance: str
    salt: str
    base_units: Figure = Decimal(1)
    acid_units: Figure = Decimal(1)
    water: Figure = Decimal(0)


class Salts(Part):
    """Formulas of bases and acids, and the salts for which a factor may be computed."""

    source: str
    bases: dict[str, str]
    acids: dict[str, str]
    salts: tuple[Salt, ...]

    def factor(self, substance: str, salt: str, water: Decimal | None) -> BaseFactor | None:
        """The factor of a named salt; None where the salt or its water is not known here."""
        wanted = (substance, salt, water)
        row = next((r for r in self.salts if (r.substance, r.salt, r.water) == wanted), None)
        if row is None:
            return None
        percent = base_factor(
            self.bases[row.substance],
            self.acids[row.salt],
            base_units=row.base_units,
            acid_units=row.acid_units,
            water=row.water,
        )
        return BaseFactor(percent, self.source)


class Adjunct(Part):
    """An ingredient a preparation must hold, in per cent of the drug by weight."""

    name: str
    percent_of_drug: Figure


class Preparation(Part):
    """One entry of 1961 Schedule III: limits by composition, in base.

    `per_unit_mg` and `undivided_percent` are alternatives by whether the preparation is divided;
    `percent` holds in any case. What is not stated is not asked.
    """

    entry: str
    substances: tuple[str, ...]
    per_unit_mg: Figure | None = None
    undivided_percent: Figure | None = None
    percent: Figure | None = None
    adjuncts: tuple[Adjunct, ...] = ()
    compounded: bool = False
    unrecoverable: bool = False
    oral: bool = False
    no_psychotropic: bool = False


class Preparations(Part):
    cite: Cite
    entries: tuple[Preparation, ...]

    def entry(self, names: frozenset[str]) -> Preparation | None:
        """The entry that names the substance, if any does."""
        return next((e for e in self.entries if names & frozenset(e.substances)), None)


class Country(Part):
    """A country known to have shipment rules of its own that are not modelled here."""

    name: str
    law: str


class Places(Part):
    """Names of countries and unions of them, and materials an article governs without a Schedule.

    `equipment`: equipment and materials of 1988 article 13, each with other words for it.
    """

    countries: dict[str, Country]
    unions: dict[str, tuple[str, ...]]
    materials: dict[str, str]
    equipment: dict[str, tuple[str, ...]]
    opium: tuple[str, ...]

    def unions_of(self, code: str) -> tuple[str, ...]:
        """The unions a country is a member of."""
        return tuple(union for union, members in self.unions.items() if code in members)

    def equipment_named(self, name: str) -> str | None:
        """The equipment a folded name means, if it means any."""
        return next((key for key, words in self.equipment.items() if name in {key, *words}), None)


class Tables(Part):
    salts: Salts
    preparations: Preparations
    places: Places
    requests: Requests
    content_hash: str


def load_tables(folder: Path) -> Tables:
    """Read the tables of a folder. Raises RuleFileError with file, line and column."""
    names = ("salts", "preparations", "places", "requests")
    documents = [read(folder / f"{name}.yaml") for name in names]
    salts, preparations, places, requests = documents
    hashes = "\n".join(document.content_hash for document in documents)
    return Tables(
        salts=validate(salts, Salts),
        preparations=validate(preparations, Preparations),
        places=validate(places, Places),
        requests=validate(requests, Requests),
        content_hash=hashlib.sha256(hashes.encode()).hexdigest(),
    )


@cache
def tables() -> Tables:
    """The tables that ship with this package."""
    return load_tables(FOLDER)
