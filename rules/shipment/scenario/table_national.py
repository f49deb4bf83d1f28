"""Keys of the neutral form that national law turns on: filings, sums of a month, travellers."""

from __future__ import annotations

from rules.shipment.scenario.handlers import (
    Says,
    filed,
    moved,
    negated_statement,
    stated,
    union,
)

MASS = r"(?P<unit>kg|g|mg|t|litres?|liters?|l|ml)$"
NATIONAL: tuple[tuple[str, Says], ...] = (
    (r"^(?!.*\b(?:base|booked|estimates?)\b).*\bmonth\b.* " + MASS, moved("month")),
    (r"^(?!.*\b(?:base|booked|estimates?)\b).*\byear\b.* " + MASS, moved("year")),
    (r"(?:working|business) days (?:since|after) (?:the )?(?:pen|(?:pre export )?notification)",
     stated("pen.working_days_before")),
    (r"(?:business|working) days.*before|before.*(?:business|working) days",
     stated("filing.working_days_before")),
    ((r"(?:486|236|declaration|notice|application|form).*(?:filed|given|lodged|submitted)"
     r"(?: on)?$"), filed),
    (r"^(?:filed|notice given|lodged)(?: on)?$", filed),
    ((r"(?:filed|notice|notified|lodged|declared|486|236).*days before"
     r"|days before (?:export|dispatch|import|shipment)"), stated("filing.days_before")),
    ((r"(?:transaction|filing|dea|release) (?:id )?number (?:was )?(?:given|assigned|issued)"
     r"|number assigned"), stated("filing.numbered")),
    (r"(?:meant|intended) for re export$|^re export$", stated("re_export")),
    (r"regular (?:customer|importer)", stated("regular_customer")),
    (r"^(?:sold as|product|product kind)$", stated("goods.product")),
    (r"sent by (?:post|mail|courier)|sent,? not carried", negated_statement("traveller.carried")),
    (r"carried (?:by|on) (?:the )?(?:traveller|person|himself)", stated("traveller.carried")),
    (r"(?:advance|prior) permission", stated("traveller.permission")),
    (r"destination (?:is )?listed|destination on (?:the )?list", stated("destination.listed")),
    (r"proof of (?:lawful|entitled) import|import (?:is )?lawful", stated("import.lawful")),
    (r"all boxes|boxes (?:complete|filled)", stated("boxes.complete")),
    (r"(?:licen[cs]e|permit|authori[sz]ation).*(?:already used|used before|used once|reused)",
     stated("single_use.spent")),
    (r"(?:restricted|excluded) (?:drug|list|substance)", stated("traveller.excluded_list")),
    (r"narcotic (?:drug )?(?:by|under) national law|counted as (?:a )?narcotic",
     stated("goods.narcotic")),
    (r"government (?:opium )?factory", stated("government_factory")),
    (r"days.*free (?:port|zone)|free (?:port|trade zone|zone).*days", stated("free_zone.days")),
    (r"^(?:destination )?(?P<side>outside|inside|within) eu$", union),
)  # fmt: skip
