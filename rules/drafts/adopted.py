"""A provision taken over without some of its clauses."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from rules.drafts.schema import DraftProvision
from rules.schema import Provision
from rules.strict_yaml import Document

_BY_CLAUSE = ("law", "becomes", "carries", "on_parent", "atoms", "but_not")


def lessened(provision: Provision, clauses: tuple[str, ...], part: Document) -> Provision:
    """A provision with nothing left of some clauses: no group they allow, no core, no derived form,
    no carve-out, no condition.

    Raises RuleFileError where it has no such clause, or is nothing without it.
    """
    if not clauses:
        return provision
    content = provision.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for place, clause in enumerate(clauses):
        if clause not in provision.law:
            raise part.error(f"`{provision.id}` has no clause `{clause}`", ("without", place))
        content = _without(content, clause)
        gone = {form for form, by in content.get("closure", {}).items() if by == clause}
        content["closure"] = {k: v for k, v in content.get("closure", {}).items() if k not in gone}
        for wording in content["wordings"]:
            wording["covers"] = [form for form in wording.get("covers", ()) if form not in gone]
    try:
        return DraftProvision.model_validate(content)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]["msg"]
        raise part.error(f"without that nothing is left: {fault}", ("without",)) from None


def _without(content: Any, clause: str) -> Any:
    """The content without what stands under a clause, at any depth."""
    if isinstance(content, list):
        return [_without(one, clause) for one in content if not _is_of(one, clause)]
    if not isinstance(content, dict):
        return content
    left = {}
    for key, value in content.items():
        if _is_of(value, clause):
            continue
        if key in _BY_CLAUSE and isinstance(value, dict):
            value = {k: v for k, v in value.items() if k != clause}  # noqa: PLW2901
        if key == "needs" and isinstance(value, list):
            value = [one for one in value if one != clause]  # noqa: PLW2901
        left[key] = _without(value, clause)
    return left


def _is_of(part: Any, clause: str) -> bool:
    """Whether a part stands under the clause as a whole."""
    return isinstance(part, dict) and part.get("clause") == clause
