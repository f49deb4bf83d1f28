"""Substances of the register."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.http.deps import DatesDep, EngineDep, SubstanceId
from api.http.models import SubstanceOut, SubstancePage
from api.http.problems import declared
from api.usecases import substances
from registry.errors import InputError

router = APIRouter(prefix="/v1", tags=["substances"])


class BadCursor(InputError):
    """A cursor this service did not give out."""

    code = "cursor-invalid"


Part = Annotated[str, Query(max_length=200, description="part of any name", examples=["fentan"])]
Cas = Annotated[str, Query(max_length=20, description="CAS number", examples=["437-38-7"])]
InchiKey = Annotated[
    str, Query(max_length=40, description="InChIKey", examples=["PJMPHNIQZUBGLI-UHFFFAOYSA-N"])
]
Cursor = Annotated[str, Query(max_length=400, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200, description="longest page")]


@router.get(
    "/substances",
    response_model=SubstancePage,
    responses=declared("request-invalid", "cursor-invalid", "known-on-future"),
)
def list_substances(
    engine: EngineDep,
    dates: DatesDep,
    q: Part = "",
    cas: Cas = "",
    inchikey: InchiKey = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Substances in order of identifier, page by page."""
    wanted = substances.Wanted(q, cas, inchikey)
    page = substances.find(engine, wanted, dates, after=_read(cursor), limit=limit)
    return {"items": page.items, "next": _cursor(page.after) if page.after else None}


@router.get(
    "/substances/{substance}",
    response_model=SubstanceOut,
    responses=declared("request-invalid", "not-found", "known-on-future"),
)
def get_substance(substance: SubstanceId, engine: EngineDep, dates: DatesDep) -> dict[str, Any]:
    """One substance: names, identifiers, structure, and every listing through time."""
    return substances.show(engine, substance, dates)


def _cursor(after: str) -> str:
    return base64.urlsafe_b64encode(f"after:{after}".encode()).decode()


def _read(cursor: str) -> str:
    if not cursor:
        return ""
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
    except (binascii.Error, UnicodeError):
        text = ""
    if not text.startswith("after:"):
        raise BadCursor(f"`{cursor}` is not a cursor of this list")
    return text.removeprefix("after:")
