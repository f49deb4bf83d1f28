"""Jurisdictions, provisions and what they list, through time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.facts import Role
from registry.models.base import Base, Bitemporal, bitemporal_rules, one_of
from registry.models.types import Json


class Jurisdiction(Base):
    __tablename__ = "jurisdiction"

    code: Mapped[str] = mapped_column(primary_key=True, comment="ISO 3166-1 alpha-2, UN or EU")
    name: Mapped[str] = mapped_column(comment="short English name")
    recorded_from: Mapped[datetime] = mapped_column(comment="since when it is registered (UTC)")


class Instrument(Base):
    """A treaty, act or regulation."""

    __tablename__ = "instrument"

    id: Mapped[str] = mapped_column(primary_key=True, comment="public identifier")
    jurisdiction: Mapped[str] = mapped_column(ForeignKey("jurisdiction.code"), index=True)
    title: Mapped[str] = mapped_column(comment="title as cited")
    citation: Mapped[str] = mapped_column(default="", comment="official citation")
    address: Mapped[str] = mapped_column(default="", comment="where it can be read")


class Provision(Base):
    """One place in the law that lists substances or defines a class."""

    __tablename__ = "provision"

    id: Mapped[str] = mapped_column(primary_key=True, comment="public identifier, US-CSA-I-e")
    jurisdiction: Mapped[str] = mapped_column(ForeignKey("jurisdiction.code"), index=True)
    instrument: Mapped[str | None] = mapped_column(ForeignKey("instrument.id"), index=True)
    title: Mapped[str] = mapped_column(comment="short title in our words")
    kind: Mapped[str] = mapped_column(comment="list, class, analogue, temporary, precursor …")


class ProvisionVersion(Bitemporal, Base):
    """A dated wording of a provision. The wording itself stands in a rule file, cited by hash."""

    __tablename__ = "provision_version"
    __table_args__ = bitemporal_rules("provision_version")

    provision: Mapped[str] = mapped_column(ForeignKey("provision.id"), index=True)
    citation: Mapped[str] = mapped_column(default="", comment="where this wording stands")
    address: Mapped[str] = mapped_column(default="", comment="where it can be read")
    content_hash: Mapped[str] = mapped_column(default="", comment="sha256 of the rule file")


class Authority(Bitemporal, Base):
    """A competent national authority for one function."""

    __tablename__ = "authority"
    __table_args__ = bitemporal_rules("authority")

    jurisdiction: Mapped[str] = mapped_column(ForeignKey("jurisdiction.code"), index=True)
    name: Mapped[str] = mapped_column(comment="name as the authority writes it")
    function: Mapped[str] = mapped_column(comment="what it may do: issue import permits …")
    address: Mapped[str] = mapped_column(default="", comment="postal address")
    source: Mapped[str | None] = mapped_column(ForeignKey("source.id"))


class TreatyStatus(Bitemporal, Base):
    """A State bound by a treaty. A State without a row is unknown, not unbound."""

    __tablename__ = "treaty_status"
    __table_args__ = bitemporal_rules("treaty_status")

    treaty: Mapped[str] = mapped_column(comment="1961, 1971 or 1988")
    party: Mapped[str] = mapped_column(ForeignKey("jurisdiction.code"), index=True)
    source: Mapped[str | None] = mapped_column(ForeignKey("source.id"))


class Listing(Bitemporal, Base):
    """One name in one provision. Plants, groups and unread structures have no substance."""

    __tablename__ = "listing"
    __table_args__ = (*bitemporal_rules("listing"), one_of("role", Role))

    provision: Mapped[str] = mapped_column(ForeignKey("provision.id"), index=True)
    substance: Mapped[str | None] = mapped_column(ForeignKey("substance.id"), index=True)
    name: Mapped[str] = mapped_column(comment="name as the provision gives it")
    role: Mapped[str] = mapped_column(default=Role.LISTED, comment="listed, included or excluded")
    smiles: Mapped[str] = mapped_column(default="", comment="structure as the source gives it")
    covers: Mapped[list[str] | None] = mapped_column(
        Json, comment="derived forms covered; null where the provision's own closure applies"
    )
    paragraph: Mapped[str] = mapped_column(default="", comment="place within the provision")
    code: Mapped[str] = mapped_column(default="", comment="official code number of the entry")
    basis: Mapped[str] = mapped_column(default="", comment="what the dates rest on")
    verification: Mapped[str] = mapped_column(default="", comment="how the structure was checked")
    note: Mapped[str] = mapped_column(default="", comment="for the reader; decides nothing")
    attributes: Mapped[dict[str, Any] | None] = mapped_column(
        Json, comment="further particulars of the entry: thresholds, coverage text"
    )
    source: Mapped[str | None] = mapped_column(ForeignKey("source.id"), index=True)


class TariffCode(Bitemporal, Base):
    """A customs code of a substance in one edition of a nomenclature."""

    __tablename__ = "tariff_code"
    __table_args__ = (
        *bitemporal_rules("tariff_code"),
        CheckConstraint("code <> ''", name="code"),
    )

    substance: Mapped[str] = mapped_column(ForeignKey("substance.id"), index=True)
    system: Mapped[str] = mapped_column(comment="HS, CN, HTS …")
    edition: Mapped[str] = mapped_column(comment="edition of the nomenclature")
    code: Mapped[str] = mapped_column(index=True, comment="code as printed")
    scope: Mapped[str] = mapped_column(comment="unique subheading, or residual")
    source: Mapped[str | None] = mapped_column(ForeignKey("source.id"))
