"""The words of the law: every yes and no example of the vocabulary and of the laws' own words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from rdkit import Chem

from rules.language.compile import vocabulary
from rules.language.view import View
from rules.language.words import Vocabulary
from rules.load import load_law

RANGED = re.compile(r" up to C\d+$| from C\d+ to C\d+$")


def _cases() -> Iterator[tuple[str, Vocabulary, str, str, bool]]:
    common, _ = vocabulary()
    books = [("common", common, common.words)]
    for rule in load_law().rules.values():
        for reading in rule.readings.values():
            own = {
                k: w
                for k, w in reading.words.words.items()
                if common.words.get(k) is not w and " up to C" not in k and " to C" not in k
            }  # a word with a range of carbons has the examples of the word without
            books.append((rule.provision.id, reading.words, own))
    told: set[int] = set()
    for origin, words, own in books:
        for name, word in own.items():
            if id(word) in told or RANGED.search(name):
                continue  # a range of carbons keeps the examples of the word it narrows
            told.add(id(word))
            for expected, examples in ((True, word.yes), (False, word.no)):
                for label, smiles in examples.items():
                    yield f"{origin}: {name}: {label}", words, name, smiles, expected


@pytest.mark.parametrize(
    ("words", "name", "smiles", "expected"),
    [pytest.param(*case[1:], id=case[0]) for case in _cases()],
)
def test_an_example_of_a_word_is_answered_as_the_vocabulary_says(
    words: Vocabulary, name: str, smiles: str, expected: bool
) -> None:
    mol = Chem.MolFromSmiles(smiles)
    view = View(mol)
    core = [atom.GetIdx() for atom in mol.GetAtoms() if atom.GetAtomicNum() == 0]
    branches = view.branches(core)
    assert len(branches) <= 1
    assert words.fits(view, branches[0] if branches else None, name) is expected


def test_every_word_has_an_example_of_what_it_is_not() -> None:
    words, _ = vocabulary()
    assert [name for name, word in words.words.items() if not word.no] == []
