"""A draft is read with the place of every fault; what the law has not is told when it is laid."""

from __future__ import annotations

from datetime import date

import pytest

from registry.errors import DraftError, InputError
from rules.drafts import bare, only, read_draft, remarks, without

WHOLE = """\
draft: xx-one
jurisdiction: GB
title: {en: One}
option: temporary
from: 2026-01-01
until: 2027-01-01
changes:
  - end: GB-MDA-A-1d
  - settle: GB-MDA-A-1ea
    question: Q1
    as: yes
"""


def test_a_draft_says_whose_law_it_changes_and_from_which_day() -> None:
    draft = read_draft(WHOLE)
    assert (draft.slug, draft.jurisdiction, draft.option) == ("xx-one", "GB", "temporary")
    assert draft.touched == ("GB-MDA-A-1d", "GB-MDA-A-1ea")
    assert draft.plain()["from"] == "2026-01-01"
    assert draft.plain()["cite"] is None


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_it_holds_from_its_first_day_to_the_day_before_its_last(on: date, holds: bool) -> None:
    assert read_draft(WHOLE).holds(on) is holds


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "says"),
    [
        ("option: temporary", "option: magic", 4, 9, "input should be 'individual', 'generic'"),
        ("from: 2026-01-01", "from: someday", 5, 7, "`from`: input should be a valid date"),
        ("until: 2027-01-01", "until: 2026-01-01", 1, 1, "`until` is exclusive"),
        ("  - end: GB-MDA-A-1d", "  - ending: GB-MDA-A-1d", 8, 5, "a change says one of: add"),
        ("    as: yes", "    as: perhaps", 11, 9, "input should be 'yes' or 'no'"),
        ("    as: yes", "    as: yes\n    more: 1", 12, 11, "extra inputs are not permitted"),
        ("title: {en: One}", "title: {en: One", 4, 7, ""),
        ("draft: xx-one", "draft: Not A Slug", 1, 8, "string should match pattern"),
        ("draft: xx-one", "draft: &a xx-one", 1, 8, "a YAML anchor is not allowed"),
    ],
)
def test_a_fault_is_told_with_its_line_and_column(
    old: str, new: str, line: int, column: int, says: str
) -> None:
    with pytest.raises(DraftError) as told:
        read_draft(WHOLE.replace(old, new), "one.yaml")
    assert (told.value.file, told.value.line, told.value.column) == ("one.yaml", line, column)
    assert says in told.value.message
    assert told.value.code == "draft-wrong"
    assert isinstance(told.value, InputError)


def test_a_part_of_an_added_provision_is_told_where_it_stands() -> None:
    text = WHOLE + "  - add:\n      id: GB-X\n      kind: class\n"
    with pytest.raises(DraftError, match=r"13:7: `add.jurisdiction`: field required"):
        read_draft(text, "one.yaml")


def test_a_draft_that_shows_nothing_is_read_with_a_remark() -> None:
    assert remarks(read_draft(WHOLE)) == (
        "the draft has no examples: nothing shows that it does what it says",
        "the draft cites no published text",
    )


def test_the_hash_is_that_of_the_text_and_of_what_is_thought_away() -> None:
    draft = read_draft(WHOLE)
    assert draft.content_hash == read_draft(WHOLE, "under another name").content_hash
    others = [
        read_draft(WHOLE.replace("One", "Two")),
        bare(draft),
        only(draft, "a"),
        without(draft, "a"),
    ]
    assert len({draft.content_hash, *(one.content_hash for one in others)}) == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("draft: \x00", "not text of YAML"),
        ("[" * 20_000, ""),
        ("", "input should be a valid dictionary"),
        ("- a\n- b\n", "input should be a valid dictionary"),
        ("a" * 600_000, "longer than 500,000 characters"),
        ("draft: a: b", "mapping values are not allowed"),
        ("? [a]\n: b\n", "a key must be plain text"),
    ],
)
def test_text_that_is_no_draft_at_all_is_refused(text: str, says: str) -> None:
    with pytest.raises(DraftError) as told:
        read_draft(text)
    assert says in told.value.message
    assert told.value.line >= 1
