"""Decisions on record."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from api.http.deps import DecisionId, EngineDep
from api.http.models import DecisionOut, ReplayOut
from api.http.problems import declared
from api.usecases import decisions

router = APIRouter(prefix="/v1", tags=["decisions"])


@router.get(
    "/decisions/{decision}",
    response_model=DecisionOut,
    responses=declared("request-invalid", "not-found"),
)
def get_decision(decision: DecisionId, engine: EngineDep) -> dict[str, Any]:
    """A decision as it was given."""
    return asdict(decisions.get(engine, decision))


@router.post(
    "/decisions/{decision}/replay",
    response_model=ReplayOut,
    responses=declared("request-invalid", "not-found"),
)
def replay_decision(decision: DecisionId, engine: EngineDep) -> dict[str, Any]:
    """Ask the recorded question again with its own dates. Nothing is recorded.

    `same` is true where the same bytes come out; else `differs` says what has changed since.
    """
    return asdict(decisions.replay(engine, decision))
