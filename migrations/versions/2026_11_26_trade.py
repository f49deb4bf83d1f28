"""Papers of trade with every version, consignments, endorsements, numbers, ledgers of yearly figures.

All are append-only. Numbers and entries name the one before them, so that the database itself
refuses a gap, a second use, a sum that does not follow, and a reservation over the limit.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
EXACT = sa.Numeric().with_variant(sa.String(40), "sqlite")
APPEND_ONLY = {
    "authorisation": ("id",),
    "kept_answer": ("actor", "key"),
    "ledger": ("id",),
    "number_series": ("authority", "kind", "year"),
    "authorisation_version": ("authorisation", "version"),
    "consignment": ("authorisation", "number"),
    "ledger_entry": ("ledger", "number"),
    "number_taken": ("authority", "kind", "year", "number"),
    "endorsement": ("authorisation", "consignment"),
}


def upgrade() -> None:
    op.create_table(
        "authorisation",
        sa.Column("id", WORDS, nullable=False, comment="UUID"),
        sa.Column("paper", WORDS, nullable=False, comment="kind of paper"),
        sa.Column("convention", WORDS, nullable=False, comment="1961, 1971 or 1988"),
        sa.Column("jurisdiction", WORDS, nullable=False, comment="whose authority decides"),
        sa.Column("replaces", WORDS, nullable=True, comment="lost paper it stands for; null: none"),
        sa.Column("created_by", WORDS, nullable=False, comment="who drafted it"),
        sa.Column("created_at", MOMENT, nullable=False, comment="when it was drafted (UTC)"),
        sa.CheckConstraint(
            "paper IN ('import_authorization', 'export_authorization', 'export_declaration', 'special_import_licence', 'transit_permit', 'withdrawal_permit')",
            name=op.f("ck_authorisation_paper"),
        ),
        sa.ForeignKeyConstraint(
            ["replaces"], ["authorisation.id"], name=op.f("fk_authorisation_replaces_authorisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation")),
        sa.UniqueConstraint("replaces", name=op.f("uq_authorisation_replaces")),
    )
    op.create_table(
        "kept_answer",
        sa.Column("actor", WORDS, nullable=False, comment="whose key it is"),
        sa.Column("key", WORDS, nullable=False, comment="as the caller chose it"),
        sa.Column("request", WORDS, nullable=False, comment="sha256 of what was asked"),
        sa.Column("subject", WORDS, nullable=False, comment="identifier of what was acted on"),
        sa.Column("answer", WORDS, nullable=False, comment="what was answered, canonical JSON"),
        sa.Column("kept_at", MOMENT, nullable=False, comment="when (UTC)"),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_kept_answer")),
    )
    op.create_table(
        "ledger",
        sa.Column("id", WORDS, nullable=False, comment="UUID"),
        sa.Column("keeper", WORDS, nullable=False, comment="country that keeps it"),
        sa.Column("country", WORDS, nullable=False, comment="country whose figure it is"),
        sa.Column("substance", WORDS, nullable=False, comment="identifier in this register, or folded name"),
        sa.Column("year", ROW_ID, nullable=False, comment="calendar year"),
        sa.Column("kind", WORDS, nullable=False, comment="what its limit is"),
        sa.Column(
            "holder", WORDS, nullable=False, comment="whose quota; empty: of the whole country"
        ),
        sa.Column("opened_by", WORDS, nullable=False, comment="who opened it"),
        sa.Column("opened_at", MOMENT, nullable=False, comment="when (UTC)"),
        sa.CheckConstraint(
            "kind IN ('estimate', 'assessment', 'requirement', 'quota')",
            name=op.f("ck_ledger_kind"),
        ),
        sa.CheckConstraint("year BETWEEN 1961 AND 9999", name=op.f("ck_ledger_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint(
            "keeper",
            "country",
            "substance",
            "year",
            "kind",
            "holder",
            name=op.f("uq_ledger_keeper_country_substance_year_kind_holder"),
        ),
    )
    op.create_table(
        "number_series",
        sa.Column("authority", WORDS, nullable=False, comment="code of the authority"),
        sa.Column("kind", WORDS, nullable=False, comment="kind of paper"),
        sa.Column("year", ROW_ID, autoincrement=False, nullable=False, comment="year of issue"),
        sa.PrimaryKeyConstraint("authority", "kind", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "authorisation_version",
        sa.Column("authorisation", WORDS, nullable=False, comment="authorisation"),
        sa.Column("version", ROW_ID, autoincrement=False, nullable=False, comment="1, 2, 3 … of its authorisation"),
        sa.Column("previous", ROW_ID, nullable=True, comment="version before; null: the first"),
        sa.Column("state", WORDS, nullable=False, comment="where it stands from here on"),
        sa.Column("act", WORDS, nullable=False, comment="what led here"),
        sa.Column("reason", WORDS, nullable=False, comment="why; may be empty"),
        sa.Column("content", JSON, nullable=False, comment="goods, parties, route and all else on the paper"),
        sa.Column("number", WORDS, nullable=False, comment="as issued; empty before"),
        sa.Column(
            "valid_from", sa.Date(), nullable=True, comment="first day of use; null before issue"
        ),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which it may no longer be used; null before issue"),
        sa.Column("actor", WORDS, nullable=False, comment="who acted"),
        sa.Column("acted_at", MOMENT, nullable=False, comment="when (UTC)"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'information_requested', 'refused', 'granted', 'issued', 'in_transit', 'partly_used', 'endorsed', 'closed', 'suspended', 'amended', 'cancelled', 'expired', 'lost')",
            name=op.f("ck_authorisation_version_state"),
        ),
        sa.CheckConstraint(
            "(version = 1 AND previous IS NULL) OR (version > 1 AND previous IS NOT NULL AND previous = version - 1)",
            name=op.f("ck_authorisation_version_follows"),
        ),
        sa.CheckConstraint(
            "valid_from < valid_to", name=op.f("ck_authorisation_version_valid_period")
        ),
        sa.ForeignKeyConstraint(
            ["authorisation", "previous"],
            ["authorisation_version.authorisation", "authorisation_version.version"],
            name="fk_authorisation_version_previous",
        ),
        sa.ForeignKeyConstraint(
            ["authorisation"],
            ["authorisation.id"],
            name=op.f("fk_authorisation_version_authorisation_authorisation"),
        ),
        sa.PrimaryKeyConstraint("authorisation", "version", name=op.f("pk_authorisation_version")),
    )
    op.create_index(
        op.f("ix_authorisation_version_number"), "authorisation_version", ["number"], unique=False
    )
    op.create_index(
        "ix_authorisation_version_state",
        "authorisation_version",
        ["state", "authorisation", "version"],
        unique=False,
    )
    op.create_table(
        "consignment",
        sa.Column("authorisation", WORDS, nullable=False, comment="authorisation"),
        sa.Column("number", ROW_ID, autoincrement=False, nullable=False, comment="1, 2, 3 … of its authorisation"),
        sa.Column("previous", ROW_ID, nullable=True, comment="the one before; null: the first"),
        sa.Column(
            "shipped_on", sa.Date(), nullable=False, comment="day on which it crossed the border"
        ),
        sa.Column("lines", JSON, nullable=False, comment="line, quantity and unit of each"),
        sa.Column("paper", WORDS, nullable=False, comment="number of the other country's paper; may be empty"),
        sa.Column("actor", WORDS, nullable=False, comment="who said so"),
        sa.Column("recorded_at", MOMENT, nullable=False, comment="when (UTC)"),
        sa.CheckConstraint(
            "(number = 1 AND previous IS NULL) OR (number > 1 AND previous IS NOT NULL AND previous = number - 1)",
            name=op.f("ck_consignment_follows"),
        ),
        sa.ForeignKeyConstraint(
            ["authorisation", "previous"],
            ["consignment.authorisation", "consignment.number"],
            name="fk_consignment_previous",
        ),
        sa.ForeignKeyConstraint(
            ["authorisation"],
            ["authorisation.id"],
            name=op.f("fk_consignment_authorisation_authorisation"),
        ),
        sa.PrimaryKeyConstraint("authorisation", "number", name=op.f("pk_consignment")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("ledger", WORDS, nullable=False, comment="ledger"),
        sa.Column(
            "number", ROW_ID, autoincrement=False, nullable=False, comment="1, 2, 3 … of its ledger"
        ),
        sa.Column("previous", ROW_ID, nullable=True, comment="entry before; null: the first"),
        sa.Column("kind", WORDS, nullable=False, comment="what moves the sums"),
        sa.Column("limit_before", ROW_ID, nullable=False, comment="limit before, µg of base"),
        sa.Column(
            "limit_change", ROW_ID, nullable=False, comment="change of the limit, µg of base"
        ),
        sa.Column("limit_after", ROW_ID, nullable=False, comment="limit after, µg of base"),
        sa.Column(
            "reserved_before", ROW_ID, nullable=False, comment="granted, not yet shipped, before"
        ),
        sa.Column(
            "reserved_change", ROW_ID, nullable=False, comment="change of what is reserved, µg"
        ),
        sa.Column(
            "reserved_after", ROW_ID, nullable=False, comment="granted, not yet shipped, after"
        ),
        sa.Column("used_before", ROW_ID, nullable=False, comment="shipped or arrived, before, µg"),
        sa.Column(
            "used_change", ROW_ID, nullable=False, comment="change of what is used, µg of base"
        ),
        sa.Column(
            "used_after", ROW_ID, nullable=False, comment="shipped or arrived, after, µg of base"
        ),
        sa.Column(
            "authorisation", WORDS, nullable=True, comment="under which authorisation; null: none"
        ),
        sa.Column("line", ROW_ID, nullable=True, comment="line of the paper; null: none"),
        sa.Column("consignment", ROW_ID, nullable=True, comment="consignment; null: none"),
        sa.Column("quantity", EXACT, nullable=True, comment="as stated; null: stated as base"),
        sa.Column(
            "unit", WORDS, nullable=False, comment="unit of the quantity; empty: stated as base"
        ),
        sa.Column("factor", EXACT, nullable=True, comment="anhydrous base, per cent by mass"),
        sa.Column("factor_source", WORDS, nullable=False, comment="where the factor comes from"),
        sa.Column("reason", WORDS, nullable=False, comment="why"),
        sa.Column(
            "source", WORDS, nullable=False, comment="document the figure was read in; may be empty"
        ),
        sa.Column("actor", WORDS, nullable=False, comment="who entered it"),
        sa.Column("entered_at", MOMENT, nullable=False, comment="when (UTC)"),
        sa.CheckConstraint(
            "kind <> 'drawdown' OR (used_change >= 0 AND reserved_change = -used_change)",
            name=op.f("ck_ledger_entry_drawn_from_reserved"),
        ),
        sa.CheckConstraint(
            "kind <> 'release' OR (reserved_change <= 0 AND used_change = 0)",
            name=op.f("ck_ledger_entry_released"),
        ),
        sa.CheckConstraint(
            "kind <> 'reservation' OR reserved_after + used_after <= limit_after",
            name=op.f("ck_ledger_entry_within"),
        ),
        sa.CheckConstraint(
            "kind IN ('limit', 'supplement', 'reservation', 'drawdown', 'correction', 'release', 'outside')",
            name=op.f("ck_ledger_entry_kind"),
        ),
        sa.CheckConstraint(
            "limit_change = 0 OR kind IN ('limit', 'supplement')",
            name=op.f("ck_ledger_entry_limit_moves"),
        ),
        sa.CheckConstraint(
            "(number = 1 AND previous IS NULL) OR (number > 1 AND previous IS NOT NULL AND previous = number - 1)",
            name=op.f("ck_ledger_entry_follows"),
        ),
        sa.CheckConstraint(
            "limit_after = limit_before + limit_change AND limit_after >= 0",
            name=op.f("ck_ledger_entry_limit"),
        ),
        sa.CheckConstraint(
            "previous IS NOT NULL OR (limit_before = 0 AND reserved_before = 0 AND used_before = 0)",
            name=op.f("ck_ledger_entry_begins_empty"),
        ),
        sa.CheckConstraint(
            "reserved_after = reserved_before + reserved_change AND reserved_after >= 0",
            name=op.f("ck_ledger_entry_reserved"),
        ),
        sa.CheckConstraint(
            "used_after = used_before + used_change AND used_after >= 0",
            name=op.f("ck_ledger_entry_used"),
        ),
        sa.ForeignKeyConstraint(
            ["authorisation"],
            ["authorisation.id"],
            name=op.f("fk_ledger_entry_authorisation_authorisation"),
        ),
        sa.ForeignKeyConstraint(
            ["ledger", "previous", "limit_before", "reserved_before", "used_before"],
            [
                "ledger_entry.ledger",
                "ledger_entry.number",
                "ledger_entry.limit_after",
                "ledger_entry.reserved_after",
                "ledger_entry.used_after",
            ],
            name="fk_ledger_entry_previous",
        ),
        sa.ForeignKeyConstraint(
            ["ledger"], ["ledger.id"], name=op.f("fk_ledger_entry_ledger_ledger")
        ),
        sa.PrimaryKeyConstraint("ledger", "number", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint(
            "ledger", "number", "limit_after", "reserved_after", "used_after", name="uq_ledger_sums"
        ),
    )
    op.create_index(
        "ix_ledger_entry_authorisation", "ledger_entry", ["authorisation", "line"], unique=False
    )
    op.create_table(
        "number_taken",
        sa.Column("authority", WORDS, nullable=False, comment="code of the authority"),
        sa.Column("kind", WORDS, nullable=False, comment="kind of paper"),
        sa.Column("year", ROW_ID, autoincrement=False, nullable=False, comment="year of issue"),
        sa.Column(
            "number", ROW_ID, autoincrement=False, nullable=False, comment="1, 2, 3 … of its series"
        ),
        sa.Column("previous", ROW_ID, nullable=True, comment="number before; null: the first"),
        sa.Column("text", WORDS, nullable=False, comment="as printed"),
        sa.Column("subject", WORDS, nullable=False, comment="identifier of the paper that has it"),
        sa.Column("taken_at", MOMENT, nullable=False, comment="when (UTC)"),
        sa.CheckConstraint(
            "(number = 1 AND previous IS NULL) OR (number > 1 AND previous IS NOT NULL AND previous = number - 1)",
            name=op.f("ck_number_taken_follows"),
        ),
        sa.ForeignKeyConstraint(
            ["authority", "kind", "year", "previous"],
            [
                "number_taken.authority",
                "number_taken.kind",
                "number_taken.year",
                "number_taken.number",
            ],
            name="fk_number_taken_previous",
        ),
        sa.ForeignKeyConstraint(
            ["authority", "kind", "year"],
            ["number_series.authority", "number_series.kind", "number_series.year"],
            name="fk_number_taken_series",
        ),
        sa.PrimaryKeyConstraint(
            "authority", "kind", "year", "number", name=op.f("pk_number_taken")
        ),
        sa.UniqueConstraint("subject", name=op.f("uq_number_taken_subject")),
        sa.UniqueConstraint("text", name=op.f("uq_number_taken_text")),
    )
    op.create_table(
        "endorsement",
        sa.Column("authorisation", WORDS, nullable=False, comment="authorisation"),
        sa.Column("consignment", ROW_ID, autoincrement=False, nullable=False, comment="number of the consignment"),
        sa.Column("arrived_on", sa.Date(), nullable=True, comment="day of arrival; null: not said"),
        sa.Column("arrived", JSON, nullable=False, comment="line, quantity and unit of each"),
        sa.Column("authority", JSON, nullable=False, comment="who endorsed"),
        sa.Column("remarks", WORDS, nullable=False, comment="as endorsed"),
        sa.Column("actor", WORDS, nullable=False, comment="who entered it"),
        sa.Column("recorded_at", MOMENT, nullable=False, comment="when (UTC)"),
        sa.ForeignKeyConstraint(
            ["authorisation", "consignment"],
            ["consignment.authorisation", "consignment.number"],
            name="fk_endorsement_consignment",
        ),
        sa.PrimaryKeyConstraint("authorisation", "consignment", name=op.f("pk_endorsement")),
    )
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
