"""What was read of a consignment so far, and which country a key is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rules.shipment.scenario.words import key_words
from rules.shipment.stated import read_stated


@dataclass
class Reading:
    """What was read so far: facts of a consignment, and what was not understood."""

    on: Any
    movement: dict[str, Any]
    substances: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=lambda: {"nothing_else": True})
    parties: dict[str, dict[str, Any]] = field(default_factory=dict)
    documents: list[dict[str, Any]] | None = None
    unread: list[str] = field(default_factory=list)
    carried_as: str | None = None
    recoverable: bool | None = None
    exempted_by: list[str] | None = None

    @property
    def codes(self) -> list[str]:
        via = self.movement.get("via") or []
        return [self.movement["from"], self.movement["to"], *via]

    def stated(self, name: str, value: Any) -> None:
        read_stated({name: value})  # a name or a value of another kind is not understood
        self.facts.setdefault("stated", {})[name] = value

    def estimate(self, part: str, value: Any) -> None:
        name = self.substances[0] if len(self.substances) == 1 else ""
        if not name:
            raise ValueError("which of several substances the figure is for is not said")
        rows = self.facts.setdefault("estimates", [{"substance": name}])
        rows[0][part] = value

    def open(self, key: str, value: Any) -> None:
        shown = "unknown" if value is None else value
        self.unread.append(f"{key} = {shown}")


def without_codes(key: str) -> str:
    """The key in words, each country code in capitals replaced by `@`."""
    parts = ["@" if part in _codes(key) else part for part in key.split("_")]
    return key_words("_".join(parts))


def _codes(key: str) -> list[str]:
    """Country codes in a key; Schedules and the Union are none."""
    parts = (part for part in key.split("_") if re.fullmatch(r"[A-Z]{2}", part))
    return [part for part in parts if part not in {"EU", "II", "IV"}]


def code_of(reading: Reading, key: str, words: str = "") -> str:
    """The country a key is about. Raises ValueError where it names none."""
    if codes := _codes(key):
        return codes[0]
    plain = key_words(key)
    if re.search(r"import|destination|receiving", words or plain):
        return str(reading.movement["to"])
    if re.search(r"export|origin|sending", words or plain):
        return str(reading.movement["from"])
    raise ValueError("no country is named")
