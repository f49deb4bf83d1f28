"""National law in the neutral form: which treaties bind whom, and which rules go beyond them.

Invented countries, XA to XZ, have no rules beyond the treaties where the consignment says so. Of a
real country it is never taken from such a sentence that it has none.
"""

from __future__ import annotations

import re
from typing import Any, Protocol

from rules.shipment.scenario.words import truth
from rules.shipment.tables import tables

TREATIES = ("1961", "1971", "1988")
INVENTED = re.compile(r"X[A-Z]")
SCHEDULES = {"i", "ii", "iii", "iv"}
PAPER = r"(permit|authori[sz]ation|certificate|licen[cs]e)"


class Reading(Protocol):
    """What of a reading is needed here; see `facts.Reading`."""

    facts: dict[str, Any]
    substances: tuple[str, ...]
    unread: list[str]

    @property
    def codes(self) -> list[str]: ...


def parties(reading: Reading, value: Any) -> None:
    """Which country is bound by which treaty. Raises ValueError where the words do not tell."""
    if isinstance(value, dict):
        reading.facts["parties_to"] = {
            code: {treaty: treaty in (of or ()) for treaty in TREATIES} if of is not None else {}
            for code, of in value.items()
        }
        return
    bound: dict[str, dict[str, bool | None]] = {code: {} for code in reading.codes}
    for sentence in re.split(r"[;.]\s*", str(value or "")):
        _bound(bound, sentence.strip())
    reading.facts["parties_to"] = bound


def _bound(bound: dict[str, dict[str, bool | None]], sentence: str) -> None:
    words = sentence.casefold()
    if not words:
        return
    named = [code for code in bound if re.search(rf"\b{code}\b", sentence)]
    if not named and not re.search(r"\ball\b|both", words):
        raise ValueError("no country is named")
    every = re.search(r"three conventions|all (the )?conventions|each convention", words)
    treaties = TREATIES if every else tuple(t for t in TREATIES if t in words)
    if not treaties or "part" not in words or re.search(r"with(?!out)\b.*reservation", words):
        raise ValueError("no treaty is named, or there are reservations")
    holds = re.search(r"\bnot\b|\bno\b(?! reservation)|non-part", words) is None
    for code in named or list(bound):
        bound[code] |= dict.fromkeys(treaties, holds)


def rules(reading: Reading, value: Any) -> None:
    """`none beyond the treaties`: of invented countries all rules are stated."""
    words = str(value or "").casefold()
    if not re.search(r"(none|no rules|nothing) beyond the treaties", words):
        raise ValueError("national rules in words")
    for code in reading.codes:
        if INVENTED.fullmatch(code):
            _of(reading, code)["complete"] = True


def requires(reading: Reading, code: str, value: Any, found: re.Match[str]) -> None:
    """A flag: whether a country asks for a paper, of a Schedule or of a substance."""
    towards = "import" if code == reading.codes[1] else "export"
    paper = _paper(found.group("paper"), towards)
    requirement: dict[str, Any] = {"needs": paper, "required": truth(value)}
    requirement |= _about(found.group("about"))
    _of(reading, code)["requirements"].append(requirement)


def _paper(words: str, towards: str) -> str:
    if "notification" in words:
        return "pre_export_notification"
    if "declaration" in words:
        return "export_declaration"
    named = next((word for word in ("import", "export") if word in words), towards)
    return f"{named}_authorization"


def _about(words: str | None) -> dict[str, Any]:
    rest = re.sub(r"\b(schedule|table|for|drugs?|substances?)\b", " ", words or "").split()
    if not rest:
        return {}
    treaty = next((word for word in rest if word in TREATIES), "1971")
    if set(rest) <= SCHEDULES | set(TREATIES):
        return {"provisions": [f"UN-{treaty}-{word.upper()}" for word in rest if word in SCHEDULES]}
    return {"substances": [" ".join(rest)]}


def laws_of(reading: Reading, code: str, value: Any) -> None:
    """The law of one country in words: a permit is required, or none is, for some goods."""
    rules_of = _of(reading, code)
    if value is None:
        rules_of["complete"] = None
        return
    words = str(value).casefold()
    if re.search(r"prohibit|forbid|\bban(s|ned)?\b|not (allow|permit)", words):
        # Nothing but a licence in spite of it lets the goods in.
        rules_of["requirements"].append({"needs": "special_import_licence", "required": True})
        return
    if re.search(
        rf"\bno (import |export )?{PAPER}\b.*(requir|need)|nothing is (requir|need)", words
    ):
        return
    if re.search(rf"{PAPER}.*not (requir|need)|free import|import (is )?free", words):
        return
    asked = re.search(rf"(import|export)?\s*{PAPER} (is )?(requir|need)\w*(?P<for>.*)", words)
    if asked is None:
        raise ValueError("a law in words")
    needs = "export_authorization" if asked.group(1) == "export" else "import_authorization"
    # Whatever the words say of the goods, it is read as being of these.
    rules_of["requirements"].append({"needs": needs, "required": True})


def in_union(code: str) -> bool:
    """Whether a country is a member of the European Union."""
    return bool(tables().places.unions_of(code))


def _of(reading: Reading, code: str) -> dict[str, Any]:
    book: dict[str, Any] = reading.facts.setdefault("national", {})
    rules_of: dict[str, Any] = book.setdefault(code, {"complete": None, "requirements": []})
    return rules_of
