"""Entries of a list in a draft: put on it, taken off it, taken over from another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time

from registry.chem.identity import layers
from registry.chem.parse import Format, read_structure
from registry.chem.standardise import Component, standardise
from registry.errors import InputError
from registry.facts import (
    Citation,
    Facts,
    InForce,
    Layers,
    Listing,
    Period,
    Recorded,
    Role,
    Substance,
)
from rules.drafts.desk import Desk
from rules.drafts.read import Draft
from rules.drafts.schema import List, Named
from rules.strict_yaml import Document, Path_


def listed(desk: Desk, change: List, part: Document) -> Iterator[Listing]:
    """The entries a change puts on a list, on the draft's days."""
    for place, one in enumerate(change.substances):
        path: Path_ = ("substances", place)
        substance, smiles, identity = _identified(desk.before.facts, one, part, path)
        yield Listing(
            id=f"draft:{desk.draft.slug}:{change.list_}:{len(desk.listings)}:{place}",
            provision=change.list_,
            name=one.name,
            role=Role.LISTED,
            valid=Period.exact(desk.draft.since, desk.draft.until),
            recorded=_recorded(desk.draft),
            cite=_cite(desk.draft),
            substance=substance,
            smiles=smiles,
            layers=identity,
            covers=change.covers,
            paragraph=change.paragraph,
        )


def ended(
    desk: Desk, provision: str, substances: Iterable[Named], part: Document
) -> Iterator[Listing]:
    """The entries of a list that end on the draft's first day."""
    held = _held(desk, provision)
    for place, one in enumerate(substances):
        path: Path_ = ("substances", place)
        is_it = _recognised(desk.before.facts, one, part, path)
        found = [row for row in held if is_it(row)]
        if not found:
            raise part.error(f"`{provision}` does not list `{one.name}`", path)
        for row in found:
            yield replace(row, valid=replace(row.valid, end=desk.draft.since))


def copied(desk: Desk, source: str, on: date, provision: str) -> Iterator[Listing]:
    """The entries of one provision on a day, as those of another on the draft's days."""
    for row in desk.before.facts.listings:
        if row.provision == source and row.valid.holds(on) is not InForce.NO:
            yield replace(
                row,
                id=f"draft:{desk.draft.slug}:{provision}:{row.id}",
                provision=provision,
                valid=Period.exact(desk.draft.since, desk.draft.until),
            )


def substance_of(facts: Facts, name: str, part: Document, path: Path_) -> Substance:
    """The one substance of the register that answers to a name and has a structure."""
    found = [one for one in _named(facts, name) if one.smiles]
    if len(found) != 1:
        why = "several substances" if found else "no structure"
        raise part.error(f"the register has {why} for `{name}`: give its SMILES", path)
    return found[0]


def _named(facts: Facts, name: str) -> list[Substance]:
    asked = name.casefold()
    return [
        one
        for one in facts.substances
        if one.name.casefold() == asked or any(n.text.casefold() == asked for n in one.names)
    ]


def _identified(
    facts: Facts, one: Named, part: Document, path: Path_
) -> tuple[str | None, str, Layers]:
    """The substance of the register, where it holds it, the structure and its identity."""
    if not one.smiles:
        substance = substance_of(facts, one.name, part, path)
        assert substance.layers is not None  # noqa: S101 (it has a structure)
        return substance.id, substance.smiles, substance.layers
    identity = _layers(one.smiles, part, (*path, "smiles"))
    same = (
        s.id for s in _named(facts, one.name) if s.layers and s.layers.stereo == identity.stereo
    )
    return next(same, None), one.smiles, identity


def _layers(smiles: str, part: Document, path: Path_) -> Layers:
    found = component(smiles, part, path)
    return layers(found.mol, found.labelled)


def component(smiles: str, part: Document, path: Path_) -> Component:
    """The one component, neutral and without counterions, that a SMILES in a draft stands for."""
    try:
        active = standardise(read_structure(smiles, Format.SMILES)).active
    except InputError as error:
        raise part.error(error.message, path) from None
    if len(active) != 1:
        raise part.error(f"`{smiles}` is not the structure of one substance", path)
    return active[0]


def _held(desk: Desk, provision: str) -> list[Listing]:
    """The entries of a provision on the draft's first day, as changed so far."""
    rows = {row.id: row for row in desk.before.facts.listings if row.provision == provision}
    rows |= {key: row for key, row in desk.listings.items() if row.provision == provision}
    return [row for row in rows.values() if row.valid.holds(desk.draft.since) is not InForce.NO]


def _recognised(facts: Facts, one: Named, part: Document, path: Path_) -> Callable[[Listing], bool]:
    """How an entry of a substance is told: by its structure where one is given, else by its name."""
    if one.smiles:
        identity = _layers(one.smiles, part, (*path, "smiles"))
        return lambda row: row.layers is not None and row.layers.stereo == identity.stereo
    name, same = one.name.casefold(), {substance.id for substance in _named(facts, one.name)}
    return lambda row: row.name.casefold() == name or row.substance in same


def _recorded(draft: Draft) -> Recorded:
    return Recorded(datetime.combine(draft.since, time(), UTC))


def _cite(draft: Draft) -> Citation:
    if draft.cite is not None:
        return Citation(draft.cite.title, draft.cite.href, draft.cite.retrieved)
    return Citation(draft.title.get("en") or next(iter(draft.title.values())))
