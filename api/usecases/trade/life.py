"""The life of a paper after it was drafted: one act, one transaction, one version, one audit event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.usecases.trade.acts import By, Sessions
from api.usecases.trade.booking import part_of, release, reserve
from api.usecases.trade.papers import left_of, require_complete
from api.usecases.trade.step import Step, act_on
from api.usecases.trade.weighing import shipped_base
from registry.store import authorisations, numbering
from registry.store.numbering import Series
from registry.trade_facts import Authorisation, AuthorisationState, Paper
from rules.trade.states import Act, ActRefused
from rules.trade.validity import Bound, validity

PREFIX = {
    Paper.IMPORT: "IA",
    Paper.EXPORT: "EA",
    Paper.EXPORT_DECLARATION: "ED",
    Paper.SPECIAL_IMPORT_LICENCE: "SL",
    Paper.TRANSIT: "TP",
    Paper.WITHDRAWAL: "WP",
}


@dataclass(frozen=True, slots=True)
class Period:
    """What the authority says of the period when it issues a paper. `bounds`: what ends it besides
    the other country's paper; the term of the own law is one of them."""

    starts: date
    bounds: tuple[Bound, ...]


def submit(engine: Sessions, paper: str, by: By) -> dict[str, Any]:
    """Apply. Raises PaperRefused with everything that is missing."""
    return act_on(engine, paper, Act.SUBMIT, by, _complete)


def ask_information(engine: Sessions, paper: str, by: By, reason: str) -> dict[str, Any]:
    """Ask the applicant for something; `reason` says for what."""
    return act_on(engine, paper, Act.ASK_INFORMATION, by, reason=reason)


def withdraw(engine: Sessions, paper: str, by: By, reason: str = "") -> dict[str, Any]:
    """The applicant no longer wants it."""
    return act_on(engine, paper, Act.WITHDRAW, by, reason=reason)


def grant(engine: Sessions, paper: str, by: By, *, uncounted: str = "") -> dict[str, Any]:
    """Grant, and reserve what is granted. `uncounted`: why no estimate counts it.

    Raises OverLimit, FigureUnknown.
    """

    def reserved(step: Step) -> None:
        step.told["ledgers"] = reserve(step.session, step.held, step.by, uncounted=uncounted)
        if uncounted:
            step.told["uncounted"] = uncounted

    return act_on(engine, paper, Act.GRANT, by, reserved, reason=uncounted)


def refuse(engine: Sessions, paper: str, by: By, reason: str) -> dict[str, Any]:
    """Refuse, with the reason the applicant is told."""
    return act_on(engine, paper, Act.REFUSE, by, reason=reason)


def issue(engine: Sessions, paper: str, by: By, period: Period) -> dict[str, Any]:
    """Issue with the next number of its series and the period that its bounds allow.

    Raises ActRefused where a bound is not known, none is given, or it ends before it begins.
    """

    def issued(step: Step) -> None:
        start, end, decided = _period(step.held, period)
        series = Series(
            step.held.jurisdiction, step.held.paper.value, by.on.year, PREFIX[step.held.paper]
        )
        number = numbering.take(step.session, series, subject=step.held.id, now=by.now)
        step.changes |= {"number": number, "issued_on": by.on, "valid_from": start}
        step.changes["valid_to"] = end
        step.told |= {"number": number, "valid_to": end.isoformat(), "decided_by": decided}

    given = {
        "starts": period.starts.isoformat(),
        "bounds": [[str(one.end), one.rule] for one in period.bounds],
    }
    return act_on(engine, paper, Act.ISSUE, by, issued, given=given)


def close(engine: Sessions, paper: str, by: By, reason: str = "") -> dict[str, Any]:
    """Nothing more happens under the paper; what was not used is released."""
    return act_on(engine, paper, Act.CLOSE, by, reason=reason)


def suspend(engine: Sessions, paper: str, by: By, reason: str) -> dict[str, Any]:
    """It may not be used until it is resumed. What it reserves stays reserved."""
    return act_on(engine, paper, Act.SUSPEND, by, reason=reason)


def resume(engine: Sessions, paper: str, by: By, reason: str) -> dict[str, Any]:
    """It stands again where it stood before it was suspended."""
    return act_on(engine, paper, Act.RESUME, by, reason=reason)


def cancel(engine: Sessions, paper: str, by: By, reason: str) -> dict[str, Any]:
    """Take it back. Its number stays used; what was not shipped is released."""
    return act_on(engine, paper, Act.CANCEL, by, reason=reason)


def expire(engine: Sessions, paper: str, by: By) -> dict[str, Any]:
    """Its period is over; what was not shipped is released."""

    def over(step: Step) -> None:
        if step.held.valid_to is None or by.on < step.held.valid_to:
            raise ActRefused(f"its period is not over on {by.on}")

    return act_on(engine, paper, Act.EXPIRE, by, over)


def declare_lost(engine: Sessions, paper: str, by: By, reason: str) -> dict[str, Any]:
    """The paper itself is lost: it may not be used, and may be replaced."""
    return act_on(engine, paper, Act.DECLARE_LOST, by, reason=reason)


def replace_lost(engine: Sessions, paper: str, by: By, reason: str) -> dict[str, Any]:
    """Cancel a lost paper and grant another in its place for what is left, still to be issued."""

    def replaced(step: Step) -> None:
        release(step.session, step.held, by, "replaced")
        made = authorisations.add(
            step.session,
            _rest(step),
            act="replace",
            reason=f"stands for {step.held.number}, lost",
            actor=by.actor.id,
            now=by.now,
            replaces=step.held.id,
        )
        reserve(step.session, made, by)
        step.told["replaced_by"] = made.id

    return act_on(engine, paper, Act.REPLACE, by, replaced, reason=reason)


def _complete(step: Step) -> None:
    require_complete(step.held)


def _period(paper: Authorisation, period: Period) -> tuple[date, date, list[str]]:
    """The first day of use, the first day of no use, and which rules decided."""
    bounds = list(period.bounds)
    if paper.foreign.number:
        bounds.append(Bound(paper.foreign.valid_to, "the other country's paper"))
    found = validity(period.starts, bounds)
    unknown = ", ".join(one.rule for one in bounds if one.end is None)
    if found.end is None or not found.certain:
        why = f"the end of {unknown} is not known" if unknown else "nothing says when it ends"
        raise ActRefused(f"the period is not determined: {why}")
    if found.empty:
        rules = ", ".join(one.rule for one in found.decided_by)
        raise ActRefused(f"it would end on {found.end} before it begins: {rules}")
    return found.start, found.end, [one.rule for one in found.decided_by]


def _rest(step: Step) -> Authorisation:
    """A paper for what is left of a lost one: granted, and without a number yet."""
    shipped, held = step.shipped, step.held
    left = left_of(held, shipped)
    goods = [part_of(one, left[one.line], one.unit) for one in held.goods if left[one.line] > 0]
    most = None if held.consignments is None else held.consignments - len(shipped)
    if not goods or most == 0:
        raise ActRefused("nothing is left to replace")
    numbered = tuple(
        replace(one, line=number, base=shipped_base(one).grams)
        for number, one in enumerate(goods, 1)
    )
    return replace(
        held,
        id="",
        version=0,
        state=AuthorisationState.GRANTED,
        number="",
        issued_on=None,
        valid_from=None,
        valid_to=None,
        goods=numbered,
        consignments=most,
    )
