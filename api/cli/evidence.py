"""`subreg evidence` and `subreg priority`: what is reported of substances, and an order for review."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from api.access.allow import Actor
from api.cli.acting import acting
from api.cli.console import print_facts, print_json, print_line, print_table, say
from api.cli.database import opened, wired
from api.cli.options import AsJson, KnownOn, On, day, now
from api.engine import Engine
from api.usecases import evidence as usecase
from api.usecases import evidence_file
from api.usecases import priority as review
from api.usecases.dates import Dates, dates_asked
from api.usecases.evidence_report import EvidenceRefused, New
from registry.facts import EvidenceKind
from registry.store.evidence import Wanted
from rules.evidence import day_after
from rules.priority import LONGEST
from rules.weights import Measure

evidence = typer.Typer(
    name="evidence",
    help="What sources report of substances: recorded, corrected, listed.",
    no_args_is_help=True,
)

PAGE = 500
SHOWN = 20


def amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise typer.BadParameter(f"`{text}` is not a number like 2 or 0.5") from None


Kind = Annotated[EvidenceKind, typer.Argument(metavar="KIND", help="What is reported.")]
Key = Annotated[str, typer.Option("--key", metavar="KEY", help="What its source calls it.")]
Source = Annotated[str, typer.Option("--source", metavar="TITLE", help="Title of the source.")]
Href = Annotated[str, typer.Option("--href", metavar="URL", help="Where the source can be read.")]
OfSubstance = Annotated[
    str, typer.Option("--substance", metavar="NAME", help="Name or number of one in the register.")
]
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="Name as the source writes it.")]
Drawn = Annotated[
    str, typer.Option("--structure", metavar="TEXT", help="Structure of one outside the register.")
]
Country = Annotated[str, typer.Option("--country", metavar="XX", help="Where.")]
Start = Annotated[
    date, typer.Option("--from", parser=day, metavar="DATE", help="First day it may have happened.")
]
End = Annotated[
    date | None,
    typer.Option(
        "--to", parser=day, metavar="DATE", help="First day it no longer may [the day after]."
    ),
]
Quantity = Annotated[
    Decimal | None,
    typer.Option("--quantity", parser=amount, metavar="NUMBER", help="How many or how much."),
]
Unit = Annotated[str, typer.Option("--unit", metavar="UNIT", help="count, g, tablets, percent …")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="A remark.")]
Correct = Annotated[
    str, typer.Option("--correct", metavar="REASON", help="Correct what is on record, and why.")
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file; `-` reads it from stdin.")]
OnlyOf = Annotated[
    str, typer.Option("--substance", metavar="NAME", help="Only of this one, by name or number.")
]
OnlyKind = Annotated[EvidenceKind | None, typer.Option("--kind", help="Only of this kind.")]
Months = Annotated[
    int,
    typer.Option("--window", min=1, max=LONGEST, metavar="MONTHS", help="Months up to the day."),
]
WeightsFile = Annotated[
    Path | None, typer.Option("--weights", metavar="FILE", help="Weights of your own [ours].")
]
Most = Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many substances.")]
Terms = Annotated[bool, typer.Option("--terms", help="Also each term with its records.")]


@evidence.command()
def add(
    kind: Kind,
    start: Start,
    source: Source = "",
    key: Key = "",
    substance: OfSubstance = "",
    name: Name = "",
    structure: Drawn = "",
    country: Country = "",
    end: End = None,
    quantity: Quantity = None,
    unit: Unit = "",
    href: Href = "",
    note: Note = "",
    correct: Correct = "",
    as_json: AsJson = False,
) -> None:
    """Record one report, or correct it with a reason."""
    new = New(
        source=source,
        key=key,
        kind=kind,
        start=start,
        end=end or day_after(start),
        substance=substance,
        name=name,
        structure=structure,
        country=country,
        quantity=quantity,
        unit=unit,
        href=href,
        note=note,
    )
    with _recording() as (engine, actor, moment):
        done = usecase.record(engine, [new], actor=actor, now=moment, correction=correct)
    _told(done, as_json)


@evidence.command("import")
def import_(file: File, correct: Correct = "", as_json: AsJson = False) -> None:
    """Record every report of a CSV file, or tell every fault by line and column."""
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    with _recording() as (engine, actor, moment):
        try:
            reports = evidence_file.read(data, str(file))
            done = usecase.record(engine, reports, actor=actor, now=moment, correction=correct)
        except EvidenceRefused as refused:
            raise _all_told(refused, data, str(file)) from None
    _told(done, as_json)


@evidence.command("list")
def list_(
    substance: OnlyOf = "",
    kind: OnlyKind = None,
    country: Country = "",
    source: Source = "",
    key: Key = "",
    known_on: KnownOn = None,
    as_json: AsJson = False,
) -> None:
    """List what is on record; with a source and a key also what was corrected."""
    with wired() as (engine, actor):
        dates = dates_asked(now(), None, known_on)
        wanted = Wanted(
            subject=substance, kind=kind.value if kind else "", country=country, source=source
        )
        if source and key:
            items = usecase.history_of(engine.sessions, source, key, dates, actor=actor)
        else:
            items = list(_all(engine.sessions, wanted, dates, actor))
    if as_json:
        print_json(items)
    elif items:
        heading = ("kind", "substance", "where", "from", "to", "figure", "source", "key", "held")
        print_table("evidence", heading, [_row(item) for item in items])
    else:
        print_line("no evidence recorded")


def priority(
    on: On = None,
    known_on: KnownOn = None,
    months: Months = review.MONTHS,
    weights: WeightsFile = None,
    limit: Most = SHOWN,
    terms: Terms = False,
    as_json: AsJson = False,
) -> None:
    """Put substances in an order for review by what is on record."""
    own = None
    if weights is not None:
        own = review.own_weights(weights.read_text(encoding="utf-8"), str(weights))
    with wired() as (engine, actor):
        dates = dates_asked(now(), on, known_on)
        asked = review.Asked(dates, months, own, limit=limit)
        told = review.order(engine.sessions, asked, actor=actor)
    if as_json:
        print_json(told)
    else:
        _ordered(told, terms=terms)


@contextmanager
def _recording() -> Iterator[tuple[Engine, Actor, datetime]]:
    with opened() as (engine, moment):
        yield engine, acting(engine.sessions, engine.settings, moment), moment


def _all_told(refused: EvidenceRefused, data: bytes, file: str) -> EvidenceRefused:
    """Say every fault; the error itself names the first few."""
    placed = refused if refused.file else evidence_file.placed(refused, data, file)
    for fault in placed.faults:
        say(f"{file}:{fault}")
    return placed


def _told(done: usecase.Done, as_json: bool) -> None:
    counts = {
        "recorded": done.recorded,
        "corrected": done.corrected,
        "unchanged": done.unchanged,
    }
    if as_json:
        print_json(counts)
    else:
        print_line(", ".join(f"{count} {what}" for what, count in counts.items()))


def _all(
    sessions: usecase.Sessions, wanted: Wanted, dates: Dates, actor: Actor
) -> Iterator[dict[str, Any]]:
    page = usecase.listed(sessions, wanted, dates, actor=actor, limit=PAGE)
    yield from page.items
    while page.after:
        page = usecase.listed(sessions, wanted, dates, actor=actor, after=page.after, limit=PAGE)
        yield from page.items


def _row(item: dict[str, Any]) -> tuple[Any, ...]:
    figure = f"{item['quantity']} {item['unit']}" if item["unit"] else "not stated"
    held = "yes" if item["recorded_to"] is None else f"until {item['recorded_to'][:10]}"
    name = item["substance_name"] or item["name"]
    when = (item["from"], item["to"])
    return item["kind"], name, item["country"], *when, figure, item["source"], item["key"], held


def _ordered(told: dict[str, Any], *, terms: bool) -> None:
    window = told["window"]
    print_facts(
        {
            "order for review on": told["on"],
            "records of": f"{window['from']} until before {window['to']}",
            "as known at": told["known_at"],
        }
    )
    print_line()
    heading = ("rank", "substance", "points", "harmful", "prevalent", "persistent", "named in")
    if told["items"]:
        print_table("order for review", heading, [_ranked(item) for item in told["items"]])
    else:
        print_line("no evidence recorded that counts here")
    for item in told["items"] if terms else ():
        _terms(item)
    print_line()
    print_line(f"{told['ranked']} in order; no evidence recorded: {_left_out(told)}")
    print_line(f"note: {told['note']}")


def _left_out(told: dict[str, Any]) -> str:
    names = [one["name"] for one in told["none_that_counts"]]
    unranked = f"; none that counts here: {', '.join(names)}" if names else ""
    return f"{told['without_evidence']} substances of the register{unranked}"


def _ranked(item: dict[str, Any]) -> tuple[Any, ...]:
    by_aspect = [
        ", ".join(_figure(term) for term in item["terms"] if term["aspect"] == aspect)
        or "no record"
        for aspect in ("harmful", "prevalent", "persistent")
    ]
    points = ("at least " if item["at_least"] else "") + item["points"]
    named = [*item["named_in"], *(f"perhaps {one}" for one in item["perhaps_named_in"])]
    return (
        item["rank"],
        item["name"],
        points,
        *by_aspect,
        named if item["substance"] else "not asked",
    )


def _figure(term: dict[str, Any]) -> str:
    least = "≥ " if term["at_least"] else ""
    return f"{term['criterion']} {least}{term['figure']}"


def _terms(item: dict[str, Any]) -> None:
    print_line()
    print_line(f"{item['rank']}  {item['name']}  {item['points']} points")
    for term in item["terms"]:
        counted = f" = {term['counted']} doublings" if term["scale"] == "doublings" else ""
        sum_ = f"{_figure(term)}{counted}, times {term['weight']}: {term['points']}"
        print_line(f"  {term['aspect']}: {sum_}")
        for line in _records(term):
            print_line(f"    {line}")
    for unit, seized in item["seized"].items():
        print_line(f"  seized, not in the sum: {seized} {unit}")
    if item["no_record_of"]:
        print_line(f"  no record of: {', '.join(item['no_record_of'])}")


def _records(term: dict[str, Any]) -> Iterator[str]:
    """The records of a term; where it counts places or months, these, from the records above."""
    if term["criterion"] in (Measure.COUNTRIES, Measure.MONTHS):
        yield ", ".join(term["counts"])
        return
    yield from map(_said, term["records"])
    if term["records_in_all"] > len(term["records"]):
        yield f"… of {term['records_in_all']} records"


def _said(one: dict[str, Any]) -> str:
    figure = f"{one['quantity']} {one['unit']}" if one["unit"] else "no figure"
    where = f" {one['country']}" if one["country"] else ""
    partly = " (partly in these months)" if one["partly"] else ""
    address = f" {one['href']}" if one["href"] else ""
    when = f"{one['from']} until before {one['to']}"
    return (
        f"{one['kind']}{where}, {when}, {figure}{partly} [{one['source']}, {one['key']}]{address}"
    )
