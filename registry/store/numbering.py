"""Numbers of papers: one series per authority, kind and year, without a gap and without reuse.

A number is taken in the transaction that issues the paper. A cancelled paper keeps its number, and
the series lists it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry.models import NumberSeries, NumberTaken


@dataclass(frozen=True, slots=True)
class Series:
    """`prefix` stands before year and number in print and belongs to the kind."""

    authority: str
    kind: str
    year: int
    prefix: str


def take(session: Session, series: Series, *, subject: str, now: datetime) -> str:
    """The next number of a series for a paper that has none, as it is printed.

    Others wait until this transaction ends; if it is rolled back, the number was never taken.
    """
    _hold(session, series)
    newest = select(NumberTaken.number).where(_of(series)).order_by(NumberTaken.number.desc())
    last = session.scalars(newest.limit(1)).first()
    number = (last or 0) + 1
    text = f"{series.authority}-{series.prefix}-{series.year}-{number:06}"
    session.add(
        NumberTaken(
            authority=series.authority,
            kind=series.kind,
            year=series.year,
            number=number,
            previous=last,
            text=text,
            subject=subject,
            at=now,
        )
    )
    session.flush()
    return text


def taken(
    session: Session, authority: str, kind: str, year: int, *, after: int = 0, limit: int = 50
) -> list[NumberTaken]:
    """Numbers of a series in order."""
    series = Series(authority, kind, year, "")
    rows = select(NumberTaken).where(_of(series), NumberTaken.number > after)
    return list(session.scalars(rows.order_by(NumberTaken.number).limit(limit)))


def _of(series: Series) -> ColumnElement[bool]:
    return and_(
        NumberTaken.authority == series.authority,
        NumberTaken.kind == series.kind,
        NumberTaken.year == series.year,
    )


def _hold(session: Session, series: Series) -> None:
    """The row of the series, made with its first number, held until this transaction ends."""
    of_it = {"authority": series.authority, "kind": series.kind, "year": series.year}
    row = select(NumberSeries.year).filter_by(**of_it).with_for_update()
    if session.execute(row).first() is None:
        postgres = session.get_bind().dialect.name == "postgresql"
        insert = (postgresql if postgres else sqlite).insert(NumberSeries)
        session.execute(insert.values(**of_it).on_conflict_do_nothing())
        session.execute(row).one()
