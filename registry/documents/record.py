"""From the records of trade to the forms of papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from pydantic import ValidationError

from registry.documents.form import (
    ArrivedForm,
    AuthorisationForm,
    DeclarationForm,
    EndorsementForm,
    ForeignForm,
    Form,
    GoodsForm,
    NotificationForm,
    PartyForm,
    RouteForm,
)
from registry.errors import InputError
from registry.trade_facts import (
    Authorisation,
    Endorsement,
    ForeignPaper,
    Goods,
    Notification,
    Paper,
    Party,
    Route,
)

F = TypeVar("F", bound=Form)


class Unprintable(InputError):
    """A record holds what cannot stand on a paper."""

    code = "document-unprintable"


def form_of(record: Authorisation | Notification) -> Form:
    """The form that a paper is printed from.

    Raises Unprintable where a text is too long or holds marks that cannot be printed.
    """
    if isinstance(record, Notification):
        return _made(lambda: _notification(record))
    if record.paper is Paper.EXPORT_DECLARATION:
        return _made(lambda: _declaration(record))
    return _made(lambda: _authorisation(record))


def endorsement_form(endorsement: Endorsement, paper: Authorisation) -> EndorsementForm:
    """The form of an endorsement of `paper`.

    Raises Unprintable where the endorsement is of another paper or names a line it has not.
    """
    if endorsement.authorisation != paper.id:
        raise Unprintable("the endorsement is of another authorisation")
    return _made(lambda: _endorsement(endorsement, paper))


def _made(make: Callable[[], F]) -> F:
    try:
        return make()
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        given = ascii(fault["input"])[:60]
        message = f"`{place}` cannot be printed: {fault['msg'].lower()}, and it is {given}"
        raise Unprintable(message) from None


def _authorisation(record: Authorisation) -> AuthorisationForm:
    return AuthorisationForm(
        paper=record.paper.value,  # type: ignore[arg-type]  # validated against the papers named
        number=record.number,
        version=record.version,
        state=record.state.value,
        convention=record.convention,
        jurisdiction=record.jurisdiction,
        authority=party(record.authority),
        exporter=party(record.exporter),
        importer=party(record.importer),
        consignee=party(record.consignee) if record.consignee else None,
        others=[party(one) for one in record.others],
        goods=[goods(one) for one in record.goods],
        route=route(record.route),
        purpose=record.purpose,
        issued_on=record.issued_on,
        valid_from=record.valid_from,
        valid_until=last_day(record.valid_to),
        consignments=record.consignments,
        bonded_warehouse=record.bonded_warehouse,
        foreign=foreign(record.foreign),
        conditions=list(record.conditions),
        remarks=record.remarks,
    )


def _declaration(record: Authorisation) -> DeclarationForm:
    """The period of a declaration begins on the day of dispatch, which is all it states of time."""
    return DeclarationForm(
        number=record.number,
        version=record.version,
        state=record.state.value,
        jurisdiction=record.jurisdiction,
        authority=party(record.authority),
        exporter=party(record.exporter),
        importer=party(record.importer),
        consignee=party(record.consignee) if record.consignee else None,
        goods=[goods(one) for one in record.goods],
        route=route(record.route),
        dispatch_on=record.valid_from,
        issued_on=record.issued_on,
        remarks=record.remarks,
    )


def _endorsement(endorsement: Endorsement, paper: Authorisation) -> EndorsementForm:
    return EndorsementForm(
        number=paper.number,
        version=paper.version,
        convention=paper.convention,
        paper=paper.paper.value,
        issued_on=paper.issued_on,
        issuer=party(paper.authority),
        authority=party(endorsement.authority),
        exporter=party(paper.exporter),
        importer=party(paper.importer),
        consignment=endorsement.consignment,
        arrived_on=endorsement.arrived_on,
        arrived=[_arrived(line, amount, unit, paper) for line, amount, unit in endorsement.arrived],
        remarks=endorsement.remarks,
    )


def _arrived(line: int, amount: Decimal, unit: str, paper: Authorisation) -> ArrivedForm:
    position = next((one for one in paper.goods if one.line == line), None)
    if position is None:
        raise Unprintable(f"the authorisation has no line {line}")
    return ArrivedForm(
        line=line,
        substance=position.substance,
        authorised=stated(position.quantity),
        authorised_unit=position.unit,
        arrived=stated(amount),
        arrived_unit=unit,
    )


def _notification(record: Notification) -> NotificationForm:
    return NotificationForm(
        number=record.number,
        version=record.version,
        state=record.state.value,
        sender=party(record.sender),
        receiver=party(record.receiver),
        exporter=party(record.exporter),
        importer=party(record.importer),
        consignee=party(record.consignee) if record.consignee else None,
        goods=[goods(one) for one in record.goods],
        route=route(record.route),
        authorisation=record.authorisation,
        dispatch_on=record.dispatch_on,
        sent_at=_instant(record.sent_at),
        reply_by=_instant(record.reply_by),
        reply=record.reply,
        remarks=record.remarks,
    )


def party(one: Party) -> PartyForm:
    return PartyForm(name=one.name, address=one.address, country=one.country, licence=one.licence)


def goods(one: Goods) -> GoodsForm:
    return GoodsForm(
        line=one.line,
        substance=one.substance,
        quantity=stated(one.quantity),
        unit=one.unit,
        cas=one.cas,
        hs=one.hs,
        salt=one.salt,
        water=stated(one.water),
        pharmaceutical_form=one.pharmaceutical_form,
        preparation=one.preparation,
        strength=one.strength,
        packages=one.packages,
        base=None if one.base is None else stated(one.base),
        factor=None if one.factor is None else stated(one.factor),
        factor_source=one.factor_source,
    )


def route(one: Route) -> RouteForm:
    return RouteForm(
        origin=one.origin,
        destination=one.destination,
        via=list(one.via),
        exit_point=one.exit_point,
        entry_point=one.entry_point,
        mode=one.mode,
        carrier=one.carrier,
    )


def foreign(one: ForeignPaper) -> ForeignForm:
    return ForeignForm(
        number=one.number,
        issued_on=one.issued_on,
        authority=one.authority,
        valid_until=last_day(one.valid_to),
    )


def stated(amount: Decimal) -> str:
    """The amount as plain digits, with the places that were stated and no exponent."""
    if not amount.is_finite():
        raise Unprintable(f"`{amount}` is no amount")
    return format(amount, "f")


def last_day(end: date | None) -> date | None:
    """The last day of a period whose end is the first day after it."""
    return None if end is None else end - timedelta(days=1)


def _instant(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
