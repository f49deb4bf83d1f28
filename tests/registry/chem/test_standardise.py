from __future__ import annotations

import pickle

import pytest
from rdkit import Chem

from registry.chem.counterions import companion
from registry.chem.identity import stereo
from registry.chem.parse import read_structure
from registry.chem.standardise import Component, Role, Standardised, standardise

MORPHINE = "CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5"

MORPHINE_METHO = "C[N+]1(C)CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5"


def _of(text: str) -> Standardised:
    return standardise(read_structure(text))


def _only(text: str) -> Component:
    (active,) = _of(text).active
    return active


def _steps(text: str) -> list[str]:
    return [step.name for step in _of(text).steps]


def test_a_clean_structure_passes_untouched():
    mol = read_structure(MORPHINE)
    whole = standardise(mol)
    assert whole.steps == ()
    assert whole.mol is mol
    assert whole.components == (
        Component(mol, Role.ACTIVE, "", 1, tuple(range(mol.GetNumAtoms())), False, ()),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OCCCC(=O)[O-].[Na+]", "O=C(O)CCCO"),  # sodium oxybate
        ("[Na]OC(=O)CCCO", "O=C(O)CCCO"),
        ("[Na]NCc1ccccc1", "NCc1ccccc1"),
        ("[K]n1cccc1", "c1cc[nH]c1"),
        ("[Ca+2].[O-]C(=O)CCCO.[O-]C(=O)CCCO", "O=C(O)CCCO"),
        ("C[C@H](N)Cc1ccccc1.C[C@H](N)Cc1ccccc1.OS(=O)(=O)O", "C[C@H](N)Cc1ccccc1"),
        ("C[C@H]([NH3+])Cc1ccccc1.[Cl-]", "C[C@H](N)Cc1ccccc1"),
        ("[NH3+]CCCC(=O)[O-]", "NCCCC(=O)O"),  # GABA, written as an inner salt
        ("C[N+](C)(C)CC(=O)[O-]", "C[N+](C)(C)CC(=O)[O-]"),  # betaine is one
        # morphine methobromide: no proton to take
        (MORPHINE.replace("CN1CC", "C[N+]1(C)CC", 1) + ".[Br-]", MORPHINE_METHO),
        ("CC[N+](=O)[O-]", "CC[N+](=O)[O-]"),
        ("CCN(=O)=O", "CCN(=O)=O"),
        ("C[N+](C)(C)[O-]", "C[N+](C)(C)[O-]"),
        ("C[N+](C)(C)O.[Cl-]", "C[N+](C)(C)[O-]"),
        ("NC(=O)C[S+]([O-])C(c1ccccc1)c1ccccc1", "NC(=O)CS(=O)C(c1ccccc1)c1ccccc1"),
        ("CCC1(c2ccccc2)C(=O)NC(=O)N=C1[O-].[Na+]", "CCC1(c2ccccc2)C(=O)NC(=O)NC1=O"),
        ("CC(N)Cc1ccccc1.[H+].[Cl-]", "CC(N)Cc1ccccc1"),
        ("[K+].[O-][N+](=O)[O-]", "O[N+](=O)[O-]"),
        ("CC(N)Cc1ccccc1.CC(C)=O.O", "CC(N)Cc1ccccc1"),
    ],
)
def test_what_is_left_is_the_neutral_active_component(text: str, expected: str):
    assert stereo(_only(text).mol) == stereo(read_structure(expected))


def test_companions_are_named_and_counted():
    whole = _of("CC(Cc1ccccc1)N(C)Cc1ccccc1.OC(=O)CC(O)(CC(=O)O)C(=O)O.O.O")
    assert [(part.role, part.name, part.copies) for part in whole.components] == [
        (Role.ACTIVE, "", 1),
        (Role.COUNTERION, "citric acid", 1),
        (Role.SOLVENT, "water", 2),
    ]
    assert whole.steps[-1].detail == (
        "a structure (active); citric acid (counterion); water ×2 (solvent)"
    )


def test_the_drawn_double_bond_tells_maleic_from_fumaric_acid():
    def named(text: str) -> list[str]:
        return [part.name for part in _of(text).components if part.role is Role.COUNTERION]

    assert named("CCN.OC(=O)/C=C\\C(=O)O") == ["maleic acid"]
    assert named("CCN.OC(=O)/C=C/C(=O)O") == ["fumaric acid"]
    assert named("CCN.OC(=O)C=CC(=O)O") == ["butenedioic acid"]
    assert named("CCN.O[C@H](C(=O)O)[C@@H](O)C(=O)O") == ["tartaric acid"]


@pytest.mark.parametrize("text", ["Cl", "O", "OS(=O)(=O)O", "CC(C)=O", "CCO", "CC(=O)O", "[Na+]"])
def test_a_counterion_or_solvent_alone_is_the_active_component(text: str):
    assert companion(_only(text).mol) is not None
    assert _of(text).components[0].role is Role.ACTIVE


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("Cl.O", ["Cl"]),
        ("OS(=O)(=O)O.O.O", ["O=S(=O)(O)O"]),
        ("CC(C)=O.CCOCC", ["CC(C)=O", "CCOCC"]),
        ("CC(=O)[O-].[Na+]", ["CC(=O)O"]),
        ("[NH4+].[Cl-]", ["N"]),
        ("[Na+].[OH-]", ["[Na+]", "O"]),
        ("CC(C)=O.CC(=O)OC(C)=O", ["CC(=O)OC(C)=O"]),
        ("CC(N)Cc1ccccc1.CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", None),
    ],
)
def test_at_least_one_component_is_always_active(text: str, active: list[str] | None):
    found = [stereo(part.mol) for part in _of(text).active]
    assert found == (active or [stereo(read_structure(part)) for part in text.split(".")])


def test_isotope_labels_are_set_apart_and_named():
    part = _only("[2H]c1c([2H])c([2H])c(CC(C)N)c([2H])c1[2H].Cl")
    assert stereo(part.mol) == "CC(N)Cc1ccccc1"
    assert part.isotopes == ("2H×5",)
    assert "[2H]" in part.labelled
    assert _only("[11CH3]N").isotopes == ("11C×1",)


def test_a_centre_that_only_a_label_made_is_none_without_it():
    assert stereo(_only("C[C@H]([2H])O").mol) == "CCO"
    assert stereo(_only("[13CH3][C@H](O)C").mol) == "CC(C)O"


def test_atoms_point_into_the_whole():
    whole = _of("Cl.[2H]C([2H])([2H])N[C@@H](C)Cc1ccccc1")
    (active,) = whole.active
    for atom, index in zip(active.mol.GetAtoms(), active.atoms, strict=True):
        assert whole.mol.GetAtomWithIdx(index).GetSymbol() == atom.GetSymbol()
    ions = [part for part in whole.components if part.role is Role.COUNTERION]
    assert [whole.mol.GetAtomWithIdx(part.atoms[0]).GetSymbol() for part in ions] == ["Cl"]


def test_every_change_is_said():
    assert _steps("[CH3:1][CH2:2][OH:3]") == ["atom-maps"]
    assert _steps("[Na]OC(=O)CCCO") == ["metal-bonds", "neutralised", "components"]
    assert _steps("C[S+](C)[O-]") == ["charge-pairs"]
    assert _steps("CC(O)=NC") == ["amides"]
    assert _steps("C[C@H](O)F |&1:1|") == ["stereo-groups"]
    assert _steps("[2H]OC") == ["isotopes"]
    assert _steps("CCC[NH3+]") == ["neutralised"]
    assert {step.version for step in _of("[Na]OC(=O)CCCO").steps} == {"1"}


def test_a_centre_marked_racemic_alone_is_unspecified_and_two_keep_their_relation():
    assert stereo(_only("C[C@H](O)F |&1:1|").mol) == "CC(O)F"
    ephedrine = "CN[C@@H](C)[C@H](O)c1ccccc1"
    whole = _of(f"{ephedrine} |&1:2,4|")
    assert stereo(whole.mol) == stereo(read_structure(ephedrine))
    assert whole.steps[0].detail == "atoms 2, 4 as drawn"


def test_a_protonated_amine_loses_its_centre_on_nitrogen():
    neutral = stereo(read_structure(MORPHINE))
    protonated = MORPHINE.replace("CN1CC", "C[N@@H+]1CC", 1)
    assert stereo(_only(protonated).mol) == neutral


def test_the_input_is_not_changed_and_the_result_can_be_sent_to_another_process():
    mol = read_structure("[2H]OC.[Na+].[Cl-]")
    before = Chem.MolToCXSmiles(mol)
    whole = standardise(mol)
    assert Chem.MolToCXSmiles(mol) == before
    copy = pickle.loads(pickle.dumps(whole))
    assert copy.smiles == whole.smiles
    assert [part.labelled for part in copy.components] == [p.labelled for p in whole.components]


def test_standardising_twice_changes_nothing_more():
    for text in ("[Na]OC(=O)CCCO", "C[N@@H+](C)C.[Cl-]", "C[S+](C)[O-]", "CC(O)=NC"):
        whole = _of(text)
        again = standardise(read_structure(whole.smiles))
        assert again.smiles == whole.smiles
        assert {step.name for step in again.steps} <= {"components"}
