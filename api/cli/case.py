"""`subreg case`: decisions on their way into law, what is due of them, and what lists call for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import zip_longest
from typing import Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.access.acts import Act
from api.access.allow import allow
from api.cli.acting import acting
from api.cli.case_options import (
    Asked,
    AsOf,
    Closed,
    Code,
    Corrects,
    Country,
    Document,
    DoneOn,
    DryRun,
    Elsewhere,
    Family,
    Follow,
    Id,
    Key,
    ListedOn,
    NotAfter,
    NotBefore,
    Note,
    Number,
    Of,
    OfProcedure,
    OfSubstance,
    OneState,
    Procedure,
    RaisedFor,
    Reason,
    Seen,
    Source,
    States,
    Step,
    Structures,
    Substances,
    Title,
    Unlisted,
    Until,
    Whose,
    Why,
    Within,
)
from api.cli.console import messages, print_facts, print_json, print_line, print_table, say
from api.cli.database import opened
from api.cli.options import AsJson, KnownOn
from api.engine import Engine
from api.usecases import cases, raising, transposition
from api.usecases.case_requests import (
    CaseIn,
    CaseRefused,
    CloseIn,
    FollowIn,
    RaiseIn,
    StepIn,
    WithdrawalIn,
    read_as,
)
from api.usecases.cases import DueWanted
from api.usecases.cases_shown import SILENCE
from api.usecases.dates import dates_asked
from api.usecases.trade.acts import By
from registry.store.cases import Wanted

case = typer.Typer(
    name="case",
    help="Decisions on their way into law: where each stands, what is due, overdue or about to end.",
    no_args_is_help=True,
)

PAGE = 200
Acts = Callable[..., By]
CLOCK = ("clock", "under", "status", "day", "done", "not known, or noted")
ENTRY = ("entry", "step", "under", "day", "until", "document", "stands")


@case.command("open")
def open_(
    title: Title,
    procedure: Procedure,
    substance: Substances = None,
    unlisted: Unlisted = None,
    structure: Structures = None,
    follow: Follow = None,
    note: Note = "",
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Open a case about substances of the register, or named ones not on record."""
    names, drawn = unlisted or [], structure or []
    if len(drawn) > len(names):
        raise CaseRefused("there are more structures than unlisted substances they could be of")
    subjects = [{"substance": one} for one in substance or []]
    subjects += [
        {"name": name, "structure": text} for name, text in zip_longest(names, drawn, fillvalue="")
    ]
    asked = {"title": title, "procedure": procedure, "subjects": subjects, "note": note}
    new = read_as(CaseIn, {**asked, "jurisdictions": follow or []})
    with _acting(Act.CASE_MANAGE) as (engine, by):
        _tell(cases.open_case(engine, new, by(key=key)), as_json)


@case.command("list")
def list_(
    procedure: OfProcedure = "",
    substance: OfSubstance = "",
    raised_for: RaisedFor = "",
    closed: Closed = None,
    on: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List cases with where each stands."""
    wanted = Wanted(procedure, substance, raised_for, closed)
    items: list[dict[str, Any]] = []
    with _acting(Act.CASE_READ) as (engine, by):
        dates = dates_asked(by().now, on)
        page = cases.listed(engine, wanted, dates, limit=PAGE)
        items += page.items
        while page.after:
            page = cases.listed(engine, wanted, dates, after=page.after, limit=PAGE)
            items += page.items
    if as_json:
        print_json(items)
        return
    rows = [[one["id"], one["title"], one["procedure"], _state(one)] for one in items]
    print_table("cases", ("id", "title", "procedure", "state"), rows)


@case.command()
def show(
    identifier: Id, on: AsOf = None, known_on: KnownOn = None, as_json: AsJson = False
) -> None:
    """Show a case on a day with its clocks and every entry."""
    with _acting(Act.CASE_READ) as (engine, by):
        _tell(cases.show(engine, identifier, dates_asked(by().now, on, known_on)), as_json)


@case.command()
def step(
    identifier: Id,
    step: Step,
    document: Document,
    on: DoneOn = None,
    not_before: NotBefore = None,
    not_after: NotAfter = None,
    by: Whose = "",
    until: Until = None,
    source: Source = "",
    note: Note = "",
    corrects: Corrects = None,
    version: Seen = None,
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Record a step that was done, or correct an earlier entry."""
    asked = {
        "step": step, "on": on, "not_before": not_before, "not_after": not_after,
        "jurisdiction": by, "until": until, "document": document, "source": source,
        "note": note, "corrects": corrects,
    }  # fmt: skip
    done = read_as(StepIn, asked)
    with _acting(Act.CASE_MANAGE) as (engine, acts):
        _tell(cases.record(engine, identifier, done, acts(version=version, key=key)), as_json)


@case.command()
def withdraw(
    identifier: Id, entry: Number, reason: Reason, key: Key = "", as_json: AsJson = False
) -> None:
    """Take an entry back, with nothing in its place."""
    asked = read_as(WithdrawalIn, {"entry": entry, "reason": reason})
    with _acting(Act.CASE_MANAGE) as (engine, by):
        _tell(cases.withdraw(engine, identifier, asked, by(key=key)), as_json)


@case.command("follow")
def follow_(
    identifier: Id, jurisdiction: Code, note: Note = "", key: Key = "", as_json: AsJson = False
) -> None:
    """Follow one more jurisdiction."""
    asked = read_as(FollowIn, {"jurisdiction": jurisdiction, "note": note})
    with _acting(Act.CASE_MANAGE) as (engine, by):
        _tell(cases.follow(engine, identifier, asked, by(key=key)), as_json)


@case.command()
def close(identifier: Id, reason: Reason, key: Key = "", as_json: AsJson = False) -> None:
    """End a case, with the reason."""
    asked = read_as(CloseIn, {"reason": reason})
    with _acting(Act.CASE_MANAGE) as (engine, by):
        _tell(cases.close(engine, identifier, asked, by(key=key)), as_json)


@case.command()
def due(
    on: AsOf = None,
    known_on: KnownOn = None,
    within: Within = 30,
    why: Why = None,
    under: Of = "",
    as_json: AsJson = False,
) -> None:
    """Show what of all open cases is overdue, due, about to end, or cannot be said."""
    wanted = DueWanted(within, tuple(why or ()), under)
    with _acting(Act.CASE_READ) as (engine, by):
        items = cases.due(engine, wanted, dates_asked(by().now, on, known_on))
    if as_json:
        print_json(items)
        return
    heading = ("attention", "day", "under", "case", "clock", "not known")
    rows = [
        [
            one["attention"], one["by"] or "", one["jurisdiction"], one["title"], one["clock"],
            one["missing"],
        ]
        for one in items
    ]  # fmt: skip
    print_table("due", heading, rows)
    say(SILENCE)


@case.command("raise")
def raise_(
    country: Country,
    family: Family = None,
    elsewhere: Elsewhere = None,
    on: ListedOn = None,
    dry_run: DryRun = False,
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Raise a case, once, for each substance named on a list elsewhere and not on ours."""
    asked = read_as(
        RaiseIn,
        {
            "country": country, "family": family or [], "elsewhere": elsewhere or [], "on": on,
            "dry_run": dry_run,
        },
    )  # fmt: skip
    with _acting(Act.CASE_MANAGE) as (engine, by), _bar() as bar:
        task = bar.add_task("judging", total=None)
        told = raising.raise_cases(
            engine, asked, by(key=key),
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )  # fmt: skip
    if as_json:
        print_json(told)
        return
    rows = [
        [one["substance"], one["name"], one["jurisdictions"], one["family"], one["by"]]
        for one in told["raised"]
    ]
    print_table("raised", ("substance", "name", "named in", "family", "by"), rows)
    counts = ("named_elsewhere", "outside_family", "raised_before")
    print_facts({**{name: told[name] for name in counts}, "raised": len(told["raised"])})
    if unjudged := len(told["not_judged"]):
        say(f"{unjudged} have no structure on record and were not judged; --json names them")
    say(told["caveat"])


@case.command("lists")
def lists_(
    what: Asked,
    under: States = None,
    on: AsOf = None,
    known_on: KnownOn = None,
    as_json: AsJson = False,
) -> None:
    """Show what the lists on record say of the Conventions' decisions on a substance."""
    with _acting(Act.CASE_READ) as (engine, by):
        dates = dates_asked(by().now, on, known_on)
        told = transposition.of_substance(engine, what, under or (), dates)
    if as_json:
        print_json(told)
        return
    rows = [
        [
            one["schedule"], one["jurisdiction"], one["shows"], one["text"], one["judged"],
            one["reached_by"],
        ]
        for one in told["rows"]
    ]  # fmt: skip
    heading = ("schedule", "State", "shows", "in words", "all law", "reached by")
    print_table(f"{told['name']} on {told['on']}", heading, rows)
    print_facts({"not judged by definitions": told["not_judged"]})
    say(told["caveat"])


@case.command("unlisted")
def unlisted_(
    state: OneState, on: AsOf = None, known_on: KnownOn = None, as_json: AsJson = False
) -> None:
    """Show what the Conventions list and no list of a State on record names."""
    rows: list[dict[str, Any]] = []
    with _acting(Act.CASE_READ) as (engine, by):
        dates = dates_asked(by().now, on, known_on)
        page = transposition.overview(engine, state, dates, limit=PAGE)
        rows += page["rows"]
        while page["after"]:
            page = transposition.overview(engine, state, dates, after=page["after"], limit=PAGE)
            rows += page["rows"]
    if as_json:
        print_json(rows)
        return
    heading = ("substance", "schedule", "in effect from", "shows")
    print_table(
        state,
        heading,
        [[one["name"], one["schedule"], _days(one["due"]), one["shows"]] for one in rows],
    )
    say(SILENCE)


@contextmanager
def _acting(act: Act) -> Iterator[tuple[Engine, Acts]]:
    """The register, and whoever acts on it, if they may; each act adds what it rests on."""
    with opened() as (engine, moment):
        actor = acting(engine.sessions, engine.settings, moment)
        allow(actor, act)
        yield engine, partial(By, actor, moment)


@contextmanager
def _bar() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=messages(), transient=True) as bar:
        yield bar


def _tell(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    names = ", ".join(one["name"] for one in told["subjects"])
    print_line(f"{told['title']} ({told['id']})")
    print_facts(
        {
            "procedure": f"{told['procedure']}: {told['procedure_title']}",
            "substances": names,
            "following": told["jurisdictions"],
            "state": _state(told),
            "next": [one["id"] for one in told["next"]],
            "version": told["version"],
            "note": told["note"],
        }
    )
    print_table("clocks", CLOCK, [_clock(one) for one in told["dues"]])
    print_table("entries", ENTRY, [_entry(one) for one in told["entries"]])
    say(told["caveat"])


def _state(one: dict[str, Any]) -> str:
    text = one["state"] + (f" since {one['since']}" if one["since"] else "")
    text += f", may be {one['may_be']}" if one["may_be"] else ""
    return f"{text}, closed" if one["closed"] else text


def _clock(one: dict[str, Any]) -> list[str]:
    listed = one["listing"]
    done = f"{listed['provision']} {listed['text']}" if listed else one["done"] or ""
    notes = [one["missing"], *one["notes"]] if one["status"] == "undetermined" else one["notes"]
    return [one["clock"], one["jurisdiction"], one["status"], _days(one), done, "; ".join(notes)]


def _days(one: dict[str, Any]) -> str:
    """A day, or between which two it lies; empty where there is none yet."""
    if one["by"] == one["by_latest"]:
        return one["by"] or ""
    return f"{one['by'] or '?'} to {one['by_latest'] or '?'}"


def _entry(one: dict[str, Any]) -> list[str]:
    days = one["not_before"] or ""
    if one["not_before"] != one["not_after"]:
        days = f"{one['not_before'] or '?'} to {one['not_after'] or '?'}"
    what = one["step"] or one["kind"]
    said = one["document"] or one["note"]
    kept = "yes" if one["stands"] else "no"
    return [str(one["number"]), what, one["jurisdiction"], days, one["until"] or "", said, kept]
