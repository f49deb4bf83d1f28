from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from registry.models import Base, BaseFactor, Source, Substance, SubstanceName
from registry.spelling import fold

NOON = datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)


def morphine(session: Session, moment: datetime = NOON) -> None:
    session.add(Substance(id="morphine", name="Morphine", recorded_from=moment))
    session.flush()


def factor(percent: str, water: str = "5") -> BaseFactor:
    return BaseFactor(
        substance="morphine",
        salt="sulfate",
        base_units=2,
        water=Decimal(water),
        percent=Decimal(percent),
        recorded_from=NOON,
    )


def test_a_moment_comes_back_in_utc_to_the_microsecond(session: Session) -> None:
    morphine(session, NOON.astimezone(timezone(timedelta(hours=9))))
    session.expire_all()
    found = session.scalars(select(Substance.recorded_from)).one()
    assert found == NOON
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        morphine(session, NOON.replace(tzinfo=None))


def test_a_decimal_comes_back_digit_for_digit(session: Session) -> None:
    morphine(session)
    session.add(factor("75.20", "0.5"))
    session.flush()
    session.expire_all()
    found = session.scalars(select(BaseFactor)).one()
    assert (str(found.percent), str(found.water)) == ("75.20", "0.5")


@pytest.mark.parametrize(("percent", "water"), [("0", "5"), ("100.01", "5"), ("75.2", "-1")])
def test_a_base_factor_outside_its_range_is_refused(
    session: Session, percent: str, water: str
) -> None:
    morphine(session)
    session.add(factor(percent, water))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_name_of_no_substance_is_refused(session: Session) -> None:
    session.add(SubstanceName(substance="none", text="x", kind="common", recorded_from=NOON))
    with pytest.raises(IntegrityError):
        session.flush()


def test_defaults_stand_before_a_row_is_stored() -> None:
    assert (factor("75.2").acid_units, factor("75.2").basis) == (1, "")


def test_each_reading_of_a_source_has_an_identifier_of_its_own() -> None:
    def reading(**columns: object) -> str:
        return Source(key="list", publisher="p", licence="l", **columns).id

    first = reading(retrieved=date(2025, 1, 1))
    assert first == reading(retrieved=date(2025, 1, 1))
    assert first.startswith("list@")
    assert len({first, reading(), reading(sha256="00"), reading(title="00")}) == 4


def test_names_are_folded_the_way_people_write_them() -> None:
    assert fold("  Stra\u00dfe\u00a0\u212b ") == "strasse å"
    assert fold("\uff2d\uff24\uff2d\uff21") == "mdma"


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


def test_every_column_says_what_it_holds() -> None:
    unexplained = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if not column.comment and not column.foreign_keys
    }
    assert unexplained == set()
