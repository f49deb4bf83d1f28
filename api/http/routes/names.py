"""Names: substances by what they are called, structures by systematic names."""

from __future__ import annotations

import base64
import json
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.http.cursors import BadCursor
from api.http.deps import EngineDep, KnownOn, Now
from api.http.name_models import NamedStructure, NamePage
from api.http.problems import declared
from api.usecases import names
from api.usecases.dates import dates_asked
from registry.search.ranking import Key

router = APIRouter(prefix="/v1", tags=["names"])

Text = Annotated[
    str,
    Query(min_length=1, max_length=500, description="name, number or code", examples=["fentanil"]),
]
Kinds = Annotated[
    list[str],
    Query(
        max_length=20,
        description="only names of these kinds: inn, common, systematic, trade, code, street, "
        "misprint, or the kind of an identifier such as cas",
    ),
]
Languages = Annotated[
    list[str], Query(max_length=20, description="only names in these languages (BCP 47)")
]
Cursor = Annotated[str, Query(max_length=2_000, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=100, description="longest page")]
Systematic = Annotated[
    str,
    Query(
        min_length=1,
        max_length=2_000,
        description="systematic name in English",
        examples=["N-phenyl-N-[1-(2-phenylethyl)piperidin-4-yl]propanamide"],
    ),
]
_KEY = (int, float, int, str, str, str, str)


@router.get(
    "/search/names",
    response_model=NamePage,
    responses=declared(
        "request-invalid", "cursor-invalid", "known-on-future", "bad-input", "cas-check-digit"
    ),
)
def search_names(
    engine: EngineDep,
    now: Now,
    q: Text,
    kind: Kinds = [],  # noqa: B006 - FastAPI copies it
    language: Languages = [],  # noqa: B006 - FastAPI copies it
    known_on: KnownOn = None,
    cursor: Cursor = "",
    limit: Limit = 20,
) -> dict[str, Any]:
    """Substances that answer to a text, best first: exact, spelling, prefix, word, similar."""
    dates = dates_asked(now, known_on=known_on)
    wanted = names.Wanted(q, tuple(kind), tuple(language))
    page = names.search(engine.sessions, wanted, dates, after=_read(cursor), limit=limit)
    return {
        "items": page.items,
        "nearest": page.nearest,
        "next": _cursor(page.after) if page.after else None,
        "known_at": dates.known_text,
        "note": names.EVIDENCE,
    }


@router.get(
    "/names/structure",
    response_model=NamedStructure,
    responses=declared(
        "request-invalid", "name-not-a-structure", "opsin-not-installed", "computation-stopped"
    ),
)
def structure_of_name(engine: EngineDep, name: Systematic) -> dict[str, Any]:
    """The structure in a systematic name, by OPSIN alone: a proposal, and never without doubt
    unsaid.
    """
    return names.structure(engine.workers, name)


def _cursor(after: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(after).encode()).decode()


def _read(cursor: str) -> Key | None:
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        how, score, kind, text, substance, language, script = found
    except (ValueError, TypeError):
        raise _bad(cursor) from None
    if tuple(map(type, found)) != _KEY:
        raise _bad(cursor)
    return how, score, kind, text, substance, language, script


def _bad(cursor: str) -> BadCursor:
    return BadCursor(f"`{cursor}` is not a cursor of this list")
