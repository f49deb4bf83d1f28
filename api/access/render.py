"""The table of who may do what, as docs/access.md prints it."""

from __future__ import annotations

from collections.abc import Iterator

from api.access.acts import Relation
from api.access.table import SECTIONS, Row
from registry.models import Role
from registry.trade_facts import AuthorisationState, NotificationState

STATES = (tuple(AuthorisationState), tuple(NotificationState))


def table_markdown() -> str:
    """One table for each section; nothing else is allowed to anybody."""
    return "\n".join(line for title, rows in SECTIONS.items() for line in _section(title, rows))


def _section(title: str, rows: tuple[Row, ...]) -> Iterator[str]:
    yield f"### {title}\n"
    yield "| act | role | standing | state |"
    yield "|---|---|---|---|"
    for row in rows:
        standing = ", ".join(one for one in Relation if one in row.relations)
        yield f"| `{row.act}` | {_roles(row)} | {standing} | {_states(row)} |"
    yield ""


def _roles(row: Row) -> str:
    return "everybody" if row.roles == set(Role) else ", ".join(r for r in Role if r in row.roles)


def _states(row: Row) -> str:
    """States in the order of their life; what leaves out few is told by what it leaves out."""
    if row.states is None:
        return ""
    every = next(states for states in STATES if row.states <= {one.value for one in states})
    left_out = [one.value for one in every if one.value not in row.states]
    if len(left_out) <= 1:
        return " ".join(["all", *(f"but {one}" for one in left_out)])
    return ", ".join(one.value for one in every if one.value in row.states)
