"""What every table shares: constraint names, the two clocks, one open record per identity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import uuid4

from sqlalchemy import CheckConstraint, Date, Index, MetaData, event, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from registry.facts import Period
from registry.facts import Recorded as RecordedPeriod
from registry.models.types import Exact, Instant, RowId, Words

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Words,
        date: Date(),
        datetime: Instant(),
        Decimal: Exact(),
    }


@event.listens_for(Base, "init", propagate=True)
def _take_defaults(row: Base, _args: Any, given: dict[str, Any]) -> None:
    """Defaults stand from the start, so a new row compares equal to the same row once stored."""
    for name, attribute in row.__mapper__.column_attrs.items():
        default = attribute.columns[0].default
        if default is not None and default.is_scalar:
            given.setdefault(name, default.arg)


class Recorded:
    """A row that says from when until when this register held it to be so (UTC, half-open).

    `identity` names the columns that say what the row is about: of one identity at most one record
    is open, and no two overlap. Records are inserted open, closed once, and never rewritten: the
    database refuses everything else. Write them through `registry.store.history`.
    """

    identity: ClassVar[tuple[str, ...]]

    id: Mapped[int] = mapped_column(
        RowId, primary_key=True, sort_order=-20, comment="row number, without meaning"
    )
    recorded_from: Mapped[datetime] = mapped_column(
        sort_order=20, comment="since when this register holds it (UTC)"
    )
    recorded_to: Mapped[datetime | None] = mapped_column(
        sort_order=21, comment="until when it did (UTC, exclusive); null while it does"
    )

    @property
    def recorded(self) -> RecordedPeriod:
        return RecordedPeriod(self.recorded_from, self.recorded_to)


class Bitemporal(Recorded):
    """A record of law: `key` is its public identifier, `valid_*` a `registry.facts.Period`."""

    identity = ("key",)

    key: Mapped[str] = mapped_column(sort_order=-19, comment="public identifier")
    valid_earliest: Mapped[date | None] = mapped_column(
        sort_order=10, comment="first day on which it may hold; null when unknown"
    )
    valid_from: Mapped[date | None] = mapped_column(
        sort_order=11, comment="first day on which it certainly holds; null when unknown"
    )
    valid_to: Mapped[date | None] = mapped_column(
        sort_order=12, comment="first day on which it no longer holds; null when no end is known"
    )

    @property
    def valid(self) -> Period:
        return Period(self.valid_earliest, self.valid_from, self.valid_to)


def period_columns(period: Period) -> dict[str, date | None]:
    """The columns of a `Bitemporal` row for a period, to be passed as keyword arguments."""
    return {
        "valid_earliest": period.earliest,
        "valid_from": period.start,
        "valid_to": period.end,
    }


def new_id() -> str:
    return str(uuid4())


def one_of(column: str, words: Iterable[StrEnum]) -> CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


def recorded_rules(table: str, *identity: str) -> tuple[SchemaItem, ...]:
    """Constraints of a `Recorded` table that need no trigger."""
    still_open = text("recorded_to IS NULL")
    return (
        CheckConstraint("recorded_from < recorded_to", name="recorded_period"),
        Index(
            f"uq_{table}_open",
            *identity,
            unique=True,
            sqlite_where=still_open,
            postgresql_where=still_open,
        ),
        Index(f"ix_{table}_history", *identity, "recorded_from"),
        Index(f"ix_{table}_opened", "recorded_from", "id"),
        Index(
            f"ix_{table}_closed",
            "recorded_to",
            "id",
            sqlite_where=text("recorded_to IS NOT NULL"),
            postgresql_where=text("recorded_to IS NOT NULL"),
        ),
    )


def bitemporal_rules(table: str) -> tuple[SchemaItem, ...]:
    """Constraints of a `Bitemporal` table that need no trigger."""
    return (
        *recorded_rules(table, "key"),
        CheckConstraint("valid_earliest <= valid_from", name="valid_start"),
        CheckConstraint("valid_from < valid_to", name="valid_period"),
        CheckConstraint("valid_earliest < valid_to", name="valid_earliest_period"),
    )
