"""What a command writes: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.exits import Exit
from registry.errors import AmbiguousName, RegisterError

PIPED_WIDTH = 120

STYLES = {
    "controlled": "bold red",
    "inside": "bold red",
    "stop": "bold red",
    "undetermined": "yellow",
    "unknown": "yellow",
    "not_controlled": "green",
    "outside": "green",
    "proceed": "green",
    "release": "green",
    "hold": "yellow",
    "refuse": "bold red",
}


def results() -> Console:
    """Standard output: colour and the width of the window only where there is one."""
    on_screen = sys.stdout.isatty()
    return Console(
        file=sys.stdout,
        force_terminal=on_screen,
        width=None if on_screen else PIPED_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
    )


def messages() -> Console:
    """Standard error."""
    return Console(
        file=sys.stderr,
        force_terminal=sys.stderr.isatty(),
        soft_wrap=True,
        highlight=False,
        markup=False,
        emoji=False,
    )


def say(message: str) -> None:
    messages().print(message)


def complain(error: RegisterError) -> None:
    say(f"error: {error.message} ({error.code})")
    if isinstance(error, AmbiguousName):
        for candidate in error.candidates:
            say(f"  {candidate}")


def stop(exit_: Exit, message: str = "") -> NoReturn:
    if message:
        say(message)
    raise typer.Exit(exit_)


def print_json(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2, default=str) + "\n")


def print_line(text: str = "", style: str = "") -> None:
    results().print(Text(text, style=style), soft_wrap=True)


def print_table(title: str, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table of words; a word with a meaning of its own is coloured on a screen."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in heading:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console = results()
    with console.capture() as captured:
        console.print(table)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def print_facts(facts: Mapping[str, Any]) -> None:
    """Pairs of a name and a value, one per line; empty values are left out."""
    width = max(map(len, facts), default=0)
    for name, value in facts.items():
        if value not in (None, "", (), []):
            results().print(Text(f"{name:<{width}}  ") + _cell(value), soft_wrap=True)


def _cell(value: Any) -> Text:
    words = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    words = "" if value is None else words
    return Text(words, style=STYLES.get(words, ""))
