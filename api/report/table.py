"""A simulation as rows of words: one for each member and option that touches it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from rules.simulate import Effect

Shown = Mapping[str, Any]

COLUMNS = (
    "library",
    "key",
    "name",
    "use",
    "option",
    "effect",
    "before",
    "after",
    "provision",
    "clauses",
    "before_by",
    "exempted_by",
    "open",
    "elsewhere",
    "error",
    "smiles",
)


def rows(
    simulation: Shown, option: str = "", effect: str = "", library: str = ""
) -> list[dict[str, str]]:
    """The rows of a simulation; of one option, effect or library, where these are given."""
    return [
        row
        for row in _rows(simulation)
        if (not option or row["option"] == option)
        and (not effect or row["effect"] == effect)
        and (not library or row["library"] == library)
    ]


def differences(simulation: Shown) -> list[dict[str, Any]]:
    """The members to which not every option does the same, with the effect and clauses of each."""
    slugs = [option["draft"] for option in simulation["options"]]
    found = []
    for row in simulation["rows"]:
        effects = {slug: row["told"].get(slug, _UNCHANGED) for slug in slugs}
        if len({told["effect"] for told in effects.values()}) > 1:
            told = {slug: _short(one) for slug, one in effects.items()}
            member = {name: row[name] for name in ("library", "key", "name", "use")}
            found.append({**member, "told": told})
    return found


_UNCHANGED = {"effect": Effect.UNCHANGED.value}


def _short(told: Shown) -> dict[str, str]:
    clauses = _joined(", ".join(one["clauses"]) for one in told.get("after_by", ()))
    return {"effect": told["effect"], "clauses": clauses}


def as_csv(simulation: Shown) -> bytes:
    """The rows as a file. A cell that a spreadsheet would take for a formula begins with `'`."""
    text = io.StringIO()
    written = csv.writer(text, lineterminator="\n")
    written.writerow(COLUMNS)
    written.writerows([inert(row[name]) for name in COLUMNS] for row in _rows(simulation))
    return text.getvalue().encode()


def inert(cell: str) -> str:
    """What a spreadsheet would take for a formula, with `'` before it."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _rows(simulation: Shown) -> Iterator[dict[str, str]]:
    for row in simulation["rows"]:
        for slug, told in row["told"].items():
            yield _row(row, slug, told)


def _row(row: Shown, slug: str, told: Shown) -> dict[str, str]:
    by = told.get("after_by", ())
    error = told.get("error") or {}
    return {
        **{name: str(row[name]) for name in ("library", "key", "name", "use", "smiles")},
        "option": slug,
        "effect": told["effect"],
        "before": told["before"],
        "after": told["after"],
        "provision": _joined(one["provision"] for one in by),
        "clauses": _joined(", ".join(one["clauses"]) for one in by),
        "before_by": _joined(one["provision"] for one in told.get("before_by", ())),
        "exempted_by": _joined(_exempting(told)),
        "open": _joined(told.get("open", ())),
        "elsewhere": _joined(f"{code}={word}" for code, word in told.get("elsewhere", {}).items()),
        "error": error.get("message", ""),
    }


def _exempting(told: Shown) -> Iterator[str]:
    """The exemptions that take it out as the draft stands."""
    for one in told.get("exemptions", ()):
        if told["effect"] == Effect.EXEMPTED:
            yield one["name"]


def _joined(words: Any) -> str:
    return "; ".join(dict.fromkeys(word for word in words if word))
