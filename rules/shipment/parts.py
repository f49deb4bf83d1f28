"""What the parts of a consignment are made of: decimals as written, days, countries, text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictBool, StringConstraints

from rules.shipment.quantities import COUNTS, UNITS, Quantity


def decimal(value: Any) -> Decimal:
    """A quantity with the digits that were written. Raises ValueError."""
    # repr gives back the digits that were written, so no binary rounding enters.
    if isinstance(value, bool) or not isinstance(value, int | str | float | Decimal):
        raise ValueError("a quantity is a number or its decimal text")  # noqa: TRY004 - pydantic reads it
    text = repr(value) if isinstance(value, float) else str(value)
    if not re.fullmatch(r"\d{1,15}(\.\d{1,30})?([eE][+-]?\d\d?)?", text, re.ASCII):
        raise ValueError(f"`{text[:40]}` is not a quantity: digits, and digits behind a point")
    return Decimal(text)


def day(value: Any) -> Any:
    """A date written YYYY-MM-DD. Raises ValueError."""
    if value is None or type(value) is date:
        return value
    if not isinstance(value, str):
        raise ValueError("a date is written YYYY-MM-DD")  # noqa: TRY004 - pydantic reads it
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"`{value}` is not a date written YYYY-MM-DD") from None


def _quantity(value: Any) -> Any:
    if value is None or isinstance(value, Quantity):
        return value
    if not isinstance(value, dict) or set(value) != {"value", "unit"}:
        raise ValueError("a quantity has exactly the keys value and unit")
    unit = str(value["unit"])
    singular = unit[:-1] if unit[:-1] in COUNTS else unit
    if singular not in UNITS:
        raise ValueError(f"unknown unit `{unit}`; known are {', '.join(UNITS)}")
    return Quantity(decimal(value["value"]), singular)


Text = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=500)
]
Structure = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=20_000)]
Country = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]
Number = Annotated[Decimal, BeforeValidator(decimal)]
Day = Annotated[date, BeforeValidator(day)]
Amount = Annotated[Quantity, BeforeValidator(_quantity)]
Known = StrictBool | None
CasNumber = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{2,7}-\d\d-\d$")]


class Part(BaseModel):
    """Base of all parts: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
