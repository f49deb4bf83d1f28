"""A consignment as it is put to the check: neutral, typed, and honest about what is not known.

`null` means unknown. A key left out means unknown too, with one exception: where the declarant
says `facts.nothing_else: true`, the special circumstances of `CIRCUMSTANCES` that are left out are
taken not to exist (a `null` among them stays unknown). Unknown keys are errors.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    StrictInt,
    ValidationError,
    field_validator,
    model_validator,
)

from registry.errors import InputError
from rules.shipment.parts import (
    Amount,
    CasNumber,
    Country,
    Day,
    Known,
    Number,
    Part,
    Structure,
    Text,
)
from rules.shipment.stated import Statement, read_stated

Treaty = Literal["1961", "1971", "1988"]
Provision = Literal[
    "UN-1961-I", "UN-1961-II", "UN-1961-III", "UN-1961-IV", "UN-1961-25",
    "UN-1971-I", "UN-1971-II", "UN-1971-III", "UN-1971-IV", "UN-1988-I", "UN-1988-II",
]  # fmt: skip
DocumentType = Literal[
    "import_authorization",
    "export_authorization",
    "export_declaration",
    "pre_export_notification",
    "special_import_licence",
    "advance_notice",
    "registration_of_import",
    "transit_permit",
    "withdrawal_permit",
    "no_objection_certificate",
    "end_use_declaration",
    "traveller_certificate",
]


class Movement(Part):
    """From one country to another, by ISO 3166 code. `via`: countries passed through, in order."""

    origin: Annotated[Country, Field(alias="from")]
    to: Country
    via: tuple[Country, ...] = ()
    mode: (
        Literal["air", "sea", "road", "rail", "cargo", "post", "express", "hand luggage"] | None
    ) = None
    carried_as: Literal[
        "consignment",
        "traveller",
        "first aid kit of a ship or aircraft",
        "first aid kit of other public transport",
        "relief",
    ] = "consignment"

    @model_validator(mode="after")
    def _crosses_a_border(self) -> Movement:
        if self.origin == self.to:
            raise ValueError(f"a movement within `{self.to}` is neither import nor export")
        return self


class Form(Part):
    """`salt`: `base`, or the name of the salt. `water`: molecules of water of crystallisation; left
    out is none, as a name without a hydrate says, and `null` is unknown."""

    salt: Text | None = None
    water: Number | None = Decimal(0)
    kind: Literal["substance", "preparation", "pharmaceutical preparation"] | None = None
    pharmaceutical_form: Text | None = None


class Ingredient(Part):
    name: Text
    per_unit: Amount | None = None
    percent: Number | None = None


class Composition(Part):
    """What is in a preparation. `per_unit` and `percent` are of the controlled substance.

    `as_base`: these strengths are stated as base (otherwise they may be of the salt, and are only
    an upper bound). `ingredients`: all others; an empty list says there are none.
    """

    per_unit: Amount | None = None
    percent: Number | None = None
    as_base: Known = None
    divided: Known = None
    compounded: Known = None
    oral: Known = None
    recoverable: Known = None
    with_psychotropic: Known = None
    ingredients: tuple[Ingredient, ...] | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Composition:
        if self.divided is False and self.per_unit is not None:
            raise ValueError("a strength per dosage unit is stated of an undivided preparation")
        stated = self.compounded is not None and self.ingredients is not None
        if stated and self.compounded is not bool(self.ingredients):
            raise ValueError("`compounded` and `ingredients` contradict each other")
        return self


class Line(Part):
    """One position of the consignment. `exempted_by`: countries that exempted this preparation
    under article 3 of the 1971 Convention. `structure`: as SMILES, InChI or molfile; then the
    Schedules follow from it, and the name need not be in the register."""

    substance: Text
    structure: Structure | None = None
    cas: CasNumber | None = None
    form: Form = Form()
    quantity: Amount | None = None
    composition: Composition = Composition()
    exempted_by: tuple[Country, ...] | None = None


class Party(Part):
    """`licensed`: by the competent authority, or in no need of it as a State enterprise.
    `specifically_authorized`: by its Government, for the purpose of 1971 article 7 (f)."""

    name: Text | None = None
    address: Text | None = None
    licensed: Known = None
    specifically_authorized: Known = None


class Parties(Part):
    """A consignee left out is the importer."""

    exporter: Party = Party()
    importer: Party = Party()
    consignee: Party = Party()


class Covered(Part):
    """What a document covers. `form` empty: the document does not say which salt it counts.
    `used`: what earlier consignments took of it."""

    substance: Text
    quantity: Amount | None = None
    used: Amount | None = None
    form: Form = Form()


class Reference(Part):
    """The import authorization an export authorization refers to."""

    number: Text | None = None
    issued_on: Day | None = None
    authority: Text | None = None


class Document(Part):
    """A document as it was read. `valid_to` is the last day on which it may be used, as printed.

    `import_authorization` includes the import certificate of the 1961 Convention.
    """

    type: DocumentType
    title: Text | None = None
    issuer: Text | None = None
    number: Text | None = None
    issued_on: Day | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    covers: tuple[Covered, ...] | None = None
    exporter: Text | None = None
    importer: Text | None = None
    pharmaceutical_form: Text | None = None
    refers_to: Reference = Reference()
    copy_with_consignment: Known = None
    allows_bonded_warehouse: Known = None
    copies_to_authority: StrictInt | None = None
    dispatch_on: Day | None = None
    entry_point: Text | None = None
    sent_on: Day | None = None
    reply: Literal["none", "no objection", "objection"] | None = None
    reply_on: Day | None = None
    endorsed_by_exporting_authority: Known = None
    used_before: Known = None


class Estimate(Part):
    """Figures of the importing country for one drug in this year, all in anhydrous base.

    `re_export` left out is nothing where the declarant says `nothing_else`; `null` is unknown.
    """

    substance: Text
    total: Amount | None = None
    booked: Amount | None = None
    re_export: Amount | None = None


class Moved(Part):
    """What the same parties moved of a substance earlier in this calendar month or year."""

    substance: Text
    period: Literal["month", "year"]
    quantity: Amount | None = None


class BoardNotice(Part):
    """The Board's notice under 1961 article 21 (4), and the two exceptions to it."""

    received_on: Day | None = None
    supplement_covers: Known = None
    essential: Known = None


class Diversion(Part):
    """A change of destination on the way. `authorized`: by the transit country as a new export."""

    to: Country | None = None
    authorized: Known = None


class PreExportRequest(Part):
    """Whether the importing country invoked 1988 article 12 (10) (a). `substances` empty: all."""

    made: Known = None
    since: Day | None = None
    substances: tuple[Text, ...] = ()


class Communication(Part):
    """When a decision on scheduling became known to the Parties.

    `communicated_on`: the Secretary-General's communication (1971) or notification (1988).
    `received`: the day each Party received it (1961).
    """

    substance: Text
    provision: Provision
    communicated_on: Day | None = None
    received: dict[Country, Day | None] = Field(default={})


class Requirement(Part):
    """A stated rule of national law: whether a document is needed, for what. Both lists empty: for
    every line. `required` null: it is not known whether it is needed."""

    needs: DocumentType
    required: Known = None
    provisions: tuple[Provision, ...] = ()
    substances: tuple[Text, ...] = ()


class NationalRules(Part):
    """`complete`: all rules of the country beyond the treaties are those of `requirements`."""

    complete: Known = None
    requirements: tuple[Requirement, ...] = ()


class Facts(Part):
    """Everything else that may matter. See docs/shipments.md for each.

    `stated`: facts of `rules.shipment.stated` by name. `unread`: what was said of the consignment
    and nobody could read; as long as there is any, nothing proceeds.
    """

    nothing_else: Known = None
    parties_to: dict[Country, dict[Treaty, Known]] = Field(default={})
    national: dict[Country, NationalRules] = Field(default={})
    communications: tuple[Communication, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    pre_export_request: PreExportRequest = PreExportRequest()
    travellers: dict[Country, Known] = Field(default={})
    moved: tuple[Moved, ...] = ()
    stated: dict[str, Statement] = Field(default={})
    unread: tuple[Text, ...] = ()
    unloaded_in: tuple[Country, ...] | None = None
    left_on: Day | None = None
    arrives_on: Day | None = None
    lands_in: tuple[Country, ...] | None = None
    copy_produced_in: tuple[Country, ...] | None = None
    simplified_procedure: Known = None
    opium_origin_entitled: Known = None
    opium_seized: Known = None
    research_exception: Known = None
    commercial_names_as_in_table: Known = None
    commercial_documents_complete: Known = None
    other_purpose: Known = None
    bonded_warehouse: Known = None
    bank_for_another: Known = None
    altered_in_transit: Known = None
    suspicious: Known = None
    article_13_prohibition: Known = None
    prohibited: Known = None
    board_recommendation: Known = None
    notices_2_7: tuple[Country, ...] | None = None
    board_notice: BoardNotice | None = None
    diversion: Diversion | None = None

    @field_validator("stated", mode="before")
    @classmethod
    def _by_kind(cls, content: Any) -> dict[str, Statement]:
        if not isinstance(content, dict):
            raise ValueError("statements are named")  # noqa: TRY004 - pydantic reads it
        return read_stated(content)

    @model_validator(mode="after")
    def _one_estimate_each(self) -> Facts:
        names = [estimate.substance.casefold() for estimate in self.estimates]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"two estimates are given for `{twice}`")
        return self


CIRCUMSTANCES = (
    "other_purpose", "bonded_warehouse", "bank_for_another", "altered_in_transit", "suspicious",
    "article_13_prohibition", "prohibited", "board_recommendation",
    "notices_2_7", "board_notice", "diversion",
)  # fmt: skip


class Consignment(Part):
    """The whole question. `on` is the day asked about. `documents` null: not known which exist."""

    reference: Text
    on: Day
    movement: Movement
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=500)]
    parties: Parties = Parties()
    documents: Annotated[tuple[Document, ...], Field(max_length=100)] | None = None
    facts: Facts = Facts()

    def absent(self, circumstance: str) -> Known:
        """True where a circumstance certainly does not exist, None where it is not known.

        False where something was said of it; the value itself then tells.
        """
        if getattr(self.facts, circumstance) is not None:
            return False
        declared = circumstance not in self.facts.model_fields_set
        return True if declared and self.facts.nothing_else else None

    def flag(self, circumstance: str) -> Known:
        """A yes-or-no circumstance: as stated, or no where it is declared absent."""
        stated: Known = getattr(self.facts, circumstance)
        return False if stated is None and self.absent(circumstance) else stated


def read_consignment(data: str | dict[str, Any]) -> Consignment:
    """A consignment from JSON text or from what was read from it.

    Raises InputError that names the key at fault; unknown keys are faults.
    """
    try:
        content = json.loads(data, parse_float=Decimal) if isinstance(data, str) else data
        return Consignment.model_validate(content)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: line {error.lineno}, column {error.colno}") from None
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        what = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            what = "unknown key"
        raise InputError(f"`{where}`: {what[:1].lower()}{what[1:]}") from None
