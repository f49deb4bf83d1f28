"""What a paper must state before it is applied for, by the article that asks for it.

Only what the conventions ask of every such paper. The rules of countries ask for more, and whether
the movement may take place at all is asked of the shipment rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.trade_facts import Authorisation, Paper, Party

NARCOTIC, PSYCHOTROPIC, PRECURSOR = "1961", "1971", "1988"
CONVENTIONS = (NARCOTIC, PSYCHOTROPIC, PRECURSOR)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing a paper lacks, with the article that asks for it."""

    what: str
    cite: str


def missing(paper: Authorisation) -> tuple[Missing, ...]:
    """Everything a paper lacks, in the order of the model form; empty where it is complete.

    Not asked: the period, which the authority sets when it issues the paper.
    """
    return (*_parties(paper), *_goods(paper), *_reference(paper), *_consignments(paper))


def _parties(paper: Authorisation) -> Iterator[Missing]:
    cite = {
        NARCOTIC: "1961 art. 31 (4) (b)",
        PSYCHOTROPIC: "1971 art. 12 (1) (b) and (2) (a)",
        PRECURSOR: "1988 art. 12 (9) (d)",
    }[paper.convention]
    for role, party in (("exporter", paper.exporter), ("importer", paper.importer)):
        yield from (Missing(f"{what} of the {role}", cite) for what in _lacking(party))
    if paper.consignee is not None:
        lacking = _lacking(paper.consignee)
        yield from (Missing(f"{what} of the consignee", cite) for what in lacking)


def _lacking(party: Party) -> Iterator[str]:
    if not party.name.strip():
        yield "name"
    if not party.address.strip():
        yield "address"


def _goods(paper: Authorisation) -> Iterator[Missing]:
    cite = "1961 art. 31 (4) (b), 1971 art. 12 (1) (b), 1988 art. 12 (9) (d)"
    if not paper.goods:
        yield Missing("the goods", cite)
    for goods in paper.goods:
        if goods.quantity <= 0:
            yield Missing(f"the quantity of line {goods.line}", cite)
        if paper.convention == PSYCHOTROPIC and not goods.pharmaceutical_form.strip():
            article = "1971 art. 12 (1) (b) and (2) (a) (iii)"
            yield Missing(f"the pharmaceutical form of line {goods.line}", article)


def _reference(paper: Authorisation) -> Iterator[Missing]:
    """An export authorisation refers to the import authorisation it rests on."""
    if paper.paper is not Paper.EXPORT or paper.convention == PRECURSOR:
        return
    cite = "1961 art. 31 (4) (c) and (5), 1971 art. 12 (1) (b) and (c)"
    for what, said in (
        ("number", paper.foreign.number),
        ("date", paper.foreign.issued_on),
        ("authority", paper.foreign.authority),
    ):
        if not said:
            yield Missing(f"{what} of the import authorisation", cite)


def _consignments(paper: Authorisation) -> Iterator[Missing]:
    """Several consignments only under an import authorisation of the 1961 Convention."""
    several = paper.consignments is None or paper.consignments > 1
    treaty = paper.convention in (NARCOTIC, PSYCHOTROPIC)
    allowed = paper.convention == NARCOTIC and paper.paper is Paper.IMPORT
    if several and treaty and not allowed:
        cite = "1961 art. 31 (4) (d); 1971 art. 12 (1) (a)"
        yield Missing("a single consignment: only a 1961 import may have several", cite)
