"""What drafts would do to each member of a library. It runs inside a worker (`api.simulating`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from api.law import law_of
from api.simulating import Key, Told, described
from api.usecases.libraries import Member
from registry.chem.standardise import Standardised
from registry.facts import Facts
from rules.decide import Book, Scope, bind, decide
from rules.drafts import Laid, bare, lay, prove, read_draft, remarks
from rules.simulate import Effect, Simulation, Standpoint, Weighed

IN_FORCE = "law in force"
WITHOUT = " without exemptions"
EFFECT, CLAUSE, EXEMPTION, ELSEWHERE = "effect", "clause", "exemption", "elsewhere"


@dataclass(frozen=True, slots=True)
class Tried:
    """The plan: drafts over the law of a day. `elsewhere`: also how those newly caught stand under
    the law of others. `why_not`: also, of every member, why a draft does not catch it.
    `without_exemptions`: each draft that takes something out by name is also tried without that."""

    drafts: tuple[str, ...]
    on: date
    known_at: str
    elsewhere: bool = True
    why_not: bool = False
    without_exemptions: bool = False

    def open(self, law_root: Path | None, facts: Facts) -> Trying:
        """Raises DraftError where a draft does not fit the law."""
        return Trying(self, bind(law_of(law_root), facts))


class Trying:
    """The judge of a simulation."""

    def __init__(self, plan: Tried, book: Book) -> None:
        self._plan, self._book = plan, book
        drafts = [read_draft(text, f"draft {n}") for n, text in enumerate(plan.drafts, 1)]
        self._laid = dict(self._tried([lay(book, draft) for draft in drafts]))

    def _tried(self, laid: Sequence[Laid]) -> Iterator[tuple[str, Laid]]:
        for one in laid:
            yield one.draft.slug, one
            if self._plan.without_exemptions and one.exemptions:
                yield f"{one.draft.slug}{WITHOUT}", lay(self._book, bare(one.draft))

    @cached_property
    def _simulations(self) -> tuple[Simulation, ...]:
        """One for each jurisdiction whose law is changed."""
        baseline = Standpoint(IN_FORCE, self._book, self._plan.on)
        elsewhere = None if self._plan.elsewhere else ()
        codes = dict.fromkeys(laid.draft.jurisdiction for laid in self._laid.values())
        return tuple(
            Simulation(baseline, tuple(self._standpoints(code)), code, elsewhere) for code in codes
        )

    def _standpoints(self, code: str) -> Iterator[Standpoint]:
        for slug, laid in self._laid.items():
            if laid.draft.jurisdiction == code:
                yield Standpoint(slug, laid, self._plan.on)

    def about(self) -> dict[str, Any]:
        """What is told once: of the law in force, and of each draft, its examples run."""
        options = [self._about(slug, laid) for slug, laid in self._laid.items()]
        return {"rule_set": self._book.law.content_hash, "options": options}

    def _about(self, slug: str, laid: Laid) -> dict[str, Any]:
        draft = laid.draft
        hashes = next(one.hashes[slug] for one in self._simulations if slug in one.hashes)
        failures = prove(self._book, draft)
        return {
            **draft.plain(),
            "draft": slug,
            "rule_set": hashes["rule_set"],
            "facts": hashes["facts"],
            "holds": draft.holds(self._plan.on),
            "remarks": list(remarks(draft)),
            "failures": [
                {name: getattr(one, name) for name in ("provision", "example", "expected", "got")}
                for one in failures
            ],
            "exemptions": _named(laid),
        }

    def judge(self, member: Member, standardised: Standardised) -> Told:
        found = [one for sim in self._simulations for one in sim.weigh(standardised)]
        told = self._told(member, found)
        if not self._plan.why_not:
            return told
        row = told.row or {**described(member), "told": {}}
        return told._replace(row={**row, "why_not": self._why_not(found, standardised)})

    def stopped(self, member: Member, code: str, message: str) -> Told:
        found = [one for sim in self._simulations for one in sim.stopped(code, message)]
        return self._told(member, found)

    def _told(self, member: Member, found: Sequence[Weighed]) -> Told:
        counted = tuple(key for one in found for key in self._counted(member, one))
        touched = {
            one.standpoint: one.plain() for one in found if one.effect is not Effect.UNCHANGED
        }
        if not touched:
            return Told(None, counted)
        ordered = {slug: touched[slug] for slug in self._laid if slug in touched}
        return Told({**described(member), "told": ordered}, counted)

    def _counted(self, member: Member, weighed: Weighed) -> Iterator[Key]:
        slug, effect = weighed.standpoint, weighed.effect.value
        yield member.library, EFFECT, slug, effect
        if weighed.effect is Effect.UNCHANGED:
            return
        plain = weighed.plain()
        by = plain.get("after_by") or plain.get("before_by") or []
        for one in by:
            yield member.library, CLAUSE, slug, effect, one["provision"], *one["clauses"]
        for one in plain.get("exemptions", ()):
            yield member.library, EXEMPTION, slug, one["provision"], one["name"]
        for code, status in plain.get("elsewhere", {}).items():
            yield member.library, ELSEWHERE, slug, code, status

    def _why_not(self, found: Sequence[Weighed], standardised: Standardised) -> dict[str, Any]:
        """By draft, the clauses on which its provisions fail."""
        return {
            one.standpoint: list(self._failing(self._laid[one.standpoint], standardised))
            for one in found
            if one.effect in (Effect.UNCHANGED, Effect.EXEMPTED)
        }

    def _failing(self, laid: Laid, standardised: Standardised) -> Iterator[dict[str, Any]]:
        decision = decide(
            standardised,
            laid.at(self._plan.on),
            on=self._plan.on,
            known_at=self._plan.known_at,
            text="",
            scope=Scope((laid.draft.jurisdiction,), laid.draft.touched),
            everything=True,
        )
        for finding in decision.findings:
            reasons = [
                {"clause": one.clause, "text": one.text, "part": one.part}
                for one in finding.reasons
                if one.holds == "no"
            ]
            yield {
                "provision": finding.provision,
                "outcome": finding.outcome.value,
                "reasons": reasons,
            }


def _named(laid: Laid) -> list[dict[str, str]]:
    """What a draft takes out, each name once: it may stand there with several structures."""
    names = ("provision", "name", "clause")
    spared = (one for one in laid.exemptions if laid.draft.spares(one.name))
    found = dict.fromkeys(tuple(getattr(one, name) for name in names) for one in spared)
    return [dict(zip(names, one, strict=True)) for one in found]
