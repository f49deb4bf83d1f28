"""Papers: their proof, the schemas of their forms, and the public keys."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from api.http.deps import EngineDep
from api.http.document_models import KeySetOut, SchemasOut, VerificationOut
from api.http.problems import declared
from api.usecases import documents
from registry.documents.schemas import schema, schemas
from registry.errors import NotFound

router = APIRouter(prefix="/v1", tags=["papers"])
well_known = APIRouter(tags=["papers"])

_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
            "application/json": {"schema": {"type": "object"}},
        },
    }
}


async def body_of(request: Request) -> bytes:
    """The file as it was sent: every byte counts, so nothing is parsed."""
    return await request.body()


@router.post(
    "/verify",
    response_model=VerificationOut,
    response_model_exclude_defaults=True,
    responses=declared("body-too-large", "bad-input"),
    openapi_extra=_FILE,
)
def verify(engine: EngineDep, data: Annotated[bytes, Depends(body_of)]) -> dict[str, Any]:
    """Whether a file is a paper signed with a key of this register, retired keys too.

    The answer is 200 whatever it says. It needs no register and asks none: whether the paper is
    still in force is another question.
    """
    return documents.proved(data, documents.ring_of_settings(engine.settings))


@router.get("/schemas", response_model=SchemasOut, responses=declared())
def schema_names() -> dict[str, Any]:
    """The forms of papers that have a schema."""
    return {"names": sorted(schemas())}


@router.get("/schemas/{name}", responses=declared("not-found", "request-invalid"))
def one_schema(
    name: Annotated[
        str, Path(max_length=100, description="name of the form", examples=["authorisation"])
    ],
) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one form."""
    try:
        return schema(name)
    except KeyError:
        raise NotFound(f"there is no schema `{name}`") from None


@well_known.get("/.well-known/jwks.json", response_model=KeySetOut, responses=declared("bad-input"))
def keys(engine: EngineDep, response: Response) -> dict[str, Any]:
    """The public keys that prove papers of this register (RFC 7517), those retired too."""
    response.headers["cache-control"] = "public, max-age=3600"
    return documents.ring_of_settings(engine.settings).published()
