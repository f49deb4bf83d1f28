"""What routes ask for, by name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from api.engine import Engine
from api.usecases.dates import Dates, dates_asked

On = Annotated[
    date | None,
    Query(description="the law of this day; today (UTC) where left out", examples=["2026-01-31"]),
]
KnownOn = Annotated[
    date | None,
    Query(
        description="as this register knew it at the end of this day; now where left out",
        examples=["2026-01-31"],
    ),
]


def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def clock() -> datetime:
    """The door's clock: the only place where a request meets today's date."""
    return datetime.now(UTC)


def record(of: str) -> Any:
    """The identifier of a record in an address: what no database could keep is refused."""
    return Path(max_length=200, pattern=r"^[\x21-\x7e]+$", description=f"identifier of {of}")


SubstanceId = Annotated[
    str, Path(max_length=200, description="identifier of the substance", examples=["ketamine"])
]
ProvisionId = Annotated[
    str, Path(max_length=200, description="identifier of the provision", examples=["US-CSA-I-e"])
]
DecisionId = Annotated[
    str,
    Path(
        max_length=200,
        description="identifier of the decision, as its answer carries it",
        examples=["0b8f7f0e-5f3c-4f38-9a43-5d6a2f4c1b7d"],
    ),
]

EngineDep = Annotated[Engine, Depends(engine_of)]
Now = Annotated[datetime, Depends(clock)]


def dates_of(now: Now, on: On = None, known_on: KnownOn = None) -> Dates:
    return dates_asked(now, on, known_on)


DatesDep = Annotated[Dates, Depends(dates_of)]
