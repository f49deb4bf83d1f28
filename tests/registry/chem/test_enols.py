"""A ketone drawn as its enol is recognised as such, and nothing else is."""

from __future__ import annotations

import pytest
from rdkit import Chem

from registry.chem.enols import keto_form


@pytest.mark.parametrize(
    ("enol", "ketone"),
    [
        ("CNC1(c2ccccc2Cl)CCCC=C1O", "CNC1(c2ccccc2Cl)CCCCC1=O"),
        ("C=C(O)Cc1ccccc1", "CC(=O)Cc1ccccc1"),
    ],
)
def test_an_enol_is_the_keto_form_of_the_named_ketone(enol: str, ketone: str) -> None:
    found = keto_form(Chem.MolFromSmiles(enol))
    assert found is not None
    assert Chem.MolToSmiles(found) == Chem.CanonSmiles(ketone)


@pytest.mark.parametrize("smiles", ["Oc1ccccc1", "CC(=O)Cc1ccccc1", "CC(O)Cc1ccccc1", "CC(=O)O"])
def test_phenols_ketones_alcohols_and_acids_have_no_other_form(smiles: str) -> None:
    assert keto_form(Chem.MolFromSmiles(smiles)) is None
