"""What granting a paper would leave of the figures it counts on. Nothing is reserved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from api.access.acts import Act
from api.access.allow import may
from api.access.papers import of_ledger
from api.usecases.trade import permission
from api.usecases.trade.acts import By, Sessions
from api.usecases.trade.booking import FigureUnknown, counting
from registry.store import ledgers
from registry.store.session import reading
from registry.trade_facts import Authorisation, AuthorisationState, Goods
from rules.trade.ledger import grams

ASKED = (AuthorisationState.SUBMITTED, AuthorisationState.INFORMATION_REQUESTED)


def if_granted(engine: Sessions, paper: str, by: By) -> list[dict[str, Any]]:
    """Of each line and each figure it would count on: what is left now, and what would be left.

    Empty for a paper that is not applied for, and for whoever may not read the figures. Lines of
    one substance are each looked at alone. Raises Denied.
    """
    with reading(engine.sessions) as session:
        held = permission.to_read(session, by.actor, paper, None)
        keeper = of_ledger("", held.jurisdiction)
        if held.state not in ASKED or not may(by.actor, Act.LEDGER_READ, keeper):
            return []
        return [row for goods in held.goods for row in _of_line(session, held, goods, by)]


def _of_line(
    session: Session, paper: Authorisation, goods: Goods, by: By
) -> Iterator[dict[str, Any]]:
    told = {"line": goods.line, "substance": goods.substance, "base": _text(goods.base)}
    try:
        found = list(counting(session, paper, goods, by.on.year, by, uncounted=False))
    except FigureUnknown as unknown:
        yield told | {"ledger": "", "kind": "", "now": None, "then": None, "why": unknown.message}
        return
    for ledger in found:
        sums = ledgers.sums(session, ledger.id)
        left = grams(sums.limit - sums.reserved - sums.used)
        then = None if goods.base is None else left - goods.base
        why = "" if then is not None else "how much base it is, is not known"
        of_it = {"ledger": ledger.id, "kind": ledger.kind, "why": why}
        yield told | of_it | {"now": _text(left), "then": _text(then)}


def _text(value: Any) -> str | None:
    return None if value is None else format(value.normalize(), "f")
