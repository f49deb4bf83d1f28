"""Collections that the operator has put into a folder of this service."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.engine import Engine, Structure
from api.http.collection_models import (
    CollectionHits,
    CollectionOut,
    CollectionPage,
    CollectionSearch,
)
from api.http.cursors import BadCursor, Cursor, Limit, after
from api.http.cursors import cursor as cursor_of
from api.http.deps import EngineDep
from api.http.problems import declared
from api.usecases import collections
from api.usecases.collections import Page
from registry.collections.collection import Collection
from registry.collections.search import CAVEAT

router = APIRouter(prefix="/v1", tags=["collections"])

Name = Annotated[
    str, Path(max_length=100, description="name of the collection", examples=["library"])
]


@router.get(
    "/collections",
    response_model=CollectionPage,
    responses=declared("not-found", "request-invalid", "cursor-invalid", "stale-index"),
)
def list_collections(engine: EngineDep, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """The collections of this service in order of name, page by page."""
    root = collections.of_service(engine)
    found = collections.listed(root, after(cursor), limit + 1)
    more = len(found) > limit
    return {"items": found[:limit], "next": cursor_of(found[limit - 1]["name"]) if more else None}


@router.get(
    "/collections/{name}",
    response_model=CollectionOut,
    responses=declared("bad-input", "not-found", "request-invalid", "stale-index"),
)
def get_collection(name: Name, engine: EngineDep) -> dict[str, Any]:
    """What one collection is made of: its source, counts, schemes and versions."""
    return collections.shown(Collection.open(collections.of_service(engine), name))


@router.post(
    "/collections/{name}/search",
    response_model=CollectionHits,
    responses=declared(
        "bad-input",
        "not-found",
        "request-failed",
        "request-invalid",
        "cursor-invalid",
        "structure-refused",
        "structure-unreadable",
        "stale-index",
        "computation-stopped",
        "body-too-large",
    ),
)
def search_collection(name: Name, asked: CollectionSearch, engine: EngineDep) -> dict[str, Any]:
    """Rows like a structure, equal to it, or containing it, page by page.

    What is found is evidence for an expert, never a legal answer. A page of a search by part may
    hold few hits or none and still have a `next`; rows in `undetermined` could not be computed.
    """
    found = Collection.open(collections.of_service(engine), name)
    page = _page(engine, found, asked, _begin(asked.cursor, found))
    return {
        "items": [collections.line_of(hit) for hit in page.hits],
        "undetermined": list(page.undetermined),
        "next": None if page.after is None else cursor_of(f"{_made(found)}:{page.after}"),
        "caveat": CAVEAT,
    }


def _page(engine: Engine, found: Collection, asked: CollectionSearch, begin: int) -> Page:
    structure = collections.read(engine, Structure(asked.structure, asked.format))
    if asked.substructure:
        return collections.containing_page(engine, found, structure, begin, asked.limit)
    if asked.exact is not None:
        return collections.exact_page(found, structure, asked.exact, begin, asked.limit)
    return collections.similar_page(
        found, structure, asked.threshold, asked.top, begin, asked.limit
    )


def _made(found: Collection) -> str:
    """Which import the rows are of: another one may have taken the name between two pages."""
    return found.manifest.created


def _begin(cursor: str, found: Collection) -> int:
    made, _, number = after(cursor).rpartition(":")
    if not cursor:
        return 0
    if made != _made(found) or not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise BadCursor(f"`{cursor}` is not a cursor of this collection")
    return int(number)
