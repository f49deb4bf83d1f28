"""A file of structures becomes a collection. Killed at any moment, the same import goes on.

Each record ends as a row, as a repetition of one, or as an error with its line; their numbers add
up to the records read.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from registry.chem.batch import Workers, in_chunks
from registry.chem.identity import SCHEME
from registry.collections import index, table
from registry.collections.identify import identify, identify_chunk
from registry.collections.manifest import (
    CollectionExists,
    Manifest,
    Same,
    Source,
    SourceChanged,
    alone,
    begun,
    folder_of,
    read_manifest,
    source_of,
    write_manifest,
)
from registry.collections.read import Columns, FileKind, Reading
from registry.collections.table import Draft, Position
from registry.errors import DatabaseError, NotFound

CHUNK = 1_000


class Progress(NamedTuple):
    """How far an import has come. `share` of the source is from 0 to 1."""

    position: Position
    share: float


def import_file(
    file: Path,
    kind: FileKind,
    root: Path,
    name: str,
    *,
    now: datetime,
    columns: Columns = Columns(),
    same: Same = Same.WHOLE,
    versions: Mapping[str, str] | None = None,
    workers: Workers = Workers(),
) -> Generator[Progress]:
    """Make a collection, or go on with one that was begun with the same file and choices.

    The last Progress is the end. A collection that is complete already is left as it is. Raises
    CollectionExists, SourceChanged, UnreadableFile; what was read before an error stays.
    """
    folder = folder_of(root, name)
    wanted = begun(name, source_of(file, kind, columns), same, now, versions or {})
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        manifest = _agreed(folder, wanted)
        if not manifest.complete:
            reading = Reading(str(file), kind, columns)
            with closing(_read(folder, manifest, reading, workers)) as steps:
                yield from steps
            _require_unchanged(file, manifest.source)
            manifest = _finish(folder, manifest)
        (folder / index.FLAT).unlink(missing_ok=True)
    yield Progress(Position(**manifest.counts, ended=1), 1.0)


def _agreed(folder: Path, wanted: Manifest) -> Manifest:
    """The manifest to go on with: the one that is there, if it is of the same import."""
    try:
        found = read_manifest(folder)
    except NotFound:
        _clear(folder)
        write_manifest(folder, wanted)
        return wanted
    there, here = found.source, wanted.source
    if (found.same, there.kind, there.columns) != (wanted.same, here.kind, here.columns):
        raise CollectionExists(f"`{folder.name}` was imported in another way: remove it first")
    if there.sha256 != here.sha256:
        if found.complete:
            raise CollectionExists(f"`{folder.name}` is of another file: remove it first")
        raise SourceChanged(f"`{there.file}` is not what it was when `{folder.name}` was begun")
    if not found.complete and (found.layers, found.fingerprint) != (SCHEME, wanted.fingerprint):
        message = f"`{folder.name}` was begun by another version of the software"
        raise CollectionExists(f"{message}: remove it first")
    return found


def _clear(folder: Path) -> None:
    """Without a manifest, what lies here is left of a collection that was being removed."""
    for left in folder.glob(f"{table.FILE}*"):
        left.unlink()
    (folder / index.FLAT).unlink(missing_ok=True)


def _read(
    folder: Path, manifest: Manifest, reading: Reading, workers: Workers
) -> Generator[Progress]:
    with table.draft(folder, manifest.same) as draft:
        at = draft.position()
        if not at.ended:
            yield from _add(folder, draft, reading, workers)
            draft.end()


def _add(folder: Path, draft: Draft, reading: Reading, workers: Workers) -> Generator[Progress]:
    at, deadline = draft.position(), workers.deadline
    records = islice(reading, at.records, None)
    with workers.pool(identify) as pool, index.flat(folder, at.structures) as prints:
        ask = partial(identify_chunk, pool, reading.kind.written_as, deadline)
        with closing(in_chunks(records, ask, CHUNK, workers.number)) as chunks:
            for chunk in chunks:
                with draft.adding(chunk) as added:
                    index.append(prints, added.fingerprints)
                yield Progress(added.position, reading.share or 0.0)


def _require_unchanged(file: Path, source: Source) -> None:
    """The end of the file belongs to the file that the import began with."""
    if source_of(file, source.kind, source.columns).sha256 != source.sha256:
        raise SourceChanged(f"`{file}` was changed while it was read: remove and import it again")


def _finish(folder: Path, manifest: Manifest) -> Manifest:
    at = table.Table(folder).position()
    if at.records != at.structures + at.duplicates + at.errors:
        raise DatabaseError(f"the counts of `{folder.name}` do not add up: {at.counts()}")
    index.lay_out(folder, at.structures)
    finished = manifest.finished(at.counts())
    write_manifest(folder, finished)
    return finished
