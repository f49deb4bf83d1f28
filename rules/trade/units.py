"""How much anhydrous base is in goods as papers state them: in mass, volume, or dosage units.

Rounding, and nothing else is rounded: a factor to a tenth of a per cent, half up, before it is
used; a mass booked in a ledger up to a whole microgram, a limit down (`rules.trade.ledger`). A mass
of base is the exact product of the figures that are shown with it.

A strength is written as on packages:

| text | meaning |
|---|---|
| `10 mg` | in each dosage unit |
| `10 mg/mL`, `50 g/L`, `2 g/kg` | in each volume or mass of the preparation |
| `5 % m/V` | grams in 100 mL |
| `36 % m/m` | grams in 100 g; of a volume only with its density |
| `… as base` | the figure counts base; otherwise it counts the form that the goods name |
| `…, density 1.08 g/mL` | of the preparation or the neat liquid; may stand alone |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from registry.chem.identity import formula
from registry.chem.parse import read_structure
from registry.chem.standardise import standardise
from registry.errors import InputError
from registry.trade_facts import Goods
from rules.shipment.quantities import (
    COUNTS,
    GRAMS,
    MILLILITRES,
    BaseFactor,
    base_factor,
    formula_mass,
    plain,
)

DIGITS = 60
WHOLE = Decimal(100)
TENTH = Decimal("0.1")
BASE_NAMES = frozenset({"base", "free base"})
STATED_AS_BASE = BaseFactor(WHOLE, "stated as base")

_NUMBER = r"([0-9]{1,12}(?:\.[0-9]{1,12})?)"
_PER = re.compile(rf"{_NUMBER} ?(kg|g|mg|µg|ug)(?: ?/ ?(mL|L|g|kg))?( as base)?")
_PERCENT = re.compile(rf"{_NUMBER} ?% ?(m/m|m/V)( as base)?")
_DENSITY = re.compile(rf"density {_NUMBER} ?g/mL")


class BadStrength(InputError):
    """A strength that is not written as one."""

    code = "strength-unreadable"


@dataclass(frozen=True, slots=True)
class Strength:
    """`mass`: grams of the named form, or of base, in `amount` of `per`: `unit`, `mL` or `g`.

    `mass` None says nothing of a strength; `density` is of the preparation, in g/mL.
    """

    mass: Decimal | None = None
    amount: Decimal = Decimal(1)
    per: str = "unit"
    as_base: bool = False
    density: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """Grams of anhydrous base with the factor used and its source; None and `why` where it cannot
    be worked out. `steps` are the products, to be worked out again by hand."""

    grams: Decimal | None
    factor: BaseFactor | None = None
    why: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A listed factor and the one of the structure differ by more than a tenth of a per cent."""

    listed: BaseFactor
    computed: BaseFactor

    def __str__(self) -> str:
        listed, computed = self.listed, self.computed
        return (
            f"the listed factor {plain(listed.percent)} % ({listed.source}) is not that of the "
            f"structure, {plain(computed.percent)} % ({computed.source})"
        )


def read_strength(text: str) -> Strength:
    """What a strength says. Empty text says nothing; what is not understood raises BadStrength."""
    density, parts = None, [part.strip() for part in text.split(",") if part.strip()]
    if parts and (found := _DENSITY.fullmatch(parts[-1])):
        density = Decimal(found[1])
        parts.pop()
    if not parts and density != 0:
        return Strength(density=density)
    if len(parts) != 1 or density == 0:
        raise BadStrength(
            f"`{text[:60]}` is not a strength such as `10 mg`, `5 % m/V` or `10 mg/mL`"
        )
    return _stated(parts[0], density)


def _stated(text: str, density: Decimal | None) -> Strength:
    if found := _PER.fullmatch(text):
        mass = Decimal(found[1]) * GRAMS[found[2]]
        per = found[3] or "unit"
        amount = MILLILITRES.get(per) or GRAMS.get(per) or Decimal(1)
        unit = "mL" if per in MILLILITRES else "g" if per in GRAMS else "unit"
        return Strength(mass, amount, unit, bool(found[4]), density)
    if (found := _PERCENT.fullmatch(text)) and Decimal(found[1]) <= WHOLE:
        per = "g" if found[2] == "m/m" else "mL"
        return Strength(Decimal(found[1]), WHOLE, per, bool(found[3]), density)
    raise BadStrength(f"`{text[:60]}` is not a strength such as `10 mg`, `5 % m/V` or `10 mg/mL`")


def base_of(goods: Goods, factor: BaseFactor | None) -> Base:
    """The anhydrous base in one position, in grams.

    `factor` is of the form the goods name; without one, only what is stated as base has a base.
    Raises BadStrength. A base that is not known is never taken for none.
    """
    strength = read_strength(goods.strength)
    with localcontext(prec=DIGITS):
        mass, steps, why = _named_form(goods, strength)
        if mass is None:
            return Base(None, factor, why)
        used = STATED_AS_BASE if strength.as_base else factor
        if used is None:
            return Base(None, None, f"no factor is known for {form_of(goods)}", steps)
        share = (
            f"{plain(mass)} g x {plain(used.percent)} % = {plain(mass * used.percent / 100)} g base"
        )
        return Base(mass * used.percent / 100, used, "", (*steps, share))


def _named_form(goods: Goods, strength: Strength) -> tuple[Decimal | None, tuple[str, ...], str]:
    """Grams of the form the goods name, how they were found, or why they were not."""
    amount, per, step = _amount(goods, strength)
    if amount is None:
        return None, (), step
    steps = (step,) if step else ()
    if strength.mass is None:
        whole = per == "g"
        return (amount, steps, "") if whole else (None, (), f"no strength for a {goods.unit}")
    if per != strength.per:
        return None, (), f"the strength `{goods.strength}` is not one of {goods.unit}"
    mass = amount * strength.mass / strength.amount
    said = f"{plain(amount)} {per} x {plain(strength.mass / strength.amount)} g/{per} = {plain(mass)} g"
    return mass, (*steps, said), ""


def _amount(goods: Goods, strength: Strength) -> tuple[Decimal | None, str, str]:
    """The quantity in g, mL or units, whichever the strength is stated for; else in its own."""
    quantity, unit = goods.quantity, goods.unit
    if unit in COUNTS:
        return quantity, "unit", ""
    if unit in GRAMS:
        return quantity * GRAMS[unit], "g", ""
    if unit not in MILLILITRES:
        return None, "", f"`{unit}` is no unit of mass, volume or count"
    volume = quantity * MILLILITRES[unit]
    if strength.per == "mL" and strength.mass is not None:
        return volume, "mL", ""
    if strength.density is None:
        return None, "", f"a volume of {goods.substance} has no mass without its density"
    mass = volume * strength.density
    return mass, "g", f"{plain(volume)} mL x {plain(strength.density)} g/mL = {plain(mass)} g"


def form_of(goods: Goods) -> str:
    """The substance with its salt and water, in words."""
    water = f" with {plain(goods.water)} molecules of water" if goods.water else ""
    return f"{goods.substance} {goods.salt}".strip() + water


def is_base(goods: Goods) -> bool:
    """Whether the goods name the anhydrous base itself, or no other form of it."""
    return not goods.water and goods.salt.casefold() in (BASE_NAMES | {""})


def factor_of_formulas(
    base: str, acid: str, *, base_units: int, acid_units: int, water: Decimal
) -> BaseFactor:
    """The factor of an addition salt or hydrate from the formulas of its parts, in per cent.

    Raises InputError for what is no plain formula. Not for metal salts: those need the structure.
    """
    parts = {"base_units": Decimal(base_units), "acid_units": Decimal(acid_units)}
    percent = base_factor(base, acid or "H2O", **parts, water=water)
    shown = " + ".join(
        text
        for text in (
            f"{base_units} {base}",
            f"{acid_units} {acid}" if acid_units and acid else "",
            f"{plain(water)} H2O" if water else "",
        )
        if text
    )
    return BaseFactor(percent, f"computed from {shown}, IUPAC atomic weights")


def factor_of_structure(smiles: str, water: Decimal = Decimal(0)) -> BaseFactor:
    """The factor of a salt or hydrate drawn whole, in per cent: the mass of its active component,
    neutral, in the mass of what is drawn and of the water that is not drawn.

    A metal salt of an acid counts as its acid. Raises StructureError, and InputError where an
    element has no atomic weight here. Chemistry: in a service only inside a worker.
    """
    mol = read_structure(smiles)
    whole = formula_mass(formula(mol)) + water * formula_mass("H2O")
    active = sum(
        (formula_mass(formula(part.mol)) * part.copies for part in standardise(mol).active),
        Decimal(0),
    )
    percent = (100 * active / whole).quantize(TENTH, ROUND_HALF_UP)
    return BaseFactor(percent, "computed from the structure, IUPAC atomic weights")


def compared(listed: BaseFactor, computed: BaseFactor) -> Disagreement | None:
    """None where the two agree to a tenth of a per cent, which is what each is rounded to.

    Which of the two is right is not said: the listed one is used, and the doubt is shown.
    """
    alike = abs(listed.percent - computed.percent) <= TENTH
    return None if alike else Disagreement(listed, computed)


def in_unit(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """A quantity in another unit of the same kind, exactly; None where there is no such thing."""
    if unit == wanted:
        return value
    for scale in (GRAMS, MILLILITRES):
        if unit in scale and wanted in scale:
            with localcontext(prec=DIGITS):
                return value * scale[unit] / scale[wanted]
    return None
