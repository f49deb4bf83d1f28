"""`subreg screen`: a file of structures against the law, one answer per structure."""

from __future__ import annotations

import gzip
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, BinaryIO, NamedTuple, cast

import typer
from rich.progress import (
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from api import screening
from api.cli.console import messages, say, stop
from api.cli.database import ready, register
from api.cli.exits import Exit
from api.cli.options import AllFindings, Jurisdictions, KnownOn, On, Provisions, Workers, now
from api.law import law_of
from api.screening import Errors, Fault, Output, Question, Screened, heading
from api.usecases.dates import Dates, dates_asked
from registry.collections.read import Columns, FileKind, kind_of, read_records
from registry.errors import DatabaseError
from registry.facts import Facts
from registry.snapshot import snapshot
from rules.decide import Scope
from rules.sitting import check_scope, sit

File = Annotated[
    str, typer.Argument(metavar="FILE", help="A .smi, .csv or .sdf file, also .gz; - for stdin.")
]
OutputFormat = Annotated[Output, typer.Option("--format", help="Lines of JSON, or a table.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write here instead of standard output."),
]
OnErrors = Annotated[
    Errors, typer.Option("--errors", help="Unreadable records: stop, write as errors, leave out.")
]
InputFormat = Annotated[
    FileKind | None, typer.Option("--input-format", help="What FILE is [from its name].")
]
IdColumn = Annotated[str, typer.Option(metavar="NAME", help="The .csv column with the id.")]
SmilesColumn = Annotated[str, typer.Option(metavar="NAME", help="The .csv column with the SMILES.")]
IdTag = Annotated[str, typer.Option(metavar="TAG", help="The .sdf data item with the id [title].")]
Deadline = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        max=600,
        metavar="SECONDS",
        help="The longest one structure may take [SUBREG_DEADLINE_SECONDS].",
    ),
]


class Total(NamedTuple):
    """How a run went. `fault` is the first record that could not be read."""

    records: int = 0
    unread: int = 0
    stopped: int = 0
    fault: Fault | None = None

    def and_then(self, answer: Screened) -> Total:
        return Total(
            self.records + answer.records,
            self.unread + len(answer.faults),
            self.stopped + answer.stopped,
            self.fault or next(iter(answer.faults), None),
        )


class Rate(ProgressColumn):
    """Structures per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "")


def screen(
    file: File,
    on: On = None,
    known_on: KnownOn = None,
    provision: Provisions = None,
    jurisdiction: Jurisdictions = None,
    everything: AllFindings = False,
    output: OutputFormat = Output.JSONL,
    out: Out = None,
    errors: OnErrors = Errors.STRICT,
    input_format: InputFormat = None,
    id_column: IdColumn = Columns.id,
    smiles_column: SmilesColumn = Columns.smiles,
    id_tag: IdTag = "",
    workers: Workers = None,
    deadline: Deadline = None,
) -> None:
    """Screen a file of structures; one answer per structure, in the order of the file."""
    kind = input_format or promised(file)
    _require_files(file, out)
    settings = ready()
    scope = Scope(tuple(jurisdiction or ()), tuple(provision or ()))
    law = law_of(settings.law_root)
    check_scope(law, scope)
    dates = dates_asked(now(), on, known_on)
    question = Question(
        on=dates.on,
        known_at=dates.known_text,
        scope=scope,
        format=kind.written_as,
        all_findings=everything,
        errors=errors,
        output=output,
    )
    facts = facts_known(dates)
    say(f"law in force on {question.on}, as known at {question.known_at}")
    for caveat in sit(law, question.on, scope).caveats:
        say(f"note: {caveat}")
    records = read_records(file, kind, Columns(id_column, smiles_column, id_tag))
    answers = screening.screen(
        records,
        question,
        facts,
        law_root=settings.law_root,
        workers=workers,
        deadline=deadline or settings.deadline_seconds,
    )
    with _destination(out) as sink, closing(answers):
        _put(sink, heading(output))
        total = _write(sink, _watched(answers, shown=_bar_fits(out)))
    _end(file, total, errors)


def promised(file: str) -> FileKind:
    """The kind the name of a file promises."""
    kind = kind_of(file)
    if kind is None:
        kinds = ", ".join(f".{kind}" for kind in FileKind)
        raise typer.BadParameter(
            f"the name `{file}` does not end in {kinds} (or .gz after it): add --input-format"
        )
    return kind


def _require_files(file: str, out: Path | None) -> None:
    if file == "-":
        return
    if not Path(file).exists():
        raise typer.BadParameter(f"there is no file `{file}`")
    if out is not None and (out.is_dir() or not out.parent.is_dir()):
        raise typer.BadParameter(f"`{out}` cannot be written: no such folder, or a folder itself")
    if out is not None and out.exists() and out.samefile(file):
        raise typer.BadParameter("--out would overwrite the file to be screened")


def facts_known(dates: Dates) -> Facts:
    """The facts as known then. Raises DatabaseError where there were none."""
    with register() as session:
        facts = snapshot(session, dates.known_at)
    if not facts.listings:
        # Judged without listings, everything would seem free.
        known = f"this register held no listings at {dates.known_text}"
        raise DatabaseError(f"{known}; run `subreg seed`, or ask as known later")
    return facts


@contextmanager
def _destination(out: Path | None) -> Iterator[BinaryIO]:
    if out is None or str(out) == "-":
        yield sys.stdout.buffer
        return
    opener = gzip.open if out.suffix == ".gz" else open
    with cast("BinaryIO", opener(out, "wb")) as sink:
        yield sink


def _write(sink: BinaryIO, answers: Iterable[Screened]) -> Total:
    """Write the answers as they come, and add up how it went."""
    total = Total()
    for answer in answers:
        _put(sink, answer.body)
        total = total.and_then(answer)
    return total


def _put(sink: BinaryIO, lines: bytes) -> None:
    """Write whole lines: an interrupt waits for them, a second one does not."""
    asked: list[int] = []

    def wait(number: int, frame: FrameType | None) -> None:
        if asked:
            signal.default_int_handler(number, frame)
        asked.append(number)

    before = signal.signal(signal.SIGINT, wait)
    try:
        sink.write(lines)
        sink.flush()
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


def _watched(answers: Iterable[Screened], *, shown: bool) -> Iterator[Screened]:
    """The same answers, with a bar on standard error where somebody can see it."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} structures"),
        Rate(),
        TimeElapsedColumn(),
        console=messages(),
        transient=True,
        disable=not shown,
    )
    with bar:
        task = bar.add_task("", total=None)
        for answer in answers:
            yield answer
            bar.advance(task, answer.records)


def _bar_fits(out: Path | None) -> bool:
    """Answers and a bar on the same screen would overwrite each other."""
    return sys.stderr.isatty() and (out is not None or not sys.stdout.isatty())


def _end(file: str, total: Total, errors: Errors) -> None:
    """Say how it went, and end with the code that says the same."""
    if total.fault is not None and errors is Errors.STRICT:
        line, column, code, message = total.fault
        stop(Exit.BAD_INPUT, f"error: {file}:{line}:{column}: {message} ({code})")
    say(f"{total.records} structures, {total.unread} unreadable, {total.stopped} stopped")
    if total.unread and errors is Errors.REPORT:
        stop(Exit.SOME_INPUTS_FAILED)
    if total.stopped:
        stop(Exit.STOPPED)
