"""A small register of named public substances, and an ordinary consignment between XA and XB."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.facts import (
    Citation,
    Facts,
    Identifier,
    Listing,
    Name,
    Period,
    Recorded,
    Role,
    Substance,
)
from rules.shipment.check import ShipmentDecision, check
from rules.shipment.consignment import Line, read_consignment
from rules.shipment.read import load_rules
from rules.shipment.rules import ShipmentRule
from rules.shipment.status import LineStatus, line_status

SINCE = Period.exact(date(1964, 12, 13))
TO_TABLE_I = date(2001, 12, 8)
ROWS: dict[str, tuple[str, dict[str, Period]]] = {
    "Morphine": ("57-27-2", {"UN-1961-I": SINCE}),
    "Fentanyl": ("437-38-7", {"UN-1961-I": SINCE}),
    "Pethidine": ("57-42-1", {"UN-1961-I": SINCE}),
    "Opium": ("8008-60-4", {"UN-1961-I": SINCE}),
    "Heroin": ("561-27-3", {"UN-1961-I": SINCE, "UN-1961-IV": SINCE}),
    "Diphenoxylate": ("915-30-0", {"UN-1961-I": SINCE}),
    "Butonitazene": ("95810-54-1", {"UN-1961-I": Period(earliest=date(2024, 3, 19))}),
    "Codeine": ("76-57-3", {"UN-1961-II": SINCE}),
    "Dextropropoxyphene": ("469-62-5", {"UN-1961-II": SINCE}),
    "Cocaine": ("50-36-2", {"UN-1961-I": SINCE}),
    "Difenoxin": ("28782-42-5", {"UN-1961-I": SINCE}),
    "Propiram": ("15686-91-6", {"UN-1961-II": SINCE}),
    "Psilocybine": ("520-52-5", {"UN-1971-I": SINCE}),
    "Methylphenidate": ("113-45-1", {"UN-1971-II": SINCE}),
    "Dipentylone": ("803614-36-0", {"UN-1971-II": SINCE}),
    "Hexahydrocannabinol": ("6692-85-9", {"UN-1971-II": Period(earliest=date(2025, 3, 12))}),
    "Pentobarbital": ("76-74-4", {"UN-1971-III": SINCE}),
    "Diazepam": ("439-14-5", {"UN-1971-IV": SINCE}),
    "Alprazolam": ("28981-97-7", {"UN-1971-IV": SINCE}),
    "Acetic anhydride": (
        "108-24-7",
        {
            "UN-1988-II": Period.exact(date(1990, 11, 11), TO_TABLE_I),
            "UN-1988-I": Period.exact(TO_TABLE_I),
        },
    ),
    "Ephedrine": ("299-42-3", {"UN-1988-I": SINCE}),
    "Pseudoephedrine": ("90-82-4", {"UN-1988-I": SINCE}),
    "Acetone": ("67-64-1", {"UN-1988-II": SINCE}),
    "Ketamine": ("6740-88-1", {}),
    "Red phosphorus": ("7723-14-0", {}),
}
# Provisions of national lists that name some of them, as the register does.
NATIONAL: dict[str, tuple[str, ...]] = {
    "Morphine": ("US-CSA-II", "CA-CDSA-I-1", "GB-MDA-A-1a", "DE-BTMG-III"),
    "Fentanyl": ("US-CSA-II", "CA-CDSA-I-16", "GB-MDA-A-1a", "DE-BTMG-III"),
    "Heroin": ("US-CSA-I", "CA-CDSA-I-1", "GB-MDA-A-1a", "DE-BTMG-I"),
    "Codeine": ("US-CSA-II", "CA-CDSA-I-1", "GB-MDA-B-1a", "DE-BTMG-II"),
    "Psilocybine": ("US-CSA-I", "CA-CDSA-III-1", "GB-MDA-A-1a", "DE-BTMG-I"),
    "Methylphenidate": ("US-CSA-II", "CA-CDSA-III-2", "GB-MDA-B-1a", "DE-BTMG-III"),
    "Diazepam": ("US-CSA-IV", "CA-CDSA-IV-18", "GB-MDA-C-1a", "DE-BTMG-III"),
    "Alprazolam": ("US-CSA-IV", "CA-CDSA-IV-18", "GB-MDA-C-1a", "DE-BTMG-III"),
    "Ephedrine": ("US-LIST-I", "CA-CDSA-VI-1-4", "EU-PREC-1", "EU-PREC-4"),
    "Pseudoephedrine": ("US-LIST-I", "CA-CDSA-VI-1-16", "EU-PREC-1", "EU-PREC-4"),
    "Acetone": ("US-LIST-II", "CA-CDSA-VI-2-1", "EU-PREC-3"),
    "Ketamine": ("US-CSA-III", "CA-CDSA-I-14", "GB-MDA-B-1a"),
    "Red phosphorus": ("US-LIST-I", "EU-PREC-2A"),
    "Acetic anhydride": ("US-LIST-II", "CA-CDSA-VI-1-1", "EU-PREC-2A"),
}
Judge = Callable[..., ShipmentDecision]


def _facts() -> Facts:
    cite, recorded = Citation("schedule"), Recorded(datetime(2026, 1, 1, tzinfo=UTC))
    substances, listings = [], []
    for name, (cas, provisions) in ROWS.items():
        other = (Name("Diamorphine", "inn"),) if name == "Heroin" else ()
        substances.append(Substance(name, name, other, (Identifier("cas", cas),)))
        national = dict.fromkeys(NATIONAL.get(name, ()), SINCE)
        for provision, valid in {**provisions, **national}.items():
            key = f"{provision}-{name}"
            listings.append(
                Listing(key, provision, name, Role.LISTED, valid, recorded, cite, substance=name)
            )
    return Facts("small", tuple(listings), tuple(substances))


@pytest.fixture(scope="session")
def register() -> Facts:
    return _facts()


@pytest.fixture(scope="session")
def rules() -> tuple[ShipmentRule, ...]:
    return load_rules()


@pytest.fixture(scope="session")
def judge(register: Facts, rules: tuple[ShipmentRule, ...]) -> Judge:
    """Judges a consignment given as plain data."""

    def decide(data: dict[str, Any]) -> ShipmentDecision:
        consignment = read_consignment(data)

        def status(line: Line) -> LineStatus:
            return line_status(line, register, consignment.on)

        return check(consignment, rules, status)

    return decide


def paper(kind: str, number: str, issuer: str, substance: str, quantity: str) -> dict[str, Any]:
    return {
        "type": kind,
        "number": number,
        "issuer": issuer,
        "issued_on": "2026-02-02",
        "valid_from": "2026-02-02",
        "valid_to": "2026-07-31",
        "covers": [{"substance": substance, "quantity": {"value": quantity, "unit": "kg"}}],
        "exporter": "Northern Alkaloids",
        "importer": "Southern Hospitals Supply",
        "pharmaceutical_form": "powder",
        "allows_bonded_warehouse": False,
        "copy_with_consignment": True,
    }


def _ordinary(substance: str = "morphine", quantity: str = "4") -> dict[str, Any]:
    export = paper("export_authorization", "E-7", "XA Medicines Board", substance, quantity)
    export["refers_to"] = {
        "number": "I-3",
        "issued_on": "2026-02-02",
        "authority": "XB Ministry of Health",
    }
    party = {"licensed": True, "specifically_authorized": True}
    return {
        "reference": "test",
        "on": "2026-04-20",
        "movement": {"from": "XA", "to": "XB", "via": ["XC"], "mode": "sea"},
        "lines": [
            {
                "substance": substance,
                "form": {"salt": "base", "kind": "substance"},
                "quantity": {"value": quantity, "unit": "kg"},
            }
        ],
        "parties": {
            "exporter": {"name": "Northern Alkaloids", "address": "5 Quay", **party},
            "importer": {"name": "Southern Hospitals Supply", "address": "9 Hill", **party},
        },
        "documents": [
            paper("import_authorization", "I-3", "XB Ministry of Health", substance, quantity),
            export,
        ],
        "facts": {
            "nothing_else": True,
            "parties_to": {c: {"1961": True, "1971": True, "1988": True} for c in ("XA", "XB")},
            "national": {c: {"complete": True} for c in ("XA", "XB", "XC")},
            "copy_produced_in": ["XC"],
            "estimates": [
                {
                    "substance": substance,
                    "total": {"value": "50", "unit": "kg"},
                    "booked": {"value": "30", "unit": "kg"},
                }
            ],
            "pre_export_request": {"made": False},
            "commercial_names_as_in_table": True,
            "commercial_documents_complete": True,
        },
    }


@pytest.fixture(scope="session")
def ordinary() -> Callable[..., dict[str, Any]]:
    """Makes an ordinary consignment with all papers; the caller spoils what it wants to test."""

    def make(substance: str = "morphine", quantity: str = "4") -> dict[str, Any]:
        return deepcopy(_ordinary(substance, quantity))

    return make
