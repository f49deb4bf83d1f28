"""Jurisdictions, provisions and listings through time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def two_clocks() -> list[sa.Column[object]]:
    return [
        sa.Column(
            "valid_earliest",
            sa.Date(),
            nullable=True,
            comment="first day on which it may hold; null when unknown",
        ),
        sa.Column(
            "valid_from",
            sa.Date(),
            nullable=True,
            comment="first day on which it certainly holds; null when unknown",
        ),
        sa.Column(
            "valid_to",
            sa.Date(),
            nullable=True,
            comment="first day on which it no longer holds; null when no end is known",
        ),
        sa.Column(
            "recorded_from",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="since when this register holds it (UTC)",
        ),
        sa.Column(
            "recorded_to",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="until when it did (UTC, exclusive); null while it does",
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "jurisdiction",
        sa.Column("code", WORDS, nullable=False, comment="ISO 3166-1 alpha-2, UN or EU"),
        sa.Column("name", WORDS, nullable=False, comment="short English name"),
        sa.Column(
            "recorded_from",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="since when it is registered (UTC)",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_jurisdiction")),
    )
    op.create_table(
        "authority",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("key", WORDS, nullable=False, comment="public identifier"),
        sa.Column("jurisdiction", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False, comment="name as the authority writes it"),
        sa.Column(
            "function", WORDS, nullable=False, comment="what it may do: issue import permits …"
        ),
        sa.Column("address", WORDS, nullable=False, comment="postal address"),
        sa.Column("source", WORDS, nullable=True),
        *two_clocks(),
        sa.CheckConstraint(
            "recorded_from < recorded_to", name=op.f("ck_authority_recorded_period")
        ),
        sa.CheckConstraint(
            "valid_earliest < valid_to", name=op.f("ck_authority_valid_earliest_period")
        ),
        sa.CheckConstraint("valid_earliest <= valid_from", name=op.f("ck_authority_valid_start")),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_authority_valid_period")),
        sa.ForeignKeyConstraint(
            ["jurisdiction"],
            ["jurisdiction.code"],
            name=op.f("fk_authority_jurisdiction_jurisdiction"),
        ),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("fk_authority_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority")),
    )
    op.create_index("ix_authority_history", "authority", ["key", "recorded_from"])
    op.create_index(op.f("ix_authority_jurisdiction"), "authority", ["jurisdiction"])
    op.create_index(
        "uq_authority_open",
        "authority",
        ["key"],
        unique=True,
        sqlite_where=sa.text("recorded_to IS NULL"),
        postgresql_where=sa.text("recorded_to IS NULL"),
    )
    op.create_table(
        "instrument",
        sa.Column("id", WORDS, nullable=False, comment="public identifier"),
        sa.Column("jurisdiction", WORDS, nullable=False),
        sa.Column("title", WORDS, nullable=False, comment="title as cited"),
        sa.Column("citation", WORDS, nullable=False, comment="official citation"),
        sa.Column("address", WORDS, nullable=False, comment="where it can be read"),
        sa.ForeignKeyConstraint(
            ["jurisdiction"],
            ["jurisdiction.code"],
            name=op.f("fk_instrument_jurisdiction_jurisdiction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
    )
    op.create_index(op.f("ix_instrument_jurisdiction"), "instrument", ["jurisdiction"])
    op.create_table(
        "tariff_code",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("key", WORDS, nullable=False, comment="public identifier"),
        sa.Column("substance", WORDS, nullable=False),
        sa.Column("system", WORDS, nullable=False, comment="HS, CN, HTS …"),
        sa.Column("edition", WORDS, nullable=False, comment="edition of the nomenclature"),
        sa.Column("code", WORDS, nullable=False, comment="code as printed"),
        sa.Column("scope", WORDS, nullable=False, comment="unique subheading, or residual"),
        sa.Column("source", WORDS, nullable=True),
        *two_clocks(),
        sa.CheckConstraint("code <> ''", name=op.f("ck_tariff_code_code")),
        sa.CheckConstraint(
            "recorded_from < recorded_to", name=op.f("ck_tariff_code_recorded_period")
        ),
        sa.CheckConstraint(
            "valid_earliest < valid_to", name=op.f("ck_tariff_code_valid_earliest_period")
        ),
        sa.CheckConstraint("valid_earliest <= valid_from", name=op.f("ck_tariff_code_valid_start")),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_tariff_code_valid_period")),
        sa.ForeignKeyConstraint(
            ["source"], ["source.id"], name=op.f("fk_tariff_code_source_source")
        ),
        sa.ForeignKeyConstraint(
            ["substance"], ["substance.id"], name=op.f("fk_tariff_code_substance_substance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_code")),
    )
    op.create_index(op.f("ix_tariff_code_code"), "tariff_code", ["code"])
    op.create_index("ix_tariff_code_history", "tariff_code", ["key", "recorded_from"])
    op.create_index(op.f("ix_tariff_code_substance"), "tariff_code", ["substance"])
    op.create_index(
        "uq_tariff_code_open",
        "tariff_code",
        ["key"],
        unique=True,
        sqlite_where=sa.text("recorded_to IS NULL"),
        postgresql_where=sa.text("recorded_to IS NULL"),
    )
    op.create_table(
        "treaty_status",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("key", WORDS, nullable=False, comment="public identifier"),
        sa.Column("treaty", WORDS, nullable=False, comment="1961, 1971 or 1988"),
        sa.Column("party", WORDS, nullable=False),
        sa.Column("source", WORDS, nullable=True),
        *two_clocks(),
        sa.CheckConstraint(
            "recorded_from < recorded_to", name=op.f("ck_treaty_status_recorded_period")
        ),
        sa.CheckConstraint(
            "valid_earliest < valid_to", name=op.f("ck_treaty_status_valid_earliest_period")
        ),
        sa.CheckConstraint(
            "valid_earliest <= valid_from", name=op.f("ck_treaty_status_valid_start")
        ),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_treaty_status_valid_period")),
        sa.ForeignKeyConstraint(
            ["party"], ["jurisdiction.code"], name=op.f("fk_treaty_status_party_jurisdiction")
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["source.id"], name=op.f("fk_treaty_status_source_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treaty_status")),
    )
    op.create_index("ix_treaty_status_history", "treaty_status", ["key", "recorded_from"])
    op.create_index(op.f("ix_treaty_status_party"), "treaty_status", ["party"])
    op.create_index(
        "uq_treaty_status_open",
        "treaty_status",
        ["key"],
        unique=True,
        sqlite_where=sa.text("recorded_to IS NULL"),
        postgresql_where=sa.text("recorded_to IS NULL"),
    )
    op.create_table(
        "provision",
        sa.Column("id", WORDS, nullable=False, comment="public identifier, US-CSA-I-e"),
        sa.Column("jurisdiction", WORDS, nullable=False),
        sa.Column("instrument", WORDS, nullable=True),
        sa.Column("title", WORDS, nullable=False, comment="short title in our words"),
        sa.Column(
            "kind", WORDS, nullable=False, comment="list, class, analogue, temporary, precursor …"
        ),
        sa.ForeignKeyConstraint(
            ["instrument"], ["instrument.id"], name=op.f("fk_provision_instrument_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction"],
            ["jurisdiction.code"],
            name=op.f("fk_provision_jurisdiction_jurisdiction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision")),
    )
    op.create_index(op.f("ix_provision_instrument"), "provision", ["instrument"])
    op.create_index(op.f("ix_provision_jurisdiction"), "provision", ["jurisdiction"])
    op.create_table(
        "listing",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("key", WORDS, nullable=False, comment="public identifier"),
        sa.Column("provision", WORDS, nullable=False),
        sa.Column("substance", WORDS, nullable=True),
        sa.Column("name", WORDS, nullable=False, comment="name as the provision gives it"),
        sa.Column("role", WORDS, nullable=False, comment="listed, included or excluded"),
        sa.Column("smiles", WORDS, nullable=False, comment="structure as the source gives it"),
        sa.Column(
            "covers",
            JSON,
            nullable=True,
            comment="derived forms covered; null where the provision's own closure applies",
        ),
        sa.Column("paragraph", WORDS, nullable=False, comment="place within the provision"),
        sa.Column("code", WORDS, nullable=False, comment="official code number of the entry"),
        sa.Column("basis", WORDS, nullable=False, comment="what the dates rest on"),
        sa.Column("verification", WORDS, nullable=False, comment="how the structure was checked"),
        sa.Column("note", WORDS, nullable=False, comment="for the reader; decides nothing"),
        sa.Column(
            "attributes",
            JSON,
            nullable=True,
            comment="further particulars of the entry: thresholds, coverage text",
        ),
        sa.Column("source", WORDS, nullable=True),
        *two_clocks(),
        sa.CheckConstraint(
            "role IN ('listed', 'included', 'excluded')", name=op.f("ck_listing_role")
        ),
        sa.CheckConstraint("recorded_from < recorded_to", name=op.f("ck_listing_recorded_period")),
        sa.CheckConstraint(
            "valid_earliest < valid_to", name=op.f("ck_listing_valid_earliest_period")
        ),
        sa.CheckConstraint("valid_earliest <= valid_from", name=op.f("ck_listing_valid_start")),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_listing_valid_period")),
        sa.ForeignKeyConstraint(
            ["provision"], ["provision.id"], name=op.f("fk_listing_provision_provision")
        ),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name=op.f("fk_listing_source_source")),
        sa.ForeignKeyConstraint(
            ["substance"], ["substance.id"], name=op.f("fk_listing_substance_substance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
    )
    op.create_index("ix_listing_history", "listing", ["key", "recorded_from"])
    op.create_index(op.f("ix_listing_provision"), "listing", ["provision"])
    op.create_index(op.f("ix_listing_source"), "listing", ["source"])
    op.create_index(op.f("ix_listing_substance"), "listing", ["substance"])
    op.create_index(
        "uq_listing_open",
        "listing",
        ["key"],
        unique=True,
        sqlite_where=sa.text("recorded_to IS NULL"),
        postgresql_where=sa.text("recorded_to IS NULL"),
    )
    op.create_table(
        "provision_version",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("key", WORDS, nullable=False, comment="public identifier"),
        sa.Column("provision", WORDS, nullable=False),
        sa.Column("citation", WORDS, nullable=False, comment="where this wording stands"),
        sa.Column("address", WORDS, nullable=False, comment="where it can be read"),
        sa.Column("content_hash", WORDS, nullable=False, comment="sha256 of the rule file"),
        *two_clocks(),
        sa.CheckConstraint(
            "recorded_from < recorded_to", name=op.f("ck_provision_version_recorded_period")
        ),
        sa.CheckConstraint(
            "valid_earliest < valid_to", name=op.f("ck_provision_version_valid_earliest_period")
        ),
        sa.CheckConstraint(
            "valid_earliest <= valid_from", name=op.f("ck_provision_version_valid_start")
        ),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_provision_version_valid_period")),
        sa.ForeignKeyConstraint(
            ["provision"], ["provision.id"], name=op.f("fk_provision_version_provision_provision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_version")),
    )
    op.create_index("ix_provision_version_history", "provision_version", ["key", "recorded_from"])
    op.create_index(op.f("ix_provision_version_provision"), "provision_version", ["provision"])
    op.create_index(
        "uq_provision_version_open",
        "provision_version",
        ["key"],
        unique=True,
        sqlite_where=sa.text("recorded_to IS NULL"),
        postgresql_where=sa.text("recorded_to IS NULL"),
    )


def downgrade() -> None:
    for table in [
        "tariff_code",
        "listing",
        "treaty_status",
        "authority",
        "provision_version",
        "provision",
        "instrument",
        "jurisdiction",
    ]:
        op.drop_table(table)
