"""`subreg law diff`: which substances change status between two laws, and by which clause."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from api.access.acts import Act
from api.cli.acting import who
from api.cli.console import print_json, print_line, print_table
from api.cli.database import opened
from api.cli.options import AsJson, Jurisdictions, KnownOn, Provisions, Workers, day
from api.cli.simulate import Files, Over, Quiet, collections_of, over, shown_progress
from api.report.table import inert
from api.usecases.dates import known_at
from api.usecases.law_diff import Asked, law_diff, yearly
from rules.decide import Scope

From = Annotated[date, typer.Option("--from", parser=day, metavar="DATE", help="The first law.")]
To = Annotated[date, typer.Option("--to", parser=day, metavar="DATE", help="The second law.")]
Yearly = Annotated[
    bool, typer.Option("--yearly", help="Also on the same day of each year between.")
]
Law = Annotated[
    Path | None,
    typer.Option("--law", metavar="FOLDER", help="The second law is these rule files, on --to."),
]
Grounds = Annotated[
    bool, typer.Option("--grounds", help="Also where only the clauses differ, not the outcome.")
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Write rows instead of tables.")]

SHOWN = 40
NOT_JUDGED = "not judged"
COLUMNS = ("from", "to", "library", "key", "name", "kind", "jurisdiction", "before", "after",
           "provision", "clause", "why", "text")  # fmt: skip


def diff(
    since: From,
    until: To,
    every_year: Yearly = False,
    law: Law = None,
    libraries: Over = None,
    files: Files = None,
    known_on: KnownOn = None,
    jurisdiction: Jurisdictions = None,
    provision: Provisions = None,
    grounds: Grounds = False,
    workers: Workers = None,
    quiet: Quiet = False,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Show which substances change status between two dates or two sets of rule files, by clause."""
    named, own = over(libraries, files)
    dates = yearly(since, until) if every_year else tuple(dict.fromkeys((since, until)))
    scope = Scope(tuple(jurisdiction or ()), tuple(provision or ()))
    with opened() as (engine, moment), shown_progress(quiet=quiet) as progress:
        who(engine, Act.SIMULATION_RUN, moment)
        found = law_diff(
            engine,
            Asked(dates, named, scope, law, grounds),
            known_at(moment, known_on),
            files=own,
            collections=collections_of(named),
            workers=workers,
            progress=progress,
        )
    if as_json:
        print_json(found)
    elif as_csv:
        _csv(found)
    else:
        _told(found)


def _csv(found: dict[str, Any]) -> None:
    """One row for each change; also one for each substance that could not be judged or read."""
    written = csv.writer(sys.stdout, lineterminator="\n")
    written.writerow(COLUMNS)
    for values in (*_changes(found), *_not_judged(found)):
        written.writerow([inert(str(values.get(name, ""))) for name in COLUMNS])


def _changes(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in found["rows"]:
        for change in row["changes"]:
            step = found["steps"][change["step"] - 1]
            yield {**row, **change, "from": step["from"], "to": step["to"]}


def _not_judged(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    first, last = found["points"][0]["on"], found["points"][-1]["on"]
    between = {"from": first, "to": last, "kind": NOT_JUDGED}
    for row in found["rows"]:
        if row["error"]:
            yield {**row, **between, "text": row["error"]["message"]}
    for one in found["unreadable"]:
        yield {**one, **between, "text": one["message"]}


def _told(found: dict[str, Any]) -> None:
    for number, step in enumerate(found["steps"], 1):
        first, second = found["points"][number - 1], found["points"][number]
        print_line(f"{_point(first)} → {_point(second)}", "bold")
        if not step["substances"]:
            print_line("  no substance of these libraries changes")
            continue
        counted = ", ".join(f"{kind} of {n}" for kind, n in step["substances"].items())
        print_line(f"  substances that change: {counted}")
        names = ("jurisdiction", "before", "after", "provision", "clause", "why", "substances")
        rows = [[by[name] for name in names] for by in step["by"][:SHOWN]]
        if rows:
            print_table("", names, rows)
        if len(step["by"]) > SHOWN:
            print_line(f"{len(step['by']) - SHOWN} more: --json")
    for library in found["libraries"]:
        words = ("members", "changed", "unchanged", "undetermined", "unreadable")
        print_line(f"{library['name']}: " + ", ".join(f"{library[w]} {w}" for w in words))
    if found["rows_left_out"]:
        print_line(f"{found['rows_left_out']} substances that change are only counted")
    print_line(f"as known at {found['known_at']}; each substance: --csv or --json")


def _point(point: dict[str, str]) -> str:
    law = f", {point['law']}" if point["law"] else ""
    return f"law of {point['on']}{law} (rules {point['rule_set'][:12]})"
