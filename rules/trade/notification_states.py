"""What may happen to a pre-export notification, and where it stands then.

The acts are those of two authorities: the sender notifies, supplies, suspends, stops and closes; the
receiver confirms, reads and replies. Nothing that happened is refused because it comes late: an
objection after the period, or after the goods have left, is a new fact with a finding of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from registry.errors import InputError
from registry.trade_facts import NotificationState as S
from rules.trade.waiting import Position


class ActNotPossible(InputError):
    """What was to be done cannot be done where the notification stands."""

    code = "act-not-possible"


class Act(StrEnum):
    """What may be done. `SUPPLY`: the information asked for is sent, with which the time to reply
    begins anew (our reading; no rule read says otherwise)."""

    SEND = "send"
    DELIVER = "deliver"
    READ = "read"
    NO_OBJECTION = "no_objection"
    OBJECTION = "objection"
    MORE_INFORMATION = "more_information"
    SUPPLY = "supply"
    EXPIRE = "expire"
    SUSPEND = "suspend"
    RESUME = "resume"
    STOP = "stop"
    SHIP = "ship"
    CANCEL = "cancel"
    DIVERT = "divert"


REPLIES = {Act.NO_OBJECTION: S.NO_OBJECTION, Act.OBJECTION: S.OBJECTION,
           Act.MORE_INFORMATION: S.MORE_INFORMATION}  # fmt: skip
CLOSING = {Act.SHIP: "shipped", Act.CANCEL: "cancelled", Act.DIVERT: "diverted"}
# Acts of the authority that receives the notification; all others are the sender's.
OF_THE_RECEIVER = frozenset({Act.DELIVER, Act.READ, *REPLIES})
WAITING = frozenset({S.SENT, S.DELIVERED, S.READ})
OVER = frozenset({S.STOPPED, S.CLOSED})
STEPS = {
    (S.DRAFT, Act.SEND): S.SENT,
    (S.SENT, Act.DELIVER): S.DELIVERED,
    (S.SENT, Act.READ): S.READ,
    (S.DELIVERED, Act.READ): S.READ,
    (S.MORE_INFORMATION, Act.SUPPLY): S.SENT,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a notification stands. `held`: where it stood, and would stand, but for the suspension.
    `outcome`: how it was closed."""

    state: S
    held: S | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a notification that somebody has to act on."""

    rule: str
    article: str
    severity: str
    text: str
    satisfied_by: str


def after(standing: Standing, act: Act) -> Standing:
    """Where a notification stands after an act.

    Raises ActNotPossible for an act that makes no sense there, such as a reply to a draft. A
    receiver's act on one that is stopped or closed is taken and changes nothing.
    """
    if standing.state is S.DRAFT and act not in {Act.SEND, Act.CANCEL}:
        raise ActNotPossible(f"a draft was sent to nobody: `{act}` is not possible")
    if act in CLOSING:
        return _closed(standing, act)
    if standing.state in OVER:
        return _over(standing, act)
    if standing.state is S.SUSPENDED:
        return _suspended(standing, act)
    if act is Act.STOP:
        return Standing(S.STOPPED)
    if act is Act.SUSPEND:
        return Standing(S.SUSPENDED, held=standing.state)
    return Standing(_moved(standing.state, act))


def possible(standing: Standing) -> tuple[Act, ...]:
    """The acts that can be taken where a notification stands, in their order."""
    found = []
    for act in Act:
        try:
            after(standing, act)
        except ActNotPossible:
            continue
        found.append(act)
    return tuple(found)


def findings(standing: Standing, act: Act, position: Position, at: datetime) -> tuple[Finding, ...]:
    """What an act brings up that somebody has to act on.

    `standing` is that before the act, `position` what the silence rules say at its moment. No
    finding says that all is in order; the shipment check answers that.
    """
    found = []
    if act is Act.OBJECTION and (standing.state in OVER or position.late):
        found.append(_late(standing, position, at))
    if act in {Act.SHIP, Act.DIVERT} and _not_cleared(standing, position):
        found.append(_shipped_in_spite(standing, position))
    if act is Act.DIVERT:
        found.append(_diverted(position))
    return tuple(found)


def _moved(state: S, act: Act) -> S:
    """One step along the ordinary way."""
    if act in REPLIES:
        return REPLIES[act]
    if (state, act) in STEPS:
        return STEPS[state, act]
    if act in {Act.DELIVER, Act.READ}:
        return state  # a proof that comes after the reply changes nothing
    if act is Act.EXPIRE and state in WAITING:
        return S.NO_REPLY
    raise ActNotPossible(f"`{act}` is not possible while the notification is `{state}`")


def _closed(standing: Standing, act: Act) -> Standing:
    if standing.state is S.CLOSED:
        raise ActNotPossible(f"it is closed already: {standing.outcome}")
    return Standing(S.CLOSED, outcome=CLOSING[act])


def _over(standing: Standing, act: Act) -> Standing:
    if act in OF_THE_RECEIVER:
        return standing
    raise ActNotPossible(f"`{act}` is not possible: it is {standing.outcome or standing.state}")


def _suspended(standing: Standing, act: Act) -> Standing:
    """What arrives meanwhile is kept, and stands once the suspension ends."""
    held = standing.held or S.SENT
    if act is Act.STOP:
        return Standing(S.STOPPED)
    if act is Act.RESUME:
        return Standing(held)
    if act is Act.SUSPEND:
        raise ActNotPossible("it is suspended already")
    return replace(standing, held=_moved(held, act))


def _not_cleared(standing: Standing, position: Position) -> bool:
    refused = {S.OBJECTION, S.STOPPED, S.SUSPENDED, S.MORE_INFORMATION}
    return standing.state in refused or position.answer != "may proceed"


def _late(standing: Standing, position: Position, at: datetime) -> Finding:
    when = f"after it was {standing.outcome}" if standing.outcome else "after the time to reply"
    gone = standing.outcome in {"shipped", "diverted"}
    cure = "the transit and importing authorities told at once" if gone else "the goods held back"
    text = f"objection of {at.date()} {when}: {position.text}"
    return Finding(position.rule, position.article, "stop", text, cure)


def _shipped_in_spite(standing: Standing, position: Position) -> Finding:
    text = f"the goods left while the notification was `{standing.state}`: {position.text}"
    cure = position.satisfied_by or "the importing authority told at once"
    return Finding(position.rule, position.article, "stop", text, cure)


def _diverted(position: Position) -> Finding:
    return Finding(
        "UN-1988-12-10-a", "1988 Convention, art. 12(10)(a)", "stop",
        f"the goods went elsewhere than notified ({position.rule})",
        "a notification to the authority of the new destination",
    )  # fmt: skip
