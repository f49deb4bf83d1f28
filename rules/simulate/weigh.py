"""One structure weighed under several standpoints: what each does to it, and by which clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from registry.chem.standardise import Standardised
from rules.controls.matter import Matter
from rules.decide import matters_of
from rules.drafts.desk import Exemption
from rules.drafts.lay import Laid, lay
from rules.drafts.read import Draft, bare, only, without
from rules.goods import PURE, Goods
from rules.result import Decision, Finding, Outcome, Status, Structure
from rules.simulate.concern import Concerns, concern
from rules.simulate.differ import changes
from rules.simulate.effect import REACHED, Effect, Spared, Weighed, said
from rules.simulate.standpoint import Standpoint
from rules.sitting import Scope, asked_jurisdictions
from rules.status import Judged


@dataclass(frozen=True)
class Asked:
    """One structure with what the baseline says of it; everything else is compared with that."""

    standardised: Standardised
    matters: Sequence[Matter]
    goods: Goods
    before: Decision


@dataclass(frozen=True)
class Simulation:
    """Standpoints held against a baseline in one jurisdiction.

    `elsewhere`: the jurisdictions whose words are told of what is newly reached; all that are
    modelled if not said. A draft whose changes cannot concern a structure is not asked about it
    (`rules.simulate.concern`).
    """

    baseline: Standpoint
    standpoints: tuple[Standpoint, ...]
    jurisdiction: str
    elsewhere: tuple[str, ...] | None = None
    _variants: dict[tuple[int, str, str], Standpoint] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def scope(self) -> Scope:
        return Scope(jurisdictions=(self.jurisdiction,))

    @property
    def hashes(self) -> Mapping[str, Mapping[str, str]]:
        """What each standpoint rests on, by its name."""
        return {one.name: one.plain() for one in (self.baseline, *self.standpoints)}

    def weigh(self, standardised: Standardised, goods: Goods = PURE) -> tuple[Weighed, ...]:
        """What each standpoint does to a structure, in their order.

        Effects are of the law as modelled on known substances: no legal opinion, and no list of
        what somebody would be charged with.
        """
        base = self.baseline
        matters = matters_of(standardised, base.read, base.on)
        before = base.decide(standardised, self.scope, matters=matters, goods=goods)
        asked = Asked(standardised, matters, goods, before)
        concerned = self._concerns.about(matters)
        return tuple(
            self._weighed(place, one, asked) if place in concerned else self._unchanged(one, before)
            for place, one in enumerate(self.standpoints)
        )

    def stopped(self, code: str, message: str) -> tuple[Weighed, ...]:
        """What is said where a structure could not be read, or its computation was stopped."""
        open_ = Status.UNDETERMINED.value
        return tuple(
            Weighed(one.name, Effect.NOT_JUDGED, open_, open_, error=(code, message))
            for one in self.standpoints
        )

    @cached_property
    def _concerns(self) -> Concerns:
        return Concerns(tuple(concern(self.baseline, one, self.scope) for one in self.standpoints))

    @cached_property
    def _laws(self) -> tuple[Judged, tuple[Judged, ...]]:
        return self.baseline.judged(self.scope), tuple(
            one.judged(self.scope) for one in self.standpoints
        )

    def _unchanged(self, standpoint: Standpoint, before: Decision) -> Weighed:
        word = self._word(before)
        return Weighed(standpoint.name, Effect.UNCHANGED, word, word)

    def _word(self, decision: Decision) -> str:
        return decision.summary[self.jurisdiction].value

    def _weighed(self, place: int, standpoint: Standpoint, asked: Asked) -> Weighed:
        after = self._after(standpoint, asked)
        effect = self._effect(standpoint, asked.before, after)
        exemptions = self._spared(place, standpoint, asked)
        if effect is Effect.UNCHANGED and any(one.with_none in REACHED for one in exemptions):
            effect = Effect.EXEMPTED
        was, is_ = self._laws
        whole = partial(
            standpoint.decide, asked.standardised, self.scope, everything=True, goods=asked.goods
        )
        told = changes(asked.before, after, (was, is_[place]), whole)
        if effect is Effect.UNCHANGED and not told:
            return self._unchanged(standpoint, asked.before)
        by = self._by(standpoint, after)
        return Weighed(
            standpoint=standpoint.name,
            effect=effect,
            before=self._word(asked.before),
            after=self._word(after),
            before_by=tuple(map(said, _governing(asked.before))),
            after_by=tuple(map(said, by)),
            changes=told,
            open=_open(by) if self._word(after) == Status.UNDETERMINED else (),
            exemptions=exemptions,
            elsewhere=self._elsewhere(asked) if effect in REACHED else {},
        )

    def _after(self, standpoint: Standpoint, asked: Asked) -> Decision:
        return standpoint.decide(
            asked.standardised, self.scope, matters=asked.matters, goods=asked.goods
        )

    def _effect(self, standpoint: Standpoint, before: Decision, after: Decision) -> Effect:
        was, is_ = before.summary[self.jurisdiction], after.summary[self.jurisdiction]
        if was is not is_:
            return _BECAME[is_]
        moved = _moved(before, after, _touched(standpoint))
        if is_ is Status.CONTROLLED and any(map(_reaches, moved)):
            return Effect.ALREADY
        if is_ is Status.UNDETERMINED and any(one.outcome is Outcome.UNDETERMINED for one in moved):
            return Effect.ASKED
        return Effect.UNCHANGED

    def _by(self, standpoint: Standpoint, after: Decision) -> list[Finding]:
        """What the changed provisions say; where they say nothing, what governs."""
        touched = _touched(standpoint)
        told = [one for one in after.findings if touched is not None and one.provision in touched]
        return told or _governing(after)

    def _elsewhere(self, asked: Asked) -> dict[str, str]:
        base = self.baseline
        codes = self.elsewhere
        if codes is None:
            codes = asked_jurisdictions(base.read.law, Scope())
        others = tuple(code for code in codes if code != self.jurisdiction)
        if not others:
            return {}
        decision = base.decide(
            asked.standardised,
            Scope(jurisdictions=others),
            matters=asked.matters,
            goods=asked.goods,
        )
        return {code: status.value for code, status in decision.summary.items()}

    def _spared(self, place: int, standpoint: Standpoint, asked: Asked) -> tuple[Spared, ...]:
        """What each carve-out by name of a draft does for the structure, where it is the one named."""
        laid = standpoint.laid
        if laid is None:
            return ()
        named = {one.name: one for one in laid.exemptions if _is_named(one, asked.matters)}
        if not named:
            return ()
        with_none = self._with(place, laid, "none", "", asked)
        return tuple(
            Spared(
                name,
                one.provision,
                one.clause,
                _against(self._with(place, laid, "without", name, asked), with_none),
                _against(self._with(place, laid, "only", name, asked), with_none),
                with_none,
            )
            for name, one in named.items()
        )

    def _with(self, place: int, laid: Laid, kind: str, name: str, asked: Asked) -> Effect:
        """The effect of a draft with some of its carve-outs thought away."""
        key = place, kind, name
        if key not in self._variants:
            one = self.standpoints[place]
            book = lay(laid.before, _variant(laid.draft, kind, name))
            self._variants[key] = Standpoint(one.name, book, one.on)
        variant = self._variants[key]
        return self._effect(variant, asked.before, self._after(variant, asked))


_BECAME = {
    Status.CONTROLLED: Effect.CAUGHT,
    Status.UNDETERMINED: Effect.ASKED,
    Status.NOT_CONTROLLED: Effect.RELEASED,
}


def _variant(draft: Draft, kind: str, name: str) -> Draft:
    if kind == "none":
        return bare(draft)
    return without(draft, name) if kind == "without" else only(draft, name)


def _against(effect: Effect, with_none: Effect) -> Effect:
    """What is unchanged with some carve-outs, and would be reached with none, they take out."""
    spared = effect is Effect.UNCHANGED and with_none in REACHED
    return Effect.EXEMPTED if spared else effect


def _is_named(one: Exemption, matters: Sequence[Matter]) -> bool:
    return any(one.out.is_it(matter.component.mol, matter.formula, matter.on) for matter in matters)


def _touched(standpoint: Standpoint) -> frozenset[str] | None:
    """The provisions a draft changes; None where the standpoint is no draft, and any may differ."""
    laid = standpoint.laid
    return None if laid is None else frozenset(laid.draft.touched)


def _moved(before: Decision, after: Decision, touched: frozenset[str] | None) -> list[Finding]:
    """What provisions say that they did not say so before, of those a draft changes."""
    said_before = {one.provision: _short(one) for one in before.findings}
    return [
        one
        for one in after.findings
        if (touched is None or one.provision in touched)
        and said_before.get(one.provision) != _short(one)
    ]


def _short(finding: Finding) -> tuple[object, ...]:
    return finding.structure, finding.outcome, finding.clauses


def _reaches(finding: Finding) -> bool:
    return finding.structure is Structure.MEETS or finding.outcome is Outcome.INSIDE


def _governing(decision: Decision) -> list[Finding]:
    """What governs, or else what is open."""
    inside = [
        one
        for one in decision.findings
        if one.settles and (one.outcome is Outcome.INSIDE or one.either_way)
    ]
    return inside or [
        one for one in decision.findings if one.settles and one.outcome is Outcome.UNDETERMINED
    ]


def _open(findings: Sequence[Finding]) -> tuple[str, ...]:
    """What is missing, each once."""
    return tuple(dict.fromkeys(text for one in findings for text in one.missing))
