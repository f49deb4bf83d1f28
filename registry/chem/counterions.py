"""Known counterions and solvents, from `counterions.csv`, which a chemist may edit."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from registry.errors import SeedError


class Kind(StrEnum):
    """What a listed companion is: a metal and water are never what a product is about."""

    ACID = "acid"
    BASE = "base"
    METAL = "metal"
    SOLVENT = "solvent"
    WATER = "water"


@dataclass(frozen=True, slots=True)
class Companion:
    """A named counterion or solvent, written neutral where it can be."""

    name: str
    kind: Kind


def companion(mol: Chem.Mol) -> Companion | None:
    """The listed counterion or solvent a neutralised component is, by its drawn double-bond
    geometry where the file gives one, else by connectivity. None for anything else.
    """
    known, formulas = _known()
    if rdMolDescriptors.CalcMolFormula(mol) not in formulas:
        return None
    return known.get(Chem.MolToSmiles(mol)) or known.get(
        Chem.MolToSmiles(mol, isomericSmiles=False)
    )


@cache
def _known() -> tuple[dict[str, Companion], set[str]]:
    known: dict[str, Companion] = {}
    formulas = set()
    for mol, found in _rows():
        smiles = Chem.MolToSmiles(mol)
        if smiles in known:
            raise SeedError(f"`{found.name}` is listed twice", "counterions.csv")
        known[smiles] = found
        formulas.add(rdMolDescriptors.CalcMolFormula(mol))
    return known, formulas


def _rows() -> Iterator[tuple[Chem.Mol, Companion]]:
    text = files("registry.chem").joinpath("counterions.csv").read_text("utf-8")
    for line, row in enumerate(csv.DictReader(text.splitlines()), 2):
        mol: Chem.Mol | None = Chem.MolFromSmiles(row["smiles"])
        if mol is None or row["kind"] not in set(Kind):
            raise SeedError(f"`{row['name']}` cannot be used", "counterions.csv", line)
        yield mol, Companion(row["name"], Kind(row["kind"]))
