"""`search` and `compare`: structures of the register that are like one, and what two share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.console import print_facts, print_json, print_line, print_table
from api.cli.database import opened
from api.cli.options import AsJson, KnownOn, On
from api.engine import Structure
from api.usecases import search as usecase
from api.usecases.dates import dates_asked
from registry.chem.parse import Format
from registry.search.structures import Mode, Wanted

Query = Annotated[str, typer.Argument(metavar="STRUCTURE", help="A structure; - for stdin.")]
How = Annotated[Mode, typer.Option("--mode", help="What is looked for.")]
Threshold = Annotated[
    float, typer.Option("--threshold", min=0, max=1, help="Least score of a hit.")
]
Top = Annotated[int, typer.Option("--top", min=1, max=10_000, help="At most so many hits.")]
Fingerprint = Annotated[
    str, typer.Option("--fingerprint", help="morgan, feature-morgan, rdkit-path or maccs.")
]
Metric = Annotated[str, typer.Option("--metric", help="tanimoto, dice or tversky.")]
Alpha = Annotated[
    float | None, typer.Option("--alpha", min=0, help="Tversky: weight of the query's own bits.")
]
Beta = Annotated[
    float | None, typer.Option("--beta", min=0, help="Tversky: weight of the other's own bits.")
]
Agree = Annotated[
    list[str] | None,
    typer.Option("--layer", help="For exact, a layer that must agree; repeatable [connectivity]."),
]
Stereo = Annotated[bool, typer.Option("--stereo", help="Drawn configurations must agree.")]
Smarts = Annotated[bool, typer.Option("--smarts", help="STRUCTURE is a SMARTS.")]
ReadAs = Annotated[Format, typer.Option("--format", help="How the structure is written.")]
First = Annotated[str, typer.Argument(metavar="A", help="A structure.")]
Second = Annotated[str, typer.Argument(metavar="B", help="Another.")]
Picture = Annotated[
    Path | None, typer.Option("--svg", metavar="FILE", help="Draw both, shared atoms coloured.")
]


def search(
    structure: Query,
    mode: How = Mode.SIMILAR,
    threshold: Threshold = 0.5,
    top: Top = 50,
    fingerprint: Fingerprint = "morgan",
    metric: Metric = "tanimoto",
    alpha: Alpha = None,
    beta: Beta = None,
    layer: Agree = None,
    stereo: Stereo = False,
    smarts: Smarts = False,
    format_: ReadAs = Format.AUTO,
    on: On = None,
    known_on: KnownOn = None,
    as_json: AsJson = False,
) -> None:
    """Search the register by structure: the same, alike, holding it or held by it."""
    text = sys.stdin.read() if structure == "-" else structure
    wanted = Wanted(
        text=text, format=format_, mode=mode, threshold=threshold, metric=metric, alpha=alpha,
        beta=beta, fingerprint=fingerprint, agree=tuple(layer or ("connectivity",)), stereo=stereo,
        smarts=smarts,
    )  # fmt: skip
    with opened() as (engine, now):
        dates = dates_asked(now, on, known_on)
        page = usecase.search(engine, wanted, dates, limit=top, trusted=True)
    print_json(page.answer) if as_json else _found(page.answer)


def compare(first: First, second: Second, svg: Picture = None, as_json: AsJson = False) -> None:
    """Compare two structures: the largest part they share."""
    with opened() as (engine, _):
        compared = usecase.compare(engine, Structure(first), Structure(second))
    if svg is not None:
        svg.write_text(_side_by_side(compared), encoding="utf-8")
    if as_json:
        print_json(compared)
        return
    shared = compared["shared"]
    print_facts(
        {
            "shared": f"{shared['atoms']} atoms, {shared['bonds']} bonds",
            "a": f"{compared['a']['standardised']} ({len(compared['a']['differing'])} differ)",
            "b": f"{compared['b']['standardised']} ({len(compared['b']['differing'])} differ)",
            "complete": "" if shared["complete"] else "no: stopped at its limit",
        }
    )
    print_line(compared["evidence"])


def _found(answer: dict[str, Any]) -> None:
    print_facts({key: answer[key] for key in ("standardised", "compared", "on", "known_at")})
    rows = [
        (one["id"], one["name"], _matched(one), ", ".join(n["provision"] for n in one["listings"]))
        for one in answer["items"]
    ]
    heading = ("substance", "name", "match", "named in")
    print_table(f"{len(rows)} found", heading, rows) if rows else print_line("none found")
    print_line(answer["evidence"])


def _matched(item: dict[str, Any]) -> str:
    if item["score"] is not None:
        return f"{item['score']:.3f}"
    if item["layers"]:
        return ", ".join(name for name, agrees in item["layers"].items() if agrees)
    return f"{len(item['atoms'])} atoms"


def _side_by_side(compared: dict[str, Any]) -> str:
    """Both pictures in one, each in a place of its own."""
    left, right = compared["a"]["svg"], compared["b"]["svg"].replace("<svg ", "<svg x='360' ", 1)
    size = "width='720px' height='270px' viewBox='0 0 720 270'"
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size}>\n{left}\n{right}\n</svg>\n"
