"""The drafts of docs/examples prove themselves, as rule files do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rules.decide import Book
from rules.drafts import bare, prove, read_draft, remarks

DRAFTS = sorted((Path(__file__).parents[3] / "docs" / "examples" / "drafts").glob("*.yaml"))


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.stem)
def test_the_examples_of_a_draft_come_out_as_it_says(book: Book, path: Path) -> None:
    draft = read_draft(path.read_text(encoding="utf-8"), path.name)
    assert draft.slug == path.stem
    assert prove(book, draft) == ()
    assert not any("no examples" in one for one in remarks(draft))


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.stem)
def test_no_change_of_a_draft_is_without_an_example(book: Book, path: Path) -> None:
    draft = read_draft(path.read_text(encoding="utf-8"), path.name)
    for place in range(len(draft.changes)):
        kept = (*draft.changes[:place], *draft.changes[place + 1 :])
        content = {**draft.document.content, "changes": None}
        content["changes"] = [
            one for n, one in enumerate(draft.document.content["changes"]) if n != place
        ]
        less = replace(draft, changes=kept, document=replace(draft.document, content=content))
        assert _unproved(book, less), f"change {place + 1} of {draft.slug}"


def _unproved(book: Book, draft: object) -> bool:
    """Whether it fails, or cannot be laid at all."""
    from registry.errors import DraftError

    try:
        return prove(book, draft) != ()  # type: ignore[arg-type]
    except DraftError:
        return True


def test_what_a_draft_takes_out_by_name_is_shown_by_an_example(book: Book) -> None:
    (path,) = (one for one in DRAFTS if one.stem == "gb-cannabinoids-2016")
    draft = read_draft(path.read_text(encoding="utf-8"), path.name)
    failures = prove(book, bare(draft))
    assert [one.example for one in failures] == [
        "Indometacin, 2016-12-13",
        "Olmesartan medoxomil, 2016-12-13",
    ]
