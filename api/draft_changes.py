"""What differs between two versions of a draft: line by line, and in words.

It runs inside a worker: how long two texts take to compare depends on what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from registry.errors import RuleFileError
from rules.strict_yaml import Document, Path_, parse

Plain = dict[str, Any]

CONTEXT = 3  # lines shown around what differs
LONGEST = 120  # characters of a value told in words
NAMED_BY = ("id", "name", "clause", "at", "question", "provision")
CHANGES = ("add", "adopt", "amend", "end", "exempt", "list", "unlist", "settle")


def compare(before: str, after: str) -> Plain:
    """Both ways of telling. Where a text is no YAML only the lines are compared, and it is told."""
    words, why = _words(before, after)
    return {"lines": list(_lines(before.splitlines(), after.splitlines())), "words": words,
            "not_in_words": why}  # fmt: skip


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Plain]:
    """Lines that differ with those around them. `mark`: `-` gone, `+` new, `…` left out."""
    groups = SequenceMatcher(None, before, after).get_grouped_opcodes(CONTEXT)
    for number, group in enumerate(groups):
        if number:
            yield {"mark": "…", "before": None, "after": None, "text": ""}
        for kind, a, b, c, d in group:
            if kind == "equal":
                for step in range(b - a):
                    at = a + step
                    yield {"mark": " ", "before": at + 1, "after": c + step + 1, "text": before[at]}
                continue
            for at in range(a, b):
                yield {"mark": "-", "before": at + 1, "after": None, "text": before[at]}
            for at in range(c, d):
                yield {"mark": "+", "before": None, "after": at + 1, "text": after[at]}


def _words(before: str, after: str) -> tuple[list[Plain], str]:
    try:
        one, other = parse(before, "before"), parse(after, "after")
    except RuleFileError as error:
        return [], error.message
    return list(_told(one.content, other.content, (), other)), ""


def _told(before: Any, after: Any, path: Path_, document: Document) -> Iterator[Plain]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _parts(before, after, path, document)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _parts(_named(before), _named(after), path, document)
    else:
        yield _line(path, document, f"is `{_short(after)}`, was `{_short(before)}`")


def _parts(
    before: Mapping[Any, Any], after: Mapping[Any, Any], path: Path_, document: Document
) -> Iterator[Plain]:
    for key in before:
        if key not in after:
            yield _line((*path, key), document, f"is gone; was `{_short(before[key])}`")
    for key, value in after.items():
        if key not in before:
            yield _line((*path, key), document, f"is new: `{_short(value)}`")
        else:
            yield from _told(before[key], value, (*path, key), document)


def _named(items: Sequence[Any]) -> dict[str, Any]:
    """The items of a list by what they are called, so that one put between moves no other."""
    named: dict[str, Any] = {}
    for number, item in enumerate(items, start=1):
        name = _name(item)
        named[name if name and name not in named else f"{number}"] = item
    return named


def _name(item: Any) -> str:
    if not isinstance(item, Mapping):
        return _short(item)
    for change in CHANGES:
        about = item.get(change)
        if isinstance(about, str):
            return f"{change} {about}"
        if isinstance(about, Mapping):
            return f"{change} {_name(about)}"
    name = next((item[key] for key in NAMED_BY if isinstance(item.get(key), str)), "")
    return f"{name}, {item['on']}" if name and isinstance(item.get("on"), str) else str(name)


def _line(path: Path_, document: Document, text: str) -> Plain:
    where = " › ".join(str(part) for part in path) or "the whole"
    return {"where": where, "text": text, "line": _place(path, document)}


def _place(path: Path_, document: Document) -> int:
    """Where it stands in the later text; of a list, whose items are named here, the list."""
    return document.place(path)[0]


def _short(value: Any) -> str:
    text = " ".join(str(value).split()) if isinstance(value, str) else _outline(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _outline(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_short(part)}" for key, part in value.items())
    if isinstance(value, list):
        return "; ".join(_name(item) or _short(item) for item in value)
    return "nothing" if value is None else str(value)
