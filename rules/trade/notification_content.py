"""What a pre-export notification has to say, by 1988 art. 12(10)(a)(i) to (v), and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.trade_facts import Goods, Notification, Party

ARTICLE = "1988 Convention, art. 12(10)(a)"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing. `clause` is that of the article that asks for it."""

    clause: str
    pointer: str
    text: str


def lacks(
    notification: Notification, table_names: Mapping[str, str] | None = None
) -> tuple[Lack, ...]:
    """Everything the article asks for that the notification does not say.

    `table_names`: from any name of a substance of Table I, folded, to the name the Table uses. What
    is not in it is not compared: it is under national control only, or not known. Clause (v), what
    the Parties agreed on besides, is theirs to know and is never found missing.
    """
    return tuple(_lacks(notification, table_names))


def _lacks(notification: Notification, names: Mapping[str, str] | None) -> Iterator[Lack]:
    yield from _party(notification.exporter, "exporter")
    yield from _party(notification.importer, "importer")
    if notification.consignee is not None:
        yield from _party(notification.consignee, "consignee")
    if not notification.goods:
        yield Lack("(ii)", "goods", "no substance is named")
    for goods in notification.goods:
        yield from _goods(goods, names)
    if not notification.route.entry_point:
        yield Lack("(iv)", "route/entry_point", "the expected point of entry is missing")
    if notification.dispatch_on is None:
        yield Lack("(iv)", "dispatch_on", "the expected date of dispatch is missing")


def _party(party: Party, who: str) -> Iterator[Lack]:
    for what in ("name", "address"):
        if not getattr(party, what).strip():
            yield Lack("(i)", f"{who}/{what}", f"the {what} of the {who} is missing")


def _goods(goods: Goods, names: Mapping[str, str] | None) -> Iterator[Lack]:
    where = f"goods/{goods.line}"
    if not goods.substance.strip():
        yield Lack("(ii)", f"{where}/substance", f"line {goods.line} names no substance")
    wanted = (names or {}).get(goods.substance.casefold(), goods.substance)
    if wanted.casefold() != goods.substance.casefold():
        text = f"`{goods.substance}` stands in Table I as `{wanted}`"
        yield Lack("(ii)", f"{where}/substance", text)
    if goods.quantity <= 0 or not goods.unit:
        yield Lack("(iii)", f"{where}/quantity", f"the quantity of line {goods.line} is missing")
