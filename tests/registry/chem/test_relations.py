from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.chem.identity import connectivity, formula, stereo
from registry.chem.parse import read_structure
from registry.chem.relations import Bond, Relation, hydrolysed, parent_formulas, relate
from registry.chem.standardise import standardise

AMFETAMINE = "CC(N)Cc1ccccc1"
DEXAMFETAMINE = "C[C@H](N)Cc1ccccc1"
MORPHINE = "CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5"
CODEINE = "COc1ccc2c3c1O[C@H]1[C@@H](O)C=C[C@H]4[C@@H](C2)N(C)CC[C@@]341"
HEROIN = "CC(=O)Oc1ccc2c3c1O[C@H]1[C@@H](OC(C)=O)C=C[C@H]4[C@@H](C2)N(C)CC[C@@]341"
PSILOCYBINE = "CN(C)CCc1c[nH]c2cccc(OP(=O)(O)O)c12"
PSILOCINE = "CN(C)CCc1c[nH]c2cccc(O)c12"
COCAINE = "COC(=O)[C@H]1[C@@H](OC(=O)c2ccccc2)C[C@@H]2CC[C@H]1N2C"
ECGONINE = "CN1[C@H]2CC[C@@H]1[C@@H](C(=O)O)[C@@H](O)C2"
ETHERS_AND_ESTERS = (
    HEROIN,
    CODEINE,
    PSILOCYBINE,
    COCAINE,
    "CC(=O)OCC[N+](C)(C)C",
    "CCO[N+](=O)[O-]",
)


def _relate(a: str, b: str) -> tuple[Relation, ...]:
    return relate(read_structure(a), read_structure(b))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("NC(C)Cc1ccccc1", AMFETAMINE, (Relation.SAME,)),
        (f"{AMFETAMINE}.Cl", AMFETAMINE, (Relation.SALT_OF,)),
        (f"{AMFETAMINE}.{AMFETAMINE}.OS(=O)(=O)O", AMFETAMINE, (Relation.SALT_OF,)),
        (AMFETAMINE, f"{AMFETAMINE}.Cl", (Relation.FREE_FORM_OF,)),
        (f"{AMFETAMINE}.O", AMFETAMINE, (Relation.HYDRATE_OF,)),
        (f"{AMFETAMINE}.Cl.O", AMFETAMINE, (Relation.SALT_OF, Relation.HYDRATE_OF)),
        (f"{AMFETAMINE}.CCO", AMFETAMINE, (Relation.SOLVATE_OF,)),
        (DEXAMFETAMINE, "C[C@@H](N)Cc1ccccc1", (Relation.STEREOISOMER_OF,)),
        (DEXAMFETAMINE, AMFETAMINE, (Relation.STEREOISOMER_OF,)),
        (AMFETAMINE, DEXAMFETAMINE, (Relation.STEREO_UNSPECIFIED_FORM_OF,)),
        (f"{DEXAMFETAMINE}.Cl", AMFETAMINE, (Relation.SALT_OF, Relation.STEREOISOMER_OF)),
        ("[2H]C(C(C)N)c1ccccc1", AMFETAMINE, (Relation.ISOTOPOLOGUE_OF,)),
        ("CC([NH3+])Cc1ccccc1", AMFETAMINE, (Relation.CHARGED_FORM_OF,)),
        (
            "CN=C1C[N+]([O-])=C(c2ccccc2)c2cc(Cl)ccc2N1",
            "CNC1=Nc2ccc(Cl)cc2C(c2ccccc2)=[N+]([O-])C1",
            (Relation.TAUTOMER_OF,),
        ),
        ("CNC1(c2ccccc2Cl)CCCC=C1O", "CNC1(c2ccccc2Cl)CCCCC1=O", (Relation.TAUTOMER_OF,)),
        (HEROIN, MORPHINE, (Relation.ESTER_OF,)),
        (f"{HEROIN}.Cl.O", MORPHINE, (Relation.SALT_OF, Relation.HYDRATE_OF, Relation.ESTER_OF)),
        (CODEINE, MORPHINE, (Relation.ETHER_OF,)),
        (PSILOCYBINE, PSILOCINE, (Relation.ESTER_OF,)),
        (COCAINE, ECGONINE, (Relation.ESTER_OF,)),
        (f"{AMFETAMINE}.{MORPHINE}", MORPHINE, (Relation.MIXTURE_WITH,)),
        (AMFETAMINE, MORPHINE, (Relation.DIFFERENT,)),
        (MORPHINE, HEROIN, (Relation.DIFFERENT,)),
        ("CNCCc1ccccc1", "CC(N)Cc1ccccc1", (Relation.DIFFERENT,)),  # isomers, no more
        ("CC(=O)OC(C)=O", "CC(=O)O", (Relation.DIFFERENT,)),  # an anhydride is no ester
    ],
)
def test_relations_are_named_as_a_chemist_would(a: str, b: str, expected: tuple[Relation, ...]):
    assert _relate(a, b) == expected


@settings(deadline=None)
@given(st.sampled_from(["Cl", "O", "CCO", "OS(=O)(=O)O", "Br.O"]))
def test_what_accompanies_a_component_never_makes_it_different(companions: str):
    for text in (AMFETAMINE, MORPHINE, HEROIN):
        assert Relation.DIFFERENT not in _relate(f"{text}.{companions}", text)


def test_heroin_needs_two_cuts_to_be_morphine_and_keeps_its_configuration():
    (found,) = hydrolysed(read_structure(HEROIN), frozenset({"C17H19NO3"}))
    assert found.kind is Bond.ESTER
    assert len(found.cuts) == 2
    assert stereo(found.parent) == stereo(read_structure(MORPHINE))


def test_an_ester_has_an_alcohol_and_an_acid_side():
    parents = {stereo(found.parent) for found in hydrolysed(read_structure("CCOC(C)=O"))}
    assert parents == {"CCO", "CC(=O)O"}


def test_ester_and_ether_cut_together_are_said_to_be_both():
    acetylcodeine = HEROIN.replace("CC(=O)O", "CO", 1)
    kinds = {
        found.kind
        for found in hydrolysed(read_structure(acetylcodeine))
        if connectivity(found.parent) == connectivity(read_structure(MORPHINE))
    }
    assert kinds == {Bond.ESTER_AND_ETHER}


@pytest.mark.parametrize(
    "smiles",
    ["CCO", "CC(=O)OC(C)=O", "O=C1CCCO1", "C1COCCO1", "CON", "C[Si](C)(C)OC", "CC(=O)SC", MORPHINE],
)
def test_what_has_no_open_ester_or_ether_has_no_parents(smiles: str):
    mol = read_structure(smiles)
    assert hydrolysed(mol) == ()
    assert parent_formulas(mol) == frozenset()


@pytest.mark.parametrize("smiles", ETHERS_AND_ESTERS)
def test_formulas_come_true_when_parents_are_built(smiles: str):
    mol = read_structure(smiles)
    parents = hydrolysed(mol)
    assert parents
    assert {found.formula for found in parents} == parent_formulas(mol)
    for found in parents:
        assert formula(found.parent) == found.formula
        assert not standardise(found.parent).steps
        symbols = [mol.GetAtomWithIdx(atom).GetSymbol() for atom in found.atoms]
        assert symbols == [atom.GetSymbol() for atom in found.parent.GetAtoms()]


def test_only_wanted_parents_are_built():
    mol = read_structure(HEROIN)
    assert hydrolysed(mol, frozenset({"C1H1"})) == ()
    acid = hydrolysed(mol, frozenset({"C2H4O2"}))
    assert [stereo(found.parent) for found in acid] == ["CC(=O)O"]


def test_a_chain_of_many_ethers_is_still_answered():
    polyether = read_structure("C" + "OCC" * 150)
    found = hydrolysed(polyether, frozenset({"C2H6O2"}))
    assert [stereo(parent.parent) for parent in found] == []
    assert len(parent_formulas(polyether)) > 200
