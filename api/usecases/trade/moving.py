"""What moves under a paper: consignments that cross the border, and what is said to have arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from api.usecases.trade.acts import By, Sessions
from api.usecases.trade.booking import Drawn, correct, draw, part_of
from api.usecases.trade.papers import compare, left_of
from api.usecases.trade.step import Step, act_on
from registry.store import endorsements
from registry.store.endorsements import Lines
from registry.trade_facts import Authorisation, Endorsement, Party
from rules.trade.states import Act, ActRefused
from rules.trade.units import in_unit


@dataclass(frozen=True, slots=True)
class Shipped:
    """A consignment as it crossed the border. `paper`: number of the other country's paper."""

    lines: Lines
    on: date
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the importing authority says. `tolerance`: per cent of what was shipped; no treaty
    allows any."""

    consignment: int
    lines: Lines
    on: date | None
    authority: Party
    tolerance: Decimal = Decimal(0)
    remarks: str = ""


def ship(engine: Sessions, paper: str, by: By, what: Shipped) -> dict[str, Any]:
    """A consignment crosses the border under the paper: in its period, and within what is left."""

    def shipped(step: Step) -> None:
        _in_period(step.held, what.on, by.on)
        left = _within(step, what.lines)
        row = endorsements.ship(
            step.session,
            step.held.id,
            what.lines,
            shipped_on=what.on,
            paper=what.paper,
            actor=by.actor.id,
            now=by.now,
        )
        goods = {one.line: one for one in step.held.goods}
        for line, quantity, unit in what.lines:
            part = Drawn(part_of(goods[line], quantity, unit), row.number, what.on)
            draw(step.session, step.held, part, by, last=left[line] == 0)
        step.told |= {"consignment": row.number, "lines": row.lines}

    given = {"lines": _texts(what.lines), "on": what.on.isoformat(), "paper": what.paper}
    return act_on(engine, paper, Act.SHIP, by, shipped, given=given)


def endorse(engine: Sessions, paper: str, by: By, what: Arrived) -> dict[str, Any]:
    """What arrived of a consignment. Ledgers are corrected; a difference beyond the tolerance is an
    alert in the answer and in the audit."""

    def endorsed(step: Step) -> None:
        row = endorsements.consignment(step.session, step.held.id, what.consignment)
        if what.consignment in endorsements.endorsements(step.session, step.held.id):
            raise ActRefused(f"consignment {what.consignment} is endorsed already")
        _known_lines(step.held, what.lines)
        said = Endorsement(
            step.held.id, row.number, what.on, what.lines, what.authority, what.remarks
        )
        endorsements.endorse(step.session, said, actor=by.actor.id, now=by.now)
        goods = {one.line: one for one in step.held.goods}
        came = {line: part_of(goods[line], q, unit) for line, q, unit in what.lines}
        for line, _, unit in endorsements.lines_of(row.lines):
            came.setdefault(line, part_of(goods[line], Decimal(0), unit))
        correct(step.session, step.held, row.number, came, by)
        found = compare(endorsements.lines_of(row.lines), what.lines, what.tolerance)
        step.told |= {"consignment": row.number, "agreement": found}
        step.told["mismatch"] = any(one["alert"] for one in found)

    given = {
        "consignment": what.consignment,
        "lines": _texts(what.lines),
        "on": str(what.on),
        "by": what.authority.name,
        "tolerance": format(what.tolerance, "f"),
        "remarks": what.remarks,
    }
    return act_on(engine, paper, Act.ENDORSE, by, endorsed, given=given)


def _in_period(paper: Authorisation, shipped_on: date, today: date) -> None:
    begins, ends = paper.valid_from, paper.valid_to
    if begins is None or ends is None or not begins <= shipped_on < ends:
        raise ActRefused(f"it may be used from {begins} until before {ends}, not on {shipped_on}")
    if shipped_on > today:
        raise ActRefused(f"{shipped_on} is still to come")


def _within(step: Step, lines: Lines) -> dict[int, Decimal]:
    """What is left of each line after a consignment. Raises ActRefused where that is too little."""
    shipped = step.shipped
    most = step.held.consignments
    if most is not None and len(shipped) >= most:
        raise ActRefused(f"it covers {most} consignments, and as many were shipped")
    _known_lines(step.held, lines)
    left = left_of(step.held, shipped)
    units = {goods.line: goods.unit for goods in step.held.goods}
    if not any(quantity > 0 for _, quantity, _ in lines):
        raise ActRefused("a consignment holds something")
    for line, quantity, unit in lines:
        part = in_unit(quantity, unit, units[line])
        if part is None:
            raise ActRefused(f"line {line} is counted in {units[line]}, not in {unit}")
        if part > left[line]:
            raise ActRefused(f"{left[line]} {units[line]} of line {line} are left, not {part}")
        left[line] -= part
    return left


def _known_lines(paper: Authorisation, lines: Lines) -> None:
    known = {goods.line for goods in paper.goods}
    named = [line for line, _, _ in lines]
    if len(set(named)) != len(named) or not set(named) <= known:
        raise ActRefused(f"lines {named} are not lines of the paper, each once")
    if any(not quantity.is_finite() or quantity < 0 for _, quantity, _ in lines):
        raise ActRefused("a quantity is not below zero")


def _texts(lines: Lines) -> list[list[str]]:
    return [[str(line), format(quantity, "f"), unit] for line, quantity, unit in lines]
