"""Cases: a decision on its way into law, the substances it is about, and every step recorded of it.

All are append-only. An entry that was wrong stays, and a later one stands for it or takes it back, so
each case can be shown as it was known at any moment.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.facts import CaseEntryKind
from registry.models.base import Base, new_id, one_of
from registry.models.types import Json, RowId

RAISED = text("raised_for <> ''")


class CaseFile(Base):
    """What is followed, through which procedure, and for which jurisdictions at first."""

    __tablename__ = "case_file"
    __table_args__ = (
        Index(
            "uq_case_file_raised_for",
            "raised_for",
            unique=True,
            sqlite_where=RAISED,
            postgresql_where=RAISED,
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id, comment="UUID")
    title: Mapped[str] = mapped_column(comment="what it is called")
    procedure: Mapped[str] = mapped_column(comment="identifier of the procedure, UN-1971")
    jurisdictions: Mapped[list[str]] = mapped_column(Json, comment="codes followed from the start")
    raised_for: Mapped[str] = mapped_column(
        comment="country and substance it was raised for, once; empty: opened by hand"
    )
    note: Mapped[str] = mapped_column(comment="for the reader; decides nothing")
    opened_by: Mapped[str] = mapped_column(comment="who opened it")
    opened_at: Mapped[datetime] = mapped_column(comment="when it was opened (UTC)")


class CaseSubject(Base):
    """A substance of a case: one of the register, or a named one that is not on record here."""

    __tablename__ = "case_subject"
    __table_args__ = (CheckConstraint("name <> ''", name="name"),)

    case: Mapped[str] = mapped_column("case_id", ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … of its case"
    )
    substance: Mapped[str | None] = mapped_column(ForeignKey("substance.id"), index=True)
    name: Mapped[str] = mapped_column(comment="its name")
    structure: Mapped[str] = mapped_column(comment="as given, where it is not on record; or empty")


class CaseEntry(Base):
    """One thing recorded of a case, with both dates: when it happened and when it was recorded."""

    __tablename__ = "case_entry"
    __table_args__ = (
        one_of("kind", CaseEntryKind),
        CheckConstraint("not_before <= not_after", name="days"),
        CheckConstraint("corrects < number", name="corrects"),
        Index("uq_case_entry_corrects", "case_id", "corrects", unique=True),
    )

    case: Mapped[str] = mapped_column("case_id", ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … of its case"
    )
    kind: Mapped[str] = mapped_column(comment="step, withdrawal, follow or close")
    step: Mapped[str] = mapped_column(comment="step of the procedure; or empty")
    jurisdiction: Mapped[str] = mapped_column(comment="whose step it is; empty: nobody's alone")
    not_before: Mapped[date | None] = mapped_column(comment="not done before; null: not known")
    not_after: Mapped[date | None] = mapped_column(comment="not done after; null: not known")
    until: Mapped[date | None] = mapped_column(
        "until_date", comment="first day on which the measure no longer holds, as its document says"
    )
    document: Mapped[str] = mapped_column(comment="what shows it: title, number")
    source: Mapped[str] = mapped_column(comment="where it can be read; or empty")
    note: Mapped[str] = mapped_column(comment="for the reader, or why it is corrected or closed")
    corrects: Mapped[int | None] = mapped_column(
        RowId, comment="the entry it stands for or takes back; null: none"
    )
    actor: Mapped[str] = mapped_column(comment="who recorded it")
    at: Mapped[datetime] = mapped_column("recorded_at", comment="when it was recorded (UTC)")
