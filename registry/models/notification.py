"""Pre-export notifications: where each stands, every version of it, and every message about it.

Versions and messages are append-only. The notification itself only points to its newest version.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, new_id, one_of
from registry.models.types import Json, RowId
from registry.trade_facts import NotificationState

KEYED = text("key <> ''")
NUMBERED = text("number <> ''")


class Direction(StrEnum):
    """`OUT`: ours, to the authority of the importing country. `IN`: theirs, to us."""

    OUT = "out"
    IN = "in"


class NotificationRecord(Base):
    """One notification as it stands now. What led there is in its versions."""

    __tablename__ = "notification"
    __table_args__ = (
        one_of("direction", Direction),
        one_of("state", NotificationState),
        CheckConstraint("version >= 1", name="version"),
        Index(
            "uq_notification_number",
            "sender",
            "number",
            unique=True,
            sqlite_where=NUMBERED,
            postgresql_where=NUMBERED,
        ),
        Index("ix_notification_due", "state", "reply_by", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id, comment="UUID")
    direction: Mapped[str] = mapped_column(comment="out: ours; in: of another country's authority")
    sender: Mapped[str] = mapped_column(comment="country of the authority that sends it")
    receiver: Mapped[str] = mapped_column(comment="country of the authority that receives it")
    number: Mapped[str] = mapped_column(comment="given when it is sent; empty while a draft")
    version: Mapped[int] = mapped_column(RowId, comment="its newest version")
    state: Mapped[str] = mapped_column(comment="where it stands")
    reply_by: Mapped[datetime | None] = mapped_column(
        comment="when the time to reply is over for certain (UTC); null: no such moment known"
    )
    created_at: Mapped[datetime] = mapped_column(comment="when it was composed or received (UTC)")


class NotificationVersion(Base):
    """The notification after one act: whole, as it then read and stood."""

    __tablename__ = "notification_version"
    __table_args__ = (
        one_of("state", NotificationState),
        Index(
            "uq_notification_version_key",
            "key",
            unique=True,
            sqlite_where=KEYED,
            postgresql_where=KEYED,
        ),
    )

    notification: Mapped[str] = mapped_column(
        ForeignKey("notification.id"), primary_key=True, comment="notification"
    )
    version: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … of its notification"
    )
    act: Mapped[str] = mapped_column(comment="what was done")
    actor: Mapped[str] = mapped_column(comment="who did or recorded it")
    at: Mapped[datetime] = mapped_column("recorded_at", comment="when it was recorded (UTC)")
    state: Mapped[str] = mapped_column(comment="where it stood from then on")
    held: Mapped[str] = mapped_column(comment="where it stood but for a suspension; or empty")
    outcome: Mapped[str] = mapped_column(comment="shipped, cancelled, diverted, or empty")
    reply_from: Mapped[datetime | None] = mapped_column(
        comment="when the time to reply is over at the earliest (UTC)"
    )
    content: Mapped[dict[str, Any]] = mapped_column(Json, comment="the notification as it read")
    position: Mapped[dict[str, Any]] = mapped_column(
        Json, comment="what the silence rules said of it then"
    )
    findings: Mapped[list[dict[str, Any]]] = mapped_column(Json, comment="what the act brought up")
    key: Mapped[str] = mapped_column(comment="the caller's key of the act; empty: none")
    asked: Mapped[str] = mapped_column(comment="digest of what was asked under that key")


class NotificationMessage(Base):
    """One message sent or received, with the proof of it."""

    __tablename__ = "notification_message"
    __table_args__ = (one_of("direction", Direction),)

    notification: Mapped[str] = mapped_column(
        ForeignKey("notification.id"), primary_key=True, comment="notification"
    )
    version: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="the version it led to"
    )
    direction: Mapped[str] = mapped_column(comment="out: sent by us; in: received")
    kind: Mapped[str] = mapped_column(comment="the act it is about")
    happened_at: Mapped[datetime] = mapped_column(comment="when it was sent or received (UTC)")
    channel: Mapped[str] = mapped_column(comment="by which way it went")
    proof: Mapped[str] = mapped_column(comment="what shows that it went or arrived; or empty")
    text: Mapped[str] = mapped_column(comment="what it says in words")
    foreign_id: Mapped[str] = mapped_column(comment="its identifier at the other authority")


class NotificationSeries(Base):
    """The last number given in one country and year."""

    __tablename__ = "notification_series"
    __table_args__ = (CheckConstraint("last >= 1", name="last"),)

    country: Mapped[str] = mapped_column(primary_key=True, comment="country of the authority")
    year: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="calendar year"
    )
    last: Mapped[int] = mapped_column(RowId, comment="last number given")
