"""`subreg draft`: drafts of changes to the law, checked, kept, compared."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from api.access.allow import Actor
from api.cli.acting import acting
from api.cli.console import print_facts, print_json, print_line, print_table, say, stop
from api.cli.database import opened, wired
from api.cli.exits import Exit
from api.cli.files import text_of
from api.cli.options import AsJson, now
from api.engine import Engine
from api.usecases import draft_check, drafts
from api.usecases.drafts import New
from api.usecases.trade.acts import By, Sessions
from registry.store.drafts import Wanted

draft = typer.Typer(
    name="draft",
    help="Drafts of changes to the law: checked, kept with every version, compared.",
    no_args_is_help=True,
)

Asked = Annotated[str, typer.Argument(metavar="NAME", help="Name of a draft, or its identifier.")]
File = Annotated[
    str, typer.Argument(metavar="FILE", help="YAML as docs/drafts.md shows; `-`: stdin.")
]
Called = Annotated[
    str, typer.Option("--name", metavar="NAME", help="What to call it [as the text says].")
]
For = Annotated[
    str, typer.Option("--for", metavar="XX", help="Jurisdiction of a text that cannot be read yet.")
]
Remark = Annotated[
    str, typer.Option("--remark", metavar="TEXT", help="What to say of the version.")
]
Seen = Annotated[
    int | None, typer.Option("--on-version", min=1, help="Only if it is still at this version.")
]
Version = Annotated[
    int | None, typer.Option("--version", min=1, help="As it was at this version [the newest].")
]
Key = Annotated[str, typer.Option("--key", metavar="KEY", help="Done once for this key, for ever.")]
Of = Annotated[str, typer.Option("--of", metavar="XX", help="Only for this jurisdiction.")]
Before = Annotated[int, typer.Argument(metavar="BEFORE", min=1, help="The earlier version.")]
After = Annotated[
    int | None, typer.Argument(metavar="AFTER", min=1, help="The later version [the newest].")
]
AsText = Annotated[bool, typer.Option("--text", help="Write the text alone, as it was saved.")]

PAGE = 200


@draft.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Say where a draft is wrong, and run its examples."""
    text = text_of(file)
    with _desk() as (engine, actor):
        found = draft_check.check(engine, text, actor, now())
    if as_json:
        print_json(found)
    else:
        _checked(file, found)
    if found["stopped"]:
        stop(Exit.STOPPED)
    if not found["readable"] or any(one["holds"] is False for one in found["examples"]):
        stop(Exit.BAD_INPUT)


@draft.command()
def add(
    file: File,
    name: Called = "",
    for_: For = "",
    remark: Remark = "",
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Keep a draft; one that cannot be read yet is kept as unfinished."""
    new = New(text_of(file), name, for_, remark)
    with _desk() as (engine, actor):
        made = drafts.create(engine, new, By(actor, now(), key=key))
    _tell(made, as_json)


@draft.command()
def save(
    asked: Asked,
    file: File,
    version: Seen = None,
    remark: Remark = "",
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Save the next version of a draft."""
    text = text_of(file)
    with _desk() as (engine, actor):
        by = By(actor, now(), version=version, key=key)
        saved = drafts.save(engine, drafts.find(engine, asked, actor), text, by, remark)
    _tell(saved, as_json)


@draft.command("list")
def list_(of: Of = "", as_json: AsJson = False) -> None:
    """List drafts of your own and of your country."""
    with wired() as (engine, actor):
        items = list(_all(engine, Wanted(of), actor))
    if as_json:
        print_json(items)
        return
    heading = ("name", "for", "version", "stands", "saved", "owner", "id")
    print_table("drafts", heading, [_row(item) for item in items])


@draft.command()
def show(
    asked: Asked, version: Version = None, text: AsText = False, as_json: AsJson = False
) -> None:
    """Show a draft at one of its versions."""
    with wired() as (engine, actor):
        shown = drafts.show(engine, drafts.find(engine, asked, actor), actor, version)
    if text:
        sys.stdout.write(shown["text"])
        return
    _tell(shown, as_json)
    if not as_json:
        sys.stdout.write(f"\n{shown['text'].rstrip()}\n")


@draft.command()
def history(asked: Asked, as_json: AsJson = False) -> None:
    """List every version of a draft: who saved it, when, and what they said."""
    with wired() as (engine, actor):
        items = list(_versions(engine, drafts.find(engine, asked, actor), actor))
    if as_json:
        print_json(items)
        return
    rows = [
        (one["version"], _stands(one), one["author"], one["saved_at"][:19], one["remark"])
        for one in items
    ]
    print_table("versions", ("version", "stands", "author", "saved", "remark"), rows)


@draft.command()
def diff(asked: Asked, before: Before, after: After = None, as_json: AsJson = False) -> None:
    """Say what differs between two versions, in words and line by line."""
    with _desk() as (engine, actor):
        draft_ = drafts.find(engine, asked, actor)
        later = after or drafts.show(engine, draft_, actor)["newest"]
        told = drafts.compare(engine, draft_, actor, before, later)
    if as_json:
        print_json(told)
        return
    for one in told["words"]:
        print_line(f"line {one['line']}: {one['where']} {one['text']}")
    if told["not_in_words"]:
        say(f"compared line by line only: {told['not_in_words']}")
    for line in told["lines"]:
        print_line(f"{line['mark']} {line['text']}", _STYLE.get(line["mark"], ""))


@draft.command()
def withdraw(asked: Asked, version: Seen = None, as_json: AsJson = False) -> None:
    """Take a draft out of the list; its versions stay on record."""
    with wired() as (engine, actor):
        by = By(actor, now(), version=version)
        gone = drafts.withdraw(engine, drafts.find(engine, asked, actor), by)
    _tell(gone, as_json)


_STYLE = {"-": "red", "+": "green"}


@contextmanager
def _desk() -> Iterator[tuple[Engine, Actor]]:
    """The wiring with a worker, and whom the command acts for."""
    with opened() as (engine, moment):
        yield engine, acting(engine.sessions, engine.settings, moment)


def _all(engine: Sessions, wanted: Wanted, actor: Actor) -> Iterator[dict[str, Any]]:
    page = drafts.listed(engine, wanted, actor, limit=PAGE)
    yield from page.items
    while page.after:
        page = drafts.listed(engine, wanted, actor, after=page.after, limit=PAGE)
        yield from page.items


def _versions(engine: Sessions, draft_: str, actor: Actor) -> Iterator[dict[str, Any]]:
    page = drafts.history(engine, draft_, actor, limit=PAGE)
    yield from page.items
    while page.after:
        page = drafts.history(engine, draft_, actor, after=int(page.after), limit=PAGE)
        yield from page.items


def _stands(one: dict[str, Any]) -> str:
    return "finished" if one["finished"] else "unfinished"


def _row(item: dict[str, Any]) -> tuple[Any, ...]:
    own = (item["name"], item["jurisdiction"], item["version"], _stands(item))
    return (*own, item["saved_at"][:19], item["owner"], item["id"])


def _tell(one: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(one)
        return
    stands = f"{one['version']} of {one['newest']}, {_stands(one)}"
    print_facts(
        {
            "draft": one["name"],
            "for": one["jurisdiction"],
            "version": stands,
            "saved": f"{one['saved_at'][:19]} by {one['author']}",
            "remark": one["remark"],
            "withdrawn": one["withdrawn_at"],
            "id": one["id"],
        }
    )
    _faults("", one["faults"])


def _faults(file: str, faults: list[dict[str, Any]]) -> None:
    for fault in faults:
        place = f"{fault['line']}:{fault['column']}"
        say(f"{file}:{place}: {fault['message']}" if file else f"{place}: {fault['message']}")


def _checked(file: str, found: dict[str, Any]) -> None:
    _faults(file, found["faults"])
    for remark in found["remarks"]:
        say(f"remark: {remark}")
    if found["stopped"]:
        say(f"not everything was checked: {found['stopped']}")
    if not found["readable"]:
        return
    read = found["draft"]
    print_facts({"draft": read["draft"], "for": read["jurisdiction"], "from": read["from"],
                 "until": read["until"], "touches": read["touched"]})  # fmt: skip
    heading = ("line", "provision", "example", "on", "expected", "came out", "")
    rows = [
        (one["line"], one["provision"], one["name"], one["on"], one["expected"], one["got"],
         _HOLDS[one["holds"]])
        for one in found["examples"]
    ]  # fmt: skip
    if rows:
        print_table("examples", heading, rows)


_HOLDS = {True: "as said", False: "otherwise", None: "not run"}
