"""`subreg customs`: release, hold or refuse what comes with a paper."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from api.cli.console import print_facts, print_json, print_line, print_table, stop
from api.cli.database import wired
from api.cli.exits import Exit
from api.cli.options import AsJson, day, now
from api.usecases.trade import customs as usecase
from rules.trade.customs import Word

_CODE = re.compile("[A-Z]{2}")
ENDS = {Word.RELEASE: Exit.ANSWERED, Word.HOLD: Exit.HOLD, Word.REFUSE: Exit.REFUSE}


def country_code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise typer.BadParameter(f"`{text}` is not two capital letters")
    return text


Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="As printed, or the address in the code.")
]
Country = Annotated[
    str,
    typer.Option("--country", parser=country_code, metavar="XX", help="At whose border."),
]
Day = Annotated[
    Any, typer.Option("--on", parser=day, metavar="DATE", help="On this day [today, UTC].")
]


def customs(number: Number, country: Country, on: Day = None, as_json: AsJson = False) -> None:
    """Say whether goods that come with a paper are released, held or refused, and why."""
    with wired() as (engine, actor):
        told = usecase.check(engine, number, country, actor, on or now().date())
    if as_json:
        print_json(told)
    else:
        _tell(told)
    word = Word(told["word"])
    if word is not Word.RELEASE:
        stop(ENDS[word])


def _tell(told: dict[str, Any]) -> None:
    print_facts({name: told[name] for name in ("word", "number", "country", "on")})
    paper = told["paper"]
    if paper is not None:
        own = ("id", "paper", "state", "valid_from", "valid_to")
        parties = {role: paper[role]["name"] for role in ("exporter", "importer")}
        print_facts({name.replace("_", " "): paper[name] for name in own} | parties)
        heading = ("line", "substance", "quantity", "unit")
        rows = [[one[name] for name in heading] for one in paper["goods"]]
        print_table("goods", heading, rows)
    for one in told["grounds"]:
        print_line(f"{one['word']}: {one['text']} ({one['cite']})")
        print_line(f"  {one['remedy']}")
