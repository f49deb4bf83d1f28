"""Whether one structure holds another, and what two have in common.

Containment of drawings, nothing more: that a listed substance holds a query, or a query a listed
substance, is evidence for an expert and says nothing of any law.
"""

from __future__ import annotations

from dataclasses import dataclass

from rdkit import Chem
from rdkit.Chem import rdFMCS

from registry.chem.gate import LONGEST_SMILES
from registry.errors import GateRefusal, StructureError


def read_smarts(text: str) -> Chem.Mol:
    """A query written in SMARTS. From trusted people only, and into a killable worker: a short
    SMARTS can ask for hours of matching.

    Raises GateRefusal for a text that is too long or strange, StructureError for one that is no
    SMARTS.
    """
    smarts = text.strip()
    if not smarts or len(smarts) > LONGEST_SMILES or not smarts.isascii():
        raise GateRefusal(f"a SMARTS of 1 to {LONGEST_SMILES} plain characters is needed", 0)
    query: Chem.Mol | None = Chem.MolFromSmarts(smarts)
    if query is None or not query.GetNumAtoms():
        raise StructureError(f"`{smarts[:80]}` cannot be read as SMARTS")
    query.UpdatePropertyCache(strict=False)
    return query


def holds(mol: Chem.Mol, query: Chem.Mol, *, stereo: bool = False) -> tuple[int, ...]:
    """The atoms of `mol` where the query is first found, in the query's order; empty where not.

    Elements, bond orders, and charges and isotopes that the query has must agree; its hydrogen
    atoms are free places.
    `stereo`: configurations drawn in the query must agree, too.
    """
    found: tuple[int, ...] = mol.GetSubstructMatch(query, useChirality=stereo)
    return found


@dataclass(frozen=True, slots=True)
class Common:
    """The largest connected part that two structures share.

    `first` and `second` are its atoms in either. Where `complete` is false the search was stopped
    at its deadline and a larger part may exist.
    """

    smarts: str
    first: tuple[int, ...]
    second: tuple[int, ...]
    bonds: int
    complete: bool


def common(first: Chem.Mol, second: Chem.Mol, seconds: int) -> Common:
    """The maximum common substructure: same elements, same bond orders, whole rings.

    Its size has no legal meaning.
    """
    found = rdFMCS.FindMCS(
        [first, second],
        timeout=seconds,
        ringMatchesRingOnly=True,
        completeRingsOnly=True,
        atomCompare=rdFMCS.AtomCompare.CompareElements,
        bondCompare=rdFMCS.BondCompare.CompareOrder,
    )
    if not found.numAtoms:
        return Common("", (), (), 0, complete=not found.canceled)
    query = Chem.MolFromSmarts(found.smartsString)
    return Common(
        found.smartsString,
        holds(first, query),
        holds(second, query),
        found.numBonds,
        complete=not found.canceled,
    )
