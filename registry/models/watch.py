"""What is watched, each run over it, and what a run found changed. Runs and changes are append-only."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, new_id, one_of
from registry.models.types import Json, RowId

STILL_WATCHED = text("removed_at IS NULL")


class Watched(StrEnum):
    REGISTER = "register"
    FILE = "file"


class Watch(Base):
    """A set of structures and the law it is held against. Only its end is written later."""

    __tablename__ = "watch"
    __table_args__ = (
        one_of("kind", Watched),
        Index(
            "uq_watch_name",
            "owner",
            "name",
            unique=True,
            sqlite_where=STILL_WATCHED,
            postgresql_where=STILL_WATCHED,
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id, comment="UUID")
    name: Mapped[str] = mapped_column(comment="what its owner calls it")
    owner: Mapped[str] = mapped_column(comment="who asked for it")
    kind: Mapped[str] = mapped_column(comment="register: a query; file: structures of its own")
    query: Mapped[dict[str, Any]] = mapped_column(Json, comment="which substances of the register")
    format: Mapped[str] = mapped_column(comment="how the structures are written")
    jurisdictions: Mapped[list[str]] = mapped_column(Json, comment="codes; empty: all")
    provisions: Mapped[list[str]] = mapped_column(Json, comment="globs; empty: all")
    on: Mapped[date | None] = mapped_column("on_date", comment="law of this day; null: of today")
    webhook: Mapped[str] = mapped_column(comment="address told of changes; empty: none")
    secret: Mapped[str] = mapped_column(comment="signs what is sent there; never shown")
    created_at: Mapped[datetime] = mapped_column(comment="since when it is watched (UTC)")
    removed_at: Mapped[datetime | None] = mapped_column(comment="until when it was (UTC)")


class WatchMember(Base):
    """A structure of a watched file, as it stood there."""

    __tablename__ = "watch_member"

    watch: Mapped[str] = mapped_column(ForeignKey("watch.id"), primary_key=True, comment="watch")
    key: Mapped[str] = mapped_column(primary_key=True, comment="its place in the file")
    label: Mapped[str] = mapped_column(comment="its id in the file")
    text: Mapped[str] = mapped_column(comment="the structure as given")
    fault: Mapped[str] = mapped_column(comment="why the record is no input; empty: it is one")


class WatchRun(Base):
    """One judging of a whole watch: under which law and facts, on which dates."""

    __tablename__ = "watch_run"

    watch: Mapped[str] = mapped_column(ForeignKey("watch.id"), primary_key=True, comment="watch")
    number: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … of its watch"
    )
    on: Mapped[date] = mapped_column("on_date", comment="the law of this day")
    known_at: Mapped[datetime] = mapped_column(comment="as known at this moment (UTC)")
    rule_set: Mapped[str] = mapped_column(comment="content hash of the rules")
    facts: Mapped[str] = mapped_column(comment="content hash of the facts")
    laws: Mapped[dict[str, Any]] = mapped_column(
        Json, comment="provisions in force: first day of the wording, hash of the file"
    )
    versions: Mapped[dict[str, Any]] = mapped_column(Json, comment="software versions")
    actor: Mapped[str] = mapped_column(comment="who asked for it")
    begun_at: Mapped[datetime] = mapped_column(comment="when it began (UTC)")


class WatchChunk(Base):
    """Members judged and committed together. A run goes on after its newest chunk; `ends` is its end."""

    __tablename__ = "watch_chunk"
    __table_args__ = (CheckConstraint("members >= 0 AND changed >= 0", name="counts"),)

    watch: Mapped[str] = mapped_column(ForeignKey("watch.id"), primary_key=True, comment="watch")
    run: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="number of the run"
    )
    number: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="1, 2, 3 … of its run"
    )
    upto: Mapped[str] = mapped_column(comment="key of the last member judged")
    members: Mapped[int] = mapped_column(RowId, comment="how many were judged")
    changed: Mapped[int] = mapped_column(RowId, comment="how many of them changed")
    undetermined: Mapped[int] = mapped_column(RowId, comment="how many could not be judged")
    ends: Mapped[bool] = mapped_column(comment="whether the run ends here")
    at: Mapped[datetime] = mapped_column("done_at", comment="when it was committed (UTC)")


class WatchStanding(Base):
    """Where a member stood from a run on, until a later run found it elsewhere."""

    __tablename__ = "watch_standing"

    watch: Mapped[str] = mapped_column(ForeignKey("watch.id"), primary_key=True, comment="watch")
    key: Mapped[str] = mapped_column(primary_key=True, comment="key of the member")
    run: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False, comment="number of the run"
    )
    label: Mapped[str] = mapped_column(comment="what the member is called")
    standing: Mapped[dict[str, Any] | None] = mapped_column(
        Json, comment="its standing in short; null: no longer watched"
    )


class WatchChange(Base):
    """One thing that a run found otherwise than the run before, and by which clause."""

    __tablename__ = "watch_change"
    __table_args__ = (Index("ix_watch_change_run", "watch", "run", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, comment="in order of finding")
    watch: Mapped[str] = mapped_column(ForeignKey("watch.id"), comment="watch")
    run: Mapped[int] = mapped_column(RowId, comment="number of the run")
    key: Mapped[str] = mapped_column(comment="key of the member")
    label: Mapped[str] = mapped_column(comment="what the member is called")
    kind: Mapped[str] = mapped_column(comment="status, outcome, grounds, judged, joined or left")
    jurisdiction: Mapped[str] = mapped_column(comment="code; empty: of the member as a whole")
    provision: Mapped[str] = mapped_column(comment="by which provision; empty: by none")
    before: Mapped[str] = mapped_column(comment="what was said before")
    after: Mapped[str] = mapped_column(comment="what is said now")
    why: Mapped[str] = mapped_column(comment="what brought it about")
    clause: Mapped[str] = mapped_column(comment="by which clause")
    detail: Mapped[dict[str, Any]] = mapped_column(
        Json, comment="the clause in our words, clauses and wordings before and after"
    )
