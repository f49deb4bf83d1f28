"""Drafts of changes to the law that somebody keeps, and every version of them.

Versions are append-only. The draft itself only points to its newest version, and may be withdrawn.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, new_id
from registry.models.types import Json, RowId

STILL_KEPT = text("withdrawn_at IS NULL")


class DraftRecord(Base):
    """A draft as it stands now. What it says is in its versions."""

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        Index(
            "uq_draft_name",
            "owner",
            "name",
            unique=True,
            sqlite_where=STILL_KEPT,
            postgresql_where=STILL_KEPT,
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id, comment="UUID")
    name: Mapped[str] = mapped_column(comment="what its owner calls it")
    jurisdiction: Mapped[str] = mapped_column(comment="whose law it would change")
    owner: Mapped[str] = mapped_column(comment="who keeps it")
    country: Mapped[str] = mapped_column(comment="for which country its owner acts; empty: none")
    version: Mapped[int] = mapped_column(RowId, comment="its newest version")
    created_at: Mapped[datetime] = mapped_column(comment="since when it is kept (UTC)")
    withdrawn_at: Mapped[datetime | None] = mapped_column(comment="until when it was (UTC)")


class DraftVersion(Base):
    """What a draft said from one saving to the next."""

    __tablename__ = "draft_version"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("length(content_hash) = 64", name="content_hash"),
    )

    draft: Mapped[str] = mapped_column(ForeignKey("draft.id"), primary_key=True, comment="draft")
    number: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … of its draft"
    )
    text: Mapped[str] = mapped_column(comment="the YAML as it was saved")
    content_hash: Mapped[str] = mapped_column(comment="sha256 of the text")
    faults: Mapped[list[dict[str, Any]]] = mapped_column(
        Json, comment="why it could not be read, with line and column; empty: it could"
    )
    author: Mapped[str] = mapped_column(comment="who saved it")
    at: Mapped[datetime] = mapped_column("saved_at", comment="when (UTC)")
    remark: Mapped[str] = mapped_column(comment="what its author says of it; or empty")
