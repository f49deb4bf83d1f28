"""Sources, substances and what identifies them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
EXACT = sa.Numeric().with_variant(sa.String(40), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def recorded() -> list[sa.Column[object]]:
    return [
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
        "disagreement",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column(
            "subject",
            WORDS,
            nullable=False,
            comment="what it is about: a substance, a listing, a name",
        ),
        sa.Column("field", WORDS, nullable=False, comment="which statement differs"),
        sa.Column(
            "stated", JSON, nullable=False, comment="the statements, in the order of `sources`"
        ),
        sa.Column("sources", JSON, nullable=False, comment="who makes them"),
        sa.Column("note", WORDS, nullable=False, comment="what is taken meanwhile, and why"),
        *recorded(),
        sa.CheckConstraint(
            "recorded_from < recorded_to", name=op.f("ck_disagreement_recorded_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disagreement")),
    )
    op.create_index(
        "ix_disagreement_history", "disagreement", ["subject", "field", "recorded_from"]
    )
    op.create_index(
        "uq_disagreement_open",
        "disagreement",
        ["subject", "field"],
        unique=True,
        sqlite_where=sa.text("recorded_to IS NULL"),
        postgresql_where=sa.text("recorded_to IS NULL"),
    )
    op.create_table(
        "source",
        sa.Column("id", WORDS, nullable=False, comment="<key>@<digest of this reading>"),
        sa.Column("key", WORDS, nullable=False, comment="short name of the source"),
        sa.Column("title", WORDS, nullable=False, comment="title as cited"),
        sa.Column("publisher", WORDS, nullable=False, comment="who published it"),
        sa.Column("licence", WORDS, nullable=False, comment="licence, or `not reviewed`"),
        sa.Column("address", WORDS, nullable=False, comment="where it can be read"),
        sa.Column("retrieved", sa.Date(), nullable=True, comment="day on which it was read"),
        sa.Column("sha256", WORDS, nullable=False, comment="of the data file made from it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_index(op.f("ix_source_key"), "source", ["key"])
    op.create_table(
        "substance",
        sa.Column("id", WORDS, nullable=False, comment="readable identifier (slug)"),
        sa.Column("name", WORDS, nullable=False, comment="preferred name"),
        sa.Column("verification", WORDS, nullable=False, comment="how its structure was checked"),
        sa.Column(
            "recorded_from",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="since when it is registered (UTC)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substance")),
    )
    op.create_table(
        "base_factor",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("substance", WORDS, nullable=False),
        sa.Column("salt", WORDS, nullable=False, comment="name of the acid part; empty for base"),
        sa.Column(
            "base_units", sa.Integer(), nullable=False, comment="molecules of base in the formula"
        ),
        sa.Column(
            "acid_units", sa.Integer(), nullable=False, comment="molecules of acid in the formula"
        ),
        sa.Column("water", EXACT, nullable=False, comment="molecules of water"),
        sa.Column("percent", EXACT, nullable=False, comment="anhydrous base, per cent by mass"),
        sa.Column("basis", WORDS, nullable=False, comment="how the figure was found"),
        sa.Column("source", WORDS, nullable=True),
        *recorded(),
        sa.CheckConstraint(
            "CAST(percent AS NUMERIC) > 0 AND CAST(percent AS NUMERIC) <= 100",
            name=op.f("ck_base_factor_percent"),
        ),
        sa.CheckConstraint("CAST(water AS NUMERIC) >= 0", name=op.f("ck_base_factor_water")),
        sa.CheckConstraint(
            "recorded_from < recorded_to", name=op.f("ck_base_factor_recorded_period")
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["source.id"], name=op.f("fk_base_factor_source_source")
        ),
        sa.ForeignKeyConstraint(
            ["substance"], ["substance.id"], name=op.f("fk_base_factor_substance_substance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_factor")),
    )
    op.create_index(
        "ix_base_factor_history",
        "base_factor",
        ["substance", "salt", "base_units", "acid_units", "water", "recorded_from"],
    )
    op.create_index(
        "uq_base_factor_open",
        "base_factor",
        ["substance", "salt", "base_units", "acid_units", "water"],
        unique=True,
        sqlite_where=sa.text("recorded_to IS NULL"),
        postgresql_where=sa.text("recorded_to IS NULL"),
    )
    op.create_table(
        "identifier",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("substance", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False, comment="cas, inchikey, unii, dea …"),
        sa.Column("value", WORDS, nullable=False, comment="identifier as printed"),
        sa.Column("source", WORDS, nullable=True),
        *recorded(),
        sa.CheckConstraint(
            "recorded_from < recorded_to", name=op.f("ck_identifier_recorded_period")
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["source.id"], name=op.f("fk_identifier_source_source")
        ),
        sa.ForeignKeyConstraint(
            ["substance"], ["substance.id"], name=op.f("fk_identifier_substance_substance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifier")),
    )
    op.create_index(
        "ix_identifier_history", "identifier", ["kind", "value", "substance", "recorded_from"]
    )
    op.create_index(op.f("ix_identifier_substance"), "identifier", ["substance"])
    op.create_index(
        "uq_identifier_open",
        "identifier",
        ["kind", "value", "substance"],
        unique=True,
        sqlite_where=sa.text("recorded_to IS NULL"),
        postgresql_where=sa.text("recorded_to IS NULL"),
    )
    op.create_table(
        "structure_record",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("substance", WORDS, nullable=False),
        sa.Column("as_given", WORDS, nullable=False, comment="structure as the source gives it"),
        sa.Column("format", WORDS, nullable=False, comment="smiles, molfile or inchi"),
        sa.Column(
            "standardised", WORDS, nullable=False, comment="canonical SMILES after standardising"
        ),
        sa.Column("formula", WORDS, nullable=False, comment="layer: composition"),
        sa.Column("connectivity", WORDS, nullable=False, comment="layer: connectivity"),
        sa.Column("stereo", WORDS, nullable=False, comment="layer: stereochemistry"),
        sa.Column("isotope", WORDS, nullable=False, comment="layer: isotopes"),
        sa.Column("tautomer", WORDS, nullable=False, comment="layer: tautomer"),
        sa.Column("inchikey", WORDS, nullable=False, comment="an extra; may be empty"),
        sa.Column(
            "scheme", WORDS, nullable=False, comment="procedure and toolkit version of the layers"
        ),
        sa.Column("steps", JSON, nullable=False, comment="what standardising did"),
        sa.Column("verification", WORDS, nullable=False, comment="two-routes, one-route …"),
        sa.Column("routes", WORDS, nullable=False, comment="independent routes to the structure"),
        sa.Column("source", WORDS, nullable=True),
        *recorded(),
        sa.CheckConstraint(
            "recorded_from < recorded_to", name=op.f("ck_structure_record_recorded_period")
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["source.id"], name=op.f("fk_structure_record_source_source")
        ),
        sa.ForeignKeyConstraint(
            ["substance"], ["substance.id"], name=op.f("fk_structure_record_substance_substance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure_record")),
    )
    op.create_index(op.f("ix_structure_record_connectivity"), "structure_record", ["connectivity"])
    op.create_index(
        "ix_structure_record_history", "structure_record", ["substance", "recorded_from"]
    )
    op.create_index(op.f("ix_structure_record_inchikey"), "structure_record", ["inchikey"])
    op.create_index(
        "uq_structure_record_open",
        "structure_record",
        ["substance"],
        unique=True,
        sqlite_where=sa.text("recorded_to IS NULL"),
        postgresql_where=sa.text("recorded_to IS NULL"),
    )
    op.create_table(
        "substance_name",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("substance", WORDS, nullable=False),
        sa.Column("text", WORDS, nullable=False, comment="name as written"),
        sa.Column("folded", WORDS, nullable=False, comment="name as searched; made from `text`"),
        sa.Column(
            "kind",
            WORDS,
            nullable=False,
            comment="inn, common, systematic, trade, code, misprint …",
        ),
        sa.Column("language", WORDS, nullable=False, comment="BCP 47, or empty"),
        sa.Column("script", WORDS, nullable=False, comment="ISO 15924, or empty"),
        sa.Column("source", WORDS, nullable=True),
        *recorded(),
        sa.CheckConstraint(
            "recorded_from < recorded_to", name=op.f("ck_substance_name_recorded_period")
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["source.id"], name=op.f("fk_substance_name_source_source")
        ),
        sa.ForeignKeyConstraint(
            ["substance"], ["substance.id"], name=op.f("fk_substance_name_substance_substance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substance_name")),
    )
    op.create_index(op.f("ix_substance_name_folded"), "substance_name", ["folded"])
    op.create_index(
        "ix_substance_name_history",
        "substance_name",
        ["substance", "text", "kind", "language", "recorded_from"],
    )
    op.create_index(
        "uq_substance_name_open",
        "substance_name",
        ["substance", "text", "kind", "language"],
        unique=True,
        sqlite_where=sa.text("recorded_to IS NULL"),
        postgresql_where=sa.text("recorded_to IS NULL"),
    )
    op.create_table(
        "fingerprint",
        sa.Column("id", ROW_ID, nullable=False, comment="row number, without meaning"),
        sa.Column("structure", ROW_ID, nullable=False),
        sa.Column("scheme", WORDS, nullable=False, comment="kind of fingerprint"),
        sa.Column("params", WORDS, nullable=False, comment="its parameters, canonical JSON"),
        sa.Column("bits", sa.Integer(), nullable=False, comment="length in bits"),
        sa.Column("toolkit", WORDS, nullable=False, comment="toolkit and version that made it"),
        sa.Column("data", sa.LargeBinary(), nullable=False, comment="the bits, packed"),
        sa.CheckConstraint("bits > 0", name=op.f("ck_fingerprint_bits")),
        sa.ForeignKeyConstraint(
            ["structure"],
            ["structure_record.id"],
            name=op.f("fk_fingerprint_structure_structure_record"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fingerprint")),
        sa.UniqueConstraint(
            "structure",
            "scheme",
            "params",
            "toolkit",
            name=op.f("uq_fingerprint_structure_scheme_params_toolkit"),
        ),
    )


def downgrade() -> None:
    for table in [
        "base_factor",
        "fingerprint",
        "structure_record",
        "identifier",
        "substance_name",
        "substance",
        "disagreement",
        "source",
    ]:
        op.drop_table(table)
