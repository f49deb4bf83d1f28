"""Where facts came from, and where two sources disagree."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base, Recorded, recorded_rules
from registry.models.types import Json

SOURCE_FIELDS = ("key", "title", "publisher", "licence", "address", "retrieved", "sha256")


def source_id(fields: dict[str, Any]) -> str:
    """`<key>@<digest>`: another reading of the same source is another row, the old one stays."""
    content = json.dumps([str(fields.get(name) or "") for name in SOURCE_FIELDS])
    return f"{fields['key']}@{hashlib.sha256(content.encode()).hexdigest()[:12]}"


class Source(Base):
    """One reading of one source. Rows are never changed; a later reading is a row of its own."""

    __tablename__ = "source"

    id: Mapped[str] = mapped_column(primary_key=True, comment="<key>@<digest of this reading>")
    key: Mapped[str] = mapped_column(index=True, comment="short name of the source")
    title: Mapped[str] = mapped_column(default="", comment="title as cited")
    publisher: Mapped[str] = mapped_column(comment="who published it")
    licence: Mapped[str] = mapped_column(comment="licence, or `not reviewed`")
    address: Mapped[str] = mapped_column(default="", comment="where it can be read")
    retrieved: Mapped[date | None] = mapped_column(comment="day on which it was read")
    sha256: Mapped[str] = mapped_column(default="", comment="of the data file made from it")

    def __init__(self, **columns: Any) -> None:
        super().__init__(id=source_id(columns), **columns)


class Disagreement(Recorded, Base):
    """What two sources say differently of one field. Shown to a person, never settled silently."""

    __tablename__ = "disagreement"
    identity = ("subject", "field")
    __table_args__ = recorded_rules("disagreement", *identity)

    subject: Mapped[str] = mapped_column(comment="what it is about: a substance, a listing, a name")
    field: Mapped[str] = mapped_column(comment="which statement differs")
    values: Mapped[list[str]] = mapped_column(
        "stated", Json, comment="the statements, in the order of `sources`"
    )
    sources: Mapped[list[str]] = mapped_column(Json, comment="who makes them")
    note: Mapped[str] = mapped_column(default="", comment="what is taken meanwhile, and why")
