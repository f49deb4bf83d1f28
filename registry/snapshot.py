"""The register as it was known at a moment, as immutable facts for the judge."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from registry import facts, models
from registry.store.clock import known

Structures = Mapping[str, tuple[Any, facts.Layers]]
Cites = Mapping[str | None, facts.Citation]


def snapshot(session: Session, known_at: datetime) -> facts.Facts:
    """Every fact this register held at `known_at`, whatever its dates in law.

    The content hash covers what is stated and where it can be read; not row numbers, the order of
    insertion or the moment of recording, so two registers that hold the same facts agree on it.
    """
    structures = {
        row.substance: (row, _layers(row))
        for row in _known(session, models.StructureRecord, known_at)
    }
    cites = _cites(session, known_at)
    stated: dict[str, Any] = {
        "listings": _listings(session, known_at, structures, cites),
        "substances": _substances(session, known_at, structures),
        "treaties": _treaties(session, known_at),
        "codes": _codes(session, known_at),
        "jurisdictions": _jurisdictions(session, known_at),
    }
    sources = {source: cite.href for source, cite in cites.items() if source}
    return facts.Facts(content_hash=_content_hash(stated), sources=sources, **stated)


def _known(session: Session, model: type[models.Recorded], at: datetime) -> list[Any]:
    """Plain rows: tracking each as an object of the session would double the time."""
    columns = inspect(model).local_table.columns
    return list(session.execute(select(*columns).where(known(model, at))))


def _layers(row: Any) -> facts.Layers:
    return facts.Layers(
        scheme=row.scheme,
        formula=row.formula,
        connectivity=row.connectivity,
        stereo=row.stereo,
        isotope=row.isotope,
        tautomer=row.tautomer,
        inchikey=row.inchikey,
    )


def _valid(row: Any) -> facts.Period:
    return facts.Period(row.valid_earliest, row.valid_from, row.valid_to)


def _cites(session: Session, at: datetime) -> Cites:
    cited = select(models.Listing.source).where(known(models.Listing, at))
    rows = select(models.Source).where(models.Source.id.in_(cited)).order_by(models.Source.id)
    cites: dict[str | None, facts.Citation] = {None: facts.Citation("")}
    for row in session.scalars(rows):
        cites[row.id] = facts.Citation(row.title or row.publisher, row.address, row.retrieved)
    return cites


def _listings(
    session: Session, at: datetime, structures: Structures, cites: Cites
) -> tuple[facts.Listing, ...]:
    rows = _known(session, models.Listing, at)
    return tuple(_listing(row, structures, cites) for row in sorted(rows, key=lambda row: row.key))


def _listing(row: Any, structures: Structures, cites: Cites) -> facts.Listing:
    _, layers = structures.get(row.substance or "", (None, None))
    return facts.Listing(
        id=row.key,
        provision=row.provision,
        name=row.name,
        role=facts.Role(row.role),
        valid=_valid(row),
        recorded=facts.Recorded(row.recorded_from),
        cite=cites[row.source],
        substance=row.substance,
        smiles=row.smiles,
        layers=layers,
        covers=None if row.covers is None else tuple(row.covers),
        paragraph=row.paragraph,
        code=row.code,
        basis=row.basis,
        verification=row.verification,
        thresholds=tuple(_thresholds(row.attributes or {})),
    )


_COUNTED = {
    "threshold_domestic": "domestic transactions",
    "threshold_trade": "import and export",
    "annual_threshold": "one year",
}


def _thresholds(attributes: Mapping[str, str]) -> Iterator[facts.Threshold]:
    certainty = attributes.get("threshold_certainty", "")
    for name, counted in _COUNTED.items():
        if amount := attributes.get(name):
            yield facts.Threshold(counted, amount, certainty)


def _substances(
    session: Session, at: datetime, structures: Structures
) -> tuple[facts.Substance, ...]:
    names: dict[str, list[facts.Name]] = defaultdict(list)
    for name in _known(session, models.SubstanceName, at):
        names[name.substance].append(facts.Name(name.text, name.kind, name.language, name.script))
    identifiers: dict[str, list[facts.Identifier]] = defaultdict(list)
    for row in _known(session, models.Identifier, at):
        identifiers[row.substance].append(facts.Identifier(row.kind, row.value))
    known_by_then = select(models.Substance).where(models.Substance.recorded_from <= at)
    return tuple(
        _substance(row, structures, names[row.id], identifiers[row.id])
        for row in sorted(session.scalars(known_by_then), key=lambda row: row.id)
    )


def _substance(
    row: models.Substance,
    structures: Structures,
    names: list[facts.Name],
    identifiers: list[facts.Identifier],
) -> facts.Substance:
    structure, layers = structures.get(row.id, (None, None))
    return facts.Substance(
        id=row.id,
        name=row.name,
        names=tuple(sorted(names, key=lambda name: (name.kind, name.language, name.text))),
        identifiers=tuple(sorted(identifiers, key=lambda given: (given.kind, given.value))),
        smiles=structure.standardised if structure else "",
        layers=layers,
        verification=structure.verification if structure else row.verification,
    )


def _treaties(session: Session, at: datetime) -> tuple[facts.TreatyStatus, ...]:
    rows = sorted(_known(session, models.TreatyStatus, at), key=lambda row: row.key)
    return tuple(
        facts.TreatyStatus(row.treaty, row.party, _valid(row), facts.Recorded(row.recorded_from))
        for row in rows
    )


def _codes(session: Session, at: datetime) -> tuple[facts.TariffCode, ...]:
    rows = sorted(_known(session, models.TariffCode, at), key=lambda row: row.key)
    return tuple(
        facts.TariffCode(row.substance, row.system, row.edition, row.code, row.scope, _valid(row))
        for row in rows
    )


def _jurisdictions(session: Session, at: datetime) -> tuple[facts.Jurisdiction, ...]:
    known_by_then = select(models.Jurisdiction).where(models.Jurisdiction.recorded_from <= at)
    rows = sorted(session.scalars(known_by_then), key=lambda row: row.code)
    return tuple(facts.Jurisdiction(row.code, row.name) for row in rows)


def _content_hash(stated: Mapping[str, Any]) -> str:
    text = json.dumps(
        stated, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A frozen fact as the list of its fields; a moment of recording is not a fact of law."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, facts.Recorded):
        return None
    return [getattr(value, name) for name in value.__slots__]
