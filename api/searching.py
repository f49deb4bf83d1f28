"""Structure search inside a worker process, which alone sees the chemistry toolkit."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from api.engine import Structure
from registry.chem.drawing import draw_svg
from registry.chem.parse import read_structure
from registry.chem.standardise import Component, Standardised, standardise
from registry.chem.substructure import common
from registry.facts import Facts
from registry.search.structures import Hit, Library, Wanted

Place = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits. `more`: others follow."""

    standardised: str
    hits: tuple[Hit, ...]
    more: bool


@lru_cache(maxsize=2)
def _library(file: str) -> Library:
    # The file was written by this process's own parent, in a folder only this user may read.
    facts: Facts = pickle.loads(Path(file).read_bytes())  # noqa: S301
    return Library(facts.substances)


def prepare(file: str, wanted: Wanted) -> None:
    """Make ready in this process what the search needs of the register, once: up to a second."""
    _library(file).prepare(wanted)


def find(file: str, wanted: Wanted, top: int | None, after: Place | None, limit: int) -> Found:
    """The hits that follow a place in their order, among the best `top`."""
    standardised = "" if wanted.smarts else _read(Structure(wanted.text, wanted.format)).smiles
    enough = limit + 1 if after is None else None
    hits = _library(file).search(wanted, enough)[:top]
    left = [hit for hit in hits if after is None or (hit.rank, hit.substance) > after]
    return Found(standardised, tuple(left[:limit]), len(left) > limit)


def compare(first: Structure, second: Structure, seconds: int) -> dict[str, Any]:
    """The part that the main components of two structures share, and a picture of each."""
    one, other = _read(first), _read(second)
    main, main_other = _main(one), _main(other)
    shared = common(main.mol, main_other.mol, seconds)
    return {
        "shared": {
            "smarts": shared.smarts,
            "atoms": len(shared.first),
            "bonds": shared.bonds,
            "complete": shared.complete,
        },
        "a": _side(one, main, shared.first),
        "b": _side(other, main_other, shared.second),
    }


def _read(structure: Structure) -> Standardised:
    return standardise(read_structure(structure.text, structure.format))


def _main(standardised: Standardised) -> Component:
    return max(standardised.active, key=lambda part: len(part.atoms))


def _side(whole: Standardised, part: Component, shared: tuple[int, ...]) -> dict[str, Any]:
    same = sorted(part.atoms[atom] for atom in shared)
    differing = sorted(set(part.atoms) - set(same))
    groups = {name: atoms for name, atoms in (("shared", same), ("differing", differing)) if atoms}
    return {
        "standardised": whole.smiles,
        "shared": same,
        "differing": differing,
        "svg": draw_svg(whole.mol, groups),
    }
