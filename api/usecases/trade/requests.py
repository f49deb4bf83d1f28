"""What a caller may ask of papers and ledgers, typed and bounded; one shape for every door."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from api.usecases.trade import life, moving, papers
from api.usecases.trade.acts import By, Sessions
from api.usecases.trade.ledgers import Figure
from api.usecases.trade.life import Period
from api.usecases.trade.moving import Arrived, Shipped
from api.usecases.trade.papers import Draft
from registry.errors import InputError
from registry.models import LedgerKind
from registry.store.endorsements import Lines
from registry.store.ledgers import Key
from registry.trade_facts import ForeignPaper, Goods, Paper, Party, Route
from rules.trade.states import Act
from rules.trade.validity import Bound, after_days, after_months


def _exact(value: Any) -> Any:
    """A number as it was written: a binary fraction never enters."""
    return repr(value) if isinstance(value, float) else value


def _written_out(value: Decimal) -> Decimal:
    """Without exponent, and without a sign before zero."""
    return Decimal(format(value, "f")) + 0


NO_NUL = r"^[^\x00]*$"  # which no text of PostgreSQL can hold
Word = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
Text = Annotated[str, Field(max_length=2000, pattern=NO_NUL)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Number = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, max_digits=27, decimal_places=12)]
Signed = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(max_digits=27, decimal_places=12),
    AfterValidator(_written_out),
]
Line = Annotated[int, Field(ge=1, le=999)]
Convention = Literal["1961", "1971", "1988"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PartyIn(Part):
    """A person or firm. `licence` as its own authority numbers it."""

    name: Word
    address: Text = ""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    licence: Word = ""

    def party(self) -> Party:
        return Party(self.name, self.address, self.country, self.licence)


class GoodsIn(Part):
    """One position. A `factor` by hand, in per cent, needs its `factor_source`."""

    line: Line = 1
    substance: Annotated[Word, Field(min_length=1)]
    quantity: Number
    unit: Word
    cas: Annotated[str, Field(pattern=r"^(\d{2,7}-\d\d-\d)?$")] = ""
    hs: Word = ""
    salt: Word = ""
    water: Number = Decimal(0)
    pharmaceutical_form: Word = ""
    preparation: Word = ""
    strength: Annotated[
        str,
        Field(
            max_length=100,
            pattern=NO_NUL,
            description="`10 mg`, `10 mg/mL`, `36 % m/m, density 1.18 g/mL`",
        ),
    ] = ""
    packages: Word = ""
    factor: Number | None = None
    factor_source: Word = ""

    def goods(self) -> Goods:
        return Goods(**self.model_dump())


class RouteIn(Part):
    """Countries by ISO 3166 code, in the order passed."""

    origin: Country
    destination: Country
    via: Annotated[tuple[Country, ...], Field(max_length=20)] = ()
    exit_point: Word = ""
    entry_point: Word = ""
    mode: Word = ""
    carrier: Word = ""


class ForeignIn(Part):
    """The other country's paper. `valid_to`: the first day on which it may no longer be used."""

    number: Word = ""
    issued_on: date | None = None
    authority: Word = ""
    valid_to: date | None = None


class DraftIn(Part):
    """What an applicant fills in."""

    paper: Paper
    convention: Convention
    jurisdiction: Annotated[Country, Field(description="whose authority decides")]
    authority: PartyIn
    exporter: PartyIn
    importer: PartyIn
    goods: Annotated[tuple[GoodsIn, ...], Field(max_length=200)]
    route: RouteIn
    consignee: PartyIn | None = None
    others: Annotated[tuple[PartyIn, ...], Field(max_length=20)] = ()
    purpose: Text = ""
    consignments: Annotated[
        int | None, Field(ge=1, le=9999, description="how many it covers; null: any number")
    ] = 1
    bonded_warehouse: bool = False
    foreign: ForeignIn = ForeignIn()
    conditions: Annotated[tuple[Text, ...], Field(max_length=50)] = ()
    remarks: Text = ""

    def draft(self) -> Draft:
        return Draft(
            paper=self.paper,
            convention=self.convention,
            jurisdiction=self.jurisdiction,
            authority=self.authority.party(),
            exporter=self.exporter.party(),
            importer=self.importer.party(),
            goods=tuple(one.goods() for one in self.goods),
            route=Route(**self.route.model_dump()),
            consignee=self.consignee.party() if self.consignee else None,
            others=tuple(one.party() for one in self.others),
            purpose=self.purpose,
            consignments=self.consignments,
            bonded_warehouse=self.bonded_warehouse,
            foreign=ForeignPaper(**self.foreign.model_dump()),
            conditions=self.conditions,
            remarks=self.remarks,
        )


class PartIn(Part):
    """A part of a line of the paper."""

    line: Line
    quantity: Number
    unit: Word


class PlainAct(Part):
    """An act that needs nothing but, for some, a reason."""

    act: Literal[
        "submit", "ask_information", "withdraw", "refuse", "close", "suspend", "resume", "cancel",
        "expire", "declare_lost", "replace",
    ]  # fmt: skip
    reason: Text = ""

    def do(self, engine: Sessions, paper: str, by: By) -> dict[str, Any]:
        if self.act == "submit":
            return life.submit(engine, paper, by)
        if self.act == "expire":
            return life.expire(engine, paper, by)
        return _WITH_REASON[Act(self.act)](engine, paper, by, self.reason)


_WITH_REASON = {
    Act.ASK_INFORMATION: life.ask_information,
    Act.WITHDRAW: life.withdraw,
    Act.REFUSE: life.refuse,
    Act.CLOSE: life.close,
    Act.SUSPEND: life.suspend,
    Act.RESUME: life.resume,
    Act.CANCEL: life.cancel,
    Act.DECLARE_LOST: life.declare_lost,
    Act.REPLACE: life.replace_lost,
}


class AmendAct(Part):
    act: Literal["amend"]
    draft: DraftIn
    reason: Text = ""
    uncounted: Annotated[Text, Field(description="why no estimate counts it")] = ""

    def do(self, engine: Sessions, paper: str, by: By) -> dict[str, Any]:
        return papers.amend(
            engine, paper, self.draft.draft(), by, self.reason, uncounted=self.uncounted
        )


class GrantAct(Part):
    act: Literal["grant"]
    uncounted: Annotated[Text, Field(description="why no estimate counts it")] = ""

    def do(self, engine: Sessions, paper: str, by: By) -> dict[str, Any]:
        return life.grant(engine, paper, by, uncounted=self.uncounted)


class BoundIn(Part):
    """What ends the period: a day, or a term in months or days. None of them: it is not known."""

    rule: Annotated[Word, Field(min_length=1)]
    cite: Word = ""
    end: Annotated[date | None, Field(description="first day of no use")] = None
    months: Annotated[int | None, Field(ge=1, le=120)] = None
    days: Annotated[int | None, Field(ge=1, le=3660)] = None

    @model_validator(mode="after")
    def _one_end(self) -> BoundIn:
        if sum(one is not None for one in (self.end, self.months, self.days)) > 1:
            raise ValueError("give a day, months or days, not several of them")
        return self

    def bound(self, start: date) -> Bound:
        end = self.end
        if self.months is not None:
            end = after_months(start, self.months)
        if self.days is not None:
            end = after_days(start, self.days)
        return Bound(end, self.rule, self.cite)


class IssueAct(Part):
    act: Literal["issue"]
    starts: Annotated[date | None, Field(description="first day of use; today where left out")] = (
        None
    )
    bounds: Annotated[tuple[BoundIn, ...], Field(max_length=20)] = ()

    def do(self, engine: Sessions, paper: str, by: By) -> dict[str, Any]:
        start = self.starts or by.on
        period = Period(start, tuple(one.bound(start) for one in self.bounds))
        return life.issue(engine, paper, by, period)


class ShipAct(Part):
    act: Literal["ship"]
    lines: Annotated[tuple[PartIn, ...], Field(min_length=1, max_length=200)]
    on: Annotated[date | None, Field(description="day of crossing; today where left out")] = None
    paper: Annotated[Word, Field(description="number of the other country's paper")] = ""

    def do(self, engine: Sessions, paper: str, by: By) -> dict[str, Any]:
        what = Shipped(_lines(self.lines), self.on or by.on, self.paper)
        return moving.ship(engine, paper, by, what)


class EndorseAct(Part):
    act: Literal["endorse"]
    consignment: Annotated[int, Field(ge=1, le=9999)]
    lines: Annotated[tuple[PartIn, ...], Field(max_length=200)]
    on: date | None = None
    authority: PartyIn
    tolerance: Annotated[
        Number, Field(le=100, description="per cent of what was shipped; no treaty allows any")
    ] = Decimal(0)
    remarks: Text = ""

    def do(self, engine: Sessions, paper: str, by: By) -> dict[str, Any]:
        what = Arrived(
            self.consignment,
            _lines(self.lines),
            self.on,
            self.authority.party(),
            self.tolerance,
            self.remarks,
        )
        return moving.endorse(engine, paper, by, what)


AnyAct = Annotated[
    PlainAct | AmendAct | GrantAct | IssueAct | ShipAct | EndorseAct, Field(discriminator="act")
]


class FigureIn(Part):
    """Grams of anhydrous base, or goods whose base is worked out."""

    grams: Annotated[Signed | None, Field(description="grams of anhydrous base")] = None
    goods: GoodsIn | None = None
    reason: Text = ""
    source: Annotated[Text, Field(description="document the figure was read in")] = ""

    @model_validator(mode="after")
    def _one_mass(self) -> FigureIn:
        if (self.grams is None) == (self.goods is None):
            raise ValueError("give either grams of base or goods")
        return self

    def figure(self) -> Figure:
        goods = self.goods.goods() if self.goods else None
        return Figure(self.grams, goods, self.reason, self.source)


class LedgerIn(Part):
    """A ledger to open. `substance`: a name of the register, or any name."""

    keeper: Annotated[Country, Field(description="country that keeps it")]
    country: Annotated[Country, Field(description="country whose figure it is")]
    substance: Annotated[Word, Field(min_length=1)]
    year: Annotated[int, Field(ge=1961, le=9999)]
    kind: LedgerKind
    holder: Annotated[Word, Field(description="whose quota; empty: of the country")] = ""
    limit: FigureIn

    def key(self) -> Key:
        return Key(self.keeper, self.country, self.substance, self.year, self.kind, self.holder)


class EntryIn(Part):
    """An entry by hand; a mass below zero takes back what was entered before."""

    kind: Literal["limit", "supplement", "outside"]
    figure: FigureIn


_ACT: TypeAdapter[AnyAct] = TypeAdapter(AnyAct)


def read_draft(data: Any) -> Draft:
    """A draft from plain data. Raises InputError that names the key at fault."""
    try:
        return DraftIn.model_validate(data).draft()
    except ValidationError as error:
        raise _told(error) from None


def read_act(data: Any) -> AnyAct:
    """An act from plain data. Raises InputError that names the key at fault."""
    try:
        return _ACT.validate_python(data)
    except ValidationError as error:
        raise _told(error) from None


def _told(error: ValidationError) -> InputError:
    fault = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    what = fault["msg"].removeprefix("Value error, ")
    return InputError(f"`{where}`: {what[:1].lower()}{what[1:]}")


def _lines(parts: tuple[PartIn, ...]) -> Lines:
    return tuple((one.line, one.quantity, one.unit) for one in parts)
