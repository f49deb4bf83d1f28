"""The particulars that a treaty wants on each paper, and which of them a record lacks.

Read from the treaty texts. The model forms of the Commission (1961 Convention, art. 31 (5); 1971
Convention, art. 12 (1) (a) and (2) (a)) were not read: a form may ask for more. National law may ask
for more as well. That nothing is missing does not say that what is there is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.trade_facts import Authorisation, Goods, Notification, Paper, Party

_1961 = "1961 Convention, art. 31 (4) (b)"
_1961_EXPORT = "1961 Convention, art. 31 (4) (c)"
_1971 = "1971 Convention, art. 12 (1) (b)"
_1971_DECLARED = "1971 Convention, art. 12 (2) (a)"
_1971_SPECIAL = "1971 Convention, art. 13 (3)"
_1988 = "1988 Convention, art. 12 (10) (a)"
_PERMIT = "1961 Convention, art. 31 (9) and (12)"


@dataclass(frozen=True, slots=True)
class Missing:
    """One particular that is not stated, by its place in the record, and the article that asks."""

    place: str
    article: str


def missing_particulars(record: Authorisation | Notification) -> tuple[Missing, ...]:
    """What the treaty of the paper asks for and the record does not state.

    Names and addresses of exporter and importer, substance and quantity are asked for by every
    paper. A paper under national law alone is asked for no more than these.
    """
    if isinstance(record, Notification):
        return tuple(_notification(record))
    return tuple(_authorisation(record))


def _authorisation(record: Authorisation) -> Iterator[Missing]:
    article = _article(record)
    yield from _parties(record, article)
    yield from _lines(record.goods, article, form=_form_asked(record))
    if record.paper is Paper.EXPORT_DECLARATION:
        yield from _asked("valid_from", record.valid_from, article)  # the day of dispatch
    elif record.paper is not Paper.SPECIAL_IMPORT_LICENCE:
        yield from _asked("valid_to", record.valid_to, article)
    if record.paper is Paper.EXPORT and article in (_1961, _1971):
        yield from _foreign(record, _1961_EXPORT if article == _1961 else _1971)


def _notification(record: Notification) -> Iterator[Missing]:
    yield from _parties(record, _1988)
    yield from _lines(record.goods, _1988, form=False)
    yield from _asked("route.entry_point", record.route.entry_point, _1988)
    yield from _asked("dispatch_on", record.dispatch_on, _1988)


def _article(record: Authorisation) -> str:
    if record.paper is Paper.EXPORT_DECLARATION:
        return _1971_DECLARED
    if record.paper is Paper.SPECIAL_IMPORT_LICENCE:
        return _1971_SPECIAL
    if record.paper in (Paper.TRANSIT, Paper.WITHDRAWAL):
        return _PERMIT
    return {"1961": _1961, "1971": _1971}.get(record.convention, "the law of the country")


def _form_asked(record: Authorisation) -> bool:
    """Whether the pharmaceutical form is asked for: only by article 12 of the 1971 Convention."""
    return _article(record) in (_1971, _1971_DECLARED)


def _parties(record: Authorisation | Notification, article: str) -> Iterator[Missing]:
    yield from _party("exporter", record.exporter, article)
    yield from _party("importer", record.importer, article)


def _party(place: str, party: Party, article: str) -> Iterator[Missing]:
    yield from _asked(f"{place}.name", party.name, article)
    yield from _asked(f"{place}.address", party.address, article)


def _lines(goods: tuple[Goods, ...], article: str, *, form: bool) -> Iterator[Missing]:
    yield from _asked("goods", goods, article)
    for one in goods:
        place = f"goods.{one.line}"
        yield from _asked(f"{place}.substance", one.substance, article)
        yield from _asked(f"{place}.quantity", one.quantity > 0 and one.unit, article)
        if form:
            yield from _asked(f"{place}.pharmaceutical_form", one.pharmaceutical_form, article)


def _foreign(record: Authorisation, article: str) -> Iterator[Missing]:
    yield from _asked("foreign.number", record.foreign.number, article)
    yield from _asked("foreign.issued_on", record.foreign.issued_on, article)
    yield from _asked("foreign.authority", record.foreign.authority, article)


def _asked(place: str, value: object, article: str) -> Iterator[Missing]:
    if not value or (isinstance(value, str) and not value.strip()):
        yield Missing(place, article)
