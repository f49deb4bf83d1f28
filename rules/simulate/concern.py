"""Which structures a draft can concern at all: the others are not judged again.

The argument is exact, not a screen. A provision speaks of a structure only where a name answers to
it, or a core of the class is there; what speaks of it neither with the draft nor without it changes
nothing in the decision. So a structure is passed over where no changed provision is asked about it
in either law, no class built upon a changed one is asked, no entry that is new or ended answers, and
none is near enough to be shown as evidence. Where that cannot be said beforehand (a changed law on
conduct, an index made anew), every structure is concerned. A test holds it against the long way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property

from registry.chem.hydrolysis import hydrolysed
from rules.controls.analogue import References
from rules.controls.generic import found
from rules.controls.matter import InForceRule, Matter
from rules.controls.register import Register
from rules.drafts.lay import Laid
from rules.language.probe import Cores, Probe, by_roots
from rules.load import TakenOut
from rules.simulate.standpoint import Standpoint
from rules.sitting import Scope, Sitting, compared, derivable, positional, reindexed


@dataclass(frozen=True)
class Concern:
    """What of one draft a structure can come under. `everything`: nothing can be passed over."""

    everything: bool
    probes: tuple[Probe, ...] = ()
    names: frozenset[str] = frozenset()
    taken_out: tuple[TakenOut, ...] = ()
    entries: Register | None = None
    near: References | None = None

    def by_names(self, matter: Matter) -> bool:
        """Whether a name answers, in the law as it was or among the entries of the draft, or a
        carve-out does."""
        return (
            not self.names.isdisjoint(matter.hits)
            or not self.names.isdisjoint(matter.closure_hits)
            or any(
                one.is_it(matter.component.mol, matter.formula, matter.on) for one in self.taken_out
            )
            or (self.entries is not None and _answers(self.entries, matter))
            or (self.near is not None and bool(self.near.near(matter)))
        )


def _answers(entries: Register, matter: Matter) -> bool:
    mol = matter.component.mol
    return bool(
        entries.hits(mol, matter.formula, matter.counterions)
        or (entries.derivable and hydrolysed(mol, entries.derivable))
    )


def concern(baseline: Standpoint, standpoint: Standpoint, scope: Scope) -> Concern:
    """What of a standpoint has to be asked of a structure that the baseline was asked about."""
    laid = standpoint.laid
    if laid is None or standpoint.on != baseline.on:
        return Concern(
            everything=standpoint.read is not baseline.read or standpoint.on != baseline.on
        )
    if laid.beneath is not baseline.read:
        return Concern(everything=True)
    sittings = tuple(one.read.sitting(one.on, scope) for one in (baseline, standpoint))
    changed = _changed(laid)
    return _of(laid, changed, *sittings)


def _changed(laid: Laid) -> frozenset[str]:
    was, is_ = laid.beneath.law.rules, laid.law.rules
    return frozenset(key for key in {*was, *is_} if was.get(key) is not is_.get(key))


def _of(laid: Laid, changed: frozenset[str], was: Sitting, is_: Sitting) -> Concern:
    if reindexed(laid.beneath, laid.law, laid.facts) or any(
        key in one.conduct for key in changed for one in (was, is_)
    ):
        return Concern(everything=True)
    rules = [*_rules(was, changed), *_rules(is_, changed)]
    listed = {one.provision for one in laid.entries}
    facts = replace(laid.facts, listings=laid.entries)
    asked = [*compared(laid.beneath.law), *compared(laid.law)]
    compares = bool(laid.entries) and (was.compares or is_.compares)
    return Concern(
        everything=False,
        probes=tuple(dict.fromkeys(_probes(rules))),
        names=frozenset(_names(rules, changed | listed, (was, is_))),
        taken_out=tuple(out for one in rules for out in one.rule.taken_out),
        entries=Register(facts, derivable(laid.law, laid.facts), positional(laid.law))
        if laid.entries
        else None,
        near=References.of(facts, asked) if compares else None,
    )


def _rules(sitting: Sitting, changed: frozenset[str]) -> list[InForceRule]:
    """The rules that are changed, and the classes built upon one of them."""
    return [
        rule
        for key, rule in sitting.definitions.items()
        if key in changed or _built_upon(rule, changed)
    ]


def _built_upon(rule: InForceRule, changed: Iterable[str]) -> bool:
    reading = rule.rule.reading(rule.wording)
    if reading is None or reading.upon is None:
        return False
    globs = reading.upon.upon.provisions
    return any(fnmatchcase(key, glob) for key in changed for glob in globs)


def _probes(rules: Iterable[InForceRule]) -> Iterable[Probe]:
    for rule in rules:
        reading = rule.rule.reading(rule.wording)
        yield from reading.probes if reading else ()


def _names(
    rules: Iterable[InForceRule], changed: frozenset[str], sittings: Sequence[Sitting]
) -> Iterable[str]:
    """The provisions whose entries matter: those changed, and those a changed one points to."""
    yield from changed
    yield from (rule.rule.provision.id for rule in rules)
    for sitting in sittings:
        yield from (pointed for key, pointed in sitting.pointers.items() if key in changed)


@dataclass(frozen=True)
class Concerns:
    """What every draft of a simulation has to be asked about, their cores looked for together."""

    of: tuple[Concern, ...]

    @cached_property
    def _cores(self) -> Cores:
        held: dict[int, tuple[Probe, list[str]]] = {}
        for place, one in enumerate(self.of):
            for probe in one.probes:
                held.setdefault(id(probe), (probe, []))[1].append(str(place))
        return by_roots((probe, tuple(labels)) for probe, labels in held.values())

    def about(self, matters: Sequence[Matter]) -> frozenset[int]:
        """The places of the drafts that concern a structure, given component by component as the
        baseline has it."""
        places = {place for place, one in enumerate(self.of) if one.everything}
        for matter in matters:
            for view in (matter.view, *([matter.keto] if matter.keto else [])):
                places.update(map(int, found(self._cores, view)))
            places.update(
                place
                for place, one in enumerate(self.of)
                if place not in places and one.by_names(matter)
            )
        return frozenset(places)
