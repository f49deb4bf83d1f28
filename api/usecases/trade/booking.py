"""What a paper does to ledgers: reserve at grant, draw down at shipment, correct, release.

A paper counts on the ledger of the country the goods go to, as the paper's own authority keeps it:
an importing authority its own figure, an exporting one what it knows of its partner's (1961 article
31 (1) (b)). National quotas for the country or the firm count beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from api.usecases.trade.acts import By
from api.usecases.trade.weighing import shipped_base, substance_key
from registry.errors import InputError
from registry.models import EntryKind, Ledger, LedgerKind
from registry.store import ledgers
from registry.store.ledgers import About, Key, Move
from registry.trade_facts import Authorisation, Goods, Paper
from rules.trade.ledger import micrograms

FIGURES = {
    "1961": LedgerKind.ESTIMATE,
    "1971": LedgerKind.ASSESSMENT,
    "1988": LedgerKind.REQUIREMENT,
}
COUNTED = (Paper.IMPORT, Paper.EXPORT, Paper.EXPORT_DECLARATION, Paper.SPECIAL_IMPORT_LICENCE)


class FigureUnknown(InputError):
    """A figure that binds is not held, or the base that counts against it is not known."""

    code = "figure-unknown"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line of a consignment, as a part of the line of the paper."""

    goods: Goods
    consignment: int
    on: date


def reserve(session: Session, paper: Authorisation, by: By, *, uncounted: str = "") -> list[str]:
    """Book what is granted, on every ledger that counts it; the identifiers of these.

    `uncounted` says why no estimate is needed (poppy straw, a preparation of 1961 Schedule III);
    without it, an estimate that is not held refuses the grant. Raises OverLimit, FigureUnknown.
    """
    planned = [
        (ledger, goods)
        for goods in paper.goods
        for ledger in counting(session, paper, goods, by.on.year, by, uncounted=bool(uncounted))
    ]
    ledgers.lock(session, (ledger.id for ledger, _ in planned))
    for ledger, goods in planned:
        mass = micrograms(_base(goods, goods.base))
        about = _about(paper, goods, reason=f"granted: {paper.paper}")
        move = Move(EntryKind.RESERVATION, reserved=mass)
        ledgers.move(session, ledger.id, move, about, actor=by.actor.id, now=by.now)
    return sorted({ledger.id for ledger, _ in planned})


def release(session: Session, paper: Authorisation, by: By, reason: str) -> int:
    """Give back what is reserved and was not shipped; micrograms in all."""
    kept = ledgers.held(session, paper.id)
    ledgers.lock(session, (one.ledger for one in kept))
    for one in kept:
        about = About(paper.id, one.line, reason=reason)
        move = Move(EntryKind.RELEASE, reserved=-one.reserved)
        ledgers.move(session, one.ledger, move, about, actor=by.actor.id, now=by.now)
    return sum(one.reserved for one in kept)


def draw(session: Session, paper: Authorisation, part: Drawn, by: By, *, last: bool) -> None:
    """Book what is shipped of one line, out of what was reserved for it; `last` takes the rest.

    Shipped in another year than the ledger's, it is moved to that year's ledger first: what counts
    is the year of import (1961 article 21 (1)).
    """
    kept = [one for one in ledgers.held(session, paper.id) if one.line == part.goods.line]
    if not kept:
        return
    needed = micrograms(_base(part.goods, shipped_base(part.goods).grams))
    for one in kept:
        mass = one.reserved if last else min(needed, one.reserved)
        ledger = _of_year(session, ledgers.get(session, one.ledger), part, paper, mass, by)
        if ledger is not None:
            reason = f"shipped {part.on.isoformat()}"
            about = _about(paper, part.goods, reason=reason, consignment=part.consignment)
            move = Move(EntryKind.DRAWDOWN, reserved=-mass, used=mass)
            ledgers.move(session, ledger, move, about, actor=by.actor.id, now=by.now)


def correct(
    session: Session, paper: Authorisation, consignment: int, arrived: dict[int, Goods], by: By
) -> None:
    """Book what arrived instead of what was shipped, line by line, also over a limit: it is a fact."""
    for entry in ledgers.drawn(session, paper.id, consignment):
        goods = arrived.get(entry.line or 0)
        if goods is None or (goods.quantity == entry.quantity and goods.unit == entry.unit):
            continue
        change = micrograms(_base(goods, shipped_base(goods).grams)) - entry.used_change
        if change:
            about = _about(paper, goods, reason="endorsed", consignment=consignment)
            move = Move(EntryKind.CORRECTION, used=change)
            ledgers.move(session, entry.ledger, move, about, actor=by.actor.id, now=by.now)


def counting(
    session: Session, paper: Authorisation, goods: Goods, year: int, by: By, *, uncounted: bool
) -> Iterator[Ledger]:
    """The ledgers on which a line counts. Raises FigureUnknown where an estimate is not held."""
    if paper.paper not in COUNTED:
        return
    substance = substance_key(session, goods.substance, goods.cas, by.now)
    figure = FIGURES[paper.convention]
    if not uncounted:
        key = Key(paper.jurisdiction, paper.route.destination, substance, year, figure)
        ledger = ledgers.find(session, key)
        if ledger is not None:
            yield ledger
        elif figure is LedgerKind.ESTIMATE:
            raise FigureUnknown(
                f"no estimate of {paper.route.destination} for `{goods.substance}` in {year} is held"
            )
    own = paper.exporter if paper.paper in (Paper.EXPORT, Paper.EXPORT_DECLARATION) else None
    licence = (own or paper.importer).licence
    for holder in dict.fromkeys(("", licence)):
        at_home = paper.jurisdiction
        quota = Key(at_home, at_home, substance, year, LedgerKind.QUOTA, holder)
        if (ledger := ledgers.find(session, quota)) is not None:
            yield ledger


def _of_year(
    session: Session, ledger: Ledger, part: Drawn, paper: Authorisation, mass: int, by: By
) -> str | None:
    """The ledger of the year of shipment, with the mass reserved on it. None: there is none, and
    no treaty asks for one; what was reserved on the other is then given back."""
    if ledger.year == part.on.year:
        return ledger.id
    key = Key(
        ledger.keeper,
        ledger.country,
        ledger.substance,
        part.on.year,
        LedgerKind(ledger.kind),
        ledger.holder,
    )
    other = ledgers.find(session, key)
    if other is None and ledger.kind == LedgerKind.ESTIMATE:
        raise FigureUnknown(f"no estimate of {key.country} in {key.year} is held")
    about = _about(paper, part.goods, reason=f"counts in {part.on.year}")
    moves = [(ledger.id, Move(EntryKind.RELEASE, reserved=-mass))]
    if other is not None:
        moves.append((other.id, Move(EntryKind.RESERVATION, reserved=mass)))
    for where, move in moves:
        ledgers.move(session, where, move, about, actor=by.actor.id, now=by.now)
    return other.id if other is not None else None


def _base(goods: Goods, grams: Decimal | None) -> Decimal:
    if grams is None:
        raise FigureUnknown(
            f"how much base is in line {goods.line} is not known: give its factor and source"
        )
    return grams


def _about(
    paper: Authorisation, goods: Goods, *, reason: str, consignment: int | None = None
) -> About:
    return About(
        authorisation=paper.id,
        line=goods.line,
        consignment=consignment,
        quantity=goods.quantity,
        unit=goods.unit,
        factor=goods.factor,
        factor_source=goods.factor_source,
        reason=reason,
    )


def part_of(goods: Goods, quantity: Decimal, unit: str) -> Goods:
    """A part of a line: the same form with another quantity."""
    return replace(goods, quantity=quantity, unit=unit)
