"""N=C–OH written as NH–C=O.

An imidic acid is another way of drawing an amide: salts of barbiturates neutralise to it, and an
InChI, which leaves the proton's place open, is often read back as it. No other tautomer is touched.
"""

from __future__ import annotations

from collections.abc import Iterator

from rdkit import Chem

IMIDIC_ACID = Chem.MolFromSmarts("[NX2;+0]=[CX3]-[OX2;H1]")

Place = tuple[int, int, int]


def shift_all(mol: Chem.RWMol) -> Iterator[Place]:
    """Shift every imidic acid outside aromatic rings, giving each place (nitrogen, carbon, oxygen).

    `mol` is changed in place and needs sanitising afterwards.
    """
    while place := mol.GetSubstructMatch(IMIDIC_ACID):
        shift(mol, place)
        yield place


def shift(mol: Chem.RWMol, place: Place) -> None:
    """Shift one imidic acid of `mol` in place."""
    nitrogen, carbon, oxygen = (mol.GetAtomWithIdx(atom) for atom in place)
    hydrogens = nitrogen.GetTotalNumHs() + 1
    double = mol.GetBondBetweenAtoms(nitrogen.GetIdx(), carbon.GetIdx())
    double.SetStereo(Chem.BondStereo.STEREONONE)
    double.SetBondType(Chem.BondType.SINGLE)
    mol.GetBondBetweenAtoms(carbon.GetIdx(), oxygen.GetIdx()).SetBondType(Chem.BondType.DOUBLE)
    for atom, count in ((nitrogen, hydrogens), (oxygen, 0)):
        atom.SetNoImplicit(True)
        atom.SetNumExplicitHs(count)
    mol.UpdatePropertyCache(strict=False)


def lactam_form(mol: Chem.Mol) -> Chem.Mol:
    """A copy in which imidic acids in aromatic rings are shifted too."""
    changed = Chem.RWMol(mol)
    Chem.Kekulize(changed, clearAromaticFlags=True)
    for _ in shift_all(changed):
        pass
    Chem.SanitizeMol(changed)
    return changed.GetMol()
