"""Provisions: what the law says in our words, how it is read, what is open, what it lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from api.engine import Engine
from api.usecases.dates import Dates
from api.usecases.substances import listing_shown
from registry.errors import NotFound
from registry.facts import Standing
from registry.models import Provision as Row
from registry.store import listings, provisions
from registry.store.session import reading
from rules.load import Ruled
from rules.schema import Provision, Wording


def overview(engine: Engine, jurisdiction: str = "") -> list[dict[str, Any]]:
    """Every provision that has rules or listings, in order of identifier."""
    with reading(engine.sessions) as session:
        rows = {row.id: row for row in session.query(Row)}
    known = {
        key: _headline(key, rows.get(key), engine.law.rules.get(key))
        for key in sorted({*rows, *engine.law.rules})
    }
    return [
        line for line in known.values() if not jurisdiction or line["jurisdiction"] == jurisdiction
    ]


def show(engine: Engine, provision: str, dates: Dates) -> dict[str, Any]:
    """One provision on a date. Raises NotFound."""
    rule = engine.law.rules.get(provision)
    with reading(engine.sessions) as session:
        row = session.get(Row, provision)
        if row is None and rule is None:
            raise NotFound(f"there is no provision `{provision}`")
        listed = _listed(session, provision, dates)
        announced = _announced(session, provision, dates)
    return {
        **_headline(provision, row, rule),
        "on": dates.on.isoformat(),
        "known_at": dates.known_text,
        "rule": rule and _rule(rule, dates),
        "listings": listed,
        "announced": announced,
    }


def _headline(key: str, row: Row | None, rule: Ruled | None) -> dict[str, Any]:
    if rule is not None:
        stated = rule.provision
        return {
            "id": key,
            "jurisdiction": stated.jurisdiction,
            "title": title_of(stated),
            "kind": stated.kind,
            "schedule": stated.schedule,
            "modelled": True,
            "draft": stated.review.draft,
        }
    return {
        "id": key,
        "jurisdiction": row.jurisdiction if row else "",
        "title": row.title if row else "",
        "kind": row.kind if row else "",
        "schedule": "",
        "modelled": False,
        "draft": True,
    }


def title_of(provision: Provision) -> str:
    return provision.title.get("en") or next(iter(provision.title.values()), provision.id)


def _listed(session: Session, provision: str, dates: Dates) -> list[dict[str, Any]]:
    rows = listings.in_force(session, dates.on, dates.known_at, provisions=[provision])
    owner = provisions.owners(session, [provision])
    return [listing_shown(row, owner[provision], dates) for row, _ in rows]


def _announced(session: Session, provision: str, dates: Dates) -> list[dict[str, Any]]:
    """Listings on record whose period has not begun."""
    rows = listings.standing(
        session,
        dates.on,
        dates.known_at,
        states=[Standing.ANNOUNCED],
        provisions=[provision],
    )
    owner = provisions.owners(session, [provision])
    return [listing_shown(row, owner[provision], dates) for row, _ in rows]


def _rule(rule: Ruled, dates: Dates) -> dict[str, Any]:
    provision, wording = rule.provision, rule.wording(dates.on)
    omitted = [{"clause": one.clause, "reason": one.reason} for one in provision.not_modelled]
    return {
        "in_force": wording is not None,
        "wording": wording and _wording(wording),
        "wordings": [_wording(one) for one in provision.wordings],
        "law": [{"clause": clause, "text": text} for clause, text in provision.law.items()],
        "limbs": [{"clause": limb.clause, "text": limb.text} for limb in provision.limbs],
        "exceptions": [{"name": one.name, "clause": one.clause} for one in provision.exceptions],
        "open_questions": [
            question.model_dump(mode="json") for question in provision.open_questions
        ],
        "not_modelled": omitted,
        "review": provision.review.model_dump(mode="json"),
        "content_hash": rule.content_hash,
    }


def _wording(wording: Wording) -> dict[str, Any]:
    return {
        "from": wording.since and wording.since.isoformat(),
        "until": wording.until and wording.until.isoformat(),
        "how": wording.how,
        "cite": {"title": wording.cite.title, "href": wording.cite.href},
        "covers": list(wording.covers),
        "note": wording.note,
    }
