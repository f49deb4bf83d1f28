"""Keys and sessions: made, used, ended. Each act, and each act denied, is put on record."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from api.access.acts import Act
from api.access.allow import Actor, allow
from registry.errors import DatabaseError, Denied, InputError, NotIdentified
from registry.models import KEY_ROLES, AccessKey, Role
from registry.store import access, audit
from registry.store.session import reading, writing

Sessions = sessionmaker[Session]

KEY = re.compile(r"subreg_([0-9a-f]{10})_([A-Za-z0-9_-]{43})")
COUNTRY = re.compile(r"[A-Z]{2}")
BOUND = (Role.APPLICANT, Role.AUTHORITY, Role.CUSTOMS)  # roles that act for one country
LONGEST = 200
LONGEST_LIFE = 36_500  # days
SESSION = timedelta(hours=8)
FIRST = "first administrator"


class KeyRefused(InputError):
    """A key like this would allow nothing, or what nobody means."""

    code = "key-refused"


@dataclass(frozen=True, slots=True)
class New:
    """A key to be. `days` None: until it is revoked."""

    name: str
    role: Role
    country: str = ""
    party: str = ""
    scopes: tuple[str, ...] = ()
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A key as it is shown, and its text, which nobody can show again."""

    shown: dict[str, Any]
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """`after` continues the list; empty at its end."""

    items: tuple[dict[str, Any], ...]
    after: str = ""


def add(sessions: Sessions, new: New, *, actor: Actor, now: datetime) -> Made:
    """Make a key. Raises Denied, KeyRefused."""
    allow(actor, Act.KEYS_MANAGE)
    _check(new)
    with writing(sessions) as session:
        return _make(session, new, actor=actor.id, now=now)


def first_administrator(sessions: Sessions, *, actor: str, now: datetime) -> Made | None:
    """The key of the first administrator; None where an administrator was made before."""
    new = New(FIRST, Role.ADMINISTRATOR)
    try:
        with writing(sessions) as session:
            if access.has_administrator(session):
                return None
            return _make(session, new, actor=actor, now=now, founding=True)
    except IntegrityError:  # another process has made it meanwhile
        return None


def guarded(sessions: Sessions, now: datetime) -> bool:
    """Whether there is an administrator whose key holds."""
    with reading(sessions) as session:
        return bool(access.administrators(session, now))


def listed(
    sessions: Sessions, *, actor: Actor, now: datetime, after: str = "", limit: int = 50
) -> Page:
    """Keys in order of identifier, page by page. Raises Denied."""
    allow(actor, Act.KEYS_MANAGE)
    with reading(sessions) as session:
        rows = access.page(session, after=after, limit=limit + 1)
    items = tuple(_shown(row, now) for row in rows[:limit])
    return Page(items, items[-1]["id"] if len(rows) > limit else "")


def revoke(sessions: Sessions, key: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """End a key and the sessions opened with it. Raises Denied, NotFound.

    Raises KeyRefused for the last key of an administrator: nobody could make another over HTTP.
    """
    allow(actor, Act.KEYS_MANAGE)
    with writing(sessions) as session:
        administrators = access.administrators(session, now)
        row = access.get(session, key)
        if row.revoked_at is None:
            if administrators == [key]:
                raise KeyRefused("this is the last key of an administrator; make another first")
            row.revoked_at = now
            session.flush()
            audit.record(session, at=now, actor=actor.id, action="key:revoked", subject=key)
        return _shown(row, now)


def identify(sessions: Sessions, text: str, *, now: datetime) -> Actor:
    """Who holds this key. Raises NotIdentified, alike for every key that does not hold."""
    return _actor(_used(sessions, lambda session: _match(session, text, now), now))


def log_in(sessions: Sessions, text: str, *, now: datetime) -> tuple[Actor, str]:
    """Open a session with a key. The text is for the cookie. Raises NotIdentified."""
    actor = identify(sessions, text, now=now)
    cookie = secrets.token_urlsafe(32)
    with writing(sessions) as session:
        key = access.get(session, _id_of(actor))
        access.open_session(session, cookie, key, now, now + SESSION)
        audit.record(session, at=now, actor=actor.id, action="session:begun", subject=key.id)
    return actor, cookie


def in_session(sessions: Sessions, cookie: str, *, now: datetime) -> Actor:
    """Who has logged in. Raises NotIdentified."""
    return _actor(_used(sessions, lambda session: access.session_key(session, cookie, now), now))


def log_out(sessions: Sessions, cookie: str, *, actor: Actor, now: datetime) -> None:
    """End a session."""
    with writing(sessions) as session:
        access.close_session(session, cookie, now)
        audit.record(session, at=now, actor=actor.id, action="session:ended", subject=_id_of(actor))


def put_denial_on_record(sessions: Sessions, denied: Denied, *, actor: str, now: datetime) -> None:
    """Put an act that was denied into the log; the act's own transaction is gone by then.

    `actor` is who asked, where the denial does not say.
    """
    with writing(sessions) as session:
        audit.record(
            session,
            at=now,
            actor=denied.actor or actor or "anonymous",
            action="act:denied",
            subject=denied.subject[:LONGEST],
            payload={"act": denied.act, "code": denied.code},
        )


def _make(session: Session, new: New, *, actor: str, now: datetime, founding: bool = False) -> Made:
    secret = secrets.token_urlsafe(32)
    row = AccessKey(
        id=secrets.token_hex(5),
        hash=access.digest(secret),
        name=new.name.strip(),
        role=new.role.value,
        country=new.country,
        party=new.party.strip(),
        scopes=list(new.scopes),
        founding=founding,
        made_by=actor,
        made_at=now,
        expires_at=None if new.days is None else now + timedelta(days=new.days),
    )
    session.add(row)
    session.flush()
    payload = {part: getattr(row, part) for part in ("name", "role", "country", "party", "scopes")}
    audit.record(session, at=now, actor=actor, action="key:made", subject=row.id, payload=payload)
    return Made(_shown(row, now), f"subreg_{row.id}_{secret}")


def _check(new: New) -> None:
    """Raises KeyRefused with what is wrong."""
    name, party = new.name.strip(), new.party.strip()
    if not name or max(len(name), len(party)) > LONGEST:
        raise KeyRefused(f"a key has a name; name and party have at most {LONGEST} characters")
    if new.role not in KEY_ROLES:
        raise KeyRefused(f"nobody holds a key of the role `{new.role}`")
    if new.country and not COUNTRY.fullmatch(new.country):
        raise KeyRefused(f"`{new.country}` is no country code; write two capital letters")
    if new.role in BOUND and not new.country:
        raise KeyRefused(f"a key of the role `{new.role}` is for one country")
    if (new.role is Role.APPLICANT) != bool(party):
        raise KeyRefused("the key of an applicant, and no other, names the firm it acts for")
    if new.days is not None and not 0 < new.days <= LONGEST_LIFE:
        raise KeyRefused(f"a key holds for 1 to {LONGEST_LIFE} days, or until it is revoked")
    for scope in new.scopes:
        if not any(fnmatchcase(act, scope) for act in Act):
            raise KeyRefused(f"the scope `{scope}` names no act; see `docs/access.md`")


def _match(session: Session, text: str, now: datetime) -> AccessKey | None:
    parts = KEY.fullmatch(text.strip())
    return access.matching(session, parts[1], parts[2], now) if parts else None


def _used(
    sessions: Sessions, find: Callable[[Session], AccessKey | None], now: datetime
) -> AccessKey:
    """The key found, its day of use noted on the first use of each day."""
    with reading(sessions) as session:
        key = find(session)
    if key is None:
        raise NotIdentified("the key is unknown, revoked or has expired", act="key:use")
    if key.used_on is None or key.used_on < now.date():
        with (
            suppress(DatabaseError),
            writing(sessions) as session,
        ):  # no reason to turn anybody away
            access.used(session, access.get(session, key.id), now.date())
    return key


def _actor(key: AccessKey) -> Actor:
    role = Role(key.role)
    return Actor(f"key:{key.id}", role, key.country, key.party, tuple(key.scopes), key.name)


def _id_of(actor: Actor) -> str:
    return actor.id.removeprefix("key:")


def _shown(key: AccessKey, now: datetime) -> dict[str, Any]:
    """Everything but its hash."""
    parts = ("id", "name", "role", "country", "party", "scopes", "made_by", "made_at")
    ends = ("expires_at", "used_on", "revoked_at")
    shown = {part: getattr(key, part) for part in (*parts, *ends)}
    return {**shown, "holds": access.holds(key, now)}
