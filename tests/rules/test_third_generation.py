"""Why Parliament had to name twelve substances: without the names the first wording of Class B,
paragraph 1(ca), catches the medicines among them, and with the names it catches none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from rdkit import Chem

from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from rules.decide import Book, Scope, decide
from rules.result import Finding, Outcome, Structure

KEY = "GB-MDA-B-1ca"
FIRST_WORDING = (date(2016, 12, 14), date(2019, 11, 14))
SECOND_WORDING = date(2019, 11, 15)

# Name, structure without stereochemistry, first block of the InChIKey as published.
NAMED = {
    "acemetacin": ("COc1ccc2c(c1)c(CC(=O)OCC(=O)O)c(C)n2C(=O)c1ccc(Cl)cc1", "FSQKKOOTNAMONP"),
    "atorvastatin": (
        "CC(C)c1c(C(=O)Nc2ccccc2)c(-c2ccccc2)c(-c2ccc(F)cc2)n1CCC(O)CC(O)CC(=O)O",
        "XUKUURHRXDUEBC",
    ),
    "bazedoxifene": (
        "Cc1c(-c2ccc(O)cc2)n(Cc2ccc(OCCN3CCCCCC3)cc2)c2ccc(O)cc12",
        "UCJGJABZCDBEDK",
    ),
    "indometacin": ("COc1ccc2c(c1)c(CC(=O)O)c(C)n2C(=O)c1ccc(Cl)cc1", "CGIGDMFJXJATDK"),
    "losartan": ("CCCCc1nc(Cl)c(CO)n1Cc1ccc(-c2ccccc2-c2nnn[nH]2)cc1", "PSIFNNKUMBGKDQ"),
    "olmesartan": (
        "CCCc1nc(C(C)(C)O)c(C(=O)O)n1Cc1ccc(-c2ccccc2-c2nnn[nH]2)cc1",
        "VTRAEEWXHOVJFV",
    ),
    "proglumetacin": (
        (
            "CCCN(CCC)C(=O)C(CCC(=O)OCCCN1CCN(CCOC(=O)Cc2c(C)n(C(=O)c3ccc(Cl)cc3)"
            "c3ccc(OC)cc23)CC1)NC(=O)c1ccccc1"
        ),
        "PTXGHCGBYMQQIG",
    ),
    "telmisartan": (
        "CCCc1nc2c(C)cc(-c3nc4ccccc4n3C)cc2n1Cc1ccc(-c2ccccc2C(=O)O)cc1",
        "RMMXLENWKUUMAY",
    ),
    "viminol": ("CCC(C)N(CC(O)c1cccn1Cc1ccccc1Cl)C(C)CC", "ZILPIBYANAFGMS"),
    "zafirlukast": (
        "COc1cc(C(=O)NS(=O)(=O)c2ccccc2C)ccc1Cc1cn(C)c2ccc(NC(=O)OC3CCCC3)cc12",
        "YEEZWCHGZNKEEK",
    ),
    "clonitazene": ("CCN(CC)CCn1c(Cc2ccc(Cl)cc2)nc2cc([N+](=O)[O-])ccc21", "GPZLDQAEBHTMPG"),
    "etonitazene": ("CCOc1ccc(Cc2nc3cc([N+](=O)[O-])ccc3n2CCN(CC)CC)cc1", "PXDBZSCGSQSKST"),
}
# Medicines with an indole, imidazole, pyrazole or benzimidazole that the wording does not reach.
NOT_REACHED = {
    "melatonin": "COc1ccc2[nH]cc(CCNC(C)=O)c2c1",
    "ondansetron": "Cc1nccn1CC1CCc2c(c3ccccc3n2C)C1=O",
    "omeprazole": "COc1ccc2[nH]c(S(=O)Cc3ncc(C)c(OC)c3C)nc2c1",
    "metronidazole": "Cc1ncc([N+](=O)[O-])n1CCO",
    "celecoxib": "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1",
    "sildenafil": "CCCc1nn(C)c2c(=O)[nH]c(-c3cc(S(=O)(=O)N4CCN(C)CC4)ccc3OCC)nc12",
    "clotrimazole": "Clc1ccccc1C(c1ccccc1)(c1ccccc1)n1ccnc1",
}


@pytest.fixture(scope="module")
def without_names(book: Book) -> Book:
    """The law with the same wording, but nothing taken out by name."""
    rule = replace(book.law.rules[KEY], taken_out=())
    law = replace(book.law, rules={**book.law.rules, KEY: rule})
    return replace(book, law=law, _sittings={})


def finding(book: Book, smiles: str, on: date) -> Finding:
    decision = decide(
        standardise(read_structure(smiles)),
        book,
        on=on,
        known_at="",
        text="",
        scope=Scope(provisions=(KEY,)),
        everything=True,
    )
    return next(one for one in decision.findings if one.provision == KEY)


@pytest.mark.parametrize("name", NAMED)
def test_a_structure_is_that_of_the_name(name: str) -> None:
    smiles, block = NAMED[name]
    assert Chem.MolToInchiKey(Chem.MolFromSmiles(smiles)).startswith(block)


@pytest.mark.parametrize("on", FIRST_WORDING)
@pytest.mark.parametrize("name", NAMED)
def test_the_first_wording_without_the_names_catches_what_it_names(
    without_names: Book, name: str, on: date
) -> None:
    found = finding(without_names, NAMED[name][0], on)
    assert (found.structure, found.outcome) == (Structure.MEETS, Outcome.INSIDE)


@pytest.mark.parametrize("on", FIRST_WORDING)
@pytest.mark.parametrize("name", NAMED)
def test_the_first_wording_with_the_names_catches_none_of_them(
    book: Book, name: str, on: date
) -> None:
    assert finding(book, NAMED[name][0], on).outcome is Outcome.OUTSIDE


@pytest.mark.parametrize("name", NAMED)
def test_the_second_wording_needs_no_names(without_names: Book, name: str) -> None:
    found = finding(without_names, NAMED[name][0], SECOND_WORDING)
    assert found.structure is Structure.DOES_NOT_MEET


@pytest.mark.parametrize("on", [*FIRST_WORDING, SECOND_WORDING])
@pytest.mark.parametrize("name", NOT_REACHED)
def test_other_medicines_with_such_rings_are_out_of_reach(
    without_names: Book, name: str, on: date
) -> None:
    assert finding(without_names, NOT_REACHED[name], on).structure is Structure.DOES_NOT_MEET


@pytest.mark.parametrize("name", ["losartan", "olmesartan"])
def test_the_other_tautomer_of_the_tetrazole_is_taken_out_as_well(book: Book, name: str) -> None:
    other = NAMED[name][0].replace("c2nnn[nH]2", "c2nn[nH]n2")
    assert finding(book, other, FIRST_WORDING[0]).outcome is Outcome.OUTSIDE
