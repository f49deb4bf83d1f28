"""Questions about drafts and answers as the API page describes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from api.http.models import Answer
from api.usecases.draft_check import LONGEST
from api.usecases.drafts import LONGEST_NAME, LONGEST_REMARK, New
from api.usecases.trade.requests import NO_NUL, Part

EXAMPLE = """\
draft: list-one-more
jurisdiction: GB
"""

DraftText = Annotated[
    str,
    Field(max_length=LONGEST, pattern=NO_NUL, description="the draft as YAML", examples=[EXAMPLE]),
]
Remark = Annotated[
    str,
    Field(max_length=LONGEST_REMARK, pattern=NO_NUL, description="what you say of this version"),
]


class CheckIn(Part):
    """A text to check."""

    text: DraftText


class SaveIn(Part):
    """A version to save."""

    text: DraftText
    remark: Remark = ""


class KeepIn(SaveIn):
    """A draft to keep."""

    name: Annotated[
        str,
        Field(
            max_length=LONGEST_NAME, pattern=NO_NUL, description="what you call it; else as `draft`"
        ),
    ] = ""
    jurisdiction: Annotated[
        str, Field(pattern=r"^([A-Z]{2})?$", description="needed where the text cannot be read")
    ] = ""

    def new(self) -> New:
        return New(self.text, self.name, self.jurisdiction, self.remark)


class DraftFaultOut(Answer):
    line: Annotated[int, Field(description="counted from 1")]
    column: Annotated[int, Field(description="counted from 1")]
    message: str


class DraftVersionOut(Answer):
    version: int
    finished: Annotated[bool, Field(description="whether it can be read as a draft")]
    author: str
    saved_at: datetime
    remark: str
    content_hash: Annotated[str, Field(description="sha256 of the text")]


class DraftVersionPage(Answer):
    items: list[DraftVersionOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class DraftLine(DraftVersionOut):
    """A draft at one of its versions, without its text."""

    id: str
    name: str
    jurisdiction: str
    owner: str
    country: Annotated[str, Field(description="whose colleagues may read and save it; or empty")]
    created_at: datetime
    withdrawn_at: datetime | None
    newest: Annotated[int, Field(description="its newest version")]


class DraftOut(DraftLine):
    """A draft at one of its versions; `version` is also the ETag."""

    faults: Annotated[list[DraftFaultOut], Field(description="why this version cannot be read")]
    text: str


class DraftPage(Answer):
    items: list[DraftLine]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class DiffLineOut(Answer):
    mark: Annotated[str, Field(description="`-` gone, `+` new, `…` lines left out, or a space")]
    before: Annotated[int | None, Field(description="line of the earlier text")]
    after: Annotated[int | None, Field(description="line of the later text")]
    text: str


class DiffWordsOut(Answer):
    where: Annotated[str, Field(description="which part of the draft")]
    text: str
    line: Annotated[int, Field(description="of the later text")]


class ComparisonOut(Answer):
    draft: str
    name: str
    before: int
    after: int
    lines: list[DiffLineOut]
    words: list[DiffWordsOut]
    not_in_words: Annotated[str, Field(description="why `words` is empty; else empty")]


class DraftExampleOut(Answer):
    provision: str
    name: str
    on: str
    line: int
    expected: str
    got: str
    holds: Annotated[bool | None, Field(description="null: not run")]


class CheckOut(Answer):
    """What a text is as a draft."""

    readable: bool
    faults: list[DraftFaultOut]
    remarks: list[str]
    draft: Annotated[dict[str, Any] | None, Field(description="what was read; null where nothing")]
    examples: list[DraftExampleOut]
    stopped: Annotated[str, Field(description="why examples were not run; else empty")]
