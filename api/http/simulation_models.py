"""Requests and answers about simulations as the API page describes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.http.models import Answer
from api.usecases.simulate import MOST_DRAFTS, MOST_LIBRARIES, Asked
from rules.drafts.read import MOST_CHARACTERS

Library = Annotated[str, Field(max_length=200)]


class DraftIn(BaseModel):
    """A draft of law: its text, or one that is kept here."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=MOST_CHARACTERS, description="the draft, as YAML")] = ""
    kept: Annotated[
        str, Field(max_length=200, description="in place of the text: name or identifier here")
    ] = ""

    @model_validator(mode="after")
    def _either(self) -> Self:
        if bool(self.text) == bool(self.kept):
            raise ValueError("a draft is given by `text` or by `kept`, one of them")
        return self


class SimulationRequest(BaseModel):
    """Which drafts to try, over which libraries of known substances."""

    model_config = ConfigDict(extra="forbid")

    drafts: Annotated[
        list[DraftIn], Field(min_length=1, max_length=MOST_DRAFTS, description="the options")
    ]
    libraries: Annotated[
        list[Library],
        Field(
            min_length=1,
            max_length=MOST_LIBRARIES,
            description="register, nps, medicines, industrial, collection:NAME",
        ),
    ] = ["register"]
    on: Annotated[date | None, Field(description="the law of this day; today if left out")] = None
    known_on: Annotated[
        date | None, Field(description="as this register knew it then; now if left out")
    ] = None
    elsewhere: Annotated[
        bool, Field(description="also how others control what is newly caught")
    ] = True
    why_not: Annotated[
        bool, Field(description="also why each member is not caught; needs a role, and is logged")
    ] = False
    without_exemptions: Annotated[
        bool, Field(description="also each draft without what it takes out by name")
    ] = False

    def asked(self, text_of: Callable[[str], str]) -> Asked:
        """`text_of` gives the text of a draft that is kept."""
        return Asked(
            tuple(draft.text or text_of(draft.kept) for draft in self.drafts),
            tuple(self.libraries),
            self.on,
            self.known_on,
            elsewhere=self.elsewhere,
            why_not=self.why_not,
            without_exemptions=self.without_exemptions,
        )


class SimulationOut(Answer):
    """A simulation that was asked for. `result` is null until it is done (docs/simulate.md)."""

    id: str
    state: str
    drafts: list[str]
    libraries: list[str]
    on: date
    known_at: str
    asked_by: str
    asked_at: str
    progress: dict[str, int]
    error: str
    result: dict[str, Any] | None = None


class SimulationPage(Answer):
    """Simulations, the newest first."""

    items: list[SimulationOut]
    next: str | None


class LawDiffOut(Answer):
    """What changed between two laws, member by member (docs/simulate.md)."""

    kind: str
    points: list[dict[str, str]]
    known_at: str
    facts: str
    jurisdictions: list[str]
    provisions: list[str]
    libraries: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    rows_left_out: int
    unreadable: list[dict[str, Any]]
    unreadable_left_out: int
    versions: dict[str, str]
