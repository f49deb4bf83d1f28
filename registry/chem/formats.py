"""The ways a structure can be written."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """`AUTO` stands for whichever of the others the text looks like."""

    SMILES = "smiles"
    INCHI = "inchi"
    MOLFILE = "molfile"
    AUTO = "auto"


def detect(text: str) -> Format:
    """The format a text looks like; it may still turn out not to be a structure at all."""
    if text.lstrip().startswith("InChI="):
        return Format.INCHI
    if "\n" in text.strip() and any(mark in text for mark in ("M  END", "V2000", "V3000")):
        return Format.MOLFILE
    return Format.SMILES
