"""What a collection is made of, and where it lies: the folder and its `manifest.json`."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from registry.chem.fingerprint import MORGAN
from registry.chem.identity import SCHEME
from registry.collections.read import Columns, FileKind
from registry.errors import InputError, NotFound, StaleIndex

FORMAT = 1
MANIFEST = "manifest.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Same(StrEnum):
    """In which layer two structures are the same.

    `whole` is all that was drawn, counterions and isotope labels included; the other two are of
    what is active, with and without stereochemistry.
    """

    WHOLE = "whole"
    STEREO = "stereo"
    CONNECTIVITY = "connectivity"

    def of(self, found: Any) -> str:
        """The text of this layer, of a row or of what was identified."""
        text: str = getattr(found, "smiles" if self is Same.WHOLE else self.value)
        return text


class CollectionExists(InputError):
    """There is a collection of that name, made from something else."""

    code = "collection-exists"


class SourceChanged(InputError):
    """The file is not the one the import began with."""

    code = "source-changed"


class Incomplete(StaleIndex):
    """The import has not come to its end."""

    code = "collection-incomplete"


@dataclass(frozen=True, slots=True)
class Source:
    """The file a collection was made from, and how it was read. Times are in nanoseconds."""

    file: str
    bytes: int
    sha256: str
    kind: FileKind
    columns: Columns


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a collection besides its rows. `counts` are final once it is complete."""

    name: str
    created: str
    source: Source
    same: Same
    layers: str
    fingerprint: str
    versions: Mapping[str, str]
    complete: bool
    counts: Mapping[str, int]
    format: int = FORMAT

    def finished(self, counts: Mapping[str, int]) -> Manifest:
        return replace(self, complete=True, counts=dict(counts))

    def require_layers(self) -> None:
        """Raise StaleIndex where today's layers are made otherwise and must not be compared."""
        if self.layers != SCHEME:
            message = f"the layers of `{self.name}` are `{self.layers}`, today's are `{SCHEME}`"
            raise StaleIndex(f"{message}: import it again")


def begun(
    name: str, source: Source, same: Same, now: datetime, versions: Mapping[str, str]
) -> Manifest:
    """The manifest of a collection of which nothing has been read yet."""
    return Manifest(
        name=name,
        created=now.isoformat(timespec="seconds"),
        source=source,
        same=same,
        layers=SCHEME,
        fingerprint=MORGAN.label,
        versions=dict(versions),
        complete=False,
        counts={},
    )


def source_of(path: Path, kind: FileKind, columns: Columns) -> Source:
    """The file as it is now, its every byte summed up."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    return Source(str(path.absolute()), size, digest, kind, columns)


def folder_of(root: Path, name: str) -> Path:
    """Where a collection of that name lies. Raises InputError for what is no name."""
    if not _NAME.fullmatch(name):
        raise InputError(f"`{name}` is no name: letters, digits, `.`, `_` and `-`, at most 100")
    return root / name


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a folder. Raises NotFound, or StaleIndex for one of another make."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"there is no collection `{folder.name}`") from None
    except ValueError as error:
        raise StaleIndex(f"the manifest of `{folder.name}` cannot be read: {error}") from error
    if found.get("format") != FORMAT:
        raise StaleIndex(f"`{folder.name}` is of format {found.get('format')}, not {FORMAT}")
    source = found["source"]
    kind, columns = FileKind(source["kind"]), Columns(**source["columns"])
    found["source"] = Source(**source | {"kind": kind, "columns": columns})
    return Manifest(**found | {"same": Same(found["same"])})


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """In one step: whoever reads finds the old one or the new one."""
    draft = folder / f"{MANIFEST}.draft"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / MANIFEST)


def names(root: Path) -> list[str]:
    """The collections in a folder, by name."""
    return sorted(found.parent.name for found in root.glob(f"*/{MANIFEST}"))


def remove(root: Path, name: str) -> None:
    """Delete a collection and everything in it. Raises NotFound."""
    folder = folder_of(root, name)
    read_manifest(folder)
    with alone(folder):
        (folder / MANIFEST).unlink()
        shutil.rmtree(folder)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No other process may write this collection meanwhile; a killed one holds nothing."""
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"another process is writing `{folder.name}`") from None
        yield
