"""What differs between two texts: every line of it, and each part in words."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.draft_changes import compare
from tests.api.usecases.drafted import DRAFT

lines = st.lists(st.sampled_from(["a: 1", "b: 2", "", "- c", "d: [", "  e: f"]), max_size=12)


def told(before: str, after: str) -> dict[str, str]:
    return {one["where"]: one["text"] for one in compare(before, after)["words"]}


@given(lines, lines)
def test_the_lines_told_make_the_one_text_of_the_other(before: list[str], after: list[str]) -> None:
    found: list[dict[str, Any]] = compare("\n".join(before), "\n".join(after))["lines"]
    one, other = "\n".join(before).splitlines(), "\n".join(after).splitlines()
    gone = {line["before"] for line in found if line["mark"] == "-"}
    new = {line["after"]: line["text"] for line in found if line["mark"] == "+"}
    kept = iter(text for at, text in enumerate(one, 1) if at not in gone)
    made = [new[at] if at in new else next(kept) for at in range(1, len(other) + 1)]
    assert (made, list(kept)) == (other, [])
    assert bool(found) is (one != other)


def test_an_entry_put_between_others_moves_none_of_them() -> None:
    after = DRAFT.replace(
        "examples:\n",
        "examples:\n  - {name: Barbital, provision: GB-DRAFT-1, on: 2027-02-01, "
        "expect: {outcome: inside}}\n",
    )
    assert list(told(DRAFT, after)) == ["examples › Barbital, 2027-02-01"]
    assert told(after, DRAFT)["examples › Barbital, 2027-02-01"].startswith("is gone; was `name:")


def test_a_part_deep_inside_is_named_by_what_it_is_in() -> None:
    after = DRAFT.replace("at: [5], carries", "at: [5, 3], carries")
    (where,) = told(DRAFT, after)
    assert where.startswith(
        "changes › add GB-DRAFT-1 › add › reading › skeletons › barbituric acid"
    )


def test_a_text_that_is_no_yaml_is_compared_by_its_lines() -> None:
    answer = compare(DRAFT, DRAFT + "}")
    assert answer["words"] == []
    assert answer["not_in_words"].startswith("after:")
    assert [one["text"] for one in answer["lines"] if one["mark"] == "+"] == ["}"]


def test_how_it_is_written_alone_changes_no_word() -> None:
    after = DRAFT.replace("option: generic", 'option: "generic"')
    assert compare(DRAFT, after)["words"] == []
    assert compare(DRAFT, DRAFT) == {"lines": [], "words": [], "not_in_words": ""}
