"""`subreg jobs`: work that was asked for, done by whoever runs this."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.console import say, stop
from api.cli.database import opened
from api.cli.exits import Exit
from api.cli.options import now
from api.jobs.runner import run_jobs

jobs = typer.Typer(name="jobs", help="Work that was asked for: runs of watches, reports.")

Once = Annotated[bool, typer.Option("--once", help="End when nothing is waiting.")]


@jobs.callback()
def group() -> None:
    """Work that was asked for: runs of watches, reports."""


@jobs.command()
def run(once: Once = False) -> None:
    """Do the jobs that are waiting, and those to come; several processes may."""
    with opened() as (engine, _):
        failed = run_jobs(engine, now, say, once=once)
    if failed:
        stop(Exit.FAULT, f"{failed} attempts failed; see `subreg jobs run` again later")
