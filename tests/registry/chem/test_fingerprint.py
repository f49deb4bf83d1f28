from __future__ import annotations

from decimal import Decimal

import pytest
from rdkit import Chem, DataStructs

from registry.chem.fingerprint import (
    MORGAN,
    Many,
    from_bytes,
    morgan,
    on_bits,
    tanimoto,
    to_bytes,
)
from registry.errors import InputError

FENTANYL = Chem.MolFromSmiles("CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1")
ACETYLFENTANYL = Chem.MolFromSmiles("CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1")
WATER = Chem.MolFromSmiles("O")


def test_the_scheme_says_how_it_was_made():
    assert MORGAN.label.startswith("morgan-2-2048-flat/rdkit-")
    assert morgan(FENTANYL).GetNumBits() == MORGAN.bits


def test_a_fingerprint_comes_back_from_its_bytes():
    data = to_bytes(morgan(FENTANYL))
    assert len(data) == 256
    assert from_bytes(data) == morgan(FENTANYL)
    assert from_bytes(data) != morgan(ACETYLFENTANYL)


def test_bytes_of_another_length_are_refused():
    with pytest.raises(InputError, match="2048"):
        from_bytes(b"\x00" * 64)


def test_likeness_is_exact_symmetric_and_rounded_down():
    one, two = morgan(FENTANYL), morgan(ACETYLFENTANYL)
    assert tanimoto(one, one) == Decimal("1.000")
    assert tanimoto(one, morgan(WATER)) == Decimal("0.000")
    likeness = tanimoto(one, two)
    assert likeness == tanimoto(two, one)
    assert likeness.as_tuple().exponent == -3
    exact = DataStructs.TanimotoSimilarity(one, two)
    assert 0 <= exact - float(likeness) < 0.001


def test_two_empty_fingerprints_are_not_alike():
    empty = from_bytes(b"\x00" * 256)
    assert tanimoto(empty, empty) == Decimal("0.000")


def test_stereoisomers_share_a_fingerprint():
    one, two = (Chem.MolFromSmiles(s) for s in ("C[C@H](N)Cc1ccccc1", "C[C@@H](N)Cc1ccccc1"))
    assert morgan(one) == morgan(two)


def test_the_bits_that_are_on_are_those_the_toolkit_counts():
    assert on_bits(morgan(FENTANYL)).tolist() == list(morgan(FENTANYL).GetOnBits())


def test_one_is_compared_with_many_as_with_each():
    prints = [morgan(mol) for mol in (ACETYLFENTANYL, WATER, FENTANYL)]
    found = Many(prints).likeness(on_bits(morgan(FENTANYL))).tolist()
    assert found == [DataStructs.TanimotoSimilarity(morgan(FENTANYL), one) for one in prints]
    assert found[2] == 1.0


def test_where_nothing_is_on_nothing_is_alike():
    empty = from_bytes(b"\x00" * 256)
    assert Many([empty, morgan(WATER)]).likeness(on_bits(empty)).tolist() == [0.0, 0.0]
    assert Many([]).likeness(on_bits(morgan(WATER))).tolist() == []
