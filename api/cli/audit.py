"""`subreg audit`: the log of acts."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.cli.console import print_json, print_table, say
from api.cli.database import wired
from api.cli.options import AsJson
from api.usecases.audit import listed
from registry.store.audit import Wanted

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Only what this one did.")]
Subject = Annotated[str, typer.Option("--subject", metavar="ID", help="Only done to this.")]
Action = Annotated[
    str, typer.Option("--action", metavar="WORDS", help="Only actions that begin so.")
]
Before = Annotated[int, typer.Option("--before", min=1, help="Only events before this number.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")]


def audit(
    by: By = "",
    subject: Subject = "",
    action: Action = "",
    before: Before = 1 << 53,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the log of acts, newest first: who did what to which record, and who was denied."""
    with wired() as (engine, actor):
        page = listed(
            engine.sessions, Wanted(by, subject, action), actor, before=before, limit=limit
        )
    if as_json:
        print_json({"items": page.items, "before": page.before or None})
        return
    names = ("number", "at", "actor", "action", "subject")
    print_table("acts", names, [_row(one, names) for one in page.items])
    if page.before:
        say(f"older: --before {page.before}")


def _row(one: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    return [one[name] for name in names]
