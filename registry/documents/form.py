"""One form for each kind of paper: what the printed paper says, in the words of the record.

Papers are printed from these forms, so that what a machine reads and what a person reads cannot
differ. Amounts are decimal text as stated; a day is ISO 8601; `valid_until` is the last day on
which a paper may be used. A text that is empty, or a null, was not stated.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from registry.store.canonical import canonical

# Control characters, and marks that make text run backwards: a paper must read as it is written.
_TREACHEROUS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")


def _plain(text: str) -> str:
    found = _TREACHEROUS.search(text)
    if found or any(unicodedata.category(one) == "Cs" for one in text):
        raise ValueError("a character that cannot be printed")
    return text


def _said(about: str, longest: int = 300) -> Any:
    return Field(max_length=longest, description=about)


Text = Annotated[str, AfterValidator(_plain)]
Words = Annotated[Text, Field(max_length=2000)]
Amount = Annotated[
    str,
    Field(
        pattern=r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?$",
        description="decimal number as text, with a point, as stated",
        examples=["250", "0.5"],
    ),
]
Country = Annotated[
    str, Field(pattern=r"^([A-Z]{2})?$", description="ISO 3166-1 alpha-2 code, empty if not stated")
]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Part(BaseModel):
    """Base of every form and part of one: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PartyForm(Part):
    """A person, firm or authority on the paper."""

    name: Annotated[Text, _said("name")] = ""
    address: Annotated[Text, _said("postal address", 1000)] = ""
    country: Country = ""
    licence: Annotated[Text, _said("number of its licence, as its own authority writes it")] = ""


class GoodsForm(Part):
    """One position of the paper."""

    line: Annotated[int, Field(ge=1, le=999, description="number of the position, from 1")]
    substance: Annotated[
        Text,
        Field(max_length=300, description="international non-proprietary name, or the designation"),
    ]
    quantity: Amount
    unit: Annotated[Text, Field(max_length=40, description="unit of the quantity, as stated")]
    cas: Annotated[Text, _said("CAS number", 20)] = ""
    hs: Annotated[Text, _said("Harmonized System code", 20)] = ""
    salt: Annotated[Text, _said("salt, such as hydrochloride")] = ""
    water: Annotated[Amount, Field(description="molecules of water to one of the substance")] = "0"
    pharmaceutical_form: Annotated[Text, _said("pharmaceutical form, such as tablets")] = ""
    preparation: Annotated[Text, _said("name of the preparation")] = ""
    strength: Annotated[Text, _said("strength of a dosage unit, or concentration")] = ""
    packages: Annotated[Text, _said("number and kind of packages")] = ""
    base: Annotated[
        Amount | None, Field(description="grams of pure anhydrous base; null where not known")
    ] = None
    factor: Annotated[Amount | None, Field(description="per cent of base by mass")] = None
    factor_source: Annotated[Text, _said("where the factor is from")] = ""


class RouteForm(Part):
    """The way of the goods, by country in the order passed."""

    origin: Country = ""
    destination: Country = ""
    via: Annotated[list[Country], Field(max_length=40, description="countries passed")] = []
    exit_point: Annotated[Text, _said("customs office or port of exit")] = ""
    entry_point: Annotated[Text, _said("customs office or port of entry")] = ""
    mode: Annotated[Text, _said("means of transport")] = ""
    carrier: Annotated[Text, _said("carrier")] = ""


class ForeignForm(Part):
    """The paper of the other country that this one refers to."""

    number: Annotated[Text, _said("its number")] = ""
    issued_on: Annotated[date | None, Field(strict=False, description="day of issue")] = None
    authority: Annotated[Text, _said("authority that issued it")] = ""
    valid_until: Annotated[
        date | None, Field(strict=False, description="last day on which it may be used")
    ] = None


Day = Annotated[date | None, Field(strict=False)]
Version = Annotated[int, Field(ge=0, description="version of the record, as printed")]
State = Annotated[Text, Field(max_length=40, description="where the paper stood at this version")]
Number = Annotated[Text, _said("number of the paper, empty until it is issued")]


class AuthorisationForm(Part):
    """An import or export authorisation, a special import licence, a transit or withdrawal permit.

    1961 Convention as amended, art. 31; 1971 Convention, arts. 12 (1) and 13 (3).
    """

    form: Literal["authorisation"] = "authorisation"
    edition: Literal[1] = 1
    paper: Literal[
        "import_authorization",
        "export_authorization",
        "special_import_licence",
        "transit_permit",
        "withdrawal_permit",
    ]
    number: Number = ""
    version: Version
    state: State
    convention: Annotated[Text, _said("1961, 1971 or 1988; other words for national law alone")]
    jurisdiction: Country = ""
    authority: PartyForm
    exporter: PartyForm
    importer: PartyForm
    consignee: PartyForm | None = None
    others: Annotated[list[PartyForm], Field(max_length=40)] = []
    goods: Annotated[list[GoodsForm], Field(min_length=1, max_length=200)]
    route: RouteForm
    purpose: Annotated[Text, _said("what the goods are for")] = ""
    issued_on: Day = None
    valid_from: Day = None
    valid_until: Annotated[Day, Field(description="last day on which it may be used")] = None
    consignments: Annotated[
        int | None, Field(ge=1, description="how many it covers; null is any number")
    ] = 1
    bonded_warehouse: Annotated[
        bool, Field(description="approved for a bonded warehouse (1961 art. 31 (9))")
    ] = False
    foreign: ForeignForm = ForeignForm()
    conditions: Annotated[list[Words], Field(max_length=100)] = []
    remarks: Words = ""


class DeclarationForm(Part):
    """An export declaration of a Schedule III substance (1971 Convention, art. 12 (2))."""

    form: Literal["export-declaration"] = "export-declaration"
    edition: Literal[1] = 1
    number: Number = ""
    version: Version
    state: State
    convention: Text = "1971"
    jurisdiction: Country = ""
    authority: PartyForm
    exporter: PartyForm
    importer: PartyForm
    consignee: PartyForm | None = None
    goods: Annotated[list[GoodsForm], Field(min_length=1, max_length=200)]
    route: RouteForm
    dispatch_on: Annotated[Day, Field(description="day of dispatch (art. 12 (2) (a) (iv))")] = None
    issued_on: Annotated[Day, Field(description="day of the declaration")] = None
    remarks: Words = ""


class ArrivedForm(Part):
    """What arrived of one position, beside what the paper allowed."""

    line: Annotated[int, Field(ge=1, le=999)]
    substance: Annotated[Text, Field(max_length=300)]
    authorised: Amount
    authorised_unit: Annotated[Text, Field(max_length=40)]
    arrived: Amount
    arrived_unit: Annotated[Text, Field(max_length=40)]


class EndorsementForm(Part):
    """The endorsement of an export authorisation (1961 art. 31 (7); 1971 art. 12 (1) (e))."""

    form: Literal["endorsement"] = "endorsement"
    edition: Literal[1] = 1
    number: Annotated[Text, _said("number of the paper that is endorsed")] = ""
    version: Version
    convention: Text
    paper: Text
    issued_on: Annotated[Day, Field(description="day of issue of the paper that is endorsed")] = (
        None
    )
    issuer: PartyForm
    authority: Annotated[PartyForm, Field(description="authority that endorses")]
    exporter: PartyForm
    importer: PartyForm
    consignment: Annotated[int, Field(ge=1, description="number of the consignment, from 1")]
    arrived_on: Annotated[
        Day, Field(description="day of arrival; null where the period ended without an import")
    ] = None
    arrived: Annotated[list[ArrivedForm], Field(max_length=200)]
    remarks: Words = ""


class NotificationForm(Part):
    """A pre-export notification as printed (1988 Convention, art. 12 (10) (a))."""

    form: Literal["pre-export-notification"] = "pre-export-notification"
    edition: Literal[1] = 1
    number: Number = ""
    version: Version
    state: State
    convention: Text = "1988"
    sender: PartyForm
    receiver: PartyForm
    exporter: PartyForm
    importer: PartyForm
    consignee: PartyForm | None = None
    goods: Annotated[list[GoodsForm], Field(min_length=1, max_length=200)]
    route: RouteForm
    authorisation: Annotated[Text, _said("number of the export authorisation")] = ""
    dispatch_on: Annotated[Day, Field(description="expected day of dispatch")] = None
    sent_at: Annotated[Text, _said("moment of sending, UTC", 40)] = ""
    reply_by: Annotated[Text, _said("moment until which an answer is awaited, UTC", 40)] = ""
    reply: Words = ""
    remarks: Words = ""


Form = AuthorisationForm | DeclarationForm | EndorsementForm | NotificationForm
FORMS: dict[str, type[Form]] = {
    "authorisation": AuthorisationForm,
    "export-declaration": DeclarationForm,
    "endorsement": EndorsementForm,
    "pre-export-notification": NotificationForm,
}


def payload(form: Form) -> bytes:
    """The one text of a form, which is signed: canonical JSON in UTF-8."""
    return canonical(form.model_dump(mode="json")).encode()


def certificate_hash(form: Form) -> str:
    """SHA-256 of the one text, as printed on the paper and in its code."""
    return hashlib.sha256(payload(form)).hexdigest()
