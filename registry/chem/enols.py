"""C=C–OH written as CH–C=O, to ask a second time about a structure drawn as an enol."""

from __future__ import annotations

from rdkit import Chem

ENOL = Chem.MolFromSmarts("[OX2;H1]-[#6X3;!a]=[#6X3;!a]")


def keto_form(mol: Chem.Mol) -> Chem.Mol | None:
    """The keto form of every enol outside aromatic rings, with atoms in the same order; None where
    there is no enol.

    Not a standardisation: some substances are enols (ascorbic acid). An answer that rests on it is
    for an expert to confirm. Stereochemistry at the shifted double bond is lost.
    """
    if not mol.HasSubstructMatch(ENOL):
        return None
    shifted = Chem.RWMol(mol)
    while place := shifted.GetSubstructMatch(ENOL):
        oxygen, carbon, other = place
        shifted.GetBondBetweenAtoms(oxygen, carbon).SetBondType(Chem.BondType.DOUBLE)
        shifted.GetBondBetweenAtoms(carbon, other).SetBondType(Chem.BondType.SINGLE)
        for atom in (oxygen, other):
            shifted.GetAtomWithIdx(atom).SetNumExplicitHs(0)
            shifted.GetAtomWithIdx(atom).SetNoImplicit(False)
        shifted.UpdatePropertyCache()
    Chem.SanitizeMol(shifted)
    Chem.AssignStereochemistry(shifted, cleanIt=True, force=True)
    return shifted.GetMol()
