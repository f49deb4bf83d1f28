"""`law prove`, `law lint`, `coverage`: what those who write and review rule files ask for."""

from __future__ import annotations

import shutil
from pathlib import Path

from rules.load import LAW
from tests.api.cli.commands import REPOSITORY, Subreg


def test_a_rule_file_that_proves_what_it_says_is_proved(subreg: Subreg) -> None:
    ran = subreg("law", "prove", "GB-MDA-A-1d")
    assert ran.code == 0
    assert ran.out.startswith("GB-MDA-A-1d  proved")


def test_a_rule_file_nobody_has_is_an_error(subreg: Subreg) -> None:
    ran = subreg("law", "prove", "GB-NONE")
    assert ran.code == 4
    assert "there is no rule file `GB-NONE`" in ran.err


def test_a_wrong_example_and_a_clause_nobody_needs_are_named(
    subreg: Subreg, tmp_path: Path
) -> None:
    root = tmp_path / "law"
    shutil.copytree(LAW, root, ignore=shutil.ignore_patterns("shipment"))
    file = root / "us" / "US-CSA-I-e.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace(
        "clauses: [A], outcome: undetermined}", "clauses: [B], outcome: undetermined}"
    )
    file.write_text(text, encoding="utf-8")
    ran = subreg("law", "prove", "US-CSA-I-e", SUBREG_LAW_ROOT=str(root))
    assert ran.code == 1
    assert "example Thiofentanyl, 2019-01-01: expected clauses ['B']; got clauses ['A']" in ran.err
    (proof,) = subreg("law", "prove", "US-CSA-I-e", "--json", SUBREG_LAW_ROOT=str(root)).json
    assert proof["failures"]


def test_lint_ends_well_on_the_law_that_ships(subreg: Subreg) -> None:
    ran = subreg("law", "lint", "--on", "2026-11-01")
    assert ran.code == 0, ran.err
    assert "treaty substance not transposed" in ran.out


def test_lint_ends_with_one_where_a_rule_file_has_a_fault(subreg: Subreg, tmp_path: Path) -> None:
    root = tmp_path / "law"
    shutil.copytree(LAW, root, ignore=shutil.ignore_patterns("shipment"))
    file = root / "us" / "US-CSA-I-e.yaml"
    text = file.read_text(encoding="utf-8").replace(
        "residual_to: [US-CSA-*]", "residual_to: [US-X-*]"
    )
    file.write_text(text, encoding="utf-8")
    ran = subreg("law", "lint", "--json", SUBREG_LAW_ROOT=str(root))
    assert ran.code == 1
    assert "reference to nothing" in {remark["kind"] for remark in ran.json}


def test_coverage_counts_what_the_rule_files_hold(subreg: Subreg) -> None:
    answer = subreg("coverage", "--jurisdiction", "CN", "--json").json
    (row,) = answer["jurisdictions"]
    files = list((LAW / "cn").glob("CN-*.yaml"))
    assert row["provisions"] == answer["total"]["provisions"] == len(files)
    assert row["examples"] > row["provisions"]
    assert all(gap["reason"] for gap in row["not_modelled"])


def test_coverage_on_a_screen_says_what_was_read_and_what_is_missing(subreg: Subreg) -> None:
    ran = subreg("coverage", "--jurisdiction", "CN")
    assert ran.code == 0
    assert "read against" in ran.out
    assert "CN-PREC" in ran.out


def test_coverage_of_a_jurisdiction_nobody_knows_is_an_error(subreg: Subreg) -> None:
    assert subreg("coverage", "--jurisdiction", "ZZ").code == 3


def test_the_coverage_page_of_the_documents_is_the_one_the_command_writes(subreg: Subreg) -> None:
    page = (REPOSITORY / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert subreg("coverage", "--markdown").out == page, (
        "subreg coverage --markdown > docs/coverage.md"
    )
