"""Bring the data that ships into a register: once, or again without any change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from registry import models
from registry.errors import DatabaseError
from registry.models.types import Instant
from registry.store import audit, migrate
from registry.store import sources as source_store
from registry.store.history import Changes, reconcile
from registry.store.session import make_engine, session_factory, shown, writing
from seed import rows
from seed.readers.dataset import read_dataset
from seed.readers.records import Dataset
from seed.reconcile import Difference, Structure, differences, structures

ACTOR = "seed"
Progress = Callable[[str], None]
Row = TypeVar("Row", bound=models.Recorded)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading did. A changed fact counts as one closed and one added."""

    added: int
    unchanged: int
    closed: int
    tables: Mapping[str, Changes] = field(default_factory=dict)
    content_hash: str = ""

    @property
    def changed(self) -> bool:
        return bool(self.added or self.closed)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The data read, its structures computed, its differences found: all that needs no database."""

    dataset: Dataset
    structures: Mapping[str, Structure]
    differences: tuple[Difference, ...]


def prepare(dataset: Dataset | None = None, progress: Progress | None = None) -> Prepared:
    """Do what takes time before a transaction is open. Raises SeedError."""
    tell = progress or _silent
    dataset = dataset or read_dataset()
    tell(f"{len(dataset.listings)} listings of {len(dataset.substances)} substances read")
    found = structures(dataset)
    tell(f"{len(found)} structures computed")
    return Prepared(dataset, found, differences(dataset, found))


def load(
    session: Session,
    *,
    recorded_at: datetime,
    progress: Progress | None = None,
    prepared: Prepared | None = None,
) -> LoadReport:
    """Make the register say what the data say, in the caller's transaction.

    A fact that stands keeps its record; a changed or vanished one is closed at `recorded_at`, a
    new one opened then. Records from other sources than ours are left alone. With nothing to
    change nothing is written, the audit log included.
    """
    prepared = prepared or prepare(progress=progress)
    tables = dict(_settle(session, prepared, recorded_at))
    report = LoadReport(
        added=sum(changes.added for changes in tables.values()),
        unchanged=sum(changes.unchanged for changes in tables.values()),
        closed=sum(changes.closed for changes in tables.values()),
        tables=tables,
        content_hash=prepared.dataset.content_hash,
    )
    if report.changed:
        _log(session, report, recorded_at)
    return report


def load_into(
    url: str, progress: Progress | None = None, *, recorded_at: datetime | None = None
) -> LoadReport:
    """Load into the register at `url`, in one transaction of its own.

    Without `recorded_at` the database says what time it is.
    """
    prepared = prepare(progress=progress)
    engine = make_engine(url)
    try:
        migrate.require_head(engine)
        with writing(session_factory(engine)) as session:
            moment = recorded_at or _database_time(session)
            report = load(session, recorded_at=moment, prepared=prepared)
    finally:
        engine.dispose()
    (progress or _silent)(f"`{shown(url)}`: {summary(report)}")
    return report


def summary(report: LoadReport) -> str:
    counts = f"{report.added} added, {report.closed} closed, {report.unchanged} unchanged"
    return counts if report.changed else f"nothing to change; {counts}"


def _settle(session: Session, prepared: Prepared, at: datetime) -> Iterator[tuple[str, Changes]]:
    dataset = prepared.dataset
    readings = {
        key: source_store.keep(session, rows.source(given)).id
        for key, given in dataset.sources.items()
    }
    plain: list[tuple[type[models.Base], Iterable[models.Base]]] = [
        (models.Jurisdiction, rows.jurisdictions(dataset, at)),
        (models.Instrument, rows.instruments(dataset)),
        (models.Provision, rows.provisions(dataset)),
        (models.Substance, rows.substances(dataset, at)),
    ]
    for table, wanted in plain:
        yield str(inspect(table).local_table), _settle_plain(session, table, wanted)
    recorded: list[tuple[type[models.Recorded], Iterable[models.Recorded]]] = [
        (models.SubstanceName, rows.names(dataset, readings)),
        (models.Identifier, rows.identifiers(dataset, readings)),
        (models.StructureRecord, rows.structure_records(dataset, prepared.structures, readings)),
        (models.Listing, rows.listings(dataset, readings)),
        (models.TariffCode, rows.tariff_codes(dataset, readings)),
        (models.BaseFactor, rows.base_factors(dataset, readings)),
        (models.Disagreement, rows.disagreements(prepared.differences)),
    ]
    ours = frozenset(dataset.sources)
    for model, told in recorded:
        yield str(inspect(model).local_table), _settle_recorded(session, model, told, ours, at)


def _settle_plain(
    session: Session, model: type[models.Base], wanted: Iterable[models.Base]
) -> Changes:
    """Tables without history: new rows are added, changed ones brought up to date."""
    mapper = inspect(model)
    keys = [column.key for column in mapper.column_attrs if column.key != "recorded_from"]
    standing = {
        mapper.primary_key_from_instance(row)[0]: row for row in session.scalars(select(model))
    }
    added = unchanged = updated = 0
    for row in wanted:
        old = standing.get(mapper.primary_key_from_instance(row)[0])
        if old is None:
            session.add(row)
            added += 1
        elif [getattr(old, key) for key in keys] == [getattr(row, key) for key in keys]:
            unchanged += 1
        else:
            for key in keys:
                setattr(old, key, getattr(row, key))
            updated += 1
    session.flush()
    return Changes(added + updated, unchanged, updated)


def _settle_recorded(
    session: Session,
    model: type[Row],
    wanted: Iterable[Row],
    ours: frozenset[str],
    at: datetime,
) -> Changes:
    """Reconcile our records. Others' stand, and where they speak of the same thing, ours give way."""
    others = {_identity(row): row for row in _others(session, model, ours)}
    mine = [row for row in wanted if _identity(row) not in others]
    changes = reconcile(session, model, [*mine, *others.values()], at)
    return Changes(changes.added, changes.unchanged - len(others), changes.closed)


def _others(session: Session, model: type[Row], ours: frozenset[str]) -> list[Row]:
    """Open records that come from a source which is not among the data that ships."""
    if "source" not in inspect(model).column_attrs:
        return []
    still_open = select(model).where(model.recorded_to.is_(None))
    return [row for row in session.scalars(still_open) if _key(row) not in ours]


def _key(row: Any) -> str:
    return str(row.source or "").rsplit("@", 1)[0]


def _identity(row: models.Recorded) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in row.identity)


def _log(session: Session, report: LoadReport, at: datetime) -> None:
    counts = {
        table: {"added": changes.added, "closed": changes.closed}
        for table, changes in report.tables.items()
        if changes.added or changes.closed
    }
    audit.record(
        session,
        at=at,
        actor=ACTOR,
        action="seed:loaded",
        subject=report.content_hash,
        payload={"content_hash": report.content_hash, "tables": counts},
    )


def _database_time(session: Session) -> datetime:
    moment: datetime | None = session.scalar(select(func.current_timestamp(type_=Instant())))
    if moment is None:
        raise DatabaseError("the database does not say what time it is")
    return moment


def _silent(_: str) -> None:
    return None
