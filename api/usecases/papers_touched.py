"""Which papers in force name goods that a draft would newly catch: what it would cost the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from api.access.acts import Act
from api.access.allow import Actor
from api.access.table import reach
from api.engine import Engine
from api.usecases.trade.permission import readable
from api.usecases.trade.weighing import substance_key
from registry.spelling import fold
from registry.store.authorisations import Wanted
from registry.store.session import reading
from registry.trade_facts import Authorisation, AuthorisationState, Goods
from rules.simulate.effect import REACHED

IN_FORCE = (
    AuthorisationState.ISSUED,
    AuthorisationState.AMENDED,
    AuthorisationState.PARTLY_USED,
    AuthorisationState.IN_TRANSIT,
)
MOST = 1000
NO_PERMISSION = "whoever asks may read no authorisations"

Options = Mapping[str, set[str]]


def papers_touched(
    engine: Engine, simulation: Mapping[str, Any], actor: Actor, now: datetime
) -> dict[str, Any]:
    """The authorisations in force today, of those the actor may read, with a line of goods that an
    option newly catches or leaves open.

    Goods are known by their identifier in the register or by name, so only what stands in the
    libraries of the simulation is found.
    """
    if not reach(actor.role, Act.AUTHORISATION_READ):
        return _told(why_not_asked=NO_PERMISSION)
    caught = _caught(simulation)
    touched: list[dict[str, Any]] = []
    if caught:
        with reading(engine.sessions) as session:
            touched = list(islice(_touched(session, caught, actor, now), MOST + 1))
    return _told(touched[:MOST], incomplete=_incomplete(simulation, len(touched)))


def _told(
    touched: Sequence[dict[str, Any]] = (), *, why_not_asked: str = "", incomplete: str = ""
) -> dict[str, Any]:
    return {
        "asked": not why_not_asked,
        "why_not_asked": why_not_asked,
        "incomplete": incomplete,
        "authorisations": list(touched),
    }


def _incomplete(simulation: Mapping[str, Any], found: int) -> str:
    """Why there may be more authorisations than are told; empty where there are none."""
    if found > MOST:
        return f"there are more than {MOST}"
    left_out = simulation["rows_left_out"]
    return f"goods were not looked for by {left_out} rows that were not kept" if left_out else ""


def _caught(simulation: Mapping[str, Any]) -> Options:
    """By identifier and by folded name, the options under which a member is newly caught."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in simulation["rows"]:
        options = {slug for slug, told in row["told"].items() if told["effect"] in REACHED}
        if options:
            found[row["key"]] |= options
            found[fold(row["name"])] |= options
    return found


def _touched(
    session: Session, caught: Options, actor: Actor, now: datetime
) -> Iterator[dict[str, Any]]:
    wanted = Wanted(states=[state.value for state in IN_FORCE])
    for paper in readable(session, actor, wanted, after=""):
        goods = [_line(one, options) for one in paper.goods
                 if (options := _options(session, one, caught, now))]  # fmt: skip
        if goods and _in_force(paper, now.date()):
            yield _shown(paper, goods)


def _options(session: Session, goods: Goods, caught: Options, now: datetime) -> list[str]:
    key = substance_key(session, goods.substance, goods.cas, now)
    return sorted({*caught.get(key, ()), *caught.get(fold(goods.substance), ())})


def _line(goods: Goods, options: list[str]) -> dict[str, Any]:
    return {"line": goods.line, "substance": goods.substance, "options": options}


def _in_force(paper: Authorisation, today: date) -> bool:
    return paper.valid_to is None or today < paper.valid_to


def _shown(paper: Authorisation, goods: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": paper.id,
        "number": paper.number,
        "paper": paper.paper.value,
        "state": paper.state.value,
        "jurisdiction": paper.jurisdiction,
        "valid_to": paper.valid_to and paper.valid_to.isoformat(),
        "goods": goods,
    }
