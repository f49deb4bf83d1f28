"""Whether a preparation is one of 1961 Schedule III, by its composition. Three-valued."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules.shipment.consignment import Composition, Ingredient
from rules.shipment.tables import Preparation

Limb = tuple[bool | None, str]


def schedule_iii(
    entry: Preparation | None, kind: str | None, composition: Composition
) -> tuple[bool | None, str]:
    """Whether the preparation meets its Schedule III entry, and why, in words.

    Limits are in base; a strength not stated as base is an upper bound and can show that a limit
    is kept, not that it is broken. Substances without an entry, and substances that are not in a
    preparation, are certainly not Schedule III preparations; of them nothing is said.
    """
    if entry is None or kind == "substance":
        return False, ""
    limbs = list(_limbs(entry, composition))
    if kind is None:
        limbs.append((None, "whether it is a preparation is not known"))
    return _verdict(entry, limbs)


def _verdict(entry: Preparation, limbs: list[Limb]) -> tuple[bool | None, str]:
    broken = [text for holds, text in limbs if holds is False]
    if broken:
        return False, f"not a Schedule III preparation ({entry.entry}): {'; '.join(broken)}"
    open_ = [text for holds, text in limbs if holds is None]
    if open_:
        return None, f"perhaps a Schedule III preparation ({entry.entry}): {'; '.join(open_)}"
    kept = "; ".join(text for _, text in limbs)
    return True, f"Schedule III preparation ({entry.entry}): {kept}"


def _limbs(entry: Preparation, composition: Composition) -> Iterator[Limb]:
    yield from _strength(entry, composition)
    for adjunct in entry.adjuncts:
        yield _adjunct(adjunct.name, adjunct.percent_of_drug, composition)
    if entry.compounded:
        yield _flag(_compounded(composition), "compounded with other ingredients")
    if entry.unrecoverable:
        yield _flag(
            _not(composition.recoverable), "protected against recovery by readily applicable means"
        )
    if entry.oral:
        yield _flag(composition.oral, "for oral use")
    if entry.no_psychotropic:
        yield _flag(_not(composition.with_psychotropic), "free of psychotropic substances")


def _strength(entry: Preparation, composition: Composition) -> Iterator[Limb]:
    if entry.percent is not None:
        yield _below(composition.percent, entry.percent, "%", composition.as_base)
    elif composition.divided is False:
        if entry.undivided_percent is None:
            yield False, "not divided into dosage units"
        else:
            percent = composition.percent
            yield _below(percent, entry.undivided_percent, "%", composition.as_base)
    elif entry.per_unit_mg is not None:
        divided = composition.divided or composition.per_unit is not None
        strength = _milligrams(composition)
        if divided:
            yield _below(strength, entry.per_unit_mg, "mg per dosage unit", composition.as_base)
        else:
            yield None, "strength per dosage unit, or division into units, is not known"


def _milligrams(composition: Composition) -> Decimal | None:
    strength = composition.per_unit
    grams = None if strength is None else strength.grams
    return None if grams is None else grams * 1000


def _below(value: Decimal | None, limit: Decimal, unit: str, as_base: bool | None) -> Limb:
    if value is None:
        return None, f"strength against the limit of {limit} {unit} is not known"
    if value <= limit:
        return True, f"{value.normalize():f} {unit}, limit {limit} {unit}"
    if as_base:
        return False, f"{value.normalize():f} {unit} is above the limit of {limit} {unit}"
    return None, f"{value.normalize():f} {unit}, not stated as base, against {limit} {unit}"


def _adjunct(name: str, least: Decimal, composition: Composition) -> Limb:
    if composition.ingredients is None:
        return None, f"whether it holds {name} is not known"
    found = [i for i in composition.ingredients if i.name.casefold() == name]
    if not found:
        return False, f"no {name}, of which at least {least} % of the drug is required"
    share = _share(found[0], composition)
    if share is None:
        return None, f"how much {name} it holds is not known"
    return _enough(share, least, name, composition.as_base)


def _enough(share: Decimal, least: Decimal, name: str, as_base: bool | None) -> Limb:
    shown = f"{name} {share.normalize():f} % of the drug, at least {least} % required"
    if share >= least:
        # As base the drug weighs no more than stated, so the true share is no smaller.
        return True, shown
    return (False if as_base else None), shown


def _share(ingredient: Ingredient, composition: Composition) -> Decimal | None:
    drug = _milligrams(composition)
    mass = ingredient.per_unit.grams if ingredient.per_unit is not None else None
    if mass is not None and drug:
        return round(mass * 1000 * 100 / drug, 4)
    if ingredient.percent is not None and composition.percent:
        return round(ingredient.percent * 100 / composition.percent, 4)
    return None


def _compounded(composition: Composition) -> bool | None:
    if composition.compounded is not None:
        return composition.compounded
    return None if composition.ingredients is None else bool(composition.ingredients)


def _flag(holds: bool | None, text: str) -> Limb:
    said = {True: text, False: f"not {text}", None: f"whether it is {text} is not known"}
    return holds, said[holds]


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value
