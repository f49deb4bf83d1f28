"""The questions that the law leaves open, each with its readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from api.usecases.provisions import title_of
from rules.load import RuleSet
from rules.schema import Provision
from rules.sitting import Scope, check_scope


def counted(law: RuleSet) -> dict[str, int]:
    """How many questions are open, for each jurisdiction that has one, in order of code."""
    return dict(sorted(Counter(one["jurisdiction"] for one in _open(law)).items()))


def open_questions(law: RuleSet, jurisdiction: str) -> list[dict[str, Any]]:
    """The open questions of a jurisdiction, in order of provision and question.

    Raises UnknownScope for a jurisdiction that is not modelled.
    """
    check_scope(law, Scope(jurisdictions=(jurisdiction,)))
    found = (one for one in _open(law) if one["jurisdiction"] == jurisdiction)
    return sorted(found, key=lambda one: (one["provision"], one["question"]))


def _open(law: RuleSet) -> Iterator[dict[str, Any]]:
    for rule in law.rules.values():
        yield from _of(rule.provision)


def _of(provision: Provision) -> Iterator[dict[str, Any]]:
    for question in provision.open_questions:
        if question.decided is None:
            yield {
                "provision": provision.id,
                "title": title_of(provision),
                "jurisdiction": provision.jurisdiction,
                "question": question.id,
                "clause": question.clause,
                "text": question.text,
                "readings": dict(question.readings),
                "last_day": _last_day(provision),
            }


def _last_day(provision: Provision) -> date | None:
    """The last day on which its newest wording holds; None while no end is known."""
    until = provision.wordings[-1].until
    return until - timedelta(days=1) if until else None
