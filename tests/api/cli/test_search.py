"""`subreg search` and `subreg compare`."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.api.cli.commands import Subreg

AMFETAMINE = "CC(N)Cc1ccccc1"


def test_a_search_shows_what_is_alike_and_says_what_that_is_not(subreg: Subreg) -> None:
    ran = subreg("search", AMFETAMINE, "--threshold", "0.9", "--on", "2026-01-01")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert any(line.startswith("amfetamine ") and "1.000" in line for line in lines)
    assert "never a legal answer" in lines[-1]


@pytest.mark.parametrize("mode", ["exact", "similar", "substructure", "superstructure"])
def test_every_mode_finds_the_structure_itself(subreg: Subreg, mode: str) -> None:
    answer = subreg("search", AMFETAMINE, "--mode", mode, "--json").json
    assert answer["mode"] == mode
    assert "amfetamine" in [item["id"] for item in answer["items"]]


def test_options_reach_the_search(subreg: Subreg) -> None:
    ran = subreg("search", "-", "--mode", "substructure", "--top", "3", "--json",
                 stdin=b"c1ccccc1")  # fmt: skip
    assert len(ran.json["items"]) == 3
    exact = subreg("search", AMFETAMINE, "--mode", "exact", "--layer", "tautomer", "--json").json
    assert exact["compared"].startswith("layers that agree: tautomer;")
    weighed = subreg(
        "search", AMFETAMINE, "--metric", "tversky", "--alpha", "1", "--beta", "0",
        "--fingerprint", "maccs", "--json",
    ).json  # fmt: skip
    assert weighed["compared"].startswith("tversky 1.0 0.0 of maccs-")


def test_smarts_are_for_those_at_the_machine(subreg: Subreg) -> None:
    ran = subreg("search", "[NX3;H1]-[CH3]", "--smarts", "--mode", "substructure", "--json")
    assert "metamfetamine" in [item["id"] for item in ran.json["items"]]


def test_what_cannot_be_read_ends_as_a_bad_input(subreg: Subreg) -> None:
    assert subreg("search", "C1CC").code == 3
    assert subreg("search", AMFETAMINE, "--fingerprint", "ecfp").code == 3
    assert subreg("compare", "C1CC", "C").code == 3
    assert subreg("search", AMFETAMINE, "--threshold", "2").code == 2


def test_nothing_found_is_said(subreg: Subreg) -> None:
    ran = subreg("search", "[Xe]")
    assert ran.code == 0
    assert "none found" in ran.out


def test_a_comparison_counts_and_draws(subreg: Subreg, tmp_path: Path) -> None:
    picture = tmp_path / "both.svg"
    ran = subreg("compare", AMFETAMINE, "CNC(C)Cc1ccccc1", "--svg", str(picture))
    assert "10 atoms, 10 bonds" in ran.out
    drawn = ET.fromstring(picture.read_text())
    assert len(drawn.findall("{http://www.w3.org/2000/svg}svg")) == 2
    answer = subreg("compare", AMFETAMINE, "CNC(C)Cc1ccccc1", "--json").json
    assert answer["shared"]["complete"] is True
