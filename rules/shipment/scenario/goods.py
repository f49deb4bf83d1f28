"""Lines of the neutral form: form and concentration in words, as goods and composition.

sulfate pentahydrate            hydrochloride, tablets          tablets compounded
15 mg per tablet                2.5 mg diphenoxylate (base) + 0.025 mg atropine sulfate
99 %                            50 mg, no methylcellulose
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rules.shipment.scenario.words import (
    DOSAGE,
    FILLERS,
    INJECTED,
    MIXED,
    PURE,
    SALTS,
    WATERS,
    key_words,
    known_word,
    number,
    quantity,
    singular,
    split_salt,
    truth,
    unit,
)

KINDS = ("substance", "preparation", "pharmaceutical preparation")
TECHNICAL = Decimal(95)  # per cent from which goods are the substance itself, not a mixture of it
MEASURED = {"each", "contains", "containing", "purity", "up", "to", "at", "most", "maximum", "max"}
STRENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*(mg|g|µg|μg|ug|mcg|%|per cent|percent)", re.IGNORECASE)
PARTS = r"\s\+\s|;|,(?!\d)|\bwith\b|\band\b|\bplus\b"
PER_VOLUME = re.compile(r"(?:/|\bper)\s*(\d+(?:[.,]\d+)?)?\s*(?:ml|millilit\w*)")
FLAGS = {
    "recoverable": "recoverable", "easily recoverable": "recoverable", "divided": "divided",
    "recoverable by readily applicable means": "recoverable", "compounded": "compounded",
    "oral": "oral", "oral use": "oral", "for oral use": "oral", "as base": "as_base",
    "strength as base": "as_base", "contains psychotropic": "with_psychotropic",
    "with psychotropic": "with_psychotropic",
    "contains psychotropic substance": "with_psychotropic",
}  # fmt: skip
NEGATED = {
    "not recoverable": "recoverable", "not easily recoverable": "recoverable",
    "undivided": "divided",
}  # fmt: skip


@dataclass
class Line:
    """One line as it is read, and what of it could not be."""

    form: dict[str, Any] = field(default_factory=lambda: {"salt": None, "water": "0"})
    composition: dict[str, Any] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    pieces: bool = False


def read_line(stated: dict[str, Any], unread: list[str]) -> dict[str, Any]:
    """A line in the words of a consignment. What is not understood goes to `unread`."""
    line = Line(pieces=unit(stated.get("unit")) == "unit")
    name, salted = split_salt(str(stated.get("substance") or "").strip())
    if salted:
        line.form.update(salted)
    _form(line, stated.get("salt/form"), _dosage(stated.get("unit")))
    _strengths(line, stated.get("concentration"), name)
    found: dict[str, Any] = {"substance": name or None, "cas": stated.get("cas") or None}
    for key, value in stated.items():
        try:
            _other(line, found, key, value)
        except ValueError:
            line.unread.append(f"line `{name}`: {key} = {value}")
    found |= {
        "form": line.form,
        "quantity": _quantity(line, stated),
        "composition": line.composition,
    }
    unread += line.unread
    return found


def salt_of(text: Any, unread: list[str]) -> dict[str, Any] | None:
    """Salt and water in the words of a form; None where it says no salt."""
    line = Line()
    _form(line, text)
    unread += line.unread
    named = line.form["salt"] != "base" or "base" in str(text).casefold()
    return {key: line.form[key] for key in ("salt", "water")} if named else None


READ = {"substance", "cas", "salt/form", "quantity", "unit", "concentration"}


def _other(line: Line, found: dict[str, Any], key: str, value: Any) -> None:
    words = key_words(key)
    if key in READ:
        return
    if words in {"salt", "form"}:
        _form(line, value)
    elif words in {"exempted by", "exempt in", "exempted in"} and isinstance(value, list | None):
        found["exempted_by"] = value
    elif words in FLAGS or words in NEGATED:
        said = truth(value)
        turned = said if words in FLAGS or said is None else not said
        line.composition[FLAGS.get(words) or NEGATED[words]] = turned
    elif words == "kind" and value in KINDS:
        line.form["kind"] = value
    elif words == "ingredients" and value == []:
        line.composition["ingredients"] = []
    else:
        line.unread.append(f"line `{found['substance']}`: {key} = {value}")


def _quantity(line: Line, stated: dict[str, Any]) -> dict[str, Any] | None:
    value, of = stated.get("quantity"), stated.get("unit")
    if value is not None and of is not None and unit(of) is None:
        line.unread.append(f"unit `{of}`")
    return quantity(value, of)


def _dosage(of: Any) -> str:
    counted = unit(of) or ""
    return counted if counted in DOSAGE else ""


def _form(line: Line, text: Any, counted: str = "") -> None:
    """Salt, water, dosage form and kind from free words; a count of tablets says tablets."""
    if text is not None and not isinstance(text, str):
        line.unread.append(f"form `{text}`")
        return
    plain = (text or "").casefold().replace("free base", "base")
    if others := re.search(r"compounded with (?P<names>.+)$", plain):
        plain = plain[: others.start()] + "compounded"
        names = re.split(r",|\band\b", others.group("names"))
        line.composition["ingredients"] = [{"name": name.strip()} for name in names if name.strip()]
    kinds = set[str]()
    for word in [*re.findall(r"[^\s,;()/]+", plain), *([counted] if counted else [])]:
        _word(line, word, kinds)
    if "pharmaceutical preparation" in kinds:
        kinds.discard("preparation")
    line.form["kind"] = min(kinds) if kinds else line.form.get("kind", "substance")
    if isinstance(text, str) and line.form["kind"] == "substance" and not line.form["salt"]:
        line.form["salt"] = "base"  # a substance named without a salt is the substance itself
    if not plain and not counted and (text is None or line.pieces):
        line.form["kind"] = None


def _word(line: Line, word: str, kinds: set[str]) -> None:
    if word in SALTS:
        line.form["salt"] = SALTS[word]
    elif word in WATERS:
        line.form["water"] = WATERS[word]
    elif form := known_word(word, DOSAGE):
        kinds.add("pharmaceutical preparation")
        line.form.setdefault("pharmaceutical_form", word)
        divided, oral = DOSAGE[form]
        line.composition.setdefault("divided", divided)
        line.composition.setdefault("oral", oral)
        if form in INJECTED:
            line.composition.setdefault("recoverable", True)
    elif known_word(word, MIXED):
        kinds.add("preparation")
    elif known_word(word, PURE):
        line.form.setdefault("pharmaceutical_form", word)
    elif word not in FILLERS:
        line.unread.append(f"word `{word}` of the form")
    if word in {"compounded", "oral", "undivided"}:
        line.composition[word if word != "undivided" else "divided"] = word != "undivided"


def _strengths(line: Line, text: Any, name: str) -> None:
    """The strength of the substance, and its other ingredients, from words."""
    if text is None:
        return
    if not isinstance(text, str):
        line.unread.append(f"concentration `{text}`")
        return
    others: list[dict[str, Any]] = []
    none: list[str] = []
    stated = False
    for part in map(str.strip, re.split(PARTS, text)):
        if absent := re.fullmatch(r"(?:no|without)\s+(.+)", part, re.IGNORECASE):
            none.append(absent.group(1))
        elif not (found := STRENGTH.search(part)):
            _remark(line, part)
        elif stated and (other := _ingredient(part, found, name)):
            others.append(other)
        else:
            stated = True
            _strength(line, part, found, name)
    if none and not others and line.composition.get("compounded"):
        others = [{"name": "another ingredient"}]  # compounded, but not with what is named
    if others or none:
        line.composition["ingredients"] = [*line.composition.get("ingredients", []), *others]
    _mixed(line)


def _mixed(line: Line) -> None:
    """A stated share below that of technical goods makes a mixture of what was no preparation."""
    percent = line.composition.get("percent")
    below = percent is not None and Decimal(percent) < TECHNICAL
    if below and line.form.get("kind") == "substance":
        line.form["kind"] = "preparation"


def _strength(line: Line, part: str, found: re.Match[str], name: str) -> None:
    value, of = number(found.group(1)), found.group(2).casefold()
    rest = part[found.end() :].casefold()
    if "base" in rest:
        line.composition["as_base"] = True
    if of in {"%", "per cent", "percent"}:
        line.composition["percent"] = str(value)
    elif volume := PER_VOLUME.search(rest):
        per_ml = value / number(volume.group(1) or "1")
        if unit(of) == "mg":
            line.composition["percent"] = str(per_ml / 10)  # milligrams in 1 mL are tenths of w/v
        line.composition.setdefault("divided", False)
        rest = rest[: volume.start()] + rest[volume.end() :]
    else:
        line.composition["per_unit"] = quantity(value, of)
        line.composition["divided"] = True
    known = {*name.casefold().split(), *FILLERS, *DOSAGE, *MIXED, *PURE, *MEASURED}
    for word in re.findall(r"[^\W\d_]{2,}", f"{part[: found.start()].casefold()} {rest}"):
        if word in SALTS or word in WATERS:
            _word(line, word, set())
        elif word not in known and singular(word) not in known:
            line.unread.append(f"word `{word}` of the concentration")
        if word in MIXED:
            line.form["kind"] = "preparation"


def _ingredient(part: str, found: re.Match[str], name: str) -> dict[str, Any] | None:
    words = (part[: found.start()] + part[found.end() :]).split()
    other = " ".join(word for word in words if word not in {"per", "tablet", "capsule", "of"})
    other = re.sub(r"\((base|salt)\)", "", other).strip()
    if not other or other.casefold() == name.casefold():
        return None
    if found.group(2) in {"%", "per cent", "percent"}:
        return {"name": other, "percent": str(number(found.group(1)))}
    return {"name": other, "per_unit": quantity(number(found.group(1)), found.group(2))}


def _remark(line: Line, part: str) -> None:
    """Words beside figures: whether it is compounded, divided, recoverable."""
    words = key_words(part)
    if words in NEGATED:
        line.composition[NEGATED[words]] = False
    elif words in FLAGS:
        line.composition[FLAGS[words]] = True
    elif words:
        line.unread.append(f"`{part}` of the concentration")
