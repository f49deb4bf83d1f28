"""The difference between two standpoints for one structure, by clause: two dates, two rule sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise

from registry.chem.standardise import Standardised
from rules.decide import matters_of
from rules.result import Decision
from rules.simulate.standpoint import Standpoint
from rules.sitting import EVERYTHING, Scope
from rules.status import Change, Judged, compare, differs, standing


@dataclass(frozen=True)
class Series:
    """Standpoints in an order, such as one law on the same day of each year."""

    standpoints: tuple[Standpoint, ...]
    scope: Scope = EVERYTHING

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        return tuple(one.judged(self.scope) for one in self.standpoints)

    def of(self, standardised: Standardised) -> tuple[tuple[Change, ...], ...]:
        """What changed for a structure from each standpoint to the next; empty where nothing did."""
        first = self.standpoints[0]
        matters = matters_of(standardised, first.read, first.on)
        decisions = [
            one.decide(standardised, self.scope, matters=matters) for one in self.standpoints
        ]
        steps = zip(pairwise(decisions), pairwise(self.judged), self.standpoints[1:], strict=True)
        return tuple(
            changes(before, after, laws, partial(_whole, there, standardised, self.scope))
            for (before, after), laws, there in steps
        )


def _whole(there: Standpoint, standardised: Standardised, scope: Scope) -> Decision:
    return there.decide(standardised, scope, everything=True)


def changes(
    before: Decision,
    after: Decision,
    laws: tuple[Judged, Judged],
    whole: Callable[[], Decision],
) -> tuple[Change, ...]:
    """What changed from one decision to another. `whole` gives the later one with everything that
    is plainly outside; it is asked only where a provision has fallen silent, for why it has."""
    was, now = standing(before), standing(after)
    if not differs(was, now):
        return ()
    explained = {one.provision: one for one in after.findings}
    if not was.said.keys() <= explained.keys():
        explained = {one.provision: one for one in whole().findings} | explained
    return compare(was, now, *laws, explained)


@dataclass(frozen=True)
class Difference:
    """Two standpoints: what changes for a structure from one to the other."""

    before: Standpoint
    after: Standpoint
    scope: Scope = field(default=EVERYTHING)

    @cached_property
    def _series(self) -> Series:
        return Series((self.before, self.after), self.scope)

    def of(self, standardised: Standardised) -> tuple[Change, ...]:
        """The changes, in a word for each jurisdiction and provision by provision."""
        return self._series.of(standardised)[0]
