"""Papers that no treaty asks for and some national law does: notices, registrations, permits."""

from __future__ import annotations

from functools import partial

from rules.shipment.consignment import Consignment, Document, DocumentType
from rules.shipment.estimates import Counted
from rules.shipment.measures import Facts, notice_days
from rules.shipment.papers import Papers, valid
from rules.shipment.three import Known

KINDS: dict[str, DocumentType] = {
    "notice": "advance_notice",
    "registration": "registration_of_import",
    "transit_permit": "transit_permit",
    "withdrawal": "withdrawal_permit",
    "noc": "no_objection_certificate",
    "end_use": "end_use_declaration",
    "certificate": "traveller_certificate",
}


def further_facts(consignment: Consignment, names: frozenset[str], lines: Counted) -> Facts:
    """Whether each further paper exists for one substance, runs, covers it and names the parties."""
    papers = Papers(consignment, names, lines)
    found: Facts = {}
    for name, kind in KINDS.items():
        found |= papers.best(kind, partial(_read, papers, name))
    return found


def _read(papers: Papers, name: str, document: Document | None, present: Known) -> Facts:
    if document is None:
        return {f"{name}.present": present}
    read = papers.paper(name, document, present, ())
    del read[f"{name}.complete"]
    found = {**read, f"{name}.valid": valid(document, papers.consignment.on)}
    if name == "notice":
        found |= notice_days(name, document, papers.consignment)
        found["notice.numbered"] = True if document.number else None
    return found
