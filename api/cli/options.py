"""Options that several commands share, and the one place where the clock is read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import typer


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"`{text}` is not a date like 2026-03-31") from None


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
    typer.Option("--jurisdiction", metavar="XX", help="Only this jurisdiction; repeatable."),
]
Provisions = Annotated[
    list[str] | None,
    typer.Option("--provision", metavar="GLOB", help="Only provisions like this; repeatable."),
]
AllFindings = Annotated[
    bool, typer.Option("--all", help="Also the provisions it is plainly outside of.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")]
