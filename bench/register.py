"""The law bound with the register that ships with this project, in a database of the run's own."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from registry.snapshot import snapshot
from registry.store.migrate import upgrade
from registry.store.session import make_engine, session_factory
from rules.decide import Book, bind
from rules.load import load_law
from seed.load import load

RECORDED = datetime(2026, 1, 1, tzinfo=UTC)


def seeded_book() -> Book:
    """A fresh register, seeded, as known when it was made."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'register.sqlite')}"
        upgrade(url)
        engine = make_engine(url)
        with session_factory(engine).begin() as session:
            load(session, recorded_at=RECORDED)
        with session_factory(engine)() as session:
            facts = snapshot(session, RECORDED)
        engine.dispose()
    return bind(load_law(), facts)
