"""What was answered, and what was done: append-only."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, new_id, one_of
from registry.models.types import Json, RowId


class DecisionKind(StrEnum):
    CLASSIFY = "classify"
    SHIPMENT = "shipment"


class DecisionRecord(Base):
    """An answer as it was given, with all that is needed to give it again."""

    __tablename__ = "decision_record"
    __table_args__ = (one_of("kind", DecisionKind),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id, comment="UUID")
    kind: Mapped[str] = mapped_column(comment="classify or shipment")
    at: Mapped[datetime] = mapped_column("made_at", index=True, comment="when it was made (UTC)")
    actor: Mapped[str] = mapped_column(comment="who asked")
    on: Mapped[date] = mapped_column("on_date", comment="the date asked about")
    known_at: Mapped[datetime] = mapped_column(comment="as known at this moment (UTC)")
    request: Mapped[str] = mapped_column(comment="what was asked, canonical JSON")
    response: Mapped[str] = mapped_column(comment="what was answered, canonical JSON")
    rule_set: Mapped[str] = mapped_column(comment="content hash of the rules")
    facts: Mapped[str] = mapped_column(comment="content hash of the facts")
    versions: Mapped[dict[str, Any]] = mapped_column(Json, comment="software versions")


class AuditEvent(Base):
    """One act. Each event carries the hash of the one before, so a gap or change shows."""

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="hashes"),
    )

    seq: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … without gaps"
    )
    at: Mapped[datetime] = mapped_column("happened_at", comment="when it was done (UTC)")
    actor: Mapped[str] = mapped_column(comment="who did it")
    action: Mapped[str] = mapped_column(index=True, comment="kind:noun:participle")
    subject: Mapped[str] = mapped_column(index=True, comment="identifier of what was acted on")
    payload: Mapped[str] = mapped_column(comment="particulars, canonical JSON")
    previous: Mapped[str] = mapped_column(comment="hash of the event before; zeros for the first")
    hash: Mapped[str] = mapped_column(unique=True, comment="sha256 over all other columns")
