"""The log of acts, read by those who may. Reading it is no act on a record and leaves no event."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from api.access.acts import Act
from api.access.allow import Actor, allow
from registry.models import AuditEvent
from registry.store import audit
from registry.store.audit import Wanted
from registry.store.session import reading


@dataclass(frozen=True, slots=True)
class Page:
    """`before` continues the list; 0 at its end."""

    items: tuple[dict[str, Any], ...]
    before: int = 0


def listed(
    sessions: sessionmaker[Session],
    wanted: Wanted,
    actor: Actor,
    *,
    before: int = 0,
    limit: int = 50,
) -> Page:
    """Events, newest first, page by page. Raises Denied."""
    allow(actor, Act.AUDIT_READ)
    with reading(sessions) as session:
        rows = audit.page(session, wanted, before=before, limit=limit + 1)
    shown = tuple(_shown(row) for row in rows[:limit])
    return Page(shown, shown[-1]["number"] if len(rows) > limit else 0)


def _shown(row: AuditEvent) -> dict[str, Any]:
    own = ("at", "actor", "action", "subject", "previous", "hash")
    told = {name: getattr(row, name) for name in own}
    return {"number": row.seq, **told, "particulars": json.loads(row.payload)}
