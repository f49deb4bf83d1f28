"""Keys and sessions. What is kept of either is a hash; texts are compared in constant time."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.models import AccessKey, AccessSession, Role
from registry.store.session import WRITES


def digest(secret: str) -> str:
    """sha256 of a secret of 32 random bytes; no salt or stretching is needed at that length."""
    return hashlib.sha256(secret.encode()).hexdigest()


def get(session: Session, key: str) -> AccessKey:
    """By the part of the key that is shown, revoked or not."""
    found = session.get(AccessKey, key)
    if found is None:
        raise NotFound(f"there is no key `{key}`")
    return found


def holds(key: AccessKey, now: datetime) -> bool:
    """Whether a key may be used at a moment."""
    expired = key.expires_at is not None and key.expires_at <= now
    return key.revoked_at is None and not expired


def matching(session: Session, key: str, secret: str, now: datetime) -> AccessKey | None:
    """The key of these two parts, where it holds. Takes as long whichever part is wrong."""
    found = session.get(AccessKey, key)
    kept = found.hash if found else "0" * 64
    same = secrets.compare_digest(kept, digest(secret))
    return found if found and same and holds(found, now) else None


def page(session: Session, *, after: str = "", limit: int = 50) -> list[AccessKey]:
    """Keys in order of identifier, revoked ones too."""
    following = select(AccessKey).where(AccessKey.id > after)
    return list(session.scalars(following.order_by(AccessKey.id).limit(limit)))


def has_administrator(session: Session) -> bool:
    """Whether a key of an administrator was ever made."""
    made = select(AccessKey.id).where(AccessKey.role == Role.ADMINISTRATOR).limit(1)
    return session.scalars(made).first() is not None


def administrators(session: Session, now: datetime) -> list[str]:
    """Keys of administrators that may be used at a moment.

    In a transaction that writes nobody else can end one of them until it ends.
    """
    made = select(AccessKey).where(AccessKey.role == Role.ADMINISTRATOR).order_by(AccessKey.id)
    if session.connection().get_execution_options().get(WRITES):
        made = made.with_for_update().execution_options(populate_existing=True)
    return [key.id for key in session.scalars(made) if holds(key, now)]


def used(session: Session, key: AccessKey, day: date) -> None:
    """Note a use by its day only: enough to find keys that nobody needs."""
    key.used_on = day
    session.flush()


def open_session(
    session: Session, cookie: str, key: AccessKey, begun_at: datetime, ends_at: datetime
) -> None:
    """Begin a session. Those that have run out by then are deleted."""
    session.execute(delete(AccessSession).where(AccessSession.ends_at <= begun_at))
    session.add(AccessSession(hash=digest(cookie), key=key.id, begun_at=begun_at, ends_at=ends_at))
    session.flush()


def session_key(session: Session, cookie: str, now: datetime) -> AccessKey | None:
    """The key of an open session, where both hold."""
    found = session.get(AccessSession, digest(cookie))
    if found is None or found.ended_at is not None or found.ends_at <= now:
        return None
    key = session.get(AccessKey, found.key)
    return key if key and holds(key, now) else None


def close_session(session: Session, cookie: str, now: datetime) -> None:
    found = session.get(AccessSession, digest(cookie))
    if found is not None and found.ended_at is None:
        found.ended_at = now
        session.flush()
