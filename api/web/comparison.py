"""A simulation arranged for reading: one column for each option, one row for each substance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from rules.simulate import Effect

Plain = Mapping[str, Any]

CAUGHT, ASKED, RELEASED = Effect.CAUGHT, Effect.ASKED, Effect.RELEASED
EXEMPTED, ALREADY = Effect.EXEMPTED, Effect.ALREADY
UNCHANGED, FAILED = Effect.UNCHANGED, Effect.NOT_JUDGED
EFFECTS: dict[str, str] = {
    CAUGHT: "controlled under the option, and not before",
    ASKED: "undetermined under the option: a reading, a fact or a court has to say, and had not to",
    RELEASED: "no longer controlled, or no longer asked about",
    EXEMPTED: "would be controlled, but for an exemption",
    ALREADY: "reached by the option, and controlled before by other law",
    UNCHANGED: "not reached by the option",
    FAILED: "could not be read or computed: undetermined, never cleared",
}
STYLES = {CAUGHT: "controlled", ASKED: "undetermined", FAILED: "undetermined"}
CHANGES = (CAUGHT, ASKED, RELEASED, EXEMPTED, FAILED)
REACHED = (CAUGHT, ASKED, FAILED)
ANY, OPEN_OR_CAUGHT = "any", "caught, open or not judged"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are asked for. `effect` empty: whatever the options change; `any`: every row told."""

    library: str = ""
    effect: str = ""
    option: str = ""
    differ: bool = False
    collateral: bool = False

    def link(self, start: int) -> str:
        """The query of the page that begins at a row."""
        asked = {"library": self.library, "effect": self.effect, "option": self.option}
        ticked = {"differ": self.differ, "collateral": self.collateral}
        return urlencode(
            {name: value for name, value in asked.items() if value}
            | {name: "true" for name, on in ticked.items() if on}
            | {"start": start}
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """What one option does to one substance."""

    effect: str
    before: str = ""
    after: str = ""
    by: tuple[Plain, ...] = ()
    before_by: tuple[Plain, ...] = ()
    open: tuple[str, ...] = ()
    exempted_by: tuple[str, ...] = ()
    error: str = ""

    @property
    def clauses(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """By which provisions and clauses, for telling two cells apart."""
        return tuple((one["provision"], tuple(one.get("clauses", ()))) for one in self.by)


@dataclass(frozen=True, slots=True)
class Line:
    row: Plain
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the options do not do the same to it, or not by the same clauses."""
        return len({(cell.effect, cell.clauses) for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class Lines:
    """One page of rows. `before` and `after` are where its neighbours begin, None at the ends."""

    shown: tuple[Line, ...]
    found: int
    start: int
    before: int | None
    after: int | None


def slugs(simulation: Plain) -> tuple[str, ...]:
    return tuple(one["draft"] for one in simulation["options"])


def lines(simulation: Plain, wanted: Filter, start: int = 0) -> Lines:
    """The rows that a filter lets through, page by page, in the order of the simulation."""
    options = slugs(simulation)
    found = [line for line in _lines(simulation, options) if _takes(wanted, options, line)]
    start = max(0, min(start, len(found) - 1)) if found else 0
    end = start + PAGE
    return Lines(
        tuple(found[start:end]),
        len(found),
        start,
        max(0, start - PAGE) if start else None,
        end if end < len(found) else None,
    )


def _lines(simulation: Plain, options: Sequence[str]) -> Iterator[Line]:
    for row in simulation["rows"]:
        yield Line(row, tuple(_cell(row["told"].get(option)) for option in options))


def _cell(told: Plain | None) -> Cell:
    if told is None:
        return Cell(UNCHANGED)
    error = told.get("error") or {}
    taken_out = told["effect"] == EXEMPTED
    return Cell(
        told["effect"],
        told["before"],
        told["after"],
        tuple(told.get("after_by", ())),
        tuple(told.get("before_by", ())),
        tuple(told.get("open", ())),
        tuple(one["name"] for one in told.get("exemptions", ()) if taken_out),
        error.get("message", ""),
    )


def _takes(wanted: Filter, options: Sequence[str], line: Line) -> bool:
    asked = [
        cell
        for option, cell in zip(options, line.cells, strict=True)
        if wanted.option in ("", option)
    ]
    return (
        wanted.library in ("", line.row["library"])
        and (line.differs or not wanted.differ)
        and (line.row["collateral"] or not wanted.collateral)
        and any(_meant(wanted.effect, cell.effect) for cell in asked)
    )


def _meant(asked: str, effect: str) -> bool:
    sets = {"": CHANGES, OPEN_OR_CAUGHT: REACHED, ANY: tuple(EFFECTS)}
    return effect in sets.get(asked, (asked,))


@dataclass(frozen=True, slots=True)
class Totals:
    """The effects in one library: for each effect, the numbers in the order of the options."""

    library: Plain
    effects: dict[str, tuple[int, ...]]


def totals(simulation: Plain) -> tuple[Totals, ...]:
    """How many substances of each library each option touches in which way."""
    options = slugs(simulation)
    counts = {(one["library"], one["option"]): one for one in simulation["effects"]}
    return tuple(
        Totals(library, _by_effect([counts.get((library["name"], slug), {}) for slug in options]))
        for library in simulation["libraries"]
    )


def _by_effect(counts: Sequence[Plain]) -> dict[str, tuple[int, ...]]:
    return {effect: tuple(one.get(effect, 0) for one in counts) for effect in EFFECTS}


def overlap(simulation: Plain) -> dict[str, tuple[Plain | None, ...]]:
    """What other jurisdictions say of what is newly caught or asked, in the order of the options."""
    told = {(one["jurisdiction"], one["option"]): one for one in simulation["elsewhere"]}
    options = slugs(simulation)
    return {
        code: tuple(told.get((code, slug)) for slug in options)
        for code in sorted({one["jurisdiction"] for one in simulation["elsewhere"]})
    }
