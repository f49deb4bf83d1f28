"""A tail given to a word of several, and when an open question may be what a class needs."""

from __future__ import annotations

from typing import Any

import pytest
from rdkit import Chem

from rules.language.compile import compile_reading, vocabulary
from rules.language.match import judge
from rules.language.view import View
from rules.reading import Reading
from rules.result import Structure

COMMON, _ = vocabulary()


def fits(word: str, smiles: str, words: dict[str, Any]) -> bool:
    reading = Reading.model_validate({"words": words})
    own = COMMON.extended(reading.words)
    view = View(Chem.MolFromSmiles(smiles))
    (branch,) = view.branches([0])
    return own.fits(view, branch, word)


RINGS = {
    "bare ring": {"means": "", "any_of": ["phenyl", "thienyl"], "yes": {"x": "*C"}},
    "chlorinated ring": {
        "means": "",
        "any_of": ["bare ring"],
        "tail": ["halogeno"],
        "yes": {"x": "*C"},
    },
}


@pytest.mark.parametrize(
    ("word", "smiles", "expected"),
    [
        ("bare ring", "*c1ccccc1", True),
        ("bare ring", "*c1ccc(Cl)cc1", False),
        ("bare ring", "*c1ccc(C)s1", True),
        ("chlorinated ring", "*c1ccc(Cl)cc1", True),
        ("chlorinated ring", "*c1ccc(C)cc1", False),
        ("chlorinated ring", "*c1ccc(C)s1", False),
    ],
)
def test_a_tail_on_a_word_of_several_stands_in_place_of_theirs(
    word: str, smiles: str, expected: bool
) -> None:
    assert fits(word, smiles, RINGS) is expected


def asked(smiles: str) -> Structure:
    """Phenyl is needed at one carbon; carbonyl groups at the other are an open question."""
    reading = Reading.model_validate(
        {
            "skeletons": [
                {
                    "name": "ethane",
                    "core": "[CX4:1]-[CX4:2]",
                    "needs": ["ring"],
                    "sites": [
                        {
                            "name": "one",
                            "at": [1],
                            "carries": {"ring": ["phenyl"]},
                            "ask": {"Q1": ["thienyl"]},
                        },
                        {
                            "name": "other",
                            "at": [2],
                            "carries": {"halogen": ["halogeno"]},
                            "ask": {"Q2": ["acyl"]},
                        },
                    ],
                }
            ]
        }
    )
    compiled = compile_reading(reading, COMMON, lambda text, path: AssertionError(text))  # type: ignore[arg-type,return-value]
    return judge(View(Chem.MolFromSmiles(smiles)), compiled).structure


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("Clc1ccccc1", Structure.DOES_NOT_MEET),
        ("ClCCc1ccccc1", Structure.MEETS),
        ("CCc1cccs1", Structure.UNDETERMINED),
        ("CC(=O)CCc1ccccc1", Structure.UNDETERMINED),
        ("CCC(C)=O", Structure.DOES_NOT_MEET),
    ],
)
def test_a_question_about_another_place_is_not_what_is_needed(
    smiles: str, expected: Structure
) -> None:
    assert asked(smiles) is expected
