"""Options that several commands share, and the one place where the clock is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated

import typer


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"`{text}` is not a date like 2026-03-31") from None


MANY = ("--jurisdiction", "--provision")


def spread(arguments: Sequence[str]) -> list[str]:
    """`--provision A B` as `--provision A --provision B`.

    Where nothing stands before the options, the last word of such a row is what the command is
    about: `screen --provision A B library.smi`.
    """
    spread_out: list[str] = []
    option, about = "", False
    for place, word in enumerate(arguments):
        before = arguments[place - 1] if place else ""
        if word.startswith("-") and word != "-":
            option = word if word in MANY else ""
        elif option and before != option and not (_ends(arguments, place) and not about):
            spread_out.append(option)
        elif place and not before.startswith("-"):
            about = True
        spread_out.append(word)
    return spread_out


def _ends(arguments: Sequence[str], place: int) -> bool:
    """Whether no further word of the row follows."""
    return place + 1 == len(arguments) or arguments[place + 1].startswith("--")


def now() -> datetime:
    """The moment of asking. A command echoes the dates it used."""
    return datetime.now(UTC)


On = Annotated[
    date | None,
    typer.Option("--on", parser=_day, metavar="DATE", help="Law in force on this day [today]."),
]
KnownOn = Annotated[
    date | None,
    typer.Option(
        "--known-on", parser=_day, metavar="DATE", help="As the register knew it then [now]."
    ),
]
Jurisdictions = Annotated[
    list[str] | None,
    typer.Option(
        "--jurisdiction",
        metavar="XX",
        help="Only this jurisdiction; repeatable, or several in a row.",
    ),
]
Provisions = Annotated[
    list[str] | None,
    typer.Option(
        "--provision",
        metavar="GLOB",
        help="Show only provisions like this; repeatable, or several in a row.",
    ),
]
AllFindings = Annotated[
    bool, typer.Option("--all", help="Also the provisions it is plainly outside of.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")]
