"""Weights of the criteria by which substances are put in an order for review."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from rules.reading import Part
from rules.strict_yaml import parse, read, validate

SHIPPED = Path(__file__).with_name("priority.yaml")


class Measure(StrEnum):
    """What can be counted of the records on a substance. A criterion is named by its measure."""

    FATAL = "fatal-cases"
    NON_FATAL = "non-fatal-cases"
    INCIDENTS = "incidents"
    SEIZURES = "seizures"
    WARNINGS = "warnings"
    SURVEYS = "surveys"
    OBJECTIONS = "objections"
    COUNTRIES = "countries"
    MONTHS = "months"


class Criterion(Part):
    """How much a figure counts. `scale`: `each`, or `doublings` of it."""

    aspect: Literal["prevalent", "persistent", "harmful"]
    weight: Annotated[Decimal, Field(ge=0, le=1000, max_digits=9, decimal_places=3)]
    scale: Literal["each", "doublings"]
    reason: Annotated[str, Field(min_length=1, max_length=500)]

    def counted(self, figure: int) -> int:
        """The figure on its scale: itself, or 0, 1, 2, 3 … for 0, 1, 2 to 3, 4 to 7 …"""
        return figure if self.scale == "each" else figure.bit_length()


class Weights(Part):
    """Criteria by name. One of weight zero, or not named, counts nothing and is not shown."""

    criteria: Annotated[dict[Measure, Criterion], Field(min_length=1)]

    @property
    def counting(self) -> dict[Measure, Criterion]:
        """The criteria that count, always in one order."""
        named = self.criteria
        return {name: named[name] for name in Measure if name in named and named[name].weight}

    def changed(self, weights: Mapping[Measure, Decimal]) -> Weights:
        """The same with other weights. Raises pydantic.ValidationError for one out of range."""
        plain = self.model_dump()
        for name, weight in weights.items():
            plain["criteria"][name]["weight"] = weight
        return Weights.model_validate(plain)


@cache
def shipped_weights() -> Weights:
    """The weights that ship, each with its reason. They are a choice of this project's."""
    return validate(read(SHIPPED), Weights)


def read_weights(text: str, name: str) -> Weights:
    """Weights of one's own, in the form of `rules/priority.yaml`.

    Raises RuleFileError with line and column.
    """
    return validate(parse(text, name), Weights)
