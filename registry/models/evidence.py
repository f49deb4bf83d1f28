"""What sources report of substances: seizures, cases, warnings. A correction keeps the earlier."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.facts import EvidenceKind
from registry.models.base import Base, Recorded, one_of, recorded_rules


class EvidenceRecord(Recorded, Base):
    """One report. Its substance is one of the register, or a name with a structure."""

    __tablename__ = "evidence"
    identity = ("source", "key")
    __table_args__ = (
        *recorded_rules("evidence", *identity),
        one_of("kind", EvidenceKind),
        CheckConstraint("happened_from < happened_to", name="happened"),
        CheckConstraint("(quantity IS NULL) = (unit = '')", name="quantity"),
        CheckConstraint("substance IS NOT NULL OR inchikey <> ''", name="subject"),
        Index("ix_evidence_happened", "happened_to", "happened_from"),
    )

    source: Mapped[str] = mapped_column(comment="title of the source as cited")
    key: Mapped[str] = mapped_column(comment="what the record is called in its source")
    kind: Mapped[str] = mapped_column(comment="seizure, incident, fatal-case, early-warning …")
    substance: Mapped[str | None] = mapped_column(
        ForeignKey("substance.id"), index=True, comment="of the register; null: not in it"
    )
    name: Mapped[str] = mapped_column(comment="name as the source writes it; or empty")
    structure: Mapped[str] = mapped_column(comment="structure as given; empty: by substance")
    inchikey: Mapped[str] = mapped_column(index=True, comment="of that structure; or empty")
    country: Mapped[str] = mapped_column(comment="where; empty: not stated, or more than one")
    happened_from: Mapped[date] = mapped_column(comment="first day on which it may have happened")
    happened_to: Mapped[date] = mapped_column(comment="first day on which it no longer may")
    quantity: Mapped[Decimal | None] = mapped_column(comment="how much; null: the source is silent")
    unit: Mapped[str] = mapped_column(comment="count, g, tablets, percent …; empty: no quantity")
    href: Mapped[str] = mapped_column(comment="where the source can be read; or empty")
    note: Mapped[str] = mapped_column(comment="remark; or empty")
    recorded_by: Mapped[str] = mapped_column(comment="who recorded it")
    reason: Mapped[str] = mapped_column(comment="why it corrects an earlier record; or empty")
