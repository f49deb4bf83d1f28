"""Search the structures of the register; compare two structures."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access.acts import Act
from api.access.allow import allow, may
from api.access.door import ActorDep
from api.engine import Structure
from api.http.cursors import BadCursor
from api.http.deps import EngineDep, Now
from api.http.models import Answer, Text
from api.http.problems import declared
from api.searching import Place
from api.usecases import classify, search
from api.usecases.dates import dates_asked
from registry.chem.parse import Format
from registry.search.structures import Mode, Wanted

router = APIRouter(prefix="/v1/search", tags=["search"])


class SearchRequest(BaseModel):
    """A structure to look for, how, and on which dates."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"structure": "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", "threshold": 0.7},
                {"structure": "CC(N)Cc1ccccc1", "mode": "substructure", "limit": 20},
                {"structure": "CC(N)Cc1ccccc1", "mode": "exact", "layers": ["tautomer"]},
            ]
        },
    )

    structure: Annotated[Text | None, Field(description="SMILES, InChI or molfile")] = None
    smarts: Annotated[
        Text | None, Field(description="a SMARTS, where the operator allows it; substructure only")
    ] = None
    format: Annotated[Format, Field(description="how to read `structure`")] = Format.AUTO
    mode: Annotated[
        Mode,
        Field(
            description="`exact`: the same in `layers`; `similar`: by fingerprint; `substructure`: "
            "holding the query; `superstructure`: held by the query"
        ),
    ] = Mode.SIMILAR
    layers: Annotated[
        list[str],
        Field(
            min_length=1,
            max_length=5,
            description="for `exact`, which must agree: composition, connectivity, stereo, "
            "isotope, tautomer",
        ),
    ] = ["connectivity"]
    metric: Annotated[str, Field(description="tanimoto, dice, or tversky")] = "tanimoto"
    alpha: Annotated[
        float | None, Field(ge=0, le=100, description="tversky: weight of what only the query has")
    ] = None
    beta: Annotated[
        float | None, Field(ge=0, le=100, description="tversky: weight of what only the other has")
    ] = None
    fingerprint: Annotated[
        str, Field(description="morgan, feature-morgan, rdkit-path or maccs")
    ] = "morgan"
    threshold: Annotated[float, Field(ge=0, le=1, description="least score of a hit")] = 0.5
    top: Annotated[
        int | None, Field(ge=1, le=10_000, description="only the best so many of all pages")
    ] = None
    stereo: Annotated[
        bool, Field(description="whether drawn configurations must agree in containment")
    ] = False
    on: Annotated[
        date | None, Field(description="listings of this day; today (UTC) where left out")
    ] = None
    known_on: Annotated[
        date | None,
        Field(description="as this register knew it at the end of this day; now where left out"),
    ] = None
    classify: Annotated[
        bool, Field(description="also ask the law about the structure, and put that on record")
    ] = False
    limit: Annotated[int, Field(ge=1, le=200, description="longest page")] = 50
    cursor: Annotated[str, Field(max_length=400, description="`next` of the page before")] = ""

    @model_validator(mode="after")
    def _one_query(self) -> SearchRequest:
        if (self.structure is None) == (self.smarts is None):
            raise ValueError("give exactly one of `structure` and `smarts`")
        return self

    def wanted(self) -> Wanted:
        return Wanted(
            text=self.structure or self.smarts or "",
            format=self.format,
            mode=self.mode,
            threshold=self.threshold,
            metric=self.metric,
            alpha=self.alpha,
            beta=self.beta,
            fingerprint=self.fingerprint,
            agree=tuple(self.layers),
            stereo=self.stereo,
            smarts=self.smarts is not None,
        )


class NamedIn(Answer):
    provision: str
    in_force: Annotated[str, Field(description="`yes`, or `unknown` on the date asked")]


class HitOut(Answer):
    """A substance found: evidence, never a legal answer."""

    id: str
    name: str
    score: Annotated[float | None, Field(description="for `similar`, from 0 to 1")]
    layers: Annotated[dict[str, bool], Field(description="for `exact`: which layers agree")]
    atoms: Annotated[
        list[int],
        Field(
            description="atoms that correspond, from 0: of the substance's standardised structure; "
            "for `superstructure` of the query's"
        ),
    ]
    listings: Annotated[list[NamedIn], Field(description="provisions that name it on the date")]


class SearchOut(Answer):
    evidence: Annotated[str, Field(description="what the answer is not")]
    mode: Mode
    compared: Annotated[str, Field(description="what the answer rests on")]
    standardised: Annotated[str, Field(description="the query as it was understood")]
    on: date
    known_at: str
    facts: Annotated[str, Field(description="content hash of the facts")]
    items: list[HitOut]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]
    classification: Annotated[
        dict[str, Any] | None,
        Field(description="where asked: `id` of the decision, and one word for each jurisdiction"),
    ]


class CompareRequest(BaseModel):
    """Two structures, each a SMILES, InChI or molfile."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"a": "CC(N)Cc1ccccc1", "b": "CNC(C)Cc1ccccc1"}]},
    )

    a: Text
    b: Text


class SharedOut(Answer):
    smarts: str
    atoms: int
    bonds: int
    complete: Annotated[
        bool, Field(description="false: stopped at its limit, a larger part may exist")
    ]


class SideOut(Answer):
    standardised: str
    shared: Annotated[list[int], Field(description="atoms of the standardised structure, from 0")]
    differing: list[int]
    svg: Annotated[str, Field(description="a picture; the groups are `shared` and `differing`")]


class CompareOut(Answer):
    evidence: str
    shared: SharedOut
    a: SideOut
    b: SideOut


@router.post(
    "/structures",
    response_model=SearchOut,
    responses=declared(
        "request-failed",
        "request-invalid",
        "bad-input",
        "structure-refused",
        "structure-unreadable",
        "smarts-not-allowed",
        "known-on-future",
        "cursor-invalid",
        "not-found",
        "body-too-large",
        "computation-stopped",
    ),
)
def search_structures(
    asked: SearchRequest, engine: EngineDep, actor: ActorDep, now: Now
) -> dict[str, Any]:
    """Substances of the register that are like a structure, hold it, or are held by it.

    Evidence for an expert, never a legal answer. A search that is stopped is a problem, never an
    empty list.
    """
    if asked.classify:
        allow(actor, Act.CLASSIFY)
    dates = dates_asked(now, asked.on, asked.known_on)
    after = _read(asked.cursor)
    page = search.search(
        engine,
        asked.wanted(),
        dates,
        top=asked.top,
        after=after,
        limit=asked.limit,
        trusted=may(actor, Act.SMARTS),
    )
    made = None
    if asked.classify and asked.structure is not None:
        question = classify.Question(asked.structure, dates, classify.By.STRUCTURE, asked.format)
        record = classify.classify(engine, question, actor=actor.id, now=now)
        made = {"id": record.id, "summary": record.answer["summary"]}
    return page.answer | {"next": page.after and _cursor(page.after), "classification": made}


@router.post(
    "/compare",
    response_model=CompareOut,
    responses=declared(
        "request-failed",
        "request-invalid",
        "structure-refused",
        "structure-unreadable",
        "body-too-large",
        "computation-stopped",
    ),
)
def compare_structures(asked: CompareRequest, engine: EngineDep) -> dict[str, Any]:
    """The largest connected part that two structures share, and a picture of each."""
    return search.compare(engine, Structure(asked.a), Structure(asked.b))


def _cursor(after: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(after).encode()).decode()


def _read(cursor: str) -> Place | None:
    if not cursor:
        return None
    try:
        rank, substance = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return float(rank), str(substance)
    except (ValueError, TypeError):
        raise BadCursor(f"`{cursor}` is not a cursor of this list") from None
