"""Quantities as they stand on papers, and how much pure anhydrous base is in them.

All arithmetic is decimal. Conversion factors are computed from formula masses with the abridged
standard atomic weights below (IUPAC 2021), rounded half up to a tenth of a per cent, and used in
that rounded form everywhere, so that every figure shown can be worked out again by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from registry.errors import InputError

ATOMIC_WEIGHTS = {
    "H": Decimal("1.008"), "C": Decimal("12.011"), "N": Decimal("14.007"),
    "O": Decimal("15.999"), "F": Decimal("18.998"), "Na": Decimal("22.990"),
    "P": Decimal("30.974"), "S": Decimal("32.06"), "Cl": Decimal("35.45"),
    "K": Decimal("39.098"), "Ca": Decimal("40.078"), "Br": Decimal("79.904"),
    "I": Decimal("126.90"),
}  # fmt: skip
WATER = "H2O"
GRAMS = {
    "t": Decimal(1_000_000), "kg": Decimal(1000), "g": Decimal(1),
    "mg": Decimal("0.001"), "µg": Decimal("0.000001"), "ug": Decimal("0.000001"),
}  # fmt: skip
MILLILITRES = {"L": Decimal(1000), "mL": Decimal(1)}
COUNTS = ("unit", "tablet", "capsule", "ampoule", "vial", "suppository", "patch", "bottle")
UNITS = (*GRAMS, *MILLILITRES, *COUNTS)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A decimal amount and its unit, as stated. Not converted to anything."""

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise InputError(f"unknown unit `{self.unit}`; known are {', '.join(UNITS)}")
        if not self.value.is_finite() or self.value < 0:
            raise InputError(f"`{self.value}` is not a quantity")

    @property
    def grams(self) -> Decimal | None:
        """The mass in grams; None where the unit is not one of mass."""
        factor = GRAMS.get(self.unit)
        return None if factor is None else self.value * factor

    @property
    def is_count(self) -> bool:
        return self.unit in COUNTS

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}"


@dataclass(frozen=True, slots=True)
class BaseFactor:
    """How many per cent of the stated mass are anhydrous base, and where that figure comes from."""

    percent: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Span:
    """A mass in grams known to lie between two bounds; `high` None means no upper bound is known."""

    low: Decimal = Decimal(0)
    high: Decimal | None = None

    @classmethod
    def exact(cls, grams: Decimal) -> Span:
        return cls(grams, grams)

    def __add__(self, other: Span) -> Span:
        open_ended = self.high is None or other.high is None
        return Span(self.low + other.low, None if open_ended else _sum(self.high, other.high))

    def at_most(self, limit: Span) -> bool | None:
        """Whether this is certainly within `limit`, certainly above it, or (None) unknown."""
        if self.high is not None and self.high <= limit.low:
            return True
        if limit.high is not None and self.low > limit.high:
            return False
        return None


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal:
    return (one or Decimal(0)) + (other or Decimal(0))


def formula_mass(formula: str) -> Decimal:
    """The molar mass in g/mol of a formula such as `C17H19NO3`.

    Raises InputError for anything but a plain sequence of known element symbols and counts.
    """
    parts = re.findall(r"([A-Z][a-z]?)(\d*)", formula)
    if not formula or "".join(symbol + count for symbol, count in parts) != formula:
        raise InputError(f"`{formula}` is not a plain molecular formula")
    unknown = [symbol for symbol, _ in parts if symbol not in ATOMIC_WEIGHTS]
    if unknown:
        raise InputError(f"no atomic weight is held for `{unknown[0]}` in `{formula}`")
    return sum(
        (ATOMIC_WEIGHTS[symbol] * Decimal(count or 1) for symbol, count in parts), Decimal(0)
    )


def base_factor(
    base: str, acid: str, *, base_units: Decimal, acid_units: Decimal, water: Decimal
) -> Decimal:
    """Per cent by mass of anhydrous base in a salt, to a tenth, from the formulas of base and acid.

    For an addition salt the whole acid is added; a metal salt of an acid is not one and must not
    be described this way. The result is computed, not a figure published by the Board.
    """
    whole = (
        base_units * formula_mass(base)
        + acid_units * formula_mass(acid)
        + water * formula_mass(WATER)
    )
    share = Decimal(100) * base_units * formula_mass(base) / whole
    return share.quantize(Decimal("0.1"), ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros behind the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def about(value: Decimal, unit: str) -> str:
    """A computed mass to two significant figures, half up, marked as approximate: `about 9.0 kg`."""
    if value == 0:
        return f"0 {unit}"
    digit = Decimal(1).scaleb(value.adjusted() - 1)
    rounded = value.quantize(digit, ROUND_HALF_UP)
    return f"about {rounded:f} {unit}"
