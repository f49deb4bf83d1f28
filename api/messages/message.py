"""A message between two authorities about one pre-export notification, as it crosses the border.

The same dataclasses give the JSON form, the XML form and both published schemas.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from registry.errors import InputError
from registry.trade_facts import Goods, Notification, Party, Route
from rules.trade.notification_states import Act

VERSION = "1"
NAME = f"pre-export-notification-{VERSION}"
NAMESPACE = f"urn:substance-register:{NAME[:-2]}:{VERSION}"
LONGEST = 1 << 20  # bytes of one message
LONGEST_TEXT = 2000  # characters of one text
MOST = 500  # of anything repeated


class MessageRefused(InputError):
    """The message is not one of the documented form; the text says where."""

    code = "message-refused"


class Kind(StrEnum):
    """What a message says. `NOTIFY` and `SUPPLY` carry the content; no message says that a time ran
    out, which each side sees for itself."""

    NOTIFY = "notify"
    DELIVER = "deliver"
    READ = "read"
    NO_OBJECTION = "no_objection"
    OBJECTION = "objection"
    MORE_INFORMATION = "more_information"
    SUPPLY = "supply"
    SUSPEND = "suspend"
    RESUME = "resume"
    STOP = "stop"
    SHIP = "ship"
    CANCEL = "cancel"
    DIVERT = "divert"

    @property
    def act(self) -> Act:
        return Act.SEND if self is Kind.NOTIFY else Act(self.value)


@dataclass(frozen=True, slots=True)
class Content:
    """What article 12(10)(a) asks to be told, and what the Parties agreed on besides."""

    exporter: Party
    importer: Party
    goods: tuple[Goods, ...]
    route: Route
    consignee: Party | None = None
    dispatch_on: date | None = None
    authorisation: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """`sender` and `receiver` are authorities. `number` is the one the notifying authority gave;
    `id` the sender's own name of this message. `at`: when it was written (UTC)."""

    kind: Kind
    number: str
    sender: Party
    receiver: Party
    at: datetime
    id: str = ""
    text: str = ""
    content: Content | None = None


def content_of(notification: Notification) -> Content:
    """The part of a notification that is told to the other authority."""
    return Content(
        exporter=notification.exporter,
        importer=notification.importer,
        goods=notification.goods,
        route=notification.route,
        consignee=notification.consignee,
        dispatch_on=notification.dispatch_on,
        authorisation=notification.authorisation,
        remarks=notification.remarks,
    )
