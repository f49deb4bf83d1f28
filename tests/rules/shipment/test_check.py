"""Whole consignments between invented countries: what stops them, what leaves them open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from rules.shipment.check import Outcome, ShipmentDecision, rule_set_hash
from rules.shipment.render import shipment_json, shipment_text
from rules.shipment.rules import ShipmentRule

Judge = Callable[[dict[str, Any]], ShipmentDecision]
Ordinary = Callable[..., dict[str, Any]]
Failure = tuple[str, str]

DECLARATION: dict[str, Any] = {
    "type": "export_declaration",
    "issuer": "Northern Alkaloids",
    "exporter": "Northern Alkaloids",
    "importer": "Southern Hospitals Supply",
    "pharmaceutical_form": "powder",
    "dispatch_on": "2026-04-21",
    "copies_to_authority": 2,
    "copy_with_consignment": True,
    "covers": [{"substance": "pentobarbital", "quantity": {"value": "4", "unit": "kg"}}],
}
NOTICE: dict[str, Any] = {
    "type": "pre_export_notification",
    "issuer": "XA Chemicals Office",
    "exporter": "Northern Alkaloids",
    "importer": "Southern Hospitals Supply",
    "entry_point": "Port of XB",
    "dispatch_on": "2026-04-21",
    "sent_on": "2026-03-30",
    "reply": "none",
    "covers": [{"substance": "acetic anhydride", "quantity": {"value": "4", "unit": "kg"}}],
}
SPECIAL: dict[str, Any] = {
    "type": "special_import_licence",
    "number": "S-1",
    "valid_from": "2026-04-01",
    "valid_to": "2026-04-30",
    "exporter": "Northern Alkaloids",
    "importer": "Southern Hospitals Supply",
    "endorsed_by_exporting_authority": True,
    "covers": [{"substance": "diazepam", "quantity": {"value": "4", "unit": "kg"}}],
}


def changed(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The same data with values set at dotted paths; numbers are places in lists."""
    for path, value in changes.items():
        *way, last = path.split(".")
        at: Any = data
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
        at[int(last) if isinstance(at, list) else last] = value
    return data


def consignment_of(ordinary: Ordinary, substance: str, changes: dict[str, Any]) -> dict[str, Any]:
    """An ordinary consignment with the papers its substance needs, then changed."""
    data = ordinary(substance)
    if substance == "pentobarbital":
        data["documents"] = [dict(DECLARATION)]
    if substance == "acetic anhydride":
        data["documents"] = [dict(NOTICE)]
        data["facts"]["pre_export_request"] = {"made": True, "since": "2010-01-01"}
    if substance == "diazepam":
        data["documents"] = [dict(SPECIAL)]
    return changed(data, changes)


def failed(decision: ShipmentDecision) -> set[Failure]:
    return {(f.rule, f.require) for f in decision.findings if f.result == "failed" and f.decides}


BONDED = {"facts.bonded_warehouse": True}
NOT_LICENSED = {"parties.exporter.licensed": False, "parties.importer.licensed": False}
NOT_AUTHORIZED = {
    "parties.exporter.specifically_authorized": False,
    "parties.importer.specifically_authorized": False,
}
BOX = {"parties.importer.address": "P.O. Box 12", "facts.bank_for_another": True}
MOVED = {"facts.diversion": {"to": "XD", "authorized": False}, "facts.altered_in_transit": True}
PROHIBITED = {"facts.article_13_prohibition": True}
SPOILED: list[tuple[str, str, dict[str, Any], set[Failure]]] = [
    ("no papers", "morphine", {"documents": []},
     {("UN-1961-31-4", "export authorization"), ("UN-1961-31-5", "import certificate")}),
    ("both papers ran out the day before", "morphine",
     {"documents.0.valid_to": "2026-04-19", "documents.1.valid_to": "2026-04-19"},
     {("UN-1961-31-4", "period"), ("UN-1961-31-5", "period")}),
    ("papers of tomorrow", "morphine", {"documents.0.valid_from": "2026-04-21"},
     {("UN-1961-31-5", "period")}),
    ("more than both papers say", "morphine", {"lines.0.quantity.value": "4.001"},
     {("UN-1961-31-4", "quantity"), ("UN-1961-31-5", "quantity")}),
    ("another importer", "morphine",
     {"documents.0.importer": "Someone Else", "documents.1.importer": "Someone Else"},
     {("UN-1961-31-4", "parties"), ("UN-1961-31-5", "parties")}),
    ("a reference to another certificate", "morphine", {"documents.1.refers_to.number": "I-4"},
     {("UN-1961-31-4", "reference")}),
    ("an authorization older than its certificate", "morphine",
     {"documents.1.issued_on": "2026-02-01"}, {("UN-1961-31-5", "order")}),
    ("no copy aboard", "morphine", {"documents.1.copy_with_consignment": False},
     {("UN-1961-31-6", "copy aboard")}),
    ("above the estimate", "morphine", {"facts.estimates.0.booked.value": "46.01"},
     {("UN-1961-31-1-b", "estimate")}),
    ("without licences", "morphine", NOT_LICENSED,
     {("UN-1961-31-3", "exporter"), ("UN-1961-31-3", "importer")}),
    ("to a post office box and a bank", "morphine", BOX,
     {("UN-1961-31-8", "post office box"), ("UN-1961-31-8", "bank")}),
    ("to a bonded warehouse the papers do not state", "morphine", BONDED,
     {("UN-1961-31-9", "import certificate"), ("UN-1961-31-9", "export authorization")}),
    ("through XC without showing the copy", "morphine", {"facts.copy_produced_in": []},
     {("UN-1961-31-11", "copy shown")}),
    ("sent elsewhere and repacked", "morphine", MOVED,
     {("UN-1961-31-12", "diversion"), ("UN-1961-31-13", "unaltered")}),
    ("for another purpose", "morphine", {"facts.other_purpose": True}, {("UN-1961-4-c", "purpose")}),
    ("a permit the destination asks for is missing", "morphine",
     {"facts.national.XB.requirements":
      [{"needs": "special_import_licence", "required": True, "substances": ["Morphine"]}]},
     {("UN-1961-31-1-a", "destination law"), ("UN-NATIONAL", "met")}),
    ("after a notice of the Board", "morphine",
     {"facts.board_notice":
      {"received_on": "2026-04-20", "supplement_covers": False, "essential": False}},
     {("UN-1961-21-4", "notice")}),
    ("a Schedule IV drug that is prohibited", "heroin",
     {"facts.prohibited": True, "facts.research_exception": False},
     {("UN-1961-2-5", "prohibition")}),
    ("opium of a country not entitled", "opium",
     {"facts.opium_origin_entitled": False, "facts.opium_seized": False},
     {("UN-1961-24-4", "origin")}),
    ("a traveller whose country forbids it", "morphine",
     {"movement.carried_as": "traveller", "facts.travellers": {"XA": True, "XB": False}},
     {("UN-1961-TRAVELLER", "national rule")}),
    ("no papers", "methylphenidate", {"documents": []},
     {("UN-1971-12-1-a", "export authorization"), ("UN-1971-12-1-c", "import authorization")}),
    ("papers that do not fit", "methylphenidate",
     {"documents.0.valid_to": "2026-04-19", "documents.1.valid_to": "2026-04-19",
      "lines.0.quantity.value": "9", "documents.0.exporter": "Someone Else",
      "documents.1.exporter": "Someone Else", "documents.1.refers_to.number": "I-4",
      "documents.1.issued_on": "2026-02-01", "documents.1.copy_with_consignment": False},
     {("UN-1971-12-1-a", "period"), ("UN-1971-12-1-a", "quantity"), ("UN-1971-12-1-a", "parties"),
      ("UN-1971-12-1-a", "reference"), ("UN-1971-12-1-c", "period"),
      ("UN-1971-12-1-c", "quantity"), ("UN-1971-12-1-c", "parties"), ("UN-1971-12-1-c", "order"),
      ("UN-1971-12-1-d", "copy aboard")}),
    ("to a post office box and a bank", "methylphenidate", BOX,
     {("UN-1971-12-3-b", "post office box"), ("UN-1971-12-3-b", "bank")}),
    ("to a bonded warehouse the papers do not state", "methylphenidate", BONDED,
     {("UN-1971-12-3-c", "approval")}),
    ("Schedule I to any bonded warehouse", "psilocybine",
     BONDED | {"documents.0.allows_bonded_warehouse": True,
               "documents.1.allows_bonded_warehouse": True},
     {("UN-1971-12-3-c", "not schedule one")}),
    ("through XC without showing the copy", "methylphenidate", {"facts.copy_produced_in": []},
     {("UN-1971-12-3-e", "copy shown")}),
    ("sent elsewhere and repacked", "methylphenidate", MOVED,
     {("UN-1971-12-3-f", "diversion"), ("UN-1971-12-3-f", "unaltered")}),
    ("for another purpose", "methylphenidate", {"facts.other_purpose": True},
     {("UN-1971-5", "purpose")}),
    ("without licences", "methylphenidate", NOT_LICENSED,
     {("UN-1971-8", "exporter"), ("UN-1971-8", "importer")}),
    ("persons not authorized for Schedule I", "psilocybine", NOT_AUTHORIZED,
     {("UN-1971-7-f", "exporter"), ("UN-1971-7-f", "importer")}),
    ("a traveller with Schedule I", "psilocybine",
     {"movement.carried_as": "traveller", "facts.travellers": {"XA": True, "XB": True}},
     {("UN-1971-4-a", "not schedule one")}),
    ("a traveller whose country forbids it", "diazepam",
     {"movement.carried_as": "traveller", "facts.travellers": {"XA": False, "XB": True}},
     {("UN-1971-4-a", "national rule")}),
    ("no declaration", "pentobarbital", {"documents": []}, {("UN-1971-12-2", "declaration")}),
    ("a declaration that does not fit", "pentobarbital",
     {"lines.0.quantity.value": "9", "documents.0.exporter": "Someone Else",
      "documents.0.copies_to_authority": 1, "documents.0.copy_with_consignment": False},
     {("UN-1971-12-2", "quantity"), ("UN-1971-12-2", "parties"), ("UN-1971-12-2", "two copies"),
      ("UN-1971-12-2", "third copy")}),
    ("prohibited there, and no special licence", "diazepam", PROHIBITED | {"documents": []},
     {("UN-1971-13", "prohibition")}),
    ("prohibited there, and the special licence ran out", "diazepam",
     PROHIBITED | {"documents.0.valid_to": "2026-04-19"}, {("UN-1971-13", "prohibition")}),
    ("prohibited there, and the special licence is not endorsed", "diazepam",
     PROHIBITED | {"documents.0.endorsed_by_exporting_authority": False},
     {("UN-1971-13", "prohibition")}),
    ("no notification", "acetic anhydride", {"documents": []},
     {("UN-1988-12-10-a", "notification")}),
    ("a notification that does not fit", "acetic anhydride",
     {"documents.0.sent_on": "2026-04-22", "documents.0.exporter": "Someone Else",
      "lines.0.quantity.value": "5", "documents.0.reply": "objection"},
     {("UN-1988-12-10-a", "before export"), ("UN-1988-12-10-a", "parties"),
      ("UN-1988-12-10-a", "quantity"), ("UN-1988-12-10-a", "objection")}),
    ("poor commercial papers and a suspicion", "acetic anhydride",
     {"facts.commercial_names_as_in_table": False, "facts.commercial_documents_complete": False,
      "facts.suspicious": True},
     {("UN-1988-12-9-d", "name"), ("UN-1988-12-9-d", "particulars"),
      ("UN-1988-12-9-c", "suspicion")}),
    ("after the last day of the certificate at arrival", "morphine",
     {"facts.arrives_on": "2026-08-01"}, {("UN-1961-31-5", "arrival")}),
    ("after the last day of the authorization at arrival", "methylphenidate",
     {"facts.arrives_on": "2026-08-01"}, {("UN-1971-12-1-c", "arrival")}),
    ("against a recommendation of the Board", "codeine", {"facts.board_recommendation": True},
     {("UN-1961-14-2", "recommendation")}),
    ("with an export authorization used before", "morphine", {"documents.1.used_before": True},
     {("UN-1961-31-4", "unused")}),
    ("with papers used before", "methylphenidate",
     {"documents.0.used_before": True, "documents.1.used_before": True},
     {("UN-1971-12-1-a", "unused"), ("UN-1971-12-1-c", "unused")}),
    ("a suspicious order", "tablet press", {"facts.suspicious": True},
     {("UN-1988-13", "suspicion")}),
]  # fmt: skip
# Requirements that a certain fact never breaks; what is missing leaves them open instead.
ONLY_OPEN = {
    ("UN-1961-31-4", "particulars"): "a particular that was not read is not known to be missing",
    ("UN-1961-31-5", "particulars"): "a particular that was not read is not known to be missing",
    ("UN-1971-12-1-a", "particulars"): "a particular that was not read is not known to be missing",
    ("UN-1971-12-1-c", "particulars"): "a particular that was not read is not known to be missing",
    ("UN-1971-12-2", "particulars"): "a particular that was not read is not known to be missing",
    ("UN-1988-12-10-a", "particulars"): "a particular that was not read is not known to be missing",
    ("UN-IDENTITY", "identity"): "goods that are not identified are not known to be other goods",
    ("UN-STATED", "understood"): "what nobody could read is neither for nor against",
    ("UN-NATIONAL", "complete"): "a rule nobody stated may be kept",
    ("UN-KETAMINE", "import flag"): "a flag is known or it is not",
    ("UN-KETAMINE", "export flag"): "a flag is known or it is not",
    ("UN-RELIEF", "exporting authority"): "the authority has spoken or it has not",
}
NEVER_NULL = {"movement.carried_as", "facts.national.XB.requirements", "facts.travellers"}
IN_ORDER = ("morphine", "methylphenidate", "psilocybine", "pentobarbital", "diazepam",
            "acetic anhydride", "acetone", "poppy straw", "tablet press")  # fmt: skip


@pytest.mark.parametrize("substance", IN_ORDER)
def test_a_consignment_with_all_its_papers_proceeds(
    substance: str, judge: Judge, ordinary: Ordinary
) -> None:
    decision = judge(consignment_of(ordinary, substance, {}))
    assert decision.decision is Outcome.PROCEED, shipment_text(decision)
    assert decision.reasons == ()


@pytest.mark.parametrize(
    ("substance", "changes", "expected"),
    [pytest.param(*row[1:], id=f"{row[1]}, {row[0]}") for row in SPOILED],
)
def test_what_breaks_a_paragraph_stops_the_consignment_by_it(
    substance: str,
    changes: dict[str, Any],
    expected: set[Failure],
    judge: Judge,
    ordinary: Ordinary,
) -> None:
    decision = judge(consignment_of(ordinary, substance, changes))
    assert failed(decision) == expected
    assert decision.decision is Outcome.STOP
    assert {(f.rule, f.require) for f in decision.reasons} == expected


@pytest.mark.parametrize(
    ("substance", "changes"),
    [pytest.param(row[1], row[2], id=f"{row[1]}, {row[0]}") for row in SPOILED],
)
def test_not_knowing_what_would_stop_a_consignment_never_lets_it_pass(
    substance: str, changes: dict[str, Any], judge: Judge, ordinary: Ordinary
) -> None:
    unknown = {path: None for path in changes if path not in NEVER_NULL}
    unknown = {path.removesuffix(".value"): None for path in unknown}
    data = consignment_of(ordinary, substance, changes | unknown)
    assert judge(data).decision is not Outcome.PROCEED


def test_every_requirement_that_can_stop_is_seen_to_stop(rules: tuple[ShipmentRule, ...]) -> None:
    stopping = {
        (rule.id, require.id)
        for rule in rules
        for require in rule.require
        if rule.jurisdiction == "UN" and require.otherwise.severity in {"stop", "detain"}
    }
    seen = set().union(*(row[3] for row in SPOILED))
    assert seen | ONLY_OPEN.keys() == stopping


OPEN: list[tuple[str, str, Any]] = [
    ("morphine", "documents", None),
    ("morphine", "documents.0.covers", None),
    ("morphine", "documents.0.number", None),
    ("morphine", "documents.1.valid_to", None),
    ("morphine", "documents.1.copy_with_consignment", None),
    ("morphine", "facts.nothing_else", None),
    ("morphine", "facts.bonded_warehouse", None),
    ("morphine", "facts.estimates.0.total", None),
    ("morphine", "facts.estimates.0.booked", None),
    ("morphine", "facts.estimates", []),
    ("morphine", "facts.copy_produced_in", None),
    ("morphine", "facts.national.XB.complete", None),
    ("morphine", "facts.national.XC", {}),
    ("morphine", "movement.to", "BR"),
    ("morphine", "parties.exporter.licensed", None),
    ("morphine", "parties.importer.address", None),
    ("morphine", "lines.0.form.kind", None),
    ("morphine", "lines.0.quantity", None),
    ("morphine", "lines.0.cas", "437-38-7"),
    ("methylphenidate", "documents.1.pharmaceutical_form", None),
    ("heroin", "facts.prohibited", None),
    ("opium", "facts.opium_origin_entitled", None),
    ("acetic anhydride", "facts.pre_export_request.made", None),
    ("acetic anhydride", "documents.0.sent_on", "2026-04-20"),
    ("acetic anhydride", "documents.0.entry_point", None),
    ("diazepam", "lines.0.substance", "a substance nobody registered"),
    ("ketamine", "facts.national.XB", {}),
]


@pytest.mark.parametrize(("substance", "path", "value"), OPEN)
def test_what_is_not_known_is_never_allowed(
    substance: str, path: str, value: Any, judge: Judge, ordinary: Ordinary
) -> None:
    data = consignment_of(ordinary, substance, {path: value})
    if path in {"facts.pre_export_request.made", "lines.0.form.kind"}:
        data["documents"] = []
    decision = judge(data)
    assert decision.decision is Outcome.UNDETERMINED, shipment_text(decision)
    assert decision.reasons


def test_the_last_day_printed_on_a_document_counts(judge: Judge, ordinary: Ordinary) -> None:
    decision = judge(ordinary() | {"on": "2026-07-31"})
    assert decision.decision is Outcome.PROCEED
    assert "valid until 2026-07-31" in shipment_text(decision)


def test_lines_of_one_substance_count_together(judge: Judge, ordinary: Ordinary) -> None:
    data = ordinary()
    data["lines"] = [data["lines"][0], data["lines"][0] | {"quantity": {"value": 1, "unit": "kg"}}]
    assert ("UN-1961-31-4", "quantity") in failed(judge(data))


def test_a_certain_failure_wins_over_an_unknown(judge: Judge, ordinary: Ordinary) -> None:
    data = changed(ordinary(), {"documents": None, "parties.importer.address": "Postfach 3"})
    assert judge(data).decision is Outcome.STOP


def test_of_two_certificates_the_fitting_one_is_taken_in_any_order(
    judge: Judge, ordinary: Ordinary
) -> None:
    data = ordinary()
    old = data["documents"][0] | {"number": "I-1", "valid_to": "2026-03-01"}
    for documents in ([old, *data["documents"]], [*data["documents"], old]):
        assert judge(data | {"documents": documents}).decision is Outcome.PROCEED


def test_papers_of_another_substance_do_not_serve(judge: Judge, ordinary: Ordinary) -> None:
    data = ordinary() | {"documents": ordinary("fentanyl")["documents"]}
    assert ("UN-1961-31-4", "export authorization") in failed(judge(data))


def test_a_paper_under_another_name_of_the_substance_serves(
    judge: Judge, ordinary: Ordinary
) -> None:
    data = ordinary("heroin") | {"documents": ordinary("diamorphine")["documents"]}
    assert not failed(judge(data))


def test_ketamine_goes_by_national_flags_alone(judge: Judge, ordinary: Ordinary) -> None:
    free = ordinary("ketamine") | {"documents": []}
    assert judge(free).decision is Outcome.PROCEED
    needs = {"needs": "import_authorization", "required": True, "substances": ["ketamine"]}
    asked = changed(free, {"facts.national.XB.requirements": [needs]})
    assert failed(judge(asked)) == {("UN-NATIONAL", "met")}
    asked["documents"] = ordinary("ketamine")["documents"][:1]
    assert judge(asked).decision is Outcome.PROCEED


def test_first_aid_on_a_train_is_free_for_psychotropics_only(
    judge: Judge, ordinary: Ordinary
) -> None:
    way = {"movement.carried_as": "first aid kit of other public transport", "documents": []}
    assert judge(changed(ordinary("diazepam"), way)).decision is Outcome.PROCEED
    assert judge(changed(ordinary("morphine"), way)).decision is Outcome.STOP


def test_the_relief_procedure_takes_the_place_of_the_papers(
    judge: Judge, ordinary: Ordinary
) -> None:
    way = {"movement.carried_as": "relief", "documents": []}
    applied = changed(ordinary(), way | {"facts.simplified_procedure": True})
    refused = changed(ordinary(), way | {"facts.simplified_procedure": False})
    assert judge(applied).decision is Outcome.PROCEED
    assert judge(refused).decision is Outcome.STOP


def test_an_aircraft_that_passes_over_need_not_show_the_copy(
    judge: Judge, ordinary: Ordinary
) -> None:
    flight = {"movement.mode": "air", "facts.copy_produced_in": []}
    for lands, expected in (([], Outcome.PROCEED), (None, Outcome.UNDETERMINED)):
        decision = judge(changed(ordinary(), flight | {"facts.lands_in": lands}))
        assert decision.decision is expected
    assert judge(changed(ordinary(), flight | {"facts.lands_in": ["XC"]})).decision is Outcome.STOP


def test_two_countries_that_gave_the_notice_owe_each_other_no_papers(
    judge: Judge, ordinary: Ordinary
) -> None:
    for countries, expected in ((["XA", "XB"], Outcome.PROCEED), (["XA"], Outcome.STOP)):
        changes = {"documents": [], "facts.notices_2_7": countries}
        decision = judge(changed(ordinary("methylphenidate"), changes))
        assert decision.decision is expected


def test_an_exemption_serves_only_where_both_countries_gave_it(
    judge: Judge, ordinary: Ordinary
) -> None:
    tablets = {"documents": [], "lines.0.form.kind": "pharmaceutical preparation"}
    for countries, expected in ((["XA", "XB"], Outcome.PROCEED), (["XB"], Outcome.STOP)):
        changes = tablets | {"lines.0.exempted_by": countries}
        decision = judge(changed(ordinary("methylphenidate"), changes))
        assert decision.decision is expected


def test_acetic_anhydride_changed_tables_on_a_day(judge: Judge, ordinary: Ordinary) -> None:
    asked = {"documents": [], "facts.pre_export_request": {"made": True, "since": "1995-01-01"}}
    data = changed(ordinary("acetic anhydride"), asked)
    assert judge(data | {"on": "2001-12-07"}).decision is Outcome.PROCEED
    assert judge(data | {"on": "2001-12-08"}).decision is Outcome.STOP


def test_less_than_authorized_is_a_duty_to_note_it(judge: Judge, ordinary: Ordinary) -> None:
    decision = judge(changed(ordinary(), {"lines.0.quantity.value": "3"}))
    assert decision.decision is Outcome.PROCEED
    owed = {(f.rule, f.require) for f in decision.findings if f.result == "owed"}
    assert ("UN-1961-31-7", "lesser quantity") in owed


def test_the_decision_is_plain_json_and_says_what_it_rests_on(
    judge: Judge, ordinary: Ordinary, rules: tuple[ShipmentRule, ...]
) -> None:
    decision = judge(ordinary())
    content = shipment_json(decision)
    assert content["rule_set"] == rule_set_hash(rules)
    assert content["on"] == "2026-04-20"
    assert content["draft"] is True
    assert content["lines"][0]["factor"] == "100 %"
    finding = next(f for f in content["findings"] if f["rule"] == "UN-1961-31-1-b")
    assert finding["used"]["estimate.within"] == "yes"
    assert len(content["findings"]) == len(asdict(decision)["findings"])


def test_the_rule_set_hash_follows_the_rules(rules: tuple[ShipmentRule, ...]) -> None:
    assert rule_set_hash(rules) == rule_set_hash(tuple(reversed(rules)))
    assert rule_set_hash(rules) != rule_set_hash(rules[1:])
