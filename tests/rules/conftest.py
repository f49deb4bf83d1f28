"""The law bound with the register that ships with this project."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry.snapshot import snapshot
from registry.store.migrate import upgrade
from registry.store.session import make_engine, session_factory
from rules.decide import Book, bind
from rules.load import load_law
from seed.load import load

RECORDED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    url = f"sqlite:///{tmp_path_factory.mktemp('book') / 'register.sqlite'}"
    upgrade(url)
    engine = make_engine(url)
    with session_factory(engine).begin() as session:
        load(session, recorded_at=RECORDED)
    with session_factory(engine)() as session:
        facts = snapshot(session, RECORDED)
    engine.dispose()
    return bind(load_law(), facts)
