"""Who may do what to papers and ledgers, asked in the transaction of the act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from api.access.acts import Act as Asked
from api.access.allow import Actor, allow, found, may
from api.access.papers import authorisation_act, ledger_act, of_authorisation, of_ledger
from api.usecases.trade.acts import By, require_version
from registry.errors import NotFound
from registry.models import EntryKind, Ledger
from registry.store import authorisations, ledgers
from registry.store.authorisations import Wanted
from registry.store.ledgers import Key
from registry.trade_facts import Authorisation
from rules.trade.states import Act, Transition, transition

CHUNK = 200


def to_draft(actor: Actor, first: Authorisation) -> None:
    """Raises Denied unless it acts for the firm that applies."""
    allow(actor, authorisation_act("create"), of_authorisation(first))


def to_act(session: Session, by: By, paper: str, act: Act) -> tuple[Authorisation, Transition]:
    """The paper, locked, with the row of the act.

    Whoever may see the paper is told where it is at another version than they have seen
    (VersionConflict), or its state does not allow the act (ActRefused); to all others the act is
    denied, whether there is such a paper or not.
    """
    actor, asked = by.actor, authorisation_act(act)
    try:
        held = authorisations.lock(session, paper)
    except NotFound:
        found(actor, asked, None, paper)
        raise
    standing = of_authorisation(held, authorisations.applicant(session, paper))
    if not may(actor, Asked.AUTHORISATION_READ, standing):
        allow(actor, asked, standing)
    require_version(by, held.version)
    row = transition(held.state, act)
    allow(actor, asked, standing)
    return held, row


def to_read(session: Session, actor: Actor, paper: str, version: int | None) -> Authorisation:
    """A version of a paper. Raises Denied alike for one that is not there and one not theirs."""
    try:
        newest = authorisations.get(session, paper)
    except NotFound:
        found(actor, Asked.AUTHORISATION_READ, None, paper)
        raise
    standing = of_authorisation(newest, authorisations.applicant(session, paper))
    allow(actor, Asked.AUTHORISATION_READ, standing)
    return newest if version is None else authorisations.get(session, paper, version)


def readable(
    session: Session, actor: Actor, wanted: Wanted, *, after: str
) -> Iterator[Authorisation]:
    """The papers the actor may read, in order of identifier."""
    while rows := authorisations.page(session, wanted, after=after, limit=CHUNK):
        applicants = authorisations.applicants(session, [row.id for row in rows])
        for row in rows:
            if may(actor, Asked.AUTHORISATION_READ, of_authorisation(row, applicants[row.id])):
                yield row
        after = rows[-1].id


def to_open(actor: Actor, key: Key) -> None:
    """Raises Denied unless it may set the limit of a ledger of this country."""
    allow(actor, Asked.LEDGER_SET, of_ledger("", key.keeper, key.holder))


def to_enter(session: Session, actor: Actor, ledger: str, kind: EntryKind) -> Ledger:
    """The ledger, locked, where the actor may enter this by hand."""
    ledgers.lock(session, [ledger])
    return _ledger(session, actor, ledger, ledger_act(kind))


def to_read_ledger(session: Session, actor: Actor, ledger: str) -> Ledger:
    """A ledger. Raises Denied alike for one that is not there and one not theirs."""
    return _ledger(session, actor, ledger, Asked.LEDGER_READ)


def readable_ledgers(
    session: Session, actor: Actor, wanted: dict[str, Any], *, after: str
) -> Iterator[Ledger]:
    """The ledgers the actor may read, in order of identifier."""
    while rows := ledgers.page(session, wanted, after=after, limit=CHUNK):
        for row in rows:
            if may(actor, Asked.LEDGER_READ, of_ledger(row.id, row.keeper, row.holder)):
                yield row
        after = rows[-1].id


def _ledger(session: Session, actor: Actor, ledger: str, act: str) -> Ledger:
    try:
        row = ledgers.get(session, ledger)
    except NotFound:
        found(actor, act, None, ledger)
        raise
    allow(actor, act, of_ledger(row.id, row.keeper, row.holder))
    return row
