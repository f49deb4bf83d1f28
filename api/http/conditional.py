"""Answers with an entity tag: asked again and unchanged, they are not sent again (RFC 9110)."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response

_TAG = re.compile(r'(?:W/)?("[^"]*")')

UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {
        "description": "unchanged since the answer whose tag `If-None-Match` names",
        "headers": {"ETag": {"schema": {"type": "string"}}},
    }
}


def tagged(request: Request, content: bytes, media_type: str) -> Response:
    """The content with its tag, or 304 where the caller has it already."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    sent = {"ETag": tag, "Cache-Control": "no-cache"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=sent)
    return Response(content, media_type=media_type, headers=sent)


def _has(given: str, tag: str) -> bool:
    """Weakly compared, as If-None-Match asks."""
    return given.strip() == "*" or tag in _TAG.findall(given)
