"""A register with one estimate, on each kind of database, papers that count on it, and who acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from api.access.allow import Actor
from api.usecases.trade import ledgers, life, papers
from api.usecases.trade.acts import By
from api.usecases.trade.ledgers import Figure
from api.usecases.trade.papers import Draft
from registry.models import LedgerKind, Role
from registry.store.ledgers import Key
from registry.store.session import make_engine, session_factory
from registry.trade_facts import ForeignPaper, Goods, Paper, Party, Route

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LIMIT = Decimal(1000)


def authority_of(country: str) -> Actor:
    return Actor(f"authority of {country}", Role.AUTHORITY, country)


AUTHORITY, ABROAD = authority_of("XA"), authority_of("XB")
APPLICANT = Actor("importer", Role.APPLICANT, "XA", "XA-7")
EXPORTER = Actor("exporter", Role.APPLICANT, "XB", "Out Ltd")
CUSTOMS = Actor("customs of XA", Role.CUSTOMS, "XA")


def by(actor: Actor = AUTHORITY, *, days: int = 0, **seen: Any) -> By:
    return By(actor, NOW + timedelta(days=days), **seen)


def goods(grams: int | Decimal = 100, line: int = 1, **form: Any) -> Goods:
    return Goods(line, "Fentanyl", Decimal(grams), "g", **form)


def draft(*lines: Goods, **fields: Any) -> Draft:
    """An import of XA from XB under the 1961 Convention."""
    given: dict[str, Any] = {
        "paper": Paper.IMPORT,
        "convention": "1961",
        "jurisdiction": "XA",
        "authority": Party("Authority of XA", "1 Square, Xa"),
        "exporter": Party("Out Ltd", "2 Road, Xb", "XB"),
        "importer": Party("In Ltd", "3 Street, Xa", "XA", "XA-7"),
        "goods": lines or (goods(),),
        "route": Route("XB", "XA"),
    }
    return Draft(**given | fields)


def export(*lines: Goods, **fields: Any) -> Draft:
    foreign = ForeignPaper(
        "XA-IA-2026-000001", date(2026, 5, 1), "Authority of XA", date(2026, 9, 1)
    )
    given: dict[str, Any] = {"paper": Paper.EXPORT, "jurisdiction": "XB", "foreign": foreign}
    return replace(draft(*lines), **given | fields)


def estimate(engine: Any, grams: Decimal = LIMIT, **key: Any) -> str:
    named: dict[str, Any] = {
        "keeper": "XA", "country": "XA", "substance": "Fentanyl", "year": 2026,
        "kind": LedgerKind.ESTIMATE,
    }  # fmt: skip
    figure = Figure(grams=grams, reason="first", source="estimates of the Board, 2026")
    asked = Key(**named | key)
    opened = ledgers.open_ledger(engine, asked, figure, by(authority_of(asked.keeper)))
    return str(opened["id"])


@pytest.fixture
def engine(register_url: str) -> Iterator[Any]:
    """All of the shared wiring that these use cases touch."""
    database = make_engine(register_url)
    yield SimpleNamespace(sessions=session_factory(database), database=database)
    database.dispose()


@pytest.fixture
def ledger(engine: Any) -> str:
    return estimate(engine)


@pytest.fixture
def stands(engine: Any, ledger: str) -> Callable[[], tuple[str, str, str]]:
    """Reserved, used and headroom of the estimate."""

    def read() -> tuple[str, str, str]:
        shown = ledgers.show(engine, ledger, AUTHORITY, NOW.date())
        return shown["reserved"], shown["used"], shown["headroom"]

    return read


def submitted(engine: Any, what: Draft | None = None) -> str:
    asked = what or draft()
    firm = APPLICANT if asked.jurisdiction == "XA" else EXPORTER
    made = papers.create(engine, asked, by(firm))
    life.submit(engine, made["id"], by(firm))
    return str(made["id"])
