"""Ledgers of yearly figures: estimates, assessments, requirements, quotas. Entries are append-only.

Masses are whole micrograms of anhydrous base, which both databases add and compare exactly. Each
entry carries the sums before and after it, and names the entry before with its sums: the database
itself refuses an entry that does not follow from the one before, and a reservation over the limit.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, new_id, one_of
from registry.models.trade import follows
from registry.models.types import RowId


class LedgerKind(StrEnum):
    """What the limit of a ledger is."""

    ESTIMATE = "estimate"  # 1961 articles 19, 21 and 31 (1) (b)
    ASSESSMENT = "assessment"  # 1971, by ECOSOC 1981/7 and 1991/44; not treaty law
    REQUIREMENT = "requirement"  # annual legitimate requirement of a precursor; not treaty law
    QUOTA = "quota"  # of national law, for the country or one holder


class EntryKind(StrEnum):
    """What moves the sums of a ledger."""

    LIMIT = "limit"  # the first limit of the year, or one set anew
    SUPPLEMENT = "supplement"
    RESERVATION = "reservation"  # at grant
    DRAWDOWN = "drawdown"  # at shipment, out of what was reserved
    CORRECTION = "correction"  # by endorsement: what arrived instead of what was shipped
    RELEASE = "release"  # what was reserved and not used
    OUTSIDE = "outside"  # trade that no authorisation here covers, entered by hand


class Ledger(Base):
    """One figure of one country, substance and year, as one country keeps it."""

    __tablename__ = "ledger"
    __table_args__ = (
        one_of("kind", LedgerKind),
        UniqueConstraint("keeper", "country", "substance", "year", "kind", "holder"),
        CheckConstraint("year BETWEEN 1961 AND 9999", name="year"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id, comment="UUID")
    keeper: Mapped[str] = mapped_column(comment="country that keeps it")
    country: Mapped[str] = mapped_column(comment="country whose figure it is")
    substance: Mapped[str] = mapped_column(comment="identifier in this register, or folded name")
    year: Mapped[int] = mapped_column(RowId, comment="calendar year")
    kind: Mapped[str] = mapped_column(comment="what its limit is")
    holder: Mapped[str] = mapped_column(comment="whose quota; empty: of the whole country")
    opened_by: Mapped[str] = mapped_column(comment="who opened it")
    opened_at: Mapped[datetime] = mapped_column(comment="when (UTC)")


SUMS = ("limit", "reserved", "used")


class LedgerEntry(Base):
    """One movement. `limit_after` = `limit_before` + `limit_change`, and so of the other sums."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        one_of("kind", EntryKind),
        follows("number", "previous"),
        UniqueConstraint(
            "ledger", "number", "limit_after", "reserved_after", "used_after", name="uq_ledger_sums"
        ),
        ForeignKeyConstraint(
            ["ledger", "previous", "limit_before", "reserved_before", "used_before"],
            [
                f"ledger_entry.{name}"
                for name in ("ledger", "number", "limit_after", "reserved_after", "used_after")
            ],
            name="fk_ledger_entry_previous",
        ),
        CheckConstraint(
            "previous IS NOT NULL OR (limit_before = 0 AND reserved_before = 0 AND used_before = 0)",
            name="begins_empty",
        ),
        *(
            CheckConstraint(f"{s}_after = {s}_before + {s}_change AND {s}_after >= 0", name=s)
            for s in SUMS
        ),
        CheckConstraint(
            "kind <> 'reservation' OR reserved_after + used_after <= limit_after", name="within"
        ),
        CheckConstraint(
            "kind <> 'drawdown' OR (used_change >= 0 AND reserved_change = -used_change)",
            name="drawn_from_reserved",
        ),
        CheckConstraint(
            "kind <> 'release' OR (reserved_change <= 0 AND used_change = 0)", name="released"
        ),
        CheckConstraint("limit_change = 0 OR kind IN ('limit', 'supplement')", name="limit_moves"),
        Index("ix_ledger_entry_authorisation", "authorisation", "line"),
    )

    ledger: Mapped[str] = mapped_column(ForeignKey("ledger.id"), primary_key=True, comment="ledger")
    number: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … of its ledger"
    )
    previous: Mapped[int | None] = mapped_column(RowId, comment="entry before; null: the first")
    kind: Mapped[str] = mapped_column(comment="what moves the sums")
    limit_before: Mapped[int] = mapped_column(RowId, comment="limit before, µg of base")
    limit_change: Mapped[int] = mapped_column(RowId, comment="change of the limit, µg of base")
    limit_after: Mapped[int] = mapped_column(RowId, comment="limit after, µg of base")
    reserved_before: Mapped[int] = mapped_column(RowId, comment="granted, not yet shipped, before")
    reserved_change: Mapped[int] = mapped_column(RowId, comment="change of what is reserved, µg")
    reserved_after: Mapped[int] = mapped_column(RowId, comment="granted, not yet shipped, after")
    used_before: Mapped[int] = mapped_column(RowId, comment="shipped or arrived, before, µg")
    used_change: Mapped[int] = mapped_column(RowId, comment="change of what is used, µg of base")
    used_after: Mapped[int] = mapped_column(RowId, comment="shipped or arrived, after, µg of base")
    authorisation: Mapped[str | None] = mapped_column(
        ForeignKey("authorisation.id"), comment="under which authorisation; null: none"
    )
    line: Mapped[int | None] = mapped_column(RowId, comment="line of the paper; null: none")
    consignment: Mapped[int | None] = mapped_column(RowId, comment="consignment; null: none")
    quantity: Mapped[Decimal | None] = mapped_column(comment="as stated; null: stated as base")
    unit: Mapped[str] = mapped_column(comment="unit of the quantity; empty: stated as base")
    factor: Mapped[Decimal | None] = mapped_column(comment="anhydrous base, per cent by mass")
    factor_source: Mapped[str] = mapped_column(comment="where the factor comes from")
    reason: Mapped[str] = mapped_column(comment="why")
    source: Mapped[str] = mapped_column(comment="document the figure was read in; may be empty")
    actor: Mapped[str] = mapped_column(comment="who entered it")
    at: Mapped[datetime] = mapped_column("entered_at", comment="when (UTC)")
