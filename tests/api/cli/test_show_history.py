"""`subreg show --history --sources`: every record of a substance, and where each fact was read."""

from __future__ import annotations

from tests.api.cli.commands import Subreg


def test_history_shows_both_clocks_and_marks_corrections(told: Subreg) -> None:
    ran = told("show", "Ketamine", "--history")
    assert ran.code == 0, ran.err
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    old = "listing ketamine in US-CSA-III added 2026-01-02 00:00:00 2026-02-01 12:00:00, corrected"
    assert any(line.startswith(old) for line in lines), ran.out
    new = "listing ketamine in US-CSA-III corrected 2026-02-01 12:00:00 still held from 1999-08-12"
    assert new in lines
    assert "corrected 2026-02-01 12:00:00: ketamine in US-CSA-III" in lines
    assert "valid from: 2000-01-01 → 1999-08-12" in lines
    assert "sources" not in lines


def test_history_tells_what_was_withdrawn_and_recorded_again(told: Subreg) -> None:
    found = told("show", "coca-leaf", "--history", "--json").json["history"]
    listings = [one for one in found["records"] if one["kind"] == "listing"]
    assert [(one["act"], one["ended"]) for one in listings] == [
        ("added", "withdrawn"),
        ("added", None),
    ]


def test_history_as_it_was_known(told: Subreg) -> None:
    ran = told("show", "ketamine", "--history", "--known-on", "2026-01-15")
    assert "still held" in ran.out
    assert "corrected" not in ran.out


def test_sources_show_publisher_day_verification_and_contradictions(told: Subreg) -> None:
    ran = told("show", "ketamine", "--sources")
    assert "Gazette & orders, A State, https://example.org/gazette?a=1&b=2\n" in ran.out
    assert "2026-01-31" in ran.out
    assert "none named" in ran.out
    assert "what sources say differently\n  ketamine, structure\n" in ran.out
    assert "    BBB: gazette\n    note: other connectivity\n" in ran.out


def test_no_contradiction_is_said_too(told: Subreg) -> None:
    assert (
        "no source on record contradicts another here" in told("show", "aspirin", "--sources").out
    )


def test_the_parts_stand_in_the_json_beside_the_substance(told: Subreg) -> None:
    found = told("show", "437-38-7", "--history", "--sources", "--json").json
    assert found["id"] == found["history"]["id"] == found["sources"]["id"] == "fentanyl"
    alone = told("show", "437-38-7", "--json").json
    assert set(found) - set(alone) == {"history", "sources"}
