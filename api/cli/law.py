"""`law`: the rule files themselves, for those who write and review them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.cli.console import print_facts, print_json, print_line, print_table, say, stop
from api.cli.database import opened
from api.cli.exits import Exit
from api.cli.options import AsJson, Jurisdictions, On
from api.usecases import coverage as table
from api.usecases import law as usecase
from rules.lint import FAULTS

law = typer.Typer(help="The rule files: proof and consistency.", no_args_is_help=True)

RuleFiles = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Rule files to prove; all if none.")
]


@law.command("prove")
def prove(provisions: RuleFiles = None, as_json: AsJson = False) -> None:
    """Run the examples of rule files, and see whether each clause is needed by one."""
    broken = 0
    proofs = []
    with opened() as (engine, now):
        for proof in usecase.prove(engine, provisions or (), now):
            broken += not proof.holds
            proofs.append(proof)
            if not as_json:
                _said(proof)
    if as_json:
        print_json([_plain(proof) for proof in proofs])
    if broken:
        stop(Exit.FAULT, f"{broken} of {len(proofs)} rule files do not prove what they say")


@law.command("lint")
def lint(on: On = None, as_json: AsJson = False) -> None:
    """Look for what does not fit together in the law and the lists on a day."""
    with opened() as (engine, now):
        remarks = usecase.lint(engine, on or now.date(), now)
    if as_json:
        print_json([{"kind": r.kind, "provision": r.provision, "text": r.text} for r in remarks])
    else:
        rows = ((r.kind, r.provision, r.text) for r in remarks)
        print_table("remarks on the law", ("kind", "provision", "what"), rows)
        print_line(f"{len(remarks)} remarks" if remarks else "nothing to remark")
    faults = [remark for remark in remarks if remark.kind in FAULTS]
    if faults:
        stop(Exit.FAULT, f"{len(faults)} of {len(remarks)} remarks are faults of rule files")


Markdown = Annotated[bool, typer.Option("--markdown", help="The page docs/coverage.md.")]


def coverage(
    jurisdiction: Jurisdictions = None, markdown: Markdown = False, as_json: AsJson = False
) -> None:
    """Show what is covered of each jurisdiction, verified until when, and what is not."""
    with opened() as (engine, _):
        law_read = engine.law
    if markdown:
        print_line(table.markdown(law_read).rstrip())
        return
    asked = table.coverage_of(law_read, jurisdiction or ())
    total = table.totals(asked)
    if as_json:
        print_json({"jurisdictions": asked, "total": total})
        return
    heading = ("jurisdiction", "verified until", *(name.replace("_", " ") for name in total))
    rows = [(row["jurisdiction"], row["verified_until"], *_figures(row)) for row in asked]
    print_table("coverage", heading, [*rows, ("all", "", *total.values())])
    for row in asked if jurisdiction else ():
        _covered(row)


def _figures(row: dict[str, Any]) -> list[int]:
    return [*(row[name] for name in table.COUNTS), len(row["not_modelled"])]


def _covered(row: dict[str, Any]) -> None:
    print_line()
    kinds = ", ".join(f"{count} {kind}" for kind, count in row["kinds"].items())
    print_facts({row["jurisdiction"]: row["name"], "read against": row["against"], "kinds": kinds})
    for remark in row["remarks"]:
        print_line(f"  {remark}")
    gaps = [(gap["provision"], gap["title"], gap["reason"]) for gap in row["not_modelled"]]
    if gaps:
        print_table("not modelled", ("provision", "what", "why"), gaps)


def _said(proof: usecase.Proof) -> None:
    verdict = "proved" if proof.holds else "not proved"
    print_line(
        f"{proof.provision}  {verdict}  {proof.examples} examples, {proof.mutants} clauses removed"
    )
    for failure in proof.failures:
        say(f"  example {failure.example}: expected {failure.expected}; got {failure.got}")
    for removed in proof.unnoticed:
        say(f"  no example needs: {removed}")


def _plain(proof: usecase.Proof) -> dict[str, object]:
    return {
        "provision": proof.provision,
        "examples": proof.examples,
        "clauses_removed": proof.mutants,
        "failures": [
            {"example": one.example, "expected": one.expected, "got": one.got}
            for one in proof.failures
        ],
        "unnoticed": list(proof.unnoticed),
    }
