"""An order for review by what is on record: how prevalent, persistent and harmful (61/8, §§ 6, 10).

A plain sum: figure by criterion, on its scale, times its weight. Every term carries its records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from registry.facts import Evidence, EvidenceKind
from rules.deadlines.terms import add_months
from rules.evidence import COUNT, day_after
from rules.weights import Criterion, Measure, Weights

KINDS = {
    Measure.FATAL: EvidenceKind.FATAL,
    Measure.NON_FATAL: EvidenceKind.NON_FATAL,
    Measure.INCIDENTS: EvidenceKind.INCIDENT,
    Measure.SEIZURES: EvidenceKind.SEIZURE,
    Measure.WARNINGS: EvidenceKind.WARNING,
    Measure.SURVEYS: EvidenceKind.SURVEY,
    Measure.OBJECTIONS: EvidenceKind.OBJECTION,
}
LONGEST = 1200  # months

Records = tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose records count: from `start` on, before `end`."""

    start: date
    end: date

    def touches(self, record: Evidence) -> bool:
        """Whether some day on which it may have happened lies in the window."""
        return record.start < self.end and self.start < record.end

    def holds(self, record: Evidence) -> bool:
        """Whether it happened in the window for certain."""
        return self.start <= record.start and record.end <= self.end


@dataclass(frozen=True, slots=True)
class Term:
    """One criterion of one substance. `figure` None: no record says anything of it.

    `at_least`: some record does not say how often, and counts as one. One that reaches out of the
    window counts whole. `counts`: the countries or months that are counted. `points` is `counted`
    times the weight.
    """

    name: Measure
    criterion: Criterion
    figure: int | None
    at_least: bool
    records: Records
    counts: tuple[str, ...] = ()

    @property
    def counted(self) -> int | None:
        return None if self.figure is None else self.criterion.counted(self.figure)

    @property
    def points(self) -> Decimal | None:
        return None if self.counted is None else self.counted * self.criterion.weight


@dataclass(frozen=True, slots=True)
class Ranked:
    """A substance with its terms. `amounts`: what was seized, by unit; it is not in the sum."""

    subject: str
    name: str
    points: Decimal
    terms: tuple[Term, ...]
    amounts: Mapping[str, Decimal]
    rank: int = 0

    @property
    def told(self) -> bool:
        """Whether some record says something of a criterion that counts."""
        return any(term.figure is not None for term in self.terms)


@dataclass(frozen=True, slots=True)
class Priority:
    """`ranked`, highest first. `unranked`: subjects with records, none of which counts here."""

    window: Window
    ranked: tuple[Ranked, ...]
    unranked: tuple[tuple[str, str], ...]


def window(on: date, months: int) -> Window:
    """The months up to and with a day."""
    end = day_after(on)
    begun = months < (end.year - 1) * 12 + end.month
    return Window(add_months(end, -months) if begun else date.min, end)


def priority(evidence: Iterable[Evidence], weights: Weights, *, on: date, months: int) -> Priority:
    """Substances in an order for review, by the records of the months up to a day.

    The sum is of records, not of risk: it is no assessment of a substance, says nothing of its
    effect or strength, and depends on who looks and reports. A criterion nobody reports on stays
    unknown and adds nothing; a substance without records has no place in the order, which is not a
    low place. Equal sums share a rank and stand in the order of their subjects. Source of the three
    aspects: resolution 61/8 of the Commission on Narcotic Drugs, paragraphs 6 and 10; the weights
    are a choice.
    """
    within = window(on, months)
    by_subject: dict[str, list[Evidence]] = defaultdict(list)
    for record in sorted(evidence, key=lambda one: (one.source, one.key)):
        by_subject[record.subject].append(record)
    judged = [_judged(subject, of_it, weights, within) for subject, of_it in by_subject.items()]
    known = [one for one in judged if one.told]
    unknown = sorted((one.subject, one.name) for one in judged if not one.told)
    return Priority(within, _in_order(known), tuple(unknown))


def _judged(subject: str, of_it: Sequence[Evidence], weights: Weights, within: Window) -> Ranked:
    records = tuple(record for record in of_it if within.touches(record))
    terms = tuple(
        _term(name, criterion, records, within) for name, criterion in weights.counting.items()
    )
    points = sum((term.points for term in terms if term.points is not None), Decimal(0))
    name = min(record.name for record in of_it)
    return Ranked(subject, name, points, terms, _amounts(records))


def _term(name: Measure, criterion: Criterion, records: Records, within: Window) -> Term:
    if name in KINDS:
        about = tuple(record for record in records if record.kind is KINDS[name])
        figure = sum(map(times, about)) if about else None
        return Term(name, criterion, figure, any(map(_silent, about)), about)
    return _spread(name, criterion, tuple(record for record in records if times(record)), within)


def _spread(name: Measure, criterion: Criterion, seen: Records, within: Window) -> Term:
    """Over how many countries or months. What a record does not tell may be one more; one over a
    longer period counts for its first month in the window and tells of no other."""
    told = seen
    if name is Measure.COUNTRIES:
        told = tuple(record for record in seen if record.country)
        found, vague = {record.country for record in told}, len(told) < len(seen)
    else:
        found = {_month(max(record.start, within.start)) for record in seen}
        vague = any(_month(one.start) != _month(one.end - timedelta(days=1)) for one in seen)
    figure = len(found) if told else None
    return Term(name, criterion, figure, vague and bool(told), told, tuple(sorted(found)))


def times(record: Evidence) -> int:
    """How often a record says that it happened. One that does not say how often says it once."""
    if record.quantity is None:
        return 1
    return int(record.quantity) if record.unit == COUNT else int(record.quantity > 0)


def _silent(record: Evidence) -> bool:
    """Whether it leaves open how often: no figure, or of seizures only how much."""
    if record.quantity is None:
        return True
    return record.kind is EvidenceKind.SEIZURE and record.unit != COUNT and record.quantity > 0


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def _amounts(records: Records) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for record in records:
        seized = record.kind is EvidenceKind.SEIZURE and record.unit != COUNT
        if seized and record.quantity is not None:
            found[record.unit] = found.get(record.unit, Decimal(0)) + record.quantity
    return dict(sorted(found.items()))


def _in_order(known: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """Highest first; equal sums share the rank of the first of them."""
    ranked: list[Ranked] = []
    for place, one in enumerate(sorted(known, key=lambda one: (-one.points, one.subject)), 1):
        tied = ranked and ranked[-1].points == one.points
        ranked.append(replace(one, rank=ranked[-1].rank if tied else place))
    return tuple(ranked)
