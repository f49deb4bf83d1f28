"""Facts of national law: lists that name a line, what papers and the declarant say of it.

Reading only: nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from registry.facts import InForce
from rules.shipment.conditions import Members, Value
from rules.shipment.consignment import Consignment, Document, Line
from rules.shipment.national_amounts import exemptions, members, thresholds
from rules.shipment.national_tables import national_tables
from rules.shipment.stated import STATED
from rules.shipment.status import LineStatus
from rules.shipment.three import Known

Facts = dict[str, Value]
# Circumstances that a declarant who says `nothing_else` denies by leaving them out.
SPECIAL = ("single_use.spent", "re_export", "retail", "domestic_only", "regular_customer")
# Statements about a filing, and what a paper says of it where nothing was stated.
FILED = {
    "filing.days_before": "notice.days_before",
    "filing.working_days_before": "notice.working_days_before",
    "filing.months_before": "notice.months_before",
    "filing.numbered": "notice.numbered",
    "pen.working_days_before": "pen.working_days_before",
}
PASSED = "pen.working_days_over"  # who states days since the notification says that they passed
OF_IDENTIFIED = ("line.national", "line.treaties", "line.reaches", "line.exempt")
BRIEF = 10  # Regulation (EC) 111/2005 article 12 (1)


def national_facts(
    line: Line, status: LineStatus, of_substance: Mapping[str, Value], consignment: Consignment
) -> Facts:
    """What the lists and amounts of all countries say of one line.

    Of goods that are not identified nothing is said.
    """
    told = declared_facts(status, of_substance, consignment)
    if not status.identified:
        return {**told, **dict.fromkeys(OF_IDENTIFIED)}
    listed = national_lists(status)
    product = consignment.facts.stated.get("goods.product")
    return {
        **told,
        "line.national": listed,
        "line.treaties": treaties(status),
        "line.reaches": thresholds(line, status.names, listed, of_substance),
        "line.exempt": exemptions(line, status.names, product),
    }


def national_lists(status: LineStatus) -> Members:
    """Provisions of national lists that name the substance, each with what it is part of.

    `CA-CDSA-VI-1-22` counts as `CA-CDSA-VI-1`, `CA-CDSA-VI` and `CA-CDSA` too.
    """
    certain = {name for name, held in status.national.items() if held is InForce.YES}
    possible = {name for name, held in status.national.items() if held is not InForce.NO}
    for row in national_tables().lists:
        named = bool(status.names & frozenset(row.substances))
        certain |= {row.id} if named else set()
        possible |= {row.id} if named or status.names & frozenset(row.perhaps) else set()
    return Members(_with_wholes(certain), _with_wholes(possible))


def treaties(status: LineStatus) -> Members:
    """Treaties whose Schedules or Tables name the substance. A preparation of 1961 Schedule III is
    under the treaty as its drug is."""
    return members((key.split("-")[1], _known(held)) for key, held in status.listed.items())


def destination_bound(consignment: Consignment) -> Members:
    """Treaties by which the importing country is bound."""
    stated = consignment.facts.parties_to.get(consignment.movement.to, {})
    bound = {treaty: stated.get(treaty) for treaty in ("1961", "1971", "1988")}
    return members(bound.items())


def stated_facts(consignment: Consignment) -> Facts:
    """What the declarant stated by name. Special circumstances left out do not exist where he says
    that there is nothing else."""
    stated, nothing = consignment.facts.stated, consignment.facts.nothing_else
    found: Facts = {name: stated.get(name) for name in STATED}
    for name in SPECIAL:
        if name not in stated and nothing:
            found[name] = False
    days = stated.get("free_zone.days")
    left_out = "free_zone.days" not in stated
    if isinstance(days, Decimal):
        found["free_zone.brief"] = days <= BRIEF
    else:
        found["free_zone.brief"] = False if left_out and nothing else None
    return found


def declared_facts(
    status: LineStatus, of_substance: Mapping[str, Value], consignment: Consignment
) -> Facts:
    """What the declarant says of filings and destinations, or else what papers and lists say."""
    stated = consignment.facts.stated
    found = {
        name: stated[name] if name in stated else of_substance.get(paper)
        for name, paper in FILED.items()
    }
    counted = isinstance(stated.get("filing.days_before"), Decimal) or isinstance(
        stated.get("filing.working_days_before"), Decimal
    )
    made = of_substance.get("notice.present")
    passed = stated.get("pen.working_days_before", of_substance.get(PASSED))
    named = named_in_request(status, of_substance, consignment)
    return {
        **found,
        PASSED: passed,
        "filing.made": True if counted else made,
        "pen.named": named,
        "destination.listed": destination_listed(status, named, consignment),
    }


def named_in_request(
    status: LineStatus, of_substance: Mapping[str, Value], consignment: Consignment
) -> Known:
    """Whether the request under 1988 article 12 (10) (a) names the substance. One that names none
    is for Table I."""
    request = consignment.facts.pre_export_request
    if request.made is None:
        held = of_substance.get("pen.requested")
        return held if isinstance(held, bool) else None
    if request.made is False:
        return False
    if request.substances:
        return bool(status.names & {name.casefold() for name in request.substances})
    return _known(status.listed["UN-1988-I"])


def destination_listed(status: LineStatus, named: Known, consignment: Consignment) -> Known:
    """Whether exports there are notified: as stated, as a table says, or because it asked for it.

    That it did not ask shows it only where the declarant says that there is nothing else.
    """
    if "destination.listed" in consignment.facts.stated:
        told = consignment.facts.stated["destination.listed"]
        return told if isinstance(told, bool) else None
    country = consignment.movement.to
    for row in national_tables().destinations:
        if row.country == country and status.national.get(row.list) is InForce.YES:
            return row.listed
    return False if named is False and consignment.facts.nothing_else else named or None


def run_facts(kind: str, document: Document, on: date) -> Facts:
    """How many whole months an authorization runs and has run, and how many substances it names."""
    begins = document.issued_on or document.valid_from
    found: Facts = {
        f"{kind}.runs_months": whole_months(begins, document.valid_to),
        f"{kind}.age_months": whole_months(begins, on),
    }
    if kind == "export":
        covers = document.covers
        names = None if covers is None else {entry.substance.casefold() for entry in covers}
        found["export.substances"] = None if names is None else Decimal(len(names))
    return found


def whole_months(first: date | None, last: date | None) -> Decimal | None:
    """The least number of months after `first` that reaches `last`: 2 March from 2 February is 1."""
    if first is None or last is None:
        return None
    months = max((last.year - first.year) * 12 + last.month - first.month, 0)
    return Decimal(months + (last > months_after(first, months)))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _with_wholes(names: set[str]) -> frozenset[str]:
    parts = (name.split("-") for name in names)
    return frozenset("-".join(p[:n]) for p in parts for n in range(2, len(p) + 1))


def _known(held: InForce) -> Known:
    return {InForce.YES: True, InForce.NO: False}.get(held)
