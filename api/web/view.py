"""An answer arranged for reading: by jurisdiction, weightiest finding first, with its picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.engine import Engine, Structure
from registry.chem.parse import Format
from rules.sitting import Scope, asked_jurisdictions

Groups = dict[str, tuple[int, ...]]
Draw = Callable[[Structure, Mapping[str, tuple[int, ...]]], str]

MOST_PICTURES = 12
WEIGHT = ("inside", "undetermined", "displaced", "exempt", "outside")
WORDS = {
    "controlled": "controlled",
    "not_controlled": "not controlled by what is modelled",
    "undetermined": "undetermined",
    "inside": "governs",
    "outside": "does not reach it",
    "displaced": "gives way to another provision",
    "exempt": "exempt",
    "meets": "meets the definition",
    "does_not_meet": "does not meet the definition",
    "not_applicable": "no definition to meet",
}


MARKS = {"yes": "met", "no": "not met", "open": "open"}
CORE = "core"
NAMED = "named"
UNCHANGED = "as it is"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, kept as typed."""

    text: str = ""
    on: str = ""
    known_on: str = ""
    jurisdictions: tuple[str, ...] = ()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One reason as it is read: whether it is met, by which clause, in which words, where."""

    mark: str
    style: str
    clause: str
    text: str
    part: str
    readings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding with its picture. `groups` are the coloured clauses in the legend's order."""

    finding: dict[str, Any]
    lines: tuple[Line, ...]
    groups: Groups
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One jurisdiction: the word, and the findings behind it."""

    code: str
    name: str
    status: str
    findings: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerView:
    heading: str
    verdicts: tuple[Verdict, ...]
    picture: str
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)


def jurisdictions_of(engine: Engine) -> dict[str, str]:
    """Codes and names of the jurisdictions whose law is modelled."""
    coverage = engine.law.coverage.jurisdictions
    return {
        code: coverage[code].name if code in coverage else code
        for code in asked_jurisdictions(engine.law, Scope())
    }


def answer_view(engine: Engine, answer: Mapping[str, Any], draw: Draw) -> AnswerView:
    names = jurisdictions_of(engine)
    structure = Structure(answer["input"], format_of(answer))
    findings = sorted(answer["findings"], key=lambda one: WEIGHT.index(one["outcome"]))
    shown = _pictured(findings, structure, draw)
    verdicts = [
        Verdict(
            code,
            names.get(code, code),
            status,
            tuple(one for one in shown if one.finding["jurisdiction"] == code),
        )
        for code, status in answer["summary"].items()
    ]
    plain = draw(structure, {}) if answer["standardised"] else ""
    return AnswerView(heading(answer), tuple(verdicts), plain)


def format_of(answer: Mapping[str, Any]) -> Format:
    taken = answer["taken"]
    return Format(taken["format"]) if taken else Format.AUTO


def heading(answer: Mapping[str, Any]) -> str:
    """What was asked about, in few characters."""
    if answer["taken"]:
        return str(answer["taken"]["name"])
    lines = answer["input"].strip().splitlines()
    text = lines[0] if len(lines) == 1 else answer["standardised"]
    return text if len(text) <= 80 else f"{text[:77]}…"


def lines_of(finding: Mapping[str, Any]) -> tuple[Line, ...]:
    """The reasons as lines, each once; parts the provision leaves as they are come last."""
    lines = dict.fromkeys(_line(reason) for reason in finding["reasons"])
    return tuple(sorted(lines, key=lambda line: line.mark == UNCHANGED))


def _line(reason: Mapping[str, Any]) -> Line:
    clause, holds, part = reason["clause"], reason["holds"], reason["part"]
    if _unchanged(reason):
        return Line(UNCHANGED, "", "", part or reason["text"], "")
    text = reason["text"] or part
    mark = "core" if part == CORE and not clause else MARKS[holds]
    told = bool(clause) and text.startswith(clause)
    return Line(
        mark,
        holds,
        "" if told else clause,
        text,
        "" if part in (CORE, text) else part,
        tuple(reason.get("readings", {}).items()),  # answers recorded before had none
    )


def _unchanged(reason: Mapping[str, Any]) -> bool:
    return reason["holds"] == "yes" and not reason["clause"] and reason["part"] != CORE


def groups_of(finding: Mapping[str, Any]) -> Groups:
    """Atoms by clause, in the legend's order; parts left as they are have no colour."""
    groups: dict[str, tuple[int, ...]] = {}
    for reason in finding["reasons"]:
        if reason["atoms"] and not _unchanged(reason):
            label = _label(reason)
            groups[label] = (*groups.get(label, ()), *reason["atoms"])
    return {label: tuple(sorted(set(atoms))) for label, atoms in groups.items()}


def _label(reason: Mapping[str, Any]) -> str:
    clause = f"clause {reason['clause']}" if reason["clause"] else ""
    if reason["clause"] == NAMED:
        clause = "named in the law"
    if reason["holds"] == "no":
        return f"{clause}: not met" if clause else "no clause allows this"
    if reason["holds"] == "open":
        return f"open question {reason['question']}".rstrip()
    return clause or "core of the class"


def _pictured(
    findings: list[dict[str, Any]], structure: Structure, draw: Draw
) -> tuple[Shown, ...]:
    shown = []
    for place, finding in enumerate(findings):
        groups = groups_of(finding)
        picture = draw(structure, groups) if groups and place < MOST_PICTURES else ""
        shown.append(Shown(finding, lines_of(finding), groups, picture))
    return tuple(shown)
