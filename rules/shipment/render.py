"""A shipment decision as JSON and as text. Pure: the same decision gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rules.shipment.check import Outcome, ShipmentDecision, ShipmentFinding

ORDER = ("failed", "unknown", "noted", "owed", "satisfied")
WORDS = {"unknown": "not known", "noted": "note", "owed": "duty", "satisfied": "in order"}


def shipment_json(decision: ShipmentDecision) -> dict[str, Any]:
    """The decision in plain JSON types: dates as text, no floats."""
    content: dict[str, Any] = _plain(asdict(decision))
    content["on"] = decision.on.isoformat()
    content["decision"] = decision.decision.value
    for finding in content["findings"]:
        finding["used"] = dict(finding["used"])
    for line in content["lines"]:
        line["provisions"] = dict(line["provisions"])
    return content


def shipment_text(decision: ShipmentDecision) -> str:
    """The decision as an officer reads it: what stops it first, duties after, the rest last."""
    return "\n".join(_text(decision))


def contract_json(reference: str, decision: ShipmentDecision) -> dict[str, Any]:
    """The decision in the form of `subreg ship --scenarios`; see docs/shipments.md.

    Every finding stands there, those in order too: that a paper is valid until a day is an answer.
    """
    findings = [f for f in decision.findings if f.severity != "duty"]
    duties = [f for f in decision.findings if f.severity == "duty"]
    ordered = sorted(findings, key=lambda finding: ORDER.index(finding.result))
    return {
        "id": reference,
        "decision": decision.decision.value,
        "findings": [_contracted(finding) for finding in ordered],
        "duties_afterwards": [_owed(finding) for finding in duties],
    }


def unreadable_json(reference: str, message: str) -> dict[str, Any]:
    """What stands for a consignment that could not be read: undetermined, with the reason."""
    finding = {
        "rule": "INPUT",
        "article": "no article; the consignment could not be read",
        "severity": "undetermined",
        "text": message,
        "satisfied_by": "the consignment in the form described",
    }
    return {
        "id": reference,
        "decision": Outcome.UNDETERMINED.value,
        "findings": [finding],
        "duties_afterwards": [],
    }


def _contracted(finding: ShipmentFinding) -> dict[str, Any]:
    weighed = {"satisfied": "satisfied", "noted": "info", "failed": finding.severity}
    severity = weighed.get(finding.result, "undetermined" if finding.decides else "info")
    return {
        "rule": finding.rule,
        "article": f"{finding.clause} ({finding.cite.title})",
        "severity": severity,
        "text": f"{finding.text} [{'; '.join(finding.lines)}]",
        "satisfied_by": finding.remedy or None,
    }


def _owed(finding: ShipmentFinding) -> str:
    perhaps = "perhaps: " if finding.result == "unknown" else ""
    return f"{perhaps}{finding.text} [{finding.clause}]"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value


def _text(decision: ShipmentDecision) -> Iterator[str]:
    yield f"{decision.reference}, on {decision.on.isoformat()}: {decision.decision.value}"
    for line in decision.lines:
        provisions = ", ".join(f"{key} ({held})" for key, held in line.provisions) or "none"
        yield f"line {line.label}: {line.problem or provisions}"
        if line.base:
            yield f"  {line.base} anhydrous base, factor {line.factor}, {line.factor_source}"
    for result in ORDER:
        for finding in decision.findings:
            if finding.result == result:
                yield from _lines(finding)
    yield f"{decision.not_applicable} requirements do not apply"
    if decision.draft:
        yield "draft: the rules have not been signed by a lawyer and a customs expert"


def _lines(finding: ShipmentFinding) -> Iterator[str]:
    word = WORDS.get(finding.result, finding.severity)
    if finding.result == "unknown" and finding.severity == "duty":
        word = "perhaps a duty"
    yield f"{word}: {finding.text} [{finding.clause}]"
    if finding.remedy:
        yield f"  what would satisfy it: {finding.remedy}"
    if finding.unknown:
        yield f"  facts wanted: {', '.join(finding.unknown)}"
