"""`options` and `option`: which ways of control there are, and the clocks of a measure."""

from __future__ import annotations

import re

from rules.options.schema import EVENTS, TYPES
from tests.api.cli.commands import REPOSITORY, Subreg

PAGE = (REPOSITORY / "docs" / "scheduling-options.md").read_text(encoding="utf-8")


def test_options_are_listed_by_jurisdiction_and_type(subreg: Subreg) -> None:
    rows = subreg("options", "--jurisdiction", "GB", "--type", "temporary", "--json").json
    (row,) = rows
    assert row["id"] == "GB-TCDO"
    assert row["fields"]["duration"]["rule"] == {
        "months": 12, "from": "effect", "at_most": False, "first_day_counts": True,
    }  # fmt: skip
    assert row["fields"]["duration"]["cites"][0]["at"] == "2A(6)(a)"
    assert row["provisions"] == ["GB-MDA-TCDO"]


def test_a_choice_without_options_says_that_others_may_exist(subreg: Subreg) -> None:
    ran = subreg("options", "--jurisdiction", "SE", "--type", "temporary")
    assert ran.code == 0
    assert "others may exist" in ran.out


def test_what_nobody_holds_is_an_error(subreg: Subreg) -> None:
    assert subreg("options", "--jurisdiction", "ZZ").code == 3
    assert subreg("option", "GB-NONE").code == 4
    refused = subreg("option", "GB-TCDO", "--stated", "2026-03-01", "--extended", "1")
    assert refused.code == 3
    assert "cannot be extended" in refused.err


def test_the_tables_of_the_page_are_those_the_command_writes(subreg: Subreg) -> None:
    written = subreg("options", "--markdown").out
    assert PAGE.endswith(written), (
        "write docs/scheduling-options.md anew from `subreg options --markdown`"
    )


def test_the_course_of_a_measure_is_the_one_the_page_shows(subreg: Subreg) -> None:
    found = re.search(r"^\$ subreg (.*)\n…\n((?:.+\n)+)```", PAGE, re.MULTILINE)
    assert found is not None
    ran = subreg(*found[1].split())
    shown = [re.escape(line).replace("…", ".*") for line in found[2].splitlines()]
    assert re.search("\n".join(shown), ran.out), ran.out


def test_what_is_missing_for_a_day_is_named(subreg: Subreg) -> None:
    ran = subreg("option", "UN-1961", "--communicated", "2024-06-06")
    assert "undetermined: the communication was received" in ran.out


def test_the_page_tells_every_type_and_every_event() -> None:
    assert re.findall(r"^\| ([a-z ]+) \| (.+) \|$", PAGE.partition("## ")[0], re.MULTILINE) == [
        ("type", "what it is"),
        *TYPES.items(),
    ]
    assert all(f"`{event}`" in PAGE for event in EVENTS)
