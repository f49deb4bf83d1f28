"""The small register with a past: corrected, withdrawn, recorded again, announced, contradicted."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import models
from registry.facts import Period
from registry.models import period_columns
from registry.store import history
from registry.store.session import make_engine, session_factory, writing
from rules.load import LAW

CORRECTED = datetime(2026, 2, 1, 12, tzinfo=UTC)
ADDED = datetime(2026, 3, 1, 12, tzinfo=UTC)
WITHDRAWN = datetime(2026, 4, 1, 12, tzinfo=UTC)
REOPENED = datetime(2026, 5, 1, 12, tzinfo=UTC)
GAZETTE = "https://example.org/gazette?a=1&b=2"
HOSTILE = "A&B <b>acid</b> \x0b]]>"

COVERAGE = "jurisdictions:\n" + "".join(
    f"  {code}: {{name: {code}, against: the text of a test}}\n" for code in ("UN", "US", "GB")
)


def small_law(folder: Path) -> Path:
    """One rule file, whose wording was replaced on 2019-11-15."""
    (folder / "gb").mkdir(parents=True)
    (folder / "coverage.yaml").write_text(COVERAGE, encoding="utf-8")
    for file in ("GB-MDA-B-1ca.yaml", "vocabulary.yaml"):
        shutil.copy(LAW / "gb" / file, folder / "gb")
    return folder


def give_past(url: str) -> str:
    engine = make_engine(url)
    with writing(session_factory(engine)) as session:
        _write(session)
    engine.dispose()
    return url


def _write(session: Session) -> None:
    gazette = models.Source(
        key="gazette",
        title="Gazette & orders",
        publisher="A State",
        licence="not reviewed",
        address=GAZETTE,
        retrieved=date(2026, 1, 31),
    )
    session.add(gazette)
    session.flush()
    ketamine = _listing("US-CSA-III", "ketamine", Period.exact(date(1999, 8, 12)))
    ketamine.code, ketamine.source = "7285", gazette.id
    history.supersede(session, ketamine.key, ketamine, CORRECTED)
    _add(session, ADDED, gazette.id)
    _end(session)


def _add(session: Session, at: datetime, source: str) -> None:
    ended = Period.exact(date(2000, 1, 1), date(2024, 1, 1))
    amfetamine = _listing("UN-1971-II", "amfetamine", ended)
    history.supersede(session, amfetamine.key, amfetamine, at)
    wider = _listing("UN-1971-II", "amfetamine", Period.exact(date(2024, 1, 1)), "-2")
    wider.covers = ["salts"]
    announced = _listing("US-CSA-II", "metamfetamine", Period.exact(date(2027, 5, 1)))
    rows: list[Any] = [
        wider,
        announced,
        models.SubstanceName(substance="aspirin", text=HOSTILE, kind="common", source=source),
        models.TreatyStatus(
            key="1988:US", treaty="1988", party="US", **period_columns(Period.exact(date(1990, 11, 11)))
        ),
        models.TariffCode(
            key="HS-2022:aspirin", substance="aspirin", system="HS", edition="2022",
            code="2918.22", scope="residual", **period_columns(Period.exact(date(2022, 1, 1))),
        ),
        models.ProvisionVersion(
            key="US-CSA-II:1", provision="US-CSA-II", citation="21 U.S.C. 812",
            **period_columns(Period.exact(date(1971, 5, 1))),
        ),
        models.Disagreement(
            subject="ketamine", field="structure", values=["AAA", "BBB"],
            sources=["this register", "gazette"], note="other connectivity",
        ),
    ]  # fmt: skip
    for row in rows:
        row.recorded_from = at
        history.record(session, row)


def _end(session: Session) -> None:
    coca = _held(session, models.Listing, substance="coca-leaf")
    history.close(session, coca, WITHDRAWN)
    history.close(
        session,
        _held(session, models.SubstanceName, substance="amfetamine", text="Speed"),
        WITHDRAWN,
    )
    again = _listing("UN-1961-I", "coca-leaf", Period(None, date(2000, 1, 1), None))
    again.recorded_from = REOPENED
    history.record(session, again)


def _held(session: Session, model: Any, **columns: str) -> Any:
    return session.scalars(select(model).filter_by(**columns, recorded_to=None)).one()


def _listing(provision: str, substance: str, period: Period, suffix: str = "") -> models.Listing:
    return models.Listing(
        key=f"{provision}:{substance}{suffix}",
        provision=provision,
        substance=substance,
        name=substance,
        **period_columns(period),
    )
