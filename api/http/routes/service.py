"""The service itself: health, versions, and the pages about problems."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response

from api.http.deps import EngineDep, Now
from api.http.models import HealthOut, VersionOut
from api.http.problems import declared
from api.usecases import status

router = APIRouter(prefix="/v1", tags=["service"])


@router.get(
    "/health",
    response_model=HealthOut,
    responses={
        **declared(),
        503: {"model": HealthOut, "description": "alive, but not ready to answer"},
    },
)
def health(engine: EngineDep, response: Response) -> dict[str, Any]:
    """Alive, and ready: the database is of our revision and a chemistry worker answers."""
    found = status.health(engine)
    if not found["ready"]:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return found


@router.get("/version", response_model=VersionOut, responses=declared())
def version(engine: EngineDep, now: Now) -> dict[str, Any]:
    """Software versions and the content hashes of the law and of the facts known now."""
    return status.version(engine, now)
