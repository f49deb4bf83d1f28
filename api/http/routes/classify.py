"""Ask the law about one structure, name or number."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from fastapi import APIRouter

from api.access.door import ActorDep
from api.http.deps import EngineDep, Now
from api.http.models import ClassifyOut, ClassifyRequest
from api.http.problems import declared
from api.usecases.classify import Question, classify
from api.usecases.dates import dates_asked
from rules.decide import Scope

router = APIRouter(prefix="/v1", tags=["classify"])


@router.post(
    "/classify",
    response_model=ClassifyOut,
    responses=declared(
        "request-failed",
        "request-invalid",
        "structure-refused",
        "structure-unreadable",
        "substance-without-structure",
        "scope-unknown",
        "known-on-future",
        "not-found",
        "name-ambiguous",
        "body-too-large",
    ),
)
def classify_structure(
    asked: ClassifyRequest, engine: EngineDep, actor: ActorDep, now: Now
) -> dict[str, Any]:
    """The law's answer on one structure: a word for each jurisdiction, with the reasons.

    Every answer is put on record and can be replayed. A computation stopped at its limit is
    answered as `undetermined` with an `error`, never as `not_controlled`.
    """
    by, text = asked.subject()
    question = Question(
        text=text,
        dates=dates_asked(now, asked.on, asked.known_on),
        by=by,
        format=asked.format,
        scope=Scope(tuple(asked.jurisdictions), tuple(asked.provisions)),
        everything=asked.everything,
        goods=dict[str, Decimal](asked.goods.items()),
    )
    return asdict(classify(engine, question, actor=actor.id, now=now))
