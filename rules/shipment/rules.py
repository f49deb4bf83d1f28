"""The shape of a shipment rule: one paragraph of a treaty, what it asks, and the proof of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from rules.reading import Part
from rules.schema import Cite, Omission
from rules.shipment.conditions import (
    ALWAYS,
    All,
    AnyOf,
    Ask,
    Condition,
    Not,
    Value,
    facts_of,
    parse_condition,
    read_value,
)
from rules.shipment.vocabulary import FACTS, Scope

Severity = Literal["stop", "detain", "duty", "info"]
Answer = Literal["satisfied", "failed", "unknown", "owed", "noted", "not applicable"]


def _condition(content: Any) -> Condition:
    return content if isinstance(content, All | AnyOf | Not | Ask) else parse_condition(content)


def _template(text: str) -> str:
    for name in placeholders(text):
        if name not in FACTS:
            raise ValueError(f"unknown fact `{name}` in a text")
    return text


def placeholders(text: str) -> list[str]:
    """The facts a text shows, in order."""
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


def _facts(content: Any) -> dict[str, Value]:
    if not isinstance(content, dict):
        raise ValueError("facts are a mapping")  # noqa: TRY004 - pydantic reads it
    unknown = sorted(set(content) - set(FACTS))
    if unknown:
        raise ValueError(f"unknown fact `{unknown[0]}`")
    return {
        name: None if value is None else read_value(FACTS[name].kind, value)
        for name, value in content.items()
    }


Asked = Annotated[Condition, BeforeValidator(_condition)]
Words = Annotated[str, Field(min_length=1), AfterValidator(_template)]
GivenFacts = Annotated[dict[str, Value], BeforeValidator(_facts)]


class Judged(Part):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Otherwise(Judged):
    """What follows if the test fails; for a duty, what is owed in any case."""

    severity: Severity
    finding: Words
    remedy: Words | None = None


class Require(Judged):
    """One thing the paragraph asks. `when`: only then. Without a test it is owed, if it is a duty,
    or noted, if it is information.

    `open_question`: what is remembered of the paragraph and was not read in its text. Nothing is
    tested then: where it is asked, the answer is unknown.
    """

    id: str
    clause: str
    when: Asked = ALWAYS
    test: Asked | None = None
    satisfied: Words | None = None
    otherwise: Otherwise
    unknown: Words | None = None
    open_question: Words | None = None

    @model_validator(mode="after")
    def _whole(self) -> Require:
        if self.open_question is not None:
            if self.test is not None or not self.otherwise.remedy:
                raise ValueError(f"`{self.id}` is an open question: it has a remedy and no test")
        elif self.test is None:
            if self.otherwise.severity not in {"duty", "info"}:
                raise ValueError(f"`{self.id}` has no test, so it can be only a duty or info")
        elif self.otherwise.severity == "duty":
            raise ValueError(f"`{self.id}` is a duty, which has no test")
        elif not (self.satisfied and self.unknown and self.otherwise.remedy):
            raise ValueError(f"`{self.id}` needs the texts satisfied, unknown and remedy")
        return self


class Example(Judged):
    """Facts, on top of those given for all examples of the rule, and each answer expected."""

    name: str
    facts: GivenFacts = Field(default={})
    expect: dict[str, Answer]


class ShipmentRule(Judged):
    """One paragraph. `each`: what it is asked of. `given`: facts shared by its examples.

    `inside`: facts under which the first example comes out the same. `outside`: facts under which
    nothing of the first example applies.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Za-z0-9.-]+$")]
    title: str
    cite: Cite
    each: Scope = "line"
    applies: Asked = ALWAYS
    require: Annotated[tuple[Require, ...], Field(min_length=1)]
    given: GivenFacts = Field(default={})
    inside: tuple[GivenFacts, ...] = ()
    outside: tuple[GivenFacts, ...] = ()
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]
    jurisdiction: str = "UN"
    covers: Asked | None = None
    draft: bool = True
    content_hash: str = ""

    @model_validator(mode="after")
    def _whole(self) -> ShipmentRule:
        ids = [require.id for require in self.require]
        if len(set(ids)) < len(ids):
            raise ValueError(f"{self.id} asks two things under one name")
        for name in sorted(self.facts_named() | self.facts_shown()):
            scope = FACTS[name].scope
            if scope not in {"consignment", "line", self.each}:
                raise ValueError(f"{self.id} is asked of each {self.each}: `{name}` is not known")
        for example in self.examples:
            if strange := set(example.expect) - set(ids):
                raise ValueError(f"example `{example.name}` expects unknown {sorted(strange)}")
        return self

    def conditions(self) -> Iterator[Condition]:
        """Every condition of the rule."""
        yield self.applies
        for require in self.require:
            yield require.when
            if require.test is not None:
                yield require.test

    def facts_named(self) -> frozenset[str]:
        """Every fact some condition of the rule names."""
        return frozenset[str]().union(*(facts_of(condition) for condition in self.conditions()))

    def facts_shown(self) -> frozenset[str]:
        """Every fact some text of the rule shows."""
        return frozenset(name for text in self.texts() for name in placeholders(text))

    def texts(self) -> Iterator[str]:
        """Every text of the rule."""
        for require in self.require:
            otherwise = require.otherwise
            wanted = (
                require.satisfied,
                require.unknown,
                require.open_question,
                otherwise.finding,
                otherwise.remedy,
            )
            yield from (text for text in wanted if text is not None)


class Review(Part):
    """Both must be named and dated before answers stop saying draft."""

    lawyer: str | None = None
    customs: str | None = None


class RuleFile(Judged):
    """One file: the paragraphs of one article. `applies` is asked before each rule's own;
    `given` and `outside` are shared by the examples of all its rules.

    `covers`: where it holds, the rules of this jurisdiction are all that its law asks of the
    movement beyond the treaties; `covered` and `not_covered` prove it. Without it a country's law
    is never taken to be complete.
    """

    kind: Literal["shipment"]
    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    article: str
    applies: Asked = ALWAYS
    covers: Asked | None = None
    covered: tuple[GivenFacts, ...] = ()
    not_covered: tuple[GivenFacts, ...] = ()
    not_modelled: tuple[Omission, ...] = ()
    review: Review = Review()
    given: GivenFacts = Field(default={})
    outside: tuple[GivenFacts, ...] = ()
    rules: Annotated[tuple[ShipmentRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _proved(self) -> RuleFile:
        if strange := [r.id for r in self.rules if not r.id.startswith(f"{self.jurisdiction}-")]:
            raise ValueError(f"`{strange[0]}` is not a rule of {self.jurisdiction}")
        if (self.covers is not None) is not bool(self.covered and self.not_covered):
            raise ValueError("`covers` is proved by `covered` and `not_covered`, all or none")
        return self

    def complete(self, content_hash: str) -> Iterator[ShipmentRule]:
        """Each rule with what it shares with the others of its file."""
        draft = not (self.review.lawyer and self.review.customs)
        for rule in self.rules:
            yield rule.model_copy(
                update={
                    "applies": All((self.applies, rule.applies)),
                    "given": self.given | rule.given,
                    "outside": self.outside + rule.outside,
                    "jurisdiction": self.jurisdiction,
                    "covers": self.covers,
                    "draft": draft,
                    "content_hash": content_hash,
                }
            )


def show(text: str, facts: dict[str, str]) -> str:
    """A text with its facts filled in; a fact that is unknown is shown as `unknown`."""
    return re.sub(r"\{([^}]+)\}", lambda found: facts.get(found.group(1), "unknown"), text)
