"""History is closed, never rewritten: triggers that refuse everything else.

Recorded rows are inserted open and after the last closed record of the same identity, closed once,
and never deleted. Decisions, audit events and sources are never changed or deleted, and an audit
event follows from the one before it.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

RECORDED = {
    "disagreement": ("subject", "field"),
    "substance_name": ("substance", "text", "kind", "language"),
    "identifier": ("kind", "value", "substance"),
    "structure_record": ("substance",),
    "base_factor": ("substance", "salt", "base_units", "acid_units", "water"),
    "provision_version": ("key",),
    "authority": ("key",),
    "treaty_status": ("key",),
    "listing": ("key",),
    "tariff_code": ("key",),
}
APPEND_ONLY = {"audit_event": "seq", "decision_record": "id", "source": "id"}
GENESIS = "0" * 64


def upgrade() -> None:
    statements = sqlite() if op.get_context().dialect.name == "sqlite" else postgresql()
    for statement in statements:
        op.execute(sa.text(statement.replace(":", r"\:")))


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for name in op.get_bind().scalars(sa.text(names)).all():
            op.execute(f"DROP TRIGGER {name}")
        return
    for table in (*RECORDED, *APPEND_ONLY):
        for name in ("no_rewriting", "no_truncating", "in_order"):
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
    for table in (*RECORDED, "audit_event"):
        op.execute(f"DROP FUNCTION {table}_in_order()")
    for function in ("refuse_rewriting", "allow_closing"):
        op.execute(f"DROP FUNCTION {function}()")


def never_rewritten(table: str) -> str:
    return f"history of {table} is closed, never rewritten"


def out_of_order(table: str) -> str:
    return f"record of {table} is not open, or overlaps another"


def out_of_chain() -> str:
    return "audit event does not follow from the one before"


def overlap(table: str) -> str:
    """Whether the new record is closed already, or begins before the last one of its kind ends."""
    same = " AND ".join(f"other.{name} = NEW.{name}" for name in RECORDED[table])
    return f"""NEW.recorded_to IS NOT NULL OR EXISTS (
        SELECT 1 FROM {table} AS other WHERE {same}
        AND (other.recorded_to IS NULL OR other.recorded_to > NEW.recorded_from))"""


def broken_chain() -> str:
    return f"""
        NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit_event)
        OR NEW.previous <> coalesce(
            (SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1), '{GENESIS}')"""


def sqlite() -> Iterator[str]:
    for table in RECORDED:
        refusal = f"SELECT RAISE(ABORT, '{never_rewritten(table)}')"
        yield sqlite_trigger(table, "no_delete", "BEFORE DELETE", refusal)
        kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns_but_end(table))
        closing = f"OLD.recorded_to IS NULL AND NEW.recorded_to IS NOT NULL AND {kept}"
        yield sqlite_trigger(
            table, "no_update", "BEFORE UPDATE", f"{refusal} WHERE NOT ({closing})"
        )
        disorder = f"SELECT RAISE(ABORT, '{out_of_order(table)}') WHERE {overlap(table)}"
        yield sqlite_trigger(table, "in_order", "BEFORE INSERT", disorder)
        yield sqlite_no_replacing(table, "id")
    for table, key in APPEND_ONLY.items():
        refusal = f"SELECT RAISE(ABORT, '{never_rewritten(table)}')"
        yield sqlite_trigger(table, "no_delete", "BEFORE DELETE", refusal)
        yield sqlite_trigger(table, "no_update", "BEFORE UPDATE", refusal)
        yield sqlite_no_replacing(table, key)
    unchained = f"SELECT RAISE(ABORT, '{out_of_chain()}') WHERE {broken_chain()}"
    yield sqlite_trigger("audit_event", "in_order", "BEFORE INSERT", unchained)


def sqlite_trigger(table: str, name: str, when: str, act: str) -> str:
    return f"CREATE TRIGGER {table}_{name} {when} ON {table} BEGIN {act}; END"


def sqlite_no_replacing(table: str, key: str) -> str:
    """INSERT OR REPLACE deletes a row without asking, unless a pragma is set."""
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
    refusal = f"SELECT RAISE(ABORT, '{never_rewritten(table)}') WHERE {exists}"
    return sqlite_trigger(table, "no_replace", "BEFORE INSERT", refusal)


def columns_but_end(table: str) -> list[str]:
    columns = sa.inspect(op.get_bind()).get_columns(table)
    return [column["name"] for column in columns if column["name"] != "recorded_to"]


def postgresql() -> Iterator[str]:
    never = "RAISE EXCEPTION 'history of % is closed, never rewritten', TG_TABLE_NAME"
    refuse = f"{never} USING ERRCODE = 'integrity_constraint_violation';"
    yield function("refuse_rewriting", refuse)
    yield function(
        "allow_closing",
        f"""IF TG_OP = 'UPDATE' THEN
            IF OLD.recorded_to IS NULL AND NEW.recorded_to IS NOT NULL
                AND to_jsonb(NEW) - 'recorded_to' = to_jsonb(OLD) - 'recorded_to' THEN
                RETURN NEW;
            END IF;
        END IF;
        {refuse}""",
    )
    for table in RECORDED:
        yield function(f"{table}_in_order", unless(overlap(table), out_of_order(table)))
        yield trigger(table, "in_order", "BEFORE INSERT", f"{table}_in_order")
        yield trigger(table, "no_rewriting", "BEFORE UPDATE OR DELETE", "allow_closing")
    yield function("audit_event_in_order", unless(broken_chain(), out_of_chain()))
    yield trigger("audit_event", "in_order", "BEFORE INSERT", "audit_event_in_order")
    for table in APPEND_ONLY:
        yield trigger(table, "no_rewriting", "BEFORE UPDATE OR DELETE", "refuse_rewriting")
    for table in (*RECORDED, *APPEND_ONLY):
        yield trigger(table, "no_truncating", "BEFORE TRUNCATE", "refuse_rewriting", "STATEMENT")


def function(name: str, body: str) -> str:
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {body}
    END $$"""


def unless(fault: str, message: str) -> str:
    return f"""IF {fault} THEN
            RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;"""


def trigger(table: str, name: str, when: str, act: str, each: str = "ROW") -> str:
    return f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {act}()"
