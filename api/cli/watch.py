"""`subreg watch`: judged again when law or register change, and what was found changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.access.acts import Act
from api.cli.acting import who
from api.cli.collections import root_of
from api.cli.console import messages, print_facts, print_json, print_line, print_table, say
from api.cli.database import opened
from api.cli.options import AsJson, Jurisdictions, KnownOn, On, Provisions, Workers, now
from api.engine import Engine
from api.usecases import watch as usecase
from api.usecases.rescreen import Report, rescreen
from api.usecases.watch import New, Query
from api.usecases.watch_runs import Progress as HowFar
from registry.chem.parse import Format
from registry.collections.collection import Collection
from registry.collections.read import Columns, FileKind, kind_of, read_records
from registry.store.watches import Member, Wanted
from rules.sitting import Scope
from rules.status import Kind

watch = typer.Typer(
    name="watch",
    help="Substances and structures judged again when law or register change.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What you call it, or its identifier.")]
NamePart = Annotated[
    str, typer.Option("--name", metavar="PART", help="Substances with this in a name.")
]
Listed = Annotated[
    list[str] | None,
    typer.Option("--listed", metavar="GLOB", help="Substances named by a provision like this."),
]
Substances = Annotated[
    list[str] | None, typer.Option("--substance", metavar="ID", help="This substance; repeatable.")
]
File = Annotated[
    Path | None,
    typer.Option(
        "--file", metavar="FILE", help="Structures of a .smi, .csv, .sdf or .parquet file."
    ),
]
OfCollection = Annotated[
    str, typer.Option("--collection", metavar="NAME", help="Structures of a collection.")
]
Webhook = Annotated[
    str, typer.Option("--webhook", metavar="URL", help="Where changes are reported to.")
]
SecretFile = Annotated[
    Path | None,
    typer.Option("--secret-file", metavar="FILE", help="Its first line signs the reports."),
]
RunNumber = Annotated[int | None, typer.Option("--run", min=1, help="Only what this run found.")]
Kinds = Annotated[list[Kind] | None, typer.Option("--kind", help="Only changes of this kind.")]
Jurisdiction = Annotated[
    str, typer.Option("--under", metavar="XX", help="Only changes under this jurisdiction.")
]
ByProvision = Annotated[
    str, typer.Option("--by", metavar="ID", help="Only changes by this provision.")
]
OfMember = Annotated[
    str, typer.Option("--member", metavar="ID", help="Only changes of this member.")
]
Said = Annotated[str, typer.Option("--status", metavar="WORD", help="Only where this is said now.")]

PAGE = 1000
SHOWN = 50


@watch.command()
def add(
    name: Name,
    name_part: NamePart = "",
    listed: Listed = None,
    substance: Substances = None,
    file: File = None,
    collection: OfCollection = "",
    jurisdiction: Jurisdictions = None,
    provision: Provisions = None,
    on: On = None,
    webhook: Webhook = "",
    secret_file: SecretFile = None,
    as_json: AsJson = False,
) -> None:
    """Watch the register, a part of it, or the structures of a file or collection."""
    members, written_as = _structures(file, collection)
    new = New(
        name=name,
        query=Query(name_part, tuple(listed or ()), tuple(substance or ())),
        members=members,
        format=written_as,
        scope=Scope(tuple(jurisdiction or ()), tuple(provision or ())),
        on=on,
        webhook=webhook,
        secret=_secret(secret_file),
    )
    with opened() as (engine, moment):
        added = usecase.add(engine, new, actor=who(engine, Act.WATCH_MANAGE, moment), now=moment)
    if as_json:
        print_json(added)
    else:
        print_facts(_described(added))
        say(f"run it for what later runs compare with: subreg watch run {name!r}")


@watch.command("list")
def list_(as_json: AsJson = False) -> None:
    """List what is watched."""
    with opened() as (engine, _):
        items = list(_all_watches(engine))
    if as_json:
        print_json(items)
        return
    heading = ("name", "watched", "under", "law of", "owner", "id")
    print_table("watches", heading, [_row(item) for item in items])


@watch.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show a watch, its runs, and what could not be judged."""
    with _found(name) as (engine, identifier):
        shown = usecase.show(engine, identifier)
    if as_json:
        print_json(shown)
        return
    print_facts(_described(shown))
    heading = ("number", "on", "members", "changed", "undetermined", "finished_at", "rule_set")
    rows = [tuple(str(run[one])[:19] for one in heading) for run in shown["runs"]]
    print_table("runs", [one.replace("_", " ") for one in heading], rows)
    unjudged = [(one["label"], one["told"]) for one in shown["undetermined"]]
    if unjudged:
        print_table("undetermined: not judged", ("member", "why"), unjudged[:SHOWN])
        print_line(f"{len(unjudged)} members could not be judged")


@watch.command()
def run(
    name: Name,
    on: On = None,
    known_on: KnownOn = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Judge a watch now, and report what changed by which clause."""
    with _found(name) as (engine, identifier), _bar() as progress:
        report = rescreen(
            engine,
            identifier,
            actor=who(engine, Act.WATCH_MANAGE, now()),
            clock=now,
            on=on,
            known_on=known_on,
            workers=workers,
            progress=progress,
        )
        found = list(_all_changes(engine, identifier, Wanted(run=report.run)))
    changes = found if report.fresh else []
    if as_json:
        print_json({**asdict(report), "changes": changes})
        return
    say(_said(report))
    if changes:
        _table(changes)


@watch.command()
def check(as_json: AsJson = False) -> None:
    """Ask for a run of each watch whose law, facts or date changed; `subreg jobs run` does them."""
    with opened() as (engine, moment):
        asked = usecase.check(engine, actor=who(engine, Act.WATCH_MANAGE, moment), now=moment)
    if as_json:
        print_json(asked)
    else:
        print_line(f"{len(asked)} runs asked for" if asked else "every watch is up to date")


@watch.command()
def changes(
    name: Name,
    run_number: RunNumber = None,
    kind: Kinds = None,
    jurisdiction: Jurisdiction = "",
    provision: ByProvision = "",
    member: OfMember = "",
    status: Said = "",
    as_json: AsJson = False,
) -> None:
    """List what was found changed, all runs or one."""
    kinds = tuple(one.value for one in kind or ())
    wanted = Wanted(run_number, kinds, jurisdiction, provision, member, status)
    with _found(name) as (engine, identifier):
        found = list(_all_changes(engine, identifier, wanted))
    if as_json:
        print_json(found)
    elif found:
        _table(found, len(found))
    else:
        print_line("no changes")


@watch.command()
def remove(name: Name) -> None:
    """Watch it no longer; its structures and secret are deleted, what was found stays."""
    with _found(name) as (engine, identifier):
        moment = now()
        by = who(engine, Act.WATCH_MANAGE, moment)
        usecase.remove(engine, identifier, actor=by, now=moment)
    say(f"`{name}` is watched no longer")


def _structures(file: Path | None, collection: str) -> tuple[list[Member] | None, Format]:
    """The structures given with a watch, and how they are written; None: those of the register."""
    if file is not None and collection:
        raise typer.BadParameter("structures come from a file or from a collection, not from both")
    if file is not None:
        kind = _kind(file)
        return list(_members(file, kind)), kind.written_as
    if collection:
        return list(_collected(collection)), Format.SMILES
    return None, Format.AUTO


def _kind(file: Path) -> FileKind:
    kind = kind_of(file.name)
    if kind is None or not file.is_file():
        raise typer.BadParameter(
            f"`{file}` is no .smi, .csv, .sdf or .parquet file (or .gz of one)"
        )
    return kind


def _members(file: Path, kind: FileKind) -> Iterator[Member]:
    """Each record in its place; one that is no input is kept with its fault."""
    for number, record in enumerate(read_records(str(file), kind, Columns()), 1):
        yield Member(f"{number:09}", record.id, record.text, record.fault)


def _collected(name: str) -> Iterator[Member]:
    """Each structure of a collection once, as it was imported."""
    for row in Collection.open(root_of(None), name).rows():
        yield Member(f"{row.row:09}", row.id, row.smiles)


def _secret(file: Path | None) -> str:
    if file is None:
        return ""
    lines = file.read_text(encoding="utf-8").splitlines()
    return lines[0].strip() if lines else ""


@contextmanager
def _found(name: str) -> Iterator[tuple[Engine, str]]:
    with opened() as (engine, moment):
        yield engine, usecase.find(engine, name, who(engine, Act.WATCH_READ, moment))


@contextmanager
def _bar() -> Iterator[Callable[[HowFar], None]]:
    """How far a run has come, on standard error where somebody can see it."""
    words = TextColumn("{task.completed:,.0f} judged, {task.fields[changed]} changed")
    columns = (SpinnerColumn(), words, TimeElapsedColumn())
    console = messages()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=None, changed=0)
        yield lambda far: bar.update(task, completed=far.members, changed=far.changed)


def _all_watches(engine: Engine) -> Iterator[dict[str, Any]]:
    page = usecase.listed(engine, limit=PAGE)
    yield from page.items
    while page.after:
        page = usecase.listed(engine, after=page.after, limit=PAGE)
        yield from page.items


def _all_changes(engine: Engine, watch: str, wanted: Wanted) -> Iterator[dict[str, Any]]:
    page = usecase.changes(engine, watch, wanted, limit=PAGE)
    yield from page.items
    while page.after:
        page = usecase.changes(engine, watch, wanted, after=page.after, limit=PAGE)
        yield from page.items


def _described(shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "watch": shown["name"],
        "id": shown["id"],
        "watched": _what(shown),
        "under": _under(shown),
        "law of": shown["on"],
        "reported to": shown["webhook"],
    }


def _row(item: dict[str, Any]) -> tuple[Any, ...]:
    return item["name"], _what(item), _under(item), item["on"], item["owner"], item["id"]


def _what(shown: dict[str, Any]) -> str:
    if shown["kind"] == "file":
        return "structures of its own"
    asked = [
        f"{key} {value if isinstance(value, str) else ', '.join(value)}"
        for key, value in shown["query"].items()
    ]
    return "; ".join(asked) or "all substances of the register"


def _under(shown: dict[str, Any]) -> str:
    return ", ".join([*shown["jurisdictions"], *shown["provisions"]]) or "all law modelled"


def _said(report: Report) -> str:
    law = f"law of {report.on}, rule set {report.rule_set[:12]}, facts {report.facts[:12]}"
    if not report.fresh:
        return f"nothing has changed since run {report.run}: {law}"
    what = (
        "the first run, for later ones to compare with"
        if report.baseline
        else (f"{report.changed} changed")
    )
    judged = f"{report.members} judged, {report.undetermined} of them undetermined: not judged"
    return f"run {report.run}: {what}; {judged}; {law}"


def _table(changes: list[dict[str, Any]], most: int = SHOWN) -> None:
    heading = ("member", "change", "under", "before", "after", "by", "clause", "why")
    names = ("label", "kind", "jurisdiction", "before", "after", "provision", "clause", "why")
    rows = [[change[name] for name in names] for change in changes[:most]]
    print_table("changes", heading, rows)
    if len(changes) > most:
        print_line(f"{len(changes) - most} more: subreg watch changes")
