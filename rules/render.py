"""Decisions as plain data: the full form, the batch form, and canonical text for storing.

No floats anywhere, keys sorted in the canonical text, so the same decision is the same bytes.
"""

from __future__ import annotations

import json
from typing import Any

from rules.result import Decision, Finding, Reason


def canonical(content: Any) -> str:
    """One text for one content: sorted keys, no spaces, UTF-8 kept."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def screen_json(decision: Decision, identifier: str) -> dict[str, Any]:
    """One object of the batch output: the short form of every finding of the decision."""
    code_message = decision.error
    return {
        "id": identifier,
        "input": decision.input,
        "standardised": decision.standardised,
        "error": code_message and {"code": code_message[0], "message": code_message[1]},
        "findings": [short(finding) for finding in decision.findings],
        "summary": {code: status.value for code, status in decision.summary.items()},
    }


def short(finding: Finding) -> dict[str, Any]:
    """A finding without its reasons."""
    return {
        "provision": finding.provision,
        "jurisdiction": finding.jurisdiction,
        "structure": finding.structure.value,
        "outcome": finding.outcome.value,
        "clauses": list(finding.clauses),
        "displaced_by": list(finding.displaced_by),
        "missing": list(finding.missing),
        "draft": finding.draft,
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    """The full form: every finding with reasons, evidence, citation and hashes."""
    return {
        "on": decision.on.isoformat(),
        "known_at": decision.known_at,
        "input": decision.input,
        "standardised": decision.standardised,
        "steps": list(decision.steps),
        "components": list(decision.components),
        "goods": dict(decision.goods),
        "summary": {code: status.value for code, status in decision.summary.items()},
        "findings": [full(finding) for finding in decision.findings],
        "considered": decision.considered,
        "caveats": list(decision.caveats),
        "rule_set": decision.rule_set,
        "facts": decision.facts,
        "versions": dict(decision.versions),
        "error": decision.error and {"code": decision.error[0], "message": decision.error[1]},
    }


def full(finding: Finding) -> dict[str, Any]:
    """A finding with everything a reader needs to check it."""
    return {
        **short(finding),
        "title": finding.title,
        "kind": finding.kind,
        "schedule": finding.schedule,
        "wording": finding.wording,
        "cite": finding.cite and {"title": finding.cite.title, "href": finding.cite.href},
        "content_hash": finding.content_hash,
        "matched": finding.matched,
        "settles": finding.settles,
        "reasons": [_reason(reason) for reason in finding.reasons],
        "evidence": [
            {
                "reference": one.reference,
                "provision": one.provision,
                "measure": one.measure,
                "value": one.value,
            }
            for one in finding.evidence
        ],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "clause": reason.clause,
        "text": reason.text,
        "holds": reason.holds,
        "part": reason.part,
        "atoms": list(reason.atoms),
        "question": reason.question,
        "readings": dict(reason.readings),
    }
