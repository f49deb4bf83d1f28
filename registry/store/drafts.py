"""Drafts that are kept, and their versions.

Whoever writes opens the transaction with `registry.store.session.writing` and takes the draft with
`hold`: on PostgreSQL the row is then locked, SQLite has one writer anyway.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.models import DraftRecord, DraftVersion


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which drafts; what is empty is not asked about."""

    jurisdiction: str = ""
    owner: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a version says. `faults`: why it could not be read; empty: it could."""

    text: str
    faults: Sequence[dict[str, Any]] = ()
    remark: str = ""

    @property
    def content_hash(self) -> str:
        """sha256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def get(session: Session, draft: str) -> DraftRecord:
    """By identifier, withdrawn ones too. Raises NotFound."""
    found = session.get(DraftRecord, draft)
    if found is None:
        raise NotFound(f"there is no draft `{draft}`")
    return found


def hold(session: Session, draft: str) -> DraftRecord:
    """The draft, so that nobody else changes it before this transaction ends. Raises NotFound."""
    statement = select(DraftRecord).where(DraftRecord.id == draft)
    locked = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(locked).one_or_none()
    if found is None:
        raise NotFound(f"there is no draft `{draft}`")
    return found


def by_name(session: Session, owner: str, name: str) -> DraftRecord | None:
    """The draft that its owner calls so and has not withdrawn."""
    named = select(DraftRecord).where(
        DraftRecord.owner == owner, DraftRecord.name == name, DraftRecord.withdrawn_at.is_(None)
    )
    return session.scalars(named).one_or_none()


def page(
    session: Session, wanted: Wanted, *, after: str = "", limit: int = 50
) -> list[DraftRecord]:
    """Drafts that are not withdrawn, in order of identifier."""
    statement = select(DraftRecord).where(
        DraftRecord.id > after, DraftRecord.withdrawn_at.is_(None)
    )
    for name in ("jurisdiction", "owner", "name"):
        if value := getattr(wanted, name):
            statement = statement.where(getattr(DraftRecord, name) == value)
    return list(session.scalars(statement.order_by(DraftRecord.id).limit(limit)))


def create(session: Session, draft: DraftRecord, saved: Saved) -> DraftVersion:
    """Keep a draft with its first version."""
    draft.version = 1
    session.add(draft)
    session.flush()
    return _write(session, draft, saved, draft.owner, draft.created_at)


def save(
    session: Session, draft: DraftRecord, saved: Saved, *, author: str, now: datetime
) -> DraftVersion:
    """Write the next version of a draft that is held."""
    draft.version += 1
    return _write(session, draft, saved, author, now)


def version(session: Session, draft: DraftRecord, number: int | None = None) -> DraftVersion:
    """A version, the newest where no number is given. Raises NotFound."""
    asked = draft.version if number is None else number
    found = session.get(DraftVersion, (draft.id, asked))
    if found is None:
        raise NotFound(f"the draft `{draft.name}` has no version {asked}")
    return found


def versions(
    session: Session, draft: str, *, after: int = 0, limit: int = 50
) -> list[DraftVersion]:
    """Versions in order of number."""
    statement = select(DraftVersion).where(DraftVersion.draft == draft, DraftVersion.number > after)
    return list(session.scalars(statement.order_by(DraftVersion.number).limit(limit)))


def newest_of(session: Session, drafts: Collection[DraftRecord]) -> dict[str, DraftVersion]:
    """The newest version of each of them, by identifier of the draft."""
    same = (DraftRecord.id == DraftVersion.draft) & (DraftRecord.version == DraftVersion.number)
    statement = select(DraftVersion).join(DraftRecord, same)
    asked = statement.where(DraftRecord.id.in_([one.id for one in drafts]))
    return {row.draft: row for row in session.scalars(asked)}


def _write(
    session: Session, draft: DraftRecord, saved: Saved, author: str, now: datetime
) -> DraftVersion:
    row = DraftVersion(
        draft=draft.id,
        number=draft.version,
        text=saved.text,
        content_hash=saved.content_hash,
        faults=list(saved.faults),
        author=author,
        at=now,
        remark=saved.remark,
    )
    session.add(row)
    session.flush()
    return row
