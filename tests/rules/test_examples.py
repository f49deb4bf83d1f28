"""Rule files prove themselves: their examples pass, and no clause is there that none of them needs."""

from __future__ import annotations

import pytest

from rules.decide import Book
from rules.examples import run
from rules.load import LAW, load_law
from rules.mutate import mutants, survives
from rules.strict_yaml import read

RULES = load_law().rules
FILES = {path.stem: path for path in sorted(LAW.glob("*/*.yaml"))}


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
        "DE-NPSG-2.1": [
            "Q1",
            "Q4",
            "ask Q2 at bridge at a core of 2019",
            "ask Q2 at bridge at a core of 2025",
            "ask Q2 at bridge at the indol-2-one",
            "ask Q2 at bridge at the pyrrole or pyrazole",
            "ask Q3 at side chain at a core of 2019",
            "ask Q3 at side chain at a core of 2025",
            "ask Q3 at side chain at the indol-2-one",
            "ask Q3 at side chain at the pyrrole or pyrazole",
            "ask Q3 at side chain of the closed indole",
            "ask of indole or indazole with a group at position 4",
            "carries 2.1.1 at R of the quinolone",
            "carries 2.1.1 at R1 to R3 at the indol-2-one",
            "carries 2.1.1 at R1 to R3 of the closed indole",
            "carries 2.1.1 at X at a core of 2019",
            "carries 2.1.1 at X at the pyrrole or pyrazole",
            "carries 2.1.1 at fused ring",
            "carries 2.1.2a at bridge at a core of 2025",
            "carries 2.1.2a at bridge at the indol-2-one",
            "carries 2.1.2a at bridge at the pyrrole or pyrazole",
            "carries 2.1.2b at bridge at a core of 2025",
            "carries 2.1.2b at bridge at the indol-2-one",
            "carries 2.1.2b at bridge at the pyrrole or pyrazole",
            "carries 2.1.2c at bridge at a core of 2019",
            "carries 2.1.2c at bridge at a core of 2025",
            "carries 2.1.2c at bridge at the indol-2-one",
            "carries 2.1.2c at bridge at the pyrrole or pyrazole",
            "carries 2.1.2d at bridge at a core of 2019",
            "carries 2.1.2d at bridge at a core of 2025",
            "carries 2.1.2d at bridge at the indol-2-one",
            "carries 2.1.2d at bridge at the pyrrole or pyrazole",
            "carries 2.1.4 at side chain at a core of 2025",
            "carries 2.1.4 at side chain at the pyrrole or pyrazole",
            "core 2-quinolone",
            "core 4-aza",
            "core 4-quinolone",
            "core 5-aza",
            "core 5-aza-2-quinolone",
            "core 6-aza",
            "core 6-aza-2-quinolone",
            "core 6-azaindolizine",
            "core 7-aza-2-quinolone",
            "core 7-azaindolizine",
            "core 8-aza-2-quinolone",
            "core 8-azaindolizine",
            "core benzimidazole II",
            "core indolizine",
            "may at X beside position 4",
            "may at bridge beside position 4",
            "may at position 4 and R1 to R3",
            "may at side chain beside position 4",
            "ring at closed amide",
            "ring at fused ring",
            "skeleton core of 2025",
            "skeleton indole or indazole with a group at position 4",
            "skeleton pyrrole or pyrazole with a non-aromatic ring",
            "stereoisomers",
        ],
        "DE-NPSG-2.2": [
            "DE-BTMG-*",
            "Q1",
            "heaviest",
            "stereoisomers",
        ],
        "DE-NPSG-2.3": [
            "Q1",
            "ask Q3 at carbon 3",
            "heaviest",
            "salts",
            "stereoisomers",
        ],
        "DE-NPSG-3": [
            "Q1",
            "atoms X at X of the 1,5 type with C4=N5",
            "atoms X at X of the enol",
            "carries X at X of the 1,5 type",
            "carries X at X of the 1,5 type with C4=N5",
            "carries X at X of the enol",
            "carries a at R1 of the 1,5 type with C4=N5",
            "carries a at R1 of the enol",
            "carries b at R2 of the enol",
            "carries c at R3 and R4 of the 1,5 type",
            "carries c at R3 and R4 of the 1,5 type with C4=N5",
            "carries c at R3 of the enol",
            "carries d at R3 and R4",
            "carries d at R3 and R4 of the 1,5 type",
            "carries d at R3 and R4 of the 1,5 type with C4=N5",
            "carries d at R3 of the enol",
            "carries e at R3 and R4",
            "carries e at R3 and R4 of the 1,5 type",
            "carries e at R3 and R4 of the 1,5 type with C4=N5",
            "carries f at R5 of the 1,5 type with C4=N5",
            "carries f at R5 of the enol",
            "carries g at R6 and R7 of the 1,5 type",
            "carries g at R6 of the 1,5 type with C4=N5",
            "carries h at R6 and R7 of the 1,5 type",
            "core 1,5 form with the double bond to N1",
            "core 1,5-benzodiazepin-2-one with C4=N5",
            "core enol of the 1,4 type",
            "core enol of the chlordiazepoxide type",
            "core its form with the double bond to N1",
            "core triazolo or imidazolo 1,5 compound",
            "core triazolo or imidazolo 1,5 compound with C4=N5",
            "core triazolo or imidazolo chlordiazepoxide type",
            "core triazolo or imidazolo ketazolam type",
            "core triazolo or imidazolo oxazolam type",
            "heaviest",
            "skeleton 1,5 type with C4=N5",
            "skeleton form with the double bond to carbon 3",
            "stereoisomers",
        ],
        "DE-NPSG-7": [
            "Q1",
            "ask Q2 at carbon chains",
            "ask of base structure with another linker",
            "core 2-phenylethyl at carbon 2",
            "core phenyl at carbon 2",
            "heaviest",
            "may at amine nitrogen of another linker",
            "may at benzo ring of another linker",
            "may at carbon chains of another linker",
            "may at phenyl ring of another linker",
            "skeleton base structure with another linker",
            "stereoisomers",
        ],
        "DE-NPSG-8": [
            "Q1",
            "heaviest",
            "may at carbons 1 and 2 beside hydrogen",
            "stereoisomers",
        ],
        "DE-NPSG-9": [
            "Q1",
            "heaviest",
            "may at second nitrogen of the spiro compound",
            "stereoisomers",
        ],
        "DE-NPSG-A2": [
            "DE-BTMG-*",
        ],
        "CN-NPS-FENT": ["Q2"],
        "US-CSA-I-e": ["Q2", "Q3", "esters", "ethers", "stereoisomers"],
    }
