"""Rule files prove themselves: their examples pass, and no clause is there that none of them needs."""

from __future__ import annotations

import pytest

from rules.decide import Book
from rules.examples import run
from rules.load import LAW, load_law
from rules.mutate import mutants, survives
from rules.strict_yaml import read

RULES = load_law().rules
FILES = {path.stem: path for path in sorted(LAW.glob("*/*-*.yaml"))}


def test_each_file_is_named_after_its_provision() -> None:
    assert sorted(FILES) == sorted(RULES)


@pytest.mark.parametrize("key", sorted(RULES))
def test_the_examples_of_a_rule_file_come_out_as_it_says(book: Book, key: str) -> None:
    assert list(run(book, RULES[key].provision)) == []


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


def test_what_no_named_substance_shows_is_counted() -> None:
    unshown = {key: sorted(rule.provision.unshown) for key, rule in RULES.items()}
    assert {key: names for key, names in unshown.items() if names} == {
        "GB-MDA-A-1d": [
            "Q2",
            "carries (iii) at position 4 of the piperidine ring",
            "esters",
            "ethers",
            "stereoisomers",
        ],
        "GB-MDA-B-1d": ["(iii)", "Q1", "esters", "stereoisomers", "then"],
        "GB-MDA-B-1a": [
            "becomes homologue at position 3",
            "carries 2A at oxygen at position 1",
            "skeleton cannabinol",
        ],
        "GB-MDA-B-1aa": [
            "Q2",
            "ask Q1 at position 3",
            "ask of 2-amino-1-phenylpropan-1-one with two or three groups at position 3",
            "carries (i) at phenyl ring, two groups at position 3",
            "carries (ii) at position 3 with two groups",
            "carries (iii) at nitrogen, two groups at position 3",
            "exceptions cathinone",
            "number at position 3",
            "number at position 3 with two groups",
            "skeleton 2-amino-1-phenylpropan-1-one with two or three groups at position 3",
            "stereoisomers",
            "then at phenyl ring, two groups at position 3",
        ],
        "GB-MDA-B-1ab": [
            "(i)",
            "Q2",
            "Q3",
            "ask of 2-aminopropan-1-one with a ring bound through nitrogen",
            "carries (ii) at position 3, ring bound through nitrogen",
            "carries (iii) at nitrogen, ring bound through nitrogen",
            "number at position 3",
            "number at position 3, ring bound through nitrogen",
            "skeleton 2-aminopropan-1-one with a ring bound through nitrogen",
            "stereoisomers",
            "then at ring bound through nitrogen",
            "then at ring system",
        ],
        "GB-MDA-B-1ac": [
            "(i)",
            "(iii)",
            "core 2-azepane",
            "core 2-morpholine",
            "core 2-pyridine",
            "core 3-azepane",
            "core 3-morpholine",
            "core 3-piperidine",
            "core 3-pyridine",
            "core 3-pyrrolidine",
            "core 4-azepane",
            "core 4-pyridine",
            "esters",
            "ethers",
            "stereoisomers",
        ],
        "GB-MDA-B-1b": [
            "ask Q1 at ring at position 5",
            "carries 1(b) at nitrogen",
            "number at nitrogen",
            "skeleton barbituric acid with a ring at position 5",
            "stereoisomers",
        ],
        "GB-MDA-B-1c": [
            "carries (c3) at position 3 of the naphthylmethylindene",
            "esters",
            "ethers",
            "may at ring of the adamantoylindole",
            "may at ring of the naphthylmethyleneindene",
            "may at ring of the naphthylmethylindene",
            "may at ring of the phenylacetylindole",
            "may at ring of the tetramethylcyclopropylcarbonylindole",
            "skeleton naphthylmethylindene",
        ],
        "GB-MDA-B-1ca": [
            "Q2",
            "becomes (iii) at link with head, linked otherwise since 2019",
            "becomes (iv) at link with head, linked otherwise since 2019",
            "carries substituents at link with head of another ring",
            "carries substituents at link with head, linked otherwise",
            "carries substituents at link with head, linked otherwise since 2019",
            "carries substituents at tail of another ring",
            "carries substituents at tail, linked otherwise",
            "carries substituents at tail, linked otherwise since 2019",
            "core fused rings, across, since 2019",
            "core fused rings, link in the middle",
            "core fused rings, link in the middle, since 2019",
            "core fused rings, tail in the middle, since 2019",
            "core imidazole",
            "core indane or indene, link in the middle",
            "core indane or indene, link in the middle, since 2019",
            "core indane or indene, tail in the middle",
            "core indane or indene, tail in the middle, since 2019",
            "core pyrazole, link across both nitrogens",
            "core single ring, across",
            "core single ring, across, since 2019",
            "esters",
            "ethers",
            "stereoisomers",
        ],
        "GB-MDA-B-1e": [
            "residual_to GB-MDA-A-1ba",
            "ring system",
            "stereoisomers",
        ],
        "GB-MDA-C-1c": [
            "carries (ii) at positions 1, 2, 4, 6, 7, 9, 11 and 16 beside a heterocycle",
            "core estrane without the 3-oxo group",
            "ethers",
            "salts",
            "stereoisomers",
        ],
        "GB-MDA-C-1ca": [
            "stereoisomers",
        ],
        "GB-MDA-TCDO": [
            "esters",
            "ethers",
            "stereoisomers",
        ],
        "CN-NPS-FENT": ["Q2"],
        "US-CSA-I-e": ["Q2", "Q3", "esters", "ethers", "stereoisomers"],
    }
