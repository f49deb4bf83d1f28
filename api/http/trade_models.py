"""Answers about papers and ledgers as the API page describes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from api.http.models import Answer


class PaperOut(Answer):
    """An authorisation at one version, with what its last act told. Quantities are text."""

    id: str
    version: Annotated[int, Field(description="also the ETag")]
    paper: str
    convention: str
    jurisdiction: str
    state: str
    number: Annotated[str, Field(description="empty until it is issued")]
    valid_from: str | None
    valid_to: Annotated[str | None, Field(description="first day of no use")]
    goods: list[dict[str, Any]]


class PaperShown(PaperOut):
    possible: Annotated[list[str], Field(description="acts its state allows")]
    missing: Annotated[list[dict[str, str]], Field(description="what it lacks, with the article")]
    consignment_list: list[dict[str, Any]]
    left: Annotated[list[dict[str, Any]], Field(description="not shipped yet, by line")]
    reserved: Annotated[list[dict[str, Any]], Field(description="grams of base, by ledger, line")]
    replaced_by: str | None


class PaperPage(Answer):
    items: list[PaperOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class VersionOut(Answer):
    version: int
    state: str
    act: Annotated[str, Field(description="what led here")]
    reason: str
    number: str
    actor: str
    at: datetime


class VersionList(Answer):
    items: list[VersionOut]


class NumberOut(Answer):
    number: int
    text: Annotated[str, Field(description="as printed")]
    authorisation: str
    state: Annotated[str, Field(description="of the paper; a cancelled one keeps its number")]
    taken_at: datetime


class NumberPage(Answer):
    items: list[NumberOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class GroundOut(Answer):
    word: Annotated[str, Field(description="`hold` or `refuse`; `release` where nothing is wrong")]
    text: str
    cite: Annotated[str, Field(description="article it rests on")]
    remedy: Annotated[str, Field(description="what would settle it")]


class CustomsOut(Answer):
    """The word on a paper at a border. It judges the paper, not the goods."""

    number: str
    country: str
    on: date
    word: Annotated[
        str, Field(description="`release`, `hold` or `refuse`: that of the worst ground")
    ]
    grounds: list[GroundOut]
    on_the_way: Annotated[
        list[int], Field(description="consignments that left and are not endorsed")
    ]
    paper: Annotated[
        PaperOut | None, Field(description="null where unknown, or not theirs to read")
    ]


class LedgerOut(Answer):
    """How a ledger stands. Masses are grams of anhydrous base, as text."""

    id: str
    keeper: str
    country: str
    substance: str
    year: int
    kind: str
    holder: str
    version: Annotated[int, Field(description="how many entries there are; also the ETag")]
    limit: str
    reserved: Annotated[str, Field(description="granted, not yet shipped")]
    used: Annotated[str, Field(description="shipped or arrived, and trade outside")]
    headroom: str
    exceeded: bool
    forecast: Annotated[dict[str, Any], Field(description="when it runs out, and by what method")]


class LedgerPage(Answer):
    items: list[LedgerOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class EntryOut(Answer):
    number: int
    kind: str
    limit_after: str
    reserved_after: str
    used_after: str
    reason: str
    source: str
    at: datetime


class EntryPage(Answer):
    items: list[EntryOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class IfGranted(Answer):
    """What would be left. `fits` is null where the base is not known."""

    ledger: str
    fits: bool | None
    left: str | None
    base: str | None
    factor: str | None
    factor_source: str
    why: str
