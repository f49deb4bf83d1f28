"""`diff`: what changed between two dates, and what this register learnt meanwhile."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Annotated, Any

import typer

from api.cli.console import print_json, print_line
from api.cli.database import opened
from api.cli.options import AsJson, Jurisdictions, Provisions, day
from api.usecases import diff as usecase
from api.usecases.dates import Dates, known_at
from rules.decide import Scope

Shown = Mapping[str, Any]


def _moment(text: str) -> date | datetime:
    if re.fullmatch(r"[\d-]*", text):
        return day(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"`{text}` is neither a date like 2026-03-31 nor a moment like 2026-03-31T09:30+02:00"
        ) from None
    if moment.tzinfo is None:
        raise typer.BadParameter(f"`{text}` does not say its offset from UTC, such as +02:00 or Z")
    return moment


Known = Annotated[
    date | None,
    typer.Option(
        "--known",
        parser=_moment,
        metavar="DATE|MOMENT",
        help="As the register knew it then, at the first date [now].",
    ),
]
KnownTo = Annotated[
    date | None,
    typer.Option(
        "--known-to",
        parser=_moment,
        metavar="DATE|MOMENT",
        help="As the register knew it then, at the second date [as --known].",
    ),
]
From = Annotated[
    date, typer.Option("--from", parser=day, metavar="DATE", help="Changes after this day.")
]
To = Annotated[
    date,
    typer.Option("--to", parser=day, metavar="DATE", help="Changes up to and on this day."),
]


def diff(
    since: From,
    until: To,
    known: Known = None,
    known_to: KnownTo = None,
    jurisdiction: Jurisdictions = None,
    provision: Provisions = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed in law between two dates, and what the register learnt meanwhile."""
    if known_to is not None and known is None:
        raise typer.BadParameter("say also since when, with --known", param_hint="--known-to")
    scope = Scope(tuple(jurisdiction or ()), tuple(provision or ()))
    with opened() as (engine, now):
        first = Dates(since, known_at(now, known))
        second = Dates(until, known_at(now, known_to) if known_to else first.known_at)
        found = usecase.diff(engine, first, second, scope)
    print_json(found) if as_json else report(found)


def report(found: Shown) -> None:
    """Law first, then what was learnt; of each the jurisdictions, then their provisions."""
    first, second = found["from"], found["to"]
    span = f"after {first['on']} and up to {second['on']}"
    print_line(f"changes in law {span}, as known at {second['known_at']}", "bold")
    _told(found["law"], _law, f"nothing changed in law {span}")
    if first["known_at"] != second["known_at"]:
        span = f"between {first['known_at']} and {second['known_at']}"
        print_line()
        print_line(f"learnt {span}", "bold")
        _told(found["learnt"], _learnt, f"nothing was learnt {span}")
    print_line()
    print_line(f"note: rule files as they ship with this software, rules {found['rule_set'][:12]}")


def _told(groups: Sequence[Shown], lines: Any, nothing: str) -> None:
    for jurisdiction, provisions in groupby(groups, lambda group: group["jurisdiction"]):
        print_line()
        print_line(jurisdiction or "elsewhere", "bold")
        for group in provisions:
            print_line(f"  {group['provision']}: {group['title']}")
            for line in lines(group):
                print_line(f"    {line}")
    if not groups:
        print_line(nothing)


def _law(group: Shown) -> Iterator[str]:
    for one in group["wordings"]:
        told = one["is"] or one["was"]
        yield f"wording {one['change']} {one['on']}: {told['cite']['title']}".rstrip(": ")
    for one in group["listings"]:
        if one["change"] != "became certain":
            yield f"{one['change']}: {_named(one['says'])}, {_period(one['says'])}"
            yield from _fields(one)
    yield from _certain(group["listings"])


def _certain(listings: Sequence[Shown]) -> Iterator[str]:
    """Mostly old law, read in a text of a later day: one line for each such day."""
    days: dict[str, list[str]] = defaultdict(list)
    for one in listings:
        if one["change"] == "became certain":
            days[one["says"]["valid_from"]].append(one["says"]["name"])
    for day_, names in days.items():
        yield f"certain from {day_}, since when is not known: {'; '.join(names)}"


def _learnt(group: Shown) -> Iterator[str]:
    for one in group["listings"]:
        yield f"{one['act']}: {_named(one['says'])}, {_period(one['says'])}"
        yield from _fields(one)


def _fields(one: Shown) -> Iterator[str]:
    for name, what in one["changed"].items():
        yield f"  {name.replace('_', ' ')}: {_value(what['was'])} → {_value(what['is'])}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)


def _named(says: Shown) -> str:
    name, substance = says["name"], says["substance"]
    return f"{name} ({substance})" if substance else str(name)


def _period(says: Shown) -> str:
    """The period in words; what is not known is said so."""
    earliest, start, end = (says[f"valid_{part}"] for part in ("earliest", "from", "to"))
    if start == earliest:
        began = f"from {start}" if start else "since when is unknown"
    else:
        began = f"from {earliest or 'an unknown day'} at the earliest, certainly from {start or 'an unknown day'}"
    return f"{began} until {end}" if end else began
