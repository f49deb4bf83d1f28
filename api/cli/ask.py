"""`check`, `ship`, `show`, `provision`, `replay`: one question each, answered by one use case."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from api.cli import report, report_history
from api.cli.consignments import read_file
from api.cli.console import print_json, print_line, stop
from api.cli.database import opened
from api.cli.exits import Exit
from api.cli.options import (
    AllFindings,
    AsJson,
    GoodsAsked,
    Jurisdictions,
    KnownOn,
    On,
    Provisions,
    goods_of,
    now,
)
from api.cli.scenarios import judge_file
from api.usecases import classify, decisions, provisions, substances
from api.usecases import history as records
from api.usecases.check_shipment import check_shipment
from api.usecases.classify import By, Question
from api.usecases.dates import dates_asked
from registry.chem.parse import Format
from rules.decide import Scope
from rules.shipment.consignment import read_consignment

What = Annotated[
    str, typer.Argument(metavar="WHAT", help="A structure, name or CAS number; - for stdin.")
]
ReadBy = Annotated[By, typer.Option("--by", help="How WHAT names what is asked about.")]
ReadAs = Annotated[Format, typer.Option("--format", help="How a structure is written.")]
Shipment = Annotated[
    str | None,
    typer.Argument(metavar="[FILE]", help="A consignment as JSON or YAML; - for stdin."),
]
Scenarios = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Many consignments instead, one a line; - for stdin."),
]
ScenariosOut = Annotated[
    str, typer.Option("--out", metavar="FILE", help="Where their answers go; - for stdout.")
]
SubstanceAsked = Annotated[
    str, typer.Argument(metavar="NAME|CAS|ID", help="Name, CAS number, InChIKey or identifier.")
]
WithHistory = Annotated[
    bool, typer.Option("--history", help="Also every record, closed ones too, with both clocks.")
]
WithSources = Annotated[
    bool, typer.Option("--sources", help="Also where each fact was read, and what contradicts it.")
]
ProvisionAsked = Annotated[str, typer.Argument(metavar="ID", help="Such as US-CSA-I-e.")]
DecisionAsked = Annotated[str, typer.Argument(metavar="ID", help="The id an answer carries.")]


def check(
    what: What,
    on: On = None,
    known_on: KnownOn = None,
    jurisdiction: Jurisdictions = None,
    provision: Provisions = None,
    by: ReadBy = By.ANY,
    format_: ReadAs = Format.AUTO,
    goods: GoodsAsked = None,
    everything: AllFindings = False,
    as_json: AsJson = False,
) -> None:
    """Ask the law about one substance: verdicts, clauses, and what is missing."""
    text = sys.stdin.read() if what == "-" else what
    scope = Scope(tuple(jurisdiction or ()), tuple(provision or ()))
    with opened() as (engine, now):
        dates = dates_asked(now, on, known_on)
        question = Question(text, dates, by, format_, scope, everything, goods_of(goods))
        made = classify.classify(engine, question, actor=engine.settings.actor, now=now)
    if as_json:
        print_json({"id": made.id, **made.answer})
    else:
        report.classified(made)
    if made.answer["error"]:
        stop(Exit.STOPPED)


def ship(
    file: Shipment = None,
    known_on: KnownOn = None,
    as_json: AsJson = False,
    scenarios: Scenarios = None,
    out: ScenariosOut = "-",
) -> None:
    """Check a consignment: may it go, what is missing, and what would satisfy the law."""
    if (file is None) is (scenarios is None):
        raise typer.BadParameter("ask about one FILE or about --scenarios FILE")
    if scenarios is not None:
        moment = now()
        judge_file(scenarios, out, dates_asked(moment, moment.date(), known_on))
        return
    consignment = read_consignment(read_file(str(file)))
    with opened() as (engine, moment):
        dates = dates_asked(moment, consignment.on, known_on)
        made = check_shipment(engine, consignment, dates, actor=engine.settings.actor, now=moment)
    print_json({"id": made.id, **made.answer}) if as_json else report.shipment(made)


def show(
    substance: SubstanceAsked,
    on: On = None,
    known_on: KnownOn = None,
    history: WithHistory = False,
    sources: WithSources = False,
    as_json: AsJson = False,
) -> None:
    """Show a substance: names, identifiers, structure, listings through time."""
    parts = [part for part, asked in (("history", history), ("sources", sources)) if asked]
    with opened() as (engine, now):
        dates = dates_asked(now, on, known_on)
        shown = substances.look_up(engine, substance, dates)
        more = records.look_up(engine, substance, dates, parts) if parts else {}
    if as_json:
        print_json(shown | more)
        return
    report.substance(shown)
    report_history.report(more)


def provision(
    provision: ProvisionAsked, on: On = None, known_on: KnownOn = None, as_json: AsJson = False
) -> None:
    """Show a provision: the law in our words clause by clause, how it is read, what is open."""
    with opened() as (engine, now):
        shown = provisions.show(engine, provision, dates_asked(now, on, known_on))
    print_json(shown) if as_json else report.provision(shown)


def replay(decision: DecisionAsked, as_json: AsJson = False) -> None:
    """Make a decision again and compare it byte by byte."""
    with opened() as (engine, _):
        made = decisions.replay(engine, decision)
    if as_json:
        print_json({"id": made.id, "same": made.same, "differs": list(made.differs)})
    else:
        print_line("the same answer" if made.same else f"differs: {', '.join(made.differs)}")
    if not made.same:
        stop(Exit.FAULT)
