"""What the sources say of one thing, laid side by side. Nothing is settled here, only shown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from registry.chem import identity
from registry.chem.formats import Format
from registry.chem.parse import read_structure
from registry.chem.standardise import Standardised, standardise
from registry.errors import InputError, SeedError
from registry.facts import Layers, Period, Role
from registry.spelling import fold
from seed.readers.records import Dataset, Listing

OURS = "this register"


@dataclass(frozen=True, slots=True)
class Structure:
    """A substance's structure as this register reads it. `drawn_key` is of the drawing as given."""

    as_given: str
    standardised: str
    steps: tuple[str, ...]
    layers: Layers
    drawn_key: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Statements about one field of one subject, each with who makes it."""

    subject: str
    field: str
    values: tuple[str, ...]
    sources: tuple[str, ...]
    note: str = ""


def structures(dataset: Dataset) -> dict[str, Structure]:
    """The structure of every substance that has one. Raises SeedError where one cannot be read."""
    return {
        substance.id: read(substance.structure, substance.id)
        for substance in dataset.substances.values()
        if substance.structure
    }


def read(smiles: str, owner: str) -> Structure:
    """One structure. Several active components are taken together, as one substance."""
    try:
        drawn = read_structure(smiles, Format.SMILES)
        whole = standardise(drawn)
        layers = _layers(whole)
    except InputError as error:
        raise SeedError(f"the structure of `{owner}` cannot be read: {error.message}") from None
    return Structure(
        as_given=smiles,
        standardised=whole.smiles,
        steps=tuple(f"{step.name} {step.version}: {step.detail}" for step in whole.steps),
        layers=layers,
        drawn_key=identity.inchikey(drawn),
    )


def _layers(whole: Standardised) -> Layers:
    active = whole.active
    if len(active) == 1:
        return identity.layers(active[0].mol, active[0].labelled)
    parts = [text for part in active for text in [identity.stereo(part.mol)] * part.copies]
    return identity.layers(read_structure(".".join(parts), Format.SMILES))


def differences(dataset: Dataset, found: Mapping[str, Structure]) -> tuple[Difference, ...]:
    """Every point on which the data do not agree with each other or with what is computed."""
    every = [
        *_of_structure(dataset, found),
        *_of_numbers(dataset),
        *_of_names(dataset),
        *_of_provisions(dataset),
    ]
    return tuple(sorted(every, key=lambda one: (one.subject, one.field)))


def _of_structure(dataset: Dataset, found: Mapping[str, Structure]) -> Iterator[Difference]:
    said: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for substance in dataset.substances.values():
        if substance.inchikey and substance.id in found:
            said[substance.id].append((substance.inchikey, substance.source))
    for statement in dataset.statements:
        if statement.field == "structure":
            said[statement.substance].append((statement.value, statement.by))
    for owner, key, source in _drawn(dataset, found):
        said[owner].append((key, source))
    for owner, statements in said.items():
        ours = found.get(owner)
        others = [(key, by) for key, by in statements if not ours or not _same(key, ours)]
        if others:
            taken = [(ours.layers.inchikey, OURS)] if ours else []
            yield _difference(owner, "structure", [*taken, *others], _kind(ours, others))


def _drawn(dataset: Dataset, found: Mapping[str, Structure]) -> Iterator[tuple[str, str, str]]:
    """What each listing's own drawing is, read once per drawing."""
    keys = {structure.as_given: structure.layers.inchikey for structure in found.values()}
    for listing in dataset.listings:
        if listing.drawing:
            if listing.drawing not in keys:
                keys[listing.drawing] = read(listing.drawing, listing.key).layers.inchikey
            yield listing.substance, keys[listing.drawing], listing.source


def _same(key: str, ours: Structure) -> bool:
    """A statement of 14 letters is about connectivity only."""
    return any(mine.startswith(key) for mine in (ours.layers.inchikey, ours.drawn_key))


def _kind(ours: Structure | None, others: Iterable[tuple[str, str]]) -> str:
    if ours is None:
        return "no structure is taken"
    skeleton = ours.layers.inchikey[:14]
    if all(key.startswith(skeleton) for key, _ in others):
        return "same connectivity, other stereochemistry"
    return "other connectivity"


def _of_numbers(dataset: Dataset) -> Iterator[Difference]:
    by_substance: dict[str, list[tuple[str, str]]] = defaultdict(list)
    by_number: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for given in dataset.identifiers:
        by_substance[given.substance].append((given.value, given.source))
        by_number[given.value].append((given.substance, given.source))
    for statement in dataset.statements:
        if statement.field == "cas":
            by_substance[statement.substance].append((statement.value, statement.by))
    for substance, said in by_substance.items():
        wrong = [value for value, _ in said if not check_digit(value)]
        if len({value for value, _ in said}) > 1 or wrong:
            note = f"wrong check digit: {', '.join(sorted(set(wrong)))}" if wrong else ""
            yield _difference(substance, "cas", said, note)
    for number, owners in by_number.items():
        if len({owner for owner, _ in owners}) > 1:
            yield _difference(f"cas {number}", "substance", owners)


def check_digit(cas: str) -> bool:
    """Whether a CAS number is whole: its last digit is the weighted sum of the others."""
    found = re.fullmatch(r"(\d{2,7})-(\d\d)-(\d)", cas)
    if found is None:
        return False
    digits = reversed(found[1] + found[2])
    return sum(place * int(digit) for place, digit in enumerate(digits, 1)) % 10 == int(found[3])


def _of_names(dataset: Dataset) -> Iterator[Difference]:
    owners: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in dataset.names:
        owners[fold(name.text)].append((name.substance, name.source))
    for listing in dataset.listings:
        owners[fold(listing.name)].append((listing.substance, listing.source))
    for text, said in owners.items():
        if len({owner for owner, _ in said}) > 1:
            yield _difference(f"name {text}", "substance", said)


def _of_provisions(dataset: Dataset) -> Iterator[Difference]:
    """One substance in two provisions of which it should stand in one, at the same time."""
    groups: dict[tuple[str, str], list[Listing]] = defaultdict(list)
    for listing in dataset.listings:
        group = dataset.provisions[listing.provision].exclusive
        if (
            group
            and listing.role != Role.EXCLUDED
            and dataset.substances[listing.substance].structure
        ):
            groups[listing.substance, group].append(listing)
    for (substance, group), listings in groups.items():
        clashing = {
            one.key: one
            for pair in combinations(listings, 2)
            if pair[0].provision != pair[1].provision and overlap(pair[0].valid, pair[1].valid)
            for one in pair
        }
        if clashing:
            said = [(one.provision, one.source) for one in clashing.values()]
            yield _difference(substance, f"provision of {group}", said)


def overlap(a: Period, b: Period) -> bool:
    """Whether there is a day on which both certainly hold."""
    if a.start is None or b.start is None:
        return False
    return (a.end is None or b.start < a.end) and (b.end is None or a.start < b.end)


def _difference(
    subject: str, field: str, said: Iterable[tuple[str, str]], note: str = ""
) -> Difference:
    """Equal statements are put together; the order in which they were made is kept."""
    by: dict[str, list[str]] = defaultdict(list)
    for value, source in said:
        if source not in by[value]:
            by[value].append(source)
    return Difference(subject, field, tuple(by), tuple(map(", ".join, by.values())), note)
