"""Whether somebody may do something to a record. Pure: no database, no clock, no request.

A use case asks `allow(actor, act, record)` in its transaction, before it changes anything, and lets
what that raises pass: the door answers it and puts the denied act into the log of acts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol, TypeVar

from api.access.acts import Relation
from api.access.table import permits, reach
from registry.errors import Denied, NotFound, NotIdentified
from registry.models import KEY_ROLES, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` stands in the log; `party` is the licence or name of the firm it acts for."""

    id: str
    role: Role
    country: str = ""
    party: str = ""
    scopes: tuple[str, ...] = ()
    name: str = ""

    @property
    def known(self) -> bool:
        """Whether a key says who this is."""
        return self.role in KEY_ROLES

    @property
    def firm(self) -> str:
        """The firm as `Record.own` and `Record.named` write it; empty where there is none."""
        return firm(self.country, self.party)


class Record(Protocol):
    """What `allow` has to know of a record. `api.access.papers` makes it of each kind."""

    @property
    def subject(self) -> str:
        """Its identifier, for the log."""

    @property
    def own(self) -> Collection[str]:
        """Identifiers of actors and firms that applied, or are applied for."""

    @property
    def named(self) -> Collection[str]:
        """Other firms on it."""

    @property
    def country(self) -> str:
        """Whose authority makes it."""

    @property
    def other_end(self) -> Collection[str]:
        """Countries at the other end of the trade."""

    @property
    def transit(self) -> Collection[str]:
        """Countries passed."""

    @property
    def state(self) -> str | None:
        """None: it has no states."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A `Record` written out."""

    subject: str = ""
    own: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    country: str = ""
    other_end: frozenset[str] = frozenset()
    transit: frozenset[str] = frozenset()
    state: str | None = None


AnyRecord = TypeVar("AnyRecord", bound=Record)


def firm(country: str, party: str) -> str:
    """A firm, told apart from one of the same licence number elsewhere."""
    return f"{country}:{party.strip().casefold()}" if country and party.strip() else ""


def relations(actor: Actor, record: Record | None) -> frozenset[Relation]:
    """Every relation that holds between the two."""
    if record is None:
        return frozenset({Relation.NONE})
    itself = {actor.id, actor.firm} - {""}
    holds = {
        Relation.OWN: actor.known and not itself.isdisjoint(record.own),
        Relation.NAMED: actor.known and not itself.isdisjoint(record.named),
        Relation.OWN_COUNTRY: _same(actor.country, {record.country}),
        Relation.OTHER_END: _same(actor.country, record.other_end),
        Relation.TRANSIT: _same(actor.country, record.transit),
        Relation.OTHER: True,
    }
    return frozenset(relation for relation, yes in holds.items() if yes)


def may(actor: Actor, act: str, record: Record | None = None) -> bool:
    """Whether the table allows it and the key's scopes reach so far."""
    state = None if record is None else record.state
    return _in_scope(actor, act) and permits(actor.role, act, relations(actor, record), state)


def allow(actor: Actor, act: str, record: Record | None = None) -> None:
    """Pass, or raise Denied (NotIdentified where no key says who asks)."""
    if not may(actor, act, record):
        raise _denial(actor, act, record)


def found(actor: Actor, act: str, record: AnyRecord | None, asked: str) -> AnyRecord:
    """The record, where the actor may do this to it; `asked` is the identifier asked for.

    Raises Denied alike for one that is not there and one that is not theirs; NotFound only for
    those who may do this to every record.
    """
    if record is not None:
        allow(actor, act, record)
        return record
    if _in_scope(actor, act) and Relation.OTHER in reach(actor.role, act):
        raise NotFound(f"there is no record `{asked}`")
    raise _denial(actor, act, Standing(asked))


def _in_scope(actor: Actor, act: str) -> bool:
    return not actor.scopes or any(fnmatchcase(act, glob) for glob in actor.scopes)


def _denial(actor: Actor, act: str, record: Record | None) -> Denied:
    """The message is the same whether there is such a record or not."""
    told = {"actor": actor.id, "act": str(act), "subject": record.subject if record else ""}
    if not actor.known:
        return NotIdentified(f"`{act}` needs a key", **told)
    if record is None:
        return Denied(f"this key of the role `{actor.role}` does not allow `{act}`", **told)
    if record.state is not None and may(actor, f"{act.partition(':')[0]}:read", record):
        return Denied(f"this key does not allow `{act}` while it is `{record.state}`", **told)
    return Denied(f"there is nothing here on which this key allows `{act}`", **told)


def _same(country: str, countries: Collection[str]) -> bool:
    return bool(country) and country in countries
