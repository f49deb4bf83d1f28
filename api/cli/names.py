"""`find` and `structure-of`: substances by what they are called, structures by systematic names."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.cli.console import print_facts, print_json, print_table, say, stop
from api.cli.database import sessions, settings
from api.cli.exits import Exit
from api.cli.options import AsJson, KnownOn, now
from api.usecases import names
from api.usecases.dates import dates_asked
from registry.chem.worker import WorkerPool

Text = Annotated[str, typer.Argument(metavar="TEXT", help="A name, number or code.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A systematic name in English.")]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="Only names of this kind; repeatable.")
]
Languages = Annotated[
    list[str] | None, typer.Option("--language", help="Only names in this language; repeatable.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="Most answers shown.")]


def find(
    text: Text,
    kind: Kinds = None,
    language: Languages = None,
    known_on: KnownOn = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Find substances by name, number or code, best answer first, whatever the spelling."""
    wanted = names.Wanted(text, tuple(kind or ()), tuple(language or ()))
    dates = dates_asked(now(), known_on=known_on)
    with sessions() as register:
        page = names.search(register, wanted, dates, limit=limit)
    if as_json:
        print_json({"items": page.items, "nearest": page.nearest, "more": page.after is not None})
    elif page.items:
        _table(page)
    if not page.items:
        stop(Exit.NOT_FOUND, _nothing(text, page))


def structure_of(name: Name, as_json: AsJson = False) -> None:
    """Read a systematic name as a structure with OPSIN: a proposal by one route."""
    found = settings()
    with WorkerPool(
        size=1, deadline_seconds=found.deadline_seconds, memory_bytes=found.worker_memory_bytes
    ) as workers:
        read = names.structure(workers, name)
    print_json(read) if as_json else print_facts(read)


def _table(page: names.Page) -> None:
    rows = [
        (
            one["id"],
            one["name"],
            one["how"],
            f"{one['score']:.2f}" if one["score"] < 1 else "",
            one["matched"]["text"],
            _kind(one["matched"]),
            ", ".join(one["salt"]),
        )
        for one in page.items
    ]
    print_table("found", ("id", "name", "how", "score", "matched", "kind", "salt"), rows)
    if page.after:
        say("there are more; ask with a higher --limit")


def _kind(matched: dict[str, Any]) -> str:
    return " ".join(part for part in (matched["kind"], matched["language"]) if part)


def _nothing(text: str, page: names.Page) -> str:
    near = ", ".join(f"`{one['matched']['text']}` ({one['id']})" for one in page.nearest)
    hint = f"; nearest names: {near}" if near else ""
    return f"error: no substance answers to `{text}`{hint} (not-found)"
