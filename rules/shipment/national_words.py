"""Facts that the rule files of single countries name, beside those of the other vocabularies.

`STATED_NATIONAL` are told by the declarant; `COMPUTED_NATIONAL` are read by `national_view` from
the goods, the papers and the tables of lists and thresholds.
"""

from __future__ import annotations

from rules.shipment.fact import Fact, facts

STATED_NATIONAL: dict[str, Fact] = {
    **facts("consignment", "text", {
        "goods.product": "what a mixture is sold as, for exemptions by product",
    }),
    **facts("consignment", "number", {
        "pen.working_days_before": "working days of the exporting country since the notification",
    }),
    **facts("consignment", "yes or no", {
        "boxes.complete": "all boxes of the official model are filled in",
        "destination.listed": "the destination is on the list of those to be notified in advance",
        "goods.narcotic": "counted among narcotic drugs by the law of the country concerned",
        "goods.designated": "designated by regulation as needing a permit",
        "goods.marked": "documents bear the words the law asks for with mixtures",
        "government_factory": "the importer is the Government factory, or an excepted importer",
        "import.lawful": "proof that the import is not contrary to the law of the destination",
        "filing.numbered": "the authority gave the filing its number",
        "re_export": "meant for export again from the destination",
        "regular_customer": "a regular customer or importer accepted as such by the authority",
        "traveller.carried": "carried by the traveller himself, not sent",
        "traveller.permission": "the authority permitted it in advance",
    }),
}  # fmt: skip

COMPUTED_NATIONAL: dict[str, Fact] = {
    **facts("consignment", "set", {
        "destination.bound": "treaties by which the importing country is bound",
    }),
    **facts("line", "set", {
        "line.treaties": "treaties in a Schedule or Table of which it stands, whatever its form",
        "line.reaches": "thresholds of national law that it reaches",
        "line.exempt": "exemptions of national law for mixtures that take it out",
    }),
    **facts("line", "yes or no", {
        "notice.numbered": "a number stands on the notice",
        "filing.made": "filed with the own authority, by a notice or as stated",
        "pen.named": "the request for notifications names this substance, or its Table",
    }),
    **facts("consignment", "yes or no", {
        "free_zone.brief": "exported again within ten days of a suspensive procedure or free zone",
    }),
    **facts("line", "number", {
        "import.runs_months": "whole months from its date that hold its last day",
        "export.runs_months": "whole months from its date that hold its last day",
        "import.age_months": "whole months from its date that hold the day asked about",
        "export.age_months": "whole months from its date that hold the day asked about",
        "filing.months_before": "whole months from the filing that hold the day of dispatch",
        "notice.working_days_before": "working days of the exporting country since the notice",
        "pen.working_days_over": "those since the notification that are over when the goods leave",
        "notice.months_before": "whole months from the notice that hold the day of dispatch",
        "export.substances": "how many substances stand on it",
    }),
}  # fmt: skip
