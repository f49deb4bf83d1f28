"""Where each fact comes from, and whether the files are those that were reviewed."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from registry.errors import RuleFileError, SeedError
from rules import strict_yaml
from seed.readers import records

FILE = "sources.yaml"


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    publisher: str
    licence: str
    address: str = ""
    retrieved: date | None = None
    language: str = ""
    files: tuple[str, ...]


class Sheet(BaseModel):
    """`files`: the digest of each data file. `sources`: who said what stands in them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: dict[str, str]
    sources: dict[str, Entry]


def digests(folder: Path) -> dict[str, str]:
    """The sha256 of each data file as it stands."""
    return {path.name: _sha256(path.read_bytes()) for path in sorted(folder.glob("*.csv"))}


def read_sheet(root: Path) -> Sheet:
    """`sources.yaml`, with every data file compared to its digest."""
    try:
        document = strict_yaml.read(root / FILE)
        sheet = strict_yaml.validate(document, Sheet)
        _check(document, sheet, digests(root / "data"))
    except RuleFileError as error:
        message = error.message.split(": ", 1)[-1]
        raise SeedError(message, error.file, error.line, error.column) from None
    return sheet


def sources(sheet: Sheet) -> dict[str, records.Source]:
    return {
        key: records.Source(
            key=key,
            title=entry.title,
            publisher=entry.publisher,
            licence=entry.licence,
            address=entry.address,
            retrieved=entry.retrieved,
            language=entry.language,
            sha256=_of_files(sheet, entry),
        )
        for key, entry in sheet.sources.items()
    }


def content_hash(root: Path) -> str:
    """Of everything that ships: `sources.yaml` holds the digest of every other file."""
    return _sha256((root / FILE).read_bytes())


def _of_files(sheet: Sheet, entry: Entry) -> str:
    """The digest of its one file, or of the digests of its several files."""
    parts = [sheet.files[file] for file in entry.files]
    return parts[0] if len(parts) == 1 else _sha256("\n".join(parts).encode())


def _check(document: strict_yaml.Document, sheet: Sheet, found: dict[str, str]) -> None:
    for file in sorted(found.keys() | sheet.files.keys()):
        if file not in sheet.files:
            raise document.error(f"`{file}` has no digest here", ("files",))
        if found.get(file) != sheet.files[file]:
            now = f"has digest {found[file]}" if file in found else "is missing"
            raise document.error(f"`{file}` {now}", ("files", file))
    for key, entry in sheet.sources.items():
        for file in entry.files:
            if file not in sheet.files:
                raise document.error(f"`{file}` is not among the files", ("sources", key, "files"))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
