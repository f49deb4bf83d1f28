"""The life of an authorisation as one table: from which states an act leads where, by whom, on what.

The states follow 1961 article 31 and 1971 article 12: applied for, granted, issued, carried with a
consignment, endorsed with what arrived. Amending, suspending, cancelling and replacing are left to
national law by both; where a country forbids one of them, its own rules say so beside this table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from registry.errors import InputError
from registry.trade_facts import AuthorisationState as State


class Act(StrEnum):
    """What can be done to an authorisation after it was drafted."""

    AMEND = "amend"
    SUBMIT = "submit"
    ASK_INFORMATION = "ask_information"
    WITHDRAW = "withdraw"
    GRANT = "grant"
    REFUSE = "refuse"
    ISSUE = "issue"
    SHIP = "ship"
    ENDORSE = "endorse"
    CLOSE = "close"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    EXPIRE = "expire"
    DECLARE_LOST = "declare_lost"
    REPLACE = "replace"


class Who(StrEnum):
    """How the one who acts stands to the authorisation."""

    APPLICANT = "applicant"
    AUTHORITY = "authority"
    CUSTOMS = "customs"


class Need(StrEnum):
    """What must hold before the act; the use case asks for each by name."""

    COMPLETE = "complete"  # the fields of the model form are filled
    REASON = "reason"
    HEADROOM = "headroom"  # the figure of the year holds it, where a figure binds
    NUMBER = "number"  # the next of its series is taken in the same transaction
    PERIOD = "period"  # the period of use is determined
    IN_PERIOD = "in period"
    LEFT = "left"  # quantity and consignments are left
    CONSIGNMENT = "consignment"  # the consignment was shipped and is not endorsed yet
    PERIOD_OVER = "period over"
    NOTHING_ON_THE_WAY = "nothing on the way"  # every consignment shipped is endorsed


class ActRefused(InputError):
    """The authorisation is in no state for this act, or what the act needs does not hold."""

    code = "act-refused"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `to` holds every state the act can lead to; which one, `target` says."""

    act: Act
    sources: tuple[State, ...]
    to: tuple[State, ...]
    who: tuple[Who, ...]
    needs: tuple[Need, ...] = ()
    cite: str = "national law"


@dataclass(frozen=True, slots=True)
class Progress:
    """What decides where several states are possible.

    `left`: quantity and consignments remain. `on_the_way`: a consignment is not endorsed yet.
    `before`: the state before it was suspended.
    """

    left: bool = False
    on_the_way: bool = False
    before: State | None = None


USABLE = (State.ISSUED, State.AMENDED, State.PARTLY_USED, State.IN_TRANSIT)
SUSPENDABLE = (State.GRANTED, *USABLE)
APPLIED = (State.SUBMITTED, State.INFORMATION_REQUESTED)
HELD = (*SUSPENDABLE, State.SUSPENDED, State.LOST)
"""States in which what is granted and not shipped stays reserved."""
FINAL = (State.REFUSED, State.CANCELLED, State.CLOSED)

AUTHORITY, APPLICANT = (Who.AUTHORITY,), (Who.APPLICANT,)

TRANSITIONS = (
    Transition(Act.AMEND, (State.DRAFT,), (State.DRAFT,), APPLICANT),
    Transition(
        Act.AMEND, (State.INFORMATION_REQUESTED,), (State.INFORMATION_REQUESTED,), APPLICANT
    ),
    Transition(
        Act.AMEND,
        (State.ISSUED, State.AMENDED),
        (State.AMENDED,),
        AUTHORITY,
        (Need.REASON, Need.COMPLETE, Need.HEADROOM),
    ),
    Transition(
        Act.SUBMIT,
        (State.DRAFT, State.INFORMATION_REQUESTED),
        (State.SUBMITTED,),
        APPLICANT,
        (Need.COMPLETE,),
        "1961 art. 31 (4) (b), 1971 art. 12 (1) (b)",
    ),
    Transition(
        Act.ASK_INFORMATION,
        (State.SUBMITTED,),
        (State.INFORMATION_REQUESTED,),
        AUTHORITY,
        (Need.REASON,),
    ),
    Transition(
        Act.WITHDRAW, (State.DRAFT, *APPLIED), (State.CANCELLED,), APPLICANT
    ),
    Transition(
        Act.GRANT,
        (State.SUBMITTED,),
        (State.GRANTED,),
        AUTHORITY,
        (Need.HEADROOM,),
        "1961 art. 31 (1) (b) and (4) (a), 1971 art. 12 (1) (a)",
    ),
    Transition(Act.REFUSE, APPLIED, (State.REFUSED,), AUTHORITY, (Need.REASON,)),
    Transition(
        Act.ISSUE,
        (State.GRANTED,),
        (State.ISSUED,),
        AUTHORITY,
        (Need.PERIOD, Need.NUMBER),
        "1961 art. 31 (4) (b) and (c), 1971 art. 12 (1) (b)",
    ),
    Transition(
        Act.SHIP,
        USABLE,
        (State.IN_TRANSIT,),
        (Who.CUSTOMS, Who.AUTHORITY),
        (Need.IN_PERIOD, Need.LEFT),
        "1961 art. 31 (4) (d) and (6), 1971 art. 12 (1) (d)",
    ),
    Transition(
        Act.ENDORSE,
        (State.IN_TRANSIT,),
        (State.IN_TRANSIT, State.PARTLY_USED, State.ENDORSED),
        AUTHORITY,
        (Need.CONSIGNMENT,),
        "1961 art. 31 (7), 1971 art. 12 (1) (e)",
    ),
    Transition(
        Act.CLOSE,
        (State.ENDORSED, State.EXPIRED, State.PARTLY_USED),
        (State.CLOSED,),
        AUTHORITY,
        cite="1961 art. 31 (7)",
    ),
    Transition(Act.SUSPEND, SUSPENDABLE, (State.SUSPENDED,), AUTHORITY, (Need.REASON,)),
    Transition(Act.RESUME, (State.SUSPENDED,), SUSPENDABLE, AUTHORITY, (Need.REASON,)),
    Transition(
        Act.CANCEL,
        (State.GRANTED, State.ISSUED, State.AMENDED, State.PARTLY_USED, State.SUSPENDED, State.LOST),
        (State.CANCELLED,),
        AUTHORITY,
        (Need.REASON, Need.NOTHING_ON_THE_WAY),
    ),
    Transition(
        Act.EXPIRE,
        (State.ISSUED, State.AMENDED, State.PARTLY_USED, State.SUSPENDED, State.LOST),
        (State.EXPIRED,),
        AUTHORITY,
        (Need.PERIOD_OVER, Need.NOTHING_ON_THE_WAY),
        "1961 art. 31 (4) (b) and (7) (b)",
    ),
    Transition(
        Act.DECLARE_LOST,
        (State.ISSUED, State.AMENDED, State.PARTLY_USED),
        (State.LOST,),
        (Who.APPLICANT, Who.AUTHORITY),
        (Need.REASON,),
    ),
    Transition(Act.REPLACE, (State.LOST,), (State.CANCELLED,), AUTHORITY, (Need.REASON,)),
)  # fmt: skip


def transition(state: State, act: Act) -> Transition:
    """The row for an act in a state. Raises ActRefused, naming the states it is possible in.

    That a row exists says nothing of who may act: the permission is asked elsewhere.
    """
    rows = [row for row in TRANSITIONS if row.act is act]
    found = next((row for row in rows if state in row.sources), None)
    if found is None:
        possible = ", ".join(dict.fromkeys(one.value for row in rows for one in row.sources))
        raise ActRefused(f"`{act}` is not possible while {state}; it is while {possible}")
    return found


def target(row: Transition, progress: Progress) -> State:
    """Where the act leads. The states an endorsement or a resumption may lead to depend on what is
    on the way and left, and on what was suspended; of every other act there is one."""
    if row.act is Act.ENDORSE:
        if progress.on_the_way:
            return State.IN_TRANSIT
        return State.PARTLY_USED if progress.left else State.ENDORSED
    if row.act is Act.RESUME:
        if progress.before not in row.to:
            raise ActRefused("what it was before it was suspended is not on record")
        return progress.before
    (only,) = row.to
    return only


def possible(state: State) -> Iterable[Act]:
    """The acts there are in a state, in the order of the table. Not what a person may do."""
    return (row.act for row in TRANSITIONS if state in row.sources)
