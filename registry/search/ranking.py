"""How well a name answers to what was typed. Pure: the same order whatever the database.

exact, then spelling (a national way to write it), then prefix, then whole words, then similar.
Within a way of matching the higher score comes first, then the more official kind of name; the
name itself and the substance decide the rest, so the order is total.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from registry.spelling import loose, plain, words

SIMILAR = 0.4  # least share of trigrams in common for a name to count as found
NEAREST = 0.15  # least share for a name to be suggested where nothing was found
SHORTEST = 3  # letters of the parts that the databases index


class How(StrEnum):
    """How a name matched, best first."""

    EXACT = "exact"
    SPELLING = "spelling"
    PREFIX = "prefix"
    WORD = "word"
    SIMILAR = "similar"


KINDS = ("inn", "common", "systematic", "trade", "code", "street")
"""Kinds of names, the more official first; a misprint comes after everything."""

_PLACE = {how: place for place, how in enumerate(How)}
_OFFICIAL = {kind: place for place, kind in enumerate(KINDS)} | {"misprint": len(KINDS) + 1}


class Name(NamedTuple):
    """A name on record, or a number: `kind` is then the kind of the identifier."""

    substance: str
    text: str
    kind: str
    language: str = ""
    script: str = ""
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What was looked for: the text asked, or the part of it that was read as the name.

    `salt` names what the text says beside the parent, in the order of the text.
    """

    text: str
    salt: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """The name by which a substance was found, how well it answers (0 to 1), and to what."""

    name: Name
    how: How
    score: float
    read: Read

    @property
    def key(self) -> Key:
        """Its place in the order of answers."""
        name = self.name
        kind = 2 * _OFFICIAL.get(name.kind, len(KINDS)) + (not name.preferred)
        order = (_PLACE[self.how], -self.score, kind, name.text, name.substance)
        return (*order, name.language, name.script)


Key = tuple[int, float, int, str, str, str, str]


def rank(read: Read, names: Iterable[Name], *, least: float | None = None) -> list[Match]:
    """Each substance once, by the name of it that answers best, best first.

    `least` is the score from which a merely similar name counts, from 0 to 1; None: it never does.
    """
    query = _Query(read)
    found = (query.match(name, least) for name in names)
    return merged(match for match in found if match)


def merged(matches: Iterable[Match]) -> list[Match]:
    """Each substance once, by its best match, best first."""
    best: dict[str, Match] = {}
    for match in matches:
        known = best.get(match.name.substance)
        if known is None or match.key < known.key:
            best[match.name.substance] = match
    return sorted(best.values(), key=lambda match: match.key)


class _Query:
    """What is looked for, with its keys made once."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.plain, self.loose = plain(read.text), loose(read.text)
        self.words = frozenset(words(read.text))
        self.trigrams = trigrams(self.loose)

    def match(self, name: Name, least: float | None) -> Match | None:
        key = _loose(name.text)
        if strict := self._strict(name.text, key):
            return Match(name, *strict, self.read)
        if least is None:
            return None
        score = likeness(self.trigrams, _trigrams(key))
        return Match(name, How.SIMILAR, score, self.read) if score >= least else None

    def _strict(self, text: str, key: str) -> tuple[How, float] | None:
        if key == self.loose:
            return (How.EXACT if plain(text) == self.plain else How.SPELLING), 1.0
        if key.startswith(self.loose):
            return How.PREFIX, self._share(key)
        if self.words and self.words <= _words(text):
            return How.WORD, self._share(key)
        return None

    def _share(self, key: str) -> float:
        return min(round(len(self.loose) / len(key), 3), 1.0) if key else 0.0


def trigrams(key: str) -> frozenset[str]:
    """Every three characters in a row, the beginning and the end of the name marked."""
    padded = f"^^{key}$"
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared trigrams over all trigrams of both (Jaccard), from 0 to 1, to three places."""
    shared = len(one & other)
    return round(shared / (len(one) + len(other) - shared), 3)


def trigrams_of(key: str) -> list[str]:
    """The trigrams of a key that a database can look up: without the marks of its ends."""
    return sorted({key[at : at + SHORTEST] for at in range(len(key) - SHORTEST + 1)})


# Names stay the same and are compared again with every question.
_loose = lru_cache(maxsize=1 << 14)(loose)
_trigrams = lru_cache(maxsize=1 << 13)(trigrams)


@lru_cache(maxsize=1 << 14)
def _words(text: str) -> frozenset[str]:
    """The words of a name, and two words in a row as one: `acet anilide` is `acetanilide`."""
    single = words(text)
    return frozenset(single) | {a + b for a, b in pairwise(single)}
