"""The two dates of a question."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from api.usecases.dates import FutureKnowledge, dates_asked

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def test_dates_left_out_mean_today_and_now() -> None:
    dates = dates_asked(NOW)
    assert (dates.on, dates.known_at) == (date(2026, 3, 1), NOW)


def test_today_is_the_day_in_utc_wherever_the_clock_stands() -> None:
    auckland = timezone(timedelta(hours=13))
    early = datetime(2026, 3, 2, 1, 0, tzinfo=auckland)
    assert dates_asked(early).on == date(2026, 3, 1)


def test_a_past_day_of_knowledge_means_its_end() -> None:
    dates = dates_asked(NOW, known_on=date(2026, 2, 28))
    assert dates.known_text == "2026-02-28T23:59:59.999999+00:00"


def test_knowledge_of_today_means_now() -> None:
    assert dates_asked(NOW, known_on=date(2026, 3, 1)).known_at == NOW


def test_nothing_is_known_yet_as_of_tomorrow() -> None:
    with pytest.raises(FutureKnowledge, match="`2026-03-02`"):
        dates_asked(NOW, known_on=date(2026, 3, 2))


def test_the_law_of_a_day_to_come_may_be_asked() -> None:
    assert dates_asked(NOW, on=date(2030, 1, 1)).on == date(2030, 1, 1)
