"""What a standpoint does to one structure, as small plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from rules.render import full
from rules.result import Finding
from rules.status import Change, Kind, Why


class Effect(StrEnum):
    """What becomes of a structure's standing in the jurisdiction.

    `newly caught`: controlled now, and not before. `newly asked`: a reading, a fact or a court has
    to say now, and had not to. `released`: no longer controlled, or no longer asked about.
    `exempted`: caught or asked about, were it not taken out by name. `already controlled`: reached
    too, and controlled without it. `not judged`: no answer; undetermined.
    """

    CAUGHT = "newly caught"
    ASKED = "newly asked"
    RELEASED = "released"
    EXEMPTED = "exempted"
    ALREADY = "already controlled"
    UNCHANGED = "unchanged"
    NOT_JUDGED = "not judged"


REACHED = (Effect.CAUGHT, Effect.ASKED)


@dataclass(frozen=True, slots=True)
class Spared:
    """What one carve-out by name does for a structure: the effect of the draft with this one alone
    missing, with this one alone, with none."""

    name: str
    provision: str
    clause: str
    if_absent: Effect
    alone: Effect
    with_none: Effect


Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One structure under one standpoint. `before` and `after` are the words for the jurisdiction.

    `before_by`: what governed or was open. `after_by`: what the changed provisions say, or what
    governs. `elsewhere`: the words of other jurisdictions for what is newly reached. Evidence for a
    reader, not a legal answer.
    """

    standpoint: str
    effect: Effect
    before: str
    after: str
    before_by: Sequence[Said] = ()
    after_by: Sequence[Said] = ()
    changes: tuple[Change, ...] = ()
    open: tuple[str, ...] = ()
    exemptions: tuple[Spared, ...] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    error: tuple[str, str] | None = None

    def plain(self) -> dict[str, Any]:
        """As it is stored and sent: what is empty is left out."""
        found = {
            "standpoint": self.standpoint,
            "effect": self.effect.value,
            "before": self.before,
            "after": self.after,
        }
        more = {
            "before_by": [dict(one) for one in self.before_by],
            "after_by": [dict(one) for one in self.after_by],
            "changes": [change_plain(one) for one in self.changes],
            "open": list(self.open),
            "exemptions": [_plain(one) for one in self.exemptions],
            "elsewhere": dict(self.elsewhere),
            "error": self.error and {"code": self.error[0], "message": self.error[1]},
        }
        return found | {key: value for key, value in more.items() if value}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Weighed:
        """What was stored, as it was."""
        error = plain.get("error")
        return cls(
            standpoint=plain["standpoint"],
            effect=Effect(plain["effect"]),
            before=plain["before"],
            after=plain["after"],
            before_by=tuple(plain.get("before_by", ())),
            after_by=tuple(plain.get("after_by", ())),
            changes=tuple(change_of(one) for one in plain.get("changes", ())),
            open=tuple(plain.get("open", ())),
            exemptions=tuple(_spared(one) for one in plain.get("exemptions", ())),
            elsewhere=plain.get("elsewhere", {}),
            error=error and (error["code"], error["message"]),
        )


def said(finding: Finding) -> Said:
    """What one provision says, with the clauses that carry it and where it can be read."""
    whole = full(finding)
    shown = {key: whole[key] for key in _SHOWN}
    reasons = [
        {key: reason[key] for key in ("clause", "text", "holds", "part")}
        for reason in whole["reasons"]
    ]
    return {**shown, "reasons": reasons}


_SHOWN = (
    "provision",
    "title",
    "schedule",
    "kind",
    "structure",
    "outcome",
    "clauses",
    "displaced_by",
    "missing",
    "matched",
    "wording",
    "cite",
)


def change_plain(change: Change) -> dict[str, Any]:
    """A change as it is stored and sent."""
    return _plain(change)


def change_of(plain: Mapping[str, Any]) -> Change:
    """A change that was stored."""
    given = {one.name: plain[one.name] for one in fields(Change)}
    given |= {"kind": Kind(plain["kind"]), "why": Why(plain["why"])}
    given |= {key: tuple(plain[key]) for key in ("clauses_before", "clauses_after")}
    return Change(**given)


def _spared(plain: Mapping[str, Any]) -> Spared:
    effects = {key: Effect(plain[key]) for key in ("if_absent", "alone", "with_none")}
    return Spared(plain["name"], plain["provision"], plain["clause"], **effects)


def _plain(value: Any) -> dict[str, Any]:
    return {
        key: list(one) if isinstance(one, tuple) else str(one) for key, one in asdict(value).items()
    }
