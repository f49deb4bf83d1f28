"""`subreg simulate`: what drafts would do, before they are law."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.access.allow import Actor
from api.cli.acting import acting
from api.cli.collections import root_of
from api.cli.console import messages, print_json, print_line, print_table, say
from api.cli.database import opened
from api.cli.files import text_of
from api.cli.options import AsJson, KnownOn, On, Workers
from api.engine import Engine
from api.report import chart, page, table
from api.simulating import Tally
from api.usecases import drafts as kept
from api.usecases import simulate as usecase
from api.usecases.libraries import COLLECTION, REGISTER, Library, of_file
from api.usecases.simulate import Asked
from registry.errors import InputError
from rules.simulate import Effect

Drafts = Annotated[
    list[str] | None,
    typer.Argument(metavar="[DRAFT]...", help="Drafts: .yaml files, or names of drafts kept."),
]
Settled = Annotated[
    list[str] | None,
    typer.Option(
        "--settle",
        metavar="PROVISION:QUESTION=yes|no",
        help="An open question of the law in force read one way; repeatable.",
    ),
]
Over = Annotated[
    list[str] | None,
    typer.Option(
        "--library",
        metavar="NAME",
        help="register, nps, medicines, industrial or collection:NAME; repeatable [register].",
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option("--file", metavar="FILE", help="Structures of a .smi, .csv, .sdf or .parquet."),
]
Elsewhere = Annotated[
    bool, typer.Option("--elsewhere/--no-elsewhere", help="Also ask the law of other countries.")
]
WhyNot = Annotated[
    bool, typer.Option("--why-not", help="Of every member, the clauses on which it fails.")
]
Bare = Annotated[
    bool,
    typer.Option("--without-exemptions", help="Also each draft without what it takes out by name."),
]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the rows here.")]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Write the report (HTML) here.")
]
Pdf = Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="And as PDF.")]
Charts = Annotated[
    Path | None, typer.Option("--charts", metavar="FILE", help="Write Vega-Lite specs here.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Do not show how far it has come.")]

SHOWN = 60
EVERY = 5000


def simulate(
    drafts: Drafts = None,
    settle: Settled = None,
    libraries: Over = None,
    files: Files = None,
    on: On = None,
    known_on: KnownOn = None,
    elsewhere: Elsewhere = True,
    why_not: WhyNot = False,
    bare: Bare = False,
    csv: Csv = None,
    report: Report = None,
    pdf: Pdf = None,
    charts: Charts = None,
    workers: Workers = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Try drafts over libraries of known substances, and compare what each would do."""
    named, own = over(libraries, files)
    with opened() as (engine, moment), shown_progress(quiet=quiet) as progress:
        actor, day = acting(engine.sessions, engine.settings, moment), on or moment.date()
        texts = [_text(engine, said, actor) for said in drafts or ()]
        texts += [usecase.settling(engine.law, said, day) for said in settle or ()]
        how = (elsewhere, why_not, bare)
        asked = Asked(tuple(texts), named, day, known_on, *how)
        done = usecase.simulate(
            engine,
            asked,
            actor,
            moment,
            files=own,
            collections=collections_of(named),
            workers=workers,
            progress=progress,
        )
        if pdf is not None:
            pdf.write_bytes(page.pdf(done, engine.workers))
    _written(done, csv, report, charts)
    print_json(done) if as_json else _told(done)


def _text(engine: Engine, said: str, actor: Actor) -> str:
    """The text of a file, or of a draft that is kept under this name."""
    file = Path(said)
    if file.is_file() or file.suffix in (".yaml", ".yml"):
        return text_of(said)
    return kept.text_of(engine, said, actor)


def over(
    libraries: Sequence[str] | None, files: Sequence[Path] | None
) -> tuple[tuple[str, ...], list[Library]]:
    """The libraries asked for by name, and those of files: the register where nothing is asked for.

    Raises InputError for what is no file.
    """
    for path in files or ():
        if not path.is_file():
            raise InputError(f"there is no file `{path}`")
    own = [of_file(str(path)) for path in files or ()]
    return tuple(libraries or ([] if own else [REGISTER])), own


def collections_of(named: Sequence[str]) -> Path | None:
    """The folder of the user's collections, where one of them is asked for."""
    return root_of(None) if any(one.startswith(f"{COLLECTION}:") for one in named) else None


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[Callable[[Tally], None]]:
    """How far it has come, on standard error: a bar on a screen, else a line now and then."""
    console = messages()
    if quiet or not console.is_terminal:
        yield (lambda _: None) if quiet else _lines()
        return
    words = TextColumn("{task.completed:,.0f} asked, {task.fields[told]} touched")
    with Progress(
        SpinnerColumn(), words, TimeElapsedColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task("", total=None, told=0)
        yield lambda far: bar.update(task, completed=far.members, told=far.told)


def _lines() -> Callable[[Tally], None]:
    said = 0

    def line(far: Tally) -> None:
        nonlocal said
        if far.members // EVERY > said:
            said = far.members // EVERY
            say(f"{far.members:,} asked, {far.told} touched")

    return line


def _written(
    done: dict[str, Any], csv: Path | None, report: Path | None, charts: Path | None
) -> None:
    if csv is not None:
        csv.write_bytes(table.as_csv(done))
    if report is not None:
        report.write_text(page.html(done), encoding="utf-8")
    if charts is not None:
        charts.write_text(json.dumps(chart.charts(done), indent=2) + "\n", encoding="utf-8")


def _told(done: dict[str, Any]) -> None:
    print_line(f"{done['status']}: law in force on {done['on']}, rules {done['rule_set'][:12]}")
    for option in done["options"]:
        _option(option, done["on"])
    effects = list(chart.EFFECTS)
    rows = [(one["option"], one["library"], *(one[e] for e in effects)) for one in done["effects"]]
    print_table("effect, by option and library", ("option", "library", *effects), rows)
    print_line()
    _rows(done)
    _differences(done)
    _exemptions(done)
    _elsewhere(done)
    _ledger(done["ledger"])
    unreadable = len(done["unreadable"]) + done["unreadable_left_out"]
    if unreadable or done["rows_left_out"]:
        print_line(f"{unreadable} unreadable; {done['rows_left_out']} rows left out")


def _option(option: dict[str, Any], on: str) -> None:
    title = option["title"].get("en") or next(iter(option["title"].values()))
    print_line(f"{option['draft']} ({option['jurisdiction']}, {option['option']}): {title}", "bold")
    if not option["holds"]:
        print_line(f"  does not hold on {on}: no effect")
    for remark in option["remarks"]:
        print_line(f"  {remark}")
    for one in option["failures"]:
        print_line(
            f"  example fails: {one['example']} under {one['provision']}: "
            f"expected {one['expected']}, got {one['got']}"
        )


def _rows(done: dict[str, Any]) -> None:
    """What is newly caught, open, released, exempted or not judged; not what was controlled anyway."""
    found = [row for row in table.rows(done) if row["effect"] != Effect.ALREADY]
    heading = (
        "library",
        "name",
        "use",
        "option",
        "effect",
        "before",
        "after",
        "provision",
        "clauses",
    )
    rows = [[row[name] for name in heading] for row in found[:SHOWN]]
    print_table("substances", heading, rows)
    if len(found) > SHOWN:
        print_line(f"{len(found) - SHOWN} more: --csv FILE or --json")


def _differences(done: dict[str, Any]) -> None:
    slugs = [option["draft"] for option in done["options"]]
    found = table.differences(done)
    if found:
        rows = [(one["name"], *(one["told"][slug]["effect"] for slug in slugs)) for one in found]
        print_line()
        print_table("where the options differ", ("substance", *slugs), rows[:SHOWN])


def _exemptions(done: dict[str, Any]) -> None:
    rows = [
        (one["option"], one["name"], member["name"], member["effect"], member["if_absent"],
         member["alone"], member["with_none"])
        for one in done["exemptions"]
        for member in one["members"]
    ]  # fmt: skip
    if rows:
        heading = (
            "option",
            "exemption",
            "substance",
            "as drafted",
            "without it",
            "it alone",
            "none",
        )
        print_line()
        print_table("each exemption alone", heading, rows[:SHOWN])


def _elsewhere(done: dict[str, Any]) -> None:
    heading = ("option", "jurisdiction", "controlled", "undetermined", "not_controlled")
    rows = [[one[name] for name in heading] for one in done["elsewhere"]]
    if rows:
        print_line()
        print_table("what is newly caught, elsewhere", heading, rows)


def _ledger(ledger: dict[str, Any]) -> None:
    print_line()
    if not ledger["asked"]:
        print_line(f"authorisations touched: not asked, {ledger['why_not_asked']}")
        return
    if ledger["incomplete"]:
        print_line(f"authorisations touched, not all of them: {ledger['incomplete']}")
    rows = [
        (one["number"], one["paper"], one["jurisdiction"], one["valid_to"], goods["substance"],
         ", ".join(goods["options"]))
        for one in ledger["authorisations"]
        for goods in one["goods"]
    ]  # fmt: skip
    heading = ("number", "paper", "law of", "valid until", "goods", "options")
    print_table("authorisations in force that name what is newly caught", heading, rows)
