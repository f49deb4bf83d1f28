"""Papers of invented firms in countries that do not exist, and a key that is in RFC 8037."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from registry.documents.form import Form
from registry.documents.keys import ring_of
from registry.documents.record import endorsement_form, form_of
from registry.trade_facts import (
    Authorisation,
    AuthorisationState,
    Endorsement,
    ForeignPaper,
    Goods,
    Notification,
    NotificationState,
    Paper,
    Party,
    Route,
)

# The example key of RFC 8037, appendix A, and its thumbprint as printed there.
KEYS = (
    '{"keys":[{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",'
    '"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}'
)
THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
RING = ring_of(KEYS)

EXPORTER = Party("Laboratoires Exemple S.A.", "12, rue de la Gare\n67000 Ville", "XA", "EX-204")
IMPORTER = Party("Example Hospital Supplies Ltd", "4 Harbour Road\nPort Example", "XB", "IM-77")
AUTHORITY = Party("Ministry of Health", "1 Government Square\nCapital", "XA")
OTHER_AUTHORITY = Party("National Drug Authority", "Authority House", "XB")
ROUTE = Route("XA", "XB", ("XC",), "Example airport", "Port Example airport", "air", "Example Air")
MORPHINE = Goods(
    1,
    "Morphine",
    Decimal("1500.50"),
    "g",
    salt="hydrochloride",
    water=Decimal(3),
    packages="2 drums",
    base=Decimal("1140.38"),
    factor=Decimal(76),
    factor_source="formula masses",
)
FENTANYL = Goods(
    2,
    "Fentanyl",
    Decimal(12000),
    "ampoule",
    salt="citrate",
    pharmaceutical_form="solution for injection",
    preparation="Fentanyl Example",
    strength="0.1 mg in 2 mL",
)
EXPORT = Authorisation(
    id="a1",
    version=3,
    paper=Paper.EXPORT,
    convention="1961",
    jurisdiction="XA",
    authority=AUTHORITY,
    state=AuthorisationState.ISSUED,
    exporter=EXPORTER,
    importer=IMPORTER,
    goods=(MORPHINE, FENTANYL),
    route=ROUTE,
    number="XA-2026-000123",
    purpose="medical",
    issued_on=date(2026, 1, 12),
    valid_from=date(2026, 1, 12),
    valid_to=date(2026, 4, 12),
    foreign=ForeignPaper("XB-IC-0099", date(2025, 12, 20), "National Drug Authority, XB"),
    conditions=("Transport under seal.",),
)
IMPORT = Authorisation(
    id="a3",
    version=1,
    paper=Paper.IMPORT,
    convention="1971",
    jurisdiction="XB",
    authority=OTHER_AUTHORITY,
    state=AuthorisationState.ISSUED,
    exporter=EXPORTER,
    importer=IMPORTER,
    goods=(Goods(1, "Amfetamine", Decimal(2), "kg", pharmaceutical_form="powder"),),
    route=ROUTE,
    number="XB-IC-0100",
    issued_on=date(2026, 1, 2),
    valid_from=date(2026, 1, 2),
    valid_to=date(2026, 7, 2),
    consignments=None,
    consignee=Party("Example Warehouse", "Dock 9", "XB"),
    others=(Party("Example Broker", "Dock 1", "XA"),),
)
DECLARATION = Authorisation(
    id="a2",
    version=1,
    paper=Paper.EXPORT_DECLARATION,
    convention="1971",
    jurisdiction="XA",
    authority=AUTHORITY,
    state=AuthorisationState.ISSUED,
    exporter=EXPORTER,
    importer=IMPORTER,
    goods=(Goods(1, "Pentobarbital", Decimal(25), "kg", pharmaceutical_form="powder"),),
    route=ROUTE,
    number="XA-D-7",
    issued_on=date(2026, 1, 12),
    valid_from=date(2026, 1, 20),
)
NOTIFICATION = Notification(
    id="n1",
    version=1,
    number="XA-PEN-5",
    sender=AUTHORITY,
    receiver=OTHER_AUTHORITY,
    state=NotificationState.SENT,
    exporter=EXPORTER,
    importer=IMPORTER,
    goods=(Goods(1, "Acetic anhydride", Decimal(20000), "kg", cas="108-24-7"),),
    route=ROUTE,
    dispatch_on=date(2026, 3, 1),
    sent_at=datetime(2026, 2, 1, 9, 30, tzinfo=UTC),
    reply_by=datetime(2026, 2, 16, 23, 59, tzinfo=UTC),
)
ENDORSEMENT = Endorsement(
    authorisation="a1",
    consignment=1,
    arrived_on=date(2026, 2, 3),
    arrived=((1, Decimal("1455.2"), "g"), (2, Decimal(12000), "ampoule")),
    authority=OTHER_AUTHORITY,
    remarks="Drum 2 opened for sampling.",
)

FORMS: dict[str, Form] = {
    "export": form_of(EXPORT),
    "import": form_of(IMPORT),
    "declaration": form_of(DECLARATION),
    "endorsement": endorsement_form(ENDORSEMENT, EXPORT),
    "notification": form_of(NOTIFICATION),
}
