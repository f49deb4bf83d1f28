"""Substances: names, identifiers, structure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, Recorded, recorded_rules
from registry.models.types import Json, RowId
from registry.spelling import fold, loose


class Substance(Base):
    """One identity of matter (connectivity and stereo), or a plant or group without a structure."""

    __tablename__ = "substance"

    id: Mapped[str] = mapped_column(primary_key=True, comment="readable identifier (slug)")
    name: Mapped[str] = mapped_column(comment="preferred name")
    verification: Mapped[str] = mapped_column(default="", comment="how its structure was checked")
    recorded_from: Mapped[datetime] = mapped_column(comment="since when it is registered (UTC)")


class SubstanceName(Recorded, Base):
    __tablename__ = "substance_name"
    identity = ("substance", "text", "kind", "language")
    __table_args__ = recorded_rules("substance_name", *identity)

    substance: Mapped[str] = mapped_column(ForeignKey("substance.id"))
    text: Mapped[str] = mapped_column(comment="name as written")
    folded: Mapped[str] = mapped_column(index=True, comment="name as searched; made from `text`")
    loose: Mapped[str] = mapped_column(
        index=True, server_default=sql("''"), comment="name as looked for; made from `text`"
    )
    kind: Mapped[str] = mapped_column(comment="inn, common, systematic, trade, code, misprint …")
    language: Mapped[str] = mapped_column(default="", comment="BCP 47, or empty")
    script: Mapped[str] = mapped_column(default="", comment="ISO 15924, or empty")
    source: Mapped[str | None] = mapped_column(ForeignKey("source.id"))

    def __init__(self, *, text: str, **columns: Any) -> None:
        super().__init__(text=text, folded=fold(text), loose=loose(text), **columns)


class Identifier(Recorded, Base):
    __tablename__ = "identifier"
    identity = ("kind", "value", "substance")
    __table_args__ = recorded_rules("identifier", *identity)

    substance: Mapped[str] = mapped_column(ForeignKey("substance.id"), index=True)
    kind: Mapped[str] = mapped_column(comment="cas, inchikey, unii, dea …")
    value: Mapped[str] = mapped_column(comment="identifier as printed")
    source: Mapped[str | None] = mapped_column(ForeignKey("source.id"))


class StructureRecord(Recorded, Base):
    """The structure of a substance, as given and as read, in comparable layers.

    One is open per substance. Layers of different schemes must not be compared, so a new scheme
    is a new record.
    """

    __tablename__ = "structure_record"
    identity = ("substance",)
    __table_args__ = recorded_rules("structure_record", *identity)

    substance: Mapped[str] = mapped_column(ForeignKey("substance.id"))
    as_given: Mapped[str] = mapped_column(comment="structure as the source gives it")
    format: Mapped[str] = mapped_column(default="smiles", comment="smiles, molfile or inchi")
    standardised: Mapped[str] = mapped_column(comment="canonical SMILES after standardising")
    formula: Mapped[str] = mapped_column(comment="layer: composition")
    connectivity: Mapped[str] = mapped_column(index=True, comment="layer: connectivity")
    stereo: Mapped[str] = mapped_column(comment="layer: stereochemistry")
    isotope: Mapped[str] = mapped_column(comment="layer: isotopes")
    tautomer: Mapped[str] = mapped_column(comment="layer: tautomer")
    inchikey: Mapped[str] = mapped_column(default="", index=True, comment="an extra; may be empty")
    scheme: Mapped[str] = mapped_column(comment="procedure and toolkit version of the layers")
    steps: Mapped[list[str]] = mapped_column(Json, comment="what standardising did")
    verification: Mapped[str] = mapped_column(default="", comment="two-routes, one-route …")
    routes: Mapped[str] = mapped_column(default="", comment="independent routes to the structure")
    source: Mapped[str | None] = mapped_column(ForeignKey("source.id"))


class Fingerprint(Base):
    """Derived data for similarity. Made by one toolkit version, refused by another."""

    __tablename__ = "fingerprint"
    __table_args__ = (
        UniqueConstraint("structure", "scheme", "params", "toolkit"),
        CheckConstraint("bits > 0", name="bits"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, comment="row number, without meaning")
    structure: Mapped[int] = mapped_column(ForeignKey("structure_record.id"))
    scheme: Mapped[str] = mapped_column(comment="kind of fingerprint")
    params: Mapped[str] = mapped_column(comment="its parameters, canonical JSON")
    bits: Mapped[int] = mapped_column(comment="length in bits")
    toolkit: Mapped[str] = mapped_column(comment="toolkit and version that made it")
    data: Mapped[bytes] = mapped_column(comment="the bits, packed")


class BaseFactor(Recorded, Base):
    """How much anhydrous base a salt or hydrate holds, in per cent by mass."""

    __tablename__ = "base_factor"
    identity = ("substance", "salt", "base_units", "acid_units", "water")
    __table_args__ = (
        *recorded_rules("base_factor", *identity),
        CheckConstraint(
            "CAST(percent AS NUMERIC) > 0 AND CAST(percent AS NUMERIC) <= 100", name="percent"
        ),
        CheckConstraint("CAST(water AS NUMERIC) >= 0", name="water"),
    )

    substance: Mapped[str] = mapped_column(ForeignKey("substance.id"))
    salt: Mapped[str] = mapped_column(default="", comment="name of the acid part; empty for base")
    base_units: Mapped[int] = mapped_column(default=1, comment="molecules of base in the formula")
    acid_units: Mapped[int] = mapped_column(default=1, comment="molecules of acid in the formula")
    water: Mapped[Decimal] = mapped_column(default=Decimal(0), comment="molecules of water")
    percent: Mapped[Decimal] = mapped_column(comment="anhydrous base, per cent by mass")
    basis: Mapped[str] = mapped_column(default="", comment="how the figure was found")
    source: Mapped[str | None] = mapped_column(ForeignKey("source.id"))
