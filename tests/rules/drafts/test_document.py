"""docs/drafts.md says all that a draft can, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from rules.decide import Book
from rules.drafts import prove, read_draft, remarks
from rules.drafts.schema import VERBS, Header, Option
from rules.simulate import Effect

DOCS = Path(__file__).parents[3] / "docs"
DOCUMENT = (DOCS / "drafts.md").read_text(encoding="utf-8")


def told(heading: str) -> list[str]:
    """The first column of the table with a heading."""
    table = re.search(
        rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", DOCUMENT, re.MULTILINE
    )
    assert table is not None, heading
    return [row.split("|")[1].strip() for row in table.group(1).splitlines()]


def words(column: list[str]) -> set[str]:
    return {word for cell in column for word in re.findall(r"`([^`]+)`", cell)}


def test_the_example_of_the_document_is_a_draft_that_proves_itself(book: Book) -> None:
    (text,) = re.findall(r"^```yaml\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)
    draft = read_draft(text)
    assert prove(book, draft) == ()
    assert remarks(draft) == ()


def test_every_key_verb_and_effect_is_told() -> None:
    keys = {field.alias or name for name, field in Header.model_fields.items()}
    assert words(told("key of a draft")) == keys
    assert words(told("verb")) == {*VERBS}
    assert told("effect") == [effect.value for effect in Effect]


def test_every_option_is_told() -> None:
    (row,) = re.findall(r"^\| `option` \| (.*) \|$", DOCUMENT, re.MULTILINE)
    assert set(re.split(", | or ", row)) == {*get_args(Option)}


def test_every_draft_that_ships_is_told() -> None:
    shipped = {path.stem for path in (DOCS / "examples" / "drafts").glob("*.yaml")}
    assert words(told("in [examples/drafts](examples/drafts)")) == shipped
