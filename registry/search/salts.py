"""The parent in the name of a salt or hydrate, by the words of `salts.csv`.

A name only says what a word usually means. Whether the parent can form the salt is asked where its
structure is known: an acid makes a salt with a base, and every base of this register holds
nitrogen, so that `testosterone acetate` stays what it is, an ester.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from registry.spelling import fold

JOINED = 5  # letters of the shortest word that may be grown together with its parent
MOST = 4  # words taken off one name
_GAP = r"[\s·•*×.,;:-]*[\[(]?"
_END = r"[\])]?[\s*.,;]*$"
_TIMES = r"(?P<times>hemi|sesqui|mono|di|tri|半|二|三)?"
_IN_LATIN = {"半": "hemi", "二": "di", "三": "tri"}
_WATER = re.compile(rf"[\s·•*×.,;:(\[-]+(?:x\s*)?(\d*[.,]?\d*)\s*h2o{_END}")
_RATIO = re.compile(r"\s*\(\d+:\d+(?::\d+)?\)\s*$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the file: `place` is before or after the parent, `kind` acid, metal or water."""

    word: str
    place: str
    kind: str
    means: str


@dataclass(frozen=True, slots=True)
class Parent:
    """What is left of a name, and the words taken off it in the order of the name."""

    text: str
    salt: tuple[str, ...]
    kinds: frozenset[str]

    def can_be(self, formula: str) -> bool:
        """Whether a substance of this formula can be the parent. Without acids, any can."""
        return "acid" not in self.kinds or bool(re.search(r"N(?![a-z])", formula))


def parents(name: str) -> list[Parent]:
    """What may be the parent in the name of a salt, the fewest words taken off first."""
    found: list[Parent] = []
    text = fold(name)
    salt: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    for _ in range(MOST):
        taken = _taken(_RATIO.sub("", text))
        if taken is None:
            break
        text, word = taken
        salt = (word.means, *salt) if word.place == "after" else (*salt, word.means)
        kinds |= {word.kind}
        found += [Parent(written, salt, kinds) for written in _free(text, word)]
    return found


def _taken(text: str) -> tuple[str, Word] | None:
    """The text without one word of a salt, the longest that stands at its end or beginning."""
    if drawn := _WATER.search(text):
        return text[: drawn.start()], Word("h2o", "after", "water", _drops(drawn[1]))
    for word, pattern in _patterns():
        if at := pattern.search(text):
            rest = text[: at.start()] if word.place == "after" else text[at.end() :]
            if rest.strip():
                return rest.strip(), replace(word, means=_times(at) + word.means)
    return None


def _free(text: str, word: Word) -> list[str]:
    """The parent as written, and the acid of which it is the name beside a metal."""
    endings = {"ate": "ic acid", "at": "säure"} if word.kind == "metal" else {}
    acids = [text.removesuffix(end) + acid for end, acid in endings.items() if text.endswith(end)]
    return [text, *acids]


def _times(found: re.Match[str]) -> str:
    """How many molecules of the acid the word names, as a Latin prefix."""
    times = found.groupdict().get("times") or ""
    return _IN_LATIN.get(times, times)


def _drops(number: str) -> str:
    return f"{number or '1'} H2O"


@cache
def _patterns() -> list[tuple[Word, re.Pattern[str]]]:
    words = sorted(_words(), key=lambda word: (-len(word.word), word.word))
    return [(word, _pattern(word)) for word in words]


def _pattern(word: Word) -> re.Pattern[str]:
    """Parted from its parent, or grown together with it as in German and Chinese."""
    written = re.escape(word.word)
    if word.kind == "acid":
        written = _TIMES + written
    joined = len(word.word) >= JOINED or not word.word.isascii()
    if word.place == "before":
        return re.compile(rf"^{written}{'' if joined else r'(?=[^a-z])'}{_GAP}(?=\w)")
    return re.compile(rf"(?<=[\w)\]]){'' if joined else r'(?=[^a-z])'}{_GAP}{written}{_END}")


def _words() -> list[Word]:
    text = files("registry.search").joinpath("salts.csv").read_text("utf-8")
    return [Word(**row) for row in csv.DictReader(text.splitlines())]
