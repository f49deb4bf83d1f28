"""The closed condition language of shipment rules: three-valued, decimal, and nothing else.

    {all: […]}   {any: […]}   {not: …}   {fact: name, <operator>: value}

A fact nobody supplied makes a test unknown, never false. `all` and `any` follow Kleene: a certain
part decides where it can, otherwise the answer is unknown and names the facts that would settle it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from rules.shipment.vocabulary import FACTS, Kind


class Truth(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Members:
    """A set some of whose members are certain and others only possible. Of `one_of`, where it is
    not empty, at least one is in the set, though it is not known which."""

    certain: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    one_of: frozenset[str] = frozenset()

    def __str__(self) -> str:
        open_ = (f"{name}?" for name in sorted(self.possible - self.certain))
        return ", ".join([*sorted(self.certain), *open_]) or "none"


Value = str | bool | Decimal | date | Members | None
View = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A truth, the facts it was read from, and the unknown facts that would settle it."""

    truth: Truth
    used: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ask:
    """One fact compared with one value of the same kind."""

    fact: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Condition = All | AnyOf | Not | Ask
ALWAYS = All(())

OPERATORS: dict[str, frozenset[Kind]] = {
    "is": frozenset({"yes or no", "text"}),
    "in": frozenset({"text"}),
    "has_any": frozenset({"set"}),
    "before": frozenset({"date"}),
    "after": frozenset({"date"}),
    "at_least": frozenset({"number"}),
    "at_most": frozenset({"number"}),
    "matches": frozenset({"text"}),
    "present": frozenset({"yes or no", "text", "date", "number"}),
}


def opposite(truth: Truth) -> Truth:
    """Not: unknown stays unknown."""
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(truth, Truth.UNKNOWN)


def evaluate(condition: Condition, view: View) -> Verdict:
    """What a condition says of a view of facts. A fact that is absent or None is unknown."""
    match condition:
        case Not(part):
            inner = evaluate(part, view)
            return Verdict(opposite(inner.truth), inner.used, inner.unknown)
        case All(parts):
            return _combine([evaluate(part, view) for part in parts], Truth.NO, Truth.YES)
        case AnyOf(parts):
            return _combine([evaluate(part, view) for part in parts], Truth.YES, Truth.NO)
        case Ask():
            return _ask(condition, view)


def together(*verdicts: Verdict) -> Verdict:
    """All of several verdicts."""
    return _combine(list(verdicts), Truth.NO, Truth.YES)


def _combine(verdicts: list[Verdict], deciding: Truth, otherwise: Truth) -> Verdict:
    used = frozenset[str]().union(*(v.used for v in verdicts))
    if any(v.truth is deciding for v in verdicts):
        return Verdict(deciding, used)
    unknown = frozenset[str]().union(*(v.unknown for v in verdicts))
    open_ = any(v.truth is Truth.UNKNOWN for v in verdicts)
    return Verdict(Truth.UNKNOWN if open_ else otherwise, used, unknown)


def _ask(test: Ask, view: View) -> Verdict:
    used = frozenset({test.fact})
    value = view.get(test.fact)
    if isinstance(value, Members):
        return _ask_members(value, test)
    if value is None:
        return Verdict(Truth.UNKNOWN, used, used)
    holds = COMPARISONS[test.operator](value, test.value)
    return Verdict(Truth.YES if holds else Truth.NO, used)


def _ask_members(members: Members, test: Ask) -> Verdict:
    used = frozenset({test.fact})
    if members.certain & test.value or (members.one_of and members.one_of <= test.value):
        return Verdict(Truth.YES, used)
    if members.possible & test.value:
        return Verdict(Truth.UNKNOWN, used, used)
    return Verdict(Truth.NO, used)


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: value == wanted,
    "in": lambda value, wanted: value in wanted,
    "before": lambda value, wanted: value < wanted,
    "after": lambda value, wanted: value > wanted,
    "at_least": lambda value, wanted: value >= wanted,
    "at_most": lambda value, wanted: value <= wanted,
    "matches": lambda value, wanted: wanted.search(value) is not None,
    "present": lambda _value, _wanted: True,
}


def facts_of(condition: Condition) -> frozenset[str]:
    """Every fact a condition names."""
    match condition:
        case Ask(fact):
            return frozenset({fact})
        case Not(part):
            return facts_of(part)
        case All(parts) | AnyOf(parts):
            return frozenset[str]().union(*(facts_of(part) for part in parts))


def parse_condition(content: Any) -> Condition:
    """Read a condition from plain data. Raises ValueError in the words of the language."""
    if not isinstance(content, dict) or not content:
        raise ValueError(f"a condition is a mapping, not `{content}`")
    if "fact" in content:
        return _parse_test(content)
    if len(content) != 1:
        raise ValueError(f"a condition has one key, not {_names(content)}")
    ((word, inner),) = content.items()
    if word == "not":
        return Not(parse_condition(inner))
    if word not in {"all", "any"}:
        raise ValueError(f"unknown word `{word}`; known are all, any, not, fact")
    if not isinstance(inner, list) or not inner:
        raise ValueError(f"`{word}` needs a list of conditions")
    parts = tuple(parse_condition(part) for part in inner)
    return All(parts) if word == "all" else AnyOf(parts)


def _parse_test(content: dict[str, Any]) -> Ask:
    fact = content["fact"]
    if fact not in FACTS:
        raise ValueError(f"unknown fact `{fact}`")
    rest = {key: value for key, value in content.items() if key != "fact"}
    if len(rest) != 1:
        raise ValueError(f"`{fact}` needs exactly one operator, not {_names(rest)}")
    ((operator, value),) = rest.items()
    kind = FACTS[fact].kind
    if operator not in OPERATORS or kind not in OPERATORS[operator]:
        fitting = ", ".join(name for name, kinds in OPERATORS.items() if kind in kinds)
        raise ValueError(f"`{operator}` does not fit `{fact}` ({kind}); fitting are {fitting}")
    return Ask(fact, operator, _operand(operator, kind, value))


def _operand(operator: str, kind: Kind, value: Any) -> Any:
    if operator == "matches":
        return re.compile(str(value), re.IGNORECASE)
    if operator == "present":
        return read_value("yes or no", value)
    if operator in {"in", "has_any"}:
        if not isinstance(value, list) or not value:
            raise ValueError(f"`{operator}` needs a list, not `{value}`")
        return frozenset(value)
    return read_value(kind, value)


def read_value(kind: Kind, value: Any) -> Any:
    """A value of the given kind from the text of a rule file. Raises ValueError."""
    try:
        match kind:
            case "yes or no":
                return {"yes": True, "no": False}[value]
            case "date":
                return date.fromisoformat(value)
            case "number":
                return Decimal(value)
            case "set":
                return Members(
                    frozenset(name for name in value if not name.endswith("?")),
                    frozenset(name.removesuffix("?") for name in value),
                )
            case "text":
                return str(value)
    except (KeyError, ValueError, TypeError, InvalidOperation, AttributeError):
        raise ValueError(f"`{value}` is not a {kind}") from None


def _names(content: dict[str, Any]) -> str:
    return ", ".join(f"`{key}`" for key in content) or "none"
