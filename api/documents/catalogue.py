"""The words of the papers, one file for each language under `labels/`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from registry.errors import InputError

LABELS = Path(__file__).parent / "labels"
Words = dict[str, dict[str, str]]


class UnknownLanguage(InputError):
    """Papers are not printed in this language."""

    code = "language-unknown"


@cache
def languages() -> tuple[str, ...]:
    """The languages in which papers are printed, by their ISO 639-1 codes."""
    return tuple(sorted(file.stem for file in LABELS.glob("*.toml")))


@cache
def words(language: str) -> Words:
    """Every label in a language. Raises UnknownLanguage, which names those there are."""
    if language not in languages():
        raise UnknownLanguage(f"`{language}` is none of {', '.join(languages())}")
    found: Words = tomllib.loads((LABELS / f"{language}.toml").read_text(encoding="utf-8"))
    return found
