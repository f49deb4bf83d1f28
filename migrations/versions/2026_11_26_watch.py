"""Jobs, and watches with their runs and what these found changed.

Runs, their chunks, standings and changes are append-only. A watch and a job are not: a watch may
end, with which its structures and its secret are deleted, and a job is taken and finished.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
APPEND_ONLY = {
    "watch_run": ("watch", "number"),
    "watch_chunk": ("watch", "run", "number"),
    "watch_standing": ("watch", "key", "run"),
    "watch_change": ("id",),
}


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", WORDS, nullable=False, comment="UUID"),
        sa.Column("kind", WORDS, nullable=False, comment="what is to be done"),
        sa.Column(
            "key",
            WORDS,
            nullable=False,
            comment="at most one unfinished job of a kind has it; or empty",
        ),
        sa.Column("payload", JSON, nullable=False, comment="with what"),
        sa.Column("actor", WORDS, nullable=False, comment="who asked for it"),
        sa.Column("state", WORDS, nullable=False, comment="ready, leased, done or dead"),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="not to be taken before (UTC)",
        ),
        sa.Column(
            "leased_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="whose turn ends then (UTC)",
        ),
        sa.Column("token", ROW_ID, nullable=False, comment="how often it was taken"),
        sa.Column("attempts", ROW_ID, nullable=False, comment="attempts begun"),
        sa.Column(
            "max_attempts", ROW_ID, nullable=False, comment="attempts after which it is dead"
        ),
        sa.Column("error", WORDS, nullable=False, comment="why the last attempt failed"),
        sa.Column("result", JSON, nullable=True, comment="what came of it"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was asked for (UTC)",
        ),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was done or given up (UTC)",
        ),
        sa.CheckConstraint(
            "state IN ('ready', 'leased', 'done', 'dead')", name=op.f("ck_job_state")
        ),
        sa.CheckConstraint(
            "attempts >= 0 AND attempts <= max_attempts", name=op.f("ck_job_attempts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_due", "job", ["state", "due_at"], unique=False)
    op.create_index(
        "uq_job_unfinished",
        "job",
        ["kind", "key"],
        unique=True,
        sqlite_where=sa.text("state IN ('ready', 'leased') AND key <> ''"),
        postgresql_where=sa.text("state IN ('ready', 'leased') AND key <> ''"),
    )
    op.create_table(
        "watch",
        sa.Column("id", WORDS, nullable=False, comment="UUID"),
        sa.Column("name", WORDS, nullable=False, comment="what its owner calls it"),
        sa.Column("owner", WORDS, nullable=False, comment="who asked for it"),
        sa.Column(
            "kind", WORDS, nullable=False, comment="register: a query; file: structures of its own"
        ),
        sa.Column("query", JSON, nullable=False, comment="which substances of the register"),
        sa.Column("format", WORDS, nullable=False, comment="how the structures are written"),
        sa.Column("jurisdictions", JSON, nullable=False, comment="codes; empty: all"),
        sa.Column("provisions", JSON, nullable=False, comment="globs; empty: all"),
        sa.Column("on_date", sa.Date(), nullable=True, comment="law of this day; null: of today"),
        sa.Column("webhook", WORDS, nullable=False, comment="address told of changes; empty: none"),
        sa.Column("secret", WORDS, nullable=False, comment="signs what is sent there; never shown"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="since when it is watched (UTC)",
        ),
        sa.Column(
            "removed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="until when it was (UTC)",
        ),
        sa.CheckConstraint("kind IN ('register', 'file')", name=op.f("ck_watch_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
    )
    op.create_index(
        "uq_watch_name",
        "watch",
        ["owner", "name"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "watch_change",
        sa.Column("id", ROW_ID, nullable=False, comment="in order of finding"),
        sa.Column("watch", WORDS, nullable=False, comment="watch"),
        sa.Column("run", ROW_ID, nullable=False, comment="number of the run"),
        sa.Column("key", WORDS, nullable=False, comment="key of the member"),
        sa.Column("label", WORDS, nullable=False, comment="what the member is called"),
        sa.Column(
            "kind",
            WORDS,
            nullable=False,
            comment="status, outcome, grounds, judged, joined or left",
        ),
        sa.Column(
            "jurisdiction", WORDS, nullable=False, comment="code; empty: of the member as a whole"
        ),
        sa.Column("provision", WORDS, nullable=False, comment="by which provision; empty: by none"),
        sa.Column("before", WORDS, nullable=False, comment="what was said before"),
        sa.Column("after", WORDS, nullable=False, comment="what is said now"),
        sa.Column("why", WORDS, nullable=False, comment="what brought it about"),
        sa.Column("clause", WORDS, nullable=False, comment="by which clause"),
        sa.Column(
            "detail",
            JSON,
            nullable=False,
            comment="the clause in our words, clauses and wordings before and after",
        ),
        sa.ForeignKeyConstraint(["watch"], ["watch.id"], name=op.f("fk_watch_change_watch_watch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_change")),
    )
    op.create_index("ix_watch_change_run", "watch_change", ["watch", "run", "id"], unique=False)
    op.create_table(
        "watch_chunk",
        sa.Column("watch", WORDS, nullable=False, comment="watch"),
        sa.Column("run", ROW_ID, autoincrement=False, nullable=False, comment="number of the run"),
        sa.Column(
            "number", ROW_ID, autoincrement=False, nullable=False, comment="1, 2, 3 … of its run"
        ),
        sa.Column("upto", WORDS, nullable=False, comment="key of the last member judged"),
        sa.Column("members", ROW_ID, nullable=False, comment="how many were judged"),
        sa.Column("changed", ROW_ID, nullable=False, comment="how many of them changed"),
        sa.Column("undetermined", ROW_ID, nullable=False, comment="how many could not be judged"),
        sa.Column("ends", sa.Boolean(), nullable=False, comment="whether the run ends here"),
        sa.Column(
            "done_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was committed (UTC)",
        ),
        sa.CheckConstraint("members >= 0 AND changed >= 0", name=op.f("ck_watch_chunk_counts")),
        sa.ForeignKeyConstraint(["watch"], ["watch.id"], name=op.f("fk_watch_chunk_watch_watch")),
        sa.PrimaryKeyConstraint("watch", "run", "number", name=op.f("pk_watch_chunk")),
    )
    op.create_table(
        "watch_member",
        sa.Column("watch", WORDS, nullable=False, comment="watch"),
        sa.Column("key", WORDS, nullable=False, comment="its place in the file"),
        sa.Column("label", WORDS, nullable=False, comment="its id in the file"),
        sa.Column("text", WORDS, nullable=False, comment="the structure as given"),
        sa.Column(
            "fault", WORDS, nullable=False, comment="why the record is no input; empty: it is one"
        ),
        sa.ForeignKeyConstraint(["watch"], ["watch.id"], name=op.f("fk_watch_member_watch_watch")),
        sa.PrimaryKeyConstraint("watch", "key", name=op.f("pk_watch_member")),
    )
    op.create_table(
        "watch_run",
        sa.Column("watch", WORDS, nullable=False, comment="watch"),
        sa.Column(
            "number", ROW_ID, autoincrement=False, nullable=False, comment="1, 2, 3 … of its watch"
        ),
        sa.Column("on_date", sa.Date(), nullable=False, comment="the law of this day"),
        sa.Column(
            "known_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="as known at this moment (UTC)",
        ),
        sa.Column("rule_set", WORDS, nullable=False, comment="content hash of the rules"),
        sa.Column("facts", WORDS, nullable=False, comment="content hash of the facts"),
        sa.Column(
            "laws",
            JSON,
            nullable=False,
            comment="provisions in force: first day of the wording, hash of the file",
        ),
        sa.Column("versions", JSON, nullable=False, comment="software versions"),
        sa.Column("actor", WORDS, nullable=False, comment="who asked for it"),
        sa.Column(
            "begun_at", sa.DateTime(timezone=True), nullable=False, comment="when it began (UTC)"
        ),
        sa.ForeignKeyConstraint(["watch"], ["watch.id"], name=op.f("fk_watch_run_watch_watch")),
        sa.PrimaryKeyConstraint("watch", "number", name=op.f("pk_watch_run")),
    )
    op.create_table(
        "watch_standing",
        sa.Column("watch", WORDS, nullable=False, comment="watch"),
        sa.Column("key", WORDS, nullable=False, comment="key of the member"),
        sa.Column("run", ROW_ID, autoincrement=False, nullable=False, comment="number of the run"),
        sa.Column("label", WORDS, nullable=False, comment="what the member is called"),
        sa.Column(
            "standing",
            JSON,
            nullable=True,
            comment="its standing in short; null: no longer watched",
        ),
        sa.ForeignKeyConstraint(
            ["watch"], ["watch.id"], name=op.f("fk_watch_standing_watch_watch")
        ),
        sa.PrimaryKeyConstraint("watch", "key", "run", name=op.f("pk_watch_standing")),
    )
    guards = sqlite() if op.get_context().dialect.name == "sqlite" else postgresql()
    for statement in guards:
        op.execute(statement)


def downgrade() -> None:
    for table in (*reversed(APPEND_ONLY), "watch_member", "watch", "job"):
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
