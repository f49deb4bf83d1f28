"""`subreg collection`: libraries of structures, imported, searched, handed on."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

import typer
from platformdirs import user_data_path
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from api.cli.console import messages, print_facts, print_json, print_line, print_table, say, stop
from api.cli.database import ready, settings
from api.cli.exits import Exit
from api.cli.options import AsJson, Jurisdictions, KnownOn, On, now
from api.cli.options import Workers as WorkersAsked
from api.cli.screen import (
    Deadline,
    IdColumn,
    IdTag,
    InputFormat,
    SmilesColumn,
    facts_known,
    promised,
)
from api.law import law_of
from api.screening import Errors, Question
from api.usecases import collections as usecase
from api.usecases.dates import Dates, dates_asked
from registry.chem.batch import Workers
from registry.chem.parse import Format
from registry.chem.worker import WorkerPool
from registry.collections import manifest
from registry.collections.collection import Collection
from registry.collections.export import ExportKind, Line, export_kind, lines, write
from registry.collections.identify import Identified, identify
from registry.collections.importing import Progress as Imported
from registry.collections.importing import import_file
from registry.collections.manifest import Same
from registry.collections.read import Columns
from registry.collections.search import CAVEAT, Hit
from registry.collections.table import Row
from rules.decide import Scope
from rules.sitting import check_scope
from rules.versions import versions

collection = typer.Typer(name="collection", help="Libraries of structures: import, search, export.")

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A .smi, .csv or .sdf file, also .gz, or .parquet.")
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the collection.")]
At = Annotated[
    Path | None,
    typer.Option("--at", metavar="FOLDER", help="Where collections lie [SUBREG_COLLECTIONS]."),
]
SameBy = Annotated[
    Same, typer.Option("--same", help="The layer by which a record repeats an earlier one.")
]
After = Annotated[int, typer.Option(min=0, help="Begin after this number.")]
Limit = Annotated[int, typer.Option(min=1, help="Show at most so many.")]
Structure = Annotated[
    str, typer.Argument(metavar="STRUCTURE", help="SMILES, InChI or molfile; - for stdin.")
]
StructureFormat = Annotated[Format, typer.Option("--format", help="How STRUCTURE is written.")]
Threshold = Annotated[
    float, typer.Option(min=0, max=1, help="The least likeness, from 0 to 1 [0.7].")
]
Top = Annotated[int | None, typer.Option(min=1, help="Only the best so many [all].")]
Part = Annotated[bool, typer.Option("--substructure", help="Rows that contain STRUCTURE.")]
Exact = Annotated[Same | None, typer.Option("--exact", help="Rows equal in this layer.")]
Target = Annotated[
    Path, typer.Argument(metavar="FILE", help="A .jsonl, .csv or .sdf file, also .gz, or .parquet.")
]
TargetKind = Annotated[ExportKind | None, typer.Option("--format", help="What FILE is [its name].")]
InchiKeys = Annotated[bool, typer.Option("--inchikey", help="Also the standard InChIKey.")]
Classify = Annotated[bool, typer.Option("--classify", help="Also the status under the law.")]

T = TypeVar("T")


class Bar(NamedTuple):
    """What a progress bar shows at one moment: a share from 0 to 1, and words."""

    share: float
    done: int
    words: str = ""


def root_of(at: Path | None) -> Path:
    """Where collections lie: as said, as set, or in the user's data folder."""
    return at or settings().collections or user_data_path("substance-register") / "collections"


def workers_of(count: int | None = None, deadline: float | None = None) -> Workers:
    found = settings()
    limits = (deadline or found.deadline_seconds, found.worker_memory_bytes)
    return Workers(count or 0, *limits)


@collection.command("import")
def import_(
    file: File,
    name: Name,
    at: At = None,
    same: SameBy = Same.WHOLE,
    input_format: InputFormat = None,
    id_column: IdColumn = Columns.id,
    smiles_column: SmilesColumn = Columns.smiles,
    id_tag: IdTag = "",
    workers: WorkersAsked = None,
    deadline: Deadline = None,
    as_json: AsJson = False,
) -> None:
    """Import a file of structures; interrupted or killed, the same command goes on."""
    kind = input_format or promised(str(file))
    if not file.is_file():
        raise typer.BadParameter(f"there is no file `{file}`")
    steps = import_file(
        file,
        kind,
        root_of(at),
        name,
        now=now(),
        columns=Columns(id_column, smiles_column, id_tag),
        same=same,
        versions=versions(),
        workers=workers_of(workers, deadline),
    )
    last(watched(steps, _imported))
    _show(Collection.open(root_of(at), name), as_json)


def _imported(step: Imported) -> Bar:
    at = step.position
    return Bar(step.share, at.records, f"{at.errors:,} errors")


@collection.command("list")
def list_(at: At = None, as_json: AsJson = False) -> None:
    """List the collections."""
    found = usecase.listed(root_of(at))
    if as_json:
        print_json(found)
        return
    rows = ((one["name"], _state(one), one["source"]["file"], one["created"]) for one in found)
    print_table("Collections", ("name", "structures", "from", "begun"), rows)


def _state(one: dict[str, Any]) -> str:
    return f"{one['counts']['structures']:,}" if one["complete"] else "import not at its end"


@collection.command()
def show(
    name: Name, at: At = None, after: After = 0, limit: Limit = 10, as_json: AsJson = False
) -> None:
    """Show what a collection is made of, and some of its rows."""
    found = Collection.open(root_of(at), name)
    rows = list(found.rows(after, limit))
    if as_json:
        print_json({**usecase.shown(found), "rows": [row._asdict() for row in rows]})
        return
    _show(found, as_json=False, exit_=False)
    print_line()
    print_table("Rows", rows[0]._fields if rows else (), rows)


def _show(found: Collection, as_json: bool, *, exit_: bool = True) -> None:
    said = usecase.shown(found)
    if as_json:
        print_json(said)
    else:
        source = said["source"]
        print_facts(
            {
                "name": said["name"],
                "begun": said["created"],
                "complete": "yes" if said["complete"] else "no: run the import again",
                **{key: f"{number:,}" for key, number in said["counts"].items()},
                **{f"  {code}": f"{number:,}" for code, number in said["errors"].items()},
                "same by": said["same"],
                "from": f"{source['file']}, {source['bytes']:,} bytes, sha256 {source['sha256']}",
                **said["schemes"],
            }
        )
    if exit_ and said["errors"]:
        stop(Exit.SOME_INPUTS_FAILED)


@collection.command()
def errors(
    name: Name, at: At = None, after: After = 0, limit: Limit = 100, as_json: AsJson = False
) -> None:
    """List the records that could not be read, with line, column and reason."""
    found = Collection.open(root_of(at), name).errors(after, limit)
    _print("Errors", ("number", "line", "column", "id", "code", "message"), found, as_json)


@collection.command()
def duplicates(
    name: Name, at: At = None, after: After = 0, limit: Limit = 100, as_json: AsJson = False
) -> None:
    """List the records that repeat an earlier row, and which."""
    found = Collection.open(root_of(at), name).duplicates(after, limit)
    _print("Repeated", ("number", "line", "id", "smiles", "row"), found, as_json)


def _print(title: str, heading: tuple[str, ...], found: Iterable[Any], as_json: bool) -> None:
    lines = [one._asdict() for one in found]
    if as_json:
        print_json(lines)
    else:
        print_table(title, heading, ([line[name] for name in heading] for line in lines))


@collection.command()
def search(
    name: Name,
    structure: Structure,
    at: At = None,
    threshold: Threshold = 0.7,
    top: Top = None,
    substructure: Part = False,
    exact: Exact = None,
    format_: StructureFormat = Format.AUTO,
    workers: WorkersAsked = None,
    as_json: AsJson = False,
) -> None:
    """Find rows by likeness, by an equal layer, or by a part; evidence, never a legal answer."""
    if substructure and exact is not None:
        raise typer.BadParameter("ask either --substructure or --exact")
    found = Collection.open(root_of(at), name)
    asked = _asked(sys.stdin.read() if structure == "-" else structure, format_)
    undetermined: list[int] = []
    if substructure:
        hits, undetermined = _containing(found, asked, workers_of(workers))
    else:
        hits = list(
            found.similar(asked, threshold, top) if exact is None else found.exact(asked, exact)
        )
    lines = [usecase.line_of(hit) for hit in hits]
    if as_json:
        print_json({"hits": lines, "undetermined": undetermined, "caveat": CAVEAT})
    else:
        heading = ("row", "id", "score", "smiles", "formula")
        print_table("Found", heading, ([line[key] for key in heading] for line in lines))
        say(f"{len(lines)} found; {CAVEAT}")
    if undetermined:
        stop(Exit.STOPPED, f"rows {undetermined} could not be computed: they may be hits")


def _asked(text: str, format_: Format) -> Identified:
    with WorkerPool(1, deadline_seconds=settings().deadline_seconds) as pool:
        return pool.call(identify, text, format_)


def _containing(
    found: Collection, part: Identified, workers: Workers
) -> tuple[list[Hit], list[int]]:
    hits: list[Hit] = []
    undetermined: list[int] = []
    all_rows = max(len(found), 1)
    steps = found.scan(part, workers)
    for step in watched(steps, lambda one: Bar(one.after / all_rows, one.after)):
        hits += map(Hit, step.hits)
        undetermined += [row.row for row in step.undetermined]
    return hits, undetermined


@collection.command()
def export(
    name: Name,
    file: Target,
    at: At = None,
    kind: TargetKind = None,
    inchikey: InchiKeys = False,
    classify: Classify = False,
    on: On = None,
    known_on: KnownOn = None,
    jurisdiction: Jurisdictions = None,
    workers: WorkersAsked = None,
    deadline: Deadline = None,
    as_json: AsJson = False,
) -> None:
    """Write a collection to a file with our fields, and the status under the law where asked."""
    chosen = kind or export_kind(str(file))
    if chosen is None:
        raise typer.BadParameter(f"the name `{file}` promises no kind: add --format")
    if not classify and (on or known_on or jurisdiction):
        raise typer.BadParameter("dates and jurisdictions belong to --classify")
    found, asked = Collection.open(root_of(at), name), workers_of(workers, deadline)
    dress = partial(lines, workers=asked, inchikeys=inchikey, molfiles=chosen is ExportKind.SDF)
    dressed: Iterable[Line] = dress(found.rows())
    if classify:
        dates = dates_asked(now(), on, known_on)
        dressed = _judged(found, dress, dates, Scope(tuple(jurisdiction or ())), asked)
    whole = max(len(found), 1)
    count = last(watched(write(file, chosen, dressed), lambda done: Bar(done / whole, done)))
    answer = {"file": str(file), "kind": chosen.value, "rows": count or 0}
    if as_json:
        print_json(answer)
    else:
        print_facts(answer)


def _judged(
    found: Collection,
    dress: Callable[[Iterable[Row]], Iterable[Line]],
    dates: Dates,
    scope: Scope,
    workers: Workers,
) -> Iterator[Line]:
    root = ready().law_root
    check_scope(law_of(root), scope)
    question = Question(dates.on, dates.known_text, scope, errors=Errors.REPORT)
    say(f"law in force on {dates.on}, as known at {dates.known_text}")
    facts = facts_known(dates)
    yield from usecase.judged(found.rows(), dress, question, facts, workers, root)


@collection.command()
def index(
    name: Name,
    at: At = None,
    workers: WorkersAsked = None,
    deadline: Deadline = None,
    as_json: AsJson = False,
) -> None:
    """Make the fingerprints of a collection again, as this version of the software makes them."""
    found = Collection.open(root_of(at), name)
    all_rows = max(len(found), 1)
    steps = found.build_index(workers_of(workers, deadline))
    last(watched(steps, lambda done: Bar(done / all_rows, done)))
    answer = {"name": name, "rows": len(found.arena), "scheme": found.arena.label}
    if as_json:
        print_json(answer)
    else:
        print_facts(answer)


@collection.command()
def remove(name: Name, at: At = None, as_json: AsJson = False) -> None:
    """Delete a collection; the file it was made from is not touched."""
    manifest.remove(root_of(at), name)
    if as_json:
        print_json({"removed": name})
    else:
        print_line(f"`{name}` is removed")


def last(steps: Iterable[T]) -> T | None:
    """Every step taken; the last one."""
    found = deque(steps, maxlen=1)
    return found[0] if found else None


def watched(steps: Iterable[T], shown: Callable[[T], Bar]) -> Iterator[T]:
    """The same steps, with a bar on standard error where somebody can see it."""
    progress = Progress(
        SpinnerColumn(),
        BarColumn(),
        TextColumn(
            "{task.fields[done]:,} records, {task.fields[rate]:,.0f}/s {task.fields[words]}"
        ),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=messages(),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with progress:
        task = progress.add_task("", total=1.0, done=0, rate=0.0, words="")
        first: int | None = None
        for step in steps:
            bar = shown(step)
            first = bar.done if first is None else first
            elapsed = progress.tasks[task].elapsed or 0.0
            rate = (bar.done - first) / elapsed if elapsed else 0.0
            progress.update(task, completed=bar.share, done=bar.done, rate=rate, words=bar.words)
            yield step
