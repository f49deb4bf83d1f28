"""An act under way on one paper: allowed, permitted, needed, done, written as the next version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from api.usecases.trade import permission
from api.usecases.trade.acts import By, Done, Sessions, perform
from api.usecases.trade.booking import release
from api.usecases.trade.papers import left_of
from registry.models import Consignment
from registry.store import authorisations, endorsements
from registry.store.authorisations import plain
from registry.trade_facts import Authorisation
from rules.trade.states import HELD, Act, ActRefused, Need, Progress, Transition, target


@dataclass(slots=True)
class Step:
    """An act under way: what it finds, and what it changes and tells."""

    session: Session
    held: Authorisation
    row: Transition
    by: By
    reason: str
    changes: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def shipped(self) -> list[Consignment]:
        return endorsements.consignments(self.session, self.held.id)


Effect = Callable[[Step], None]


def act_on(
    engine: Sessions,
    paper: str,
    act: Act,
    by: By,
    effect: Effect | None = None,
    *,
    reason: str = "",
    given: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One act: the state allows it, the actor may, what it needs holds, and it takes effect."""

    def work(session: Session) -> Done:
        held, row = permission.to_act(session, by, paper, act)
        step = Step(session, held, row, by, reason)
        _require(step)
        if effect:
            effect(step)
        return _finished(step)

    request = {"act": act.value, "of": paper, "reason": reason, "given": given or {}}
    return perform(engine, by, request, work)


def _finished(step: Step) -> Done:
    """Write the next version; what is reserved by nothing any more is released."""
    held, by, act = step.held, step.by, step.row.act
    state = target(step.row, _progress(step))
    if held.state in HELD and state not in HELD:
        release(step.session, held, by, state.value)
    after = replace(held, state=state, **step.changes)
    made = authorisations.next_version(
        step.session, after, act=act, reason=step.reason, actor=by.actor.id, now=by.now
    )
    told = {"version": made.version, "from": held.state.value, "to": state.value, **step.told}
    if step.reason:
        told["reason"] = step.reason
    return Done(plain(made) | step.told, held.id, f"authorisation:{_PARTICIPLE[act]}", told)


_PARTICIPLE = {
    Act.SUBMIT: "submitted",
    Act.ASK_INFORMATION: "information:requested",
    Act.WITHDRAW: "withdrawn",
    Act.GRANT: "granted",
    Act.REFUSE: "refused",
    Act.ISSUE: "issued",
    Act.SHIP: "consignment:shipped",
    Act.ENDORSE: "consignment:endorsed",
    Act.CLOSE: "closed",
    Act.SUSPEND: "suspended",
    Act.RESUME: "resumed",
    Act.CANCEL: "cancelled",
    Act.EXPIRE: "expired",
    Act.DECLARE_LOST: "lost",
    Act.REPLACE: "replaced",
}


def _require(step: Step) -> None:
    """The needs that are the same for every act."""
    if Need.REASON in step.row.needs and not step.reason.strip():
        raise ActRefused(f"`{step.row.act}` needs a reason")
    if Need.NOTHING_ON_THE_WAY in step.row.needs and _on_the_way(step):
        raise ActRefused("a consignment is on the way: it has to be endorsed first")


def _progress(step: Step) -> Progress:
    if step.row.act is Act.RESUME:
        return Progress(before=authorisations.state_before_suspension(step.session, step.held.id))
    if step.row.act is not Act.ENDORSE:
        return Progress()
    shipped = step.shipped
    most = step.held.consignments
    more = most is None or len(shipped) < most
    rest = any(quantity > 0 for quantity in left_of(step.held, shipped).values())
    return Progress(left=more and rest, on_the_way=_on_the_way(step))


def _on_the_way(step: Step) -> bool:
    arrived = endorsements.endorsements(step.session, step.held.id)
    return any(one.number not in arrived for one in step.shipped)
