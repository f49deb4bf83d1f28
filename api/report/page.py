"""A simulation as a report to read and to print: one template for browser, file and PDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.documents.pdf import STYLESHEET, printed
from api.report import table
from api.report.chart import EFFECTS
from registry.chem.worker import WorkerPool
from rules.simulate.effect import REACHED, Effect

HERE = Path(__file__).parent
SECONDS = 120.0
SERVED = "/static/document.css"
MOST = 500  # rows of one table; the file of rows has them all
CAUGHT = (*REACHED, Effect.RELEASED, Effect.NOT_JUDGED)

Shown = Mapping[str, Any]

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(simulation: Shown, *, stylesheet: str = "") -> str:
    """The report as a page. It carries its style, or names the address of one (`SERVED`)."""
    style = "" if stylesheet else STYLESHEET.read_text(encoding="utf-8")
    return _rendered(simulation, stylesheet, style)


def pdf(simulation: Shown, workers: WorkerPool) -> bytes:
    """The report as PDF, the same bytes for the same simulation.

    Raises MissingLibrary or PangoMissing where printing is not installed, Unprintable where a text
    has characters that the fonts do not have, and Overrun where printing was stopped.
    """
    return workers.call(printed, _rendered(simulation, "", ""), b"", "", deadline=SECONDS)


def _rendered(simulation: Shown, stylesheet: str, style: str) -> str:
    options = {option["draft"]: option for option in simulation["options"]}
    return _templates.get_template("simulation.html").render(
        s=simulation,
        options=options,
        effects=list(EFFECTS),
        totals=_totals(simulation),
        cited=list(_cited(simulation)),
        differences=table.differences(simulation),
        told=lambda option, collateral: _told(simulation, option, collateral=collateral),
        most=MOST,
        stylesheet=stylesheet,
        style=style,
    )


def _totals(simulation: Shown) -> dict[tuple[str, str], Shown]:
    return {(one["option"], one["library"]): one for one in simulation["effects"]}


def _told(simulation: Shown, option: str, *, collateral: bool) -> list[tuple[Shown, Shown]]:
    """The members that an option catches, leaves open or releases, in lawful use or not."""
    return [
        (row, row["told"][option])
        for row in simulation["rows"]
        if row["collateral"] is collateral
        and option in row["told"]
        and row["told"][option]["effect"] in CAUGHT
    ]


def _cited(simulation: Shown) -> Iterable[tuple[str, str, str]]:
    """The provisions that govern in some row, each with the title and address of its text."""
    found = {
        (one["provision"], one["cite"]["title"], one["cite"].get("href", ""))
        for row in simulation["rows"]
        for told in row["told"].values()
        for part in ("before_by", "after_by")
        for one in told.get(part, ())
        if one.get("cite")
    }
    return sorted(found)
