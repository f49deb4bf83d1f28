"""What a component is, in layers that can be compared one by one.

Each function is for one component as `registry.chem.standardise` gives it: neutral where it can
be, without isotope labels. They grow dearer in the order formula, connectivity, stereo, tautomer,
so that a caller can stop early: equal connectivity implies equal formula and equal skeleton.
"""

from __future__ import annotations

import rdkit
from rdkit import Chem
from rdkit.Chem import rdinchi, rdMolDescriptors, rdMolHash

from registry.chem.standardise import VERSION
from registry.facts import Layers

SCHEME = f"layers-1/standardise-{VERSION}/rdkit-{rdkit.__version__}"

# The InChI of a larger molecule comes back empty, and all of them would be one substance.
MOST_INCHI_ATOMS = 1_024


def layers(mol: Chem.Mol, labelled: str = "") -> Layers:
    """All layers of a component. `labelled` is its SMILES with isotopes (`Component.labelled`).

    Layers of another `scheme` must not be compared. `inchikey` is an extra: it stands for the
    unlabelled component and is empty above 1,024 atoms. Equal `tautomer` layers are a sign that
    two structures are prototropic forms of one substance, not an identity.
    """
    exact = stereo(mol)
    return Layers(
        scheme=SCHEME,
        formula=formula(mol),
        connectivity=connectivity(mol),
        stereo=exact,
        isotope=labelled or exact,
        tautomer=tautomer(mol),
        inchikey=inchikey(mol),
    )


def formula(mol: Chem.Mol) -> str:
    """The molecular formula in Hill order with hydrogen, and the net charge if any remains."""
    text: str = rdMolDescriptors.CalcMolFormula(mol)
    return text


def connectivity(mol: Chem.Mol) -> str:
    """Canonical SMILES without stereochemistry: which atoms are bonded to which, and how."""
    text: str = Chem.MolToSmiles(mol, isomericSmiles=False)
    return text


def stereo(mol: Chem.Mol) -> str:
    """Canonical SMILES with stereochemistry. An unspecified centre differs from either form."""
    text: str = Chem.MolToSmiles(mol)
    return text


def tautomer(mol: Chem.Mol) -> str:
    """RDKit's HetAtomTautomerv2 hash without stereochemistry.

    Forms that differ by a proton between hetero atoms share it, as do some keto and enol forms;
    many enols do not, so unequal hashes prove nothing. Not a canonical tautomer.
    """
    text: str = rdMolHash.MolHash(_flat(mol), rdMolHash.HashFunction.HetAtomTautomerv2)
    return text


def skeleton(mol: Chem.Mol) -> str:
    """Elements and their links only, without bond orders, charges or hydrogen.

    All tautomers of a substance share formula and skeleton, and so do substances that are no
    tautomers at all: a sound first question before `relations.relate`, never an answer.
    """
    text: str = rdMolHash.MolHash(_flat(mol), rdMolHash.HashFunction.ElementGraph)
    return text


def inchikey(mol: Chem.Mol) -> str:
    """The standard InChIKey, or an empty string where there is none."""
    if mol.GetNumAtoms() > MOST_INCHI_ATOMS:
        return ""
    text: str = rdinchi.InchiToInchiKey(rdinchi.MolToInchi(mol)[0])
    return text


def _flat(mol: Chem.Mol) -> Chem.Mol:
    # Both hashes keep stereochemistry where they find it.
    copy = Chem.Mol(mol)
    Chem.RemoveStereochemistry(copy)
    return copy
