"""Carve-outs by name in a draft."""

from __future__ import annotations

from collections.abc import Iterator

from registry.chem.identity import stereo
from rules.drafts.desk import Desk
from rules.drafts.entries import component, substance_of
from rules.drafts.schema import Exempt
from rules.load import TakenOut, taken_out
from rules.schema import CarveOut
from rules.strict_yaml import Document


def carve_outs(desk: Desk, change: Exempt, part: Document) -> Iterator[TakenOut]:
    """Each substance a change takes out, with the identity it is recognised by."""
    for place, one in enumerate(change.substances):
        path = ("substances", place)
        if one.smiles:
            smiles = stereo(component(one.smiles, part, (*path, "smiles")).mol)
        else:
            smiles = substance_of(desk.before.facts, one.name, part, path).smiles
        carved = CarveOut(
            name=one.name,
            smiles=smiles,
            clause=change.clause,
            stereo_specific=one.stereo_specific,
            unless=one.unless,
        )
        yield taken_out(carved, part, path)
