"""Decisions as they were given."""

from __future__ import annotations

from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.models import DecisionRecord
from registry.store import audit
from registry.store.canonical import digest


def save(session: Session, decision: DecisionRecord) -> DecisionRecord:
    """Keep a decision and the audit event `decision:<kind>:made`, in one transaction."""
    session.add(decision)
    session.flush()
    audit.record(
        session,
        at=decision.at,
        actor=decision.actor,
        action=f"decision:{decision.kind}:made",
        subject=decision.id,
        payload={
            "request": digest(decision.request),
            "response": digest(decision.response),
            "rule_set": decision.rule_set,
            "facts": decision.facts,
        },
    )
    return decision


def get(session: Session, decision: str) -> DecisionRecord:
    found = session.get(DecisionRecord, decision)
    if found is None:
        raise NotFound(f"there is no decision `{decision}`")
    return found
