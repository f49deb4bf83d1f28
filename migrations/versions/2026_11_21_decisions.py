"""Decisions and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column(
            "seq", ROW_ID, autoincrement=False, nullable=False, comment="1, 2, 3 … without gaps"
        ),
        sa.Column(
            "happened_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was done (UTC)",
        ),
        sa.Column("actor", WORDS, nullable=False, comment="who did it"),
        sa.Column("action", WORDS, nullable=False, comment="kind:noun:participle"),
        sa.Column("subject", WORDS, nullable=False, comment="identifier of what was acted on"),
        sa.Column("payload", WORDS, nullable=False, comment="particulars, canonical JSON"),
        sa.Column(
            "previous",
            WORDS,
            nullable=False,
            comment="hash of the event before; zeros for the first",
        ),
        sa.Column("hash", WORDS, nullable=False, comment="sha256 over all other columns"),
        sa.CheckConstraint(
            "length(hash) = 64 AND length(previous) = 64", name=op.f("ck_audit_event_hashes")
        ),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_event_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_event_hash")),
    )
    op.create_index(op.f("ix_audit_event_action"), "audit_event", ["action"])
    op.create_index(op.f("ix_audit_event_subject"), "audit_event", ["subject"])
    op.create_table(
        "decision_record",
        sa.Column("id", WORDS, nullable=False, comment="UUID"),
        sa.Column("kind", WORDS, nullable=False, comment="classify or shipment"),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), nullable=False, comment="when it was made (UTC)"
        ),
        sa.Column("actor", WORDS, nullable=False, comment="who asked"),
        sa.Column("on_date", sa.Date(), nullable=False, comment="the date asked about"),
        sa.Column(
            "known_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="as known at this moment (UTC)",
        ),
        sa.Column("request", WORDS, nullable=False, comment="what was asked, canonical JSON"),
        sa.Column("response", WORDS, nullable=False, comment="what was answered, canonical JSON"),
        sa.Column("rule_set", WORDS, nullable=False, comment="content hash of the rules"),
        sa.Column("facts", WORDS, nullable=False, comment="content hash of the facts"),
        sa.Column("versions", JSON, nullable=False, comment="software versions"),
        sa.CheckConstraint(
            "kind IN ('classify', 'shipment')", name=op.f("ck_decision_record_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_record")),
    )
    op.create_index(op.f("ix_decision_record_made_at"), "decision_record", ["made_at"])


def downgrade() -> None:
    for table in ["audit_event", "decision_record"]:
        op.drop_table(table)
