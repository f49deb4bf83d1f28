"""Evidence and the order for review: what sources report, and what of it counts for what."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.access.door import ActorDep
from api.http.cursors import Cursor, Limit, after_number
from api.http.cursors import cursor as cursor_of
from api.http.deps import DatesDep, EngineDep, Now
from api.http.evidence_models import DoneOut, EvidencePage, EvidenceRequest, PriorityOut
from api.http.problems import declared
from api.usecases import evidence as usecase
from api.usecases import priority as review
from registry.facts import EvidenceKind
from registry.store.evidence import Wanted
from rules.priority import LONGEST

router = APIRouter(prefix="/v1", tags=["evidence"])

Subject = Annotated[
    str,
    Query(
        max_length=500,
        pattern=r"^[^\x00]*$",
        description="only of it: identifier, name or number, or `inchikey:…` of one outside",
    ),
]
Kind = Annotated[EvidenceKind | None, Query(description="only of this kind")]
Country = Annotated[str, Query(pattern="^([A-Z]{2})?$", description="only from this country")]
Source = Annotated[
    str, Query(max_length=500, pattern=r"^[^\x00]*$", description="only from this source")
]
Months = Annotated[int, Query(ge=1, le=LONGEST, description="how many months up to the day count")]
Weight = Annotated[
    list[str],
    Query(
        max_length=20,
        alias="weight",
        description="another weight of a criterion, as `fatal-cases=4`; 0 leaves it out",
    ),
]


@router.post(
    "/evidence",
    status_code=HTTPStatus.CREATED,
    response_model=DoneOut,
    responses=declared("request-failed", "request-invalid", "evidence-refused", "body-too-large"),
)
def record_evidence(
    asked: EvidenceRequest, engine: EngineDep, actor: ActorDep, now: Now
) -> dict[str, Any]:
    """Put reports on record, all or none.

    Recorded again under the same source and key they change nothing. Where they say something else
    that is a correction, which has to be asked for and keeps what was said before.
    """
    done = usecase.record(
        engine, asked.reports(), actor=actor, now=now, correction=asked.correction
    )
    return asdict(done)


@router.get(
    "/evidence",
    response_model=EvidencePage,
    responses=declared(
        "request-invalid",
        "not-found",
        "name-ambiguous",
        "cas-check-digit",
        "known-on-future",
        "cursor-invalid",
    ),
)
def list_evidence(
    engine: EngineDep,
    actor: ActorDep,
    dates: DatesDep,
    substance: Subject = "",
    kind: Kind = None,
    country: Country = "",
    source: Source = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Records in the order in which they were recorded, page by page."""
    wanted = Wanted(
        subject=substance, kind=kind.value if kind else "", country=country, source=source
    )
    page = usecase.listed(
        engine.sessions, wanted, dates, actor=actor, after=after_number(cursor), limit=limit
    )
    return {"items": page.items, "next": cursor_of(page.after)}


@router.get(
    "/priority",
    response_model=PriorityOut,
    responses=declared(
        "request-invalid", "known-on-future", "cursor-invalid", "weights-refused", "window-refused"
    ),
)
def order_for_review(
    engine: EngineDep,
    actor: ActorDep,
    dates: DatesDep,
    window: Months = review.MONTHS,
    weight: Weight = [],  # noqa: B006 (never changed; the framework copies it)
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Substances in an order for review by what is on record, each term with its records.

    It is a sum of records, no assessment of risk, and knows nothing of effect or strength.
    """
    given = dict(_pair(text) for text in weight)
    weights = review.changed_weights(given) if given else None
    asked = review.Asked(dates, window, weights, int(after_number(cursor) or 0), limit)
    told = review.order(engine.sessions, asked, actor=actor)
    following = told.pop("after")
    return told | {"next": cursor_of(str(following) if following else "")}


def _pair(text: str) -> tuple[str, str]:
    name, _, number = text.partition("=")
    return name, number
