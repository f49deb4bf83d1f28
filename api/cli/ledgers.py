"""`subreg ledger`: yearly figures, what is left of them, and every entry."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from api.access.allow import Actor
from api.cli.console import print_facts, print_json, print_table
from api.cli.database import wired
from api.cli.options import AsJson, now
from api.usecases.trade import ledgers
from api.usecases.trade.acts import By
from api.usecases.trade.ledgers import Figure
from registry.models import EntryKind, LedgerKind
from registry.store.ledgers import Key
from registry.trade_facts import Goods

ledger = typer.Typer(
    name="ledger",
    help="Estimates, assessments, requirements and quotas: what is left of them.",
    no_args_is_help=True,
)


def number(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise typer.BadParameter(f"`{text}` is not a number like 15 or 8.4") from None
    if not found.is_finite() or abs(found) >= 10**15:
        raise typer.BadParameter(f"`{text}` is no amount")
    return found


Id = Annotated[str, typer.Argument(metavar="ID", help="Identifier of the ledger.")]
Keeper = Annotated[str, typer.Option("--keeper", metavar="XX", help="Country that keeps it.")]
Country = Annotated[str, typer.Option("--country", metavar="XX", help="Whose figure it is.")]
Substance = Annotated[str, typer.Option("--substance", metavar="NAME", help="Substance.")]
Year = Annotated[int, typer.Option("--year", min=1961, max=9999, help="Calendar year.")]
Kind = Annotated[LedgerKind, typer.Option("--kind", help="What its limit is.")]
Holder = Annotated[str, typer.Option("--holder", metavar="LICENCE", help="Whose quota.")]
Grams = Annotated[
    Decimal | None,
    typer.Option("--grams", parser=number, metavar="N", help="Grams of anhydrous base."),
]
Quantity = Annotated[
    Decimal | None,
    typer.Option("--quantity", parser=number, metavar="N", help="Instead: a quantity of goods."),
]
Unit = Annotated[str, typer.Option("--unit", metavar="UNIT", help="Unit of the quantity.")]
Salt = Annotated[str, typer.Option("--salt", metavar="NAME", help="Salt of the goods.")]
Water = Annotated[
    Decimal, typer.Option("--water", parser=number, metavar="N", help="Molecules of water.")
]
Strength = Annotated[str, typer.Option("--strength", metavar="TEXT", help="Such as `10 mg/mL`.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]
Source = Annotated[str, typer.Option("--source", metavar="TEXT", help="Where it was read.")]
OfCountry = Annotated[str, typer.Option("--country", metavar="XX", help="Only of this country.")]
OfYear = Annotated[int | None, typer.Option("--year", help="Only of this year.")]
KeyOnce = Annotated[
    str, typer.Option("--key", metavar="KEY", help="Done once for this key, for ever.")
]
What = Annotated[EntryKind, typer.Argument(metavar="KIND", help="limit, supplement or outside.")]

PAGE = 200
ZERO = Decimal(0)


@ledger.command("open")
def open_(
    keeper: Keeper,
    country: Country,
    substance: Substance,
    year: Year,
    kind: Kind,
    grams: Grams = None,
    holder: Holder = "",
    reason: Reason = "first limit of the year",
    source: Source = "",
    key: KeyOnce = "",
    as_json: AsJson = False,
) -> None:
    """Open a ledger with its limit in grams of anhydrous base."""
    named = Key(keeper, country, substance, year, kind, holder)
    figure = Figure(grams=grams, reason=reason, source=source)
    with wired() as (engine, actor):
        opened = ledgers.open_ledger(engine, named, figure, _by(actor, key))
    _tell(opened, as_json)


@ledger.command()
def show(identifier: Id, as_json: AsJson = False) -> None:
    """Show how a ledger stands, and when it would run out at the rate so far."""
    with wired() as (engine, actor):
        shown = ledgers.show(engine, identifier, actor, now().date())
    _tell(shown, as_json)


@ledger.command("list")
def list_(country: OfCountry = "", year: OfYear = None, as_json: AsJson = False) -> None:
    """List ledgers as they stand."""
    wanted = {name: value for name, value in (("country", country), ("year", year)) if value}
    items: list[dict[str, Any]] = []
    with wired() as (engine, actor):
        today = now().date()
        page = ledgers.listed(engine, wanted, actor, today, limit=PAGE)
        items += page.items
        while page.after:
            page = ledgers.listed(engine, wanted, actor, today, after=page.after, limit=PAGE)
            items += page.items
    if as_json:
        print_json(items)
        return
    heading = ("id", "country", "substance", "year", "kind", "limit", "used", "headroom")
    print_table("ledgers (g of base)", heading, [[one[h] for h in heading] for one in items])


@ledger.command()
def entries(identifier: Id, as_json: AsJson = False) -> None:
    """List every entry with its reason and source."""
    items: list[dict[str, Any]] = []
    with wired() as (engine, actor):
        page = ledgers.entries(engine, identifier, actor, limit=PAGE)
        items += page.items
        while page.after:
            page = ledgers.entries(engine, identifier, actor, after=int(page.after), limit=PAGE)
            items += page.items
    if as_json:
        print_json(items)
        return
    heading = ("number", "kind", "limit_after", "reserved_after", "used_after", "reason", "source")
    print_table("entries (g of base)", heading, [[one[h] for h in heading] for one in items])


@ledger.command()
def enter(
    identifier: Id,
    kind: What,
    grams: Grams = None,
    substance: Substance = "",
    quantity: Quantity = None,
    unit: Unit = "g",
    salt: Salt = "",
    water: Water = ZERO,
    strength: Strength = "",
    reason: Reason = "",
    source: Source = "",
    key: KeyOnce = "",
    as_json: AsJson = False,
) -> None:
    """Enter by hand: a limit set anew, a supplement, trade outside this register."""
    goods = _goods(substance, quantity, unit, salt, water, strength)
    figure = Figure(grams, goods, reason, source)
    with wired() as (engine, actor):
        done = ledgers.enter(engine, identifier, kind, figure, _by(actor, key))
    _tell(done, as_json)


@ledger.command("if-granted")
def if_granted(
    identifier: Id,
    grams: Grams = None,
    substance: Substance = "",
    quantity: Quantity = None,
    unit: Unit = "g",
    salt: Salt = "",
    water: Water = ZERO,
    strength: Strength = "",
    as_json: AsJson = False,
) -> None:
    """Say whether a further mass would fit, and what would be left. Nothing is reserved."""
    figure = Figure(grams, _goods(substance, quantity, unit, salt, water, strength))
    with wired() as (engine, actor):
        answer = ledgers.if_granted(engine, identifier, figure, _by(actor))
    if as_json:
        print_json(answer)
        return
    fits = {True: "yes", False: "no", None: "undetermined"}[answer["fits"]]
    own = ("base", "factor", "factor_source", "left", "why")
    print_facts({"fits": fits} | {name.replace("_", " "): answer[name] for name in own})


def _goods(
    substance: str, quantity: Decimal | None, unit: str, salt: str, water: Decimal, strength: str
) -> Goods | None:
    if quantity is None:
        return None
    return Goods(1, substance, quantity, unit, salt=salt, water=water, strength=strength)


def _by(actor: Actor, key: str = "") -> By:
    return By(actor, now(), key=key)


def _tell(shown: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(shown)
        return
    own = ("id", "keeper", "country", "substance", "year", "kind", "holder")
    sums = ("limit", "reserved", "used", "headroom")
    print_facts({name: shown[name] for name in own})
    print_facts({name: f"{shown[name]} {shown['unit']}" for name in sums})
    ahead = shown["forecast"]
    print_facts({"runs out": f"{ahead['breach_on'] or 'no day'}: {ahead['why']}"})
