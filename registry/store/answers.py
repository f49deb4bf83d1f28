"""Answers kept for acts that came with a key: asked again with it, the same answer, nothing done."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.errors import InputError
from registry.models import KeptAnswer
from registry.store.canonical import canonical, digest


class KeyReused(InputError):
    """The key was used before for something else."""

    code = "key-reused"


def kept(session: Session, actor: str, key: str, request: Any) -> str | None:
    """The answer given before, as canonical JSON; None where the key is new.

    Whoever comes with the same key meanwhile waits until this transaction ends. Raises KeyReused.
    """
    _hold(session, actor, key)
    found = session.get(KeptAnswer, (actor, key))
    if found is None:
        return None
    if found.request != digest(canonical(request)):
        raise KeyReused(f"the key `{key}` was used before for another request")
    return found.answer


def keep(
    session: Session,
    actor: str,
    key: str,
    request: Any,
    answer: str,
    *,
    subject: str,
    now: datetime,
) -> None:
    """Keep an answer in the transaction of the act itself, for as long as the record."""
    asked = digest(canonical(request))
    row = KeptAnswer(actor=actor, key=key, request=asked, subject=subject, answer=answer, at=now)
    session.add(row)
    session.flush()


def _hold(session: Session, actor: str, key: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        mark = hashlib.sha256(f"{actor}\0{key}".encode()).digest()[:8]
        lock = int.from_bytes(mark, "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
