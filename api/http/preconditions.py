"""Acts on what the caller has seen, once: If-Match (RFC 9110) and Idempotency-Key."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Header, Response

from registry.errors import InputError

_SEEN = re.compile(r'"(\d{1,15})"')

Seen = Annotated[
    str,
    Header(alias="If-Match", max_length=100, description="ETag of the version seen; `*`: any"),
]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern=r"^[\x21-\x7e]*$",
        description="chosen by the caller; the same key and request are done once, for ever",
    ),
]


class VersionRequired(InputError):
    """The act does not say which version its author has seen."""

    code = "version-required"


class NoVersion(InputError):
    """The tag is none of this record's versions."""

    code = "version-conflict"


def seen(if_match: str) -> int | None:
    """The version an act says it has seen; None for any. Raises VersionRequired, NoVersion."""
    given = if_match.strip()
    if not given:
        raise VersionRequired("say in `If-Match` which version you have seen")
    if given == "*":
        return None
    found = _SEEN.fullmatch(given)
    if found is None:
        raise NoVersion(f"`{given}` is the tag of no version")
    return int(found[1])


def tag(response: Response, version: object) -> None:
    """Send the version as entity tag."""
    response.headers["ETag"] = f'"{version}"'
    response.headers["Cache-Control"] = "no-cache"
