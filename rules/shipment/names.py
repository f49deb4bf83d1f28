"""The register's facts by name and by substance, made once for the facts last asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.facts import Facts, Listing, Role, Substance


@dataclass(frozen=True, slots=True)
class Index:
    """Substances by each of their folded names, and what lists each substance."""

    facts: Facts
    named: Mapping[str, Sequence[Substance]]
    listings: Mapping[str, Sequence[Listing]]


def folded(substance: Substance) -> frozenset[str]:
    """All names of a substance, folded for comparison."""
    return frozenset({substance.name.casefold(), *(n.text.casefold() for n in substance.names)})


def index(facts: Facts) -> Index:
    """The index of these facts. The last one made is kept: a file of consignments asks it often."""
    kept = _kept[-1] if _kept else None
    if kept is None or kept.facts is not facts:
        kept = _made(facts)
        _kept[:] = [kept]
    return kept


_kept: list[Index] = []


def _made(facts: Facts) -> Index:
    named: defaultdict[str, list[Substance]] = defaultdict(list)
    for substance in facts.substances:
        for name in folded(substance):
            named[name].append(substance)
    listings: defaultdict[str, list[Listing]] = defaultdict(list)
    for listing in facts.listings:
        if listing.role is not Role.EXCLUDED and listing.substance is not None:
            listings[listing.substance].append(listing)
    return Index(facts, dict(named), dict(listings))
