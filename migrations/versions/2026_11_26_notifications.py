"""Pre-export notifications with their versions and messages.

Versions and messages are append-only. A notification points to its newest version, and a series
counts up.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
STATES = (
    "state IN ('draft', 'sent', 'delivered', 'read', 'no_objection', 'objection', "
    "'more_information', 'no_reply', 'suspended', 'stopped', 'closed')"
)
APPEND_ONLY = {
    "notification_version": ("notification", "version"),
    "notification_message": ("notification", "version"),
}


def upgrade() -> None:
    _notification()
    _version()
    _message()
    op.create_table(
        "notification_series",
        sa.Column("country", WORDS, nullable=False, comment="country of the authority"),
        sa.Column("year", ROW_ID, autoincrement=False, nullable=False, comment="calendar year"),
        sa.Column("last", ROW_ID, nullable=False, comment="last number given"),
        sa.CheckConstraint("last >= 1", name=op.f("ck_notification_series_last")),
        sa.PrimaryKeyConstraint("country", "year", name=op.f("pk_notification_series")),
    )
    guards = sqlite() if op.get_context().dialect.name == "sqlite" else postgresql()
    for statement in guards:
        op.execute(statement)


def downgrade() -> None:
    for table in (*reversed(APPEND_ONLY), "notification_series", "notification"):
        op.drop_table(table)


def _notification() -> None:
    op.create_table(
        "notification",
        sa.Column("id", WORDS, nullable=False, comment="UUID"),
        sa.Column(
            "direction", WORDS, nullable=False, comment="out: ours; in: of another country's authority"
        ),
        sa.Column(
            "sender", WORDS, nullable=False, comment="country of the authority that sends it"
        ),
        sa.Column(
            "receiver", WORDS, nullable=False, comment="country of the authority that receives it"
        ),
        sa.Column(
            "number", WORDS, nullable=False, comment="given when it is sent; empty while a draft"
        ),
        sa.Column("version", ROW_ID, nullable=False, comment="its newest version"),
        sa.Column("state", WORDS, nullable=False, comment="where it stands"),
        sa.Column(
            "reply_by",
            MOMENT,
            nullable=True,
            comment="when the time to reply is over for certain (UTC); null: no such moment known",
        ),
        sa.Column(
            "created_at", MOMENT, nullable=False, comment="when it was composed or received (UTC)"
        ),
        sa.CheckConstraint("direction IN ('out', 'in')", name=op.f("ck_notification_direction")),
        sa.CheckConstraint(STATES, name=op.f("ck_notification_state")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_notification_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index("ix_notification_due", "notification", ["state", "reply_by", "id"])
    op.create_index(
        "uq_notification_number",
        "notification",
        ["sender", "number"],
        unique=True,
        sqlite_where=sa.text("number <> ''"),
        postgresql_where=sa.text("number <> ''"),
    )


def _version() -> None:
    op.create_table(
        "notification_version",
        sa.Column("notification", WORDS, nullable=False, comment="notification"),
        sa.Column(
            "version",
            ROW_ID,
            autoincrement=False,
            nullable=False,
            comment="1, 2, 3 … of its notification",
        ),
        sa.Column("act", WORDS, nullable=False, comment="what was done"),
        sa.Column("actor", WORDS, nullable=False, comment="who did or recorded it"),
        sa.Column("recorded_at", MOMENT, nullable=False, comment="when it was recorded (UTC)"),
        sa.Column("state", WORDS, nullable=False, comment="where it stood from then on"),
        sa.Column(
            "held", WORDS, nullable=False, comment="where it stood but for a suspension; or empty"
        ),
        sa.Column(
            "outcome", WORDS, nullable=False, comment="shipped, cancelled, diverted, or empty"
        ),
        sa.Column(
            "reply_from",
            MOMENT,
            nullable=True,
            comment="when the time to reply is over at the earliest (UTC)",
        ),
        sa.Column("content", JSON, nullable=False, comment="the notification as it read"),
        sa.Column(
            "position", JSON, nullable=False, comment="what the silence rules said of it then"
        ),
        sa.Column("findings", JSON, nullable=False, comment="what the act brought up"),
        sa.Column(
            "key", WORDS, nullable=False, comment="the caller's key of the act; empty: none"
        ),
        sa.Column(
            "asked", WORDS, nullable=False, comment="digest of what was asked under that key"
        ),
        sa.CheckConstraint(STATES, name=op.f("ck_notification_version_state")),
        sa.ForeignKeyConstraint(
            ["notification"],
            ["notification.id"],
            name=op.f("fk_notification_version_notification_notification"),
        ),
        sa.PrimaryKeyConstraint("notification", "version", name=op.f("pk_notification_version")),
    )
    op.create_index(
        "uq_notification_version_key",
        "notification_version",
        ["key"],
        unique=True,
        sqlite_where=sa.text("key <> ''"),
        postgresql_where=sa.text("key <> ''"),
    )


def _message() -> None:
    op.create_table(
        "notification_message",
        sa.Column("notification", WORDS, nullable=False, comment="notification"),
        sa.Column(
            "version",
            ROW_ID,
            autoincrement=False,
            nullable=False,
            comment="the version it led to",
        ),
        sa.Column("direction", WORDS, nullable=False, comment="out: sent by us; in: received"),
        sa.Column("kind", WORDS, nullable=False, comment="the act it is about"),
        sa.Column(
            "happened_at", MOMENT, nullable=False, comment="when it was sent or received (UTC)"
        ),
        sa.Column("channel", WORDS, nullable=False, comment="by which way it went"),
        sa.Column(
            "proof", WORDS, nullable=False, comment="what shows that it went or arrived; or empty"
        ),
        sa.Column("text", WORDS, nullable=False, comment="what it says in words"),
        sa.Column(
            "foreign_id", WORDS, nullable=False, comment="its identifier at the other authority"
        ),
        sa.CheckConstraint(
            "direction IN ('out', 'in')", name=op.f("ck_notification_message_direction")
        ),
        sa.ForeignKeyConstraint(
            ["notification"],
            ["notification.id"],
            name=op.f("fk_notification_message_notification_notification"),
        ),
        sa.PrimaryKeyConstraint("notification", "version", name=op.f("pk_notification_message")),
    )


def sqlite() -> Iterator[str]:
    for table, key in APPEND_ONLY.items():
        refusal = f"SELECT RAISE(ABORT, 'history of {table} is closed, never rewritten')"
        same = " AND ".join(f"{name} = NEW.{name}" for name in key)
        exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
        for name, when, act in (
            ("no_delete", "BEFORE DELETE", refusal),
            ("no_update", "BEFORE UPDATE", refusal),
            ("no_replace", "BEFORE INSERT", f"{refusal} WHERE {exists}"),
        ):
            yield f"CREATE TRIGGER {table}_{name} {when} ON {table} BEGIN {act}; END"


def postgresql() -> Iterator[str]:
    for table in APPEND_ONLY:
        for name, when, each in (
            ("no_rewriting", "BEFORE UPDATE OR DELETE", "ROW"),
            ("no_truncating", "BEFORE TRUNCATE", "STATEMENT"),
        ):
            yield (
                f"CREATE TRIGGER {name} {when} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_rewriting()"
            )
