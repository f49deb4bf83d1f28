"""What runs here: versions, hashes, and whether the service can answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.engine import Engine
from registry.errors import DatabaseError
from registry.store.migrate import current, head
from rules.versions import versions


def version(engine: Engine, now: datetime) -> dict[str, Any]:
    """Software versions and the content hashes of the law and of the facts known now."""
    facts = engine.facts(now)
    return {
        "versions": versions(),
        "rule_set": engine.law.content_hash,
        "facts": facts.content_hash,
        "provisions": len(engine.law.rules),
        "listings": len(facts.listings),
        "substances": len(facts.substances),
    }


def health(engine: Engine) -> dict[str, Any]:
    """`ready` only when the database is of our revision and a worker answers."""
    revision, fault = "", ""
    try:
        with engine.sessions() as session:
            bound = session.get_bind().engine
        revision = current(bound) or ""
    except DatabaseError as error:
        fault = error.message
    workers = engine.alive()
    ready = not fault and revision == head() and workers
    return {
        "live": True,
        "ready": ready,
        "database": {"revision": revision, "expected": head(), "fault": fault},
        "workers": {"size": engine.settings.workers, "answering": workers},
    }
