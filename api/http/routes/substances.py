"""Substances of the register."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.http.cursors import Cursor, Limit, after
from api.http.cursors import cursor as cursor_of
from api.http.deps import DatesDep, EngineDep, SubstanceId
from api.http.models import SubstanceOut, SubstancePage
from api.http.problems import declared
from api.usecases import substances

router = APIRouter(prefix="/v1", tags=["substances"])


Part = Annotated[str, Query(max_length=200, description="part of any name", examples=["fentan"])]
Cas = Annotated[str, Query(max_length=20, description="CAS number", examples=["437-38-7"])]
InchiKey = Annotated[
    str, Query(max_length=40, description="InChIKey", examples=["PJMPHNIQZUBGLI-UHFFFAOYSA-N"])
]


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
    page = substances.find(engine, wanted, dates, after=after(cursor), limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}


@router.get(
    "/substances/{substance}",
    response_model=SubstanceOut,
    responses=declared("request-invalid", "not-found", "known-on-future"),
)
def get_substance(substance: SubstanceId, engine: EngineDep, dates: DatesDep) -> dict[str, Any]:
    """One substance: names, identifiers, structure, and every listing through time."""
    return substances.show(engine, substance, dates)
