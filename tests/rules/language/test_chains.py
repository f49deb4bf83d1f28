"""Chains in words: what is counted, and what may hang from them."""

from __future__ import annotations

import pytest
from rdkit import Chem

from rules.language.compile import vocabulary
from rules.language.limits import Limits
from rules.language.rings import Ring, Stem
from rules.language.view import View
from rules.language.words import Word

COMMON, _ = vocabulary()


def fits(word: Word, smiles: str) -> bool:
    mol = Chem.MolFromSmiles(smiles)
    view = View(mol)
    core = [atom.GetIdx() for atom in mol.GetAtoms() if atom.GetAtomicNum() == 0]
    words = COMMON.extended({"it": word})
    return words.fits(view, view.branches(core)[0], "it")


@pytest.mark.parametrize(
    ("smiles", "length"),
    [
        ("*CCCCCF", 5),  # halogen hangs from the chain
        ("*CCO", 2),  # so does hydroxy
        ("*CCOC", 4),  # ether oxygen stands in it
        ("*CCCCC#N", 5),  # the carbon of cyano is carbon, its nitrogen hangs
        ("*CCS(C)(=O)=O", 4),
        ("*Cc1ccccc1", 1),  # ring atoms are not counted
    ],
)
def test_a_backbone_counts_other_atoms_only_between_two(smiles: str, length: int) -> None:
    mol = Chem.MolFromSmiles(smiles)
    branch = View(mol).branches([0])[0]
    limits = Limits(chain=(length, length), chain_counts="backbone")
    assert limits.fit(View(mol), branch.atoms)


def test_nitrogen_in_a_backbone_is_told_from_nitrogen_that_hangs_from_it() -> None:
    oxygen_at_most = Word(
        means="chain of carbon and oxygen",
        anything="yes",
        limits=Limits(chain_elements=frozenset("CO"), chain_counts="backbone"),
        yes={"butyl": "*CCCC"},
    )
    assert fits(oxygen_at_most, "*CCCC#N")
    assert not fits(oxygen_at_most, "*CCN(C)C")


def test_of_a_stem_only_its_own_carbons_are_counted() -> None:
    word = Word(
        means="alkyl up to C3 that may carry alkoxy",
        stem=Stem(carbons=(1, 3)),
        tail=("alkoxy",),
        yes={"methyl": "*C"},
    )
    assert fits(word, "*CCCOCC")
    assert not fits(word, "*CCCC")
    assert not fits(word, "*C=C")
    assert not fits(word, "*CCCF")
    assert not fits(word, "*C1CC1")


def test_what_hangs_at_an_element_of_a_ring_can_be_said_apart() -> None:
    word = Word(
        means="ring that carries methyl at nitrogen and anything elsewhere",
        ring=Ring(system="any"),
        tail=("anything",),
        on={"N": ("methyl",)},
        yes={"phenyl": "*c1ccccc1"},
    )
    assert fits(word, "*C1CCN(C)CC1")
    assert fits(word, "*C1CCNCC1CC")
    assert not fits(word, "*C1CCN(CC)CC1")
