"""Requests and answers about collections as the API page describes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.http.models import Answer, Text
from registry.chem.parse import Format
from registry.collections.manifest import Same


class ColumnsOut(Answer):
    id: str
    smiles: str


class SourceOut(Answer):
    """The file a collection was made from."""

    file: Annotated[str, Field(description="name of the file")]
    bytes: int
    sha256: str
    kind: Literal["smi", "csv", "sdf", "parquet"]
    columns: ColumnsOut


class SchemesOut(Answer):
    """How layers and fingerprints were made; those of other schemes are not compared."""

    layers: str
    fingerprint: str


class CollectionLine(Answer):
    name: str
    created: Annotated[datetime, Field(description="when its import was begun")]
    complete: Annotated[bool, Field(description="false: the import has not come to its end")]
    counts: Annotated[
        dict[str, int],
        Field(description="`records` read, and of these `structures`, `duplicates`, `errors`"),
    ]
    same: Annotated[Same, Field(description="layer by which a record repeats an earlier one")]
    source: SourceOut
    schemes: SchemesOut
    versions: Annotated[dict[str, str], Field(description="software versions")]


class CollectionPage(Answer):
    items: list[CollectionLine]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class CollectionOut(CollectionLine):
    errors: Annotated[dict[str, int], Field(description="records that could not be read, by code")]


class CollectionSearch(BaseModel):
    """A structure, and how rows are to stand to it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"structure": "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", "threshold": 0.6},
                {"structure": "CNC1(c2ccccc2Cl)CCCCC1=O", "exact": "connectivity"},
                {"structure": "O=C1CCCCC1", "substructure": True},
            ]
        },
    )

    structure: Annotated[Text, Field(description="SMILES, InChI or molfile")]
    format: Annotated[Format, Field(description="how to read `structure`")] = Format.AUTO
    threshold: Annotated[
        float, Field(ge=0, le=1, description="least Tanimoto likeness of Morgan fingerprints")
    ] = 0.7
    top: Annotated[int | None, Field(ge=1, description="only the best so many")] = None
    exact: Annotated[
        Same | None, Field(description="rows equal in this layer instead of alike")
    ] = None
    substructure: Annotated[bool, Field(description="rows that contain `structure` instead")] = (
        False
    )
    cursor: Annotated[str, Field(max_length=400, description="`next` of the page before")] = ""
    limit: Annotated[int, Field(ge=1, le=200, description="longest page")] = 50

    @model_validator(mode="after")
    def _one_question(self) -> CollectionSearch:
        if self.substructure and self.exact is not None:
            raise ValueError("ask either `substructure` or `exact`")
        return self


class HitOut(Answer):
    """One row. `formula`, `connectivity` and `stereo` are of what is active in it."""

    row: Annotated[int, Field(description="number of the row, from 1")]
    id: Annotated[str, Field(description="as the source has it")]
    line: Annotated[int, Field(description="line of the source")]
    smiles: Annotated[str, Field(description="the whole structure as standardised")]
    formula: str
    connectivity: str
    stereo: str
    score: Annotated[str | None, Field(description="likeness, where that was asked")]


class CollectionHits(Answer):
    """Evidence for an expert, never a legal answer."""

    items: list[HitOut]
    undetermined: Annotated[
        list[int], Field(description="rows that could not be computed: they may be hits")
    ]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]
    caveat: str
