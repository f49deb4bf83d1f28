"""What sources report of substances.

Records are inserted open and after the last closed record of the same source and key, closed once,
and never changed or deleted.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
EXACT = sa.Numeric().with_variant(sa.String(40), "sqlite")
KINDS = (
    "kind IN ('seizure', 'incident', 'non-fatal-case', 'fatal-case', 'pre-export-objection', "
    "'early-warning', 'survey')"
)
REWRITTEN = "history of evidence is closed, never rewritten"
OUT_OF_ORDER = "record of evidence is not open, or overlaps another"
OVERLAP = """NEW.recorded_to IS NOT NULL OR EXISTS (
    SELECT 1 FROM evidence AS other WHERE other.source = NEW.source AND other.key = NEW.key
    AND (other.recorded_to IS NULL OR other.recorded_to > NEW.recorded_from))"""
KEPT = (
    "id", "source", "key", "kind", "substance", "name", "structure", "inchikey", "country",
    "happened_from", "happened_to", "quantity", "unit", "href", "note", "recorded_by", "reason",
    "recorded_from",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("source", WORDS, nullable=False, comment="title of the source as cited"),
        sa.Column("key", WORDS, nullable=False, comment="what the record is called in its source"),
        sa.Column(
            "kind", WORDS, nullable=False, comment="seizure, incident, fatal-case, early-warning …"
        ),
        sa.Column("substance", WORDS, nullable=True, comment="of the register; null: not in it"),
        sa.Column("name", WORDS, nullable=False, comment="name as the source writes it; or empty"),
        sa.Column(
            "structure", WORDS, nullable=False, comment="structure as given; empty: by substance"
        ),
        sa.Column("inchikey", WORDS, nullable=False, comment="of that structure; or empty"),
        sa.Column(
            "country", WORDS, nullable=False, comment="where; empty: not stated, or more than one"
        ),
        sa.Column(
            "happened_from",
            sa.Date(),
            nullable=False,
            comment="first day on which it may have happened",
        ),
        sa.Column(
            "happened_to",
            sa.Date(),
            nullable=False,
            comment="first day on which it no longer may",
        ),
        sa.Column("quantity", EXACT, nullable=True, comment="how much; null: the source is silent"),
        sa.Column(
            "unit",
            WORDS,
            nullable=False,
            comment="count, g, tablets, percent …; empty: no quantity",
        ),
        sa.Column("href", WORDS, nullable=False, comment="where the source can be read; or empty"),
        sa.Column("note", WORDS, nullable=False, comment="remark; or empty"),
        sa.Column("recorded_by", WORDS, nullable=False, comment="who recorded it"),
        sa.Column(
            "reason", WORDS, nullable=False, comment="why it corrects an earlier record; or empty"
        ),
        sa.Column(
            "recorded_from",
            MOMENT,
            nullable=False,
            comment="since when this register holds it (UTC)",
        ),
        sa.Column(
            "recorded_to",
            MOMENT,
            nullable=True,
            comment="until when it did (UTC, exclusive); null while it does",
        ),
        sa.CheckConstraint("recorded_from < recorded_to", name=op.f("ck_evidence_recorded_period")),
        sa.CheckConstraint(KINDS, name=op.f("ck_evidence_kind")),
        sa.CheckConstraint("happened_from < happened_to", name=op.f("ck_evidence_happened")),
        sa.CheckConstraint("(quantity IS NULL) = (unit = '')", name=op.f("ck_evidence_quantity")),
        sa.CheckConstraint(
            "substance IS NOT NULL OR inchikey <> ''", name=op.f("ck_evidence_subject")
        ),
        sa.ForeignKeyConstraint(
            ["substance"], ["substance.id"], name=op.f("fk_evidence_substance_substance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    _indexes()
    guards = sqlite() if op.get_context().dialect.name == "sqlite" else postgresql()
    for statement in guards:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("evidence")
    if op.get_context().dialect.name != "sqlite":
        op.execute("DROP FUNCTION evidence_in_order()")


def _indexes() -> None:
    open_, closed = sa.text("recorded_to IS NULL"), sa.text("recorded_to IS NOT NULL")
    op.create_index(
        "uq_evidence_open",
        "evidence",
        ["source", "key"],
        unique=True,
        sqlite_where=open_,
        postgresql_where=open_,
    )
    op.create_index("ix_evidence_history", "evidence", ["source", "key", "recorded_from"])
    op.create_index("ix_evidence_opened", "evidence", ["recorded_from", "id"])
    op.create_index(
        "ix_evidence_closed",
        "evidence",
        ["recorded_to", "id"],
        sqlite_where=closed,
        postgresql_where=closed,
    )
    op.create_index("ix_evidence_happened", "evidence", ["happened_to", "happened_from"])
    op.create_index(op.f("ix_evidence_substance"), "evidence", ["substance"])
    op.create_index(op.f("ix_evidence_inchikey"), "evidence", ["inchikey"])


def sqlite() -> Iterator[str]:
    refusal = f"SELECT RAISE(ABORT, '{REWRITTEN}')"
    kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in KEPT)
    closing = f"OLD.recorded_to IS NULL AND NEW.recorded_to IS NOT NULL AND {kept}"
    exists = "EXISTS (SELECT 1 FROM evidence WHERE id = NEW.id)"
    for name, when, act in (
        ("no_delete", "BEFORE DELETE", refusal),
        ("no_update", "BEFORE UPDATE", f"{refusal} WHERE NOT ({closing})"),
        ("in_order", "BEFORE INSERT", f"SELECT RAISE(ABORT, '{OUT_OF_ORDER}') WHERE {OVERLAP}"),
        ("no_replace", "BEFORE INSERT", f"{refusal} WHERE {exists}"),
    ):
        yield f"CREATE TRIGGER evidence_{name} {when} ON evidence BEGIN {act}; END"


def postgresql() -> Iterator[str]:
    """`allow_closing` and `refuse_rewriting` are those of the other tables with two clocks."""
    yield f"""CREATE FUNCTION evidence_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {OVERLAP} THEN
            RAISE EXCEPTION '{OUT_OF_ORDER}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$"""
    for name, when, each, act in (
        ("in_order", "BEFORE INSERT", "ROW", "evidence_in_order"),
        ("no_rewriting", "BEFORE UPDATE OR DELETE", "ROW", "allow_closing"),
        ("no_truncating", "BEFORE TRUNCATE", "STATEMENT", "refuse_rewriting"),
    ):
        yield f"CREATE TRIGGER {name} {when} ON evidence FOR EACH {each} EXECUTE FUNCTION {act}()"
