"""Where a structure stands under the law, in short, and what changed between two such standings.

A standing is small enough to be kept for each structure of a watch: a word for each jurisdiction
and the short form of each finding. The law, the facts and the dates it was judged on are those of
the whole run and are kept once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from rules.load import RuleSet
from rules.result import Decision, Finding, Outcome, Reason, Status
from rules.sitting import Scope, sit

Laws = Mapping[
    str, tuple[str, str]
]  # provision in force: first day of its wording, hash of its file


class Kind(StrEnum):
    """What a change is of: the word for a jurisdiction, whether a provision governs, or only by
    which clauses it does or does not; whether it could be judged; whether it is watched at all."""

    STATUS = "status"
    OUTCOME = "outcome"
    GROUNDS = "grounds"
    JUDGED = "judged"
    JOINED = "joined"
    LEFT = "left"


class Why(StrEnum):
    """What brought a change about, as far as the two runs show."""

    BEGAN = "provision began"
    ENDED = "provision ended"
    REWORDED = "wording changed"
    RULE_FILE = "rule file changed"
    NAMED = "named"
    NO_LONGER_NAMED = "no longer named"
    CERTAIN = "entry became certain"
    YIELDS = "another provision governs"
    GOVERNS_AGAIN = "another provision no longer governs"
    COVERAGE = "known gap began, ended or changed"
    FACTS = "register changed"
    STOPPED = "could not be judged"
    JUDGED_AGAIN = "could be judged again"
    MEMBERS = "what is watched changed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Said:
    """What one provision said, in short."""

    structure: str
    outcome: str
    clauses: tuple[str, ...] = ()
    displaced_by: tuple[str, ...] = ()

    @property
    def compared(self) -> tuple[object, ...]:
        return self.structure, self.outcome, self.clauses


@dataclass(frozen=True, slots=True)
class Standing:
    """One structure: each jurisdiction in a word, what each provision said, or why it was not judged.

    A provision that is not here was plainly outside, or not in force.
    """

    summary: Mapping[str, str]
    said: Mapping[str, Said] = field(default_factory=dict)
    error: str = ""
    told: str = ""  # the error in words; not compared

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        said = {
            key: [one.structure, one.outcome, list(one.clauses), list(one.displaced_by)]
            for key, one in self.said.items()
        }
        error = {"error": self.error, "told": self.told}
        return {"summary": dict(self.summary), "said": said, **error}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Standing:
        said = {
            key: Said(structure, outcome, tuple(clauses), tuple(displaced_by))
            for key, (structure, outcome, clauses, displaced_by) in plain["said"].items()
        }
        return cls(plain["summary"], said, plain["error"], plain.get("told", ""))


@dataclass(frozen=True, slots=True)
class Judged:
    """What all standings of one run share: the law in force, the facts, the dates."""

    on: date
    known_at: str
    rule_set: str
    facts: str
    laws: Laws


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was, and by which clause.

    `provision` of a changed status is the one that brings it about. `clause` is the first that is
    met now or fails now; `text` says it in our words, `holds` whether it is met.
    """

    kind: Kind
    why: Why
    jurisdiction: str = ""
    provision: str = ""
    before: str = ""
    after: str = ""
    clause: str = ""
    text: str = ""
    holds: str = ""
    clauses_before: tuple[str, ...] = ()
    clauses_after: tuple[str, ...] = ()
    wording_before: str = ""
    wording_after: str = ""


def standing(decision: Decision) -> Standing:
    """The short form of a decision."""
    error, told = decision.error or ("", "")
    return Standing(
        summary={code: status.value for code, status in decision.summary.items()},
        said={one.provision: _said(one) for one in decision.findings},
        error=error,
        told=told,
    )


def differs(before: Standing, after: Standing) -> bool:
    """Whether anything that is reported has changed."""
    return (
        before.summary != after.summary
        or before.error != after.error
        or {key: one.compared for key, one in before.said.items()}
        != {key: one.compared for key, one in after.said.items()}
    )


def laws_in_force(law: RuleSet, on: date, scope: Scope) -> Laws:
    """The provisions judged on a date within a scope: since when each reads so, and its file's hash."""
    sitting = sit(law, on, scope)
    return {
        key: (rule.since, rule.rule.content_hash)
        for key, rule in sorted({**sitting.definitions, **sitting.conduct}.items())
    }


def compare(
    before: Standing,
    after: Standing,
    then: Judged,
    now: Judged,
    explained: Mapping[str, Finding],
) -> tuple[Change, ...]:
    """What changed for one structure, provision by provision and in a word for each jurisdiction.

    `explained` holds the findings of today with their reasons, those plainly outside included, for
    at least the provisions that differ. A structure that could not be judged on one of the two days
    is reported as such, with the words that changed, and not provision by provision: what it was
    not judged under is not known to have changed.
    """
    if before.error or after.error:
        return tuple(_unjudged(before, after))
    found = [
        _of_provision(key, before.said.get(key), after.said.get(key), then, now, explained)
        for key in sorted({*before.said, *after.said})
        if _compared(before.said.get(key)) != _compared(after.said.get(key))
    ]
    return (*_of_summary(before, after, found), *found)


def members_changed(
    kind: Kind, standing_then: Standing | None, standing_now: Standing | None
) -> tuple[Change, ...]:
    """A structure that is watched from now on, or no longer: its words for each jurisdiction."""
    words_then = standing_then.summary if standing_then else {}
    words_now = standing_now.summary if standing_now else {}
    return tuple(
        Change(kind, Why.MEMBERS, code, "", words_then.get(code, ""), words_now.get(code, ""))
        for code in sorted({*words_then, *words_now})
    )


def _said(finding: Finding) -> Said:
    return Said(
        finding.structure.value, finding.outcome.value, finding.clauses, finding.displaced_by
    )


def _compared(said: Said | None) -> tuple[object, ...]:
    return () if said is None else said.compared


def _unjudged(before: Standing, after: Standing) -> Iterator[Change]:
    why = Why.STOPPED if after.error else Why.JUDGED_AGAIN
    if before.error != after.error:
        yield Change(
            Kind.JUDGED, why, before=before.error or "judged", after=after.error or "judged"
        )
    for code in sorted({*before.summary, *after.summary}):
        then, now = before.summary.get(code, ""), after.summary.get(code, "")
        if then != now:
            yield Change(Kind.STATUS, why, code, "", then, now)


def _of_provision(
    key: str,
    before: Said | None,
    after: Said | None,
    then: Judged,
    now: Judged,
    explained: Mapping[str, Finding],
) -> Change:
    finding = explained.get(key)
    held = before.outcome if before else Outcome.OUTSIDE.value
    holds = after.outcome if after else Outcome.OUTSIDE.value
    had = before.clauses if before else ()
    has = after.clauses if after else ()
    reason = _turning(had, has, finding)
    since_then, since_now = then.laws.get(key, ("", ""))[0], now.laws.get(key, ("", ""))[0]
    return Change(
        kind=Kind.GROUNDS if held == holds else Kind.OUTCOME,
        why=_why(key, before, after, then, now),
        jurisdiction=finding.jurisdiction if finding else "",
        provision=key,
        before=held,
        after=holds,
        clause=reason.clause,
        text=reason.text,
        holds=reason.holds,
        clauses_before=had,
        clauses_after=has,
        wording_before=since_then,
        wording_after=since_now,
    )


def _turning(had: tuple[str, ...], has: tuple[str, ...], finding: Finding | None) -> Reason:
    """The step on which the answer turned: a clause met for the first time, a clause that fails or
    is open now, or else a clause that no longer holds."""
    reasons = finding.reasons if finding else ()
    gained = [clause for clause in has if clause not in had]
    lost = [clause for clause in had if clause not in has]
    against = [reason for reason in reasons if reason.holds != "yes"]
    if gained:
        met = (reason for reason in reasons if reason.clause == gained[0])
        return next(met, Reason(gained[0], ""))
    if against:
        return _named(against[0], lost)
    if lost:
        return Reason(lost[0], "", "no")
    return next(iter(reasons), Reason("", "", ""))


def _named(reason: Reason, lost: list[str]) -> Reason:
    """A reason why not often speaks of a place: then the clause is the first that was met before."""
    if reason.clause or not lost:
        return reason
    return Reason(lost[0], reason.text, reason.holds)


def _why(key: str, before: Said | None, after: Said | None, then: Judged, now: Judged) -> Why:
    """The first of the causes, from the law down to the facts, that the two runs show."""
    was, is_ = then.laws.get(key), now.laws.get(key)
    if was is None or is_ is None:
        return Why.COVERAGE if was is is_ else Why.BEGAN if was is None else Why.ENDED
    if was[0] != is_[0]:
        return Why.REWORDED
    if was[1] != is_[1]:
        return Why.RULE_FILE
    return _within_the_same_words(before, after, then, now)


def _within_the_same_words(
    before: Said | None, after: Said | None, then: Judged, now: Judged
) -> Why:
    held, has = before.displaced_by if before else (), after.displaced_by if after else ()
    if held != has:
        return Why.YIELDS if has else Why.GOVERNS_AGAIN
    named = (
        "named" in (before.clauses if before else ()),
        "named" in (after.clauses if after else ()),
    )
    if named[0] != named[1]:
        return Why.NAMED if named[1] else Why.NO_LONGER_NAMED
    if all(named) and _became_certain(before, after) and then.facts == now.facts:
        return Why.CERTAIN
    return Why.FACTS if then.facts != now.facts else Why.OTHER


def _became_certain(before: Said | None, after: Said | None) -> bool:
    """An entry since when is not known may hold on one day and certainly holds on a later one."""
    if before is None or after is None:
        return False
    return (before.outcome, after.outcome) == (Outcome.UNDETERMINED.value, Outcome.INSIDE.value)


def _of_summary(before: Standing, after: Standing, found: Iterable[Change]) -> Iterator[Change]:
    """Each word that changed, with the change of a provision that brings it about."""
    changes = tuple(found)
    for code in sorted({*before.summary, *after.summary}):
        then, now = before.summary.get(code, ""), after.summary.get(code, "")
        if then == now:
            continue
        cause = _cause(code, then, now, changes)
        yield Change(
            kind=Kind.STATUS,
            why=cause.why if cause else Why.OTHER,
            jurisdiction=code,
            provision=cause.provision if cause else "",
            before=then,
            after=now,
            clause=cause.clause if cause else "",
            text=cause.text if cause else "",
            holds=cause.holds if cause else "",
            clauses_before=cause.clauses_before if cause else (),
            clauses_after=cause.clauses_after if cause else (),
            wording_before=cause.wording_before if cause else "",
            wording_after=cause.wording_after if cause else "",
        )


_SHOWS = {Status.CONTROLLED: Outcome.INSIDE, Status.UNDETERMINED: Outcome.UNDETERMINED}


def _cause(code: str, then: str, now: str, changes: tuple[Change, ...]) -> Change | None:
    """A provision of the jurisdiction whose outcome became what the word says now, or was what it
    said before; one of law that applies there directly, where its own shows none."""
    shown = {status.value: outcome.value for status, outcome in _SHOWS.items()}

    def fits(change: Change) -> tuple[bool, bool, bool]:
        became = change.after == shown.get(now, "")
        was = change.before == shown.get(then, "")
        return not (became or was), change.jurisdiction != code, not became

    outcomes = [change for change in changes if change.kind is Kind.OUTCOME]
    return min(outcomes or changes, key=fits, default=None)
