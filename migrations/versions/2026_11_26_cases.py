"""Cases: a decision on its way into law, its substances, and every step recorded of it.

All are append-only: a wrong entry stays, and a later one stands for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
APPEND_ONLY = {
    "case_file": ("id",),
    "case_subject": ("case_id", "number"),
    "case_entry": ("case_id", "number"),
}


def words(name: str, comment: str | None = None, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, WORDS, nullable=null, comment=comment)


def upgrade() -> None:
    op.create_table(
        "case_file",
        words("id", "UUID"),
        words("title", "what it is called"),
        words("procedure", "identifier of the procedure, UN-1971"),
        sa.Column(
            "jurisdictions", JSON, nullable=False, comment="codes followed from the start"
        ),
        words("raised_for", "country and substance it was raised for, once; empty: opened by hand"),
        words("note", "for the reader; decides nothing"),
        words("opened_by", "who opened it"),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was opened (UTC)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
    )
    op.create_index(
        "uq_case_file_raised_for",
        "case_file",
        ["raised_for"],
        unique=True,
        sqlite_where=sa.text("raised_for <> ''"),
        postgresql_where=sa.text("raised_for <> ''"),
    )
    op.create_table(
        "case_subject",
        words("case_id"),
        sa.Column(
            "number", ROW_ID, autoincrement=False, nullable=False, comment="1, 2, 3 … of its case"
        ),
        words("substance", null=True),
        words("name", "its name"),
        words("structure", "as given, where it is not on record; or empty"),
        sa.CheckConstraint("name <> ''", name=op.f("ck_case_subject_name")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_subject_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["substance"], ["substance.id"], name=op.f("fk_case_subject_substance_substance")
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_subject")),
    )
    op.create_index(op.f("ix_case_subject_substance"), "case_subject", ["substance"])
    op.create_table(
        "case_entry",
        words("case_id"),
        sa.Column(
            "number", ROW_ID, autoincrement=False, nullable=False, comment="1, 2, 3 … of its case"
        ),
        words("kind", "step, withdrawal, follow or close"),
        words("step", "step of the procedure; or empty"),
        words("jurisdiction", "whose step it is; empty: nobody's alone"),
        sa.Column("not_before", sa.Date(), nullable=True, comment="not done before; null: not known"),
        sa.Column("not_after", sa.Date(), nullable=True, comment="not done after; null: not known"),
        sa.Column(
            "until_date",
            sa.Date(),
            nullable=True,
            comment="first day on which the measure no longer holds, as its document says",
        ),
        words("document", "what shows it: title, number"),
        words("source", "where it can be read; or empty"),
        words("note", "for the reader, or why it is corrected or closed"),
        sa.Column(
            "corrects",
            ROW_ID,
            nullable=True,
            comment="the entry it stands for or takes back; null: none",
        ),
        words("actor", "who recorded it"),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was recorded (UTC)",
        ),
        sa.CheckConstraint(
            "kind IN ('step', 'withdrawal', 'follow', 'close')", name=op.f("ck_case_entry_kind")
        ),
        sa.CheckConstraint("not_before <= not_after", name=op.f("ck_case_entry_days")),
        sa.CheckConstraint("corrects < number", name=op.f("ck_case_entry_corrects")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_entry_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_entry")),
    )
    op.create_index("uq_case_entry_corrects", "case_entry", ["case_id", "corrects"], unique=True)
    guards = sqlite() if op.get_context().dialect.name == "sqlite" else postgresql()
    for statement in guards:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)


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
