"""Reference libraries: named substances with what they are used for, against which drafts are tried.

`medicines` are in medical use or once were, or are named in an exemption of the law; `industrial`
are solvents, reagents, monomers, dyes, additives, pesticides and precursors with a licit use.
Neither is complete: that a substance is missing proves nothing, and `use` is no indication to rely
on for treatment. Nothing here has seen a toolkit; `seed.libraries.check` compares structures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from registry.errors import NotFound, RuleFileError, SeedError
from rules import strict_yaml
from seed.readers.table import Row, rows

FOLDER = Path(__file__).parent
LIBRARIES: tuple[str, ...] = ("medicines", "industrial")
COLUMNS = ("key", "name", "use", "atc", "smiles", "inchikey", "sources", "remark")


class Source(BaseModel):
    """Where structures or names were compared. `gives` says which of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    publisher: str
    licence: str
    gives: str
    address: str
    retrieved: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One substance of a library, drawn without counterion, with the sources that agree on it.

    `atc` holds groups of the WHO classification, separated by spaces; empty where none was
    confirmed. `remark` says which part of the structure is unsure.
    """

    line: int
    key: str
    name: str
    use: str
    atc: str
    smiles: str
    inchikey: str
    sources: tuple[str, ...]
    remark: str


def read_library(name: str, folder: Path = FOLDER) -> tuple[Entry, ...]:
    """The entries of a library in the order of its file.

    Raises NotFound for a name that is none of `LIBRARIES`, and SeedError with file, line and column
    at the first fault.
    """
    file, sources = _file(name, folder), read_sources(folder)
    return tuple(_entry(row, sources) for row in rows(file, COLUMNS, {}))


def digest(name: str, folder: Path = FOLDER) -> str:
    """The sha256 of a library's file as it stands, so that a result can say what it was tried on."""
    return hashlib.sha256(_file(name, folder).read_bytes()).hexdigest()


def read_sources(folder: Path = FOLDER) -> dict[str, Source]:
    """What the keys in the column `sources` stand for. Raises SeedError."""
    try:
        sheet = strict_yaml.validate(strict_yaml.read(folder / "sources.yaml"), _Sheet)
    except RuleFileError as error:
        message = error.message.split(": ", 1)[-1]
        raise SeedError(message, error.file, error.line, error.column) from None
    return sheet.sources


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: dict[str, Source]


def _file(name: str, folder: Path) -> Path:
    if name not in LIBRARIES:
        raise NotFound(f"no library is called `{name}`; there are {', '.join(LIBRARIES)}")
    return folder / f"{name}.csv"


def _entry(row: Row, known: Collection[str]) -> Entry:
    return Entry(
        line=row.line,
        key=row.filled("key"),
        name=row.filled("name"),
        use=row.filled("use"),
        atc=row.text("atc"),
        smiles=row.filled("smiles"),
        inchikey=row.filled("inchikey"),
        sources=_sources(row, known),
        remark=row.text("remark"),
    )


def _sources(row: Row, known: Collection[str]) -> tuple[str, ...]:
    """Two or more: one route alone is never enough for a structure."""
    found = tuple(row.filled("sources").split())
    for key in found:
        if key not in known:
            row.refuse("sources", f"nothing is called `{key}`")
    if len(set(found)) < 2:
        row.refuse("sources", "a structure needs two sources")
    return found
