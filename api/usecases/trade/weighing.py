"""How much base is in the goods of a paper, by the factors on record, and where these are in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from registry.errors import InputError
from registry.spelling import fold
from registry.store import factors
from registry.trade_facts import Goods
from rules.shipment.quantities import BaseFactor
from rules.shipment.tables import tables
from rules.trade.units import (
    STATED_AS_BASE,
    Base,
    base_of,
    compared,
    factor_of_formulas,
    form_of,
    is_base,
)

Notes = tuple[str, ...]


def substance_key(session: Session, name: str, cas: str, at: datetime) -> str:
    """What a ledger calls a substance: the identifier in this register, or the folded name."""
    return factors.substance_of(session, name, cas, at) or fold(name)


def weighed(
    session: Session, goods: Sequence[Goods], at: datetime
) -> tuple[tuple[Goods, ...], Notes]:
    """The goods with their base in grams, the factor used and its source, and every doubt.

    A factor given by hand needs its source, and is used; the doubt is noted where the formula says
    otherwise. Without any factor the base stays unknown.
    """
    done, notes = [], []
    for one in goods:
        factor, doubts = factor_of(session, one, at)
        base = base_of(one, factor)
        used = base.factor
        done.append(
            replace(
                one,
                base=base.grams,
                factor=used.percent if used else None,
                factor_source=used.source if used else "",
            )
        )
        notes += [f"line {one.line}: {doubt}" for doubt in (*doubts, base.why) if doubt]
    return tuple(done), tuple(notes)


def shipped_base(goods: Goods) -> Base:
    """The base in a part of a line, by the factor that the paper carries."""
    factor = None
    if goods.factor is not None:
        factor = BaseFactor(goods.factor, goods.factor_source)
    return base_of(goods, factor)


def factor_of(session: Session, goods: Goods, at: datetime) -> tuple[BaseFactor | None, Notes]:
    """The factor to use for one position, and what speaks against it."""
    substance = factors.substance_of(session, goods.substance, goods.cas, at)
    unknown = () if substance else (f"the register holds no substance `{goods.substance}`",)
    computed = _computed(session, substance, goods, at) if substance else None
    listed = _by_hand(goods) or (_listed(session, substance, goods, at) if substance else None)
    if is_base(goods) and not _by_hand(goods):
        return STATED_AS_BASE, unknown
    if listed is None:
        return computed, unknown
    doubt = compared(listed, computed) if computed else None
    return listed, (*unknown, str(doubt)) if doubt else unknown


def _by_hand(goods: Goods) -> BaseFactor | None:
    if goods.factor is None:
        return None
    if not goods.factor_source:
        raise InputError(f"the factor of {form_of(goods)} needs its source")
    if not 0 < goods.factor <= 100:
        raise InputError(f"`{goods.factor}` is no factor: per cent of base by mass")
    return BaseFactor(goods.factor, goods.factor_source)


def _listed(session: Session, substance: str, goods: Goods, at: datetime) -> BaseFactor | None:
    row = factors.listed(session, substance, goods.salt.casefold(), goods.water, at)
    return None if row is None else BaseFactor(row.percent, row.source)


def _computed(session: Session, substance: str, goods: Goods, at: datetime) -> BaseFactor | None:
    """From the formula of the structure on record and that of the acid, where both are known."""
    formula = factors.formula(session, substance, at)
    salt = goods.salt.casefold()
    acid = tables().salts.acids.get(salt, "")
    plain_salt = salt in {"", "base", "free base"}
    if not formula or not (acid or plain_salt):
        return None
    row = factors.listed(session, substance, salt, goods.water, at)
    if row is None and not plain_salt:
        return None  # how many molecules of each are in the formula is not on record
    units = (row.base_units, row.acid_units) if row else (1, 0)
    try:
        return factor_of_formulas(
            formula, acid, base_units=units[0], acid_units=units[1], water=goods.water
        )
    except InputError:
        return None  # an element without an atomic weight here, or a charged formula
