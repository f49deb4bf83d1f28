"""Cursors of paged lists: opaque to the caller, and only those this service gave out are taken."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from fastapi import Query

from registry.errors import InputError

Cursor = Annotated[str, Query(max_length=400, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200, description="longest page")]


class BadCursor(InputError):
    """A cursor this service did not give out."""

    code = "cursor-invalid"


def cursor(after: str) -> str | None:
    """The cursor of the next page; None at the end of the list."""
    return base64.urlsafe_b64encode(f"after:{after}".encode()).decode() if after else None


def after(given: str) -> str:
    """Where the page asked for begins. Raises BadCursor."""
    if not given:
        return ""
    try:
        text = base64.urlsafe_b64decode(given.encode()).decode()
    except (binascii.Error, UnicodeError):
        text = ""
    if not text.startswith("after:") or "\0" in text:
        raise BadCursor(f"`{given}` is not a cursor of this list")
    return text.removeprefix("after:")


def after_number(given: str) -> str:
    """The same for a list in order of number."""
    place = after(given)
    if place and not (place.isascii() and place.isdigit() and len(place) <= 18):
        raise BadCursor(f"`{given}` is not a cursor of this list")
    return place
