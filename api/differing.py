"""What a law says of each member of a library at several points: dates, or two sets of rule files.

It runs inside a worker (`api.simulating`). Each structure is read once and judged at every point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from api.law import law_of
from api.simulating import Key, Told, described
from api.usecases.libraries import Member
from registry.chem.standardise import Standardised
from registry.facts import Facts
from rules.decide import Scope, bind
from rules.simulate import Series, Standpoint, change_plain
from rules.status import Change, Kind

BY = ("jurisdiction", "before", "after", "provision", "clause", "why")
CHANGED, UNCHANGED, UNDETERMINED = "changed", "unchanged", "undetermined"


@dataclass(frozen=True, slots=True)
class Point:
    """The law of a day. `law`: another folder of rule files; None is the law asked about."""

    on: date
    law: Path | None = None

    @property
    def name(self) -> str:
        return self.law.name if self.law else ""


@dataclass(frozen=True, slots=True)
class Differences:
    """The plan: what changed from each point to the next. `grounds`: also where only the clauses
    differ by which a provision does or does not govern."""

    points: tuple[Point, ...]
    scope: Scope
    known_at: str
    grounds: bool = False

    def open(self, law_root: Path | None, facts: Facts) -> Differing:
        roots = {point.law or law_root for point in self.points}
        books = {root: bind(law_of(root), facts) for root in roots}
        standpoints = tuple(
            Standpoint(point.name, books[point.law or law_root], point.on) for point in self.points
        )
        return Differing(self, Series(standpoints, self.scope))


class Differing:
    """The judge of a law diff."""

    def __init__(self, plan: Differences, series: Series) -> None:
        self._plan, self._series = plan, series

    def about(self) -> dict[str, Any]:
        """Each point with the hash of its rule files."""
        standpoints = self._series.standpoints
        return {
            "points": [
                {"law": one.name, **{key: one.plain()[key] for key in ("on", "rule_set")}}
                for one in standpoints
            ]
        }

    def judge(self, member: Member, standardised: Standardised) -> Told:
        changes = [
            (step, change)
            for step, found in enumerate(self._series.of(standardised), 1)
            for change in found
            if self._plan.grounds or change.kind is not Kind.GROUNDS
        ]
        if not changes:
            return Told(None, ((member.library, UNCHANGED),))
        told = [{"step": step, **change_plain(change)} for step, change in changes]
        row = {**described(member), "error": None, "changes": told}
        return Told(row, tuple(sorted(_counted(member, changes))))

    def stopped(self, member: Member, code: str, message: str) -> Told:
        error = {"code": code, "message": message}
        row = {**described(member), "error": error, "changes": []}
        return Told(row, ((member.library, UNDETERMINED),))


def _counted(member: Member, changes: Sequence[tuple[int, Change]]) -> set[Key]:
    """A member counts once for each kind of change and each cause of a change of status."""
    counted: set[Key] = {(member.library, CHANGED)}
    for step, change in changes:
        counted.add((member.library, str(step), change.kind.value))
        if change.kind is Kind.STATUS:
            words = (str(getattr(change, name)) for name in BY)
            counted.add((member.library, str(step), *words))
    return counted
