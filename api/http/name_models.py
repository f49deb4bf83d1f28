"""Answers about names as the API page describes them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.http.models import Answer


class MatchedName(Answer):
    """The name on record by which a substance was found."""

    text: str
    kind: Annotated[str, Field(description="inn, common, systematic, trade, code, misprint …")]
    language: Annotated[str, Field(description="BCP 47, or empty")]
    script: Annotated[str, Field(description="ISO 15924, or empty")]
    misprint: Annotated[bool, Field(description="an official text prints it so by mistake")]


class FoundName(Answer):
    """A substance that answers to a text, by the name that answers best."""

    id: str
    name: str
    how: Annotated[str, Field(description="exact, spelling, prefix, word or similar")]
    score: Annotated[float, Field(description="share of the name that answers, 0 to 1")]
    matched: MatchedName
    read: Annotated[str, Field(description="the text, or the part of it read as the name")]
    salt: Annotated[list[str], Field(description="what the text says beside the parent")]


class NamePage(Answer):
    items: Annotated[list[FoundName], Field(description="best first")]
    nearest: Annotated[list[FoundName], Field(description="suggestions where nothing answers")]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]
    known_at: Annotated[str, Field(description="as this register knew it at this moment")]
    note: str


class NamedStructure(Answer):
    """A structure read from a systematic name by one program."""

    name: str
    smiles: str
    inchi: Annotated[str, Field(description="standard InChI")]
    undefined: Annotated[list[str], Field(description="what the name leaves open")]
    route: Annotated[str, Field(description="how the structure was found: `one-route: OPSIN`")]
    note: str
