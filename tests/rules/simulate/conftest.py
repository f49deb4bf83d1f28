"""The drafts that ship, laid over the book of the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.decide import Book
from rules.drafts import Draft, Laid, lay, read_draft

DRAFTS = Path(__file__).parents[3] / "docs" / "examples" / "drafts"
ByName = Callable[[str], Laid]


def draft(name: str) -> Draft:
    return read_draft((DRAFTS / f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml")


@pytest.fixture(scope="session")
def with_draft(book: Book) -> ByName:
    """The book with a draft of docs/examples laid over it; each is laid once."""
    laid: dict[str, Laid] = {}

    def by_name(name: str) -> Laid:
        if name not in laid:
            laid[name] = lay(book, draft(name))
        return laid[name]

    return by_name
