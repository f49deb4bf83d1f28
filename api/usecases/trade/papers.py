"""Papers drafted, amended, shown and listed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from api.access.acts import Act as Asked
from api.access.allow import Actor, allow, may
from api.access.papers import authorisation_act, of_authorisation, of_ledger
from api.usecases.trade import permission
from api.usecases.trade.acts import By, Done, Sessions, perform
from api.usecases.trade.booking import release, reserve
from api.usecases.trade.weighing import weighed
from registry.errors import InputError, NotFound
from registry.models import Consignment
from registry.store import authorisations, endorsements, ledgers, numbering
from registry.store.authorisations import Wanted, plain
from registry.store.session import reading
from registry.trade_facts import (
    Authorisation,
    AuthorisationState,
    Endorsement,
    ForeignPaper,
    Goods,
    Paper,
    Party,
    Route,
)
from rules.shipment.quantities import UNITS
from rules.trade.complete import CONVENTIONS, missing
from rules.trade.ledger import agreement, grams
from rules.trade.states import HELD, Act, ActRefused, possible, target
from rules.trade.states import Progress as HowFar
from rules.trade.units import in_unit


class PaperRefused(InputError):
    """What is drafted cannot be a paper of this register."""

    code = "paper-refused"


@dataclass(frozen=True, slots=True)
class Draft:
    """What an applicant fills in: everything but what the authority and its acts decide."""

    paper: Paper
    convention: str
    jurisdiction: str
    authority: Party
    exporter: Party
    importer: Party
    goods: tuple[Goods, ...]
    route: Route
    consignee: Party | None = None
    others: tuple[Party, ...] = ()
    purpose: str = ""
    consignments: int | None = 1
    bonded_warehouse: bool = False
    foreign: ForeignPaper = field(default_factory=ForeignPaper)
    conditions: tuple[str, ...] = ()
    remarks: str = ""

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).__slots__}


@dataclass(frozen=True, slots=True)
class Page:
    """`after` continues the list; empty at its end."""

    items: tuple[dict[str, Any], ...]
    after: str = ""


def create(engine: Sessions, draft: Draft, by: By) -> dict[str, Any]:
    """Draft a paper. Its base is worked out by the factors on record; doubts come as `notes`.

    Raises PaperRefused, BadStrength, KeyReused.
    """

    def work(session: Session) -> Done:
        first, notes = _filled(session, draft, by)
        permission.to_draft(by.actor, first)
        made = authorisations.add(
            session, first, act="create", reason="", actor=by.actor.id, now=by.now
        )
        told = {"version": 1, "paper": made.paper.value, "state": made.state.value}
        return Done(_answer(made, notes), made.id, "authorisation:created", told)

    return perform(engine, by, {"act": "create", "draft": _plain(draft)}, work)


def amend(
    engine: Sessions,
    authorisation: str,
    draft: Draft,
    by: By,
    reason: str = "",
    *,
    uncounted: str = "",
) -> dict[str, Any]:
    """Put another content in the place of the one before, as the next version.

    An issued paper keeps its number and period; what it reserves is reserved anew, as at its grant
    (`uncounted` as there). Kind, convention and jurisdiction of a paper never change. Raises NotFound, ActRefused, VersionConflict, OverLimit.
    """

    def work(session: Session) -> Done:
        held, row = permission.to_act(session, by, authorisation, Act.AMEND)
        if (draft.paper, draft.convention, draft.jurisdiction) != _kind(held):
            raise PaperRefused("kind, convention and jurisdiction of a paper never change")
        filled, notes = _filled(session, draft, by)
        kept = ("id", "version", "number", "issued_on", "valid_from", "valid_to")
        after = replace(filled, **{name: getattr(held, name) for name in kept})
        after = replace(after, state=target(row, HowFar()))
        if held.state in HELD:
            _require_reason(reason)
            require_complete(after)
            release(session, held, by, "amended")
            reserve(session, after, by, uncounted=uncounted)
        made = authorisations.next_version(
            session, after, act=Act.AMEND, reason=reason, actor=by.actor.id, now=by.now
        )
        told = {"version": made.version, "from": held.state.value, "to": made.state.value}
        return Done(_answer(made, notes), made.id, "authorisation:amended", told)

    request: dict[str, Any] = {
        "act": "amend",
        "of": authorisation,
        "draft": _plain(draft),
        "reason": reason,
    }
    request["uncounted"] = uncounted
    return perform(engine, by, request, work)


def show(
    engine: Sessions, authorisation: str, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """A paper as it stands, or at one of its versions, with consignments and what they left.

    `possible`: what its state allows and the actor may do. Raises Denied, NotFound.
    """
    with reading(engine.sessions) as session:
        found = permission.to_read(session, actor, authorisation, version)
        drafted_by = authorisations.applicant(session, authorisation)
        shipped = endorsements.consignments(session, authorisation)
        arrived = endorsements.endorsements(session, authorisation)
        reserved = ledgers.held(session, authorisation)
        standing_for = authorisations.replacement(session, authorisation)
    return plain(found) | {
        "possible": [
            act.value
            for act in possible(found.state)
            if may(actor, authorisation_act(act), of_authorisation(found, drafted_by))
        ],
        "missing": [asdict(one) for one in missing(found)],
        "consignment_list": [_consignment(one, arrived.get(one.number)) for one in shipped],
        "left": _left_shown(found, shipped),
        "reserved": [
            {"ledger": one.ledger, "line": one.line, "grams": format(grams(one.reserved), "f")}
            for one in reserved
        ],
        "replaced_by": standing_for,
    }


def fact_of(engine: Sessions, authorisation: str, actor: Actor) -> Authorisation:
    """The newest version as a frozen fact, for whoever prints it. Raises Denied, NotFound."""
    with reading(engine.sessions) as session:
        return permission.to_read(session, actor, authorisation, None)


def endorsed(
    engine: Sessions, authorisation: str, consignment: int, actor: Actor
) -> tuple[Authorisation, Endorsement]:
    """A paper and what was said of one consignment under it. Raises Denied, NotFound."""
    with reading(engine.sessions) as session:
        paper = permission.to_read(session, actor, authorisation, None)
        said = endorsements.endorsements(session, paper.id).get(consignment)
    if said is None:
        raise NotFound(f"consignment {consignment} under this authorisation is not endorsed")
    return paper, said


def by_number(engine: Sessions, number: str) -> str | None:
    """The identifier of the paper that has a number now. An empty number is nobody's."""
    if not number:
        return None
    with reading(engine.sessions) as session:
        found = authorisations.page(session, Wanted(number=number), limit=1)
    return found[0].id if found else None


def history(engine: Sessions, authorisation: str, actor: Actor) -> list[dict[str, Any]]:
    """Every version with the act that led to it. Raises Denied, NotFound."""
    with reading(engine.sessions) as session:
        permission.to_read(session, actor, authorisation, None)
        rows = authorisations.versions(session, authorisation)
    shown = ("version", "state", "act", "reason", "number", "actor")
    return [{name: getattr(row, name) for name in shown} | {"at": row.at} for row in rows]


def listed(
    engine: Sessions, wanted: Wanted, actor: Actor, *, after: str = "", limit: int = 50
) -> Page:
    """Papers the actor may read, in order of identifier, page by page."""
    with reading(engine.sessions) as session:
        seen = permission.readable(session, actor, wanted, after=after)
        rows = list(islice(seen, limit + 1))
    items = tuple(plain(row) for row in rows[:limit])
    return Page(items, items[-1]["id"] if len(rows) > limit else "")


def numbers(
    engine: Sessions,
    authority: str,
    kind: Paper,
    year: int,
    actor: Actor,
    *,
    after: int = 0,
    limit: int = 50,
) -> Page:
    """Numbers of a series in order, each with the state of its paper: cancelled ones stay.

    Raises Denied for whoever may not read what the ledgers of that country hold.
    """
    allow(actor, Asked.LEDGER_READ, of_ledger("", authority))
    with reading(engine.sessions) as session:
        rows = numbering.taken(session, authority, kind.value, year, after=after, limit=limit + 1)
        states = authorisations.states(session, [row.subject for row in rows])
        items = tuple(
            {
                "number": row.number,
                "text": row.text,
                "authorisation": row.subject,
                "state": states[row.subject].value,
                "taken_at": row.at,
            }
            for row in rows[:limit]
        )
    return Page(items, str(items[-1]["number"]) if len(rows) > limit else "")


def left_of(paper: Authorisation, shipped: list[Consignment]) -> dict[int, Decimal]:
    """What of each line was not shipped yet, in the unit of the line."""
    left = {goods.line: goods.quantity for goods in paper.goods}
    units = {goods.line: goods.unit for goods in paper.goods}
    for consignment in shipped:
        for line, quantity, unit in endorsements.lines_of(consignment.lines):
            left[line] -= in_unit(quantity, unit, units[line]) or Decimal(0)
    return left


def require_complete(paper: Authorisation) -> None:
    """Raises PaperRefused with everything the paper lacks, each with its article."""
    lacks = missing(paper)
    if lacks:
        raise PaperRefused("; ".join(f"{one.what} is missing ({one.cite})" for one in lacks))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ActRefused("this act needs a reason")


def _filled(session: Session, draft: Draft, by: By) -> tuple[Authorisation, tuple[str, ...]]:
    _check(draft)
    goods, notes = weighed(session, draft.goods, by.now)
    fields = draft.fields() | {"goods": goods}
    return Authorisation(id="", version=0, state=AuthorisationState.DRAFT, **fields), notes


def _check(draft: Draft) -> None:
    if draft.convention not in CONVENTIONS:
        raise PaperRefused(f"`{draft.convention}` is none of {', '.join(CONVENTIONS)}")
    lines = [goods.line for goods in draft.goods]
    if lines != list(range(1, len(lines) + 1)):
        raise PaperRefused("lines are numbered 1, 2, 3 …")
    for goods in draft.goods:
        if goods.unit not in UNITS:
            raise PaperRefused(f"unknown unit `{goods.unit}`; known are {', '.join(UNITS)}")
        if not goods.quantity.is_finite() or goods.quantity < 0:
            raise PaperRefused(f"`{goods.quantity}` is not a quantity")
    if draft.consignments is not None and draft.consignments < 1:
        raise PaperRefused("a paper covers at least one consignment")


def _kind(paper: Authorisation) -> tuple[Paper, str, str]:
    return paper.paper, paper.convention, paper.jurisdiction


def _plain(draft: Draft) -> dict[str, Any]:
    full = Authorisation(id="", version=0, state=AuthorisationState.DRAFT, **draft.fields())
    return plain(full)


def _answer(made: Authorisation, notes: tuple[str, ...]) -> dict[str, Any]:
    return plain(made) | {"notes": list(notes)}


def _left_shown(paper: Authorisation, shipped: list[Consignment]) -> list[dict[str, Any]]:
    units = {goods.line: goods.unit for goods in paper.goods}
    return [
        {"line": line, "quantity": format(quantity, "f"), "unit": units[line]}
        for line, quantity in left_of(paper, shipped).items()
    ]


def _consignment(row: Consignment, said: Endorsement | None) -> dict[str, Any]:
    shipped = endorsements.lines_of(row.lines)
    return {
        "number": row.number,
        "shipped_on": row.shipped_on.isoformat(),
        "paper": row.paper,
        "lines": [_line(*line) for line in shipped],
        "arrived_on": _day(said.arrived_on) if said else None,
        "arrived": [_line(*line) for line in said.arrived] if said else None,
        "agreement": compare(shipped, said.arrived, Decimal(0)) if said else [],
    }


def compare(
    shipped: endorsements.Lines, arrived: endorsements.Lines, tolerance: Decimal
) -> list[dict[str, Any]]:
    """What arrived against what was shipped, by line, in the unit shipped.

    A line that is not endorsed arrived with nothing. One in a unit of another kind cannot be
    compared, which is an alert too.
    """
    came = {line: (quantity, unit) for line, quantity, unit in arrived}
    found = []
    for line, quantity, unit in shipped:
        stated, stated_unit = came.get(line, (Decimal(0), unit))
        known = in_unit(stated, stated_unit, unit)
        one = agreement(quantity, known if known is not None else Decimal(0), tolerance)
        found.append(
            {
                "line": line,
                "unit": unit,
                "shipped": format(quantity, "f"),
                "arrived": None if known is None else format(known, "f"),
                "percent": None if known is None or one.percent is None else str(one.percent),
                "alert": known is None or one.alert,
            }
        )
    return found


def _line(line: int, quantity: Decimal, unit: str) -> dict[str, Any]:
    return {"line": line, "quantity": format(quantity, "f"), "unit": unit}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
