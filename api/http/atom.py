"""Changes as an Atom feed (RFC 4287), paged with `next` links (RFC 5005)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

MEDIA = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
AUTHOR = "substance-register"
BEGINNING = "1970-01-01T00:00:00Z"  # a feed without entries has to say some moment

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")

ET.register_namespace("", ATOM)


def feed(
    items: Iterable[Mapping[str, Any]], *, base: str, identity: str, links: Mapping[str, str]
) -> bytes:
    """The feed as XML. `identity` never changes; `links` are `self` and, where there is more, `next`."""
    entries = list(items)
    root = ET.Element(f"{{{ATOM}}}feed")
    _add(root, "id", identity)
    _add(root, "title", "Changes of the register")
    _add(root, "updated", _moment(entries[0]["at"]) if entries else BEGINNING)
    _add(_add(root, "author"), "name", AUTHOR)
    for relation, address in links.items():
        _add(root, "link", rel=relation, href=address, type=MEDIA)
    for item in entries:
        _entry(_add(root, "entry"), item, base)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _entry(entry: ET.Element, item: Mapping[str, Any], base: str) -> None:
    _add(entry, "id", item["id"])
    _add(entry, "title", f"{item['act']}: {item['about']}")
    _add(entry, "updated", _moment(item["at"]))
    _add(entry, "published", _moment(item["at"]))
    _add(entry, "link", rel="alternate", href=_page(item, base), type="text/html")
    source = item["source"] or {}
    if _ADDRESS.fullmatch(source.get("address", "")):
        _add(entry, "link", rel="via", href=source["address"], title=source["title"] or None)
    for scheme in ("kind", "act", "jurisdiction"):
        if item[scheme]:
            _add(entry, "category", term=item[scheme], scheme=f"{base}/v1/changes#{scheme}")
    _add(entry, "content", "\n".join(_lines(item)), type="text")


def _page(item: Mapping[str, Any], base: str) -> str:
    """Where a reader sees what it is about."""
    if item["substance"]:
        return f"{base}/substances/{quote(item['substance'], safe='')}"
    return f"{base}/provisions/{quote(item['provision'] or '', safe='')}".rstrip("/")


def _lines(item: Mapping[str, Any]) -> Iterable[str]:
    for name, what in item["changed"].items():
        yield f"{name}: {_value(what['was'])} → {_value(what['is'])}"
    for name, value in item["says"].items():
        if value not in (None, "", [], {}):
            yield f"{name}: {_value(value)}"
    if item["source"]:
        told = (item["source"][part] for part in ("title", "publisher", "address", "retrieved"))
        yield f"source: {', '.join(part for part in told if part)}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)


def _moment(text: str) -> str:
    return text.replace("+00:00", "Z")


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str | None) -> ET.Element:
    """A child; what XML cannot hold is shown as a replacement character."""
    given = {name: _NO_XML.sub("\ufffd", value) for name, value in attributes.items() if value}
    child = ET.SubElement(parent, f"{{{ATOM}}}{tag}", given)
    child.text = _NO_XML.sub("\ufffd", text) or None
    return child
