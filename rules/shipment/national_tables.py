"""Lists, thresholds and exemptions of national law: data files beside the rules of a country.

A row read from memory, not from the text, never settles anything: what turns on it is unknown.
A threshold says what it frees from, and an exemption holds in its own country only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from rules.reading import Part
from rules.schema import Cite
from rules.shipment.quantities import GRAMS, MILLILITRES
from rules.strict_yaml import read, validate

LAW = Path(__file__).parents[1] / "law"
Figure = Annotated[Decimal, BeforeValidator(lambda text: Decimal(str(text)))]
Frees = Literal["trade", "retail", "papers", "registration"]
Sums = Literal["consignment", "month", "year", "last year"]
Names = tuple[str, ...]


ROWS = ("lists", "thresholds", "exemptions", "destinations")


class NationalList(Part):
    """A list of a country that the register does not hold. `perhaps`: names not read in the text."""

    id: str
    title: str
    cite: Cite
    substances: Names = ()
    perhaps: Names = ()


class Limit(Part):
    """One figure of a threshold; several are the same threshold in other units."""

    value: Figure
    unit: Literal["kg", "g", "L"]

    @property
    def measured(self) -> tuple[str, Decimal]:
        """In grams or in litres."""
        if self.unit in GRAMS:
            return "grams", self.value * GRAMS[self.unit]
        return "litres", self.value * MILLILITRES[self.unit] / 1000

    def __str__(self) -> str:
        return f"{self.value:,} {self.unit}"


class Threshold(Part):
    """From which amount of a substance a duty begins. Below it there is freedom from `frees`.

    No figure: it begins with any amount. `over`: only above the figure. `percent`: only from this
    concentration on. `sums`: over what time amounts are added up.
    """

    id: str
    substance: str
    frees: Frees
    duty: str
    sums: Sums
    at_least: tuple[Limit, ...] = ()
    over: tuple[Limit, ...] = ()
    percent: Figure | None = None
    cite: Cite

    @property
    def figure(self) -> str:
        """The threshold in words."""
        limits = " or ".join(str(limit) for limit in self.at_least or self.over)
        amount = limits and f"{'more than' if self.over else 'from'} {limits}"
        strength = "" if self.percent is None else f"from {self.percent} %"
        return ", ".join(part for part in (amount or "any amount", strength) if part)


class Exemption(Part):
    """A mixture the law of its own country takes out, by product and by per cent in sum."""

    id: str
    substances: Annotated[Names, Field(min_length=1)]
    percent: Figure
    products: Names = ()
    frees: Frees
    cite: Cite


class Destination(Part):
    """Whether goods of a list that go to a country are notified beforehand, as far as was read."""

    list: str
    country: str
    listed: bool
    cite: Cite


class NationalTables(Part):
    """What the tables of one country hold, or of all. `cites`: texts that rows name by their key.

    `begins`: thresholds and the lists whose duty begins with them. What stands on such a list and
    has no row may have reached the threshold.
    """

    cites: dict[str, Cite] = Field(default={})
    begins: dict[str, Names] = Field(default={})
    lists: tuple[NationalList, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    destinations: tuple[Destination, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _cited(cls, content: Any) -> Any:
        """Each row with the text it names."""
        if not isinstance(content, dict) or not content.get("cites"):
            return content
        return {
            name: [_with_cite(row, content["cites"]) for row in rows] if name in ROWS else rows
            for name, rows in content.items()
        }

    def thresholds_of(self, names: frozenset[str]) -> Iterator[Threshold]:
        """The rows about a substance known by these folded names."""
        return (row for row in self.thresholds if row.substance in names)

    def exemptions_of(self, names: frozenset[str]) -> Iterator[Exemption]:
        """The exemptions that concern a substance known by these folded names."""
        return (row for row in self.exemptions if names & frozenset(row.substances))


def _with_cite(row: Any, cites: Any) -> Any:
    key = row.get("cite") if isinstance(row, dict) else None
    if not isinstance(key, str):
        return row
    if key not in cites:
        raise ValueError(f"no text is cited as `{key}`")
    return {**row, "cite": cites[key]}


def load_national_tables(files: list[Path]) -> tuple[NationalTables, str]:
    """The rows of several files together, and a hash over them. Raises RuleFileError."""
    documents = [read(path) for path in files]
    found = [validate(document, NationalTables) for document in documents]
    hashes = "\n".join(document.content_hash for document in documents)
    together = NationalTables(
        begins={name: lists for table in found for name, lists in table.begins.items()},
        lists=tuple(row for table in found for row in table.lists),
        thresholds=tuple(row for table in found for row in table.thresholds),
        exemptions=tuple(row for table in found for row in table.exemptions),
        destinations=tuple(row for table in found for row in table.destinations),
    )
    return together, hashlib.sha256(hashes.encode()).hexdigest()


@cache
def _shipped() -> tuple[NationalTables, str]:
    return load_national_tables(sorted(LAW.glob("*/shipment/tables/amounts.yaml")))


def national_tables() -> NationalTables:
    """The tables that ship with this package."""
    return _shipped()[0]


def national_tables_hash() -> str:
    """One hash over the tables that ship."""
    return _shipped()[1]
