"""Keys of those who may act, and the sessions that pages open with them.

Only hashes are kept. Neither table is append-only: a key is revoked, a session ends and is deleted
when it has run out; what was done with either stands in the log of acts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
ROLES = "'applicant', 'authority', 'customs', 'analyst', 'auditor', 'administrator'"


def upgrade() -> None:
    op.create_table(
        "access_key",
        sa.Column("id", WORDS, nullable=False, comment="the part of the key that is shown"),
        sa.Column("hash", WORDS, nullable=False, comment="sha256 of the part that is secret"),
        sa.Column("name", WORDS, nullable=False, comment="who holds it"),
        sa.Column("role", WORDS, nullable=False, comment="what its holder is to the register"),
        sa.Column(
            "country", WORDS, nullable=False, comment="for which country it acts; empty: for none"
        ),
        sa.Column(
            "party", WORDS, nullable=False, comment="licence or name of the firm it acts for; or empty"
        ),
        sa.Column(
            "scopes", JSON, nullable=False, comment="globs of acts; empty: all of its role"
        ),
        sa.Column(
            "founding",
            sa.Boolean(),
            nullable=False,
            comment="the first administrator's, made at first start",
        ),
        sa.Column("made_by", WORDS, nullable=False, comment="who made it"),
        sa.Column("made_at", INSTANT, nullable=False, comment="since when it holds (UTC)"),
        sa.Column("expires_at", INSTANT, nullable=True, comment="until when at most (UTC)"),
        sa.Column("used_on", sa.Date(), nullable=True, comment="last day of use (UTC)"),
        sa.Column("revoked_at", INSTANT, nullable=True, comment="until when it held (UTC)"),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_access_key_role")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_access_key_hash")),
        sa.CheckConstraint("made_at < expires_at", name=op.f("ck_access_key_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_key")),
        sa.UniqueConstraint("hash", name=op.f("uq_access_key_hash")),
    )
    op.create_index(
        "uq_access_key_founding",
        "access_key",
        ["founding"],
        unique=True,
        sqlite_where=sa.text("founding"),
        postgresql_where=sa.text("founding"),
    )
    op.create_table(
        "access_session",
        sa.Column("hash", WORDS, nullable=False, comment="sha256 of the cookie"),
        sa.Column("access_key", WORDS, nullable=False, comment="key that opened it"),
        sa.Column("begun_at", INSTANT, nullable=False, comment="login (UTC)"),
        sa.Column("ends_at", INSTANT, nullable=False, comment="until when at most (UTC)"),
        sa.Column("ended_at", INSTANT, nullable=True, comment="logout (UTC)"),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_access_session_hash")),
        sa.CheckConstraint("begun_at < ends_at", name=op.f("ck_access_session_period")),
        sa.ForeignKeyConstraint(
            ["access_key"], ["access_key.id"], name=op.f("fk_access_session_access_key_access_key")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_access_session")),
    )
    op.create_index(op.f("ix_access_session_access_key"), "access_session", ["access_key"])


def downgrade() -> None:
    op.drop_table("access_session")
    op.drop_table("access_key")
