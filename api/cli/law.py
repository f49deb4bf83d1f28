"""`law`: the rule files themselves, for those who write and review them."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.console import print_json, print_line, say, stop
from api.cli.database import opened
from api.cli.exits import Exit
from api.cli.options import AsJson
from api.usecases import law as usecase

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
