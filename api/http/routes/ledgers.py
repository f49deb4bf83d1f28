"""Ledgers of yearly figures: what is left, what would be, and every entry."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.access.door import ActorDep
from api.http.cursors import Cursor, Limit, after, after_number
from api.http.cursors import cursor as cursor_of
from api.http.deps import EngineDep, Now, record
from api.http.preconditions import Key, Seen, seen, tag
from api.http.problems import declared
from api.http.trade_models import EntryPage, IfGranted, LedgerOut, LedgerPage
from api.usecases.trade import ledgers
from api.usecases.trade.acts import By
from api.usecases.trade.requests import EntryIn, FigureIn, LedgerIn
from registry.models import EntryKind, LedgerKind

router = APIRouter(prefix="/v1", tags=["ledgers"])

LedgerId = Annotated[str, record("the ledger")]
Country = Annotated[str, Query(pattern="^([A-Z]{2})?$", description="only of this country")]
Substance = Annotated[
    str,
    Query(max_length=200, pattern=r"^[^\x00]*$", description="only of this substance, by id"),
]
Year = Annotated[int | None, Query(ge=1961, le=9999, description="only of this year")]
Kind = Annotated[LedgerKind | None, Query(description="only of this kind")]

REFUSALS = ("entry-refused", "bad-input", "mass-unusable", "strength-unreadable", "key-reused")


@router.post(
    "/ledgers",
    status_code=HTTPStatus.CREATED,
    response_model=LedgerOut,
    responses=declared(
        "request-failed", "request-invalid", "body-too-large", "ledger-exists", *REFUSALS
    ),
)
def open_ledger(
    asked: LedgerIn, engine: EngineDep, actor: ActorDep, now: Now, response: Response, key: Key = ""
) -> dict[str, Any]:
    """Open the ledger of a country, substance and year with its limit."""
    by = By(actor, now, key=key)
    opened = ledgers.open_ledger(engine, asked.key(), asked.limit.figure(), by)
    response.headers["Location"] = f"/v1/ledgers/{opened['id']}"
    tag(response, opened["version"])
    return opened


@router.get(
    "/ledgers",
    response_model=LedgerPage,
    responses=declared("request-invalid", "cursor-invalid"),
)
def list_ledgers(
    engine: EngineDep,
    actor: ActorDep,
    now: Now,
    country: Country = "",
    substance: Substance = "",
    year: Year = None,
    kind: Kind = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Ledgers as they stand, in order of identifier, page by page."""
    asked = {"country": country, "substance": substance, "year": year, "kind": kind}
    wanted = {name: value for name, value in asked.items() if value}
    page = ledgers.listed(engine, wanted, actor, now.date(), after=after(cursor), limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}


@router.get(
    "/ledgers/{ledger}",
    response_model=LedgerOut,
    responses=declared("request-invalid", "not-found"),
)
def get_ledger(
    ledger: LedgerId, engine: EngineDep, actor: ActorDep, now: Now, response: Response
) -> dict[str, Any]:
    """How a ledger stands, and when it would run out at the rate so far."""
    shown = ledgers.show(engine, ledger, actor, now.date())
    tag(response, shown["version"])
    return shown


@router.get(
    "/ledgers/{ledger}/entries",
    response_model=EntryPage,
    responses=declared("request-invalid", "not-found", "cursor-invalid"),
)
def list_entries(
    ledger: LedgerId, engine: EngineDep, actor: ActorDep, cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Every entry in order, with the sums after it, its reason and its source."""
    page = ledgers.entries(engine, ledger, actor, after=int(after_number(cursor) or 0), limit=limit)
    return {"items": page.items, "next": cursor_of(page.after)}


@router.post(
    "/ledgers/{ledger}/entries",
    status_code=HTTPStatus.CREATED,
    response_model=LedgerOut,
    responses=declared(
        "request-failed", "request-invalid", "body-too-large", "not-found", "version-required",
        "version-conflict", *REFUSALS,
    ),
)  # fmt: skip
def enter(
    ledger: LedgerId,
    asked: EntryIn,
    engine: EngineDep,
    actor: ActorDep,
    now: Now,
    response: Response,
    if_match: Seen = "",
    key: Key = "",
) -> dict[str, Any]:
    """Enter by hand a limit set anew, a supplement, or trade outside this register."""
    by = By(actor, now, version=seen(if_match), key=key)
    done = ledgers.enter(engine, ledger, EntryKind(asked.kind), asked.figure.figure(), by)
    tag(response, done["version"])
    return done


@router.post(
    "/ledgers/{ledger}/if-granted",
    response_model=IfGranted,
    responses=declared(
        "request-failed", "request-invalid", "body-too-large", "not-found", *REFUSALS
    ),
)
def if_granted(
    ledger: LedgerId, asked: FigureIn, engine: EngineDep, actor: ActorDep, now: Now
) -> dict[str, Any]:
    """Whether a further mass would fit, and what would be left. Nothing is reserved."""
    by = By(actor, now)
    return ledgers.if_granted(engine, ledger, asked.figure(), by)
