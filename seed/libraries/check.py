"""The libraries held against this register's own chemistry: `python -m seed.libraries`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.chem import identity
from registry.chem.opsin import Named, structures_of
from registry.chem.parse import Format, read_structure
from registry.chem.standardise import Component, standardise
from registry.errors import InputError, StructureError
from seed.libraries.read import FOLDER, Entry
from seed.readers.table import rows

NAMES = ("library", "key", "name")
_ATC_GROUP = re.compile(r"[A-DG-JL-NPRSV]\d\d[A-Z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row of a library."""

    library: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.library}.csv:{self.line}: {self.message}"


def faults(library: str, entries: Sequence[Entry]) -> list[Fault]:
    """Everything wrong: structures, order, doubles, groups that are none. No entry is changed.

    A structure is right where it is written as `registry.chem.standardise` leaves it, one component,
    and has the InChIKey beside it. That says nothing of whether it belongs to the name.
    """
    found = [
        *((one.line, message) for one in entries for message in _of_entry(one)),
        *_of_order(entries),
        *_doubles("name", {one.line: one.name.casefold() for one in entries}),
        *_doubles("structure", {one.line: one.inchikey for one in entries}),
    ]
    return [Fault(library, line, message) for line, message in sorted(found)]


def systematic_names(library: str, folder: Path = FOLDER) -> dict[str, str]:
    """Key of an entry → the name that OPSIN read for it. Raises SeedError."""
    every = rows(folder / "systematic_names.csv", NAMES, {})
    return {
        row.filled("key"): row.filled("name") for row in every if row.text("library") == library
    }


def misread(library: str, entries: Sequence[Entry], names: Mapping[str, str]) -> list[Fault]:
    """Entries whose systematic name, read by OPSIN, is not their structure.

    Configuration is not compared where the remark calls it unsure. Raises OpsinNotInstalled, Overrun.
    """
    asked = [one for one in entries if one.key in names]
    told = structures_of([names[one.key] for one in asked])
    return [
        Fault(library, one.line, f"`{names[one.key]}` is not this structure")
        for one, named in zip(asked, told, strict=True)
        if not (isinstance(named, Named) and _same(one, named))
    ]


def _of_entry(entry: Entry) -> Iterator[str]:
    for group in entry.atc.split():
        if not _ATC_GROUP.fullmatch(group):
            yield f"`{group}` is no group of the fourth level"
    try:
        part = _only(entry.smiles)
    except InputError as error:
        yield error.message
        return
    if identity.stereo(part.mol) != entry.smiles:
        yield f"the structure is written {identity.stereo(part.mol)} here"
    if identity.inchikey(part.mol) != entry.inchikey:
        yield f"the InChIKey is {identity.inchikey(part.mol)}"


def _only(smiles: str) -> Component:
    """Its one component. Raises StructureError."""
    active = standardise(read_structure(smiles, Format.SMILES)).components
    if len(active) != 1:
        raise StructureError(f"`{smiles}` is {len(active)} components")
    return active[0]


def _of_order(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    keys = [one.key for one in entries]
    for one, key in zip(entries, sorted(keys), strict=True):
        if one.key != key:
            yield one.line, f"`{key}` belongs here"
            return


def _doubles(what: str, values: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for line, value in values.items():
        if value in first:
            yield line, f"the {what} `{value}` stands in line {first[value]} already"
        first.setdefault(value, line)


def _same(entry: Entry, named: Named) -> bool:
    active = standardise(read_structure(named.smiles, Format.SMILES)).active
    keys = [identity.inchikey(part.mol) for part in active]
    if entry.remark:
        return any(key[:14] == entry.inchikey[:14] for key in keys)
    return entry.inchikey in keys
