"""Frozen facts as plain data and back, strictly: nothing unknown, nothing missing, no float.

Left out means the default. Quantities are decimal text, moments are UTC.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from api.messages.message import LONGEST, LONGEST_TEXT, MOST, MessageRefused

T = TypeVar("T")
DECIMAL = r"\d{1,15}(\.\d{1,15})?"
DAY = r"\d{4}-\d{2}-\d{2}"
MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z"


def shape(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    """The fields of a dataclass by name, each with its type."""
    return _shape(kind)


@cache
def _shape(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return {field.name: (field, hints[field.name]) for field in fields(kind)}


def required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def bare(kind: Any) -> Any:
    """A type without the None it may also be."""
    if get_origin(kind) is UnionType:
        return next(one for one in get_args(kind) if one is not NoneType)
    return kind


def repeated(kind: Any) -> Any:
    """The type of the items of a tuple; None for anything else."""
    return get_args(kind)[0] if get_origin(kind) is tuple else None


def to_plain(value: Any) -> Any:
    """Plain data of a fact. Fields at their default are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        stated = ((name, field, getattr(value, name)) for name, (field, _) in _shape_of(value))
        return {n: to_plain(v) for n, f, v in stated if required(f) or v != f.default}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return leaf(value)


def leaf(value: Any) -> Any:
    """A single value as it is written."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, StrEnum) else value


def from_plain(kind: type[T], content: Any, where: str = "") -> T:
    """The fact that plain data states. Raises MessageRefused with a pointer to the fault."""
    if not isinstance(content, dict):
        raise MessageRefused(f"`{where or '/'}` is not an object")
    known = shape(kind)
    strange = sorted(set(content) - set(known))
    if strange:
        raise MessageRefused(f"`{where}/{strange[0]}` is not known")
    missing = [n for n, (field, _) in known.items() if required(field) and n not in content]
    if missing:
        raise MessageRefused(f"`{where}/{missing[0]}` is missing")
    return kind(
        **{
            name: _value(known[name][1], given, f"{where}/{name}")
            for name, given in content.items()
        }
    )


def to_json(value: Any) -> bytes:
    """The JSON form: readable, in the order of the schema."""
    return (json.dumps(to_plain(value), ensure_ascii=False, indent=2) + "\n").encode()


def from_json(kind: type[T], data: bytes) -> T:
    """The fact a JSON text states. Raises MessageRefused."""
    if len(data) > LONGEST:
        raise MessageRefused(f"a message has at most {LONGEST} bytes")
    try:
        content = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise MessageRefused(f"not JSON: {str(error)[:100].lower()}") from None
    return from_plain(kind, content)


def check_text(text: str, where: str) -> None:
    """Refuse what no text has, and what is longer than any should be. Raises MessageRefused."""
    if len(text) > LONGEST_TEXT:
        raise MessageRefused(f"`{where}` has more than {LONGEST_TEXT} characters")
    if any(unicodedata.category(c) in {"Cc", "Cs", "Cn"} and c not in "\n\t" for c in text):
        raise MessageRefused(f"`{where}` has a character that no text has")


def _shape_of(value: Any) -> Any:
    return shape(type(value)).items()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _value(kind: Any, given: Any, where: str) -> Any:
    item = repeated(kind)
    if item is not None:
        if not isinstance(given, list) or len(given) > MOST:
            raise MessageRefused(f"`{where}` is not a list of at most {MOST}")
        return tuple(_value(item, one, f"{where}/{n}") for n, one in enumerate(given))
    if given is None and kind is not bare(kind):
        return None
    kind = bare(kind)
    return (
        _leaf(kind, given, where)
        if kind in _LEAVES or issubclass(kind, StrEnum)
        else from_plain(kind, given, where)
    )


def _leaf(kind: Any, given: Any, where: str) -> Any:
    if kind is int or kind is bool:
        if type(given) is not kind or (kind is int and not 0 <= given <= 10**9):
            raise MessageRefused(f"`{where}` is not {'a number' if kind is int else 'yes or no'}")
        return given
    if not isinstance(given, str):
        raise MessageRefused(f"`{where}` is not text")
    check_text(given, where)
    try:
        return _READ.get(kind, kind)(given)
    except ValueError:
        raise MessageRefused(
            f"`{where}`: `{given[:40]}` is not a {kind.__name__.lower()}"
        ) from None


def _decimal(text: str) -> Decimal:
    return Decimal(_matching(DECIMAL, text))


def _day(text: str) -> date:
    return date.fromisoformat(_matching(DAY, text))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(_matching(MOMENT, text))


def _matching(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(text)
    return text


_LEAVES = frozenset({str, int, bool, Decimal, date, datetime})
_READ: dict[Any, Any] = {Decimal: _decimal, date: _day, datetime: _moment}
