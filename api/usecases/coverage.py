"""What is covered of each jurisdiction, verified until when, and how much of it there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from rules.load import Covered, Ruled, RuleSet
from rules.sitting import Scope, check_scope


def coverage_of(law: RuleSet, jurisdictions: Collection[str] = ()) -> list[dict[str, Any]]:
    """One row for each jurisdiction, in the order of the table; of some only, where they are named.

    Raises UnknownScope for a code that is not in the table.
    """
    check_scope(law, Scope(jurisdictions=tuple(jurisdictions)))
    rules: dict[str, list[Ruled]] = {code: [] for code in law.coverage.jurisdictions}
    for rule in law.rules.values():
        rules[rule.provision.jurisdiction].append(rule)
    return [
        _row(code, covered, rules[code])
        for code, covered in law.coverage.jurisdictions.items()
        if not jurisdictions or code in jurisdictions
    ]


def _row(code: str, covered: Covered, rules: Iterable[Ruled]) -> dict[str, Any]:
    provisions = [rule.provision for rule in rules]
    until = covered.verified_until
    return {
        "jurisdiction": code,
        "name": covered.name,
        "under": list(covered.under),
        "verified_until": until.isoformat() if until else None,
        "against": covered.against,
        "remarks": list(covered.remarks),
        "provisions": len(provisions),
        "kinds": dict(sorted(Counter(one.kind for one in provisions).items())),
        "draft": sum(one.review.draft for one in provisions),
        "wordings": sum(len(one.wordings) for one in provisions),
        "clauses": sum(len(one.law) for one in provisions),
        "examples": sum(len(one.examples) for one in provisions),
        "open_questions": sum(
            question.decided is None for one in provisions for question in one.open_questions
        ),
        "unshown": sum(len(one.unshown) for one in provisions),
        "clauses_not_modelled": sum(len(one.not_modelled) for one in provisions),
        "not_modelled": [
            {
                "provision": gap.provision,
                "title": gap.title,
                "from": gap.since.isoformat() if gap.since else None,
                "until": gap.until.isoformat() if gap.until else None,
                "reason": gap.reason,
            }
            for gap in covered.not_modelled
        ],
    }


COUNTS = (
    "provisions", "wordings", "clauses", "examples", "open_questions", "unshown",
    "clauses_not_modelled",
)  # fmt: skip


def totals(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """The same counts over all rows, and how many provisions are known and not modelled."""
    table = list(rows)
    summed = {name: sum(row[name] for row in table) for name in COUNTS}
    return {**summed, "not_modelled": sum(len(row["not_modelled"]) for row in table)}


def markdown(law: RuleSet) -> str:
    """docs/coverage.md: the table of coverage as a page; a test keeps the two alike."""
    rows = coverage_of(law)
    return "".join(f"{line}\n" for line in (*_head(rows), *_sections(rows)))


def _head(rows: list[dict[str, Any]]) -> Iterable[str]:
    yield "# Coverage"
    yield ""
    yield "Written by `subreg coverage --markdown` from the rule files and"
    yield "[rules/law/coverage.yaml](../rules/law/coverage.yaml). A jurisdiction that is not here is absent"
    yield "from every answer, not free of law. Every reading is a draft until a lawyer and a chemist have"
    yield "signed it."
    yield ""
    yield "| jurisdiction | verified until | provisions | clauses | examples | open questions | not modelled |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        counts = (row["provisions"], row["clauses"], row["examples"], row["open_questions"])
        figures = " | ".join(str(figure) for figure in (*counts, len(row["not_modelled"])))
        yield f"| {row['jurisdiction']} {row['name']} | {row['verified_until'] or '—'} | {figures} |"
    total = totals(rows)
    figures = " | ".join(str(total[name]) for name in
                         ("provisions", "clauses", "examples", "open_questions", "not_modelled"))  # fmt: skip
    yield f"| all | | {figures} |"


def _sections(rows: list[dict[str, Any]]) -> Iterable[str]:
    for row in rows:
        kinds = ", ".join(f"{count} {kind}" for kind, count in row["kinds"].items())
        yield ""
        yield f"## {row['jurisdiction']}: {row['name']}"
        yield ""
        yield f"Read against: {row['against']}."
        yield ""
        yield f"Rule files: {kinds or 'none'}; {row['draft']} of them drafts."
        if row["remarks"]:
            yield ""
        yield from (f"- {remark}" for remark in row["remarks"])
        if row["not_modelled"]:
            yield ""
            yield "| not modelled | what | why |"
            yield "|---|---|---|"
        for gap in row["not_modelled"]:
            yield f"| {gap['provision']} | {gap['title']}{_when(gap)} | {gap['reason']} |"


def _when(gap: dict[str, Any]) -> str:
    since = f" from {gap['from']}" if gap["from"] else ""
    until = f" until {gap['until']}" if gap["until"] else ""
    return f"{since}{until}"
