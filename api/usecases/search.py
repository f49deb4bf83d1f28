"""Search the structures of the register, and compare two structures.

What is found is evidence. Only `classify` answers what the law says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api import searching
from api.access.acts import Act
from api.engine import Engine, Structure
from api.searching import Found, Place
from api.usecases.dates import Dates
from registry.chem.fingerprint import SCHEMES
from registry.errors import Denied, NotFound
from registry.facts import Facts, InForce
from registry.search.structures import LAYERS, Mode, Wanted

EVIDENCE = (
    "Likeness and shared parts of drawings are evidence for an expert, never a legal answer. Nothing "
    "found here does not mean that nothing applies: ask for a classification."
)
PREPARE_SECONDS = 60.0


class SmartsNotAllowed(Denied):
    """SMARTS from a caller nobody vouches for."""

    code = "smarts-not-allowed"


@dataclass(frozen=True, slots=True)
class Page:
    """The answer, and where the list goes on; None at its end."""

    answer: dict[str, Any]
    after: Place | None


def search(
    engine: Engine,
    wanted: Wanted,
    dates: Dates,
    *,
    top: int | None = None,
    after: Place | None = None,
    limit: int = 50,
    trusted: bool = False,
) -> Page:
    """One page of what was found, best first, with the listings of each that may hold on the day.

    Raises InputError for what cannot be asked, SmartsNotAllowed, NotFound where the register held
    no structure at that moment, and Overrun where the search was stopped.
    """
    if wanted.smarts and not (trusted or engine.settings.smarts):
        told = "SMARTS are not matched for callers nobody vouches for"
        raise SmartsNotAllowed(told, act=Act.SMARTS)
    facts = engine.facts(dates.known_at)
    if not any(one.smiles for one in facts.substances):
        raise NotFound(f"this register held no structures at {dates.known_text}")
    file = engine.known.file(facts)
    # What is ours to make ready must not use up the time that bounds the caller's question; the
    # worker that has just become free is the next one asked.
    engine.workers.call(searching.prepare, file, wanted, deadline=PREPARE_SECONDS)
    found = engine.workers.call(searching.find, file, wanted, top, after, limit)
    last = found.hits[-1:] if found.more else ()
    after = next(((hit.rank, hit.substance) for hit in last), None)
    return Page(_answer(found, wanted, facts, dates), after)


def compare(engine: Engine, first: Structure, second: Structure) -> dict[str, Any]:
    """What two structures share and where they differ. Raises InputError, Overrun."""
    seconds = max(1, int(engine.settings.deadline_seconds / 2))
    compared = engine.workers.call(searching.compare, first, second, seconds)
    return {"evidence": EVIDENCE, **compared}


def _answer(found: Found, wanted: Wanted, facts: Facts, dates: Dates) -> dict[str, Any]:
    names = {one.id: one.name for one in facts.substances}
    listings = _listings(facts, {hit.substance for hit in found.hits}, dates)
    return {
        "evidence": EVIDENCE,
        "mode": wanted.mode.value,
        "compared": _compared(wanted),
        "standardised": found.standardised,
        "on": dates.on.isoformat(),
        "known_at": dates.known_text,
        "facts": facts.content_hash,
        "items": [
            {
                "id": hit.substance,
                "name": names[hit.substance],
                "score": hit.score,
                "layers": hit.layers,
                "atoms": list(hit.atoms),
                "listings": listings[hit.substance],
            }
            for hit in found.hits
        ],
    }


def _compared(wanted: Wanted) -> str:
    """What the answer rests on, in words."""
    if wanted.mode is Mode.EXACT:
        return f"layers that agree: {', '.join(wanted.agree)}; of {', '.join(LAYERS)}"
    if wanted.mode is Mode.SIMILAR:
        weights = f" {wanted.alpha} {wanted.beta}" if wanted.metric == "tversky" else ""
        label = SCHEMES[wanted.fingerprint].label
        return f"{wanted.metric}{weights} of {label}, {wanted.threshold} or more"
    stereo = "with" if wanted.stereo else "without"
    return f"atoms and bonds as drawn, {stereo} stereochemistry"


def _listings(facts: Facts, substances: set[str], dates: Dates) -> dict[str, list[dict[str, str]]]:
    """For each substance the provisions that name it on the day, or may."""
    found: dict[str, list[dict[str, str]]] = {substance: [] for substance in substances}
    for listing in facts.listings:
        if listing.substance in found:
            holds = listing.valid.holds(dates.on)
            if holds is not InForce.NO:
                found[listing.substance].append(
                    {"provision": listing.provision, "in_force": holds.value}
                )
    return found
