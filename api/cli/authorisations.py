"""`subreg authorisation`: papers drafted, decided, issued, used and endorsed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from api.access.allow import Actor
from api.cli.console import print_facts, print_json, print_line, print_table
from api.cli.database import wired
from api.cli.options import AsJson, now
from api.cli.printing import Language, Out, printing_engine, write_pdf
from api.usecases.trade import papers
from api.usecases.trade.acts import By, Sessions
from api.usecases.trade.requests import read_act, read_draft
from registry.errors import InputError
from registry.store.authorisations import Wanted
from registry.trade_facts import AuthorisationState, Paper
from rules.trade.states import Act

authorisation = typer.Typer(
    name="authorisation",
    help="Import and export authorisations: drafted, decided, issued, used, endorsed.",
    no_args_is_help=True,
)

Id = Annotated[str, typer.Argument(metavar="ID", help="Identifier, or number as issued.")]
File = Annotated[
    str, typer.Argument(metavar="FILE", help="JSON as docs/authorisations.md shows; `-`: stdin.")
]
With = Annotated[str, typer.Option("--with", metavar="FILE", help="JSON of the act; `-`: stdin.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; some acts need it.")]
Uncounted = Annotated[
    str, typer.Option("--uncounted", metavar="TEXT", help="Grant: why no estimate counts it.")
]
Seen = Annotated[
    int | None, typer.Option("--version", min=1, help="Only if it is still at this version.")
]
Key = Annotated[str, typer.Option("--key", metavar="KEY", help="Done once for this key, for ever.")]
States = Annotated[
    list[AuthorisationState] | None, typer.Option("--state", help="Only in this state.")
]
OfCountry = Annotated[str, typer.Option("--of", metavar="XX", help="Only of this country.")]
Year = Annotated[int, typer.Argument(metavar="YEAR", min=1961, max=9999, help="Year of issue.")]
ActAsked = Annotated[Act, typer.Argument(metavar="ACT", help="Such as submit, grant, issue, ship.")]
Kind = Annotated[Paper, typer.Argument(metavar="PAPER", help="Such as import_authorization.")]
OfConsignment = Annotated[
    int | None,
    typer.Option("--endorsement", metavar="N", min=1, help="Of this consignment, not the paper."),
]
Authority = Annotated[str, typer.Argument(metavar="XX", help="Country of the authority.")]

PAGE = 200


@authorisation.command()
def draft(file: File, key: Key = "", as_json: AsJson = False) -> None:
    """Draft an authorisation from a file."""
    asked = read_draft(_read(file))
    with wired() as (engine, actor):
        made = papers.create(engine, asked, _by(actor, key=key))
    _tell(made, as_json)


@authorisation.command("list")
def list_(state: States = None, of: OfCountry = "", as_json: AsJson = False) -> None:
    """List authorisations as they stand."""
    wanted = Wanted(tuple(one.value for one in state or ()), of)
    with wired() as (engine, actor):
        items = list(_all(engine, wanted, actor))
    if as_json:
        print_json(items)
        return
    heading = ("id", "number", "paper", "state", "of", "to", "valid to")
    print_table("authorisations", heading, [_row(item) for item in items])


@authorisation.command()
def show(paper: Id, as_json: AsJson = False) -> None:
    """Show an authorisation with its consignments, and what is left."""
    with wired() as (engine, actor):
        shown = papers.show(engine, _found(engine, paper), actor)
    if as_json:
        print_json(shown)
        return
    _described(shown)
    heading = ("line", "substance", "quantity", "unit", "base g", "factor %", "left")
    left = {one["line"]: one["quantity"] for one in shown["left"]}
    own = ("line", "substance", "quantity", "unit", "base", "factor")
    rows = [[*(one[name] for name in own), left[one["line"]]] for one in shown["goods"]]
    print_table("goods", heading, rows)
    for one in shown["consignment_list"]:
        said = f"arrived {one['arrived_on']}" if one["arrived"] is not None else "on the way"
        print_line(f"consignment {one['number']}: shipped {one['shipped_on']}, {said}")
    print_facts({"missing": [f"{one['what']} ({one['cite']})" for one in shown["missing"]]})
    print_facts({"possible": shown["possible"]})


@authorisation.command()
def history(paper: Id, as_json: AsJson = False) -> None:
    """List every version: who did what, when and why."""
    with wired() as (engine, actor):
        rows = papers.history(engine, _found(engine, paper), actor)
    if as_json:
        print_json(rows)
        return
    heading = ("version", "act", "state", "actor", "at", "reason")
    print_table("versions", heading, [[str(row[name])[:40] for name in heading] for row in rows])


@authorisation.command()
def act(
    paper: Id,
    act: ActAsked,
    file: With = "",
    reason: Reason = "",
    uncounted: Uncounted = "",
    version: Seen = None,
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Do one act. What it needs beyond a reason comes in a file: amend, issue, ship, endorse."""
    given = _read(file) if file else {}
    if not isinstance(given, dict):
        raise InputError("the file of an act holds one JSON object")
    words = {"act": act.value, "reason": reason, "uncounted": uncounted}
    asked = read_act(given | {name: word for name, word in words.items() if word})
    with wired() as (engine, actor):
        done = asked.do(engine, _found(engine, paper), _by(actor, version=version, key=key))
    _tell(done, as_json)


@authorisation.command("print")
def print_(
    paper: Id, out: Out, consignment: OfConsignment = None, language: Language = "en"
) -> None:
    """Print an issued paper as signed PDF/A, or the endorsement of one consignment under it."""
    from api.usecases.trade import printing

    with printing_engine() as (engine, actor):
        found = _found(engine, paper)
        made = (
            printing.pdf_of(engine, found, actor, language)
            if consignment is None
            else printing.endorsement_of(engine, found, consignment, actor, language)
        )
    write_pdf(out, made)


@authorisation.command()
def numbers(authority: Authority, kind: Kind, year: Year, as_json: AsJson = False) -> None:
    """List the numbers of one series, cancelled ones among them."""
    with wired() as (engine, actor):
        items: list[dict[str, Any]] = []
        page = papers.numbers(engine, authority, kind, year, actor, limit=PAGE)
        items += page.items
        while page.after:
            begin = int(page.after)
            page = papers.numbers(engine, authority, kind, year, actor, after=begin, limit=PAGE)
            items += page.items
    if as_json:
        print_json(items)
        return
    heading = ("text", "state", "authorisation")
    print_table("numbers", heading, [[item[name] for name in heading] for item in items])


def _by(actor: Actor, *, version: int | None = None, key: str = "") -> By:
    return By(actor, now(), version=version, key=key)


def _read(file: str) -> Any:
    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    try:
        return json.loads(text, parse_float=str)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: line {error.lineno}, column {error.colno}") from None


def _found(engine: Sessions, asked: str) -> str:
    """The identifier of what is named by its number, or else what was given."""
    return papers.by_number(engine, asked) or asked


def _all(engine: Sessions, wanted: Wanted, actor: Actor) -> Iterator[dict[str, Any]]:
    page = papers.listed(engine, wanted, actor, limit=PAGE)
    yield from page.items
    while page.after:
        page = papers.listed(engine, wanted, actor, after=page.after, limit=PAGE)
        yield from page.items


def _row(item: dict[str, Any]) -> tuple[Any, ...]:
    to = item["route"]["destination"]
    own = ("id", "number", "paper", "state", "jurisdiction")
    return (*(item[name] for name in own), to, item["valid_to"])


def _described(shown: dict[str, Any]) -> None:
    own = ("id", "number", "paper", "convention", "state", "version", "valid_from", "valid_to")
    parties = {role: shown[role]["name"] for role in ("exporter", "importer")}
    print_facts({name.replace("_", " "): shown[name] for name in own} | parties)


def _tell(done: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    _described(done)
    for note in done.get("notes", ()):
        print_line(f"note: {note}")
    for one in done.get("agreement", ()):
        said = "ALERT: differs" if one["alert"] else "agrees"
        print_line(f"line {one['line']}: shipped {one['shipped']} {one['unit']}, arrived "
                   f"{one['arrived']} ({one['percent']} %): {said}")  # fmt: skip
