"""What a fact is that a shipment rule may name: its kind, what it is a fact of, its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["yes or no", "text", "date", "number", "set"]
Scope = Literal["consignment", "line", "transit", "country"]


@dataclass(frozen=True, slots=True)
class Fact:
    kind: Kind
    scope: Scope
    meaning: str


def facts(scope: Scope, kind: Kind, rows: dict[str, str]) -> dict[str, Fact]:
    """Rows of a vocabulary that share scope and kind."""
    return {name: Fact(kind, scope, meaning) for name, meaning in rows.items()}
