"""The two published schemas of a message, made from its dataclasses so that they cannot lag.

They are also kept in docs/schemas; a test compares them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any
from xml.sax.saxutils import quoteattr

from api.messages.message import LONGEST_TEXT, MOST, NAME, NAMESPACE, Message
from api.messages.plain import DAY, DECIMAL, MOMENT, bare, repeated, required, shape

XS = "http://www.w3.org/2001/XMLSchema"
XSD_NAMES = {str: "Text", int: "Number", bool: "xs:boolean", Decimal: "Quantity", date: "Day",
             datetime: "Moment"}  # fmt: skip
SIMPLE = f"""  <xs:simpleType name="Text"><xs:restriction base="xs:string"><xs:maxLength value="{LONGEST_TEXT}"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Number"><xs:restriction base="xs:integer"><xs:minInclusive value="0"/><xs:maxInclusive value="1000000000"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Quantity"><xs:restriction base="xs:decimal"><xs:pattern value="{DECIMAL}"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Day"><xs:restriction base="xs:date"><xs:pattern value="{DAY}"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Moment"><xs:restriction base="xs:dateTime"><xs:pattern value="{MOMENT}"/></xs:restriction></xs:simpleType>"""


@cache
def xsd() -> bytes:
    """The XML Schema of a message."""
    namespaces = f'xmlns="{NAMESPACE}" targetNamespace="{NAMESPACE}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<xs:schema xmlns:xs="{XS}" {namespaces} elementFormDefault="qualified">',
        '  <xs:element name="message" type="Message"/>',
        SIMPLE.replace(r"\d", "[0-9]"),
    ]
    for kind in _kinds(Message):
        lines += _enumeration(kind) if issubclass(kind, StrEnum) else _complex(kind)
    return ("\n".join([*lines, "</xs:schema>"]) + "\n").encode()


@cache
def json_schema() -> bytes:
    """The JSON Schema of a message (2020-12)."""
    named = {kind.__name__: _object(kind) for kind in _kinds(Message)}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/v1/schemas/{NAME}.json",
        "title": NAME,
        "$ref": "#/$defs/Message",
        "$defs": dict(sorted(named.items())),
    }
    return (json.dumps(schema, indent=2) + "\n").encode()


def _kinds(kind: Any, seen: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    """A dataclass and every dataclass and enumeration it needs, each once."""
    if kind in seen:
        return seen
    seen = (*seen, kind)
    inner = () if issubclass(kind, StrEnum) else shape(kind).values()
    for _, wanted in inner:
        part = repeated(wanted) or bare(wanted)
        if is_dataclass(part) or (isinstance(part, type) and issubclass(part, StrEnum)):
            seen = _kinds(part, seen)
    return seen


def _enumeration(kind: type[StrEnum]) -> Iterator[str]:
    yield f'  <xs:simpleType name="{kind.__name__}"><xs:restriction base="xs:string">'
    yield from (f"    <xs:enumeration value={quoteattr(word)}/>" for word in kind)
    yield "  </xs:restriction></xs:simpleType>"


def _complex(kind: type) -> Iterator[str]:
    yield f'  <xs:complexType name="{kind.__name__}"><xs:sequence>'
    for name, (field, wanted) in shape(kind).items():
        item = repeated(wanted)
        part = item or bare(wanted)
        least = 1 if required(field) else 0
        most = f' maxOccurs="{MOST}"' if item else ""
        word = XSD_NAMES.get(part, part.__name__)
        yield f'    <xs:element name="{name}" type="{word}" minOccurs="{least}"{most}/>'
    yield "  </xs:sequence></xs:complexType>"


def _object(kind: Any) -> dict[str, Any]:
    if issubclass(kind, StrEnum):
        return {"enum": [str(word) for word in kind]}
    known = shape(kind)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, (field, _) in known.items() if required(field)],
        "properties": {name: _property(wanted) for name, (_, wanted) in known.items()},
    }


def _property(wanted: Any) -> dict[str, Any]:
    item = repeated(wanted)
    if item is not None:
        return {"type": "array", "maxItems": MOST, "items": _property(item)}
    part = bare(wanted)
    found = _LEAVES.get(part) or {"$ref": f"#/$defs/{part.__name__}"}
    return found if part is wanted else {"anyOf": [found, {"type": "null"}]}


_LEAVES: dict[Any, dict[str, Any]] = {
    str: {"type": "string", "maxLength": LONGEST_TEXT},
    int: {"type": "integer", "minimum": 0, "maximum": 10**9},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "pattern": f"^{DECIMAL}$"},
    date: {"type": "string", "pattern": f"^{DAY}$"},
    datetime: {"type": "string", "pattern": f"^{MOMENT}$"},
}
