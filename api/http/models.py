"""Requests and answers as the API page describes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.usecases.classify import By
from registry.chem.parse import Format
from rules.goods import Fact
from rules.result import Outcome, Status, Structure

Text = Annotated[str, Field(min_length=1, max_length=1 << 20)]


class Answer(BaseModel):
    """Base of answers: a field added to an answer is passed on even where not described yet."""

    model_config = ConfigDict(extra="allow")


class ClassifyRequest(BaseModel):
    """One structure, name or number, and the law to ask."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"structure": "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", "on": "2026-01-01"},
                {"name": "ketamine", "jurisdictions": ["UN", "GB"]},
                {"cas": "108-24-7"},
            ]
        },
    )

    structure: Annotated[Text | None, Field(description="SMILES, InChI or molfile")] = None
    name: Annotated[
        Text | None, Field(description="exact name in the register, letter case apart")
    ] = None
    cas: Annotated[Text | None, Field(description="CAS number")] = None
    inchikey: Annotated[Text | None, Field(description="InChIKey of a substance on record")] = None
    format: Annotated[Format, Field(description="how to read `structure`")] = Format.AUTO
    on: Annotated[
        date | None, Field(description="the law of this day; today (UTC) where left out")
    ] = None
    known_on: Annotated[
        date | None,
        Field(description="as this register knew it at the end of this day; now where left out"),
    ] = None
    jurisdictions: Annotated[
        list[str], Field(max_length=100, description="codes; empty asks all that are modelled")
    ] = []
    provisions: Annotated[
        list[str], Field(max_length=100, description="globs of identifiers, such as `US-CSA-*`")
    ] = []
    goods: Annotated[
        dict[Fact, Annotated[Decimal, Field(ge=0)]],
        Field(
            description="what the goods are like, where a law depends on it; empty: the pure "
            "substance. `concentration` in percent, `per_unit` mg, `fill` g, `containers`, "
            "`quantity` g, `age` years",
            examples=[{"concentration": "15"}],
        ),
    ] = {}
    everything: Annotated[
        bool, Field(alias="all", description="answer also what is plainly outside or not in force")
    ] = False

    @model_validator(mode="after")
    def _one_subject(self) -> ClassifyRequest:
        given = [self.structure, self.name, self.cas, self.inchikey]
        if sum(one is not None for one in given) != 1:
            raise ValueError("give exactly one of `structure`, `name`, `cas` and `inchikey`")
        return self

    def subject(self) -> tuple[By, str]:
        """What is asked about, and how it is named."""
        named = {By.NAME: self.name, By.CAS: self.cas, By.INCHIKEY: self.inchikey}
        chosen = ((by, text) for by, text in named.items() if text is not None)
        return next(chosen, (By.STRUCTURE, self.structure or ""))


class CiteOut(Answer):
    title: Annotated[str, Field(description="the citation")]
    href: Annotated[str, Field(description="where it can be read")] = ""


class ReasonOut(Answer):
    """One step of an answer."""

    clause: Annotated[str, Field(description="clause of the provision; empty for general remarks")]
    text: Annotated[str, Field(description="what the clause says, in our words")]
    holds: Annotated[str, Field(description="`yes`, `no` or `open`")]
    part: Annotated[str, Field(description="part of the structure or of the provision")]
    atoms: Annotated[list[int], Field(description="atoms of the standardised structure, from 0")]
    question: Annotated[str, Field(description="the open question, where it holds `open`")]
    readings: Annotated[dict[str, str], Field(description="the competing readings of the question")]


class EvidenceOut(Answer):
    """A likeness to a named reference: evidence for an expert, never a legal answer."""

    reference: str
    provision: str
    measure: str
    value: str


class FindingOut(Answer):
    """What one provision says of the structure on the date."""

    provision: Annotated[str, Field(description="identifier of the provision")]
    jurisdiction: str
    title: str
    kind: Annotated[str, Field(description="list, class, analogue, effect or not modelled")]
    schedule: str
    wording: Annotated[str, Field(description="which dated wording was applied")]
    structure: Annotated[Structure, Field(description="whether the definition is met")]
    outcome: Annotated[Outcome, Field(description="whether the provision governs")]
    clauses: Annotated[list[str], Field(description="clauses met")]
    displaced_by: Annotated[list[str], Field(description="provisions that govern instead")]
    missing: Annotated[list[str], Field(description="what would have to be known")]
    draft: Annotated[bool, Field(description="no lawyer and chemist have both signed the reading")]
    settles: Annotated[bool, Field(description="false: turns on conduct, decides no summary")]
    matched: Annotated[str, Field(description="the name that matched, where a name did")]
    cite: CiteOut | None
    content_hash: Annotated[str, Field(description="sha256 of the rule file")]
    reasons: list[ReasonOut]
    evidence: list[EvidenceOut]


class FailureOut(Answer):
    """Why no judgement was possible; everything is then undetermined."""

    code: str
    message: str


class TakenOut(Answer):
    """The substance that stood for a name or number."""

    by: By
    substance: str
    name: str
    structure: str
    format: str


class AnswerOut(Answer):
    """The law's answer on one structure. Not legal advice; see `draft` and `caveats`."""

    on: Annotated[date, Field(description="the law of this day")]
    known_at: Annotated[str, Field(description="as this register knew it at this moment (UTC)")]
    input: Annotated[str, Field(description="the structure as given")]
    taken: Annotated[TakenOut | None, Field(description="where a name or number was asked")]
    standardised: Annotated[str, Field(description="canonical SMILES of what was judged")]
    steps: Annotated[list[str], Field(description="what standardising did")]
    components: Annotated[list[str], Field(description="parts of a salt, hydrate or mixture")]
    goods: Annotated[dict[str, str], Field(description="what the goods were taken to be like")]
    summary: Annotated[dict[str, Status], Field(description="one word for each jurisdiction")]
    findings: list[FindingOut]
    considered: Annotated[int, Field(description="provisions in force that were asked")]
    caveats: Annotated[list[str], Field(description="how far the sources reach")]
    error: FailureOut | None
    rule_set: Annotated[str, Field(description="content hash of the rules")]
    facts: Annotated[str, Field(description="content hash of the facts")]
    versions: Annotated[dict[str, str], Field(description="software versions")]


class RecordOut(Answer):
    """What every decision on record carries."""

    id: Annotated[str, Field(description="identifier of the decision")]
    at: Annotated[datetime, Field(description="when it was made (UTC)")]
    actor: Annotated[str, Field(description="who asked")]
    on: Annotated[date, Field(description="the date asked about")]
    known_at: Annotated[datetime, Field(description="the moment whose knowledge was used (UTC)")]
    request: Annotated[dict[str, Any], Field(description="what was asked, as it is asked again")]


class ClassifyOut(RecordOut):
    kind: Literal["classify"]
    answer: AnswerOut


class ShipmentOut(RecordOut):
    kind: Literal["shipment"]
    answer: Annotated[
        dict[str, Any], Field(description="decision, findings, lines and duties of the shipment")
    ]


class DecisionOut(RecordOut):
    kind: Literal["classify", "shipment"]
    answer: Annotated[dict[str, Any], Field(description="the answer as it was given")]


class ReplayOut(Answer):
    id: str
    same: Annotated[bool, Field(description="the same bytes came out")]
    differs: Annotated[
        list[str],
        Field(
            description="what is not as it was: `rule set`, `facts`, `software versions`; "
            "`computation` where all are as they were (a limit was reached then or now)"
        ),
    ]
    answer: Annotated[dict[str, Any], Field(description="the answer of today")]


class SubstanceLine(Answer):
    id: str
    name: str


class SubstancePage(Answer):
    items: list[SubstanceLine]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]


class NameOut(Answer):
    text: str
    kind: str
    language: str
    script: str


class IdentifierOut(Answer):
    kind: str
    value: str


class StructureOut(Answer):
    as_given: str
    format: str
    standardised: str
    formula: str
    inchikey: str
    verification: str


class ListingOut(Answer):
    """One name in one provision, with its dates (half-open)."""

    id: str
    provision: str
    name: str
    substance: str | None
    role: str
    code: str
    in_force: Annotated[str, Field(description="`yes`, `no` or `unknown` on the date asked")]
    valid_earliest: Annotated[date | None, Field(description="first day on which it may hold")]
    valid_from: Annotated[date | None, Field(description="first day on which it certainly holds")]
    valid_to: Annotated[date | None, Field(description="first day on which it no longer holds")]
    covers: Annotated[list[str] | None, Field(description="null: as the provision says")]
    basis: str
    verification: str
    source: str | None


class SubstanceOut(Answer):
    id: str
    name: str
    verification: str
    on: date
    known_at: str
    names: list[NameOut]
    identifiers: list[IdentifierOut]
    structure: StructureOut | None
    listings: list[ListingOut]


class ProvisionLine(Answer):
    id: str
    jurisdiction: str
    title: str
    kind: str
    schedule: str
    modelled: Annotated[bool, Field(description="a rule file exists; else it is only a list")]
    draft: bool


class GapOut(Answer):
    """A provision known of and not modelled; it is never read as "not controlled"."""

    provision: str
    title: str
    since: Annotated[date | None, Field(alias="from")]
    until: Annotated[date | None, Field(description="first day on which it no longer holds")]
    reason: str


class CoveredOut(Answer):
    """How far the law of one jurisdiction is covered, with counts of what its rule files hold."""

    jurisdiction: str
    name: str
    under: Annotated[list[str], Field(description="law that applies here directly")]
    verified_until: date | None
    against: Annotated[str, Field(description="which text was read")]
    remarks: list[str]
    provisions: int
    kinds: dict[str, int]
    draft: Annotated[int, Field(description="provisions whose reading nobody has signed")]
    wordings: int
    clauses: int
    examples: int
    open_questions: int
    unshown: Annotated[int, Field(description="things no named public substance shows")]
    clauses_not_modelled: int
    not_modelled: list[GapOut]


class CoverageOut(Answer):
    items: list[CoveredOut]
    total: dict[str, int]


class ProvisionList(Answer):
    items: list[ProvisionLine]


class ProvisionOut(ProvisionLine):
    on: date
    known_at: str
    rule: Annotated[
        dict[str, Any] | None,
        Field(description="law in our words, reading, open questions, review"),
    ]
    listings: list[ListingOut]


class DatabaseOut(Answer):
    revision: str
    expected: str
    fault: str


class WorkersOut(Answer):
    size: int
    answering: bool


class HealthOut(Answer):
    live: bool
    ready: bool
    database: DatabaseOut
    workers: WorkersOut


class VersionOut(Answer):
    versions: dict[str, str]
    rule_set: str
    facts: str
    provisions: int
    listings: int
    substances: int
