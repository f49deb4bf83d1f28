"""What a draft has made of the law so far, while it is being laid."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from registry.facts import Listing
from rules.drafts.read import Draft
from rules.load import Ruled, TakenOut
from rules.schema import Provision, Wording
from rules.sitting import Book
from rules.strict_yaml import Document, Path_


@dataclass(frozen=True, slots=True)
class Exemption:
    """A carve-out by name that a draft brings. `out` is how the substance is recognised."""

    provision: str
    name: str
    clause: str
    out: TakenOut


@dataclass
class Desk:
    """`rules` and `listings` are those of the law as changed up to here; of the listings only those
    that are new or ended."""

    draft: Draft
    before: Book
    rules: dict[str, Ruled]
    listings: dict[str, Listing] = field(default_factory=dict)
    exemptions: list[Exemption] = field(default_factory=list)

    def rule(self, key: str, part: Document, path: Path_) -> Ruled:
        """A provision of the draft's own law; `path` is where the change names it."""
        rule, code = self.rules.get(key), self.draft.jurisdiction
        if rule is None:
            raise part.error(f"the law has no provision `{key}`", path)
        if rule.provision.jurisdiction != code:
            owner = rule.provision.jurisdiction
            raise part.error(f"`{key}` is law of {owner}, and the draft is one of {code}", path)
        return rule

    def in_force(self, key: str, part: Document, path: Path_) -> Ruled:
        """The same, of a provision in force on the draft's first day."""
        rule = self.rule(key, part, path)
        if rule.wording(self.draft.since) is None:
            day = self.draft.since.isoformat()
            raise part.error(f"`{key}` is not in force on {day}", path)
        return rule

    def put(self, rule: Ruled) -> None:
        self.rules[rule.provision.id] = rule

    def spare(self, rule: Ruled, outs: tuple[TakenOut, ...]) -> tuple[TakenOut, ...]:
        """Carve-outs the draft brings to a provision: noted, and those given that are not thought
        away."""
        key = rule.provision.id
        self.exemptions += [Exemption(key, one.name, one.clause, one) for one in outs]
        return tuple(one for one in outs if self.draft.spares(one.name))


def on_its_days(rule: Ruled, draft: Draft) -> Ruled:
    """A rule of a draft with no wording before the draft's first day, or after its last."""
    wordings = tuple(_clipped(rule.provision, draft))
    return replace(rule, provision=rule.provision.model_copy(update={"wordings": wordings}))


def _clipped(provision: Provision, draft: Draft) -> Iterator[Wording]:
    for one in provision.wordings:
        since = draft.since if one.since is None else max(one.since, draft.since)
        ends = [end for end in (one.until, draft.until) if end is not None]
        until = min(ends, default=None)
        if until is None or since < until:
            yield one.model_copy(update={"since": since, "until": until})


def hashed(*parts: object) -> str:
    """One hash of several parts."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()
