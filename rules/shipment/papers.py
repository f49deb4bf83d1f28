"""What the documents say of one line. Nothing is assumed of a document that was not read.

Where several documents of a kind concern the substance, the pair of import and export
authorization that fails least is taken, whatever the order in which documents were given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from rules.shipment.conditions import Value
from rules.shipment.consignment import Consignment, Covered, Document, DocumentType
from rules.shipment.covering import covers, covers_less_than, left
from rules.shipment.estimates import Counted
from rules.shipment.measures import limits, notice_days, period_facts
from rules.shipment.quantities import Quantity
from rules.shipment.tables import tables
from rules.shipment.three import Known, all_of

Facts = dict[str, Value]
Concerned = tuple[Document | None, Known]  # a document, and whether it names the substance
Reading = Callable[[Document | None, Known], Facts]
FAILINGS = (
    "present", "valid", "covers", "parties", "complete", "form", "refers", "follows", "copy",
    "copies", "endorsed", "before_export", "bonded", "in_time", "unused",
)  # fmt: skip


def paper_facts(consignment: Consignment, names: frozenset[str], lines: Counted) -> Facts:
    """Facts of all documents that concern one substance; `lines` are all lines of it."""
    papers = Papers(consignment, names, lines)
    return {
        **papers.authorizations(),
        **papers.best("export_declaration", papers.declaration),
        **papers.best("pre_export_notification", papers.notification),
        **papers.best("special_import_licence", papers.special_licence),
        "pen.requested": papers.requested(),
    }


@dataclass(frozen=True, slots=True)
class Papers:
    """The documents of a consignment, read for one substance."""

    consignment: Consignment
    names: frozenset[str]
    lines: Counted

    def concerned(self, kind: DocumentType) -> list[Concerned]:
        """Documents of a kind that cover the substance or may; without any, what is then known."""
        documents = self.consignment.documents
        found: list[Concerned] = [
            (document, self.names_substance(document))
            for document in documents or ()
            if document.type == kind
        ]
        found = [(document, named) for document, named in found if named is not False]
        return found or [(None, None if documents is None else False)]

    def names_substance(self, document: Document) -> Known:
        return None if document.covers is None else bool(self.entries(document))

    def entries(self, document: Document) -> list[Covered]:
        return [c for c in document.covers or () if c.substance.casefold() in self.names]

    def best(self, kind: DocumentType, read: Reading) -> Facts:
        """Facts of the document of a kind that fails least."""
        return self.least_failing([read(*concerned) for concerned in self.concerned(kind)])

    def authorizations(self) -> Facts:
        """Facts of the pair of import and export authorization that fails least."""
        imports = self.concerned("import_authorization")
        exports = self.concerned("export_authorization")
        read_imports = [(document, self.import_(document, named)) for document, named in imports]
        read_exports = [(document, self.export(document, named)) for document, named in exports]
        return self.least_failing(
            [
                imported | exported | _between(import_, export) | self.limits(import_, export)
                for (import_, imported), (export, exported) in product(read_imports, read_exports)
            ]
        )

    def limits(self, import_: Document | None, export: Document | None) -> Facts:
        return limits(import_, export, self.consignment.facts.stated)

    def least_failing(self, options: Sequence[Facts]) -> Facts:
        bonded = self.consignment.flag("bonded_warehouse") is not False
        weighed = [name for name in FAILINGS if bonded or name != "bonded"]

        def failings(facts: Facts) -> tuple[int, int, str]:
            values = [value for key, value in facts.items() if key.split(".")[1] in weighed]
            ordered = repr(sorted((key, str(value)) for key, value in facts.items()))
            return (
                sum(value is False for value in values),
                sum(value is None for value in values),
                ordered,
            )

        return min(options, key=failings)

    def import_(self, document: Document | None, present: Known) -> Facts:
        if document is None:
            return {"import.present": present}
        return {
            **self.authorization("import", document, present),
            "import.bonded": document.allows_bonded_warehouse,
            "import.in_time": self.arrives_in_time(document),
        }

    def arrives_in_time(self, document: Document) -> Known:
        """Whether the goods arrive by the last day; so where no day of arrival is stated."""
        facts = self.consignment.facts
        if facts.arrives_on is None:
            return None if "arrives_on" in facts.model_fields_set else True
        return None if document.valid_to is None else facts.arrives_on <= document.valid_to

    def export(self, document: Document | None, present: Known) -> Facts:
        if document is None:
            return {"export.present": present}
        return {
            **self.authorization("export", document, present),
            "export.quantity": _together([e.quantity for e in self.entries(document)]),
            "export.shipped": _together([line.quantity for line, _ in self.lines]),
            "export.less_shipped": covers_less_than(self.lines, self.entries(document)),
            "export.form": True if document.pharmaceutical_form else None,
            "export.copy": document.copy_with_consignment,
            "export.bonded": document.allows_bonded_warehouse,
        }

    def authorization(self, kind: str, document: Document, present: Known) -> Facts:
        stated = (document.number, document.issuer, document.valid_to)
        return {
            **self.paper(kind, document, present, stated),
            f"{kind}.number": document.number,
            f"{kind}.valid_to": document.valid_to,
            f"{kind}.valid": valid(document, self.consignment.on),
            **period_facts(kind, document, self.consignment.on),
            **self.use(kind, document),
        }

    def use(self, kind: str, document: Document) -> Facts:
        """Whether an authorization served no earlier consignment, and what is left of it."""
        entries = self.entries(document)
        taken = [entry.used for entry in entries if "used" in entry.model_fields_set]
        used = document.used_before
        if any(amount is not None and amount.value > 0 for amount in taken):
            used = True
        elif "used_before" not in document.model_fields_set and None not in taken:
            used = False if self.consignment.facts.nothing_else else None
        found: Facts = {f"{kind}.unused": None if used is None else not used}
        if used and not taken:
            found[f"{kind}.covers"] = None
        if kind == "import":
            found["import.left"] = _together([left(entry) for entry in entries])
        return found

    def declaration(self, document: Document | None, present: Known) -> Facts:
        if document is None:
            return {"declaration.present": present}
        copies = document.copies_to_authority
        stated = (document.dispatch_on, document.pharmaceutical_form)
        return {
            **self.paper("declaration", document, present, stated),
            "declaration.copies": None if copies is None else copies >= 2,
            "declaration.copy": document.copy_with_consignment,
        }

    def special_licence(self, document: Document | None, present: Known) -> Facts:
        if document is None:
            return {"special.present": present}
        facts = self.paper("special", document, present, ())
        del facts["special.complete"]  # the treaty fixes no list of particulars for it
        return facts | {
            "special.valid": valid(document, self.consignment.on),
            "special.endorsed": document.endorsed_by_exporting_authority,
        }

    def notification(self, document: Document | None, present: Known) -> Facts:
        if document is None:
            return {"pen.present": present}
        stated = (document.entry_point, document.dispatch_on)
        return {
            **self.paper("pen", document, present, stated),
            "pen.sent_on": document.sent_on,
            "pen.before_export": self.sent_before_export(document),
            "pen.reply": document.reply,
            **notice_days("pen", document, self.consignment),
        }

    def paper(
        self, kind: str, document: Document, present: Known, stated: Sequence[object]
    ) -> Facts:
        """What every document is asked: existence, quantity, parties, particulars."""
        entries, parties = self.entries(document), self.consignment.parties
        quantities = [entry.quantity for entry in entries] or [None]
        particulars = (document.exporter, document.importer, *quantities, *stated)
        return {
            f"{kind}.present": present,
            f"{kind}.covers": covers(self.lines, entries, self.names),
            f"{kind}.parties": all_of(
                (
                    _same_name(document.exporter, parties.exporter.name),
                    _same_name(document.importer, parties.importer.name),
                )
            ),
            f"{kind}.complete": None if None in particulars else True,
        }

    def sent_before_export(self, document: Document) -> Known:
        """Certain only from one day to another: on the same day the order is not known."""
        left = self.consignment.facts.left_on
        unknown = left is None and "left_on" in self.consignment.facts.model_fields_set
        if document.sent_on is None or unknown:
            return None
        left = left or self.consignment.on
        return None if document.sent_on == left else document.sent_on < left

    def requested(self) -> Known:
        """Whether the importing country's request covers the substance: as stated, or else as the
        table of requests says."""
        request, on = self.consignment.facts.pre_export_request, self.consignment.on
        if "made" not in request.model_fields_set:
            code, book = self.consignment.movement.to, tables()
            places = (code, *book.places.unions_of(code))
            return book.requests.requested(places, self.names, on)
        named = {name.casefold() for name in request.substances}
        listed = not named or bool(named & self.names)
        begun = None if request.since is None else request.since <= on
        return all_of((request.made, listed, begun))


def valid(document: Document, on: date) -> Known:
    """Whether a day lies in the period printed on a document. The last day printed counts."""
    begun = None if document.valid_from is None else document.valid_from <= on
    running = None if document.valid_to is None else on <= document.valid_to
    return all_of((begun, running))


def _same_name(stated: str | None, ours: str | None) -> Known:
    if stated is None or ours is None:
        return None
    return " ".join(stated.casefold().split()) == " ".join(ours.casefold().split())


def _between(imported: Document | None, exported: Document | None) -> Facts:
    """What an export authorization owes the import authorization it rests on."""
    if exported is None:
        return {}
    if imported is None:
        return {"export.refers": None, "export.follows": None}
    return {
        "export.refers": _refers(exported, imported),
        "export.follows": _follows(exported, imported),
    }


def _refers(document: Document, imported: Document) -> Known:
    named = document.refers_to
    pairs = (
        (named.number, imported.number),
        (named.issued_on, imported.issued_on),
        (named.authority, imported.issuer),
    )
    return all_of(None if None in pair else pair[0] == pair[1] for pair in pairs)


def _follows(document: Document, imported: Document) -> Known:
    if imported.issued_on is None or document.issued_on is None:
        return None
    return imported.issued_on <= document.issued_on


def _together(quantities: Sequence[Quantity | None]) -> str | None:
    return " and ".join(sorted(str(q) for q in quantities if q is not None)) or None
