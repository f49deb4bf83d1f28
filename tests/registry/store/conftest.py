"""A small register to ask: two jurisdictions, two provisions, three substances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.facts import Period
from registry.models import (
    Identifier,
    Jurisdiction,
    Listing,
    Provision,
    Source,
    StructureRecord,
    Substance,
    SubstanceName,
    period_columns,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = {
    "ketamine": ("Ketamine", "Ketamin"),
    "acetic-anhydride": ("Acetic anhydride", "Ethanoic anhydride"),
    "khat": ("Khat", "Qat"),
}


def structure(substance: str, smiles: str, connectivity: str, inchikey: str) -> StructureRecord:
    return StructureRecord(
        substance=substance,
        as_given=smiles,
        standardised=smiles,
        formula="",
        connectivity=connectivity,
        stereo="",
        isotope="",
        tautomer=connectivity,
        inchikey=inchikey,
        scheme="test",
        steps=[],
        recorded_from=START,
    )


def stock(session: Session) -> None:
    source = Source(key="lists", publisher="UN", licence="not reviewed", address="https://un.org")
    session.add(source)
    for code, name in (("UN", "United Nations"), ("GB", "United Kingdom")):
        session.add(Jurisdiction(code=code, name=name, recorded_from=START))
    session.flush()
    for provision, jurisdiction in (("UN-1988-I", "UN"), ("GB-MDA-B-1a", "GB")):
        session.add(
            Provision(id=provision, jurisdiction=jurisdiction, title=provision, kind="list")
        )
    for key, names in NAMES.items():
        session.add(Substance(id=key, name=names[0], recorded_from=START))
        session.flush()
        session.add_all(
            SubstanceName(substance=key, text=name, kind="common", recorded_from=START)
            for name in names
        )
    session.add(
        Identifier(substance="acetic-anhydride", kind="cas", value="108-24-7", recorded_from=START)
    )
    session.add(structure("acetic-anhydride", "CC(=O)OC(C)=O", "aa", "WFDIJRYMOXRFFG-UHFFFAOYSA-N"))
    session.flush()


def listing(key: str, period: Period | None = None, **columns: Any) -> Listing:
    columns = {
        "provision": "GB-MDA-B-1a",
        "substance": "ketamine",
        "name": "Ketamine",
        "recorded_from": START,
        **columns,
    }
    valid = period or Period.exact(date(2014, 6, 10))
    return Listing(key=key, **period_columns(valid), **columns)


@pytest.fixture
def stocked(session: Session) -> Session:
    stock(session)
    session.commit()
    return session


@pytest.fixture
def a_listing() -> Callable[..., Listing]:
    return listing


@pytest.fixture
def fill() -> Callable[[Session], None]:
    return stock
