"""Ledgers opened, moved by hand, asked what is left, and what would be."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from api.access.allow import Actor
from api.usecases.trade import permission
from api.usecases.trade.acts import By, Done, Sessions, perform, require_version
from api.usecases.trade.papers import Page
from api.usecases.trade.weighing import factor_of, substance_key
from registry.errors import InputError
from registry.models import EntryKind, Ledger, LedgerEntry, LedgerKind
from registry.store import ledgers
from registry.store.ledgers import About, Key, Move, Whole
from registry.store.session import reading
from registry.trade_facts import Goods
from rules.trade.ledger import Sums, forecast, grams, micrograms, what_if
from rules.trade.units import base_of

BY_HAND = (EntryKind.LIMIT, EntryKind.SUPPLEMENT, EntryKind.OUTSIDE)


class EntryRefused(InputError):
    """An entry that cannot be made by hand, or lacks what it needs."""

    code = "entry-refused"


@dataclass(frozen=True, slots=True)
class Figure:
    """A mass of base in grams, or goods whose base is worked out; with reason and source.

    `goods` counts only where `grams` is None.
    """

    grams: Decimal | None = None
    goods: Goods | None = None
    reason: str = ""
    source: str = ""

    def plain(self) -> dict[str, Any]:
        goods = self.goods
        return {
            "grams": None if self.grams is None else format(self.grams, "f"),
            "goods": None if goods is None else {k: str(v) for k, v in asdict(goods).items()},
            "reason": self.reason,
            "source": self.source,
        }


def open_ledger(engine: Sessions, key: Key, limit: Figure, by: By) -> dict[str, Any]:
    """Open the ledger of a country, substance and year with its limit. Raises LedgerExists."""

    def work(session: Session) -> Done:
        substance = substance_key(session, key.substance, "", by.now)
        known = Key(key.keeper, key.country, substance, key.year, key.kind, key.holder)
        permission.to_open(by.actor, known)
        _require(limit)
        row = ledgers.open_(session, known, actor=by.actor.id, now=by.now)
        entry = _enter(session, row, EntryKind.LIMIT, limit, by)
        return Done(_shown(row, entry, by.on), row.id, "ledger:opened", _told(entry))

    request = {"act": "open", "key": asdict(key) | {"kind": key.kind.value}}
    return perform(engine, by, request | {"limit": limit.plain()}, work)


def enter(engine: Sessions, ledger: str, kind: EntryKind, figure: Figure, by: By) -> dict[str, Any]:
    """Enter by hand a limit set anew, a supplement, or trade outside this register.

    A mass below zero takes back what was entered before. Nothing is refused for being over the
    limit: these are facts. Raises NotFound, VersionConflict, EntryRefused.
    """

    def work(session: Session) -> Done:
        if kind not in BY_HAND:
            raise EntryRefused(f"`{kind}` is entered by acts on papers, not by hand")
        row = permission.to_enter(session, by.actor, ledger, kind)
        require_version(by, ledgers.last_number(session, ledger))
        _require(figure)
        entry = _enter(session, row, kind, figure, by)
        return Done(_shown(row, entry, by.on), ledger, "ledger:entered", _told(entry))

    request = {"act": "enter", "of": ledger, "kind": kind.value, "figure": figure.plain()}
    return perform(engine, by, request, work)


def show(engine: Sessions, ledger: str, actor: Actor, on: date) -> dict[str, Any]:
    """How a ledger stands, and when it would run out at the rate so far. Raises Denied, NotFound."""
    with reading(engine.sessions) as session:
        row = permission.to_read_ledger(session, actor, ledger)
        entries = ledgers.last_entry(session, ledger)
        return _shown(row, entries, on)


def listed(
    engine: Sessions,
    wanted: dict[str, Any],
    actor: Actor,
    on: date,
    *,
    after: str = "",
    limit: int = 50,
) -> Page:
    """Ledgers the actor may read, in order of identifier, page by page, each as it stands."""
    with reading(engine.sessions) as session:
        seen = permission.readable_ledgers(session, actor, wanted, after=after)
        rows = list(islice(seen, limit + 1))
        items = tuple(_shown(row, ledgers.last_entry(session, row.id), on) for row in rows[:limit])
    return Page(items, items[-1]["id"] if len(rows) > limit else "")


def entries(
    engine: Sessions, ledger: str, actor: Actor, *, after: int = 0, limit: int = 50
) -> Page:
    """Entries in the order of writing, each with the sums after it. Raises Denied, NotFound."""
    with reading(engine.sessions) as session:
        permission.to_read_ledger(session, actor, ledger)
        rows = ledgers.entries(session, ledger, after=after, limit=limit + 1)
    items = tuple(_entry(row) for row in rows[:limit])
    return Page(items, str(items[-1]["number"]) if len(rows) > limit else "")


def if_granted(engine: Sessions, ledger: str, figure: Figure, by: By) -> dict[str, Any]:
    """Whether a further mass would fit and what would be left. Nothing is reserved."""
    with reading(engine.sessions) as session:
        row = permission.to_read_ledger(session, by.actor, ledger)
        sums = _sums(ledgers.sums(session, row.id))
        base, about, why = _mass(session, row, figure, by)
        answer = what_if(sums, base)
    return {
        "ledger": ledger,
        "fits": answer.fits,
        "left": _text(answer.left),
        "base": _text(base),
        "factor": _text(about.factor),
        "factor_source": about.factor_source,
        "why": why,
    }


def _enter(session: Session, row: Ledger, kind: EntryKind, figure: Figure, by: By) -> LedgerEntry:
    base, about, why = _mass(session, row, figure, by)
    if base is None:
        raise EntryRefused(f"how much base that is, is not known: {why}")
    before = ledgers.sums(session, row.id)
    move = _move(kind, base, before)
    if before.limit + move.limit < 0:
        raise EntryRefused("a limit cannot be below zero")
    if move.used < 0 and ledgers.outside(session, row.id) + move.used < 0:
        raise EntryRefused("more cannot be taken back than was entered as trade outside")
    return ledgers.move(session, row.id, move, about, actor=by.actor.id, now=by.now)


def _move(kind: EntryKind, base: Decimal, before: Whole) -> Move:
    """A limit is rounded down, what counts against it up."""
    sign = -1 if base < 0 else 1
    if kind is EntryKind.OUTSIDE:
        return Move(kind, used=sign * micrograms(abs(base), up=sign > 0))
    whole = sign * micrograms(abs(base), up=sign < 0)
    return Move(kind, limit=whole - before.limit if kind is EntryKind.LIMIT else whole)


def _mass(
    session: Session, row: Ledger, figure: Figure, by: By
) -> tuple[Decimal | None, About, str]:
    """Grams of base, what the entry says of them, and why they are not known."""
    said = About(reason=figure.reason, source=figure.source)
    if figure.grams is not None:
        return figure.grams, said, ""
    if figure.goods is None:
        return None, said, "neither grams of base nor goods are given"
    goods = figure.goods
    if substance_key(session, goods.substance, goods.cas, by.now) != row.substance:
        raise EntryRefused(f"`{goods.substance}` is not `{row.substance}`, which the ledger counts")
    factor, _ = factor_of(session, goods, by.now)
    base = base_of(goods, factor)
    used = base.factor
    about = replace(
        said,
        quantity=goods.quantity,
        unit=goods.unit,
        factor=used.percent if used else None,
        factor_source=used.source if used else "",
    )
    return base.grams, about, base.why


def _require(figure: Figure) -> None:
    if not figure.reason.strip() or not figure.source.strip():
        raise EntryRefused("an entry by hand needs a reason and a source")


def _sums(whole: Whole) -> Sums:
    return Sums(grams(whole.limit), grams(whole.reserved), grams(whole.used))


def _shown(row: Ledger, last: LedgerEntry | None, on: date) -> dict[str, Any]:
    whole = (
        Whole() if last is None else Whole(last.limit_after, last.reserved_after, last.used_after)
    )
    sums = _sums(whole)
    ahead = forecast(sums, row.year, on)
    named = ("id", "keeper", "country", "substance", "year", "kind", "holder")
    return {name: getattr(row, name) for name in named} | {
        "version": 0 if last is None else last.number,
        "unit": "g of anhydrous base",
        "limit": _text(sums.limit),
        "reserved": _text(sums.reserved),
        "used": _text(sums.used),
        "headroom": _text(sums.headroom),
        "exceeded": sums.headroom < 0,
        "forecast": {
            "on": on.isoformat(),
            "per_day": _text(ahead.per_day),
            "breach_on": ahead.breach_on.isoformat() if ahead.breach_on else None,
            "why": ahead.why,
            "method": ahead.method,
        },
    }


def _entry(row: LedgerEntry) -> dict[str, Any]:
    about = ("authorisation", "line", "consignment", "unit", "factor_source", "reason", "source")
    own = ("number", "kind", *about, "actor")
    sums = {
        f"{name}_{when}": _text(grams(getattr(row, f"{name}_{when}")))
        for name in ("limit", "reserved", "used")
        for when in ("change", "after")
    }
    figures = {"quantity": _text(row.quantity), "factor": _text(row.factor)}
    return {name: getattr(row, name) for name in own} | sums | figures | {"at": row.at}


def _told(entry: LedgerEntry) -> dict[str, Any]:
    shown = _entry(entry)
    shown.pop("at")
    shown.pop("actor")
    return shown


def _text(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def kind_of(word: str) -> LedgerKind:
    """The kind of ledger of a word. Raises EntryRefused."""
    try:
        return LedgerKind(word)
    except ValueError:
        raise EntryRefused(f"`{word}` is none of {', '.join(LedgerKind)}") from None
