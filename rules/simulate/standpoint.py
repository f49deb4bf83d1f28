"""A standpoint: the law as somebody might hold it to be, on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.chem.standardise import Standardised
from rules.controls.matter import Matter
from rules.decide import decide
from rules.drafts.lay import Laid
from rules.goods import PURE, Goods
from rules.result import Decision
from rules.sitting import Book, Scope
from rules.status import Judged


@dataclass(frozen=True)
class Standpoint:
    """A law and a day, under a name: the law in force, the law with a draft laid over it, another
    rule set, another day, a question read one way."""

    name: str
    book: Book
    on: date

    @property
    def read(self) -> Book:
        """The book as it reads on the day."""
        return self.book.at(self.on)

    @property
    def laid(self) -> Laid | None:
        """The draft that holds on the day, laid over what is there without it."""
        read = self.read
        return read if isinstance(read, Laid) else None

    def judged(self, scope: Scope) -> Judged:
        """What all standings of this standpoint share."""
        read = self.read
        sitting = read.sitting(self.on, scope)
        rules = {**sitting.definitions, **sitting.conduct}
        return Judged(
            on=self.on,
            known_at="",
            rule_set=read.law.content_hash,
            facts=read.facts.content_hash,
            laws={key: (one.since, one.rule.content_hash) for key, one in sorted(rules.items())},
        )

    def decide(
        self,
        standardised: Standardised,
        scope: Scope,
        *,
        matters: Sequence[Matter] | None = None,
        everything: bool = False,
        goods: Goods = PURE,
    ) -> Decision:
        """The decision on one structure. `matters`: those of another standpoint, to be used again."""
        read, before = self.read, None
        if matters is not None and not everything:
            before = [one.again(self.on, read.register) for one in matters]
        return decide(
            standardised,
            read,
            on=self.on,
            known_at="",
            text="",
            scope=scope,
            everything=everything,
            goods=goods,
            matters=before,
        )

    def plain(self) -> dict[str, str]:
        """What an answer has to say of it to be repeated."""
        read = self.read
        rule_set, facts = read.law.content_hash, read.facts.content_hash
        return {"on": self.on.isoformat(), "rule_set": rule_set, "facts": facts}
