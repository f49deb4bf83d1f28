from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem
from rdkit.Chem import rdDepictor

from registry.chem.identity import (
    SCHEME,
    connectivity,
    formula,
    inchikey,
    layers,
    skeleton,
    stereo,
    tautomer,
)
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.facts import Layers

NAMED = {
    "fentanyl": "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1",
    "morphine": "CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5",
    "heroin": "CC(=O)Oc1ccc2c3c1O[C@H]1[C@@H](OC(C)=O)C=C[C@H]4[C@@H](C2)N(C)CC[C@@]341",
    "ketamine hydrochloride": "CNC1(c2ccccc2Cl)CCCCC1=O.Cl",
    "methadone": "CCC(=O)C(CC(C)N(C)C)(c1ccccc1)c1ccccc1",
    "acetic anhydride": "CC(=O)OC(C)=O",
    "sodium oxybate": "OCCCC(=O)[O-].[Na+]",
    "chlordiazepoxide": "CNC1=Nc2ccc(Cl)cc2C(c2ccccc2)=[N+]([O-])C1",
    "crotonylfentanyl": "C/C=C/C(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1",
    "cocaine": "COC(=O)[C@H]1[C@@H](OC(=O)c2ccccc2)C[C@@H]2CC[C@H]1N2C",
    "brorphine": "CC(c1ccc(Br)cc1)N1CCC(n2c(=O)[nH]c3ccccc32)CC1",
    "morphine N-oxide": "C[N+]1([O-])CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5",
}
WRITERS = ("random", "kekule", "hydrogens", "mapped", "v2000", "v3000", "shuffled")


def _written(smiles: str, writer: str, seed: int) -> str:
    mol = Chem.MolFromSmiles(smiles)
    if writer == "random":
        return str(Chem.MolToRandomSmilesVect(mol, 1, randomSeed=seed)[0])
    if writer == "shuffled":
        order = sorted(range(mol.GetNumAtoms()), key=lambda atom: (atom * seed) % 101)
        return str(Chem.MolToSmiles(Chem.RenumberAtoms(mol, order), canonical=False))
    if writer == "kekule":
        Chem.Kekulize(mol, clearAromaticFlags=True)
        return str(Chem.MolToSmiles(mol, kekuleSmiles=True, rootedAtAtom=seed % mol.GetNumAtoms()))
    if writer == "hydrogens":
        return str(Chem.MolToSmiles(Chem.AddHs(mol), canonical=False))
    if writer == "mapped":
        for atom in mol.GetAtoms():
            atom.SetAtomMapNum(atom.GetIdx() + seed % 900 + 1)
        return str(Chem.MolToSmiles(mol))
    rdDepictor.Compute2DCoords(mol)
    return str(Chem.MolToMolBlock(mol) if writer == "v2000" else Chem.MolToV3KMolBlock(mol))


def _components(text: str) -> list[tuple[Layers, str, str, int]]:
    whole = standardise(read_structure(text))
    return sorted(
        (
            (layers(part.mol, part.labelled), part.role.value, part.name, part.copies)
            for part in whole.components
        ),
        key=lambda found: found[0].isotope,
    )


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(NAMED)), st.sampled_from(WRITERS), st.integers(1, 1 << 30))
def test_every_spelling_of_a_substance_has_the_same_layers_and_components(
    name: str, writer: str, seed: int
):
    smiles = NAMED[name]
    assert _components(_written(smiles, writer, seed)) == _components(smiles)


@pytest.mark.parametrize(
    ("name", "expected", "key"),
    [
        ("morphine", "C17H19NO3", "BQJCRHHNABKAKU-KBQPJGBKSA-N"),
        ("heroin", "C21H23NO5", "GVGLGOZIDCSQPN-PVHGPHFFSA-N"),
        ("fentanyl", "C22H28N2O", "PJMPHNIQZUBGLI-UHFFFAOYSA-N"),
        ("cocaine", "C17H21NO4", "ZPUCINDJVBIVPJ-LJISPDSOSA-N"),
    ],
)
def test_named_substances_have_their_published_formula_and_key(name: str, expected: str, key: str):
    found = layers(read_structure(NAMED[name]))
    assert (found.formula, found.inchikey, found.scheme) == (expected, key, SCHEME)


def test_layers_part_company_one_by_one():
    plain, dextro = read_structure("CC(N)Cc1ccccc1"), read_structure("C[C@H](N)Cc1ccccc1")
    assert connectivity(plain) == connectivity(dextro) == "CC(N)Cc1ccccc1"
    assert stereo(plain) != stereo(dextro)
    assert tautomer(plain) == tautomer(dextro)
    (labelled,) = standardise(read_structure("[2H]C(C(C)N)c1ccccc1")).components
    found = layers(labelled.mol, labelled.labelled)
    assert found.stereo == layers(plain).stereo
    assert found.isotope != layers(plain).isotope


def test_tautomers_share_the_tautomer_layer_formula_and_skeleton():
    amine = read_structure("CNC1=Nc2ccc(Cl)cc2C(c2ccccc2)=[N+]([O-])C1")
    imine = read_structure("CN=C1C[N+]([O-])=C(c2ccccc2)c2cc(Cl)ccc2N1")
    assert connectivity(amine) != connectivity(imine)
    assert tautomer(amine) == tautomer(imine)
    assert (formula(amine), skeleton(amine)) == (formula(imine), skeleton(imine))


def test_the_skeleton_ignores_stereochemistry():
    heroin = read_structure(NAMED["heroin"])
    flat = read_structure(connectivity(heroin))
    assert skeleton(heroin) == skeleton(flat)


def test_what_remains_charged_shows_in_the_formula():
    assert formula(read_structure("C[N+](C)(C)CCO")) == "C5H14NO+"


def test_a_molecule_too_large_for_an_inchi_has_layers_without_a_key():
    mol = read_structure("C" * 1100, bounded=False)
    assert inchikey(mol) == ""
    assert layers(mol).formula == "C1100H2202"
