"""Watches, their members, runs, standings and changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.models import (
    Listing,
    StructureRecord,
    Substance,
    SubstanceName,
    Watch,
    WatchChange,
    WatchChunk,
    Watched,
    WatchMember,
    WatchRun,
    WatchStanding,
)
from registry.spelling import fold
from registry.store.clock import known

NO_STRUCTURE = "the substance has no structure in this register"


@dataclass(frozen=True, slots=True)
class Member:
    """One structure of a watch. `fault` says why it cannot be judged at all."""

    key: str
    label: str
    text: str
    fault: str = ""


def get(session: Session, watch: str) -> Watch:
    """By identifier. A watch that was removed is no longer found."""
    found = session.get(Watch, watch)
    if found is None or found.removed_at is not None:
        raise NotFound(f"there is no watch `{watch}`")
    return found


def by_name(session: Session, owner: str, name: str) -> Watch | None:
    named = select(Watch).where(
        Watch.owner == owner, Watch.name == name, Watch.removed_at.is_(None)
    )
    return session.scalars(named).one_or_none()


def page(session: Session, *, after: str = "", limit: int = 50) -> list[Watch]:
    """Watches in order of identifier."""
    standing = select(Watch).where(Watch.id > after, Watch.removed_at.is_(None))
    return list(session.scalars(standing.order_by(Watch.id).limit(limit)))


def remove(session: Session, watch: Watch, now: datetime) -> None:
    """End a watch. Its structures and its secret go; what was found stays on record."""
    watch.removed_at, watch.secret = now, ""
    session.execute(delete(WatchMember).where(WatchMember.watch == watch.id))


def members(
    session: Session, watch: Watch, known_at: datetime, *, after: str = "", limit: int = 500
) -> list[Member]:
    """Members in order of key, as known at a moment."""
    if watch.kind == Watched.FILE:
        return _of_file(session, watch, after, limit)
    return _of_register(session, watch, known_at, after, limit)


def runs(session: Session, watch: str) -> list[WatchRun]:
    """Every run, the newest first."""
    of_watch = select(WatchRun).where(WatchRun.watch == watch)
    return list(session.scalars(of_watch.order_by(WatchRun.number.desc())))


def run_of(session: Session, watch: str, number: int) -> WatchRun:
    found = session.get(WatchRun, (watch, number))
    if found is None:
        raise NotFound(f"the watch `{watch}` has no run {number}")
    return found


def newest_run(session: Session, watch: str) -> WatchRun | None:
    of_watch = select(WatchRun).where(WatchRun.watch == watch)
    return session.scalars(of_watch.order_by(WatchRun.number.desc()).limit(1)).first()


def chunks(session: Session, watch: str, run: int) -> list[WatchChunk]:
    of_run = select(WatchChunk).where(WatchChunk.watch == watch, WatchChunk.run == run)
    return list(session.scalars(of_run.order_by(WatchChunk.number)))


def standings(
    session: Session, watch: str, keys: Collection[str], before: int
) -> dict[str, dict[str, Any]]:
    """Where members stood before a run; those not watched then are left out."""
    known_ = select(WatchStanding).where(
        WatchStanding.watch == watch, WatchStanding.key.in_(keys), WatchStanding.run < before
    )
    latest: dict[str, dict[str, Any] | None] = {}
    for row in session.scalars(known_.order_by(WatchStanding.run)):
        latest[row.key] = row.standing
    return {key: standing for key, standing in latest.items() if standing is not None}


def standing_members(session: Session, watch: str) -> Iterator[WatchStanding]:
    """The newest standing of every member that is still watched, in order of key."""
    newest = (
        select(WatchStanding.key, func.max(WatchStanding.run).label("run"))
        .where(WatchStanding.watch == watch)
        .group_by(WatchStanding.key)
        .subquery()
    )
    same = and_(WatchStanding.key == newest.c.key, WatchStanding.run == newest.c.run)
    statement = (
        select(WatchStanding)
        .join(newest, same)
        .where(WatchStanding.watch == watch)
        .order_by(WatchStanding.key)
    )
    rows = session.scalars(statement.execution_options(yield_per=1000))
    return (row for row in rows if row.standing is not None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes; what is empty is not asked about. `status`: what is said now."""

    run: int | None = None
    kinds: tuple[str, ...] = ()
    jurisdiction: str = ""
    provision: str = ""
    member: str = ""
    status: str = ""


def changes(
    session: Session, watch: str, wanted: Wanted, *, after: int = 0, limit: int = 100
) -> list[WatchChange]:
    """Changes in the order they were found."""
    statement = select(WatchChange).where(
        WatchChange.watch == watch, WatchChange.id > after, *_conditions(wanted)
    )
    return list(session.scalars(statement.order_by(WatchChange.id).limit(limit)))


def count_changes(session: Session, watch: str, run: int) -> int:
    of_run = select(func.count()).where(WatchChange.watch == watch, WatchChange.run == run)
    return session.scalar(of_run) or 0


def _conditions(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.run is not None:
        yield WatchChange.run == wanted.run
    if wanted.kinds:
        yield WatchChange.kind.in_(wanted.kinds)
    for column, value in (
        (WatchChange.jurisdiction, wanted.jurisdiction),
        (WatchChange.provision, wanted.provision),
        (WatchChange.after, wanted.status),
    ):
        if value:
            yield column == value
    if wanted.member:
        yield or_(WatchChange.key == wanted.member, WatchChange.label == wanted.member)


def has_substance(session: Session, substance: str, known_at: datetime) -> bool:
    found = session.get(Substance, substance)
    return found is not None and found.recorded_from <= known_at


def _of_file(session: Session, watch: Watch, after: str, limit: int) -> list[Member]:
    statement = (
        select(WatchMember)
        .where(WatchMember.watch == watch.id, WatchMember.key > after)
        .order_by(WatchMember.key)
        .limit(limit)
    )
    return [Member(r.key, r.label, r.text, r.fault) for r in session.scalars(statement)]


def _of_register(
    session: Session, watch: Watch, known_at: datetime, after: str, limit: int
) -> list[Member]:
    recorded = and_(StructureRecord.substance == Substance.id, known(StructureRecord, known_at))
    statement = (
        select(Substance.id, Substance.name, StructureRecord.as_given)
        .outerjoin(StructureRecord, recorded)
        .where(
            Substance.id > after,
            Substance.recorded_from <= known_at,
            *_wanted(session, watch.query, known_at),
        )
        .order_by(Substance.id)
        .limit(limit)
    )
    return [
        Member(key, name, text or "", "" if text else NO_STRUCTURE)
        for key, name, text in session.execute(statement)
    ]


def _wanted(
    session: Session, query: dict[str, Any], known_at: datetime
) -> Iterator[ColumnElement[bool]]:
    """The conditions of a query over the register; an empty one wants every substance."""
    if name := query.get("name"):
        found = SubstanceName.folded.contains(fold(name), autoescape=True)
        owners = select(SubstanceName.substance).where(known(SubstanceName, known_at), found)
        yield Substance.id.in_(owners)
    if globs := query.get("listed"):
        every = session.scalars(select(Listing.provision).distinct())
        named = [key for key in every if any(fnmatchcase(key, glob) for glob in globs)]
        listed = select(Listing.substance).where(
            known(Listing, known_at), Listing.provision.in_(named)
        )
        yield Substance.id.in_(listed)
    if substances := query.get("substances"):
        yield Substance.id.in_(substances)
