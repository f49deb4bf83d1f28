"""Who may act: keys of persons and systems, and the sessions that pages open with them.

Neither a key nor a session can be read back from its row: only a SHA-256 of each is kept.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, one_of
from registry.models.types import Json

FOUNDING = text("founding")


class Role(StrEnum):
    """What somebody is to the register. The last three act without a key."""

    APPLICANT = "applicant"
    AUTHORITY = "authority"
    CUSTOMS = "customs"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    ANONYMOUS = "anonymous"
    LOCAL = "local"
    OPERATOR = "operator"


KEY_ROLES = tuple(Role)[:6]


class AccessKey(Base):
    """A key with its role. Only its last use and its end are written later."""

    __tablename__ = "access_key"
    __table_args__ = (
        one_of("role", KEY_ROLES),
        CheckConstraint("length(hash) = 64", name="hash"),
        CheckConstraint("made_at < expires_at", name="period"),
        Index(
            "uq_access_key_founding",
            "founding",
            unique=True,
            sqlite_where=FOUNDING,
            postgresql_where=FOUNDING,
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, comment="the part of the key that is shown")
    hash: Mapped[str] = mapped_column(unique=True, comment="sha256 of the part that is secret")
    name: Mapped[str] = mapped_column(comment="who holds it")
    role: Mapped[str] = mapped_column(comment="what its holder is to the register")
    country: Mapped[str] = mapped_column(comment="for which country it acts; empty: for none")
    party: Mapped[str] = mapped_column(comment="licence or name of the firm it acts for; or empty")
    scopes: Mapped[list[str]] = mapped_column(Json, comment="globs of acts; empty: all of its role")
    founding: Mapped[bool] = mapped_column(comment="the first administrator's, made at first start")
    made_by: Mapped[str] = mapped_column(comment="who made it")
    made_at: Mapped[datetime] = mapped_column(comment="since when it holds (UTC)")
    expires_at: Mapped[datetime | None] = mapped_column(comment="until when at most (UTC)")
    used_on: Mapped[date | None] = mapped_column(comment="last day of use (UTC)")
    revoked_at: Mapped[datetime | None] = mapped_column(comment="until when it held (UTC)")


class AccessSession(Base):
    """Pages open for the holder of a key, from login to logout or the end of the session."""

    __tablename__ = "access_session"
    __table_args__ = (
        CheckConstraint("length(hash) = 64", name="hash"),
        CheckConstraint("begun_at < ends_at", name="period"),
    )

    hash: Mapped[str] = mapped_column(primary_key=True, comment="sha256 of the cookie")
    key: Mapped[str] = mapped_column(
        "access_key", ForeignKey("access_key.id"), index=True, comment="key that opened it"
    )
    begun_at: Mapped[datetime] = mapped_column(comment="login (UTC)")
    ends_at: Mapped[datetime] = mapped_column(comment="until when at most (UTC)")
    ended_at: Mapped[datetime | None] = mapped_column(comment="logout (UTC)")
