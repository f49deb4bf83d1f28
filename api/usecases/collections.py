"""Collections with the law beside them, and searched by a service."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import tee
from pathlib import Path
from typing import Any, NamedTuple

from api import screening
from api.engine import Engine, Structure
from api.screening import Question
from registry.chem.batch import Workers
from registry.chem.contains import heavy_atoms, may_contain
from registry.collections import search
from registry.collections.collection import Collection
from registry.collections.export import Line
from registry.collections.identify import Identified, identify
from registry.collections.manifest import Manifest, Same, names, read_manifest
from registry.collections.read import Record
from registry.collections.search import Hit
from registry.collections.table import Row
from registry.errors import NotFound
from registry.facts import Facts

# One page of a search for a part looks at no more rows, and takes about no longer.
MOST_ROWS = 20_000
PAGE_SECONDS = 5.0
CHUNK = 200


def judged(
    rows: Iterable[Row],
    dress: Callable[[Iterable[Row]], Iterable[Line]],
    question: Question,
    facts: Facts,
    workers: Workers,
    law_root: Path | None = None,
) -> Generator[Line]:
    """The lines of rows with a status for each jurisdiction, as `subreg screen` judges it.

    `status_XX` is `controlled`, `not_controlled` or `undetermined`; `problem` says why a row could
    not be judged, and then it is undetermined everywhere. The question is to be put with
    `Errors.REPORT`, so that every row is answered in its place.
    """
    to_judge, to_write = tee(rows)
    records = (Record(str(row.row), row.smiles, row.line) for row in to_judge)
    answers = screening.screen(
        records, question, facts, law_root=law_root, workers=workers.number,
        deadline=workers.deadline,
    )  # fmt: skip
    dates = {"on": question.on.isoformat(), "known_at": question.known_at}
    with closing(answers):
        judgements = (json.loads(line) for one in answers for line in one.body.splitlines())
        for line, answer in zip(dress(to_write), judgements, strict=True):
            yield {
                **line,
                **_status(answer),
                "problem": line["problem"] or _problem(answer),
                **dates,
            }


def _status(answer: dict[str, Any]) -> dict[str, str]:
    return {f"status_{code}": status for code, status in answer["summary"].items()}


def _problem(answer: dict[str, Any]) -> str:
    error = answer["error"]
    return f"{error['code']}: {error['message']}" if error else ""


def of_service(engine: Engine) -> Path:
    """The folder this service has. Raises NotFound where none was named."""
    root = engine.settings.collections
    if root is None:
        raise NotFound("this service has no collections")
    return root


def listed(root: Path, after: str = "", limit: int | None = None) -> list[dict[str, Any]]:
    """Collections of a folder by name, after a name."""
    found = [name for name in names(root) if name > after]
    return [described(read_manifest(root / name)) for name in found[:limit]]


def described(manifest: Manifest) -> dict[str, Any]:
    """What a manifest says, without the place of the file on this machine."""
    source = manifest.source
    return {
        "name": manifest.name,
        "created": manifest.created,
        "complete": manifest.complete,
        "counts": dict(manifest.counts),
        "same": manifest.same.value,
        "source": {
            "file": Path(source.file).name,
            "bytes": source.bytes,
            "sha256": source.sha256,
            "kind": source.kind.value,
            "columns": {"id": source.columns.id, "smiles": source.columns.smiles},
        },
        "schemes": {"layers": manifest.layers, "fingerprint": manifest.fingerprint},
        "versions": dict(manifest.versions),
    }


def shown(collection: Collection) -> dict[str, Any]:
    """One collection, with its errors counted by code."""
    by_code = collection.table.errors_by_code()
    return {
        **described(collection.manifest),
        "counts": collection.counts,
        "errors": by_code,
    }


def line_of(hit: Hit) -> dict[str, Any]:
    """A hit as plain data; a likeness is text with four places, rounded down."""
    # A ratio such as 57/100 lies a little below itself in binary.
    score = None if hit.score is None else f"{int(hit.score * 10_000 + 1e-6) / 10_000:.4f}"
    return {**hit.row._asdict(), "score": score}


def read(engine: Engine, structure: Structure) -> Identified:
    """A structure of a caller, read in a worker. Raises InputError or Overrun."""
    return engine.workers.call(identify, structure.text, structure.format)


class Page(NamedTuple):
    """Some of the hits. `after` is where the next page begins; None at the end."""

    hits: list[Hit]
    after: int | None
    undetermined: Sequence[int] = ()


def similar_page(
    collection: Collection,
    asked: Identified,
    at_least: float,
    top: int | None,
    after: int,
    limit: int,
) -> Page:
    """Hits by likeness; a complete collection never changes, so their order is the same again."""
    hits, end = collection.ranked(asked, at_least, top), after + limit
    return Page(collection.fetched(hits, after, end), end if end < len(hits) else None)


def exact_page(
    collection: Collection, asked: Identified, layer: Same, after: int, limit: int
) -> Page:
    hits, end = collection.exact(asked, layer), after + limit
    return Page(list(hits[after:end]), end if end < len(hits) else None)


def containing_page(
    engine: Engine, collection: Collection, part: Identified, after: int, limit: int
) -> Page:
    """Rows that contain a part.

    A page ends at its limit, after some seconds, or after many rows, with fewer hits or none:
    `after` says whether there are rows still to be asked.
    """
    until, rows = time.monotonic() + PAGE_SECONDS, collection.complete()
    hits, undetermined = list[Hit](), list[int]()
    for last, chunk in _chunks(collection.rows(after, MOST_ROWS), part):
        found, after = _asked(engine, part, chunk), last
        hits += map(Hit, found.hits)
        undetermined += (row.row for row in found.undetermined)
        if len(hits) >= limit:
            hits, after = hits[:limit], hits[limit - 1].row.row if len(hits) > limit else last
            break
        if time.monotonic() > until:
            break
    undetermined = [row for row in undetermined if row <= after]
    return Page(hits, after if after < rows else None, undetermined)


def _chunks(rows: Iterable[Row], part: Identified) -> Iterator[tuple[int, list[Row]]]:
    """Rows that may contain a part, some at a time, and the last row looked at so far."""
    needed, last, chunk = heavy_atoms(part.formula), 0, list[Row]()
    for row in rows:
        last = row.row
        if may_contain(row.formula, needed):
            chunk.append(row)
        if len(chunk) == CHUNK:
            yield last, chunk
            chunk = []
    if last:
        yield last, chunk


def _asked(engine: Engine, part: Identified, chunk: list[Row]) -> search.Scanned:
    deadline = engine.settings.deadline_seconds
    return search.scanned(search.ask(engine.workers, deadline, part, chunk))
