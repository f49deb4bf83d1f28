"""Words for rings that name whole ring systems."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from rdkit import Chem

from rules.language.rings import Ring
from rules.language.view import View
from rules.language.words import Vocabulary, Word

DIOXOLE = {
    "means": "1,3-benzodioxole at any of its atoms",
    "ring": {"system": "polycycle", "one_of": ["C1Oc2ccccc2O1"]},
    "yes": {"5-yl": "*c1ccc2OCOc2c1"},
}


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("*c1ccc2OCOc2c1", True),
        ("*c1cccc2OCOc12", True),
        ("*C1Oc2ccccc2O1", True),
        ("*c1ccc2OCCOc2c1", False),
        ("*c1ccccc1", False),
    ],
)
def test_a_ring_system_is_named_whichever_of_its_atoms_comes_first(
    smiles: str, expected: bool
) -> None:
    words = Vocabulary({"benzodioxolyl": Word.model_validate(DIOXOLE)})
    view = View(Chem.MolFromSmiles(smiles))
    core = [atom.GetIdx() for atom in view.mol.GetAtoms() if atom.GetAtomicNum() == 0]
    assert words.fits(view, view.branches(core)[0], "benzodioxolyl") is expected


@pytest.mark.parametrize("smiles", ["[*]1Cc2ccccc2C1", "[*]1[*]Cc2ccccc21", "[*]c1ccccc1"])
def test_a_ring_closed_with_the_core_is_thought_open(smiles: str) -> None:
    phenyl = {
        "means": "phenyl, also where a chain joins it to the core once more",
        "ring": {"aromatic": "yes", "cut": "yes"},
        "tail": ["alkyl"],
        "yes": {"phenyl": "*c1ccccc1"},
    }
    alkyl = {"means": "alkyl", "chain": {"elements": ["C"]}, "yes": {"methyl": "*C"}}
    words = Vocabulary({"phenyl": Word.model_validate(phenyl), "alkyl": Word.model_validate(alkyl)})
    view = View(Chem.MolFromSmiles(smiles))
    core = [atom.GetIdx() for atom in view.mol.GetAtoms() if atom.GetAtomicNum() == 0]
    expected = smiles != "[*]1Cc2ccccc2C1"  # there the ring does not begin the branch
    assert words.fits(view, view.branches(core)[0], "phenyl") is expected


def test_a_ring_system_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValidationError):
        Ring(one_of=("c1ccc",))


def test_a_word_with_its_range_brings_no_examples_of_the_word_without() -> None:
    words = Vocabulary(
        {
            "alkyl": Word.model_validate(
                {"means": "alkyl", "chain": {"elements": ["C"]}, "yes": {"butyl": "*CCCC"}}
            )
        }
    )
    assert words.unknown(["alkyl up to C3"]) == []
    assert not words.words["alkyl up to C3"].yes
