"""A substance's records through time, and where its facts were read."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.http.deps import DatesDep, EngineDep, SubstanceId
from api.http.models_history import HistoryOut, SourcesOut
from api.http.problems import declared
from api.usecases import history

router = APIRouter(prefix="/v1", tags=["substances"])

PROBLEMS = declared("request-invalid", "not-found", "known-on-future")


@router.get("/substances/{substance}/history", response_model=HistoryOut, responses=PROBLEMS)
def get_history(substance: SubstanceId, engine: EngineDep, dates: DatesDep) -> dict[str, Any]:
    """Every record of its names, identifiers, structure, listings and codes, closed ones too."""
    return history.history(engine, substance, dates)


@router.get("/substances/{substance}/sources", response_model=SourcesOut, responses=PROBLEMS)
def get_sources(substance: SubstanceId, engine: EngineDep, dates: DatesDep) -> dict[str, Any]:
    """Each fact held of it: source, day read, how it was checked, and what contradicts it."""
    return history.provenance(engine, substance, dates)
