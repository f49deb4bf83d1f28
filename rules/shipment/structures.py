"""The status of a line that is given by its structure: Schedules follow from the judge of classes.

Esters, ethers, isomers and salts are derived there; the name of the line need not be known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from registry.facts import InForce
from rules.result import Outcome
from rules.shipment.consignment import Line
from rules.shipment.status import EARLIEST, UN_PROVISIONS, LineStatus, composed

HOLDS = {
    Outcome.INSIDE: InForce.YES,
    Outcome.OUTSIDE: InForce.NO,
    Outcome.DISPLACED: InForce.NO,
}


def structure_status(
    line: Line, verdicts: Mapping[str, Outcome], named: LineStatus, on: date
) -> LineStatus:
    """The status of a line from what its structure is under each provision of each jurisdiction.

    A provision not judged, exempt or undetermined is unknown. `named` is the status by name: where
    the name leads to a substance that a provision certainly governs and the structure certainly
    does not come under it, or the other way round, the goods are not identified.
    """
    listed = {
        key: HOLDS.get(verdicts.get(key, Outcome.UNDETERMINED), InForce.UNKNOWN)
        for key in UN_PROVISIONS
    }
    # These two go by composition and by material, never by structure.
    listed |= dict.fromkeys(("UN-1961-III", "UN-1961-25"), InForce.NO)
    if on < EARLIEST:
        return named
    if named.identified and (differing := _differing(listed, named.listed)):
        problem = f"name and structure disagree: `{line.substance}` and the structure, {differing}"
        unknown = dict.fromkeys(UN_PROVISIONS, InForce.UNKNOWN)
        return replace(named, listed=unknown, problem=problem)
    national: dict[str, InForce] = {
        key: held
        for key, outcome in verdicts.items()
        if key not in UN_PROVISIONS
        and (held := HOLDS.get(outcome, InForce.UNKNOWN)) is not InForce.NO
    }
    if named.identified:
        return replace(named, listed=listed, national=national | named.national)
    names = frozenset({line.substance.casefold()})
    return composed(LineStatus(line.substance, names, listed, national=national), line)


def _differing(listed: Mapping[str, InForce], named: Mapping[str, InForce]) -> str:
    certain = {InForce.YES, InForce.NO}
    found = [
        key
        for key in listed
        if {listed[key], named[key]} == certain and not key.startswith("UN-1988")
    ]
    return ", ".join(found)
