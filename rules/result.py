"""What an answer is made of. Frozen, ordered, and without a date of its own making."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.chem.standardise import Standardised


class Structure(StrEnum):
    """Whether the definition is met, whatever provision governs in the end."""

    MEETS = "meets"
    DOES_NOT_MEET = "does_not_meet"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


class Outcome(StrEnum):
    """Whether the provision governs the substance."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    DISPLACED = "displaced"
    EXEMPT = "exempt"
    UNDETERMINED = "undetermined"


class Status(StrEnum):
    """A jurisdiction in one word. A failure or a gap is never `not_controlled`."""

    CONTROLLED = "controlled"
    NOT_CONTROLLED = "not_controlled"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of an answer: which clause, in our words, shown on which atoms.

    `atoms` index the standardised structure. `holds` is yes, no or open; `open` names a question
    on which readings differ, or a limb no structure can prove; `readings` are the competing ones.
    """

    clause: str
    text: str
    holds: str = "yes"
    part: str = ""
    atoms: tuple[int, ...] = ()
    question: str = ""
    readings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A likeness to a named reference. Evidence for an expert, never a legal answer."""

    reference: str
    provision: str
    measure: str
    value: str


@dataclass(frozen=True, slots=True)
class Cite:
    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one provision says of one structure on one date."""

    provision: str
    jurisdiction: str
    title: str
    kind: str
    structure: Structure
    outcome: Outcome
    clauses: tuple[str, ...] = ()
    displaced_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    draft: bool = True
    schedule: str = ""
    wording: str = ""
    cite: Cite | None = None
    content_hash: str = ""
    matched: str = ""
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    either_way: bool = False  # only which provision governs is open: controlled on either answer
    settles: bool = True  # False: turns on conduct or effect, so it never decides the summary

    @property
    def plainly_outside(self) -> bool:
        return self.outcome is Outcome.OUTSIDE and not self.missing


@dataclass(frozen=True, slots=True)
class Decision:
    """The whole answer for one structure. `structure` is None where it could not be judged."""

    on: date
    known_at: str
    input: str
    structure: Standardised | None
    steps: tuple[str, ...]
    components: tuple[str, ...]
    goods: dict[str, str]
    findings: tuple[Finding, ...]
    summary: dict[str, Status]
    considered: int
    rule_set: str
    facts: str
    versions: dict[str, str]
    caveats: tuple[str, ...] = ()
    error: tuple[str, str] | None = None  # code and message where no judgement was possible

    @property
    def standardised(self) -> str:
        """Canonical SMILES of what was judged; worked out only when it is shown."""
        return "" if self.structure is None else self.structure.smiles
