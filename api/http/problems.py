"""Errors as problem details (RFC 9457). One table: code, status, title, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.http.kinds import KINDS
from registry.errors import AmbiguousName, GateRefusal, RegisterError

MEDIA = "application/problem+json"
LONGEST_ECHO = 500


class Fault(BaseModel):
    """One fault of a request."""

    pointer: Annotated[str, Field(description="JSON pointer into the request part named by `in`")]
    where: Annotated[str, Field(alias="in", description="body, query or path")]
    detail: Annotated[str, Field(description="what is wrong")]


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: Annotated[str, Field(description="address of the page about this kind of problem")]
    title: Annotated[str, Field(description="the kind of problem, always the same words")]
    status: Annotated[int, Field(description="HTTP status")]
    code: Annotated[str, Field(description="the kind of problem, for machines; never changes")]
    detail: Annotated[str, Field(description="what went wrong this time")] = ""
    position: Annotated[
        int | None, Field(description="character of the structure's text, counted from 0")
    ] = None
    candidates: Annotated[
        list[str] | None, Field(description="identifiers of the substances that answer to a name")
    ] = None
    errors: Annotated[list[Fault] | None, Field(description="each fault of the request")] = None

    def response(self, headers: Mapping[str, str] | None = None) -> JSONResponse:
        content = self.model_dump(by_alias=True, exclude_none=True)
        return JSONResponse(content, self.status, headers, media_type=MEDIA)


def problem(code: str, detail: str = "", **extra: Any) -> Problem:
    kind = KINDS[code]
    title, status = kind.title, kind.status.value
    address = f"/problems/{code}"
    return Problem(
        type=address, title=title, status=status, code=code, detail=detail[:LONGEST_ECHO], **extra
    )


def of_error(error: RegisterError) -> Problem:
    """The problem an error of ours is. A code without a page takes that of its base class."""
    codes = [base.code for base in type(error).__mro__ if issubclass(base, RegisterError)]
    code = next(code for code in codes if code in KINDS)
    if KINDS[code].status >= HTTPStatus.INTERNAL_SERVER_ERROR and code not in _TELLING:
        return problem(code)
    position = (
        error.position if isinstance(error, GateRefusal) else getattr(error, "position", None)
    )
    candidates = list(error.candidates) if isinstance(error, AmbiguousName) else None
    return problem(code, error.message, position=position, candidates=candidates)


# Errors of the service whose message names no file of ours.
_TELLING = frozenset({"computation-stopped", "opsin-not-installed", "stale-index"})


def of_validation(error: RequestValidationError) -> Problem:
    faults = [_fault(one) for one in error.errors()]
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return problem("request-invalid", f"the request has {count}", errors=faults)


def _fault(error: Mapping[str, Any]) -> Fault:
    where, *path = [str(part) for part in error["loc"]] or ["body"]
    if error["type"] == "json_invalid":
        path = []
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
    return Fault.model_validate({"pointer": pointer, "in": where, "detail": error["msg"].lower()})


def of_http(error: HTTPException) -> Problem:
    codes = {404: "route-unknown", 405: "method-not-allowed", 413: "body-too-large"}
    code = codes.get(error.status_code, "request-failed")
    return problem(code, str(error.detail).lower() if code == "request-failed" else "")


def declared(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: each problem it may answer with, by status."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for code in (*codes, *EVERYWHERE):
        kind = KINDS[code]
        response = by_status.setdefault(kind.status.value, _declared_response())
        examples = response["content"][MEDIA]["examples"]
        examples[code] = {"summary": kind.title, "value": _example(code)}
        response["description"] = "; ".join(KINDS[known].title for known in examples)
    return by_status


EVERYWHERE = ("not-identified", "not-allowed", "database-not-ready", "fault")


def _declared_response() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": "", "content": {MEDIA: {"schema": schema, "examples": {}}}}


def _example(code: str) -> dict[str, Any]:
    return problem(code).model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)


def schemas() -> dict[str, Any]:
    """The OpenAPI components of problem details."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = schema.pop("$defs", {})
    return {"Problem": schema, **parts}
