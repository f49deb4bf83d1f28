"""The data as rows of the register's tables. Every column is filled: a default would be a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from registry import models
from registry.models import period_columns
from registry.spelling import fold
from seed.readers import records
from seed.readers.records import Dataset
from seed.reconcile import Difference, Structure, check_digit

Readings = Mapping[str, str]
"""Key of a source → identifier of the reading on record."""


def source(given: records.Source) -> models.Source:
    return models.Source(
        key=given.key,
        title=given.title,
        publisher=given.publisher,
        licence=given.licence,
        address=given.address,
        retrieved=given.retrieved,
        sha256=given.sha256,
    )


def jurisdictions(dataset: Dataset, at: datetime) -> Iterator[models.Jurisdiction]:
    for given in dataset.jurisdictions:
        yield models.Jurisdiction(code=given.code, name=given.name, recorded_from=at)


def instruments(dataset: Dataset) -> Iterator[models.Instrument]:
    for given in dataset.instruments:
        yield models.Instrument(
            id=given.id,
            jurisdiction=given.jurisdiction,
            title=given.title,
            citation=given.citation,
            address=given.address,
        )


def provisions(dataset: Dataset) -> Iterator[models.Provision]:
    for given in dataset.provisions.values():
        yield models.Provision(
            id=given.id,
            jurisdiction=given.jurisdiction,
            instrument=given.instrument or None,
            title=given.title,
            kind=given.kind,
        )


def substances(dataset: Dataset, at: datetime) -> Iterator[models.Substance]:
    for given in dataset.substances.values():
        yield models.Substance(
            id=given.id, name=given.name, verification=given.verification, recorded_from=at
        )


def names(dataset: Dataset, readings: Readings) -> Iterator[models.SubstanceName]:
    """The preferred name, the name in each listing, and the others: each spelling once."""
    told: set[tuple[str, str]] = set()
    for given in _every_name(dataset):
        spelling = (given.substance, fold(given.text))
        if spelling not in told:
            told.add(spelling)
            yield models.SubstanceName(
                substance=given.substance,
                text=given.text,
                kind=given.kind,
                language=given.language,
                script=given.script,
                source=readings[given.source],
            )


def _every_name(dataset: Dataset) -> Iterator[records.Name]:
    """Names we hold more about come first: a kind once given is not lost to a plain listing."""
    yield from dataset.names
    for one in dataset.substances.values():
        yield records.Name(
            one.id, one.name, "common", dataset.sources[one.source].language, "", one.source
        )
    for listing in dataset.listings:
        language = dataset.sources[listing.source].language
        yield records.Name(listing.substance, listing.name, "common", language, "", listing.source)


def identifiers(dataset: Dataset, readings: Readings) -> Iterator[models.Identifier]:
    """A CAS number with a wrong check digit is nobody's number; it is shown as a disagreement."""
    for given in dataset.identifiers:
        if given.kind != "cas" or check_digit(given.value):
            yield models.Identifier(
                substance=given.substance,
                kind=given.kind,
                value=given.value,
                source=readings[given.source],
            )


def structure_records(
    dataset: Dataset, found: Mapping[str, Structure], readings: Readings
) -> Iterator[models.StructureRecord]:
    for owner, structure in found.items():
        given = dataset.substances[owner]
        yield models.StructureRecord(
            substance=owner,
            as_given=structure.as_given,
            format="smiles",
            standardised=structure.standardised,
            formula=structure.layers.formula,
            connectivity=structure.layers.connectivity,
            stereo=structure.layers.stereo,
            isotope=structure.layers.isotope,
            tautomer=structure.layers.tautomer,
            inchikey=structure.layers.inchikey,
            scheme=structure.layers.scheme,
            steps=list(structure.steps),
            verification=given.verification,
            routes=given.routes,
            source=readings[given.source],
        )


def listings(dataset: Dataset, readings: Readings) -> Iterator[models.Listing]:
    for given in dataset.listings:
        yield models.Listing(
            key=given.key,
            provision=given.provision,
            substance=given.substance,
            name=given.name,
            role=given.role,
            smiles=given.drawing or dataset.substances[given.substance].structure,
            covers=None if given.covers is None else list(given.covers),
            paragraph=given.paragraph,
            code=given.code,
            basis=f"{given.dating}, {given.certainty}",
            verification=given.verification,
            note=given.note,
            attributes=dict(given.attributes) or None,
            source=readings[given.source],
            **period_columns(given.valid),
        )


def tariff_codes(dataset: Dataset, readings: Readings) -> Iterator[models.TariffCode]:
    for given in dataset.codes:
        yield models.TariffCode(
            key=given.key,
            substance=given.substance,
            system=given.system,
            edition=given.edition,
            code=given.code,
            scope=given.scope,
            source=readings[given.source],
            **period_columns(given.valid),
        )


def base_factors(dataset: Dataset, readings: Readings) -> Iterator[models.BaseFactor]:
    for given in dataset.factors:
        yield models.BaseFactor(
            substance=given.substance,
            salt=given.salt,
            base_units=given.base_units,
            acid_units=given.acid_units,
            water=given.water,
            percent=given.percent,
            basis="computed",
            source=readings[given.source],
        )


def disagreements(found: Iterable[Difference]) -> Iterator[models.Disagreement]:
    for one in found:
        yield models.Disagreement(
            subject=one.subject,
            field=one.field,
            values=list(one.values),
            sources=list(one.sources),
            note=one.note,
        )
