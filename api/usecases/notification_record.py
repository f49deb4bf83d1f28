"""A notification as it is kept: facts in, rows out, and what the silence rules say of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from api.messages.plain import from_plain, to_plain
from registry.errors import InputError
from registry.models import NotificationRecord, NotificationVersion
from registry.store import notifications as store
from registry.trade_facts import Goods, Notification, NotificationState, Party, Route
from rules.shipment.consignment import Consignment, Line
from rules.shipment.consignment import Party as Stated
from rules.trade.notification_states import OF_THE_RECEIVER, REPLIES, Act, Standing
from rules.trade.silence import Reply, SilenceBook, SilenceRule
from rules.trade.waiting import Course, Position, deadline, position, rule_of

WORDS: dict[str, Reply] = {
    "no_objection": "no objection",
    "objection": "objection",
    "more_information": "more information",
}


@dataclass(frozen=True, slots=True)
class New:
    """A notification to be composed of a consignment. `sender` and `receiver` are authorities.

    What is empty is taken from the consignment where it says so. `filed_at`: when the complete
    notice was filed with the exporter's own authority, where its law counts from there.
    """

    consignment: Consignment
    sender: Party
    receiver: Party
    entry_point: str = ""
    dispatch_on: date | None = None
    authorisation: str = ""
    remarks: str = ""
    filed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a version holds. `no_rules_beyond`: the exporting country is stated to have no rule of
    its own, so that the treaty alone answers."""

    notification: Notification
    filed_at: datetime | None = None
    no_rules_beyond: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One act to be recorded. `at`: when it happened; now where left out. `expected`: the version
    the caller saw. `key`: asked again under the same key, an act has its effect once."""

    act: Act
    at: datetime | None = None
    channel: str = ""
    proof: str = ""
    text: str = ""
    foreign_id: str = ""
    expected: int | None = None
    key: str = field(default="", compare=False)

    def plain(self) -> dict[str, Any]:
        """What was asked, without the key it was asked under."""
        asked = {name: value for name, value in asdict(self).items() if name != "key"}
        return asked | {"act": str(self.act), "at": self.at.isoformat() if self.at else None}


def composed(new: New, identifier: str, version: int) -> Kept:
    """The draft that a consignment gives. What it does not say stays empty."""
    asked = new.consignment
    movement, parties, facts = asked.movement, asked.parties, asked.facts
    paper = next((d for d in asked.documents or () if d.type == "pre_export_notification"), None)
    consignee = parties.consignee
    notification = Notification(
        id=identifier,
        version=version,
        number="",
        sender=_seated(new.sender, movement.origin, "sender"),
        receiver=_seated(new.receiver, movement.to, "receiver"),
        state=NotificationState.DRAFT,
        exporter=_party(parties.exporter, movement.origin),
        importer=_party(parties.importer, movement.to),
        consignee=_party(consignee, movement.to) if consignee.name or consignee.address else None,
        goods=tuple(_goods(number, line) for number, line in enumerate(asked.lines, 1)),
        route=Route(
            movement.origin,
            movement.to,
            movement.via,
            entry_point=new.entry_point or (paper and paper.entry_point) or "",
            mode=movement.mode or "",
        ),
        authorisation=new.authorisation,
        dispatch_on=new.dispatch_on or (paper and paper.dispatch_on) or facts.left_on,
        remarks=new.remarks,
    )
    national = facts.national.get(movement.origin)
    return Kept(notification, new.filed_at, bool(national and national.complete))


def kept(version: NotificationVersion) -> Kept:
    return from_plain(Kept, version.content)


def plain(content: Kept) -> dict[str, Any]:
    found: dict[str, Any] = to_plain(content)
    return found


def standing(version: NotificationVersion) -> Standing:
    held = NotificationState(version.held) if version.held else None
    return Standing(NotificationState(version.state), held, version.outcome)


def moved(content: Kept, step: Step, then: Standing, at: datetime) -> Kept:
    """What is kept after an act that happened at a moment."""
    old = content.notification
    new = replace(old, version=old.version + 1, state=then.state)
    if step.act in {Act.SEND, Act.SUPPLY}:
        new = replace(
            new, sent_at=at, delivered_at=None, read_at=None, replied_at=None, reply=""
        )  # the time to reply begins anew
    elif step.act is Act.DELIVER:
        new = replace(new, delivered_at=old.delivered_at or at)
    elif step.act is Act.READ:
        # What was read had arrived, at the latest then.
        new = replace(new, delivered_at=old.delivered_at or at, read_at=old.read_at or at)
    elif step.act in REPLIES:
        new = replace(new, replied_at=at, reply=str(step.act))
    return replace(content, notification=new)


def course(content: Kept) -> Course:
    """What the silence rules have to know of it."""
    one = content.notification
    return Course(
        exporter=one.route.origin,
        importer=one.route.destination,
        sent_at=one.sent_at,
        delivered_at=one.delivered_at,
        filed_at=content.filed_at,
        reply=WORDS.get(one.reply, ""),
        replied_at=one.replied_at,
        no_rules_beyond=content.no_rules_beyond,
    )


def judged(book: SilenceBook, content: Kept, at: datetime) -> Position:
    return position(book, course(content), at)


def clocked(book: SilenceBook, content: Kept, now: datetime) -> tuple[Any, Any]:
    """When the time to reply is over, at the earliest and for certain; None where unknown."""
    asked = course(content)
    rule = rule_of(book, asked, asked.law_of(now))
    ends = deadline(book, rule, asked) if isinstance(rule, SilenceRule) else rule
    return getattr(ends, "earliest", None), getattr(ends, "latest", None)


def version_of(
    record: NotificationRecord, content: Kept, then: Standing, act: str, actor: str, now: datetime
) -> NotificationVersion:
    """The row of a version; what the rules say of it is filled in by the caller."""
    return NotificationVersion(
        notification=record.id,
        version=record.version,
        act=act,
        actor=actor,
        at=now,
        state=str(then.state),
        held=str(then.held or ""),
        outcome=then.outcome,
        content=plain(content),
        position={},
        findings=[],
        key="",
        asked="",
    )


def position_plain(found: Position) -> dict[str, Any]:
    """A position as plain data, moments as text."""
    by = found.by
    told = {n: getattr(found, n) for n in ("answer", "text", "rule", "article", "satisfied_by")}
    earliest, latest = (by.earliest.isoformat(), by.latest.isoformat()) if by else (None, None)
    return {**told, "late": found.late, "draft": found.draft, "from": earliest, "by": latest}


def direction_of(record: NotificationRecord, act: Act) -> str:
    """Which way the message of an act goes, seen from here."""
    theirs = (act in OF_THE_RECEIVER) == (record.direction == "out")
    return "in" if theirs else "out"


def names_of_table_i(session: Session, now: datetime) -> dict[str, str]:
    return store.table_names(session, now)


def _seated(authority: Party, country: str, who: str) -> Party:
    """The authority with its country, which is that of the consignment."""
    if authority.country not in ("", country):
        raise InputError(f"the {who} is an authority of {country}, not of {authority.country}")
    return replace(authority, country=country)


def _party(stated: Stated, country: str) -> Party:
    return Party(stated.name or "", stated.address or "", country)


def _goods(number: int, line: Line) -> Goods:
    quantity = line.quantity
    return Goods(
        line=number,
        substance=line.substance,
        quantity=quantity.value if quantity else Decimal(0),
        unit=quantity.unit if quantity else "",
        cas=line.cas or "",
        salt=line.form.salt or "",
        water=line.form.water or Decimal(0),
        pharmaceutical_form=line.form.pharmaceutical_form or "",
    )
