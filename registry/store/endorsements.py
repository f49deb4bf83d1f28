"""Consignments under an authorisation, and what the importing authority says arrived of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.models import Consignment, EndorsementRecord
from registry.trade_facts import Endorsement, Party

Lines = tuple[tuple[int, Decimal, str], ...]
"""Line of the paper, quantity, unit."""
_PARTY = TypeAdapter(Party)


def ship(
    session: Session,
    authorisation: str,
    lines: Lines,
    *,
    shipped_on: date,
    paper: str,
    actor: str,
    now: datetime,
) -> Consignment:
    """The next consignment under an authorisation, which the caller has locked."""
    number = len(consignments(session, authorisation)) + 1
    row = Consignment(
        authorisation=authorisation,
        number=number,
        previous=number - 1 or None,
        shipped_on=shipped_on,
        lines=_plain(lines),
        paper=paper,
        actor=actor,
        at=now,
    )
    session.add(row)
    session.flush()
    return row


def consignments(session: Session, authorisation: str) -> list[Consignment]:
    rows = select(Consignment).where(Consignment.authorisation == authorisation)
    return list(session.scalars(rows.order_by(Consignment.number)))


def consignment(session: Session, authorisation: str, number: int) -> Consignment:
    found = session.get(Consignment, (authorisation, number))
    if found is None:
        raise NotFound(f"there is no consignment {number} under this authorisation")
    return found


def endorse(session: Session, said: Endorsement, *, actor: str, now: datetime) -> EndorsementRecord:
    row = EndorsementRecord(
        authorisation=said.authorisation,
        consignment=said.consignment,
        arrived_on=said.arrived_on,
        arrived=_plain(said.arrived),
        authority=_PARTY.dump_python(said.authority, mode="json"),
        remarks=said.remarks,
        actor=actor,
        at=now,
    )
    session.add(row)
    session.flush()
    return row


def endorsements(session: Session, authorisation: str) -> dict[int, Endorsement]:
    """By number of the consignment."""
    rows = select(EndorsementRecord).where(EndorsementRecord.authorisation == authorisation)
    return {row.consignment: fact(row) for row in session.scalars(rows)}


def fact(row: EndorsementRecord) -> Endorsement:
    party = _PARTY.validate_python(row.authority)
    arrived = lines_of(row.arrived)
    return Endorsement(
        row.authorisation, row.consignment, row.arrived_on, arrived, party, row.remarks
    )


def lines_of(kept: Iterable[Any]) -> Lines:
    return tuple((int(line), Decimal(quantity), str(unit)) for line, quantity, unit in kept)


def _plain(lines: Lines) -> list[Any]:
    return [[line, format(quantity, "f"), unit] for line, quantity, unit in lines]
