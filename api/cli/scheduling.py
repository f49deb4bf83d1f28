"""`options`: the ways of control that each jurisdiction has, and the clocks of a measure."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from api.cli.console import print_facts, print_json, print_line, print_table
from api.cli.database import opened
from api.cli.options import AsJson, Jurisdictions, day
from api.usecases import options as usecase
from rules.options.clock import Events

Types = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help="Only this type, such as temporary; repeatable."),
]
Markdown = Annotated[
    bool, typer.Option("--markdown", help="The tables of docs/scheduling-options.md.")
]
OptionId = Annotated[str, typer.Argument(metavar="ID", help="A scheduling option, as GB-TCDO.")]


def _event(flag: str, text: str) -> Any:
    return typer.Option(flag, parser=day, metavar="DATE", help=text)


Announced = Annotated[date | None, _event("--announced", "The intention was announced.")]
Decided = Annotated[date | None, _event("--decided", "The measure was decided or signed.")]
Published = Annotated[date | None, _event("--published", "The measure was published.")]
Communicated = Annotated[
    date | None, _event("--communicated", "The decision was communicated to the Parties.")
]
Received = Annotated[date | None, _event("--received", "The communication was received.")]
Entered = Annotated[date | None, _event("--entered", "The measure entered into force.")]
Stated = Annotated[date | None, _event("--stated", "The day of effect that the measure names.")]
Ends = Annotated[date | None, _event("--ends", "The first day without it, by its own words.")]
Extended = Annotated[int, typer.Option("--extended", help="How often it was prolonged.")]


def options(
    jurisdiction: Jurisdictions = None,
    types: Types = None,
    markdown: Markdown = False,
    as_json: AsJson = False,
) -> None:
    """List the ways in which each jurisdiction can bring a substance under control."""
    with opened() as (engine, _):
        provisions = engine.law.provisions
    if markdown:
        print_line(usecase.markdown(provisions).rstrip())
        return
    rows = usecase.options_of(provisions, jurisdiction or (), types or ())
    if as_json:
        print_json(rows)
        return
    if not rows:
        print_line("no option of that type is held for that jurisdiction; others may exist")
        return
    print_table(
        "scheduling options", ("option", "type", "title", "effect from", "lasts"), map(_row, rows)
    )


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    fields = row["fields"]
    return (
        row["id"],
        row["type"],
        row["title"],
        fields["starts"]["text"],
        fields["duration"]["text"],
    )


def option(
    option_id: OptionId,
    announced: Announced = None,
    decided: Decided = None,
    published: Published = None,
    communicated: Communicated = None,
    received: Received = None,
    entered: Entered = None,
    stated: Stated = None,
    ends: Ends = None,
    extended: Extended = 0,
    as_json: AsJson = False,
) -> None:
    """Show one way of control field by field, and the course of a measure whose days are given."""
    events = Events(announced, decided, published, communicated, received, entered, stated, ends)
    with opened() as (engine, _):
        shown = usecase.show(engine.law.provisions, option_id)
    course = usecase.course(option_id, events, extended) if events != Events() else None
    if as_json:
        print_json({**shown, "course": course})
        return
    period = f"{shown['from'] or 'start not known'} to {shown['until'] or 'now'}"
    days = f"{period}, from memory" if shown["dated"] == "memory" else period
    print_facts(
        {"option": shown["id"], "type": shown["type"], "title": shown["title"], "in force": days}
    )
    _fields(shown)
    _course(course)


def _fields(shown: dict[str, Any]) -> None:
    rows = []
    for name, words in usecase.FIELDS.items():
        field = shown["fields"][name]
        cites = "; ".join(
            ": ".join(filter(None, (one["title"], one["at"]))) for one in field["cites"]
        )
        rows.append((words, field["text"], field["certainty"], cites))
    print_table("", ("field", "what", "certainty", "source"), rows)
    if shown["provisions"]:
        print_facts({"modelled provisions": shown["provisions"]})


def _course(course: dict[str, Any] | None) -> None:
    if course is None:
        return
    rows = []
    for name in ("takes_effect", "expires", "extendable_to"):
        found = course[name]
        rows.append((name.replace("_", " "), _words(found, name), found["reason"]))
    print_table("course of the measure", ("", "day", "why"), rows)


NEVER = {"takes_effect": "no measure is made", "expires": "never", "extendable_to": "no day is set"}


def _words(found: dict[str, Any], name: str) -> str:
    if found["never"]:
        return NEVER[name]
    if found["earliest"] is None:
        return f"undetermined: {', '.join(found['missing'])}"
    days = " to ".join(dict.fromkeys((found["earliest"], found["latest"])))
    words = {"on": "{}", "unless stated": "{}, unless the measure names another day"}
    return words.get(found["bound"], f"{found['bound']} {{}}").format(days)
