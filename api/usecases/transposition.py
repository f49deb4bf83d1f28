"""What the lists on record show of a decision of the Conventions on its way into national law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from api.engine import Engine, Structure
from api.usecases.cases_shown import SILENCE, Ground, due_shown, ground_of
from api.usecases.dates import Dates
from api.usecases.substances import named
from registry.chem.parse import Format
from registry.errors import InputError, NotFound
from registry.facts import Period
from registry.store import substances
from registry.store.session import reading
from rules.pipeline.listed import CONVENTIONS, NOT_NATIONAL, Transposition, transpositions
from rules.sitting import Scope


@dataclass(frozen=True, slots=True)
class Judged:
    """What the whole law of each State says: by which provisions, and in a word. `fault`: why it was
    not judged, so that no answer is taken for a no."""

    by: Mapping[str, list[str]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


def of_substance(
    engine: Engine, asked: str, jurisdictions: Iterable[str], dates: Dates
) -> dict[str, Any]:
    """For each Convention that lists a substance, what each jurisdiction's lists show, and, where no
    list names it, whether a definition reaches it. Raises NotFound, AmbiguousName, UnknownScope."""
    ground = ground_of(engine, dates.known_at)
    codes = _codes(engine, jurisdictions)
    with reading(engine.sessions) as session:
        row = named(session, asked, dates.known_at)
        structure = _structure(session, row.id, dates)
    found = list(transpositions(ground.lists, row.id, codes, _bound(ground, codes), dates.on))
    judged = _judged(engine, structure, found, dates)
    return {
        "substance": row.id,
        "name": row.name,
        "on": dates.on.isoformat(),
        "known_at": dates.known_text,
        "rows": [shown(one, judged) for one in found],
        "not_judged": judged.fault,
        "caveat": SILENCE,
    }


def overview(
    engine: Engine, jurisdiction: str, dates: Dates, *, after: str = "", limit: int = 50
) -> dict[str, Any]:
    """The substances of the Conventions that no list of a jurisdiction on record names, page by page.

    No chemistry is done: a definition may reach any of them. Raises NotFound where the jurisdiction
    is not one of this register's.
    """
    codes = _codes(engine, (jurisdiction,))
    ground = ground_of(engine, dates.known_at)
    bound, names = _bound(ground, codes), {one.id: one.name for one in ground.facts.substances}
    keys = sorted(key for key in ground.lists.by_place.get("UN", {}) if key > after)
    rows: list[dict[str, Any]] = []
    for key in keys:
        found = transpositions(ground.lists, key, codes, bound, dates.on)
        rows += [
            {**shown(one, Judged()), "name": names[key]} for one in found if one.listing is None
        ]
        if len(rows) >= limit:
            return {"jurisdiction": jurisdiction, "rows": rows, "after": key, "caveat": SILENCE}
    return {"jurisdiction": jurisdiction, "rows": rows, "after": "", "caveat": SILENCE}


def shown(one: Transposition, judged: Judged) -> dict[str, Any]:
    """A row: what the lists show, and of a substance that none names what the whole law says."""
    listing, code = one.listing, one.due.jurisdiction
    return {
        "substance": one.substance,
        "convention": one.convention,
        "schedule": one.schedule,
        "jurisdiction": code,
        "shows": one.shown.value,
        "text": one.text,
        "listing": listing and {"provision": listing.provision, "name": listing.name},
        "reached_by": judged.by.get(code, []) if listing is None else [],
        "judged": judged.words.get(code, "") if listing is None else "",
        "due": due_shown(one.due),
    }


def _codes(engine: Engine, jurisdictions: Iterable[str]) -> tuple[str, ...]:
    """The jurisdictions asked about; without any, every State of this register."""
    asked = tuple(sorted(set(jurisdictions)))
    known = tuple(c for c in engine.law.coverage.jurisdictions if c not in NOT_NATIONAL)
    if unknown := [code for code in asked if code not in known]:
        raise NotFound(f"`{unknown[0]}` is no State of this register")
    return asked or tuple(sorted(known))


def _bound(ground: Ground, codes: Iterable[str]) -> dict[str, dict[str, Period]]:
    each = tuple(codes)
    return {one: {code: ground.bound_by(one, code) for code in each} for one in CONVENTIONS}


def _structure(session: Session, substance: str, dates: Dates) -> Structure | None:
    row = substances.structure(session, substance, dates.known_at)
    return None if row is None else Structure(row.as_given, Format(row.format))


def _judged(
    engine: Engine, structure: Structure | None, found: list[Transposition], dates: Dates
) -> Judged:
    """The whole law of each State whose lists do not name the substance."""
    codes = tuple(sorted({one.due.jurisdiction for one in found if one.listing is None}))
    if not codes:
        return Judged()
    if structure is None:
        return Judged(fault="no structure is on record, so no definition was held against it")
    try:
        answer = engine.classify(structure, dates, Scope(jurisdictions=codes))
    except InputError as error:
        return Judged(fault=error.message)
    if answer["error"]:
        return Judged(fault=str(answer["error"]["message"]))
    by: dict[str, list[str]] = {}
    for one in answer["findings"]:
        if one["outcome"] == "inside":
            by.setdefault(one["jurisdiction"], []).append(one["provision"])
    return Judged(by, dict(answer["summary"]))
