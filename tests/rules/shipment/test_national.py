"""National law of trade: its rules stop what they should, on the day they should, in their own
country only; and what was not read settles nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from registry.facts import Facts
from rules.shipment.check import Outcome, ShipmentDecision, check
from rules.shipment.consignment import read_consignment
from rules.shipment.read import FOLDER, load_rules, rule_files
from rules.shipment.render import shipment_text
from rules.shipment.rules import RuleFile, ShipmentRule
from rules.shipment.status import line_status
from rules.strict_yaml import read, validate

DOCS = Path(__file__).parents[3] / "docs" / "national-trade.md"
RULES = load_rules()
NATIONAL = [rule for rule in RULES if rule.jurisdiction != "UN"]
Judge = Callable[[dict[str, Any]], ShipmentDecision]
Ordinary = Callable[..., dict[str, Any]]
Changes = dict[str, Any]


def put(data: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """The data with values set at dotted paths; keys with points inside stand after `stated:`."""
    for path, value in changes.items():
        if path.startswith("stated:"):
            data["facts"].setdefault("stated", {})[path.removeprefix("stated:")] = value
            continue
        *parents, last = path.split(".")
        place: Any = data
        for step in parents:
            place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
        place[int(last) if isinstance(place, list) else last] = value
    return data


def moved(ordinary: Ordinary, substance: str, origin: str, to: str, on: str) -> dict[str, Any]:
    """An ordinary consignment between two countries, with papers two weeks old and three months good."""
    issued = date.fromisoformat(on) - timedelta(days=14)
    data = put(
        ordinary(substance), {"on": on, "movement": {"from": origin, "to": to, "mode": "air"}}
    )
    for document in data["documents"]:
        document["issued_on"] = document["valid_from"] = issued.isoformat()
        document["valid_to"] = (issued + timedelta(days=58)).isoformat()
    data["documents"][1]["refers_to"]["issued_on"] = issued.isoformat()
    treaties = {"1961": True, "1971": True, "1988": True}
    data["facts"]["parties_to"] = {code: dict(treaties) for code in (origin, to)}
    national = {code: {"complete": True} for code in (origin, to) if code.startswith("X")}
    data["facts"]["national"] = national
    return data


def notification(data: dict[str, Any], sent: str, **more: Any) -> dict[str, Any]:
    """The data with a pre-export notification, and a request for it."""
    paper = {
        **{key: data["documents"][0][key] for key in ("covers", "exporter", "importer")},
        "type": "pre_export_notification",
        "number": "P-1",
        "issuer": "authority",
        "sent_on": sent,
        "reply": "none",
        "entry_point": "port",
        "dispatch_on": data["on"],
        **more,
    }
    data["documents"].append(paper)
    data["facts"]["pre_export_request"] = {"made": True, "since": "2005-01-01"}
    return data


# Movements in order: what the law of each country asks is there, so that they proceed.
def in_order(ordinary: Ordinary, name: str) -> dict[str, Any]:
    cases: dict[str, tuple[str, str, str, str, Changes]] = {
        "US imports morphine": ("morphine", "XA", "US", "2026-11-16", {}),
        "US exports morphine": ("morphine", "US", "XB", "2026-11-16", {}),
        "CA imports morphine": ("morphine", "XA", "CA", "2026-11-16", {}),
        "CA exports morphine": ("morphine", "CA", "XB", "2026-11-16", {}),
        "CA exports acetic anhydride": ("acetic anhydride", "CA", "XB", "2026-11-16", {}),
        "CA exports acetone": ("acetone", "CA", "XB", "2026-11-16", {"documents": []}),
        "GB imports morphine": ("morphine", "XA", "GB", "2026-11-16", {}),
        "GB exports diazepam": ("diazepam", "GB", "XB", "2026-11-16", {}),
        "DE imports morphine": ("morphine", "XA", "DE", "2026-11-16", {}),
        "DE exports morphine": ("morphine", "DE", "XB", "2026-11-16", {}),
        "DE exports acetic anhydride": (
            "acetic anhydride", "DE", "XB", "2026-11-16", {"stated:boxes.complete": True}
        ),
        "FR exports acetone": ("acetone", "FR", "GB", "2026-11-16", {"documents": []}),
        "NL imports ephedrine": ("ephedrine", "XA", "NL", "2026-11-16", {}),
        "AU exports acetic anhydride": ("acetic anhydride", "AU", "XB", "2026-11-16", {}),
        "IN exports morphine": ("morphine", "IN", "XB", "2026-11-16", {"stated:import.original": True}),
        "CH exports morphine": ("morphine", "CH", "XB", "2026-11-16", {}),
        "CZ exports morphine": ("morphine", "CZ", "XB", "2026-11-16", {}),
        "AR exports ephedrine": ("ephedrine", "AR", "XB", "2026-11-16", {}),
    }  # fmt: skip
    substance, origin, to, on, changes = cases[name]
    data = put(moved(ordinary, substance, origin, to, on), changes)
    if substance in {"acetic anhydride", "ephedrine"}:
        data = notification(data, "2026-10-20", reply="no objection", reply_on="2026-10-24")
    if origin == "FR":
        data["facts"]["national"] = {"GB": {"complete": True}}
        data["facts"]["stated"] = {"exporter.registered": True}
    return data


IN_ORDER = (
    "US imports morphine", "US exports morphine", "CA imports morphine", "CA exports morphine",
    "CA exports acetic anhydride", "CA exports acetone", "GB imports morphine",
    "GB exports diazepam", "DE imports morphine", "DE exports morphine",
    "DE exports acetic anhydride", "FR exports acetone", "NL imports ephedrine",
    "AU exports acetic anhydride", "IN exports morphine", "CH exports morphine",
    "CZ exports morphine", "AR exports ephedrine",
)  # fmt: skip


@pytest.mark.parametrize("name", IN_ORDER)
def test_a_movement_that_keeps_the_law_of_both_countries_proceeds(
    name: str, judge: Judge, ordinary: Ordinary
) -> None:
    decision = judge(in_order(ordinary, name))
    assert decision.decision is Outcome.PROCEED, shipment_text(decision)
    assert {f.rule[:2] for f in decision.findings} & {name[:2], "EU"}


# What is spoiled, and the national requirement that stops it.
SPOILED: list[tuple[str, Changes, tuple[str, str]]] = [
    ("US imports morphine", {"documents.0": {"type": "end_use_declaration"}}, ("US-1312-11-a", "permit")),
    ("US imports morphine", {"stated:single_use.spent": True}, ("US-1312-11-a", "one shipment")),
    ("US imports morphine", {"parties.importer.licensed": False, "stated:importer.registered": False},
     ("US-952-registered", "registration")),
    ("US exports morphine", {"movement.mode": "post"}, ("US-953-permit", "not by mail")),
    ("US exports morphine", {"stated:re_export": True, "facts.parties_to.XB.1971": False},
     ("US-953-f", "both conventions")),
    ("CA imports morphine", {"parties.importer.licensed": False}, ("CA-CSR-34", "end of the licence")),
    ("CA exports morphine", {"documents.1.issued_on": "2026-05-19", "documents.1.valid_to": "2026-12-31"},
     ("CA-CSR-42", "own cap")),
    ("CA exports acetic anhydride", {"documents.1.issued_on": "2026-05-19", "documents.1.valid_to": "2026-12-31"},
     ("CA-PCR-32", "period")),
    ("CA exports acetic anhydride", {"documents.2.reply": "objection", "documents.2.reply_on": "2026-10-27"},
     ("CA-PCR-32", "seven days")),
    ("CA exports acetone", {"facts.pre_export_request": {"made": True, "since": "2005-01-01", "substances": ["acetone"]}},
     ("CA-PCR-57", "permit")),
    ("GB imports morphine", {"stated:single_use.spent": True}, ("GB-MDA-3-import", "single use")),
    ("GB exports diazepam", {"documents.1.issued_on": "2026-09-15", "documents.1.valid_to": "2026-12-31"},
     ("GB-MDA-3-export", "two months")),
    ("DE imports morphine", {"documents.0.issued_on": "2026-08-15", "documents.0.valid_to": "2026-12-31"},
     ("DE-BTMAHV-1", "period")),
    ("DE exports acetic anhydride", {"documents.1": {"type": "end_use_declaration"}}, ("EU-111-12", "authorisation")),
    ("NL imports ephedrine", {"documents.0": {"type": "end_use_declaration"}}, ("EU-111-20", "authorisation")),
    ("IN exports morphine", {"stated:import.original": False}, ("IN-NDPS-58", "original certificate")),
    ("CZ exports morphine", {"facts.estimates.0.total": {"value": "33", "unit": "kg"}}, ("CZ-167-20-3", "estimate")),
    ("AR exports ephedrine", {"documents.2.reply": "none", "documents.2.sent_on": "2026-11-10"},
     ("AR-593-16", "seven running days")),
    ("AU exports acetic anhydride", {"documents.2.sent_on": "2026-11-12"}, ("AU-CPE-10AB", "five business days")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changes", "expected"), SPOILED)
def test_what_breaks_national_law_is_stopped_by_it(
    name: str, changes: Changes, expected: tuple[str, str], judge: Judge, ordinary: Ordinary
) -> None:
    decision = judge(put(in_order(ordinary, name), changes))
    failed = {(f.rule, f.require) for f in decision.findings if f.decides and f.result == "failed"}
    assert expected in failed, shipment_text(decision)
    assert decision.decision is Outcome.STOP


@pytest.mark.parametrize(("name", "changes", "expected"), SPOILED)
def test_not_knowing_what_would_break_national_law_never_lets_it_pass(
    name: str, changes: Changes, expected: tuple[str, str], judge: Judge, ordinary: Ordinary
) -> None:
    unknown: Changes = {
        path: None for path in changes if not path.endswith(("documents.0", "documents.1"))
    }
    if "facts.pre_export_request" in unknown:
        unknown = {"facts.pre_export_request": {"made": None}}
    if len(unknown) < len(changes):
        unknown["documents"] = None
    assert judge(put(in_order(ordinary, name), unknown)).decision is not Outcome.PROCEED


@pytest.mark.parametrize(
    ("name", "on", "expected"),
    [
        # Papers of 2 November, in Canada on the last day of the earlier law and on the first of the new.
        ("CA imports morphine", "2026-09-30", Outcome.UNDETERMINED),
        ("CA imports morphine", "2026-10-01", Outcome.PROCEED),
    ],
)
def test_the_regulations_of_canada_begin_on_a_day(
    name: str, on: str, expected: Outcome, judge: Judge, ordinary: Ordinary
) -> None:
    data = put(moved(ordinary, "morphine", "XA", "CA", on), {})
    assert judge(data).decision is expected


@pytest.mark.parametrize(
    ("origin", "issued", "on", "allowed"),
    [
        ("CA", "2026-05-20", "2026-11-16", True),  # 180 days
        ("CA", "2026-05-19", "2026-11-16", False),  # 181 days
        ("GB", "2026-09-16", "2026-11-16", True),  # two months to the day
        ("GB", "2026-09-15", "2026-11-16", False),
        ("DE", "2026-08-16", "2026-11-16", True),  # three months to the day
        ("DE", "2026-08-15", "2026-11-16", False),
    ],
)
def test_a_paper_is_good_until_the_last_day_of_its_own_cap_whatever_is_printed(
    origin: str, issued: str, on: str, allowed: bool, judge: Judge, ordinary: Ordinary
) -> None:
    data = moved(ordinary, "morphine", origin, "XB", on)
    for document in data["documents"]:
        document |= {"issued_on": issued, "valid_from": issued, "valid_to": "2027-12-31"}
    data["documents"][1]["refers_to"]["issued_on"] = issued
    assert (judge(data).decision is Outcome.PROCEED) is allowed


@pytest.mark.parametrize(
    ("origin", "sent", "on", "allowed"),
    [
        ("AU", "2026-11-09", "2026-11-16", True),  # five business days
        ("AU", "2026-11-10", "2026-11-16", False),
        ("NL", "2026-10-26", "2026-11-17", True),  # the fifteenth working day is over
        ("NL", "2026-10-26", "2026-11-16", False),  # it is today
        ("NL", "2026-12-02", "2026-12-24", True),
        ("NL", "2026-12-03", "2026-12-24", False),
        ("NL", "2026-12-10", "2026-12-31", False),  # Christmas does not count
        ("AR", "2026-11-09", "2026-11-16", True),  # seven running days
        ("AR", "2026-11-10", "2026-11-16", False),
    ],
)
def test_silence_is_counted_by_the_law_of_the_exporting_country(
    origin: str, sent: str, on: str, allowed: bool, judge: Judge, ordinary: Ordinary
) -> None:
    data = notification(moved(ordinary, "acetic anhydride", origin, "XB", on), sent)
    decision = judge(data)
    assert decision.decision is (Outcome.PROCEED if allowed else Outcome.STOP), shipment_text(
        decision
    )


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-11-09", Outcome.STOP),  # the fourteenth day
        ("2026-11-16", Outcome.UNDETERMINED),  # the fifteenth working day is today
        ("2026-11-17", Outcome.PROCEED),
    ],
)
def test_the_united_kingdom_is_sure_of_silence_only_when_the_union_would_be(
    on: str, expected: Outcome, judge: Judge, ordinary: Ordinary
) -> None:
    data = moved(ordinary, "acetic anhydride", "GB", "XB", on)
    assert judge(notification(data, "2026-10-26")).decision is expected


@pytest.mark.parametrize(
    ("filed", "regular", "decision"),
    [
        ("2026-11-01", False, Outcome.PROCEED),  # fifteen calendar days
        ("2026-11-02", False, Outcome.STOP),
        ("2026-11-15", True, Outcome.PROCEED),
        ("2026-11-15", None, Outcome.UNDETERMINED),
    ],
)
def test_the_notice_of_the_united_states_waits_fifteen_days(
    filed: str, regular: bool | None, decision: Outcome, judge: Judge, ordinary: Ordinary
) -> None:
    data = moved(ordinary, "acetone", "US", "XB", "2026-11-16")
    kept = ("covers", "exporter", "importer", "number")
    paper = {key: data["documents"][0][key] for key in kept}
    paper |= {"type": "advance_notice", "sent_on": filed}
    data = put(data, {"documents": [paper], "stated:regular_customer": regular})
    assert judge(data).decision is decision


def test_silence_has_no_effect_by_the_treaty_alone(judge: Judge, ordinary: Ordinary) -> None:
    data = notification(moved(ordinary, "acetic anhydride", "XA", "XB", "2026-11-16"), "2026-11-15")
    assert judge(data).decision is Outcome.PROCEED


def test_a_country_without_rule_files_is_named_and_leaves_the_answer_open(
    judge: Judge, ordinary: Ordinary
) -> None:
    decision = judge(moved(ordinary, "morphine", "XA", "BR", "2026-11-16"))
    assert decision.decision is Outcome.UNDETERMINED
    assert any("BR" in f.text and "not modelled" in f.text for f in decision.reasons)


@pytest.mark.parametrize("substance", ["morphine", "acetic anhydride", "acetone", "diazepam"])
def test_national_rules_say_nothing_between_invented_countries(
    substance: str, judge: Judge, ordinary: Ordinary, register: Facts
) -> None:
    data = ordinary(substance)
    consignment = read_consignment(data)
    alone = check(
        consignment,
        load_rules(FOLDER),
        lambda line: line_status(line, register, consignment.on),
    )
    decision = judge(data)
    assert decision.findings == alone.findings
    assert decision.decision is alone.decision


def mixture(ordinary: Ordinary, origin: str, to: str) -> dict[str, Any]:
    return put(
        moved(ordinary, "acetic anhydride", origin, to, "2026-11-16"),
        {
            "documents": [],
            "lines.0.form": {"kind": "preparation", "salt": None},
            "lines.0.composition": {"percent": "1", "recoverable": True},
            "stated:goods.product": "silicone sealant",
        },
    )


def test_a_mixture_exempt_in_canada_is_asked_about_by_the_other_country(
    judge: Judge, ordinary: Ordinary
) -> None:
    out = judge(mixture(ordinary, "CA", "XB"))
    assert not {f.rule for f in out.findings if f.rule == "CA-PCR-32"}
    assert any(f.rule == "CA-PCR-exempt" for f in out.findings)
    from_germany = judge(mixture(ordinary, "DE", "CA"))
    assert ("EU-111-12", "failed") in {(f.rule, f.result) for f in from_germany.findings}
    assert not {f.rule for f in from_germany.findings if f.rule == "CA-PCR-6"}


def open_questions() -> list[tuple[ShipmentRule, str]]:
    return [(rule, r.id) for rule in NATIONAL for r in rule.require if r.open_question]


def test_an_open_question_neither_stops_nor_lets_pass(judge: Judge, ordinary: Ordinary) -> None:
    assert open_questions()
    data = moved(ordinary, "diazepam", "XA", "US", "2026-11-16")
    paper = data["documents"][0] | {"type": "advance_notice", "sent_on": "2026-10-01"}
    data = put(
        data,
        {"documents": [paper], "stated:goods.narcotic": False, "stated:goods.designated": False},
    )
    decision = judge(data)
    assert ("US-1312-11-b", "filed in time") in {(f.rule, f.require) for f in decision.reasons}
    assert decision.decision is Outcome.UNDETERMINED


def test_every_country_with_rules_says_what_it_does_not_model() -> None:
    for path in rule_files():
        file = validate(read(path), RuleFile)
        if file.covers is None and file.jurisdiction != "UN":
            assert file.not_modelled, path
