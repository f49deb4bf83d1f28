"""Work to be done later: written in the transaction that makes it necessary."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, new_id, one_of
from registry.models.types import Json, RowId

UNFINISHED = text("state IN ('ready', 'leased') AND key <> ''")


class JobState(StrEnum):
    """`DEAD`: given up after its last attempt; somebody has to look at it."""

    READY = "ready"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"


class Job(Base):
    """One piece of work. Whoever takes it holds it until `leased_until`, and proves it by `token`.

    The token counts how often the job was taken: a worker that lost its lease holds an older one,
    and what it writes is refused.
    """

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", JobState),
        CheckConstraint("attempts >= 0 AND attempts <= max_attempts", name="attempts"),
        Index("ix_job_due", "state", "due_at"),
        Index(
            "uq_job_unfinished",
            "kind",
            "key",
            unique=True,
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id, comment="UUID")
    kind: Mapped[str] = mapped_column(comment="what is to be done")
    key: Mapped[str] = mapped_column(
        comment="at most one unfinished job of a kind has it; or empty"
    )
    payload: Mapped[dict[str, Any]] = mapped_column(Json, comment="with what")
    actor: Mapped[str] = mapped_column(comment="who asked for it")
    state: Mapped[str] = mapped_column(
        default=JobState.READY, comment="ready, leased, done or dead"
    )
    due_at: Mapped[datetime] = mapped_column(comment="not to be taken before (UTC)")
    leased_until: Mapped[datetime | None] = mapped_column(comment="whose turn ends then (UTC)")
    token: Mapped[int] = mapped_column(RowId, default=0, comment="how often it was taken")
    attempts: Mapped[int] = mapped_column(RowId, default=0, comment="attempts begun")
    max_attempts: Mapped[int] = mapped_column(RowId, comment="attempts after which it is dead")
    error: Mapped[str] = mapped_column(default="", comment="why the last attempt failed")
    result: Mapped[dict[str, Any] | None] = mapped_column(Json, comment="what came of it")
    created_at: Mapped[datetime] = mapped_column(comment="when it was asked for (UTC)")
    finished_at: Mapped[datetime | None] = mapped_column(
        comment="when it was done or given up (UTC)"
    )
