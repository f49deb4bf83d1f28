"""Two laws side by side: which substances change status, by which clause, in which year."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from api.engine import Engine, open_engine
from api.settings import Settings
from api.usecases.dates import ReversedDates
from api.usecases.law_diff import Asked, NothingToCompare, alone, law_diff, yearly
from api.usecases.libraries import Library, of_file
from registry.errors import DatabaseError, Overrun, UnknownScope
from rules.decide import Scope
from tests.api import past, trials

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
GB = Scope(("GB",))


@pytest.fixture(scope="module")
def engine(small_register: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("law-diff")
    file = shutil.copy(small_register, folder / "register.sqlite")
    law = past.small_law(folder / "law")
    settings = Settings(
        database_url=f"sqlite:///{file}", workers=1, law_root=law, deadline_seconds=30
    )
    with open_engine(settings, NOW) as engine:
        yield engine


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return of_file(trials.library(tmp_path_factory.mktemp("named")))


def diff(engine: Engine, named: Library, *dates: date, **more: Any) -> dict[str, Any]:
    return law_diff(engine, Asked(dates, (), GB, **more), NOW, files=[named], workers=1)


def test_each_substance_is_told_with_the_provision_and_clause_that_brought_it_in(
    engine: Engine, named: Library
) -> None:
    found = diff(engine, named, date(2016, 12, 13), date(2016, 12, 14), date(2019, 11, 15))
    assert [point["on"] for point in found["points"]] == ["2016-12-13", "2016-12-14", "2019-11-15"]
    changes = {
        row["name"]: [
            (one["step"], one["after"]) for one in row["changes"] if one["kind"] == "status"
        ]
        for row in found["rows"]
    }
    assert changes["APINACA"] == [(1, "controlled")]
    assert "aspirin" not in changes
    began, reworded = found["steps"]
    (cause,) = [one for one in began["by"] if one["after"] == "controlled"]
    assert (cause["provision"], cause["why"]) == ("GB-MDA-B-1ca", "provision began")
    assert cause["clause"]
    assert all(one["why"] == "wording changed" for one in reworded["by"])
    (counted,) = found["libraries"]
    assert counted["unreadable"] == 1
    assert counted["changed"] + counted["unchanged"] + counted["undetermined"] == 5


def test_two_sets_of_rule_files_are_compared_on_one_day(
    engine: Engine, named: Library, tmp_path: Path
) -> None:
    law = past.small_law(tmp_path / "other")
    file = law / "gb" / "GB-MDA-B-1ca.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("until: 2019-11-15", "until: 2019-11-10", 1), encoding="utf-8")
    day = date(2019, 11, 12)
    found = diff(engine, named, day, law=law)
    assert found["points"][0]["rule_set"] != found["points"][1]["rule_set"]
    assert found["points"][1]["law"] == "other"
    (row,) = [row for row in found["rows"] if row["name"] == "APINACA"]
    assert (row["changes"][0]["before"], row["changes"][0]["after"]) == (
        "controlled",
        "not_controlled",
    )


def test_the_same_day_of_each_year_and_the_last_day_itself() -> None:
    assert yearly(date(2024, 2, 29), date(2026, 3, 1)) == (
        date(2024, 2, 29),
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2026, 3, 1),
    )
    assert yearly(date(2020, 5, 1), date(2021, 5, 1)) == (date(2020, 5, 1), date(2021, 5, 1))


def test_what_cannot_be_compared_is_refused(engine: Engine, named: Library) -> None:
    first, second = date(2016, 1, 1), date(2017, 1, 1)
    with pytest.raises(ReversedDates):
        diff(engine, named, second, first)
    with pytest.raises(NothingToCompare):
        diff(engine, named, first)
    with pytest.raises(NothingToCompare):
        diff(engine, named, first, first)
    with pytest.raises(UnknownScope):
        law_diff(engine, Asked((first, second), ("register",), Scope(("QQ",))), NOW)
    with pytest.raises(NothingToCompare, match="named twice"):
        law_diff(engine, Asked((first, second), ("register",) * 2), NOW)
    with pytest.raises(DatabaseError):
        law_diff(engine, Asked((first, second), ("register",)), datetime(2020, 1, 1, tzinfo=UTC))


def test_a_service_does_one_at_a_time() -> None:
    with alone(), pytest.raises(Overrun, match="under way"), alone():
        pass
    with alone():
        pass
