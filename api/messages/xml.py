"""The XML form of a message: written and read by the same dataclasses as the JSON form.

What is read from outside is hostile until proven: no document type, no entities, no network, no
processing instructions, a bound on its size; then the published schema, then the strict reader.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cache
from typing import Any, TypeVar

from lxml import etree  # type: ignore[import-untyped]  # it brings no types

from api.messages.message import LONGEST, NAMESPACE, MessageRefused
from api.messages.plain import bare, from_plain, repeated, shape, to_plain
from api.messages.schemas import xsd

T = TypeVar("T")


def to_xml(value: Any) -> bytes:
    """The XML form, in the order the schema wants."""
    root = etree.Element(_tag(type(value).__name__.lower()), nsmap={None: NAMESPACE})
    _fill(root, type(value), to_plain(value))
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


def from_xml(kind: type[T], data: bytes) -> T:
    """The fact an XML text states. Raises MessageRefused with what is wrong with it."""
    if len(data) > LONGEST:
        raise MessageRefused(f"a message has at most {LONGEST} bytes")
    root = _parsed(data)
    schema = _schema()
    if not schema.validate(root):
        fault = schema.error_log[0]
        raise MessageRefused(f"line {fault.line}: {fault.message.replace(NAMESPACE, '')[:200]}")
    return from_plain(kind, _plain(kind, root))


def _fill(element: Any, kind: Any, plain: dict[str, Any]) -> None:
    for name, (_, wanted) in shape(kind).items():
        if name not in plain or plain[name] is None:
            continue
        item = repeated(wanted)
        for one in plain[name] if item else [plain[name]]:
            child = etree.SubElement(element, _tag(name))
            inner = item or bare(wanted)
            if is_dataclass(inner):
                _fill(child, inner, one)
            else:
                child.text = str(one)


def _parsed(data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MessageRefused("a message in XML is written in UTF-8") from None
    if "<!" in text or "<?" in text.removeprefix("<?xml"):
        raise MessageRefused("a message has no document type, comment or processing instruction")
    # The encoding is fixed: another one declared could spell a document type unseen by the line above.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise MessageRefused(f"not XML: {str(error.msg)[:100].lower()}") from None


@cache
def _schema() -> Any:
    return etree.XMLSchema(etree.fromstring(xsd()))


def _plain(kind: Any, element: Any) -> dict[str, Any]:
    """What an element says as plain data, by the fields of its dataclass."""
    known = shape(kind)
    found: dict[str, Any] = {}
    for child in element:
        name = etree.QName(child).localname
        item = repeated(known[name][1])
        inner = item or bare(known[name][1])
        one = _plain(inner, child) if is_dataclass(inner) else _leaf(inner, child.text or "")
        if item:
            found.setdefault(name, []).append(one)
        else:
            found[name] = one
    return found


def _leaf(kind: Any, text: str) -> Any:
    return int(text) if kind is int else text == "true" if kind is bool else text


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
