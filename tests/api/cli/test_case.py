"""`subreg case`: opened, added to, shown, due, raised, closed."""

from __future__ import annotations

import pytest

from tests.api.cli.commands import Subreg


@pytest.fixture(scope="module")
def order(told: Subreg) -> str:
    """A temporary order that began on 10 April 2015."""
    made = told("case", "open", "An order", "--procedure", "GB-TCDO", "--unlisted", "A substance",
                "--json")  # fmt: skip
    assert made.code == 0, made.err
    identifier = str(made.json["id"])
    done = told("case", "step", identifier, "in_force", "--on", "2015-04-10", "--document",
                "S.I. 2015/1027", "--version", "0")  # fmt: skip
    assert done.code == 0, done.err
    assert "expired since 2016-04-10" in done.out
    return identifier


def test_what_ends_is_due_on_its_day(told: Subreg, order: str) -> None:
    seen = {
        on: [one["attention"] for one in told("case", "due", "--on", on, "--json").json]
        for on in ("2016-04-09", "2016-04-10")
    }
    assert list(seen.values()) == [["expiring"], ["expired"]]
    only = told("case", "due", "--on", "2016-04-10", "--for", "expired")
    assert "An order" in only.out
    assert "does not show that nothing was done" in only.err
    listed = told("case", "list", "--procedure", "GB-TCDO", "--on", "2016-04-10")
    assert "expired since 2016-04-10" in listed.out


def test_a_fault_is_told_with_its_exit_code(told: Subreg, order: str) -> None:
    step = ("case", "step", order, "in_force", "--document", "again")
    refused = told(*step)
    assert (refused.code, "correct that one" in refused.err) == (3, True)
    assert told("case", "show", "none").code == 4
    wrong = told("case", "open", "t", "--procedure", "GB-TCDO")
    assert (wrong.code, "`subjects`" in wrong.err) == (3, True)
    more = told("case", "open", "t", "--procedure", "GB-TCDO", "--unlisted", "A substance",
                "--structure", "CCO", "--structure", "CCN")  # fmt: skip
    assert (more.code, "more structures than unlisted" in more.err) == (3, True)
    assert told("case", "due", "--on", "soon").code == 2


def test_a_case_is_closed_and_opened_again(told: Subreg) -> None:
    made = told("case", "open", "Fentanyl", "--procedure", "UN-1961", "--substance", "fentanyl",
                "--follow", "US", "--json").json["id"]  # fmt: skip
    assert told("case", "close", made, "--reason", "done").code == 0
    assert [one["id"] for one in told("case", "list", "--closed", "--json").json] == [made]
    again = told("case", "withdraw", made, "1", "--reason", "not yet", "--json").json
    assert (again["closed"], again["version"]) == (False, 2)


def test_nothing_is_raised_for_a_country_without_a_list(told: Subreg) -> None:
    refused = told("case", "raise", "FR", "--dry-run")
    assert (refused.code, "no list of FR is on record" in refused.err) == (3, True)
