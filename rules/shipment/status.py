"""Which provisions of the treaties govern a line on a date, and how much base is in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import get_args

from registry.facts import Facts, InForce, Substance
from rules.shipment.consignment import Form, Line, Provision
from rules.shipment.names import folded, index
from rules.shipment.preparations import schedule_iii
from rules.shipment.quantities import BaseFactor, Span, about
from rules.shipment.tables import tables

UN_PROVISIONS: tuple[str, ...] = get_args(Provision)
# The Single Convention of 1961 entered into force on this day; what bound States before is not held.
EARLIEST = date(1964, 12, 13)


@dataclass(frozen=True, slots=True)
class LineStatus:
    """What the register and the composition say of one line on one date.

    `listed` maps each UN provision that names the substance to yes, no or unknown; `governing` is
    the same after its composition is taken into account. `problem` empty: the goods are identified.
    `names` are all names of the substance, folded. `national` maps the provisions of other lists of
    the register that name it; `never` are the UN provisions that name it at no time. It does not derive esters, ethers or isomers from the names listed:
    those are for the class judge.
    """

    substance: str
    names: frozenset[str]
    listed: dict[str, InForce]
    problem: str = ""
    factor: BaseFactor | None = None
    schedule_iii: bool | None = False
    preparation: str = ""
    opium: bool | None = False
    equipment: bool | None = False
    national: dict[str, InForce] = field(default_factory=dict)
    never: frozenset[str] = frozenset()

    @property
    def identified(self) -> bool:
        """Whether name and number lead to one substance of the register."""
        return not self.problem

    @property
    def undated(self) -> tuple[str, ...]:
        """Provisions that are open only because their first day of effect is not known."""
        if self.problem:
            return ()
        return tuple(key for key, held in self.listed.items() if held is InForce.UNKNOWN)

    @property
    def governing(self) -> dict[str, InForce]:
        """A Schedule III preparation is governed as such, not as its drug; possibly so: unknown."""
        drug = [key for key in ("UN-1961-I", "UN-1961-II") if self.listed[key] is not InForce.NO]
        if self.schedule_iii is False or not drug:
            return self.listed
        certain = self.schedule_iii is True and any(self.listed[key] is InForce.YES for key in drug)
        third = InForce.YES if certain else InForce.UNKNOWN
        rest = InForce.NO if self.schedule_iii else InForce.UNKNOWN
        return self.listed | dict.fromkeys(drug, rest) | {"UN-1961-III": third}


def line_status(line: Line, facts: Facts, on: date) -> LineStatus:
    """The status of a line by name and CAS number in the register's facts, on one day.

    A name the register does not hold, or a name and a number that lead to different substances,
    leave every provision unknown. Materials governed by an article without a Schedule (poppy
    straw) are known by name.
    """
    book = tables()
    name = line.substance.casefold()
    if name in book.places.materials:
        return _material(name, book.places.materials[name])
    if (equipment := book.places.equipment_named(name)) is not None:
        nowhere = dict.fromkeys(UN_PROVISIONS, InForce.NO)
        return LineStatus(equipment, frozenset({name, equipment}), nowhere, equipment=True)
    found, problem = _identified(line, facts)
    if on < EARLIEST:
        problem = f"the treaties before {EARLIEST.isoformat()} are not held"
    if found is None or problem:
        return _unidentified(line, problem)
    return composed(_listed(found, facts, on), line)


def base_span(line: Line, factor: BaseFactor | None) -> Span:
    """Bounds of the anhydrous base in a line, in grams.

    Without a factor the stated mass is an upper bound, since no salt holds more base than it
    weighs. Units that are neither mass nor a count with a strength give no upper bound.
    """
    stated, as_base = _stated_mass(line)
    if stated is None:
        return Span()
    if as_base or (factor is not None and factor.percent == 100):
        return Span.exact(stated)
    if factor is None or as_base is None:
        return Span(Decimal(0), stated)
    return Span.exact(stated * factor.percent / 100)


def base_text(line: Line, factor: BaseFactor | None) -> str:
    """The anhydrous base of a line in words, `about` where it was computed; empty if unknown."""
    if factor is None or line.quantity is None or line.quantity.grams is None:
        return ""
    if factor.percent == 100:
        return str(line.quantity)
    return about(line.quantity.value * factor.percent / 100, line.quantity.unit)


def _stated_mass(line: Line) -> tuple[Decimal | None, bool | None]:
    """Grams as stated, and whether they are stated as base."""
    quantity, strength = line.quantity, line.composition.per_unit
    if quantity is None:
        return None, None
    if quantity.grams is not None:
        return quantity.grams, False
    if quantity.is_count and strength is not None and strength.grams is not None:
        return quantity.value * strength.grams, line.composition.as_base
    return None, None


def _identified(line: Line, facts: Facts) -> tuple[Substance | None, str]:
    """The one substance that name and number lead to, or what stands against it."""
    named = index(facts).named.get(line.substance.casefold(), ())
    if not named:
        return None, f"the register holds no substance named `{line.substance}`"
    fitting = [s for s in named if line.cas is None or line.cas in _numbers(s) or not _numbers(s)]
    if not fitting:
        return None, _disagreement(line, named[0], facts)
    if len(fitting) > 1:
        names = ", ".join(sorted(s.name for s in fitting))
        return None, f"`{line.substance}` names more than one substance: {names}"
    return fitting[0], ""


def _disagreement(line: Line, named: Substance, facts: Facts) -> str:
    other = next((s.name for s in facts.substances if line.cas in _numbers(s)), "not held")
    return (
        f"name and CAS number disagree: `{line.substance}` is {named.name}, `{line.cas}` is {other}"
    )


def _numbers(substance: Substance) -> set[str]:
    return {i.value for i in substance.identifiers if i.kind == "cas"}


def _unidentified(line: Line, problem: str) -> LineStatus:
    unknown = dict.fromkeys(UN_PROVISIONS, InForce.UNKNOWN)
    names = frozenset({line.substance.casefold()})
    return LineStatus(
        line.substance,
        names,
        unknown,
        problem=problem,
        schedule_iii=None,
        opium=None,
        equipment=None,
    )


def _material(name: str, provision: str) -> LineStatus:
    provisions = dict.fromkeys(UN_PROVISIONS, InForce.NO) | {provision: InForce.YES}
    return LineStatus(name, frozenset({name}), provisions)


def _listed(substance: Substance, facts: Facts, on: date) -> LineStatus:
    treaties, national = dict.fromkeys(UN_PROVISIONS, InForce.NO), dict[str, InForce]()
    never = set(UN_PROVISIONS)
    for listing in index(facts).listings.get(substance.id, ()):
        never.discard(listing.provision)
        held = listing.valid.holds(on)
        book = treaties if listing.provision in UN_PROVISIONS else national
        if book.get(listing.provision) is not InForce.YES and held is not InForce.NO:
            book[listing.provision] = held
    names = folded(substance)
    return LineStatus(substance.name, names, treaties, national=national, never=frozenset(never))


def composed(status: LineStatus, line: Line) -> LineStatus:
    """The same status with what salt and composition say."""
    book = tables()
    entry = book.preparations.entry(status.names)
    holds, reason = schedule_iii(entry, line.form.kind, line.composition)
    return replace(
        status,
        factor=base_factor_of(status.names, line.form),
        schedule_iii=holds,
        preparation=reason,
        opium=bool(status.names & frozenset(book.places.opium)),
    )


def base_factor_of(names: frozenset[str], form: Form) -> BaseFactor | None:
    """The factor of a form of a substance known by these names; None where it is not known."""
    if form.salt is None:
        return None
    salt = form.salt.casefold()
    if salt in {"base", "free base"}:
        return BaseFactor(Decimal(100), "stated as base") if form.water == 0 else None
    salts = tables().salts
    known = sorted(frozenset(salts.bases) & names)
    return next((salts.factor(name, salt, form.water) for name in known), None)
