"""A structure as a molfile with a drawing."""

from __future__ import annotations

from rdkit import Chem
from rdkit.Chem import rdDepictor


def molfile(mol: Chem.Mol) -> str:
    """The molfile of a molecule, drawn in the plane; V3000 where V2000 cannot hold it.

    The coordinates are a picture and carry no fact. `mol` itself is not changed.
    """
    drawn = Chem.Mol(mol)
    rdDepictor.Compute2DCoords(drawn)
    text: str = Chem.MolToMolBlock(drawn)
    return text
