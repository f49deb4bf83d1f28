"""Papers of records, printed from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.access.allow import Actor
from api.cli.acting import acting
from api.cli.console import say
from api.cli.database import opened

if TYPE_CHECKING:
    from api.engine import Engine

Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the PDF is written.")]
Language = Annotated[
    str, typer.Option("--language", metavar="XX", help="Language of the labels: en, fr, es, ar.")
]


@contextmanager
def printing_engine() -> Iterator[tuple[Engine, Actor]]:
    """The shared wiring with a worker to print in, and whom the command acts for."""
    with opened() as (engine, moment):
        yield engine, acting(engine.sessions, engine.settings, moment)


def write_pdf(out: Path, made: bytes) -> None:
    out.write_bytes(made)
    say(f"`{out}`: {len(made)} bytes")
