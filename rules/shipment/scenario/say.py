"""Values of the neutral form that are words: what they say, or ValueError where nobody can tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rules.shipment.scenario.words import truth

LAWFUL = (
    r"medic|scien|research|analy|treat|therap|hospital|patient|clinical|diagnos|teaching"
    r"|veterinary|forensic|palliative|anaesthe|anesthe|pharmac"
)
OTHER = r"recreation|non\W?medical|pleasure|resale|party|cosmetic|food|industr|other than"


def carried(value: Any) -> str | None:
    """How the goods are carried. A traveller's own goods, a kit on board, relief, a consignment."""
    words = str(value).casefold() if value is not None else ""
    if not words:
        raise ValueError("how it is carried is not known")
    if re.search(r"first.?aid|emergency kit|medicine chest|medical chest", words):
        ground = re.search(r"train|bus|coach|rail", words)
        kind = "other public transport" if ground else "a ship or aircraft"
        return f"first aid kit of {kind}"
    if re.search(r"relief|humanitarian|disaster", words):
        return "relief"
    if re.search(r"travel|own |personal|patient|sick|tourist|visitor|passenger", words):
        return "traveller"
    if re.search(r"commercial|consignment|cargo|freight|trade", words):
        return "consignment"
    raise ValueError("how it is carried is not understood")


def other_purpose(value: Any) -> bool | None:
    """Whether a purpose is other than medical or scientific; unknown words are unknown."""
    words = str(value or "").casefold()
    if re.search(OTHER, words):
        return True
    return False if re.search(LAWFUL, words) else None


def countries(value: Any, only: Sequence[str]) -> list[str] | None:
    """A list of countries; yes is the only country it can be, no is none."""
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}", value):
        return [value]
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        if None in value.values():
            raise ValueError("of one country it is not known")
        return [code for code, holds in value.items() if truth(holds)]
    said = truth(value)
    if said and not only:
        raise ValueError("no country is named")
    return list(only) if said else []


def permits(value: Any) -> bool | None:
    """Whether a rule in words lets a traveller pass."""
    if value is None or isinstance(value, bool):
        return value
    words = str(value).casefold()
    if re.match(r"(none|no (traveller )?rule)", words):
        raise ValueError("no rule is neither leave nor prohibition")
    if re.search(r"\bno\b|\bnot\b|never|forbid|prohibit|refus", words):
        return False
    if re.search(r"allow|permit|may|accept", words):
        return True
    raise ValueError("a rule in words")


def request(value: Any) -> dict[str, Any]:
    """A request under 1988 article 12 (10) (a): made or not, since when, of what."""
    if not isinstance(value, dict):
        made = truth(value)
        # A bare yes is a request in force on the day asked about, of all substances of Table I.
        return {"made": made, **({"since": "1990-11-11"} if made else {})}
    found: dict[str, Any] = {"made": True, "since": value.get("since")}
    scope = value.get("scope", value.get("substances"))
    if isinstance(scope, str) and re.search(r"\ball\b|whole|every", scope.casefold()):
        scope = []
    if isinstance(scope, str):
        scope = [part.strip() for part in re.split(r",|;|\band\b", scope) if part.strip()]
    if scope is None or set(value) - {"since", "scope", "substances"}:
        raise ValueError("the scope of the request is not known")
    return {**found, "substances": scope}


def prohibition(value: Any, on: Any) -> bool | None:
    """A notified prohibition of import (1971 article 13), in force on a day."""
    if isinstance(value, dict):
        days = [day for key, day in value.items() if re.search(r"on$|date|since|received", key)]
        unknown = set(value) - {"substances", "scope", "region"} - {
            key for key in value if re.search(r"on$|date|since|received", key)
        }  # fmt: skip
        if unknown or len(days) > 1:
            raise ValueError("a prohibition in words")
        value = days[0] if days else True
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value) <= date.fromisoformat(str(on))
    return truth(value)


def bank(value: Any, importer: str | None) -> bool | None:
    """Whether a bank receives it for another than the person named as importer."""
    if isinstance(value, str) and value.casefold().strip() not in {"yes", "no", "true", "false"}:
        return None if importer is None else value.casefold() != importer.casefold()
    return truth(value)


def in_base(value: Any) -> None:
    """Estimates are in anhydrous base; anything else is not understood."""
    if "base" not in str(value).casefold():
        raise ValueError("estimates that are not in base")


def decided(text: Any) -> str | None:
    """The provision a decision of the Commission names: `Schedule II 1971, March 2025`."""
    words = str(text or "")
    treaty = re.search(r"\b(1961|1971|1988)\b", words)
    part = re.search(r"(?:Schedule|Table)\s+(IV|III|II|I)\b", words, re.IGNORECASE)
    if treaty is None or part is None:
        return None
    return f"UN-{treaty.group(1)}-{part.group(1).upper()}"


def plus(one: str, other: str) -> str:
    """The sum of two figures as written."""
    return str(Decimal(one) + Decimal(other))


def days_between(first: Any, last: Any) -> int:
    """Days from one day to another."""
    return (date.fromisoformat(str(last)) - date.fromisoformat(str(first))).days
