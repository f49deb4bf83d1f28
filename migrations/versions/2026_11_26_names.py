"""Names as looked for: a looser key beside the folded one, and an index over its parts.

SQLite indexes every three characters with FTS5, PostgreSQL with pg_trgm. Where the role may not
create that extension the names are read one by one: the same answers, more slowly.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.spelling import loose

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COMMENT = "name as looked for; made from `text`"

INDEX_SQLITE = (
    """CREATE VIRTUAL TABLE name_index USING fts5(
        loose, content='substance_name', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER substance_name_indexed AFTER INSERT ON substance_name BEGIN
        INSERT INTO name_index (rowid, loose) VALUES (NEW.id, NEW.loose); END""",
    "INSERT INTO name_index (name_index) VALUES ('rebuild')",
)
INDEX_POSTGRESQL = """DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX name_index ON substance_name USING gin (loose gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE WARNING 'pg_trgm cannot be created (%): names are searched without an index', SQLERRM;
END $$"""


def upgrade() -> None:
    on_sqlite = op.get_context().dialect.name == "sqlite"
    _allow_rewriting(on_sqlite)
    column = sa.Column("loose", WORDS, nullable=False, server_default=sa.text("''"), comment=COMMENT)
    op.add_column("substance_name", column)
    if not op.get_context().as_sql:  # names on record can only be read where there is a database
        _fill()
    op.create_index(op.f("ix_substance_name_loose"), "substance_name", ["loose"])
    _refuse_rewriting(on_sqlite)
    for statement in INDEX_SQLITE if on_sqlite else (INDEX_POSTGRESQL,):
        op.execute(sa.text(statement))


def downgrade() -> None:
    on_sqlite = op.get_context().dialect.name == "sqlite"
    _allow_rewriting(on_sqlite)
    if on_sqlite:
        op.execute("DROP TRIGGER substance_name_indexed")
        op.execute("DROP TABLE name_index")
    else:
        op.execute("DROP INDEX IF EXISTS name_index")
    op.drop_index(op.f("ix_substance_name_loose"), "substance_name")
    op.execute("ALTER TABLE substance_name DROP COLUMN loose")
    _refuse_rewriting(on_sqlite)


def _fill() -> None:
    database = op.get_bind()
    names = database.execute(sa.text("SELECT id, text FROM substance_name")).all()
    keys = [{"id": row.id, "loose": loose(row.text)} for row in names]
    if keys:
        database.execute(sa.text("UPDATE substance_name SET loose = :loose WHERE id = :id"), keys)


def _allow_rewriting(on_sqlite: bool) -> None:
    if on_sqlite:
        op.execute("DROP TRIGGER substance_name_no_update")
    else:
        op.execute("ALTER TABLE substance_name DISABLE TRIGGER no_rewriting")


def _refuse_rewriting(on_sqlite: bool) -> None:
    if not on_sqlite:
        op.execute("ALTER TABLE substance_name ENABLE TRIGGER no_rewriting")
        return
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("substance_name")]
    kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns if name != "recorded_to")
    closing = f"OLD.recorded_to IS NULL AND NEW.recorded_to IS NOT NULL AND {kept}"
    refusal = "SELECT RAISE(ABORT, 'history of substance_name is closed, never rewritten')"
    op.execute(
        "CREATE TRIGGER substance_name_no_update BEFORE UPDATE ON substance_name "
        f"BEGIN {refusal} WHERE NOT ({closing}); END"
    )
