"""What changed between two dates in law, and what this register learnt between two moments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from api.engine import Engine
from api.usecases.dates import Dates, in_order
from api.usecases.provisions import title_of
from api.usecases.statements import Plain, changed, stated
from registry.errors import UnknownScope
from registry.facts import Standing
from registry.models import Provision
from registry.spelling import fold
from registry.store import differences
from registry.store.changes import Act
from registry.store.differences import Learnt, Moved
from registry.store.session import reading
from rules.decide import Scope
from rules.load import Ruled
from rules.schema import Wording

TURNS = {
    (Standing.ANNOUNCED, Standing.IN_FORCE): "began",
    (Standing.ANNOUNCED, Standing.MAYBE): "may have begun",
    (Standing.MAYBE, Standing.IN_FORCE): "became certain",
    (Standing.IN_FORCE, Standing.ENDED): "ended",
    (Standing.MAYBE, Standing.ENDED): "ended",
    (Standing.ANNOUNCED, Standing.ENDED): "began and ended",
}
DATES = {"key", "valid_earliest", "valid_from", "valid_to"}  # differ by the nature of the thing


def diff(engine: Engine, first: Dates, second: Dates, scope: Scope) -> Plain:
    """Two lists of provisions, in order of jurisdiction and identifier.

    `law`: what began or ended after the first date and up to the second, as known at the later
    moment. `learnt`: of which listings something else was held at the later moment than at the
    earlier one. Rule files are those of this software. Raises ReversedDates, UnknownScope.
    """
    first, second = in_order(first, second)
    with reading(engine.sessions) as session:
        places = _places(engine, session, scope)
        asked = None if scope == Scope() else sorted(places)
        known_at = second.known_at
        moved = differences.moved(session, first.on, second.on, known_at, provisions=asked)
        learnt = differences.learnt(session, first.known_at, known_at, provisions=asked)
    rules = [rule for key, rule in engine.law.rules.items() if key in places]
    wordings = {rule.provision.id: list(_wordings(rule, first.on, second.on)) for rule in rules}
    law: dict[str, Any] = defaultdict(lambda: {"wordings": [], "listings": []})
    for key, turns in wordings.items():
        if turns:
            law[key]["wordings"] = turns
    for key, listings in _by_provision(moved).items():
        law[key]["listings"] = list(_turns(listings))
    told = {key: {"listings": rows} for key, rows in _learnt(learnt).items()}
    return {
        "from": _point(first),
        "to": _point(second),
        "jurisdictions": list(scope.jurisdictions),
        "provisions": list(scope.provisions),
        "rule_set": engine.law.content_hash,
        "law": _grouped(law, places),
        "learnt": _grouped(told, places),
    }


def _point(dates: Dates) -> Plain:
    return {"on": dates.on.isoformat(), "known_at": dates.known_text}


def _places(engine: Engine, session: Session, scope: Scope) -> dict[str, tuple[str, str]]:
    """Jurisdiction and title of each provision asked about, on record or in a rule file."""
    every = {row.id: (row.jurisdiction, row.title) for row in session.query(Provision)}
    for key, rule in engine.law.rules.items():
        every[key] = (rule.provision.jurisdiction, title_of(rule.provision))
    known = {code for code, _ in every.values()}
    for code in scope.jurisdictions:
        if code not in known:
            raise UnknownScope(
                f"no law of `{code}` is on record; there is {', '.join(sorted(known))}"
            )
    for glob in scope.provisions:
        if not any(Scope(provisions=(glob,)).takes(key, "") for key in every):
            raise UnknownScope(f"no provision answers to `{glob}`")
    return {key: place for key, place in every.items() if scope.takes(key, place[0])}


def _grouped(told: dict[str, Any], places: dict[str, tuple[str, str]]) -> list[Plain]:
    """A provision outside what was asked is told where a listing went there from within."""
    groups = [
        {"jurisdiction": code, "provision": key, "title": title, **what}
        for key, what in told.items()
        for code, title in [places.get(key, ("", ""))]
    ]
    return sorted(groups, key=lambda group: (group["jurisdiction"], group["provision"]))


def _wordings(rule: Ruled, since: date, until: date) -> Iterator[Plain]:
    """Wordings that began or ended; one that follows another without a gap replaces it."""
    starts = {one.since: one for one in rule.provision.wordings if one.since}
    ends = {one.until: one for one in rule.provision.wordings if one.until}
    for day in sorted(day for day in {*starts, *ends} if since < day <= until):
        old, new = ends.get(day), starts.get(day)
        turn = "replaced" if old and new else "began" if new else "ended"
        yield {
            "change": turn,
            "on": day.isoformat(),
            "was": old and _wording(old),
            "is": new and _wording(new),
        }


def _wording(wording: Wording) -> Plain:
    return {
        "from": wording.since and wording.since.isoformat(),
        "until": wording.until and wording.until.isoformat(),
        "how": wording.how,
        "covers": list(wording.covers),
        "cite": {"title": wording.cite.title, "href": wording.cite.href},
        "note": wording.note,
    }


def _by_provision(moved: Iterable[Moved]) -> dict[str, list[Moved]]:
    found: dict[str, list[Moved]] = defaultdict(list)
    for one in moved:
        found[one.listing.provision].append(one)
    return found


def _turns(moved: list[Moved]) -> Iterator[Plain]:
    """A listing that held and ended where another of its subject begins is told as one changed."""
    begun = {(_subject(one), one.listing.valid_from): one for one in moved if _began(one)}
    followed = {
        one.listing.key: begun.get((_subject(one), one.listing.valid_to))
        for one in moved
        if one.before is not Standing.ANNOUNCED
    }
    told_with_another = {new.listing.key for new in followed.values() if new}
    for one in moved:
        successor = followed.get(one.listing.key)
        if successor:
            fields = changed(one.listing, successor.listing)
            told = {key: what for key, what in fields.items() if key not in DATES}
            yield {**_turn(successor), "change": "changed", "changed": told}
        elif one.listing.key not in told_with_another:
            yield _turn(one)


def _subject(one: Moved) -> str:
    return one.listing.substance or fold(one.listing.name)


def _began(one: Moved) -> bool:
    return one.before is Standing.ANNOUNCED and one.after is Standing.IN_FORCE


def _turn(one: Moved) -> Plain:
    return {
        "change": TURNS[one.before, one.after],
        "id": one.listing.key,
        "before": one.before.value,
        "after": one.after.value,
        "says": stated(one.listing),
        "changed": {},
    }


def _learnt(pairs: Iterable[Learnt]) -> dict[str, list[Plain]]:
    found: dict[str, list[Plain]] = defaultdict(list)
    for pair in pairs:
        row: Any = pair.after or pair.before
        found[row.provision].append(
            {
                "act": _act(pair).value,
                "id": pair.key,
                "says": stated(row),
                "changed": changed(pair.before, pair.after) if pair.before and pair.after else {},
            }
        )
    return found


def _act(pair: Learnt) -> Act:
    if pair.before and pair.after:
        return Act.CORRECTED
    return Act.ADDED if pair.after else Act.WITHDRAWN
