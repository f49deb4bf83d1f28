"""The names within a longer text: `Codeine (methylmorphine) and its salts` holds two."""

from __future__ import annotations

import re
import unicodedata

_TAIL = re.compile(
    r"[,;:]?\s+(?:and|or|und|oder)?\s*(?:its|their|any|all|ihre|seine|deren|dessen)\s.*$",
    re.IGNORECASE,
)
_APART = re.compile(r"[;/]\s*|,\s+|(?<=[^\W\d]{2}),(?=[^\W\d]{2})")


def parts_of(text: str) -> list[str]:
    """Parts of a text that may be its name: what stands before a bracket or before words such as
    `and its salts`, then what stands in the bracket, whole and by its commas. Most telling first.
    """
    bare = _TAIL.sub("", unicodedata.normalize("NFKC", text))
    head, inner = _bracketed(bare)
    found = [bare, head, inner, *_APART.split(inner), *_APART.split(head)]
    return list(dict.fromkeys(part.strip() for part in found if part.strip() not in ("", text)))


def _bracketed(text: str) -> tuple[str, str]:
    """What stands before the first round bracket and what within it; brackets may be nested.

    A bracket of a systematic name touches its neighbours on both sides; it is no aside.
    """
    opening = text.find("(", 1)
    if opening < 0:
        return text, ""
    end = _closing(text, opening)
    spaced = text[opening - 1].isspace() or text[opening + 1 : opening + 2].isspace()
    if not spaced or text[end + 1 : end + 2].isalnum():
        return text, ""
    return text[:opening], text[opening + 1 : end]


def _closing(text: str, opening: int) -> int:
    """Where the bracket is closed; the end of the text where it never is."""
    depth = 0
    for at in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return len(text)
