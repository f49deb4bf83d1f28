"""The shape of a scheduling option: a power to bring substances under control, field by field.

A field is told in our words with the place of the law that says so, or is `unknown` with what was not
read. Nothing is left out: a way of control about which a point is not known says so. An option is
not a provision: provisions (rules/law) name or describe substances, options say by whom, on what test,
from which day and for how long that may be done. `provisions` names those made by it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from rules.deadlines.terms import Term, Unit
from rules.reading import Part

Type = Literal[
    "individual", "generic", "analogue", "temporary", "effect", "medicines law", "consumer law",
    "surveillance",
]  # fmt: skip
TYPES: dict[Type, str] = {
    "individual": "substances are listed one by one",
    "generic": "a class is described by its structure",
    "analogue": "likeness to what is listed is judged case by case",
    "temporary": "a short procedure puts a substance under control for a limited time",
    "effect": "whatever acts on the mind is banned unless it is exempt",
    "medicines law": "a substance may be sold only under the law on medicines",
    "consumer law": "a product is withdrawn under the law on the safety of products",
    "surveillance": "trade is watched and nothing is banned",
}
Certainty = Literal["seen", "memory"]
Known = Literal["seen", "memory", "unknown"]
Event = Literal[
    "announced", "decided", "published", "communicated", "received", "entered", "stated"
]  # fmt: skip
EVENTS: dict[Event, str] = {
    "announced": "the intention was announced",
    "decided": "the measure was decided, made or signed",
    "published": "the measure was published or promulgated",
    "communicated": "the decision was communicated to the Parties",
    "received": "the communication was received",
    "entered": "the measure entered into force",
    "stated": "the day that the measure itself names",
}


class Source(Part):
    """A text that was read (`seen`), or that is remembered and must be read before it is relied on."""

    title: str
    href: str = ""
    retrieved: date | None = None
    certainty: Certainty = "seen"


class Said(Part):
    """What is known of one field. `cite`: the key of a source and, after a space, the place in it;
    several are divided by `;`."""

    text: str = ""
    cite: str = ""
    certainty: Certainty | None = None
    unknown: str = ""

    @model_validator(mode="after")
    def _either(self) -> Said:
        if bool(self.unknown) == bool(self.text):
            raise ValueError("a field is told in `text` or is `unknown`, one of them")
        if bool(self.text) != bool(self.cite):
            raise ValueError("what is told has a `cite`, and what is unknown has none")
        return self

    @property
    def cites(self) -> tuple[tuple[str, str], ...]:
        """The key of each source with the place in it; none where the field is unknown."""
        parts = (part.strip().partition(" ") for part in self.cite.split(";") if part.strip())
        return tuple((key, place) for key, _, place in parts)


class Starts(Said):
    """From which day a measure has effect: `after` so many units from an event.

    `how`: `fixed` is the law's own day, `default` holds unless the measure names another, `earliest`
    and `latest` bound the day that the measure names, `none` means that no measure is made.
    """

    event: Event | None = None
    after: Annotated[int, Field(ge=0)] = 0
    unit: Unit = Unit.DAYS
    how: Literal["fixed", "default", "earliest", "latest", "none"] = "fixed"

    @model_validator(mode="after")
    def _counted(self) -> Starts:
        if (bool(self.unknown) or self.how == "none") != (self.event is None):
            raise ValueError(
                "the day of effect counts from an `event`, or is unknown, or there is none"
            )
        return self

    @property
    def term(self) -> Term | None:
        """The period from the event to the day of effect; None where it is the day of the event."""
        return Term(self.after, self.unit) if self.after else None


class Lasts(Said):
    """How long a measure holds. Without `months` it is permanent, unless unknown.

    `counts_from`: `effect` or the event from which the months run. `first_day_counts`: as in
    `rules.deadlines.terms.Term`. `at_most`: the measure may name an earlier end.
    """

    months: Annotated[int, Field(ge=1)] | None = None
    counts_from: Literal["effect", "announced", "decided", "published"] = "effect"
    first_day_counts: bool = True
    at_most: bool = False

    @property
    def permanent(self) -> bool:
        return not self.unknown and self.months is None


class Renewal(Said):
    """Whether a measure can be prolonged: `months` each time, so many `times` (None: without limit).

    `how`: `extension` prolongs the same measure, `anew` is a new measure on the same ground, `none`
    means that the law gives no way to prolong it, or that there is nothing to prolong.
    """

    how: Literal["extension", "anew", "none"] = "none"
    months: Annotated[int, Field(ge=1)] | None = None
    times: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Renewal:
        if (self.how == "none") != (self.months is None):
            raise ValueError(
                "what can be renewed says for how many `months`, and nothing else does"
            )
        return self


class Option(Part):
    """One way of bringing substances under control in one jurisdiction, in the order of its use.

    `dated`: how sure the days are between which the option has been there.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9-]+$")]
    type: Type
    title: str
    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    dated: Certainty = "memory"
    legal_basis: Said
    trigger: Said
    legal_test: Said
    evidence: Said
    decision_maker: Said
    consultation: Said
    starts: Starts
    duration: Lasts
    renewal: Renewal
    retroactivity: Said
    default_schedule: Said
    acts: Said
    exemptions: Said
    derived_forms: Said
    displacement: Said
    exit: Said
    provisions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Option:
        if self.type == "temporary" and self.duration.permanent:
            raise ValueError(f"{self.id} is temporary and has no duration")
        if self.type != "temporary" and self.duration.months is not None:
            raise ValueError(f"{self.id} ends after some months and is not called temporary")
        if self.duration.permanent and self.renewal.how != "none":
            raise ValueError(f"{self.id} is permanent and cannot be renewed")
        if self.dated == "seen" and not (self.since or self.until):
            raise ValueError(f"{self.id} names no day that could have been seen")
        if self.since and self.until and self.since >= self.until:
            raise ValueError(f"{self.id} ends before it begins")
        return self

    @property
    def jurisdiction(self) -> str:
        return self.id[:2]

    @property
    def said(self) -> dict[str, Said]:
        """Every field with its citation, in the order of the file."""
        return {name: getattr(self, name) for name in FIELDS}


FIELDS: dict[str, str] = {
    "legal_basis": "legal basis",
    "trigger": "trigger",
    "legal_test": "legal test",
    "evidence": "evidence required",
    "decision_maker": "decision maker",
    "consultation": "consultation",
    "starts": "effect from",
    "duration": "duration",
    "renewal": "renewal",
    "retroactivity": "retroactivity",
    "default_schedule": "default schedule",
    "acts": "acts covered",
    "exemptions": "exemptions",
    "derived_forms": "derived forms",
    "displacement": "displacement",
    "exit": "exit",
}


class Instances(Part):
    """The options of one jurisdiction, and the texts in which they were read.

    `common`: fields that hold for every option of the file that does not tell them itself.
    """

    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    name: str
    sources: dict[str, Source]
    common: dict[str, Any] = Field(default_factory=dict)
    options: Annotated[tuple[Option, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _shared(cls, content: Any) -> Any:
        common = content.get("common") if isinstance(content, dict) else None
        if not isinstance(common, dict):
            return content
        if unknown := set(common) - set(FIELDS):
            raise ValueError(f"common names unknown fields {sorted(unknown)}")
        return {**content, "options": [common | one for one in content["options"]]}

    def certainty(self, said: Said) -> Known:
        """How sure a field is: as its least sure source, unless it is less sure than that."""
        if said.unknown:
            return "unknown"
        sure = {said.certainty, *(self.sources[key].certainty for key, _ in said.cites)}
        return "memory" if "memory" in sure else "seen"
