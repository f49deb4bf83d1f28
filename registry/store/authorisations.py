"""Authorisations: every version kept, the newest is how it stands.

Whoever acts calls `lock` first, in a transaction opened with `writing`: on PostgreSQL the row of the
authorisation is held, on SQLite there is one writer. A version that somebody wrote meanwhile is
refused by the key of the table even so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from registry import models
from registry.errors import NotFound
from registry.models import AuthorisationVersion as Version
from registry.trade_facts import Authorisation, AuthorisationState

_FACTS = TypeAdapter(Authorisation)
# These stand in columns of their own.
_COLUMNS = frozenset(
    {"id", "version", "paper", "convention", "jurisdiction", "state", "number"}
    | {"valid_from", "valid_to"}
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which authorisations. An empty word asks for all."""

    states: Collection[str] = ()
    jurisdiction: str = ""
    paper: str = ""
    number: str = ""


def add(
    session: Session,
    first: Authorisation,
    *,
    act: str,
    reason: str,
    actor: str,
    now: datetime,
    replaces: str | None = None,
) -> Authorisation:
    """A new authorisation with its first version. Its identifier is made here."""
    row = models.Authorisation(
        paper=first.paper.value,
        convention=first.convention,
        jurisdiction=first.jurisdiction,
        replaces=replaces,
        created_by=actor,
        created_at=now,
    )
    session.add(row)
    session.flush()
    kept = replace(first, id=row.id, version=1)
    _write(session, kept, act=act, reason=reason, actor=actor, now=now)
    return kept


def next_version(
    session: Session, after: Authorisation, *, act: str, reason: str, actor: str, now: datetime
) -> Authorisation:
    """The version that follows the one given, with what has changed in it already."""
    kept = replace(after, version=after.version + 1)
    _write(session, kept, act=act, reason=reason, actor=actor, now=now)
    return kept


def lock(session: Session, authorisation: str) -> Authorisation:
    """The newest version; nobody else acts on it until this transaction ends. Raises NotFound."""
    row = models.Authorisation
    held = select(row.id).where(row.id == authorisation).with_for_update()
    if session.scalars(held).first() is None:
        raise NotFound(f"there is no authorisation `{authorisation}`")
    return get(session, authorisation)


def get(session: Session, authorisation: str, version: int | None = None) -> Authorisation:
    """The newest version, or one of its versions. Raises NotFound."""
    wanted = _both().where(Version.authorisation == authorisation)
    if version is not None:
        wanted = wanted.where(Version.version == version)
    found = session.execute(wanted.order_by(Version.version.desc()).limit(1)).first()
    if found is None:
        raise NotFound(f"there is no authorisation `{authorisation}`")
    return fact(*found)


def versions(session: Session, authorisation: str) -> list[Version]:
    """Every version in order, with who did what and why."""
    of_it = select(Version).where(Version.authorisation == authorisation)
    return list(session.scalars(of_it.order_by(Version.version)))


def every(session: Session, authorisation: str) -> list[Authorisation]:
    """The authorisation as each of its versions has it, in order."""
    of_it = _both().where(Version.authorisation == authorisation).order_by(Version.version)
    return [fact(*found) for found in session.execute(of_it)]


def applicant(session: Session, authorisation: str) -> str:
    """Who drafted it."""
    return applicants(session, [authorisation])[authorisation]


def applicants(session: Session, papers: Collection[str]) -> dict[str, str]:
    """Who drafted each of some authorisations."""
    row = models.Authorisation
    rows = session.execute(select(row.id, row.created_by).where(row.id.in_(papers)))
    return {row.id: row.created_by for row in rows}


def states(session: Session, papers: Collection[str]) -> dict[str, AuthorisationState]:
    """Where each of several authorisations stands."""
    rows = select(Version.authorisation, Version.state).where(
        Version.authorisation.in_(papers), _newest()
    )
    return {paper: AuthorisationState(state) for paper, state in session.execute(rows)}


def replacement(session: Session, authorisation: str) -> str | None:
    """The authorisation that stands for a lost one."""
    row = models.Authorisation
    return session.scalars(select(row.id).where(row.replaces == authorisation)).first()


def page(
    session: Session, wanted: Wanted, *, after: str = "", limit: int = 50
) -> list[Authorisation]:
    """Newest versions in order of identifier."""
    rows = _both().where(_newest(), Version.authorisation > after)
    for column, value in (
        (models.Authorisation.jurisdiction, wanted.jurisdiction),
        (models.Authorisation.paper, wanted.paper),
        (Version.number, wanted.number),
    ):
        rows = rows.where(column == value) if value else rows
    if wanted.states:
        rows = rows.where(Version.state.in_(wanted.states))
    ordered = rows.order_by(Version.authorisation).limit(limit)
    return [fact(*found) for found in session.execute(ordered)]


def fact(row: models.Authorisation, version: Version) -> Authorisation:
    """A version as the judge and the printer see it."""
    columns = {
        "id": row.id,
        "version": version.version,
        "paper": row.paper,
        "convention": row.convention,
        "jurisdiction": row.jurisdiction,
        "state": version.state,
        "number": version.number,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
    }
    return _FACTS.validate_python(version.content | columns)


def plain(authorisation: Authorisation) -> dict[str, Any]:
    """An authorisation as plain data: decimals and days as text."""
    shown: dict[str, Any] = _FACTS.dump_python(authorisation, mode="json")
    return shown


def _write(
    session: Session, kept: Authorisation, *, act: str, reason: str, actor: str, now: datetime
) -> None:
    content = {key: value for key, value in plain(kept).items() if key not in _COLUMNS}
    session.add(
        Version(
            authorisation=kept.id,
            version=kept.version,
            previous=kept.version - 1 or None,
            state=kept.state.value,
            act=act,
            reason=reason,
            content=content,
            number=kept.number,
            valid_from=kept.valid_from,
            valid_to=kept.valid_to,
            actor=actor,
            at=now,
        )
    )
    session.flush()


def _both() -> Select[models.Authorisation, Version]:
    row = models.Authorisation
    return select(row, Version).join(Version, Version.authorisation == row.id)


def _newest() -> ColumnElement[bool]:
    later = aliased(Version)
    follows = exists().where(
        later.authorisation == Version.authorisation, later.version == Version.version + 1
    )
    newest: ColumnElement[bool] = ~follows
    return newest


def state_before_suspension(session: Session, authorisation: str) -> AuthorisationState | None:
    """The state of the newest version that was not suspended."""
    last = (
        select(Version.state)
        .where(
            Version.authorisation == authorisation,
            Version.state != AuthorisationState.SUSPENDED.value,
        )
        .order_by(Version.version.desc())
        .limit(1)
    )
    found = session.scalars(last).first()
    return None if found is None else AuthorisationState(found)
