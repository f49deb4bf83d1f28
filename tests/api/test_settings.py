"""Settings come from the environment and are shown without secrets."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from api.settings import Settings


def test_the_default_database_is_a_file_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUBREG_DATABASE_URL", raising=False)
    settings = Settings()
    assert settings.default_database
    assert settings.database_url.startswith("sqlite:///")
    assert "substance-register" in settings.database_url


def test_a_database_that_was_named_is_not_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUBREG_DATABASE_URL", "postgresql://clerk@db/register")
    assert not Settings().default_database


def test_a_password_is_not_shown() -> None:
    settings = Settings(database_url="postgresql://clerk:s3cret@db/register")
    assert "s3cret" not in str(settings.shown())
    assert "clerk" in settings.shown()["database_url"]


def test_a_setting_out_of_range_is_refused() -> None:
    with pytest.raises(ValidationError, match="workers"):
        Settings(workers=0)
