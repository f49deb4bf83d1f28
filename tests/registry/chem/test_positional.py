"""Positional isomers as 21 CFR 1300.01(b) defines them, by its own examples and by decisions of the
Administration in the Federal Register."""

from __future__ import annotations

import pytest
from rdkit import Chem

from registry.chem.identity import formula
from registry.chem.positional import Positional, positional
from registry.chem.standardise import standardise

# What the regulation gives as examples, on named parents or the parent the core is called after.
YES = {
    "tert-butyl to sec-butyl": (
        "CC(C)(C)c1cc(OC)c(CCN)cc1OC", "CCC(C)c1cc(OC)c(CCN)cc1OC",
    ),
    "methoxy and ethyl to isopropoxy": ("CCc1ccc(OC)c(CCN)c1", "CC(C)Oc1ccc(CCN)cc1"),
    "N,N-diethyl to N-methyl-N-propyl": (
        "CCN(CC)CCc1c[nH]c2ccccc12", "CCCN(C)CCc1c[nH]c2ccccc12",
    ),
    "alpha-methylamino to N-methylamino": ("CC(N)Cc1ccc(OC)cc1", "CNCCc1ccc(OC)cc1"),
    "88 FR 21101: pentylone, eutylone": (
        "CCCC(NC)C(=O)c1ccc2c(c1)OCO2", "CCNC(CC)C(=O)c1ccc2c(c1)OCO2",
    ),
    "88 FR 86266: AB-PINACA, ADB-BUTINACA": (
        "CCCCCn1nc(C(=O)NC(C(N)=O)C(C)C)c2ccccc21", "CCCCn1nc(C(=O)NC(C(N)=O)C(C)(C)C)c2ccccc21",
    ),
    "88 FR 86266: alpha-PHP, alpha-PiHP": (
        "CCCCC(C(=O)c1ccccc1)N1CCCC1", "CC(C)CC(C(=O)c1ccccc1)N1CCCC1",
    ),
    "88 FR 86266: mephedrone, 3-MMC": ("CNC(C)C(=O)c1ccc(C)cc1", "CNC(C)C(=O)c1cccc(C)c1"),
    "90 FR 38396: N-ethylpentylone, dipentylone": (
        "CCCC(NCC)C(=O)c1ccc2c(c1)OCO2", "CCCC(N(C)C)C(=O)c1ccc2c(c1)OCO2",
    ),
    "psilocine, bufotenine": ("CN(C)CCc1c[nH]c2cccc(O)c12", "CN(C)CCc1c[nH]c2ccc(O)cc12"),
}  # fmt: skip

NO = {
    "ethoxy to alpha-hydroxyethyl": ("CCOc1ccc(CC(C)N)cc1", "CC(O)c1ccc(CC(C)N)cc1"),
    "hydroxy and methyl to methoxy": ("CC(N)Cc1ccc(O)c(C)c1", "CC(N)Cc1ccc(OC)cc1"),
    "phenolic hydroxy to a hydroxyamine": ("CNCCc1c[nH]c2cccc(O)c12", "CN(O)CCc1c[nH]c2ccccc12"),
    "another core: dimethyltryptamine, iso-DMT": (
        "CN(C)CCc1c[nH]c2ccccc12", "CN(C)CCn1ccc2ccccc21",
    ),
    "another core: MDMA, a phenylpropylamine": (
        "CNC(C)Cc1ccc2c(c1)OCO2", "CC(N)CCc1ccc2c(c1)OCO2",
    ),
    "PMA, ephedrine": ("CC(N)Cc1ccc(OC)cc1", "CNC(C)C(O)c1ccccc1"),
}  # fmt: skip

OPEN = {
    "a ketone moved, but still a phenethylamine": (
        "CNC(C)C(=O)c1ccc(C)cc1", "CNC(C(C)=O)Cc1ccccc1",
    ),
    "fluorine moved from ring to chain": ("CNC(C)C(=O)c1ccc(F)cc1", "CNC(CF)C(=O)c1ccccc1"),
    "a pyrrolidine become a piperidine": (
        "CCCCC(C(=O)c1ccccc1)N1CCCC1", "CCCC(C(=O)c1ccccc1)N1CCCCC1",
    ),
    "no core is named for its class": (
        "CN1CCCC(OC(=O)C(O)(c2ccccc2)c2ccccc2)C1", "CN1CCC(OC(=O)C(O)(c2ccccc2)c2ccccc2)CC1",
    ),
}  # fmt: skip


def _mol(smiles: str) -> Chem.Mol:
    return standardise(Chem.MolFromSmiles(smiles)).active[0].mol


@pytest.mark.parametrize(
    ("listed", "asked", "expected"),
    [
        pytest.param(*pair, verdict, id=name)
        for verdict, table in (
            (Positional.YES, YES),
            (Positional.NO, NO),
            (Positional.OPEN, OPEN),
        )
        for name, pair in table.items()
    ],
)
def test_each_example_comes_out(listed: str, asked: str, expected: Positional) -> None:
    one, other = _mol(listed), _mol(asked)
    assert formula(one) == formula(other)
    assert positional(one, other).verdict is expected


def test_the_reason_of_an_open_answer_is_given() -> None:
    one, other = _mol(OPEN["fluorine moved from ring to chain"][0]), _mol("CNC(CF)C(=O)c1ccccc1")
    assert "another kind of atom" in positional(one, other).reason
