"""Provisions of law in our words."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.http.deps import DatesDep, EngineDep, ProvisionId
from api.http.models import CoverageOut, ProvisionList, ProvisionOut
from api.http.problems import declared
from api.usecases import coverage, provisions

router = APIRouter(prefix="/v1", tags=["provisions"])

Code = Annotated[
    str, Query(max_length=20, description="code of a jurisdiction; empty for all", examples=["US"])
]


@router.get(
    "/provisions",
    response_model=ProvisionList,
    responses=declared("request-invalid"),
)
def list_provisions(engine: EngineDep, jurisdiction: Code = "") -> dict[str, Any]:
    """Every provision that has rules or listings."""
    return {"items": provisions.overview(engine, jurisdiction)}


@router.get(
    "/coverage",
    response_model=CoverageOut,
    responses=declared("request-invalid", "scope-unknown"),
)
def get_coverage(engine: EngineDep, jurisdiction: Code = "") -> dict[str, Any]:
    """What is covered of each jurisdiction, verified until when, and what is not modelled."""
    rows = coverage.coverage_of(engine.law, [jurisdiction] if jurisdiction else [])
    return {"items": rows, "total": coverage.totals(rows)}


@router.get(
    "/provisions/{provision}",
    response_model=ProvisionOut,
    responses=declared("request-invalid", "not-found", "known-on-future"),
)
def get_provision(provision: ProvisionId, engine: EngineDep, dates: DatesDep) -> dict[str, Any]:
    """One provision on a date: clause by clause, open questions, review, and what it lists."""
    return provisions.show(engine, provision, dates)
