"""Papers of trade, their numbers, and what was shipped and arrived under them. Append-only.

An authorisation is a row without content and its versions: every act writes the next version, and
the newest is how it stands. What is locked while somebody acts is the row itself.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, new_id, one_of
from registry.models.types import Json, RowId
from registry.trade_facts import AuthorisationState, Paper


def follows(column: str, previous: str) -> CheckConstraint:
    """Rows are numbered 1, 2, 3 …: each but the first names the one before, which must be there."""
    first = f"{column} = 1 AND {previous} IS NULL"
    return CheckConstraint(
        f"({first}) OR ({column} > 1 AND {previous} IS NOT NULL AND {previous} = {column} - 1)",
        name="follows",
    )


class Authorisation(Base):
    """What never changes of a paper: its kind, and the authority's country."""

    __tablename__ = "authorisation"
    __table_args__ = (one_of("paper", Paper),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id, comment="UUID")
    paper: Mapped[str] = mapped_column(comment="kind of paper")
    convention: Mapped[str] = mapped_column(comment="1961, 1971 or 1988")
    jurisdiction: Mapped[str] = mapped_column(comment="whose authority decides")
    replaces: Mapped[str | None] = mapped_column(
        ForeignKey("authorisation.id"), unique=True, comment="lost paper it stands for; null: none"
    )
    created_by: Mapped[str] = mapped_column(comment="who drafted it")
    created_at: Mapped[datetime] = mapped_column(comment="when it was drafted (UTC)")


class AuthorisationVersion(Base):
    """An authorisation after one act: its content, its state, and who did what, why."""

    __tablename__ = "authorisation_version"
    __table_args__ = (
        one_of("state", AuthorisationState),
        follows("version", "previous"),
        CheckConstraint("valid_from < valid_to", name="valid_period"),
        ForeignKeyConstraint(
            ["authorisation", "previous"],
            ["authorisation_version.authorisation", "authorisation_version.version"],
            name="fk_authorisation_version_previous",
        ),
        Index("ix_authorisation_version_state", "state", "authorisation", "version"),
    )

    authorisation: Mapped[str] = mapped_column(
        ForeignKey("authorisation.id"), primary_key=True, comment="authorisation"
    )
    version: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … of its authorisation"
    )
    previous: Mapped[int | None] = mapped_column(RowId, comment="version before; null: the first")
    state: Mapped[str] = mapped_column(comment="where it stands from here on")
    act: Mapped[str] = mapped_column(comment="what led here")
    reason: Mapped[str] = mapped_column(comment="why; may be empty")
    content: Mapped[dict[str, Any]] = mapped_column(
        Json, comment="goods, parties, route and all else on the paper"
    )
    number: Mapped[str] = mapped_column(index=True, comment="as issued; empty before")
    valid_from: Mapped[date | None] = mapped_column(comment="first day of use; null before issue")
    valid_to: Mapped[date | None] = mapped_column(
        comment="first day on which it may no longer be used; null before issue"
    )
    actor: Mapped[str] = mapped_column(comment="who acted")
    at: Mapped[datetime] = mapped_column("acted_at", comment="when (UTC)")


class Consignment(Base):
    """One shipment under an authorisation, by line of the paper. `lines`: line, quantity, unit."""

    __tablename__ = "consignment"
    __table_args__ = (
        follows("number", "previous"),
        ForeignKeyConstraint(
            ["authorisation", "previous"],
            ["consignment.authorisation", "consignment.number"],
            name="fk_consignment_previous",
        ),
    )

    authorisation: Mapped[str] = mapped_column(
        ForeignKey("authorisation.id"), primary_key=True, comment="authorisation"
    )
    number: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … of its authorisation"
    )
    previous: Mapped[int | None] = mapped_column(RowId, comment="the one before; null: the first")
    shipped_on: Mapped[date] = mapped_column(comment="day on which it crossed the border")
    lines: Mapped[list[Any]] = mapped_column(Json, comment="line, quantity and unit of each")
    paper: Mapped[str] = mapped_column(comment="number of the other country's paper; may be empty")
    actor: Mapped[str] = mapped_column(comment="who said so")
    at: Mapped[datetime] = mapped_column("recorded_at", comment="when (UTC)")


class EndorsementRecord(Base):
    """What the importing authority says arrived of one consignment. Said once."""

    __tablename__ = "endorsement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authorisation", "consignment"],
            ["consignment.authorisation", "consignment.number"],
            name="fk_endorsement_consignment",
        ),
    )

    authorisation: Mapped[str] = mapped_column(primary_key=True, comment="authorisation")
    consignment: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="number of the consignment"
    )
    arrived_on: Mapped[date | None] = mapped_column(comment="day of arrival; null: not said")
    arrived: Mapped[list[Any]] = mapped_column(Json, comment="line, quantity and unit of each")
    authority: Mapped[dict[str, Any]] = mapped_column(Json, comment="who endorsed")
    remarks: Mapped[str] = mapped_column(comment="as endorsed")
    actor: Mapped[str] = mapped_column(comment="who entered it")
    at: Mapped[datetime] = mapped_column("recorded_at", comment="when (UTC)")


class NumberSeries(Base):
    """Numbers of one authority for one kind of paper in one year. Locked while one is taken."""

    __tablename__ = "number_series"

    authority: Mapped[str] = mapped_column(primary_key=True, comment="code of the authority")
    kind: Mapped[str] = mapped_column(primary_key=True, comment="kind of paper")
    year: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="year of issue"
    )


class NumberTaken(Base):
    """One number of a series. None is left out, given twice, or given back."""

    __tablename__ = "number_taken"
    __table_args__ = (
        follows("number", "previous"),
        ForeignKeyConstraint(
            ["authority", "kind", "year"],
            ["number_series.authority", "number_series.kind", "number_series.year"],
            name="fk_number_taken_series",
        ),
        ForeignKeyConstraint(
            ["authority", "kind", "year", "previous"],
            [f"number_taken.{name}" for name in ("authority", "kind", "year", "number")],
            name="fk_number_taken_previous",
        ),
        UniqueConstraint("subject"),
    )

    authority: Mapped[str] = mapped_column(primary_key=True, comment="code of the authority")
    kind: Mapped[str] = mapped_column(primary_key=True, comment="kind of paper")
    year: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="year of issue"
    )
    number: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … of its series"
    )
    previous: Mapped[int | None] = mapped_column(RowId, comment="number before; null: the first")
    text: Mapped[str] = mapped_column(unique=True, comment="as printed")
    subject: Mapped[str] = mapped_column(comment="identifier of the paper that has it")
    at: Mapped[datetime] = mapped_column("taken_at", comment="when (UTC)")


class KeptAnswer(Base):
    """The answer to an act that came with a key: asked again, it is given again, nothing is done."""

    __tablename__ = "kept_answer"

    actor: Mapped[str] = mapped_column(primary_key=True, comment="whose key it is")
    key: Mapped[str] = mapped_column(primary_key=True, comment="as the caller chose it")
    request: Mapped[str] = mapped_column(comment="sha256 of what was asked")
    subject: Mapped[str] = mapped_column(comment="identifier of what was acted on")
    answer: Mapped[str] = mapped_column(comment="what was answered, canonical JSON")
    at: Mapped[datetime] = mapped_column("kept_at", comment="when (UTC)")
