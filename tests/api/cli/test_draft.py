"""`subreg draft` as it is typed."""

from __future__ import annotations

from pathlib import Path

from api.cli.exits import Exit
from tests.api.cli.commands import Subreg
from tests.api.usecases.drafted import DRAFT, UNREADABLE


def test_a_draft_is_checked_kept_saved_compared_and_withdrawn(told: Subreg, tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    file.write_text(DRAFT, encoding="utf-8")
    checked = told("draft", "check", str(file))
    assert checked.code == 0, checked.err
    assert checked.out.count("as said") == 2
    added = told("draft", "add", str(file), "--remark", "first", "--json")
    assert (added.code, added.json["version"]) == (0, 1)

    file.write_text(UNREADABLE, encoding="utf-8")
    saved = told("draft", "save", "barbiturates", str(file), "--on-version", "1")
    assert (saved.code, "unfinished" in saved.out) == (0, True)
    assert saved.err.startswith("4:")
    again = told("draft", "save", "barbiturates", str(file), "--on-version", "1")
    assert (again.code, "version-conflict" in again.err) == (Exit.BAD_INPUT, True)

    assert told("draft", "show", "barbiturates", "--version", "1", "--text").out == DRAFT
    listed = told("draft", "list", "--of", "GB").out
    assert "barbiturates" in listed
    assert "unfinished" in listed
    assert "first" in told("draft", "history", "barbiturates").out
    diff = told("draft", "diff", "barbiturates", "1").out
    assert "line 4: option is `general`, was `generic`" in diff
    assert "- option: generic\n+ option: general\n" in diff
    gone = told("draft", "withdraw", "barbiturates", "--on-version", "2")
    assert (gone.code, told("draft", "list", "--json").json) == (0, [])


def test_a_file_that_is_no_draft_is_told_with_its_place(told: Subreg) -> None:
    checked = told("draft", "check", "-", stdin=UNREADABLE.encode())
    assert checked.code == Exit.BAD_INPUT
    assert checked.err.startswith("-:4:")
    assert told("draft", "check", "-", stdin=b"\xff").code == Exit.BAD_INPUT
    refused = told("draft", "add", "-", stdin=UNREADABLE.encode())
    assert (refused.code, "draft-refused" in refused.err) == (Exit.BAD_INPUT, True)


def test_an_example_that_comes_out_otherwise_fails_the_check(told: Subreg) -> None:
    wrong = DRAFT.replace("outcome: inside", "outcome: outside").encode()
    checked = told("draft", "check", "-", "--json", stdin=wrong)
    assert checked.code == Exit.BAD_INPUT
    assert [one["holds"] for one in checked.json["examples"]] == [False, True]
