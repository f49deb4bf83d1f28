"""Every fact a shipment rule may name: its kind, what it is a fact of, and what it means.

The same table stands in docs/shipments.md; a test compares the two. Facts are read from the
consignment by the modules beside this one; a rule file never computes.
"""

from __future__ import annotations

from rules.shipment.fact import Fact, Kind, Scope
from rules.shipment.fact import facts as _facts
from rules.shipment.national_words import COMPUTED_NATIONAL
from rules.shipment.offered import OFFERED
from rules.shipment.stated import STATED

__all__ = ["FACTS", "TREATY", "Fact", "Kind", "Scope"]

TREATY: dict[str, Fact] = {
    **_facts("consignment", "set", {
        "bound": "treaties by which the exporting or the importing country is bound",
    }),
    **_facts("consignment", "date", {"on": "the day asked about"}),
    **_facts("consignment", "text", {
        "movement.from": "exporting country",
        "movement.to": "importing country",
        "movement.as": "how the goods are carried: consignment, traveller, relief, first aid kit",
        "consignee.address": "address of the consignee, or of the importer where none is named",
        "statements.unread": "what was stated and could not be read, in the words given",
        "board_notice.exception": "which exception to a Board notice applies, in words",
    }),
    **_facts("consignment", "yes or no", {
        "exporter.licensed": "the exporter is licensed, or needs no licence as a State enterprise",
        "importer.licensed": "the importer is licensed, or needs no licence as a State enterprise",
        "exporter.specifically_authorized": "authorized by its Government for this very purpose",
        "importer.specifically_authorized": "authorized by its Government for this very purpose",
        "statements.read": "all that was stated could be read",
        "purpose.other": "for a purpose other than medical or scientific",
        "bonded_warehouse": "the destination is a bonded warehouse",
        "bank_for_another": "sent to a bank for another than the person on the authorization",
        "altered_in_transit": "nature changed, or packing changed without permission, on the way",
        "diversion": "the destination was changed on the way",
        "diversion.authorized": "the transit country authorized the new destination as an export",
        "notices_2_7.both": "both countries gave the notice of 1971 article 2 (7)",
        "relief.simplified": "the exporting authority applies the simplified relief procedure",

        "opium.origin_entitled": "the country of origin is entitled to export opium",
        "opium.seized": "opium seized from the illicit traffic",
        "board_notice": "a notice of the Board bars further exports of this year",
        "board_notice.supplement": "a supplementary estimate covers the excess and this quantity",
        "board_notice.essential": "the exporting Government holds it essential for the sick",
        "prohibited": "prohibited at either end, as the treaty lets a country do for Schedule IV",
        "board_recommendation": "the Board recommends to stop trade with a country (art. 14 (2))",
        "research_exception": "an amount for research or trials under direct control",
        "article_13.prohibition": "the importing country notified a prohibition of import",
        "suspicious": "there is reason to believe it is meant for illicit manufacture",
        "commercial.names": "commercial papers name the substance as the Table does",
        "commercial.complete": "they state quantity, exporter, importer and known consignee",
        "pen.before_export": "the notification was sent before the goods left",
    }),
    **_facts("line", "set", {
        "line.schedules": "provisions that govern the line on that day",
        "line.undated": "provisions whose first day of effect for these countries is not known",
    }),
    **_facts("line", "text", {
        "line.substance": "name of the substance in the register",
        "line.quantity": "quantity as stated",
        "line.problem": "what stands against the identity of the goods",
        "line.preparation": "why it is, is not, or may be a Schedule III preparation",
        "estimate.shipped": "anhydrous base in all lines of this substance",
        "estimate.booked": "exports of this year already booked",
        "estimate.limit": "total of the estimates plus amounts intended for re-export",
        "estimate.total": "total of the estimates",
        "estimate.re_export": "amount intended for re-export",
        "import.left": "quantity that earlier consignments left of the import authorization",
        "import.number": "number of the import authorization or certificate",
        "export.number": "number of the export authorization",
        "export.quantity": "quantity on the export authorization",
        "export.shipped": "quantity shipped, all lines of this substance",
        "pen.reply": "reply to the pre-export notification",
        "destination.import_authorization": "required or not required by national law",
        "origin.export_authorization": "required or not required by national law",
    }),
    **_facts("line", "date", {
        "import.valid_to": "last day on which the import authorization may be used",
        "export.valid_to": "last day on which the export authorization may be used",
        "pen.sent_on": "day on which the notification was sent",
    }),
    **_facts("line", "yes or no", {
        "line.identified": "name and number lead to one substance of the register",
        "line.schedule_iii": "a preparation of 1961 Schedule III by its composition",
        "line.has_entry": "an entry of Schedule III names the drug, and it may be in a preparation",
        "line.opium": "the line is opium",
        "line.equipment": "the line is equipment or a material of 1988 article 13",
        "line.exempt_at_both_ends": "preparation exempted under 1971 article 3 by both countries",
        "line.exempt_at_one_end": "preparation exempted under 1971 article 3 by one country only",
        "line.exempt_12_14": "preparation outside 1988 article 12 by its paragraph 14",
        "estimate.within": "shipped and booked do not exceed the limit",
        "import.present": "an import authorization or certificate for the substance exists",
        "import.valid": "the day asked about lies within its period, last day included",
        "import.unused": "it served no earlier consignment",
        "import.in_time": "the goods arrive by its last day, or no day of arrival is stated",
        "import.covers": "its quantity is not less than what is shipped",
        "import.parties": "it names this exporter and this importer",
        "import.complete": "number, issuer, quantity, names and period are stated",
        "import.bonded": "it states that a bonded warehouse is approved",
        "export.present": "an export authorization for the substance exists",
        "export.valid": "the day asked about lies within its period, last day included",
        "export.covers": "its quantity is not less than what is shipped",
        "export.unused": "it served no earlier consignment",
        "export.less_shipped": "less is shipped than it states",
        "export.parties": "it names this exporter and this importer",
        "export.complete": "number, issuer, quantity, names and period are stated",
        "export.form": "it states the pharmaceutical form",
        "export.refers": "number, date and authority of the import authorization stand on it",
        "export.follows": "it was not issued before the import authorization",
        "export.copy": "a copy goes with the consignment",
        "export.bonded": "it states that a bonded warehouse is approved",
        "declaration.present": "an export declaration for the substance exists",
        "declaration.covers": "its quantity is not less than what is shipped",
        "declaration.parties": "it names this exporter and this importer",
        "declaration.complete": "quantity, form, names and date of dispatch are stated",
        "declaration.copies": "two copies went to the authority",
        "declaration.copy": "the third copy goes with the consignment",
        "pen.requested": "the importing country asked for notifications of this substance",
        "pen.present": "a pre-export notification for the substance exists",
        "pen.covers": "its quantity is not less than what is shipped",
        "pen.parties": "it names this exporter and this importer",
        "pen.complete": "names, quantity, point of entry and date of dispatch are stated",
        "special.present": "a special import licence for the substance exists",
        "special.valid": "the day asked about lies within its period, last day included",
        "special.covers": "its quantity is not less than what is shipped",
        "special.parties": "it names this exporter and this importer",
        "special.endorsed": "endorsed by the exporting authority",
        "traveller.permitted": "the countries concerned let this traveller carry it",
        "destination.requirements_met": "what national law of the importing country asks is there",
    }),
    **_facts("transit", "text", {"transit.country": "the country passed through"}),
    **_facts("transit", "yes or no", {
        "transit.lands": "the goods touch the ground there; always so except by air",
        "transit.copy": "a copy of the export authorization was produced to its authorities",
    }),
    **_facts("country", "text", {
        "country.name": "name and code of a country concerned",
        "country.role": "exporting, importing or transit country",
        "country.law": "where its own rules are to be found, as far as known here",
        "country.missing": "documents its law asks for that are not there",
    }),
    **_facts("country", "yes or no", {
        "country.complete": "all its rules beyond the treaties are stated",
        "country.met": "what its stated rules ask is there",
    }),
}  # fmt: skip
FACTS: dict[str, Fact] = {**TREATY, **OFFERED, **COMPUTED_NATIONAL, **STATED}
