"""Answers about papers, as the API page describes them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.http.models import Answer


class VerificationOut(Answer):
    """What a file proves. All but the first three only where `verified`."""

    verified: Annotated[bool, Field(description="whether the file is, byte for byte, as signed")]
    reason: Annotated[str, Field(description="why it proves nothing; empty where it does")] = ""
    medium: Annotated[str, Field(description="pdf or json")]
    form: Annotated[str, Field(description="kind of paper, a name of `/v1/schemas`")] = ""
    number: Annotated[str, Field(description="number of the paper")] = ""
    version: Annotated[int | None, Field(description="version of the record it was made from")] = (
        None
    )
    day: Annotated[str, Field(description="day of issue")] = ""
    hash: Annotated[str, Field(description="SHA-256 of the form, as printed on the paper")] = ""
    key: Annotated[str, Field(description="thumbprint (RFC 7638) of the key that signed")] = ""
    caveat: Annotated[str, Field(description="what this does not prove")] = ""
    document: Annotated[dict[str, Any] | None, Field(description="the form, by its schema")] = None


class SchemasOut(BaseModel):
    """The names of the forms."""

    names: Annotated[list[str], Field(description="names for `/v1/schemas/{name}`")]


class KeySetOut(BaseModel):
    """A JWK Set (RFC 7517) of public keys."""

    keys: Annotated[list[dict[str, Any]], Field(description="Ed25519 keys (RFC 8037)")]
