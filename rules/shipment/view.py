"""The facts of a consignment as rules name them. Reading only: nothing is decided here.

Every fact is computed so that knowing more can turn unknown into an answer, and never one answer
into another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from registry.facts import InForce
from rules.shipment.conditions import Members, Value
from rules.shipment.consignment import Consignment, Line
from rules.shipment.estimates import estimate_facts
from rules.shipment.further_papers import further_facts
from rules.shipment.measures import amount_facts, line_measures
from rules.shipment.national import country_facts
from rules.shipment.national_view import destination_bound, national_facts, stated_facts
from rules.shipment.papers import paper_facts
from rules.shipment.status import LineStatus
from rules.shipment.tables import tables
from rules.shipment.three import Known, any_of

Facts = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Position:
    """One line with its status: what all line facts are read from."""

    line: Line
    status: LineStatus

    @property
    def label(self) -> str:
        form = self.line.form
        words = [self.line.substance, form.salt or "", form.pharmaceutical_form or ""]
        quantity = "quantity not stated" if self.line.quantity is None else str(self.line.quantity)
        return f"{' '.join(word for word in words if word)}, {quantity}"


def consignment_facts(consignment: Consignment) -> Facts:
    """Facts of the whole movement."""
    facts, movement, parties = consignment.facts, consignment.movement, consignment.parties
    named = "consignee" in parties.model_fields_set
    consignee = parties.consignee if named else parties.importer
    return {
        "on": consignment.on,
        "movement.from": movement.origin,
        "movement.to": movement.to,
        "movement.as": movement.carried_as,
        "consignee.address": consignee.address,
        "bound": _bound(consignment),
        "destination.bound": destination_bound(consignment),
        "exporter.licensed": parties.exporter.licensed,
        "importer.licensed": parties.importer.licensed,
        "exporter.specifically_authorized": parties.exporter.specifically_authorized,
        "importer.specifically_authorized": parties.importer.specifically_authorized,
        "purpose.other": consignment.flag("other_purpose"),
        "research_exception": facts.research_exception,
        "opium.origin_entitled": facts.opium_origin_entitled,
        "opium.seized": facts.opium_seized,
        "commercial.names": facts.commercial_names_as_in_table,
        "commercial.complete": facts.commercial_documents_complete,
        **{name: consignment.flag(name) for name in FLAGS},
        "article_13.prohibition": consignment.flag("article_13_prohibition"),
        **stated_facts(consignment),
        **_read(consignment),
        **_way(consignment),
        **_diversion(consignment),
        **_board_notice(consignment),
        "notices_2_7.both": _both_gave_notice(consignment),
        "relief.simplified": facts.simplified_procedure if _as(consignment, "relief") else False,
    }


# Whether goods carried so go by air; of cargo, post, express and hand luggage it is not known.
BY_AIR = {"air": True, "sea": False, "road": False, "rail": False}
FLAGS = (
    "bonded_warehouse", "bank_for_another", "altered_in_transit", "suspicious", "prohibited",
    "board_recommendation",
)  # fmt: skip


def substance_facts(positions: Sequence[Position], consignment: Consignment) -> Facts:
    """Facts of the papers and figures that concern one substance, for all lines of it together."""
    names = positions[0].status.names
    lines = [(position.line, position.status.factor) for position in positions]
    return {
        **estimate_facts(consignment, names, lines),
        **paper_facts(consignment, names, lines),
        **further_facts(consignment, names, lines),
        **amount_facts(consignment, names, lines),
    }


def line_facts(position: Position, of_substance: Facts, consignment: Consignment) -> Facts:
    """Facts of one line, with those of its substance, but for the flags of national law."""
    line, status = position.line, position.status
    return {
        "line.schedules": replace(_members(status.governing), one_of=_drug_or_third(status)),
        "line.undated": Members(frozenset(status.undated), frozenset(status.undated)),
        "line.substance": status.substance.casefold(),
        "line.quantity": None if line.quantity is None else str(line.quantity),
        "line.problem": status.problem,
        "line.preparation": status.preparation or None,
        "line.identified": True if status.identified else None,
        "line.schedule_iii": status.schedule_iii,
        "line.has_entry": bool(status.preparation),
        "line.opium": status.opium,
        "line.equipment": status.equipment,
        **line_measures(line),
        "line.exempt_at_both_ends": _exempt(line, consignment, 2),
        "line.exempt_at_one_end": _exempt(line, consignment, 1),
        "line.exempt_12_14": exempt_12_14(line),
        **of_substance,
        **national_facts(line, status, of_substance, consignment),
    }


def transit_facts(consignment: Consignment) -> Iterator[Facts]:
    """One view for each country passed through."""
    facts, movement = consignment.facts, consignment.movement
    for country in movement.via:
        lands = None if facts.lands_in is None else country in facts.lands_in
        shown = None if facts.copy_produced_in is None else country in facts.copy_produced_in
        by_air = BY_AIR.get(movement.mode or "")
        yield {
            "transit.country": country,
            "transit.lands": lands if by_air else (True if by_air is False or lands else None),
            "transit.copy": shown,
            "transit.unloaded": (
                None if facts.unloaded_in is None else country in facts.unloaded_in
            ),
        }


def roles(consignment: Consignment) -> dict[str, str]:
    """The countries concerned, each with its part."""
    movement = consignment.movement
    found = {movement.origin: "exporting country", movement.to: "importing country"}
    for code in movement.via:
        found.setdefault(code, "transit country")
    return found


def countries(
    position: Position,
    consignment: Consignment,
    facts: Mapping[str, Value],
    modelled: frozenset[str] = frozenset(),
) -> Iterator[Facts]:
    """One view for each country concerned, for one line."""
    for code, role in roles(consignment).items():
        yield country_facts(consignment, code, role, position.status, facts, modelled)


def exempt_12_14(line: Line) -> Known:
    """Whether 1988 article 12 leaves the line out by its paragraph 14.

    The paragraph can be read so that recoverability qualifies every preparation, or only those
    that are not pharmaceutical. Where the two readings differ the answer is unknown.
    """
    kind, recoverable = line.form.kind, line.composition.recoverable
    if kind == "substance":
        return False
    if recoverable is False:
        return True if kind is not None else None
    return False if kind == "preparation" and recoverable else None


def _drug_or_third(status: LineStatus) -> frozenset[str]:
    """A drug that may be in a Schedule III preparation is governed as the one or the other."""
    drug = {key for key in ("UN-1961-I", "UN-1961-II") if status.listed[key] is InForce.YES}
    open_ = status.schedule_iii is None and len(drug) == 1
    return frozenset(drug | {"UN-1961-III"}) if open_ else frozenset()


def _members(provisions: Mapping[str, InForce]) -> Members:
    certain = frozenset(key for key, held in provisions.items() if held is InForce.YES)
    possible = frozenset(key for key, held in provisions.items() if held is not InForce.NO)
    return Members(certain, possible)


def _bound(consignment: Consignment) -> Members:
    certain, possible = set(), set()
    for treaty in ("1961", "1971", "1988"):
        ends = (consignment.movement.origin, consignment.movement.to)
        parties = consignment.facts.parties_to
        either = any_of(parties.get(code, {}).get(treaty) for code in ends)
        certain |= {treaty} if either else set()
        possible |= {treaty} if either is not False else set()
    return Members(frozenset(certain), frozenset(possible))


def _read(consignment: Consignment) -> Facts:
    unread = consignment.facts.unread
    return {
        "statements.unread": "; ".join(unread) or "nothing",
        "statements.read": None if unread else True,
    }


def _way(consignment: Consignment) -> Facts:
    movement, members = consignment.movement, tables().places.unions["EU"]
    return {
        "movement.mode": movement.mode,
        "movement.from_eu": movement.origin in members,
        "movement.to_eu": movement.to in members,
    }


def _as(consignment: Consignment, way: str) -> bool:
    return consignment.movement.carried_as == way


def _diversion(consignment: Consignment) -> Facts:
    diversion = consignment.facts.diversion
    absent = consignment.absent("diversion")
    exists: Known = None if absent is None else not absent
    return {
        "diversion": exists,
        "diversion.authorized": None if diversion is None else diversion.authorized,
    }


def _board_notice(consignment: Consignment) -> Facts:
    """1961 article 21 (4): it bars exports from its receipt to the end of that year."""
    notice = consignment.facts.board_notice
    if notice is None:
        return {"board_notice": False if consignment.absent("board_notice") else None}
    day, on = notice.received_on, consignment.on
    words = {
        "a supplementary estimate covers the excess and this quantity": notice.supplement_covers,
        "the exporting Government holds it essential for the treatment of the sick": (
            notice.essential
        ),
    }
    return {
        "board_notice": None if day is None else day <= on and day.year == on.year,
        "board_notice.supplement": notice.supplement_covers,
        "board_notice.essential": notice.essential,
        "board_notice.exception": "; ".join(text for text, holds in words.items() if holds) or None,
    }


def _both_gave_notice(consignment: Consignment) -> Known:
    notices = consignment.facts.notices_2_7
    if notices is None:
        return False if consignment.absent("notices_2_7") else None
    return {consignment.movement.origin, consignment.movement.to} <= set(notices)


def _exempt(line: Line, consignment: Consignment, ends: int) -> Known:
    """Whether so many of the two countries exempted the preparation."""
    if line.form.kind == "substance":
        return False
    if line.exempted_by is None:
        omitted = "exempted_by" not in line.model_fields_set
        return False if omitted and consignment.facts.nothing_else else None
    movement = consignment.movement
    return len({movement.origin, movement.to} & set(line.exempted_by)) == ends
