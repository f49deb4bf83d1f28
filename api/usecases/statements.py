"""A record in plain data: what it is about, what it states, where that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from registry.models import Source
from registry.store import sources
from registry.store.changes import Kind
from registry.store.history import says

Plain = dict[str, Any]
MADE = ("folded", "loose")  # made from the text of a name
BESIDE = ("source", *MADE)  # told beside the statement, or made from it

_ABOUT: Mapping[Kind, str] = {
    Kind.LISTING: "{name} in {provision}",
    Kind.WORDING: "wording {key} of {provision}",
    Kind.NAME: "name {text} of {substance}",
    Kind.IDENTIFIER: "{kind} {value} of {substance}",
    Kind.STRUCTURE: "structure of {substance}",
    Kind.CODE: "{system} {code} of {substance}",
    Kind.TREATY: "{party} as a party to {treaty}",
}


def about(kind: Kind, row: Any) -> str:
    """What a record is about, in a few words."""
    return _ABOUT[kind].format_map(says(row))


def stated(row: Any) -> Plain:
    """Everything a record states, in the order of its columns."""
    told = says(row)
    order = [name for name in row.__mapper__.column_attrs.keys() if name in told]  # noqa: SIM118 (no mapping)
    return {name: plain(told[name]) for name in order if name not in BESIDE}


def changed(before: Any, after: Any) -> dict[str, Plain]:
    """Field by field what a correction replaced. Another reading of one source is no change."""
    was, is_ = says(before), says(after)
    return {
        name: {"was": plain(was[name]), "is": plain(is_[name])}
        for name in sorted(was)
        if was[name] != is_[name] and name not in MADE
    }


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def cited(session: Session, rows: Iterable[Any]) -> dict[str | None, Plain | None]:
    """The source of each record, by its identifier; None for a record that names none."""
    wanted = {row.source for row in rows if getattr(row, "source", None)}
    found: dict[str | None, Plain | None] = {None: None}
    return found | {one.id: _source(one) for one in sources.readings_of(session, wanted)}


def _source(one: Source) -> Plain:
    return {
        "id": one.id,
        "title": one.title,
        "publisher": one.publisher,
        "licence": one.licence,
        "address": one.address,
        "retrieved": plain(one.retrieved),
    }
