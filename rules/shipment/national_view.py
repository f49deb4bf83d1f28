"""Facts of national law: lists that name a line, thresholds it reaches, exemptions it meets.

Reading only. A row that was not read in the text of the law leaves the answer open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from registry.facts import InForce
from rules.shipment.conditions import Members, Value
from rules.shipment.consignment import Consignment, Document, Line
from rules.shipment.national_tables import Exemption, Threshold, national_tables
from rules.shipment.stated import STATED
from rules.shipment.status import LineStatus
from rules.shipment.three import Known, all_of, any_of

Facts = dict[str, Value]
# Circumstances that a declarant who says `nothing_else` denies by leaving them out.
SPECIAL = ("single_use.spent", "re_export", "retail", "domestic_only")
# Statements about a filing, and what a paper says of it where nothing was stated.
FILED = {
    "filing.days_before": "notice.days_before",
    "filing.working_days_before": "notice.working_days_before",
    "filing.months_before": "notice.months_before",
    "filing.numbered": "notice.numbered",
    "pen.working_days_before": "pen.working_days_before",
}
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
    return {
        **told,
        "line.national": listed,
        "line.treaties": treaties(status),
        "line.reaches": thresholds(line, status.names, listed, of_substance),
        "line.exempt": exemptions(line, status.names, consignment),
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
    return _members((key.split("-")[1], _known(held)) for key, held in status.listed.items())


def thresholds(
    line: Line, names: frozenset[str], listed: Members, of_substance: Mapping[str, Value]
) -> Members:
    """Thresholds that the lines of one substance reach together.

    What stands on a list whose duty begins with a threshold, and has no figure here, may reach it.
    """
    rows = list(national_tables().thresholds_of(names))
    answers: list[tuple[str, Known]] = [(row.id, reaches(row, line, of_substance)) for row in rows]
    figured = {row.id for row in rows}
    for threshold, lists in national_tables().begins.items():
        if threshold not in figured and listed.possible & frozenset(lists):
            answers.append((threshold, None))
    return _members(answers)


def reaches(row: Threshold, line: Line, of_substance: Mapping[str, Value]) -> Known:
    """Whether the amount and the concentration reach a threshold; unknown of one not read."""
    reached = all_of((_amount(row, of_substance), _strength(row, line)))
    return None if row.cite.certainty == "memory" else reached


def exemptions(line: Line, names: frozenset[str], consignment: Consignment) -> Members:
    """Exemptions for mixtures that take the line out, each in its own country."""
    product = consignment.facts.stated.get("goods.product")
    rows = national_tables().exemptions_of(names)
    return _members((row.id, exempt(row, line, product)) for row in rows)


def exempt(row: Exemption, line: Line, product: object) -> Known:
    """Whether a mixture meets an exemption. The substance itself is no mixture."""
    if line.form.kind == "substance":
        return False
    share = _share(row, line)
    weak = None if share is None else share <= row.percent
    fits = True if not row.products else _named(product, row)
    answer = all_of((weak, fits, True if line.form.kind else None))
    return None if answer and row.cite.certainty == "memory" else answer


def destination_bound(consignment: Consignment) -> Members:
    """Treaties by which the importing country is bound."""
    stated = consignment.facts.parties_to.get(consignment.movement.to, {})
    bound = {treaty: stated.get(treaty) for treaty in ("1961", "1971", "1988")}
    return _members(bound.items())


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
    named = named_in_request(status, of_substance, consignment)
    return {
        **found,
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


def _amount(row: Threshold, of_substance: Mapping[str, Value]) -> Known:
    limits = row.at_least or row.over
    if not limits:
        return True
    answers = []
    for limit in limits:
        measure, figure = limit.measured
        now = _number(of_substance.get(f"line.{measure}"))
        period = "year" if row.sums == "last year" else row.sums
        summed = of_substance.get(f"{period}.{measure}")
        total = now if row.sums == "consignment" else _number(summed)
        answers.append(_passes(row, figure, now, total))
    # The figures are one threshold in several units: the first that can be compared decides.
    return next((answer for answer in answers if answer is not None), None)


def _passes(row: Threshold, figure: Decimal, now: Decimal | None, total: Decimal | None) -> Known:
    """This consignment alone may reach it; otherwise the sum must be known."""
    alone = None if now is None else (now > figure if row.over else now >= figure)
    summed = None if total is None else (total > figure if row.over else total >= figure)
    if row.sums == "last year":
        # Exceeding it in this year is enough; what went the year before is not stated.
        return True if alone or summed else None
    return True if alone else summed


def _strength(row: Threshold, line: Line) -> Known:
    if row.percent is None:
        return True
    share = line.composition.percent
    if share is None:
        return True if line.form.kind == "substance" else None
    return share >= row.percent


def _share(row: Exemption, line: Line) -> Decimal | None:
    """Per cent of the substances of an exemption in the goods, in sum."""
    own, others = line.composition.percent, line.composition.ingredients
    if len(row.substances) == 1 or own is None:
        return own
    if others is None:
        return None
    counted = [i.percent for i in others if i.name.casefold() in row.substances]
    return None if None in counted else own + sum(p for p in counted if p is not None)


def _named(product: object, row: Exemption) -> Known:
    return product.casefold() in row.products if isinstance(product, str) else None


def _known(held: InForce) -> Known:
    return {InForce.YES: True, InForce.NO: False}.get(held)


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _with_wholes(names: set[str]) -> frozenset[str]:
    parts = (name.split("-") for name in names)
    return frozenset("-".join(p[:n]) for p in parts for n in range(2, len(p) + 1))


def _members(answers: Iterable[tuple[str, Known]]) -> Members:
    found: dict[str, list[Known]] = {}
    for name, answer in answers:
        found.setdefault(name, []).append(answer)
    together = {name: any_of(values) for name, values in found.items()}
    return Members(
        frozenset(name for name, answer in together.items() if answer),
        frozenset(name for name, answer in together.items() if answer is not False),
    )
