"""Requests and answers about pre-export notifications as the API page describes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from api.http.models import Answer
from api.usecases.notification_record import New, Step
from registry.trade_facts import NotificationState
from registry.trade_facts import Party as Trader
from rules.shipment.consignment import Consignment
from rules.trade.notification_states import Act

Line = Annotated[str, Field(max_length=500)]


def _storable(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 2200:
        raise ValueError("a moment of the years 1900 to 2200")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_storable)]
Words = Annotated[str, Field(max_length=2000)]

EXAMPLE: dict[str, Any] = {
    "consignment": {
        "reference": "EXAMPLE-1",
        "on": "2026-02-02",
        "movement": {"from": "AT", "to": "TR", "mode": "road"},
        "lines": [
            {
                "substance": "acetic anhydride",
                "cas": "108-24-7",
                "quantity": {"value": "20000", "unit": "kg"},
            }
        ],
        "parties": {
            "exporter": {"name": "Exporter GmbH", "address": "1 Ring, Wien"},
            "importer": {"name": "Importer AS", "address": "2 Cadde, Ankara"},
        },
    },
    "sender": {"name": "Authority of Austria"},
    "receiver": {"name": "Authority of Turkey"},
    "entry_point": "Kapikule",
    "dispatch_on": "2026-03-16",
}


class AuthorityIn(BaseModel):
    """An authority. Its country is that of the consignment."""

    model_config = ConfigDict(extra="forbid")

    name: Line = ""
    address: Line = ""

    def party(self) -> Trader:
        return Trader(self.name, self.address)


class NotificationRequest(BaseModel):
    """A notification to be composed of a consignment. What is left out is taken from there."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    consignment: Consignment
    sender: Annotated[AuthorityIn, Field(description="authority of the exporting country")]
    receiver: Annotated[AuthorityIn, Field(description="authority of the importing country")]
    entry_point: Annotated[Line, Field(description="expected point of entry")] = ""
    dispatch_on: Annotated[date | None, Field(description="expected date of dispatch")] = None
    authorisation: Annotated[Line, Field(description="number of the export authorisation")] = ""
    remarks: Words = ""
    filed_at: Annotated[
        Moment | None,
        Field(description="complete filing with the exporter's own authority, if that counts"),
    ] = None

    def new(self) -> New:
        return New(
            consignment=self.consignment,
            sender=self.sender.party(),
            receiver=self.receiver.party(),
            entry_point=self.entry_point,
            dispatch_on=self.dispatch_on,
            authorisation=self.authorisation,
            remarks=self.remarks,
            filed_at=self.filed_at,
        )


class ActRequest(BaseModel):
    """What was done about a notification, by us or by the other authority."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"act": "deliver", "channel": "PEN Online", "proof": "receipt 4711"}]
        },
    )

    act: Act
    at: Annotated[Moment | None, Field(description="when it happened; now where left out")] = None
    channel: Annotated[Line, Field(description="by which way it went")] = ""
    proof: Annotated[Line, Field(description="what shows that it went or arrived")] = ""
    text: Words = ""

    def step(self, expected: int | None, key: str) -> Step:
        return Step(
            act=self.act,
            at=self.at,
            channel=self.channel,
            proof=self.proof,
            text=self.text,
            expected=expected,
            key=key,
        )


class NotificationBrief(Answer):
    id: str
    number: Annotated[str, Field(description="given when it is sent; empty while a draft")]
    direction: Annotated[Literal["out", "in"], Field(description="ours, or another authority's")]
    version: int
    state: NotificationState
    sender: Annotated[str, Field(description="country of the authority that sends it")]
    receiver: str
    reply_by: Annotated[
        datetime | None, Field(description="when the time to reply is over for certain")
    ]
    created_at: datetime


class PositionOut(Answer):
    """What the answer, or the silence, allows. No authorisation, and not the shipment check."""

    answer: Literal["wait", "may proceed", "stop", "undetermined"]
    text: str
    rule: str
    article: str
    satisfied_by: str
    late: Annotated[bool, Field(description="the objection came after the period")]
    draft: Annotated[bool, Field(description="the rule is not reviewed yet")]


class LackOut(Answer):
    clause: Annotated[str, Field(description="of 1988 article 12 (10) (a)")]
    pointer: str
    text: str


class FindingOut(Answer):
    rule: str
    article: str
    severity: str
    text: str
    satisfied_by: str


class NotificationOut(NotificationBrief):
    held: Annotated[str, Field(description="where it stands but for its suspension")]
    outcome: Annotated[str, Field(description="shipped, cancelled, diverted, or empty")]
    reply_from: Annotated[
        datetime | None, Field(description="when the time to reply is over at the earliest")
    ]
    notification: Annotated[dict[str, Any], Field(description="the content, as the schema has it")]
    position: PositionOut
    lacks: list[LackOut]
    findings: list[FindingOut]
    possible: Annotated[list[Act], Field(description="what whoever asks can do next")]
    messages: list[dict[str, Any]]
    versions: list[dict[str, Any]]


class NotificationPage(Answer):
    items: list[NotificationBrief]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class DueOut(Answer):
    by: datetime
    due: Annotated[list[NotificationBrief], Field(description="the longest overdue first")]
    without_clock: Annotated[
        list[NotificationBrief], Field(description="no end of waiting is known; `why` says why")
    ]
