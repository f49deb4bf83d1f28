"""Drafts of changes to the law: kept, saved again, compared, withdrawn. None is ever rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.access.acts import Act
from api.access.allow import Actor, allow, found, may
from api.access.papers import of_draft
from api.draft_changes import compare as compared
from api.engine import Engine
from api.usecases.draft_check import DraftRefused, check_text, read
from api.usecases.trade.acts import By, Done, Sessions, perform, require_version
from registry.errors import NotFound
from registry.models import DraftRecord, DraftVersion
from registry.store import drafts
from registry.store.drafts import Saved, Wanted
from registry.store.session import reading

LONGEST_NAME = 100
LONGEST_REMARK = 2000
CHUNK = 200
_CODE = re.compile("[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class New:
    """A draft to keep. `name` and `jurisdiction`: as the text says, where they are left out."""

    text: str
    name: str = ""
    jurisdiction: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """`after` continues the list; empty at its end."""

    items: tuple[dict[str, Any], ...]
    after: str = ""


def create(engine: Engine, new: New, by: By) -> dict[str, Any]:
    """Keep a draft. A text that cannot be read is kept as unfinished; `faults` say where.

    Raises DraftRefused where the owner has a draft of that name, or nothing says for which
    jurisdiction it is; Denied for whoever may keep none.
    """
    actor = by.actor
    allow(actor, Act.DRAFT_WRITE, of_draft("", actor.id, actor.country))
    _check(new.text, new.remark)
    read_ = read(engine, new.text)
    said = read_.draft or {}
    row = DraftRecord(
        name=new.name.strip() or str(said.get("draft", "")),
        jurisdiction=str(said.get("jurisdiction", "")) or new.jurisdiction,
        owner=actor.id,
        country=actor.country,
        created_at=by.now,
        withdrawn_at=None,
    )
    _check_row(row, new, said)
    saved = Saved(new.text, read_.faults, new.remark)

    def work(session: Session) -> Done:
        version = _insert(session, row, saved)
        return Done(_shown(row, version), row.id, "draft:kept", _told(row, version))

    request = {"act": "keep", "name": row.name, "jurisdiction": row.jurisdiction}
    return perform(engine, by, request | _asked(saved), work)


def save(engine: Engine, draft: str, text: str, by: By, remark: str = "") -> dict[str, Any]:
    """Save the next version, on the one that `by` has seen.

    Raises VersionConflict where somebody has saved since, DraftRefused where nothing has changed,
    the draft was withdrawn or the text is for another jurisdiction; Denied alike for a draft that
    is not there and one that is not theirs.
    """
    _check(text, remark)
    with reading(engine.sessions) as session:
        _allowed(session, by.actor, Act.DRAFT_WRITE, draft, drafts.get)
    read_ = read(engine, text)
    saved = Saved(text, read_.faults, remark)

    def work(session: Session) -> Done:
        row = _to_write(session, by, draft)
        _check_next(session, row, saved, read_.draft or {})
        version = drafts.save(session, row, saved, author=by.actor.id, now=by.now)
        return Done(_shown(row, version), row.id, "draft:saved", _told(row, version))

    return perform(engine, by, {"act": "save", "of": draft} | _asked(saved), work)


def withdraw(engine: Sessions, draft: str, by: By) -> dict[str, Any]:
    """Keep it no longer among one's drafts. Its versions stay on record, and its name is free."""

    def work(session: Session) -> Done:
        row = _to_write(session, by, draft)
        row.withdrawn_at = by.now
        session.flush()
        version = drafts.version(session, row)
        return Done(_shown(row, version), row.id, "draft:withdrawn", {"version": row.version})

    return perform(engine, by, {"act": "withdraw", "of": draft}, work)


def listed(
    engine: Sessions, wanted: Wanted, actor: Actor, *, after: str = "", limit: int = 50
) -> Page:
    """Drafts the actor may read, in order of identifier, without their text."""
    with reading(engine.sessions) as session:
        rows = list(islice(_readable(session, wanted, actor, after), limit + 1))
        newest = drafts.newest_of(session, rows)
        items = tuple(_line(row, newest[row.id]) for row in rows[:limit])
    return Page(items, items[-1]["id"] if len(rows) > limit else "")


def show(engine: Sessions, draft: str, actor: Actor, version: int | None = None) -> dict[str, Any]:
    """A draft at its newest version or another, withdrawn ones too. Raises NotFound, Denied."""
    with reading(engine.sessions) as session:
        row = _to_read(session, actor, draft)
        return _shown(row, drafts.version(session, row, version))


def history(engine: Sessions, draft: str, actor: Actor, *, after: int = 0, limit: int = 50) -> Page:
    """Its versions in order, without their text."""
    with reading(engine.sessions) as session:
        row = _to_read(session, actor, draft)
        rows = drafts.versions(session, row.id, after=after, limit=limit + 1)
    items = tuple(_version(one) for one in rows[:limit])
    return Page(items, str(items[-1]["version"]) if len(rows) > limit else "")


def compare(engine: Engine, draft: str, actor: Actor, before: int, after: int) -> dict[str, Any]:
    """What differs between two versions, line by line and in words. Raises NotFound, Denied."""
    one, other = (show(engine, draft, actor, number) for number in (before, after))
    told = engine.workers.call(compared, one["text"], other["text"])
    numbers = {"before": before, "after": after}
    return {"draft": draft, "name": one["name"], **numbers, **told}


def find(engine: Sessions, asked: str, actor: Actor) -> str:
    """The identifier of a draft by its identifier, or by its name: one's own before others'.

    What answers to no name is given back, and is an identifier or nothing. Raises DraftRefused
    where several that the actor may read have that name.
    """
    with reading(engine.sessions) as session:
        own = drafts.by_name(session, actor.id, asked)
        if own is not None:
            return own.id
        named = [row.id for row in islice(_readable(session, Wanted(name=asked), actor, ""), 2)]
    if len(named) > 1:
        raise DraftRefused(f"several drafts are called `{asked}`; give the identifier")
    return named[0] if named else asked


def text_of(engine: Sessions, asked: str, actor: Actor, version: int | None = None) -> str:
    """The text of a draft by name or identifier. Raises DraftRefused where it is unfinished."""
    shown = show(engine, find(engine, asked, actor), actor, version)
    if shown["faults"]:
        fault = shown["faults"][0]
        where = f"line {fault['line']}, column {fault['column']}"
        raise DraftRefused(f"version {shown['version']} is unfinished: {where}: {fault['message']}")
    return str(shown["text"])


def _check(text: str, remark: str) -> None:
    check_text(text)
    if len(remark) > LONGEST_REMARK or "\0" in remark:
        raise DraftRefused(f"a remark has at most {LONGEST_REMARK} characters")


def _check_row(row: DraftRecord, new: New, said: dict[str, Any]) -> None:
    if not 0 < len(row.name) <= LONGEST_NAME or not row.name.isprintable():
        raise DraftRefused(f"a name has 1 to {LONGEST_NAME} printable characters")
    if not _CODE.fullmatch(row.jurisdiction):
        raise DraftRefused("say for which jurisdiction it is, as a code like `DE`")
    if said and new.jurisdiction and new.jurisdiction != row.jurisdiction:
        raise DraftRefused(f"the text is a draft for `{row.jurisdiction}`")


def _check_next(session: Session, row: DraftRecord, saved: Saved, said: dict[str, Any]) -> None:
    for_ = said.get("jurisdiction", row.jurisdiction)
    if for_ != row.jurisdiction:
        raise DraftRefused(f"this draft is for `{row.jurisdiction}`, the text for `{for_}`")
    if drafts.version(session, row).content_hash == saved.content_hash:
        raise DraftRefused(f"nothing has changed since version {row.version}")


def _insert(session: Session, row: DraftRecord, saved: Saved) -> DraftVersion:
    """Two may ask for one name at once and both find it free; the database lets one have it."""
    taken = DraftRefused(f"you keep a draft called `{row.name}` already")
    if drafts.by_name(session, row.owner, row.name) is not None:
        raise taken
    try:
        return drafts.create(session, row, saved)
    except IntegrityError:
        raise taken from None


def _to_read(session: Session, actor: Actor, draft: str) -> DraftRecord:
    return _allowed(session, actor, Act.DRAFT_READ, draft, drafts.get)


def _to_write(session: Session, by: By, draft: str) -> DraftRecord:
    """The draft, locked, at the version seen. Raises VersionConflict, DraftRefused, Denied."""
    row = _allowed(session, by.actor, Act.DRAFT_WRITE, draft, drafts.hold)
    if row.withdrawn_at is not None:
        raise DraftRefused("the draft was withdrawn")
    require_version(by, row.version)
    return row


def _allowed(session: Session, actor: Actor, act: Act, draft: str, take: Any) -> DraftRecord:
    try:
        row: DraftRecord = take(session, draft)
    except NotFound:
        found(actor, act, None, draft)
        raise
    allow(actor, act, of_draft(row.id, row.owner, row.country))
    return row


def _readable(session: Session, wanted: Wanted, actor: Actor, after: str) -> Iterator[DraftRecord]:
    while rows := drafts.page(session, wanted, after=after, limit=CHUNK):
        for row in rows:
            if may(actor, Act.DRAFT_READ, of_draft(row.id, row.owner, row.country)):
                yield row
        after = rows[-1].id


def _asked(saved: Saved) -> dict[str, Any]:
    return {"content_hash": saved.content_hash, "remark": saved.remark}


def _told(row: DraftRecord, version: DraftVersion) -> dict[str, Any]:
    """What the log of acts says of a version: which text it is, not the text."""
    return {
        "name": row.name,
        "jurisdiction": row.jurisdiction,
        "version": version.number,
        "content_hash": version.content_hash,
        "finished": not version.faults,
    }


def _shown(row: DraftRecord, version: DraftVersion) -> dict[str, Any]:
    return _line(row, version) | {"faults": version.faults, "text": version.text}


def _line(row: DraftRecord, version: DraftVersion) -> dict[str, Any]:
    own = ("id", "name", "jurisdiction", "owner", "country")
    return {
        **{name: getattr(row, name) for name in own},
        "created_at": row.created_at.isoformat(),
        "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        "newest": row.version,
        **_version(version),
    }


def _version(version: DraftVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "finished": not version.faults,
        "author": version.author,
        "saved_at": version.at.isoformat(),
        "remark": version.remark,
        "content_hash": version.content_hash,
    }
