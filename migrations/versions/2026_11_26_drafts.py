"""Drafts of changes to the law, with their versions.

Versions are append-only and have no gaps. A draft points to its newest version, and may be
withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
STILL_KEPT = sa.text("withdrawn_at IS NULL")
REFUSAL = "history of draft_version is closed, never rewritten"
GAP = "versions of a draft are numbered without gaps"
BEFORE_IT = "SELECT 1 FROM draft_version WHERE draft = NEW.draft AND number = NEW.number - 1"
LACKS_ONE = f"NEW.number > 1 AND NOT EXISTS ({BEFORE_IT})"


def upgrade() -> None:
    _draft()
    _version()
    guards = sqlite() if op.get_context().dialect.name == "sqlite" else postgresql()
    for statement in guards:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("draft_version")
    op.drop_table("draft")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_gap_in_draft()")


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", WORDS, nullable=False, comment="UUID"),
        sa.Column("name", WORDS, nullable=False, comment="what its owner calls it"),
        sa.Column("jurisdiction", WORDS, nullable=False, comment="whose law it would change"),
        sa.Column("owner", WORDS, nullable=False, comment="who keeps it"),
        sa.Column(
            "country", WORDS, nullable=False, comment="for which country its owner acts; empty: none"
        ),
        sa.Column("version", ROW_ID, nullable=False, comment="its newest version"),
        sa.Column("created_at", MOMENT, nullable=False, comment="since when it is kept (UTC)"),
        sa.Column("withdrawn_at", MOMENT, nullable=True, comment="until when it was (UTC)"),
        sa.CheckConstraint("version >= 1", name=op.f("ck_draft_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(
        "uq_draft_name",
        "draft",
        ["owner", "name"],
        unique=True,
        sqlite_where=STILL_KEPT,
        postgresql_where=STILL_KEPT,
    )


def _version() -> None:
    op.create_table(
        "draft_version",
        sa.Column("draft", WORDS, nullable=False, comment="draft"),
        sa.Column(
            "number", ROW_ID, autoincrement=False, nullable=False, comment="1, 2, 3 … of its draft"
        ),
        sa.Column("text", WORDS, nullable=False, comment="the YAML as it was saved"),
        sa.Column("content_hash", WORDS, nullable=False, comment="sha256 of the text"),
        sa.Column(
            "faults",
            JSON,
            nullable=False,
            comment="why it could not be read, with line and column; empty: it could",
        ),
        sa.Column("author", WORDS, nullable=False, comment="who saved it"),
        sa.Column("saved_at", MOMENT, nullable=False, comment="when (UTC)"),
        sa.Column(
            "remark", WORDS, nullable=False, comment="what its author says of it; or empty"
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_draft_version_number")),
        sa.CheckConstraint(
            "length(content_hash) = 64", name=op.f("ck_draft_version_content_hash")
        ),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"], name=op.f("fk_draft_version_draft_draft")),
        sa.PrimaryKeyConstraint("draft", "number", name=op.f("pk_draft_version")),
    )


def sqlite() -> Iterator[str]:
    refusal = f"SELECT RAISE(ABORT, '{REFUSAL}')"
    same = "SELECT 1 FROM draft_version WHERE draft = NEW.draft AND number = NEW.number"
    for name, when, act in (
        ("no_delete", "BEFORE DELETE", refusal),
        ("no_update", "BEFORE UPDATE", refusal),
        ("no_replace", "BEFORE INSERT", f"{refusal} WHERE EXISTS ({same})"),
        ("no_gap", "BEFORE INSERT", f"SELECT RAISE(ABORT, '{GAP}') WHERE {LACKS_ONE}"),
    ):
        yield f"CREATE TRIGGER draft_version_{name} {when} ON draft_version BEGIN {act}; END"


def postgresql() -> Iterator[str]:
    yield (
        "CREATE FUNCTION refuse_gap_in_draft() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {LACKS_ONE} THEN RAISE EXCEPTION '{GAP}' USING ERRCODE = 'check_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    for name, when, each, act in (
        ("no_rewriting", "BEFORE UPDATE OR DELETE", "ROW", "refuse_rewriting"),
        ("no_truncating", "BEFORE TRUNCATE", "STATEMENT", "refuse_rewriting"),
        ("no_gap", "BEFORE INSERT", "ROW", "refuse_gap_in_draft"),
    ):
        yield (
            f"CREATE TRIGGER {name} {when} ON draft_version "
            f"FOR EACH {each} EXECUTE FUNCTION {act}()"
        )
