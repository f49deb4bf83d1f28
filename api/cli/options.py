"""Options that several commands share, and the one place where the clock is read."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
from typer.main import get_command

from rules.goods import facts

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day(text: str) -> date:
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise typer.BadParameter(f"`{text}` is not a date like 2026-03-31") from None


MANY = ("--jurisdiction", "--provision")


def spread(arguments: Sequence[str], flags: Container[str]) -> list[str]:
    """`--provision A B` as `--provision A --provision B`.

    `flags` are the options that take no value. Where no other word says what the command is about,
    the last word of a row does: `screen --provision A B library.smi`.
    """
    rows = _rows(arguments, flags)
    if not any(kind == "about" for kind, _, _ in rows):
        extra = [n for n, (kind, _, _) in enumerate(rows) if kind == "extra"]
        if extra:
            _, _, word = rows[extra[-1]]
            rows[extra[-1]] = ("about", "", word)
    found: list[str] = []
    for kind, option, word in rows:
        found += [option, word] if kind == "extra" else [word]
    return found


def flags(app: typer.Typer, arguments: Sequence[str]) -> set[str]:
    """The options of the command asked that take no value."""
    command = get_command(app)
    for word in arguments:
        command = getattr(command, "commands", {}).get(word, command)
    return {"--help"} | {
        name
        for parameter in command.params
        if getattr(parameter, "is_flag", False)
        for name in (*parameter.opts, *parameter.secondary_opts)
    }


def _rows(arguments: Sequence[str], flags: Container[str]) -> list[tuple[str, str, str]]:
    """Each word with what it is: the command, an option, its value, a further value of the option
    named (`extra`), or what the command is about."""
    rows: list[tuple[str, str, str]] = []
    option, wanted, ended = "", False, False
    for place, word in enumerate(arguments):
        if ended or word == "--":
            rows.append(("about" if ended else "option", "", word))
            ended = True
        elif wanted:
            rows.append(("value", option, word))
            wanted = False
        elif word.startswith("-") and word != "-":
            option, _, given = word.partition("=")
            wanted = not given and option not in flags
            rows.append(("option", "", word))
        elif option in MANY:
            rows.append(("extra", option, word))
        else:
            rows.append(("about" if place else "command", "", word))
    return rows


def now() -> datetime:
    """The moment of asking. A command echoes the dates it used."""
    return datetime.now(UTC)


On = Annotated[
    date | None,
    typer.Option("--on", parser=day, metavar="DATE", help="Law in force on this day [today]."),
]
KnownOn = Annotated[
    date | None,
    typer.Option(
        "--known-on", parser=day, metavar="DATE", help="As the register knew it then [now]."
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


def goods_of(asked: Sequence[str] | None) -> dict[str, Decimal]:
    """What `--goods` says, fact by fact."""
    return dict(_fact(text) for text in asked or ())


def _fact(text: str) -> tuple[str, Decimal]:
    fact, _, value = text.partition("=")
    if fact not in facts():
        raise typer.BadParameter(f"`{fact}` is none of {', '.join(facts())}")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise typer.BadParameter(f"`{value}` is not a number like 15 or 8.4") from None
    if not number.is_finite() or number < 0:
        raise typer.BadParameter(f"`{value}` is no amount")
    return fact, number


GoodsAsked = Annotated[
    list[str] | None,
    typer.Option(
        "--goods",
        metavar="FACT=NUMBER",
        help="What the goods are like, such as concentration=15; repeatable [pure substance].",
    ),
]
AllFindings = Annotated[
    bool, typer.Option("--all", help="Also the provisions it is plainly outside of.")
]
Workers = Annotated[int | None, typer.Option(min=1, help="Worker processes [one per CPU].")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")]
