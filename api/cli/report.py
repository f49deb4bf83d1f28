"""Answers as a person reads them on a screen: the same content as with `--json`, less of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.cli.console import print_facts, print_line, print_table
from api.usecases.record import Made

Shown = Mapping[str, Any]


def classified(made: Made) -> None:
    """Verdicts first, then the findings, then clause by clause why."""
    answer = made.answer
    taken = answer["taken"]
    print_facts(
        {
            "asked": made.request["text"].strip(),
            "taken as": taken and f"{taken['name']} ({taken['substance']}), by its {taken['by']}",
            "structure": answer["standardised"],
            "parts": answer["components"],
            "goods": [f"{fact} {value}" for fact, value in answer["goods"].items()],
            "law in force on": answer["on"],
            "as known at": answer["known_at"],
            "not judged": answer["error"] and answer["error"]["message"],
        }
    )
    print_line()
    print_table("verdict", ("jurisdiction", "is"), answer["summary"].items())
    findings: list[Shown] = answer["findings"]
    if findings:
        print_line()
        heading = ("provision", "schedule", "structure", "outcome", "clauses", "governed by")
        print_table("findings", heading, [_finding(finding) for finding in findings])
    for finding in findings:
        _why(finding)
    _closing(made)


def _finding(finding: Shown) -> tuple[Any, ...]:
    keys = ("provision", "schedule", "structure", "outcome", "clauses", "displaced_by")
    return tuple(finding[key] for key in keys)


def _why(finding: Shown) -> None:
    print_line()
    print_line(f"{finding['provision']}: {finding['title']}", "bold")
    if finding["matched"]:
        print_line(f"  named: {finding['matched']}")
    for reason in finding["reasons"]:
        clause = f"{reason['clause']}: " if reason["clause"] else ""
        part = f" [{reason['part']}]" if reason["part"] else ""
        print_line(f"  {reason['holds']:<4} {clause}{reason['text']}{part}")
        for answer, reading in reason["readings"].items():
            print_line(f"         read as {answer}: {reading}")
    for limb in finding["missing"]:
        print_line(f"  missing: {limb}", "yellow")
    for likeness in finding["evidence"]:
        measure = f"{likeness['measure']} {likeness['value']}"
        print_line(f"  evidence, no legal answer: {measure} to {likeness['reference']}")
    if finding["cite"]:
        print_line(f"  {finding['cite']['title']} {finding['cite']['href']}".rstrip())


def _closing(made: Made) -> None:
    answer = made.answer
    print_line()
    for caveat in answer["caveats"]:
        print_line(f"note: {caveat}")
    if any(finding["draft"] for finding in answer["findings"]):
        print_line("note: draft, the reading of these provisions is not yet reviewed")
    print_line(f"rules {answer['rule_set'][:12]}, facts {answer['facts'][:12]}, decision {made.id}")


def substance(shown: Shown) -> None:
    structure = shown["structure"] or {}
    print_line(f"{shown['name']} ({shown['id']})", "bold")
    print_facts(
        {
            **{one["kind"]: one["value"] for one in shown["identifiers"]},
            "structure": structure.get("standardised", "none on record"),
            "formula": structure.get("formula"),
            "verification": shown["verification"],
            "on": shown["on"],
            "as known at": shown["known_at"],
        }
    )
    print_line()
    names = [(one["text"], one["kind"], one["language"]) for one in shown["names"]]
    print_table("names", ("name", "kind", "language"), names)
    print_line()
    _listings(shown["listings"], "provision")


def _listings(listings: Sequence[Shown], column: str) -> None:
    heading = (column, "role", "in force", "from", "until", "basis")
    rows = [
        (one[column], one["role"], one["in_force"], _start(one), one["valid_to"], one["basis"])
        for one in listings
    ]
    print_table("listings", heading, rows)


def _start(listing: Shown) -> str:
    """The first day, or what is known of it."""
    earliest, start = listing["valid_earliest"], listing["valid_from"]
    if start == earliest:
        return start or "unknown"
    return f"{earliest or 'unknown'} to {start or 'unknown'}"


def provision(shown: Shown) -> None:
    state = " (draft)" if shown["draft"] else ""
    print_line(f"{shown['id']}: {shown['title']}{state}", "bold")
    print_facts(
        {
            "jurisdiction": shown["jurisdiction"],
            "kind": shown["kind"],
            "schedule": shown["schedule"],
            "on": shown["on"],
            "as known at": shown["known_at"],
        }
    )
    if shown["rule"]:
        _rule(shown["rule"])
    else:
        print_line("the rule is not modelled; only its listings are on record")
    if shown["listings"]:
        print_line()
        _listings(shown["listings"], "name")


def _rule(rule: Shown) -> None:
    _wordings(rule)
    for title, items in (("the law, in our words", rule["law"]), ("limbs", rule["limbs"])):
        _clauses(title, [(one["clause"], one["text"]) for one in items])
    _clauses("taken out by name", [(one["clause"], one["name"]) for one in rule["exceptions"]])
    for question in rule["open_questions"]:
        print_line()
        print_line(f"open question {question['id']}, clause {question['clause']}", "yellow")
        print_line(f"  {question['text']}")
        for answer, reading in question["readings"].items():
            print_line(f"  {answer}: {reading}")
    _clauses("not modelled", [(one["clause"], one["reason"]) for one in rule["not_modelled"]])
    print_line()
    reviewed = {role: name or "not reviewed" for role, name in rule["review"].items()}
    print_facts({**reviewed, "rule file": rule["content_hash"]})


def _wordings(rule: Shown) -> None:
    if not rule["in_force"]:
        print_line("not in force on that day", "yellow")
    print_line()
    heading = ("from", "until", "how", "also covers", "citation")
    rows = [
        (one["from"], one["until"], one["how"], one["covers"], _cite(one["cite"]))
        for one in rule["wordings"]
    ]
    print_table("wordings", heading, rows)


def _cite(cite: Shown) -> str:
    return f"{cite['title']} {cite['href']}".strip()


def _clauses(title: str, clauses: Sequence[tuple[str, str]]) -> None:
    if clauses:
        print_line()
        print_line(title, "bold")
    for clause, text in clauses:
        print_line(f"  {clause}: {text}")


def shipment(made: Made) -> None:
    """The decision first, then what stops it, what is not known, and what is owed afterwards."""
    answer = made.answer
    findings: list[Shown] = answer["findings"]
    print_facts(
        {
            "consignment": answer["reference"],
            "decision": answer["decision"],
            "on": answer["on"],
            "as known at": made.known_at.isoformat(),
        }
    )
    for line in answer["lines"]:
        _line(line)
    for result, title in RESULTS.items():
        said = [finding for finding in findings if finding["result"] == result]
        if said:
            print_line()
            print_line(title, "bold")
        for finding in said:
            _shipment_finding(finding)
    print_line()
    satisfied = sum(finding["result"] == "satisfied" for finding in findings)
    print_line(f"{satisfied} requirements satisfied, {answer['not_applicable']} do not apply")
    if answer["draft"]:
        print_line("note: draft, these rules are not yet reviewed")
    print_line(f"rules {answer['rule_set'][:12]}, decision {made.id}")


RESULTS = {"failed": "not satisfied", "unknown": "not known", "owed": "owed afterwards"}


def _line(line: Shown) -> None:
    held = ", ".join(f"{key} ({said})" for key, said in line["provisions"].items()) or "none"
    print_line(f"line {line['label']}: {line['problem'] or held}")
    if line["base"]:
        print_line(f"  {line['base']} anhydrous base, factor {line['factor']}")


def _shipment_finding(finding: Shown) -> None:
    print_line(f"  {finding['text']} [{finding['clause']}]")
    if finding["remedy"]:
        print_line(f"    what would satisfy it: {finding['remedy']}")
    if finding["unknown"]:
        print_line(f"    not known: {', '.join(finding['unknown'])}")
