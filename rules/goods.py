"""What the goods are like, where a law makes control depend on it, three-valued.

A structure asked about by itself is the pure substance; nothing else is known of it. What nobody
states is unknown, never a no.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, get_args

from pydantic import model_validator

from rules.reading import Clause, Part

Fact = Literal["concentration", "per_unit", "fill", "containers", "quantity", "age"]
Holds = Literal["yes", "no", "open"]
Goods = Mapping[str, Decimal]

UNITS: dict[Fact, str] = {
    "concentration": "percent",
    "per_unit": "mg in a dosage unit",
    "fill": "g in a container",
    "containers": "containers in a sale",
    "quantity": "g",
    "age": "years of the person supplied",
}
PURE: Goods = {"concentration": Decimal(100)}


class Condition(Part):
    """A condition on the goods, in the unit of its fact. `decides`: whether the provision governs at
    all, or only which duty follows from it (shown, never deciding)."""

    clause: Clause
    fact: Fact
    over: Decimal | None = None
    at_least: Decimal | None = None
    under: Decimal | None = None
    at_most: Decimal | None = None
    decides: Literal["governs", "duty"] = "governs"

    @model_validator(mode="after")
    def _bounded(self) -> Condition:
        if all(end is None for end in (self.over, self.at_least, self.under, self.at_most)):
            raise ValueError("a condition names a bound")
        return self

    def holds(self, goods: Goods) -> Holds:
        """Whether goods are so; open where the fact is not stated."""
        value = goods.get(self.fact)
        if value is None:
            return "open"
        fits = (
            (self.over is None or value > self.over)
            and (self.at_least is None or value >= self.at_least)
            and (self.under is None or value < self.under)
            and (self.at_most is None or value <= self.at_most)
        )
        return "yes" if fits else "no"


def facts() -> tuple[str, ...]:
    """Every fact of the goods that a condition may speak of."""
    return get_args(Fact)
