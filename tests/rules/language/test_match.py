"""Decomposition: cores, branches, sites, and why a molecule is outside."""

from __future__ import annotations

import pytest
from rdkit import Chem

from rules.language.match import judge
from rules.language.view import View
from rules.load import load_law
from rules.result import Structure

LAW = load_law()

FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
ACETYL_ALPHA_METHYL = "CC(=O)N(c1ccccc1)C1CCN(C(C)Cc2ccccc2)CC1"
NAMED = {
    "acetyl-alpha-methylfentanyl": ACETYL_ALPHA_METHYL,
    "carfentanil": "CCC(=O)N(c1ccccc1)C1(C(=O)OC)CCN(CCc2ccccc2)CC1",
    "lorcainide": "CC(C)N1CCC(N(C(=O)Cc2ccccc2)c2ccc(Cl)cc2)CC1",
    "mirfentanil": "O=C(c1ccco1)N(c1cnccn1)C1CCN(CCc2ccccc2)CC1",
    "methoxetamine": "CCNC1(c2cccc(OC)c2)CCCCC1=O",
    "rolicyclidine": "c1ccc(C2(N3CCCC3)CCCCC2)cc1",
    "fentanyl carbamate": "CCOC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1",
}


def verdict(key: str, smiles: str) -> tuple[Structure, tuple[str, ...], tuple[str, ...], str]:
    judgement = judge(View(Chem.MolFromSmiles(smiles)), LAW.rules[key].readings["main"])
    return judgement.structure, judgement.clauses, judgement.questions, judgement.fails


@pytest.mark.parametrize("smiles", NAMED.values(), ids=NAMED)
@pytest.mark.parametrize("key", ["US-CSA-I-e", "GB-MDA-A-1d", "CN-NPS-FENT", "GB-MDA-B-1d"])
def test_the_order_of_atoms_never_changes_a_verdict(key: str, smiles: str) -> None:
    mol = Chem.MolFromSmiles(smiles)
    spellings = {Chem.MolToSmiles(mol, doRandom=True) for _ in range(20)}
    assert {verdict(key, spelling) for spelling in spellings} == {verdict(key, smiles)}


def test_four_laws_differ_on_one_molecule_in_their_clauses() -> None:
    us, gb, cn = (
        verdict(key, ACETYL_ALPHA_METHYL)[1] for key in ("US-CSA-I-e", "GB-MDA-A-1d", "CN-NPS-FENT")
    )
    assert (us, gb, cn) == (("B", "E"), ("(ii)", "(vi)"), ("a", "d"))


def test_a_heart_medicine_is_in_the_chinese_class_and_in_no_other() -> None:
    lorcainide = NAMED["lorcainide"]
    assert verdict("CN-NPS-FENT", lorcainide)[0] is Structure.MEETS
    assert verdict("US-CSA-I-e", lorcainide)[0] is Structure.DOES_NOT_MEET
    assert verdict("GB-MDA-A-1d", lorcainide)[0] is Structure.DOES_NOT_MEET


def test_the_parent_itself_is_no_member_and_the_answer_says_so() -> None:
    for key in ("US-CSA-I-e", "GB-MDA-A-1d", "CN-NPS-FENT"):
        assert verdict(key, FENTANYL) == (Structure.DOES_NOT_MEET, (), (), "change")


def test_every_atom_of_a_member_belongs_to_the_core_or_to_one_branch() -> None:
    mol = Chem.MolFromSmiles(ACETYL_ALPHA_METHYL)
    judgement = judge(View(mol), LAW.rules["US-CSA-I-e"].readings["main"])
    atoms = [atom for fit in judgement.fits for atom in fit.atoms]
    assert sorted(atoms) == list(range(mol.GetNumAtoms()))


def test_only_a_question_at_a_place_the_clause_speaks_of_may_stand_for_it() -> None:
    dob = "COc1cc(CC(C)N)c(OC)cc1Br"
    assert verdict("CA-CDSA-III-35", dob)[2] == (
        "Q1",
    )  # the carbon beside the amine is asked about
    amphetamine = "CC(N)Cc1ccccc1"  # so is it here, but there is no ring of clause (b)
    assert verdict("CA-CDSA-III-35", amphetamine)[0] is Structure.DOES_NOT_MEET
    methylated = "COc1cc2c(cc1CCN)OC(C)C2"  # whether its ring is one of clause (b) is the question
    assert verdict("CA-CDSA-III-35", methylated)[2] == ("Q3",)
