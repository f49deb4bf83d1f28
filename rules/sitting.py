"""The law bound with the facts, and what of it is asked on one date within one scope.

A sitting is worked out once for many structures: which rules are in force, which of them work by
names, which known gaps apply.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property

from registry.errors import UnknownScope
from registry.facts import Facts, Listing
from rules.controls.analogue import References
from rules.controls.listing import POSITIONAL
from rules.controls.matter import InForceRule
from rules.controls.register import Register
from rules.language.probe import Cores, Probe, by_roots
from rules.load import RuleSet, Unmodelled
from rules.result import Finding, Outcome, Structure
from rules.schema import Evidence

REMEMBERED = 16  # sittings a book keeps; a service asks about few dates and scopes at a time


@dataclass(frozen=True, slots=True)
class Scope:
    """Which provisions are asked: jurisdiction codes and globs of identifiers; empty means all."""

    jurisdictions: tuple[str, ...] = ()
    provisions: tuple[str, ...] = ()

    def takes(self, provision: str, jurisdiction: str) -> bool:
        if self.jurisdictions and jurisdiction not in self.jurisdictions:
            return False
        return not self.provisions or any(fnmatchcase(provision, g) for g in self.provisions)


EVERYTHING = Scope()


@dataclass(frozen=True)
class Gap:
    """What is known not to be modelled in a jurisdiction."""

    jurisdiction: str
    told: Unmodelled

    @property
    def missing(self) -> str:
        return f"not modelled: {self.told.reason}"

    @cached_property
    def finding(self) -> Finding:
        """What is answered where no rule says anything of the provision."""
        return Finding(
            self.told.provision,
            self.jurisdiction,
            self.told.title,
            "not modelled",
            Structure.UNDETERMINED,
            Outcome.UNDETERMINED,
            missing=(self.missing,),
        )


@dataclass(frozen=True)
class Sitting:
    """What is asked on one date: rules in force by kind, in the order of their identifiers.

    `under` gives for a jurisdiction asked those whose law applies there directly; `over` is every
    jurisdiction judged. `scope` says which of them are shown; its jurisdictions are all that are judged.
    The gaps are what is known not to be modelled, by what decides whether they concern a molecule.
    """

    on: date
    scope: Scope
    lists: Mapping[str, InForceRule]
    classes: Mapping[str, InForceRule]
    conduct: Mapping[str, InForceRule]
    gaps_asked_always: tuple[Gap, ...]
    gaps_by_name: tuple[Gap, ...]
    gaps_by_fragment: Mapping[str, tuple[Gap, ...]]
    fragments: Cores
    jurisdictions: tuple[str, ...]
    under: Mapping[str, tuple[str, ...]]
    over: tuple[str, ...]
    caveats: tuple[str, ...]

    @cached_property
    def definitions(self) -> Mapping[str, InForceRule]:
        """Every rule in force that says of a structure whether it is meant."""
        return {**self.lists, **self.classes}

    @cached_property
    def cores(self) -> Cores:
        """Each core once, with the classes that have it, by its roots."""
        found: dict[int, tuple[Probe, list[str]]] = {}
        for key, rule in self.classes.items():
            reading = rule.rule.reading(rule.wording)
            for probe in reading.probes if reading else ():
                found.setdefault(id(probe), (probe, []))[1].append(key)
        return by_roots((probe, tuple(keys)) for probe, keys in found.values())

    @cached_property
    def pointers(self) -> Mapping[str, str]:
        """Lists without names of their own, and the provision whose names they point to."""
        pointers = {key: rule.rule.provision.points_to for key, rule in self.lists.items()}
        return {key: pointer.provision for key, pointer in pointers.items() if pointer}

    @cached_property
    def compares(self) -> bool:
        """Whether a provision asks what a structure is like."""
        return any(rule.rule.provision.kind == "analogue" for rule in self.conduct.values())

    @property
    def considered(self) -> int:
        return len(self.lists) + len(self.classes) + len(self.conduct)


@dataclass(frozen=True)
class Book:
    """The law bound together with the facts it is judged on, indexed once for many questions."""

    law: RuleSet
    facts: Facts
    register: Register
    references: References
    _sittings: dict[tuple[date, Scope], Sitting] = field(default_factory=dict, compare=False)

    def at(self, on: date) -> Book:  # noqa: ARG002 (a book laid over another asks)
        """What is read on a date: this book, unless its law is laid over another for some days."""
        return self

    def sitting(self, on: date, scope: Scope) -> Sitting:
        """The sitting for a date and scope, remembered for the next structure."""
        key = on, scope
        if key not in self._sittings:
            if len(self._sittings) >= REMEMBERED:
                self._sittings.clear()
            self._sittings[key] = sit(self.law, on, scope)
        return self._sittings[key]


def check_scope(law: RuleSet, scope: Scope) -> None:
    """Refuse a jurisdiction or a glob that nothing answers to: it is a slip, and would read as
    `not controlled`. Raises UnknownScope."""
    known = asked_jurisdictions(law, EVERYTHING)
    for code in scope.jurisdictions:
        if code not in known:
            raise UnknownScope(f"no law of `{code}` is modelled; there is {', '.join(known)}")
    for glob in scope.provisions:
        if not law.named([glob]):
            raise UnknownScope(f"no provision answers to `{glob}`")
    if not asked_jurisdictions(law, scope):
        raise UnknownScope("no provision of the jurisdictions asked answers to the globs asked")


def bind(law: RuleSet, facts: Facts) -> Book:
    """Index the facts for the questions this law asks. Costs about a second; do it once."""
    register = Register(facts, derivable(law, facts), positional(law))
    return Book(law, facts, register, References.of(facts, compared(law)))


def rebind(book: Book, law: RuleSet, changed: tuple[Listing, ...], facts_hash: str) -> Book:
    """The book with another law and some listings new, or as given here under their identifiers.

    What the change leaves alone of the index is kept. `facts_hash` is the content hash of the facts
    if there is any such listing.
    """
    facts = book.facts
    if changed:
        rows = {listing.id: listing for listing in (*facts.listings, *changed)}
        facts = replace(facts, listings=tuple(rows.values()), content_hash=facts_hash)
    return Book(
        law, facts, _register(book, law, facts, changed), _references(book, law, facts, changed)
    )


def reindexed(book: Book, law: RuleSet, facts: Facts) -> bool:
    """Whether another law asks other questions of the entries that the book holds already."""
    names = {listing.provision for listing in book.facts.listings}
    return (
        derivable(book.law, book.facts) & names != derivable(law, facts) & names
        or positional(book.law) & names != positional(law) & names
    )


def _register(book: Book, law: RuleSet, facts: Facts, changed: tuple[Listing, ...]) -> Register:
    asked = derivable(law, facts), positional(law)
    if reindexed(book, law, facts):
        return Register(facts, *asked)
    if not changed:
        return book.register
    return book.register.amended(replace(facts, listings=changed), *asked)


def _references(book: Book, law: RuleSet, facts: Facts, changed: tuple[Listing, ...]) -> References:
    asked = compared(law)
    globs = {glob for one in asked for glob in one.references}
    if asked == compared(book.law) and not any(
        fnmatchcase(listing.provision, glob) for listing in changed for glob in globs
    ):
        return book.references
    return References.of(facts, asked)


def derivable(law: RuleSet, facts: Facts) -> frozenset[str]:
    """The provisions of which esters or ethers are covered, by some wording or by an entry."""
    derived = {"esters", "ethers"}
    by_wording = {
        key
        for key, provision in law.provisions.items()
        if any(not derived.isdisjoint(wording.covers) for wording in provision.wordings)
    }
    by_entry = {
        listing.provision
        for listing in facts.listings
        if not derived.isdisjoint(listing.covers or ())
    }
    return frozenset(by_wording | by_entry)


def positional(law: RuleSet) -> frozenset[str]:
    """The provisions whose wording speaks of positional isomers."""
    return frozenset(
        key
        for key, provision in law.provisions.items()
        if any(POSITIONAL in (*one.covers, *one.leaves_open) for one in provision.wordings)
    )


def compared(law: RuleSet) -> list[Evidence]:
    """What the provisions compare with that ask what a structure is like."""
    return [one.evidence for one in law.provisions.values() if one.evidence is not None]


def sit(law: RuleSet, on: date, scope: Scope) -> Sitting:
    """Which rules of the law are asked on a date within a scope.

    A scope of provisions limits what is shown, not what is judged: whether a provision governs
    depends on the others of its jurisdiction, and on law that applies there directly.
    """
    jurisdictions = asked_jurisdictions(law, scope)
    table = law.coverage.jurisdictions
    judged = {*jurisdictions, *(up for c in jurisdictions if c in table for up in table[c].under)}
    kinds = _in_force(law, on, judged)
    gaps = tuple(
        Gap(code, gap)
        for code, covered in table.items()
        for gap in covered.not_modelled
        if code in judged and _holds(gap, on)
    )
    by_fragment = {
        need: tuple(gap for gap in gaps if need in gap.told.needs)
        for need in sorted({need for gap in gaps for need in gap.told.needs})
    }
    return Sitting(
        on=on,
        scope=Scope(tuple(sorted(judged)), scope.provisions),
        lists=kinds["list"],
        classes=kinds["class"],
        conduct=kinds["conduct"],
        gaps_asked_always=tuple(
            gap for gap in gaps if not (gap.told.needs or gap.told.needs_named_in)
        ),
        gaps_by_name=tuple(gap for gap in gaps if gap.told.needs_named_in),
        gaps_by_fragment=by_fragment,
        fragments=by_roots((law.fragments[need], (need,)) for need in by_fragment),
        jurisdictions=jurisdictions,
        under={c: table[c].under for c in jurisdictions if c in table and table[c].under},
        over=tuple(sorted(judged)),
        caveats=_caveats(law, on, sorted(judged)),
    )


def _in_force(
    law: RuleSet, on: date, judged: Container[str]
) -> Mapping[str, Mapping[str, InForceRule]]:
    """The rules in force of the jurisdictions judged, and those whose names one of their gaps rests
    on, by what has to be asked of them."""
    rested_on = law.named(
        glob
        for code, covered in law.coverage.jurisdictions.items()
        if code in judged
        for gap in covered.not_modelled
        for glob in gap.needs_named_in
    )
    kinds: dict[str, dict[str, InForceRule]] = {"list": {}, "class": {}, "conduct": {}}
    sorted_as = {"temporary": "list", "analogue": "conduct", "effect": "conduct"}
    for key, rule in law.rules.items():
        wording = rule.wording(on)
        if wording is not None and (rule.provision.jurisdiction in judged or key in rested_on):
            kind = rule.provision.kind
            kinds[sorted_as.get(kind, kind)][key] = InForceRule.of(rule, wording)
    return kinds


def _holds(gap: Unmodelled, on: date) -> bool:
    return (gap.since is None or gap.since <= on) and (gap.until is None or on < gap.until)


def asked_jurisdictions(law: RuleSet, scope: Scope) -> tuple[str, ...]:
    """The jurisdictions an answer summarises: those with a provision in scope."""
    found = {code for key, code in law.owners.items() if scope.takes(key, code)}
    if not scope.provisions:
        found |= {code for code in law.coverage.jurisdictions if scope.takes("", code)}
    return tuple(sorted(found))


def _caveats(law: RuleSet, on: date, codes: Iterable[str]) -> tuple[str, ...]:
    """What limits the answer: how far the sources of each jurisdiction reach."""
    found = []
    for code in codes:
        covered = law.coverage.jurisdictions.get(code)
        if covered is None:
            continue
        if covered.verified_until is not None and on > covered.verified_until:
            found.append(f"{code}: sources read as of {covered.verified_until.isoformat()}")
        found += [f"{code}: {remark}" for remark in covered.remarks]
    return tuple(found)
