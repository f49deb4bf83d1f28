"""Requests and answers about evidence and the order for review as the API page describes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.http.models import Answer
from api.usecases.evidence_report import LONGEST, New
from registry.facts import EvidenceKind
from rules.evidence import day_after
from rules.weights import Measure

Text = Annotated[str, Field(max_length=2000)]
Figure = Annotated[str, Field(description="a decimal, digit for digit", examples=["12.50"])]
Aspect = Literal["prevalent", "persistent", "harmful"]


class ReportIn(BaseModel):
    """What a source reports of one substance."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    source: Annotated[str, Field(min_length=1, max_length=LONGEST["source"], description="title")]
    key: Annotated[str, Field(min_length=1, max_length=LONGEST["key"], description="its key there")]
    kind: EvidenceKind
    start: Annotated[date, Field(alias="from", description="first day it may have happened")]
    end: Annotated[
        date | None, Field(alias="to", description="first day it no longer may; the day after")
    ] = None
    substance: Annotated[Text, Field(description="identifier, name or number in the register")] = ""
    name: Annotated[Text, Field(description="name as the source writes it")] = ""
    structure: Annotated[
        str, Field(max_length=1 << 20, description="of one outside the register; needs a name")
    ] = ""
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$", description="where")] = ""
    quantity: Annotated[
        Decimal | None, Field(description="how many or how much; null: the source is silent")
    ] = None
    unit: Annotated[str, Field(max_length=20, description="count, g, tablets, percent …")] = ""
    href: Text = ""
    note: Text = ""

    def new(self, line: int) -> New:
        given = self.model_dump(exclude={"end"})
        return New(**given, end=self.end or day_after(self.start), line=line)


class EvidenceRequest(BaseModel):
    """Reports to record, all or none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "records": [
                        {
                            "source": "Exercise, invented countries",
                            "key": "3",
                            "kind": "seizure",
                            "substance": "isotonitazene",
                            "country": "XB",
                            "from": "2026-05-02",
                            "quantity": "12.50",
                            "unit": "g",
                        }
                    ]
                }
            ]
        },
    )

    records: Annotated[list[ReportIn], Field(min_length=1, max_length=1000)]
    correction: Annotated[
        str, Field(max_length=2000, description="why what is on record is wrong; empty: nothing is")
    ] = ""

    def reports(self) -> list[New]:
        return [one.new(place) for place, one in enumerate(self.records, 1)]


class DoneOut(Answer):
    recorded: Annotated[int, Field(description="new ones")]
    unchanged: Annotated[int, Field(description="on record already")]
    corrected: Annotated[int, Field(description="an earlier record was closed for it")]


class EvidenceOut(Answer):
    """A report as it is on record. It is what a source says, whether or not it is so."""

    id: int
    source: str
    key: str
    kind: EvidenceKind
    subject: Annotated[str, Field(description="the substance, or `inchikey:…` of one outside")]
    substance: str | None
    substance_name: str
    name: str
    structure: str
    inchikey: str
    country: str
    start: Annotated[date, Field(alias="from")]
    end: Annotated[date, Field(alias="to")]
    quantity: Figure | None
    unit: str
    href: str
    note: str
    recorded_by: str
    reason: Annotated[
        str, Field(description="why it corrects an earlier record; empty: it does not")
    ]
    recorded_from: datetime
    recorded_to: datetime | None


class EvidencePage(Answer):
    items: list[EvidenceOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class WindowOut(Answer):
    months: int
    start: Annotated[date, Field(alias="from")]
    end: Annotated[date, Field(alias="to", description="first day that no longer counts")]


class CriterionOut(Answer):
    criterion: Measure
    aspect: Aspect
    weight: Figure
    scale: Literal["each", "doublings"]
    reason: str


class CountedOut(Answer):
    """A record that a term was counted from."""

    source: str
    key: str
    href: str
    kind: EvidenceKind
    country: str
    start: Annotated[date, Field(alias="from")]
    end: Annotated[date, Field(alias="to")]
    quantity: Figure | None
    unit: str
    partly: Annotated[bool, Field(description="it may have happened outside the window")]


class TermOut(Answer):
    criterion: Measure
    aspect: Aspect
    figure: int
    at_least: Annotated[bool, Field(description="some record tells less than it might")]
    scale: Literal["each", "doublings"]
    counted: Annotated[int, Field(description="the figure on its scale")]
    weight: Figure
    points: Figure
    counts: Annotated[list[str], Field(description="the countries or months that are counted")]
    records_in_all: int
    records: Annotated[list[CountedOut], Field(description="the first two hundred")]


class SubjectOut(Answer):
    subject: str
    substance: str | None
    name: str


class RankedOut(SubjectOut):
    rank: Annotated[int, Field(description="equal sums share one")]
    points: Figure
    at_least: bool
    terms: list[TermOut]
    no_record_of: Annotated[list[Measure], Field(description="unknown, and not in the sum")]
    seized: Annotated[dict[str, str], Field(description="amounts by unit; not in the sum")]
    named_in: Annotated[
        list[str],
        Field(description="provisions that name it on the day; of what is outside none are asked"),
    ]
    perhaps_named_in: Annotated[
        list[str], Field(description="provisions of which it is not known whether they do yet")
    ]


class PriorityOut(Answer):
    """An order for review by what was recorded. No assessment of risk."""

    on: date
    known_at: datetime
    window: WindowOut
    weights: list[CriterionOut]
    ranked: int
    items: list[RankedOut]
    none_that_counts: Annotated[
        list[SubjectOut], Field(description="records, but none that counts here")
    ]
    without_evidence: Annotated[
        int, Field(description="substances of the register of which nothing is recorded")
    ]
    note: str
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]
