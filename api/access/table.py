"""Who may do what, to which record, in which state. What is not in this table is denied.

The states say who may try; `rules.trade` says what leads from one state to another. Where the two
differ the narrower one holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from api.access.acts import Act, Relation
from registry.models import Role
from registry.trade_facts import AuthorisationState as A
from registry.trade_facts import NotificationState as N

Roles = tuple[Role, ...]
Relations = tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """These roles may do this, standing so to a record in one of these states.

    `states` None: the record has no states, or they do not matter.
    """

    act: Act
    roles: frozenset[Role]
    relations: frozenset[Relation]
    states: frozenset[str] | None = None


def _row(
    act: Act, roles: Roles, relations: Relations, states: Iterable[StrEnum] | None = None
) -> Row:
    named = None if states is None else frozenset(state.value for state in states)
    return Row(act, frozenset(roles), frozenset(relations), named)


APPLICANT, AUTHORITY, CUSTOMS = (Role.APPLICANT,), (Role.AUTHORITY,), (Role.CUSTOMS,)
ANALYST, AUDITOR, ADMINISTRATOR = Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR
LOCAL, OPERATOR = Role.LOCAL, Role.OPERATOR
DRAFTING = (*AUTHORITY, ANALYST, ADMINISTRATOR)
ALL = tuple(Role)
OWN, ISSUING, NONE = (Relation.OWN,), (Relation.OWN_COUNTRY,), (Relation.NONE,)
BOTH_ENDS = (Relation.OWN_COUNTRY, Relation.OTHER_END)
ALONG = (*BOTH_ENDS, Relation.TRANSIT)
PARTIES = (Relation.OWN, Relation.NAMED)

FILED = tuple(state for state in A if state is not A.DRAFT)  # an authority sees no drafts
APPLIED = (A.SUBMITTED, A.INFORMATION_REQUESTED)
OPEN = (A.DRAFT, A.INFORMATION_REQUESTED)
USABLE = (A.ISSUED, A.AMENDED, A.PARTLY_USED, A.IN_TRANSIT)
AT_REST = (A.ISSUED, A.AMENDED, A.PARTLY_USED)
OUT = (*USABLE, A.ENDORSED, A.CLOSED, A.SUSPENDED, A.CANCELLED, A.EXPIRED, A.LOST)  # others meet it

SENT = tuple(state for state in N if state is not N.DRAFT)
RUNNING = tuple(state for state in SENT if state not in (N.STOPPED, N.CLOSED))
NOT_CLOSED = tuple(state for state in N if state is not N.CLOSED)

ASKING = (
    _row(Act.REGISTER_READ, ALL, NONE),
    _row(Act.CLASSIFY, ALL, NONE),
    _row(Act.SEARCH, ALL, NONE),
    _row(Act.SHIPMENT_CHECK, ALL, NONE),
    _row(Act.COLLECTION_SEARCH, ALL, NONE),
    _row(Act.HISTORY_READ, ALL, NONE),
    _row(Act.DECISION_READ, ALL, NONE),
    _row(Act.DOCUMENT_VERIFY, ALL, NONE),
    _row(Act.SMARTS, (ANALYST, ADMINISTRATOR, OPERATOR), NONE),
    _row(Act.COLLECTION_IMPORT, (ANALYST, ADMINISTRATOR, OPERATOR), NONE),
    _row(Act.COLLECTION_EXPORT, (ANALYST, ADMINISTRATOR, OPERATOR), NONE),
    _row(Act.WATCH_READ, (*AUTHORITY, ANALYST, AUDITOR, ADMINISTRATOR, LOCAL, OPERATOR), NONE),
    _row(Act.WATCH_MANAGE, (*AUTHORITY, ANALYST, ADMINISTRATOR, LOCAL, OPERATOR), NONE),
)

# A draft of law may be confidential: what it would do is told to whoever asked, and to those who
# audit the register or have its database anyway. Without a key, whoever asks on this machine.
SIMULATIONS = (
    _row(Act.SIMULATION_RUN, (*AUTHORITY, ANALYST, ADMINISTRATOR, LOCAL, OPERATOR), NONE),
    _row(Act.SIMULATION_WHY_NOT, (*AUTHORITY, ANALYST), NONE),
    _row(Act.SIMULATION_READ, (*AUTHORITY, ANALYST, ADMINISTRATOR), OWN),
    _row(Act.SIMULATION_READ, (LOCAL,), NONE),
    _row(Act.SIMULATION_READ, (AUDITOR, OPERATOR), (Relation.OTHER,)),
)

AUTHORISATIONS = (
    _row(Act.AUTHORISATION_READ, APPLICANT, OWN, A),
    _row(Act.AUTHORISATION_READ, APPLICANT, (Relation.NAMED,), OUT),
    _row(Act.AUTHORISATION_READ, (*AUTHORITY, ANALYST), ISSUING, FILED),
    _row(Act.AUTHORISATION_READ, (*AUTHORITY, *CUSTOMS), ALONG, OUT),
    _row(Act.AUTHORISATION_READ, (AUDITOR,), (Relation.OTHER,), A),
    _row(Act.AUTHORISATION_DRAFT, APPLICANT, OWN, (A.DRAFT,)),
    _row(Act.AUTHORISATION_AMEND, APPLICANT, OWN, OPEN),
    _row(Act.AUTHORISATION_AMEND, AUTHORITY, ISSUING, (A.ISSUED, A.AMENDED)),
    _row(Act.AUTHORISATION_SUBMIT, APPLICANT, OWN, OPEN),
    _row(Act.AUTHORISATION_WITHDRAW, APPLICANT, OWN, (A.DRAFT, *APPLIED)),
    _row(Act.AUTHORISATION_ASK, AUTHORITY, ISSUING, (A.SUBMITTED,)),
    _row(Act.AUTHORISATION_GRANT, AUTHORITY, ISSUING, (A.SUBMITTED,)),
    _row(Act.AUTHORISATION_REFUSE, AUTHORITY, ISSUING, APPLIED),
    _row(Act.AUTHORISATION_ISSUE, AUTHORITY, ISSUING, (A.GRANTED,)),
    _row(Act.AUTHORISATION_SHIP, (*AUTHORITY, *CUSTOMS), ISSUING, USABLE),
    _row(Act.AUTHORISATION_RELEASE, CUSTOMS, BOTH_ENDS, USABLE),
    _row(Act.AUTHORISATION_ENDORSE, AUTHORITY, BOTH_ENDS, (A.IN_TRANSIT,)),
    _row(Act.AUTHORISATION_CLOSE, AUTHORITY, ISSUING, (A.ENDORSED, A.EXPIRED, A.PARTLY_USED)),
    _row(Act.AUTHORISATION_SUSPEND, AUTHORITY, ISSUING, (A.GRANTED, *USABLE)),
    _row(Act.AUTHORISATION_RESUME, AUTHORITY, ISSUING, (A.SUSPENDED,)),
    _row(Act.AUTHORISATION_CANCEL, AUTHORITY, ISSUING, (A.GRANTED, *AT_REST, A.SUSPENDED, A.LOST)),
    _row(Act.AUTHORISATION_EXPIRE, AUTHORITY, ISSUING, (*AT_REST, A.SUSPENDED, A.LOST)),
    _row(Act.AUTHORISATION_LOSE, APPLICANT, OWN, AT_REST),
    _row(Act.AUTHORISATION_LOSE, AUTHORITY, ISSUING, AT_REST),
    _row(Act.AUTHORISATION_REPLACE, AUTHORITY, ISSUING, (A.LOST,)),
)

LEDGERS = (
    _row(Act.LEDGER_READ, (*AUTHORITY, ANALYST), ISSUING),
    _row(Act.LEDGER_READ, APPLICANT, OWN),
    _row(Act.LEDGER_READ, (AUDITOR,), (Relation.OTHER,)),
    _row(Act.LEDGER_SET, AUTHORITY, ISSUING),
    _row(Act.LEDGER_SUPPLEMENT, AUTHORITY, ISSUING),
    _row(Act.LEDGER_OUTSIDE, AUTHORITY, ISSUING),
)

NOTIFICATIONS = (
    _row(Act.NOTIFICATION_READ, APPLICANT, PARTIES, SENT),
    _row(Act.NOTIFICATION_READ, (*AUTHORITY, ANALYST), ISSUING, N),
    _row(Act.NOTIFICATION_READ, (*AUTHORITY, *CUSTOMS), ALONG, SENT),
    _row(Act.NOTIFICATION_READ, (AUDITOR,), (Relation.OTHER,), N),
    _row(Act.NOTIFICATION_COMPOSE, AUTHORITY, ISSUING, (N.DRAFT,)),
    _row(Act.NOTIFICATION_SEND, AUTHORITY, ISSUING, (N.DRAFT,)),
    _row(Act.NOTIFICATION_SUPPLY, AUTHORITY, ISSUING, RUNNING),
    _row(Act.NOTIFICATION_RECORD, AUTHORITY, ISSUING, SENT),
    _row(Act.NOTIFICATION_REPLY, AUTHORITY, BOTH_ENDS, SENT),
    _row(Act.NOTIFICATION_SUSPEND, AUTHORITY, BOTH_ENDS, RUNNING),
    _row(Act.NOTIFICATION_STOP, AUTHORITY, BOTH_ENDS, RUNNING),
    _row(Act.NOTIFICATION_CLOSE, AUTHORITY, ISSUING, NOT_CLOSED),
)

# Whoever runs commands with the database at hand meets every draft there anyway.
DRAFTS = (
    _row(Act.DRAFT_READ, DRAFTING, (Relation.OWN, Relation.OWN_COUNTRY)),
    _row(Act.DRAFT_READ, (AUDITOR, OPERATOR), (Relation.OTHER,)),
    _row(Act.DRAFT_WRITE, DRAFTING, (Relation.OWN, Relation.OWN_COUNTRY)),
    _row(Act.DRAFT_WRITE, (OPERATOR,), (Relation.OTHER,)),
)

BORDER = (_row(Act.CUSTOMS_CHECK, (*AUTHORITY, *CUSTOMS), ISSUING),)

KEEPING = (
    _row(Act.AUDIT_READ, (AUDITOR, ADMINISTRATOR, OPERATOR), NONE),
    _row(Act.KEYS_MANAGE, (ADMINISTRATOR, OPERATOR), NONE),
    _row(Act.SEED_MANAGE, (ADMINISTRATOR, OPERATOR), NONE),
    _row(Act.LAW_MANAGE, (ADMINISTRATOR, OPERATOR), NONE),
)

SECTIONS: dict[str, tuple[Row, ...]] = {
    "Reading and asking": ASKING,
    "Simulations": SIMULATIONS,
    "Authorisations": AUTHORISATIONS,
    "Ledgers": LEDGERS,
    "Pre-export notifications": NOTIFICATIONS,
    "Drafts of changes to the law": DRAFTS,
    "At the border": BORDER,
    "Running the register": KEEPING,
}
TABLE = tuple(row for rows in SECTIONS.values() for row in rows)


def permits(
    role: Role, act: str, relations: Collection[Relation], state: str | None = None
) -> bool:
    """Whether some row of the table allows this. An act nobody has heard of is denied."""
    return any(
        row.act == act
        and role in row.roles
        and not row.relations.isdisjoint(relations)
        and (row.states is None or state in row.states)
        for row in TABLE
    )


def reach(role: Role, act: str) -> frozenset[Relation]:
    """How somebody of this role may have to stand to a record, so that lists ask for no others."""
    rows = (row for row in TABLE if row.act == act and role in row.roles)
    return frozenset(relation for row in rows for relation in row.relations)
