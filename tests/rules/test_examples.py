"""Rule files prove themselves: their examples pass, and no clause is there that none of them needs."""

from __future__ import annotations

import pytest

from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from rules.decide import Book, Scope, decide
from rules.examples import run
from rules.load import LAW, load_law
from rules.mutate import every_mutant, mutants, survives
from rules.strict_yaml import read

RULES = load_law().rules
FILES = {path.stem: path for path in sorted(LAW.glob("*/*-*.yaml"))}


def test_each_file_is_named_after_its_provision() -> None:
    assert sorted(FILES) == sorted(RULES)


@pytest.mark.parametrize("key", sorted(RULES))
def test_the_examples_of_a_rule_file_come_out_as_it_says(book: Book, key: str) -> None:
    assert list(run(book, RULES[key].provision)) == []


@pytest.mark.parametrize("key", sorted(k for k in RULES if RULES[k].provision.kind == "class"))
def test_an_answer_is_the_same_whether_or_not_all_that_is_outside_is_told(
    book: Book, key: str
) -> None:
    scope = Scope(jurisdictions=(RULES[key].provision.jurisdiction,))
    for example in RULES[key].provision.examples:
        if example.smiles:
            whole, brief = (
                decide(
                    standardise(read_structure(example.smiles)), book,
                    on=example.on, known_at="", text="", scope=scope, everything=everything,
                )
                for everything in (True, False)
            )  # fmt: skip
            assert brief.findings == tuple(one for one in whole.findings if not one.plainly_outside)
            assert brief.summary == whole.summary


@pytest.mark.parametrize("key", sorted(RULES))
def test_removing_any_clause_breaks_an_example(book: Book, key: str) -> None:
    document = read(FILES[key])
    unnoticed = [m.removed for m in mutants(document.content) if survives(book, document, m)]
    assert unnoticed == []


@pytest.mark.parametrize("key", sorted(RULES))
def test_a_rule_file_shows_a_substance_inside_one_outside_and_a_day_before(key: str) -> None:
    provision = RULES[key].provision
    outcomes = {example.expect.outcome for example in provision.examples}
    if provision.kind in ("list", "class"):
        assert outcomes & {"inside", "displaced", "undetermined"}
        assert "outside" in outcomes
    if provision.wordings[0].since is not None:
        assert "not in force" in outcomes


@pytest.mark.parametrize("key", sorted(RULES))
def test_what_no_named_substance_shows_exists_and_has_a_reason(key: str) -> None:
    """How many there are is told by the coverage table (docs/coverage.md)."""
    provision = RULES[key].provision
    removable = {
        name for one in every_mutant(read(FILES[key]).content) for name in (one.clause, one.removed)
    }
    assert provision.unshown.keys() <= removable
    assert all(len(reason.split()) >= 4 for reason in provision.unshown.values())
