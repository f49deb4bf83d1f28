"""Facts offered to national rules beside those the treaties need: amounts, days, further papers.

They are computed by `measures` and `further_papers`. A test asks of treaty facts that none is idle;
these may wait for a country whose law turns on them.
"""

from __future__ import annotations

from rules.shipment.fact import Fact, facts

FURTHER = {
    "notice": "an advance notice or declaration to the own authority",
    "registration": "a registration of the import",
    "transit_permit": "a permit for transit or transhipment",
    "withdrawal": "a permit to withdraw from a bonded warehouse",
    "noc": "a no objection certificate",
    "end_use": "an end use declaration",
    "certificate": "a certificate of a traveller under treatment",
}

OFFERED: dict[str, Fact] = {
    **facts("consignment", "text", {
        "movement.mode": "air, sea, road, rail, cargo, post, express or hand luggage",
    }),
    **facts("consignment", "yes or no", {
        "movement.from_eu": "the exporting country is a member of the European Union",
        "movement.to_eu": "the importing country is a member of the European Union",
    }),
    **facts("line", "set", {
        "line.national": "provisions of national and regional lists that name it on that day",
    }),
    **facts("line", "text", {
        "line.form": "pharmaceutical form",
        "line.kind": "substance, preparation or pharmaceutical preparation",
        "import.title": "title of the import authorization, as printed",
        "export.title": "title of the export authorization, as printed",
    }),
    **facts("line", "number", {
        "line.grams": "grams as stated, all lines of this substance",
        "line.litres": "litres as stated, all lines of this substance",
        "line.base_grams": "grams of anhydrous base, all lines of this substance",
        "line.count": "dosage units or pieces, all lines of this substance",
        "line.percent": "per cent of the substance in the goods",
        "line.dose_mg": "milligrams of the substance in a dosage unit",
        "month.grams": "grams in this calendar month, this consignment included",
        "month.litres": "litres in this calendar month, this consignment included",
        "year.grams": "grams in this calendar year, this consignment included",
        "year.litres": "litres in this calendar year, this consignment included",
        "import.runs_days": "days from its date to its last day",
        "import.age_days": "days from its date to the day asked about",
        "export.runs_days": "days from its date to its last day",
        "export.age_days": "days from its date to the day asked about",
        "pen.days_before": "calendar days between the notification and dispatch",
        "pen.reply_days": "calendar days between the notification and the reply",
        "notice.days_before": "calendar days between the advance notice and dispatch",
    }),
    **facts("line", "yes or no", {
        "export.within_import": "it does not run longer than the import authorization",
        "export.within_licence": "it does not run longer than the licence of the exporter",
        "import.within_licence": "it does not run longer than the licence of the importer",
        **{f"{name}.present": f"{words} exists" for name, words in FURTHER.items()},
        **{f"{name}.valid": "the day asked about lies within its period" for name in FURTHER},
        **{f"{name}.covers": "its quantity is not less than what is shipped" for name in FURTHER},
        **{f"{name}.parties": "it names this exporter and this importer" for name in FURTHER},
    }),
    **facts("transit", "yes or no", {
        "transit.unloaded": "the goods are unloaded there",
    }),
    **facts("country", "text", {"country.code": "ISO 3166 code of a country concerned"}),
}  # fmt: skip
